"""A plan's target, inventory and measurements: what contradicts is refused, what belongs together goes together."""

import pytest
from pydantic import ValidationError

from core import link
from core.link.pack import pack
from core.plan import Actual, InventoryRow, Plan, Target, sentences
from core.plan.example import example_plan
from core.plan.example_target import SAID, example_inventory, example_target, with_example_target
from core.plan.limits import MOST_ACTUALS, MOST_INVENTORY
from core.results import of
from core.results.inventory_view import as_inventory
from core.results.scopes import by_scope
from core.table import read_plan, write_plan
from core.units import KG_PER_T

EXAMPLE = example_plan()


def row(key="I1", **fields):
    usual = {"year": 2025, "scope": "1", "emissions_t": 10.0, "source": "report"}
    return InventoryRow(id=key, **usual | fields)


def actual(key="A1", **fields):
    return Actual(id=key, **{"workload": "W1", "year": 2026, "requests": 5.0, "source": "log"} | fields)


def refused(make):
    with pytest.raises(ValidationError) as caught:
        make()
    (sentence,) = sentences(caught.value)
    return sentence


def test_years_that_a_rule_will_refuse_are_no_error_of_the_record():
    assert Target(base_year=2030, recent_year=2010, target_year=2029).recent_year == 2010


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: row(scope="3"), "category is blank; a row of scope 3 names one of its categories, 1 to 15"),
        (lambda: row(category=1), "category is 1; only a row of scope 3 has one, and this is scope 1"),
        (lambda: row(scope="2"), "method is blank; a row of scope 2 says location or market"),
        (lambda: row(method="market"), "method is 'market'; only a row of scope 2 has one, and this is scope 1"),
        (lambda: row(source=" "), "source is blank; say where the figure is from"),
        (lambda: actual(workload=""), "workload is blank; a measurement names the workload it belongs to"),
        (lambda: actual(year=1200), "year is 1200; it must lie in [1990, 2100]"),
        (
            lambda: InventoryRow(id="I1", scope="1", emissions_t=1.0, source="report"),
            "year is blank; it must be given",
        ),
        (
            lambda: actual(requests=None),
            "nothing is measured; give one of requests, runs, output_tokens, energy_facility_kwh, "
            "carbon_location_kg or carbon_market_kg",
        ),
    ],
)
def test_a_record_that_contradicts_itself_is_refused_in_one_sentence(make, sentence):
    assert refused(make) == sentence


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"inventory": (row(), row(year=2026))},
            "inventory row 'I1' stands there twice; each row has an id of its own",
        ),
        (
            {"inventory": (row(), row("I2", emissions_t=9.0))},
            "inventory row 'I2': scope 1, of 2025 (company) stands in row 'I1' too, with the same note; "
            "rows whose notes differ add up",
        ),
        (
            {"inventory": tuple(row(f"I{n}", note=str(n)) for n in range(MOST_INVENTORY + 1))},
            "the inventory has 501 rows; the limit is 500 rows",
        ),
        ({"actuals": (actual(), actual(month=1))}, "actual 'A1' stands there twice; each has an id of its own"),
        (
            {"actuals": (actual(), actual("A2"))},
            "actual 'A2': W1 in 2026 is measured by 'A1' too",
        ),
        (
            {"actuals": (actual(), actual("A2", month=2))},
            "actual 'A2': W1 in 2026 is measured as a whole year and by months ('A1'); keep one of them",
        ),
        ({"actuals": (actual(workload="W9"),)}, "actual 'A1' names workload 'W9', which is not in this plan"),
    ],
)
def test_what_would_count_twice_or_belongs_nowhere_is_refused_by_the_plan(changes, sentence):
    assert refused(lambda: EXAMPLE.but(**changes)) == sentence


def test_rows_whose_notes_differ_and_months_of_one_year_stand_side_by_side():
    plan = EXAMPLE.but(
        inventory=(row(note="Bonn"), row("I2", note="Delft"), row("I3", covers="portfolio")),
        actuals=(actual(month=1), actual("A2", month=2), actual("A3", workload="W2")),
    )
    assert (len(plan.inventory), len(plan.actuals)) == (3, 3)


def test_a_workload_that_goes_takes_its_measurements_along():
    plan = EXAMPLE.with_actuals([actual(), actual(workload="W2")])
    assert [a.workload for a in plan.without("W1").actuals] == ["W2"]
    assert [a.workload for a in plan.duplicating("W1").actuals] == ["W1", "W2"]


