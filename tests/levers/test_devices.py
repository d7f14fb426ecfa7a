"""Work on users' devices: its own power, outside the boundary unless the device is sold, in sight either way."""

import csv
import io

import numpy as np
import pytest

from core import results
from core.exports.outside import on_devices
from core.levers import Served
from core.levers.rules import why_not
from core.plan import Plan, Workload
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.results import devices
from core.results.scopes import by_scope
from core.results_table import write_results
from core.ui import first_actions

SMALL = Workload(id="W1", hosting="own", model="qwen2.5-1.5b", precision="int4", hardware="H100-SXM", region="DE",
                 input_tokens=258, output_tokens=300)  # fmt: skip
ALL = Lever(id="on_device", choice="Apple-M1-Pro", share=1.0)


def found(*levers, workload=SMALL, draws=0, **plan):
    return results.of(Plan(workloads=(workload,), levers=levers, **plan), draws)


def first(one):
    return {name: float(one.values[name][0, 0, 0]) for name in one.values}


def rows(one):
    return [row for row in csv.DictReader(io.StringIO(write_results(one))) if row["year"] == "2026"]


def test_a_device_takes_its_own_energy_for_each_token_and_nothing_around_it():
    after = first(found(ALL))
    tokens = SMALL.requests_per_day * 365 * 300
    kwh = after["energy_accelerator_j_per_output_token"] * tokens / 3.6e6
    assert after["energy_devices_kwh"] == pytest.approx(kwh, rel=1e-9)
    g_per_kwh = catalog_of(Plan()).regions["DE"].carbon_g_per_kwh
    assert after["carbon_devices_kg"] == pytest.approx(kwh * g_per_kwh / 1000, rel=1e-9)
    assert (after["batch"], after["accelerators"]) == (1.0, 1.0)


def test_a_small_model_on_a_laptop_takes_what_was_measured_on_another_of_its_kind():
    """1.5 billion parameters in 4 bits on an RTX 4050 laptop: 0.26 J a token at 34 W [arxiv-2603.23640]."""
    after = first(found(ALL))
    assert after["energy_accelerator_j_per_output_token"] == pytest.approx(0.2589, rel=0.25)
    assert after["power_accelerator_w"] == pytest.approx(34.1, rel=0.1)


def test_what_leaves_the_total_stands_beside_it_in_full():
    after = first(found(ALL))
    for name in ("energy_facility_kwh", "carbon_location_kg", "carbon_market_kg", "carbon_embodied_kg", "held_h"):
        assert after[name] == 0.0
    outside = [row for row in rows(found(ALL)) if row["stage"] == "users_devices_outside"]
    assert [float(row["carbon_devices_outside_kg"]) for row in outside] == [after["carbon_devices_kg"]]
    assert "On users' devices, outside your boundary and every total:" in on_devices(found(ALL))
    assert on_devices(found()) == ""


@pytest.mark.parametrize("share", [0.3, 1.0])
def test_devices_that_the_company_sells_are_category_11_and_the_parts_re_add(share):
    lever = ALL.but(value=0.4, share=share)
    one = found(lever)
    after, none = first(one), first(found(lever.but(value=0.0)))
    assert after["carbon_devices_sold_kg"] == pytest.approx(0.4 * after["carbon_devices_kg"], rel=1e-12)
    added_kg = after["carbon_location_kg"] - none["carbon_location_kg"]
    assert added_kg == pytest.approx(after["carbon_devices_sold_kg"], rel=1e-9)
    mine = [row for row in rows(one) if row["scope3_category"] == "11"]
    assert [float(row["carbon_location_kg"]) for row in mine] == [after["carbon_devices_sold_kg"]]
    whole = after["carbon_location_kg"] + after["carbon_embodied_kg"]
    assert sum(float(row["carbon_location_kg"]) for row in rows(one)) == pytest.approx(whole, rel=1e-12)
    parts = by_scope(one, 2026)
    assert sum(part.location_kg[0] for part in parts) == pytest.approx(whole, rel=1e-12)
    assert [part.what for part in parts if part.category == 11] == ["devices"]


def test_a_share_moves_that_part_of_the_requests_and_no_other():
    some, whole = (first(found(ALL.but(share=share))) for share in (0.25, 1.0))
    assert some["energy_devices_kwh"] == pytest.approx(0.25 * whole["energy_devices_kwh"], rel=1e-12)
    assert some["requests"] == pytest.approx(whole["requests"], rel=1e-12)


def test_nobody_buys_the_users_devices():
    one = found(ALL, hardware_view="purchase_year")
    assert not one.values["accelerators_bought"].any()
    assert not one.values["carbon_embodied_kg"].any()


def test_the_users_stay_on_their_grid_when_the_machines_move():
    here, moved = (first(found(*levers)) for levers in ((ALL,), (ALL, Lever(id="geo_shift", choice="SE"))))
    assert moved["carbon_devices_kg"] == here["carbon_devices_kg"]


@pytest.mark.parametrize(
    ("workload", "levers", "sentence"),
    [
        (SMALL.but(model="llama3.3-70b"), (ALL,),
         "under its levers, accelerators is 1; the weights of Llama 3.3 70B take 37 GB and MacBook Pro M1 Pro (32 GB) "
         "holds 32 GB; it must be at least 2"),
        (Workload(id="W1", hosting="api", model="gpt-5", region="SE"), (ALL,),
         "under its levers, GPT-5 / 5.1 is sold as a service only; no user's device can hold it"),
    ],
)  # fmt: skip
def test_a_model_that_no_device_holds_is_refused_in_a_sentence(workload, levers, sentence):
    assert found(*levers, workload=workload).refused == {"W1": sentence}


def test_a_servers_accelerator_is_no_users_device():
    lever = ALL.but(choice="H100-SXM")
    assert why_not(catalog_of(Plan()), lever, SMALL) == (
        "choice of 'Answering on the user's device' is H100 SXM5 80 GB; it must be a computer that people use"
    )


def test_what_moves_work_out_of_the_total_is_never_advised():
    assert "on_device" not in {effect.lever.key for effect in first_actions.first(Plan(workloads=(SMALL,)))}


def test_a_part_without_the_lever_has_no_share_sold():
    part = Served(2026, 2035, 1.0, SMALL)
    assert devices.sold_share(part) is None
    np.testing.assert_array_equal(found().values["energy_devices_kwh"], 0)
