"""Inventories and measurements with wrong rows: each earns its sentence, and the sound rows load.

`inventory_broken/` and `actuals_broken/` hold the files.
"""

from pathlib import Path

import pytest

from core.imports import actuals, inventory
from core.imports.reading import RefusedError
from core.plan import Actual

HERE = Path(__file__).parent
WORKLOADS = {"W1": "Chat", "W2": "bot", "W3": "Twin", "W4": "Twin"}
INVENTORY = {
    "amounts": (
        [
            "line 2, column emissions_t: emissions_t is -5; it must lie in [0, 1,000,000,000,000] t CO₂e; the "
            "row was left out",
            "line 3: emissions_t is blank; it must be given; the row was left out",
            "line 4, column emissions_t: emissions_t is 'many', not a number; it must lie in [0, "
            "1,000,000,000,000] t CO₂e; the row was left out",
            "line 5, column emissions_t: emissions_t is '1,200', which can be read in two ways: write it without "
            "the comma; it must lie in [0, 1,000,000,000,000] t CO₂e; the row was left out",
            "line 6, column emissions_t: emissions_t is inf; it must be a finite number in [0, "
            "1,000,000,000,000] t CO₂e; the row was left out",
            "line 7, column emissions_t: emissions_t is nan; it must be a finite number in [0, "
            "1,000,000,000,000] t CO₂e; the row was left out",
        ],
        [("company", 2025, "1", None, "", 0.0)],
    ),
    "categories": (
        [
            "line 3: category is blank; a row of scope 3 names one of its categories, 1 to 15; the row was left out",
            "line 4, column category: category is 16; it must lie in [1, 15]; the row was left out",
            "line 5, column category: category is 1.5; it must be a whole number in [1, 15]; the row was left out",
            "line 6, column category: category is 'purchased goods', not a number; it must lie in [1, 15]; the "
            "row was left out",
            "line 7: category is 4; only a row of scope 3 has one, and this is scope 1; the row was left out",
            "line 8: method is blank; a row of scope 2 says location or market; the row was left out",
        ],
        [("company", 2025, "3", 1, "", 10.0)],
    ),
    "column_twice": (
        [
            "column_twice.csv: the column 'year' stands there twice",
        ],
        None,
    ),
    "column_unknown": (
        [
            "line 1: column 'colour' is not known and was left out",
        ],
        [("company", 2025, "1", None, "", 5.0)],
    ),
    "empty": (
        [
            "empty.csv is empty (0 bytes)",
        ],
        None,
    ),
    "latin_1": (
        [
            "latin_1.csv is no UTF-8 text: byte 30 cannot be read",
        ],
        None,
    ),
    "no_amount": (
        [
            "no_amount.csv: one of the columns emissions_t, emissions_kg, emissions is missing; known are year, "
            "scope, category, method, emissions_t, emissions_kg, emissions, unit, covers, basis, source, note",
        ],
        None,
    ),
    "no_year": (
        [
            "no_year.csv: the column 'year' is missing; known are year, scope, category, method, emissions_t, "
            "emissions_kg, emissions, unit, covers, basis, source, note",
        ],
        None,
    ),
    "only_a_header": (
        [
            "only_a_header.csv holds a header and no row",
        ],
        None,
    ),
    "open_quote": (
        [
            "line 3: a quotation mark is not closed; this line and those after it were left out",
        ],
        [("company", 2025, "1", None, "", 5.0)],
    ),
    "semicolons": (
        [
            "line 3: it has 5 cells, not 4; it was left out",
        ],
        [("company", 2025, "1", None, "", 1200.5)],
    ),
    "twice": (
        [
            "line 4: scope 1, of 2025 (company) stands above too, with the same note; rows whose notes differ "
            "add up; the row was left out",
            "line 5, column emissions_kg: emissions_t stands in this row too; give one of the two; the row was "
            "left out",
            "line 7, column emissions_kg: emissions_kg is 'x', not a number; the row was left out",
        ],
        [
            ("company", 2025, "1", None, "", 10.0),
            ("company", 2025, "1", None, "", 12.0),
            ("company", 2027, "1", None, "", 2.5),
        ],
    ),
    "two_units": (
        [
            "line 2, column unit: unit is 'kg', but the amount stands in the column emissions_t; the row was left out",
            "line 4, column unit: unit is 't CO2e', but the amount stands in the column emissions_kg; the row "
            "was left out",
        ],
        [("company", 2026, "1", None, "", 5.0), ("company", 2028, "1", None, "", 0.005)],
    ),
    "units": (
        [
            "line 3, column unit: unit is 'kWh'; it must be t or kg of CO2e, as t, kg, tCO2e or kgCO2e; the row "
            "was left out",
            "line 5, column unit: unit is blank; it must be t or kg of CO2e, as t, kg, tCO2e or kgCO2e; the row "
            "was left out",
            "line 6, column unit: unit is 'tCO2'; it must be t or kg of CO2e, as t, kg, tCO2e or kgCO2e; the row "
            "was left out",
            "line 7, column unit: unit is 'short tons'; it must be t or kg of CO2e, as t, kg, tCO2e or kgCO2e; "
            "the row was left out",
            "line 8, column unit: unit is 'Mt'; it must be t or kg of CO2e, as t, kg, tCO2e or kgCO2e; the row "
            "was left out",
        ],
        [("company", 2025, "1", None, "", 1200.0), ("company", 2025, "2", None, "location", 900.0)],
    ),
    "words": (
        [
            "line 2, column covers: covers is 'group'; it must be one of company, portfolio; the row was left out",
            "line 4, column basis: basis is 'some'; it must be one of unknown, direct, life_cycle; the row was "
            "left out",
        ],
        [("company", 2025, "1", None, "", 2.0)],
    ),
    "years_and_scopes": (
        [
            "line 2, column year: year is 25; it must lie in [1990, 2100]; the row was left out",
            "line 3, column year: year is 2025.5; it must be a whole year in [1990, 2100]; the row was left out",
            "line 4: year is blank; it must be given; the row was left out",
            "line 5, column scope: scope is '4'; it must be one of 1, 2, 3; the row was left out",
            "line 6, column scope: scope is '1+2'; it must be one of 1, 2, 3; the row was left out",
            "line 7: scope is blank; it must be given; the row was left out",
            "line 8: method is 'market'; only a row of scope 2 has one, and this is scope 1; the row was left out",
            "line 9, column method: method is 'mixed'; it must be one of location, market; the row was left out",
        ],
        [("company", 2025, "2", None, "location", 10.0)],
    ),
}
ACTUALS = {
    "no_workload": (
        [
            "no_workload.csv: the column 'workload' is missing; known are workload, period, year, month, "
            "requests, runs, output_tokens, energy_facility_kwh, carbon_location_kg, carbon_market_kg, "
            "energy_facility_mwh, carbon_location_t, carbon_market_t, source",
        ],
        None,
    ),
    "nothing_measured": (
        [
            "nothing_measured.csv: one of the columns requests, runs, output_tokens, energy_facility_kwh, "
            "carbon_location_kg, carbon_market_kg, energy_facility_mwh, carbon_location_t, carbon_market_t is "
            "missing; known are workload, period, year, month, requests, runs, output_tokens, "
            "energy_facility_kwh, carbon_location_kg, carbon_market_kg, energy_facility_mwh, carbon_location_t, "
            "carbon_market_t, source",
        ],
        None,
    ),
    "rows": (
        [
            "line 4, column workload: workload is 'W9'; it must be the id of one: W1, W2, W3, W4; the row was left out",
            "line 5, column period: period is '2026-3-1'; it must be 2026 or 2026-03; the row was left out",
            "line 6, column month: month is 13; it must lie in [1, 12]; the row was left out",
            "line 7: nothing is measured; give one of requests, runs, output_tokens, energy_facility_kwh, "
            "carbon_location_kg or carbon_market_kg; the row was left out",
            "line 8, column requests: requests is -1; it must lie in [0, 1,000,000,000,000,000] requests; the "
            "row was left out",
            "line 9, column requests: requests is 'lots', not a number; it must lie in [0, "
            "1,000,000,000,000,000] requests; the row was left out",
            "line 10: W1 in 2026-03 is measured by 'line 2' too; the row was left out",
            "line 11: W1 in 2026 is measured as a whole year and by months ('line 2'); keep one of them; the row "
            "was left out",
            "line 12: workload is blank; it must be given; the row was left out",
        ],
        [("W1", "2026-03", 100.0, 5.0, None), ("W2", "2026", 100.0, None, None)],
    ),
    "two_of_a_name": (
        [
            "line 2, column workload: workload is 'Twin'; two workloads have that name; give the id; the row was "
            "left out",
        ],
        [],
    ),
    "units": (
        [
            "line 3, column period: year stands in this row too; give one of the two; the row was left out",
            "line 4, column energy_facility_mwh: energy_facility_kwh stands in this row too; give one of the "
            "two; the row was left out",
            "line 5, column energy_facility_mwh: energy_facility_mwh is 'x', not a number; the row was left out",
        ],
        [("W1", "2026-01", None, 2500.0, 900.0)],
    ),
}