def test_a_row_of_the_same_line_takes_the_place_of_the_old_one_and_others_join_under_a_free_id():
    plan = EXAMPLE.with_inventory([row()]).with_inventory([row("x", emissions_t=7.0), row(year=2026)])
    assert [(r.id, r.year, r.emissions_t) for r in plan.inventory] == [("I1", 2025, 7.0), ("I2", 2026, 10.0)]
    assert plan.without_inventory("I1").inventory == plan.inventory[1:]
    assert plan.with_actuals([actual()]).without_actuals("A1").actuals == ()


def test_as_many_rows_as_a_plan_may_hold_join_and_are_checked_in_time():
    rows = [actual(year=y, month=m, requests=float(y * m)) for y in range(1990, 2100) for m in range(1, 13)]
    more = [actual(workload="W2", year=y, month=m) for y in range(1990, 2100) for m in range(1, 13)]
    plan = EXAMPLE.with_actuals([*rows, *more][:MOST_ACTUALS])
    assert len({a.id for a in plan.actuals}) == MOST_ACTUALS


def test_a_link_leaves_out_what_contradicts_and_says_so():
    said = ["+i\tI1\ty=2025\ts=1\te=5\tso=r", "+i\tI2\ty=2025\ts=1\te=6\tso=r", "+i\tI3\ty=2025\ts=3\te=6\tso=r"]
    said += ["+a\tA1\tw=W1\ty=2026\tq=5\tso=r", "+a\tA2\tw=W9\ty=2026\tq=5\tso=r", "+t\tb=2020\tt=x"]
    opened = link.decode(pack(said))
    assert opened.plan == EXAMPLE.but(
        inventory=(row(emissions_t=5.0, source="r"),), actuals=(actual(source="r"),), target=Target(base_year=2020)
    )
    assert opened.problems == (
        "inventory row 'I3': category is blank; a row of scope 3 names one of its categories, 1 to 15; it was left out",
        "the target: target_year is 'x', not a number; it must lie in [1990, 2100]",
        "inventory row 'I2': scope 1, of 2025 (company) stands in row 'I1' too, with the same note; "
        "rows whose notes differ add up; it was left out",
        "actual 'A2' names workload 'W9', which is not in this plan; it was left out",
    )


def test_neither_target_nor_inventory_nor_measurements_move_a_figure():
    plan = EXAMPLE.but(target=Target(base_year=2025), inventory=(row(),), actuals=(actual(),))
    name = "carbon_location_kg"
    assert (of(plan).values[name] == of(EXAMPLE).values[name]).all()


def test_a_plan_without_any_of_them_says_nothing_in_its_link():
    assert link.encode(Plan().with_target(base_year=2025)) != link.encode(Plan()) == link.encode(Plan().with_target())


def test_the_examples_settings_are_those_the_method_names():
    t = example_target()
    years = (t.base_year, t.recent_year, t.submission_year, t.submission_half, t.target_year, t.net_zero_year)
    assert years == (2025, 2025, 2026, "H2", 2031, 2050)
    assert (t.mode, t.method, t.scopes12, t.scope3_ambition) == ("portfolio", "dynamic", "together", "WB2C")


def test_the_example_is_filled_in_beside_what_the_plan_has_and_says_that_it_is_one():
    plan = with_example_target(EXAMPLE.with_inventory([row(covers="portfolio", note="ours")]))
    assert {r.source for r in plan.inventory} == {"report", SAID}
    assert len(plan.inventory) == len(example_inventory()) + 1
    assert with_example_target(plan) == plan


def test_the_examples_portfolio_lies_within_a_half_below_what_the_plan_works_out_for_the_next_year():
    next_year = {}
    for part in by_scope(of(as_inventory(EXAMPLE)), 2026):
        key = (str(part.scope), part.category)
        next_year[key] = next_year.get(key, 0.0) + part.location_kg[0] / KG_PER_T
    rows = [r for r in example_inventory() if r.covers == "portfolio" and r.scope != "1" and r.method != "market"]
    assert {(r.scope, r.category) for r in rows} == set(next_year)
    for r in rows:
        assert 0.5 <= r.emissions_t / next_year[r.scope, r.category] <= 1.01


def test_the_examples_rows_travel_in_link_and_csv():
    plan = with_example_target(EXAMPLE)
    assert (link.decode(link.encode(plan)).plan, read_plan(write_plan(plan)).plan) == (plan, plan)
