"""The disclosure file: it adds up to the page's totals, says what it knows, and leaves blank what it does not."""

import csv
import io
from functools import cache
from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given, settings

from core import results, table
from core.__main__ import main
from core.disclosure import names, readded, rows, write_disclosure
from core.plan import Plan, Workload
from core.plan.lever import Lever
from core.results.inventory_view import as_inventory
from core.results.scopes import by_scope
from tests.results.plans import ALL, EXAMPLE
from tests.strategies import plans

TWO_YEARS = {"first_year": 2026, "last_year": 2027}


def read(text):
    return list(csv.DictReader(io.StringIO(text)))


@cache
def example():
    """The example's file as rows of text."""
    return read(write_disclosure(results.of(EXAMPLE)))


def of(plan, draws=4):
    return list(rows(results.of(plan, draws)))


def by_hand(row):
    """A row's carbon by both methods, as the read-me in the bundle words it; shares no code with the project."""
    activities = ("energy_facility_kwh", "gpu_hours", "ef_activity_kg_per_unit")
    number = {name: float(row[name] or 0) for name in (*activities, "ef_location_kg_per_kwh", "ef_market_kg_per_kwh")}
    quantity = {"": 0.0, "GPU.h": number["gpu_hours"], "fleet.a": 1.0}[row["ef_activity_unit"]]
    other = number["ef_activity_kg_per_unit"] * quantity
    kwh = number["energy_facility_kwh"]
    return kwh * number["ef_location_kg_per_kwh"] + other, kwh * number["ef_market_kg_per_kwh"] + other


@pytest.mark.parametrize("view", ["amortised", "purchase_year"])
def test_an_auditor_adds_the_file_up_to_the_headline_with_hardware(view):
    found = results.of(EXAMPLE.but(hardware_view=view, boundary="with_hardware"))
    text = read(write_disclosure(found))
    for year in EXAMPLE.years():
        sums = np.sum([by_hand(row) for row in text if row["year"] == str(year)], axis=0)
        for total, method in zip(sums, ("location", "market"), strict=True):
            values = found.values[f"carbon_{method}_kg"] + found.values["carbon_embodied_kg"]
            assert total == pytest.approx(found.total(values)[found.place(year), 0], rel=1e-12)


@given(plans(most=3))
@settings(max_examples=5)
def test_rows_add_up_to_the_scopes_of_the_page(plan):
    found = results.of(plan.but(business_unit="", tag=""), 2)
    year = plan.shown_year()
    here = {(r.scope, r.category): (r.location_kg, r.market_kg) for r in readded(rows(found)) if r.year == year}
    page = {}
    for part in by_scope(found, year):
        both = np.array([part.location_kg[0], part.market_kg[0]])
        page[part.scope, part.category] = page.get((part.scope, part.category), 0.0) + both
    page = {key: both for key, both in page.items() if both.any()}
    assert here.keys() >= page.keys()
    for key, both in here.items():
        np.testing.assert_allclose(both, page.get(key, np.zeros(2)), rtol=1e-9, atol=1e-12)


def test_activity_times_factor_is_each_figure_of_the_results_file():
    """Energy, PUE and water of a row multiply out as the columns say."""
    row = next(r for r in of(Plan(**TWO_YEARS, workloads=ALL)) if r["workload_id"] == "own")
    found = results.of(Plan(**TWO_YEARS, workloads=ALL), 4)
    at = {n: float(found.values[n][found.of("own"), 0, 0]) for n in ("water_site_l", "water_source_l", "held_h")}
    assert row["energy_it_kwh"] * row["pue"] == pytest.approx(row["energy_facility_kwh"], rel=1e-12)
    assert row["energy_it_kwh"] * row["wue_site_l_per_kwh_it"] == pytest.approx(at["water_site_l"], rel=1e-12)
    assert row["energy_facility_kwh"] * row["water_source_l_per_kwh"] == pytest.approx(at["water_source_l"], rel=1e-12)
    assert (row["gpu_hours"], row["pue_already_included"]) == (at["held_h"], False)


def test_one_row_holds_a_workload_a_year_a_stage_and_a_scope():
    keys = [(r["workload_id"], r["year"], r["stage"], r["ghg_scope"], r["scope3_category"]) for r in example()]
    assert len(set(keys)) == len(keys) == 102
    assert len({r["origin_correlation_id"] for r in example()}) == 102


def test_hardware_has_its_hours_as_quantity_and_in_the_year_of_purchase_the_years_fleet():
    own = Workload(id="W1", hosting="own", installed_accelerators=8, lifetime_years=4)
    spread, booked = (
        [r for r in of(Plan(**TWO_YEARS, workloads=(own,), hardware_view=view)) if r["stage"] == "embodied_hardware"]
        for view in ("amortised", "purchase_year")
    )
    assert [(r["year"], r["ef_activity_unit"], r["embodied_treatment"]) for r in spread] == [
        (2026, "GPU.h", "amortised"), (2027, "GPU.h", "amortised"),
    ]  # fmt: skip
    assert [(r["year"], r["ef_activity_unit"], r["embodied_treatment"]) for r in booked] == [
        (2026, "fleet.a", "purchase_year"),
    ]  # fmt: skip
    assert spread[0]["gpu_hours"] == 8 * 8760
    assert booked[0]["ef_activity_kg_per_unit"] == pytest.approx(4 * spread[0]["ef_activity_kg_per_unit"] * 8 * 8760)