def rows_of(folder, name):
    """The sentences a file earns, and what loads; None: nothing does."""
    path = HERE / f"{folder}_broken" / f"{name}.csv"
    try:
        if folder == "inventory":
            found = inventory.read(path.name, path.read_bytes())
            return list(found.problems), [(r.covers, *r.line[1:5], r.emissions_t) for r in found.rows]
        found = actuals.read(path.name, path.read_bytes(), WORKLOADS)
    except RefusedError as error:
        return [str(error)], None
    return list(found.problems), [
        (a.workload, a.period, a.requests, a.energy_facility_kwh, a.carbon_location_kg) for a in found.rows
    ]


@pytest.mark.parametrize(("folder", "expected"), [("inventory", INVENTORY), ("actuals", ACTUALS)])
def test_every_broken_file_has_its_expectation(folder, expected):
    assert {path.stem for path in (HERE / f"{folder}_broken").glob("*.csv")} == expected.keys()


@pytest.mark.parametrize("name", INVENTORY)
def test_an_inventory_with_wrong_rows_is_refused_by_row_and_the_rest_loads(name):
    assert rows_of("inventory", name) == INVENTORY[name]


@pytest.mark.parametrize("name", ACTUALS)
def test_measurements_with_wrong_rows_are_refused_by_row_and_the_rest_loads(name):
    assert rows_of("actuals", name) == ACTUALS[name]


