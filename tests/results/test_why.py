"""The physical terms of a workload are its results in the unit they are said in."""

import numpy as np
import pytest

from core import results
from core.results.training_memory import training_fit
from core.results.why import LADDER, SERVING, TRAINING, TRAINING_MEMORY, terms
from tests.results.plans import ALL, API, DRAWS, OWN, TRAIN, plan

YEAR = 2027
PER = {"GB": 1e9, "%": 0.01, "ZFLOP": 1e21, "": 1, "s": 1, "W": 1, "h": 1, "kWh": 1, "kg": 1, "l": 1, "USD": 1}
SEATED = OWN.but(seats=400.0, operating_days=220.0, requests_per_day=2_000.0)


def found(workload, draws=DRAWS):
    return results.of(plan(workload), draws)


def by_label(workload, before=None, year=YEAR):
    rows = terms(workload.id, year, found(workload), before)
    assert len({row.label for row in rows}) == len(rows)
    return {row.label: row for row in rows}


@pytest.mark.parametrize("workload", ALL, ids=lambda w: w.id)
def test_every_term_is_its_result_in_its_unit(workload):
    computed, told = found(workload), by_label(workload)
    rows = (SERVING if workload.kind == "inference" else TRAINING) + LADDER
    first = TRAINING_MEMORY if workload.kind != "inference" else ()
    assert list(told) == [label for _, label, *_ in (*first, *rows)]
    for name, label, unit, _, _ in rows:
        draws = computed.values[name][0, YEAR - 2026]
        expected = (*np.quantile(draws[1:], 0.1, keepdims=True), draws[0], *np.quantile(draws[1:], 0.9, keepdims=True))
        np.testing.assert_allclose(told[label].after, np.array(expected) / PER[unit], rtol=1e-12, err_msg=label)


def test_the_memory_of_a_run_is_told_before_and_after():
    after, told = training_fit(plan(TRAIN), TRAIN, DRAWS), by_label(TRAIN, found(TRAIN.but(model="llama3.3-70b")))
    for name, label, unit, _, _ in TRAINING_MEMORY:
        assert told[label].after == pytest.approx([v / PER[unit] for v in results.interval(getattr(after, name))])
    assert told["Memory for weights, gradients and optimiser"].before[1] == pytest.approx(70.55 * 16)


def test_the_busy_share_is_per_cent_of_the_hours_held():
    computed = found(OWN).values
    share = computed["busy_h"][0, 1, 0] / computed["held_h"][0, 1, 0]
    assert by_label(OWN)["Busy share"].after[1] == pytest.approx(100 * share)


def test_the_share_of_peak_is_per_cent():
    assert by_label(TRAIN.but(mfu=0.43))["Share of peak reached"].after[1] == pytest.approx(43)


def test_memory_for_weights_is_parameters_times_bytes():
    assert by_label(OWN)["Memory for weights"].after[1] == pytest.approx(70.55 * 2)
    assert by_label(OWN.but(precision="fp8"))["Memory for weights"].after[1] == pytest.approx(70.55)


def test_the_arithmetic_of_training_is_six_operations_a_parameter_and_token_and_attention():
    """Of 4,096 tokens in the centre; a model of this size is about 9,100 wide."""
    told = by_label(TRAIN.but(model="llama3.3-70b", runs_per_year=2.0, overhead_factor=1.5))
    attention = 4096 / (6 * (70.55e9 * 128 / 12) ** (1 / 3))
    assert attention == pytest.approx(0.0750, abs=1e-4)
    assert told["Arithmetic"].after[1] == pytest.approx((1 + attention) * 6 * 70.55e9 * 400e6 * 2 * 1.5 / 1e21)


def test_requests_per_seat_are_those_of_an_operating_day():
    told = by_label(SEATED)["Requests per seat and day"]
    assert told.after[1] == pytest.approx(2_000 / 400)
    assert by_label(SEATED.but(growth_central_pct=50, growth_high_pct=50))["Requests per seat and day"].after[
        1
    ] == pytest.approx(1.5 * 2_000 / 400)


@pytest.mark.parametrize("workload", [OWN, TRAIN.but(seats=10.0)], ids=lambda w: w.id)
def test_without_seats_or_requests_nothing_is_said_of_them(workload):
    assert "Requests per seat and day" not in by_label(workload)


def test_before_and_after_stand_side_by_side():
    before = found(SEATED)
    told = by_label(SEATED.but(requests_per_day=4_000.0), before)
    unchanged = by_label(SEATED)
    for label in ("Requests per seat and day", "Energy at work", "Busy share"):
        assert told[label].before == unchanged[label].after
    assert told["Requests per seat and day"].after[1] == 2 * told["Requests per seat and day"].before[1]


def test_a_workload_that_was_not_there_has_no_before():
    told = by_label(SEATED, found(API))
    assert {term.before for term in told.values()} == {None}
    assert {term.before for term in by_label(SEATED).values()} == {None}


@pytest.mark.parametrize(("key", "year"), [("nobody", YEAR), (OWN.id, 2025), (OWN.id, 2028)])
def test_nothing_is_said_of_a_workload_or_a_year_outside_the_plan(key, year):
    assert terms(key, year, found(OWN), None) == []


def test_without_draws_the_ends_are_unknown():
    low, central, high = terms(OWN.id, YEAR, found(OWN, 0), None)[0].after
    assert np.isnan([low, high]).all()
    assert central > 0