def test_what_is_not_known_is_blank_and_never_0():
    bought = next(r for r in example() if r["workload_id"] == "W1")
    for name in (
        "cost_amount",
        "price_base_year",
        "reviewed_by",
        "reviewed_at",
        "change_reason",
        "source_retrieved_at",
    ):
        assert bought[name] == ""
    assert {r["review_status"] for r in example()} == {"draft"}
    assert {(r["value_type"], r["data_quality_type"]) for r in example()} == {("modelled", "Estimated")}


def test_a_contract_changes_the_market_column_alone_and_its_kind_is_blank_as_nobody_said_it():
    plain, bought = (
        of(Plan(**TWO_YEARS, workloads=(Workload(id="W1", region="DE", **more),)))[0]
        for more in ({}, {"contract_share": ((2026, 1.0),), "contract_g_per_kwh": 20.0})
    )
    assert bought["ef_location_kg_per_kwh"] == plain["ef_location_kg_per_kwh"] == plain["ef_market_kg_per_kwh"]
    assert bought["ef_market_kg_per_kwh"] == pytest.approx(0.020, rel=1e-12)
    assert (plain["contractual_instrument"], plain["matching_granularity"]) == ("none", "none")
    assert (bought["contractual_instrument"], bought["matching_granularity"]) == (None, None)


def test_credits_have_no_row_and_no_column():
    plan = Plan(**TWO_YEARS, workloads=(Workload(id="W1"),))
    with_credits = plan.but(levers=(Lever(id="offsets", value=1000.0),))
    strip = ("source_sha256",)  # of the plan's file, which names the lever

    def bare(found):
        return [{name: value for name, value in row.items() if name not in strip} for row in found]

    assert bare(of(with_credits)) == bare(of(plan))


def test_the_command_writes_what_the_page_exports_from_the_file_and_from_the_link(tmp_path, capsys):
    plan = Plan(**TWO_YEARS, workloads=ALL)
    file, out = tmp_path / "plan.csv", tmp_path / "scenario.csv"
    file.write_text(table.write_plan(plan), encoding="utf-8")
    assert main(["disclose", str(file), "-o", str(out)]) == 0
    expected = write_disclosure(results.of(plan))
    assert out.read_text(encoding="utf-8") == expected
    assert main(["link", str(file)]) == 0
    assert main(["disclose", capsys.readouterr().out.strip()]) == 0
    assert capsys.readouterr().out == expected


def test_the_file_names_the_plan_by_the_hash_of_what_the_page_gives_as_csv():
    assert {r["source_sha256"] for r in example()} == {sha256(table.write_plan(EXAMPLE).encode()).hexdigest()}
    assert tuple(example()[0]) == names()


def test_the_inventorys_view_is_one_word_away_and_names_the_plan_as_it_is_kept(tmp_path):
    plan = Plan(**TWO_YEARS, workloads=ALL, tag="none of them")
    file, out = tmp_path / "plan.csv", tmp_path / "scenario.csv"
    file.write_text(table.write_plan(plan), encoding="utf-8")
    assert main(["disclose", str(file), "--inventory", "-o", str(out)]) == 0
    written = out.read_text(encoding="utf-8")
    assert written == write_disclosure(results.of(as_inventory(plan)), plan)
    own = [row for row in read(written) if (row["workload_id"], row["stage"]) == ("own", "embodied_hardware")]
    assert {(row["embodied_treatment"], row["ef_activity_unit"]) for row in own} == {("purchase_year", "fleet.a")}
    assert {row["source_sha256"] for row in read(written)} == {sha256(table.write_plan(plan).encode()).hexdigest()}


def test_a_row_names_the_scenario_and_what_else_is_assumed_of_its_year():
    plan = EXAMPLE.but(
        grid_path="oecm-2022-1.5c", efficiency_drift_pct=4.0, refresh_every_years=3, refresh_gain_pct=50.0,
        rebound_elasticity=0.5,
    )  # fmt: skip
    mine = [row for row in of(plan) if row["workload_id"] == "W2" and row["stage"] == "inference"]
    told = {row["year"]: row for row in mine}
    assert told[2026]["note"] == "rebound 0.5, entered"
    assert told[2030]["note"] == (
        "grid DE at 0.5032 of its 2026 figure: OECM 1.5C (2022); software 4 % quicker a year since 2026, entered; "
        "renewals of accelerators since 2026: 1, 50 % more each, entered; rebound 0.5, entered"
    )
    assert told[2030]["ef_source"].endswith(
        "UTS Institute for Sustainable Futures: One Earth Climate Model sector pathways, 2022"
    )
    flat = [row for row in of(EXAMPLE) if row["workload_id"] == "W2" and row["stage"] == "inference"]
    ratio = told[2030]["ef_location_kg_per_kwh"] / flat[4]["ef_location_kg_per_kwh"]
    assert ratio == pytest.approx(74.3 / (166.0 + (74.3 - 166.0) / 5))


def test_every_factor_of_a_row_names_its_source():
    typed, assumed, none = (
        of(Plan(**TWO_YEARS, workloads=(Workload(id="W1", region="DE", **more),)))[0]["ef_source"]
        for more in (
            {"contract_share": ((2026, 1.0),), "contract_g_per_kwh": 20.0}, {"contract_share": ((2026, 1.0),)}, {},
        )
    )  # fmt: skip
    assert none.startswith("Ember")
    assert typed == f"{none}; entered in the plan"
    assert assumed.startswith(f"{none}; IPCC: ")