def test_a_row_that_names_no_source_names_its_file():
    raw = b"year,scope,emissions_t,source\n2025,1,5,\n2026,1,5,Report\n"
    assert [row.source for row in inventory.read("folder/ours.csv", raw).rows] == ["ours.csv", "Report"]


def test_rows_beyond_what_a_plan_may_hold_are_told():
    raw = b"year,scope,emissions_t,note\n" + b"".join(b"2025,1,5,%d\n" % n for n in range(501))
    found = inventory.read("many.csv", raw)
    assert (len(found.rows), found.problems) == (
        500,
        ("the file has 501 rows; the limit is 500; the rest was left out",),
    )


def test_rows_that_contradict_measurements_of_the_plan_are_left_out_and_others_replace_theirs():
    raw = b"workload,period,requests\nW1,2026,5\nW2,2026-03,6\n"
    march = {"year": 2026, "month": 3, "source": "log"}
    kept = [Actual(id="A1", workload=key, requests=1, **march) for key in ("W1", "W2")]
    found = actuals.read("ours.csv", raw, WORKLOADS, kept)
    assert [(row.workload, row.period, row.requests) for row in found.rows] == [("W2", "2026-03", 6.0)]
    assert found.problems == (
        "line 2: W1 in 2026 is measured as a whole year and by months ('A1'); keep one of them; the row was left out",
    )


def test_measurements_beyond_what_a_plan_may_hold_are_told():
    rows = (f"W1,{year}-{month},5\n" for year in range(1990, 2100) for month in range(1, 13))
    raw = ("workload,period,requests\n" + "".join(rows)).encode()
    kept = [Actual(id=f"A{n}", workload=f"W{n}", year=2026, requests=1, source="log") for n in range(9, 1_009)]
    found = actuals.read("many.csv", raw, WORKLOADS | {f"W{n}": "x" for n in range(9, 1_009)}, kept)
    assert len(found.rows) == 1_000
    assert found.problems == ("a plan holds 2,000 measurements, and there is room for 1,000; the rest was left out",)


def test_a_row_that_would_replace_but_is_refused_leaves_the_plans_own_in_place():
    raw = b"workload,period,requests\nW1,2026,5\nW1,2026-03,6\n"
    kept = [Actual(id="A1", workload="W1", year=2026, month=3, requests=1, source="log")]
    found = actuals.read("ours.csv", raw, WORKLOADS, kept)
    assert found.rows == ()
    assert [sentence[:7] for sentence in found.problems] == ["line 2:", "line 3:"]


@pytest.mark.parametrize(
    ("header", "cells", "told"),
    [
        ("emissions_kg", "-2000", "column emissions_kg: emissions_kg, as emissions_t, is -2; it must lie in [0,"),
        ("emissions,unit", "-3,t", "column emissions: emissions, as emissions_t, is -3; it must lie in [0,"),
        ("emissions_t", "-4", "column emissions_t: emissions_t is -4; it must lie in [0,"),
    ],
)
def test_an_amount_is_told_by_the_column_it_stands_in(header, cells, told):
    found = inventory.read("own.csv", f"year,scope,{header}\n2025,1,{cells}\n".encode())
    assert found.problems[0].startswith(f"line 2, {told}")
