"""Broken plan files: every problem is named with its line and column, and what is sound loads.

`tests/broken/` holds the files; each stands here with the sentences it earns and the workloads that load.
"""

import time
from pathlib import Path

import pytest

from core.plan import Plan
from core.table import MOST_CHARACTERS, MOST_ROWS, read_plan

FOLDER = Path(__file__).parents[1] / "broken"
NOTHING = "no plan or workload row could be read; nothing was changed"
NO_RECORD = "line 1: the column 'record' is missing; this is not a plan CSV"
OK = {"ok": "Good"}

# file: the sentences, and id -> name of what loads (None: nothing is changed)
KINDS = (
    "plan, workload, estimate, custom_model, custom_device, custom_region, custom_site, custom_supplier, "
    "custom_price, calibration, lever, hours_file, target, inventory, actual, search or candidate"
)
EXPECTED = {
    "wrong_column": (["line 1: column 'gpus' is not known and was left out"], OK),
    "missing_record_column": ([NO_RECORD], None),
    "bad_number": (["line 3, column pue: pue is 'much', not a number; it must lie in [1, 3] kWh/kWh"], OK),
    "out_of_range": (
        [
            "line 2, column pue: pue is 0.5; it must lie in [1, 3] kWh/kWh",
            "line 2, column requests_per_day: requests_per_day is -1; it must lie in [0, 100,000,000,000] requests",
        ],
        OK,
    ),
    "ragged_row": (
        ["line 2: the row has 3 cells, not 5; it was left out", "line 4: the row has 6 cells, not 5; it was left out"],
        OK,
    ),
    "duplicate_id": (["line 3, column id: 'ok' is used twice; the second row was left out"], OK),
    "own_entry_without_a_source": (
        [
            "line 3: source of 'Hall 1' is blank; say where its figures are from",
            "line 3: your own entry 'own:hall' was left out, and so is what uses it",
            "line 4, column pue: pue is 0.3; it must lie in [1, 3] kWh/kWh",
            "line 4: your own entry 'own:other' was left out, and so is what uses it",
        ],
        OK,
    ),
    "unknown_record": ([f"line 2, column record: 'levers' is not a record; it must be {KINDS}"], OK),
    "two_plans": (["line 3, column record: a second plan row; it was left out"], {}),
    "bad_plan_cell": (["line 2, column seed: seed is 'x', not a number; it must lie in [0, 2,147,483,647]"], {}),
    "impossible_years": (
        [
            "plan row: last_year is 2030; it must not be before first_year, 2040; "
            "the years and the currency were left out"
        ],
        {},
    ),
    "growth_out_of_order": (
        [
            "line 2: growth_central_pct is 50; it must lie in [60, 70] % a year, "
            "between growth_low_pct and growth_high_pct"
        ],
        {"ok": "New workload"},
    ),
    "empty": ([NO_RECORD], None),
    "only_blank_lines": ([NO_RECORD], None),
    "only_a_header": ([NOTHING], None),
    "bom": ([], OK),
    "crlf": (["line 3, column pue: pue is 'x', not a number; it must lie in [1, 3] kWh/kWh"], OK),
    "old_mac_line_ends": (
        ["line 1: new-line character seen in unquoted field; this line and those after it were left out", NOTHING],
        None,
    ),
    "semicolon_decimal_comma": ([], {"ok": "Größe, gut"}),
    "thousands_comma": (
        [
            "line 3, column requests_per_day: requests_per_day is '60,000', which can be read in two ways: "
            "write it without the comma; it must lie in [0, 100,000,000,000] requests"
        ],
        OK,
    ),
    "nul_bytes": (["line 3, column pue: pue is '1?', not a number; it must lie in [1, 3] kWh/kWh"], OK),
    "unclosed_quote": (
        ["line 3: a quotation mark is not closed; this line and those after it were left out"],
        OK,
    ),
    "stray_quote": (["line 3: ',' expected after '\"'; this line and those after it were left out"], OK),
    "huge_cell": (
        ["line 3: field larger than field limit (131072); this line and those after it were left out"],
        OK,
    ),
    "long_name": (["line 3, column name: name has 81 characters; the limit is 80 characters"], OK),
    "repeated_column": (
        ["line 1: column 'pue' stands there twice; the last one counts"],
        {"ok": "New workload"},
    ),
    "line_in_a_cell": (
        ["line 4, column pue: pue is 'x', not a number; it must lie in [1, 3] kWh/kWh"],
        {"two": "Two lines"},
    ),
    "formula_cells": ([], {"=1": "=HYPERLINK(1)"}),
    "unnamed_ids": ([], {"W2": "A", "W1": "B", "W3": "C"}),
    "tabs": ([NO_RECORD], None),
    "inventory_contradictions": (
        [
            "line 3, column base_year: base_year is 2031.5; it must be a whole year in [1990, 2100]",
            "line 3, column method: method is 'location-ish'; it must be one of dynamic, superseded, intensity, "
            "own_rate, v2_preview",
            "line 4, column record: a second target row; it was left out",
            "line 6: category is blank; a row of scope 3 names one of its categories, 1 to 15",
            "line 7, column category: category is 16; it must lie in [1, 15]",
            "line 8: method is blank; a row of scope 2 says location or market",
            "line 9: category is 1; only a row of scope 3 has one, and this is scope 2",
            "line 10: method is 'market'; only a row of scope 2 has one, and this is scope 1",
            "line 11, column emissions_t: emissions_t is -10; it must lie in [0, 1,000,000,000,000] t CO₂e",
            "line 12: year is blank; it must be given",
            "line 13: source is blank; say where the figure is from",
            "line 15, column covers: covers is 'group'; it must be one of company, portfolio",
            "line 15, column scope: scope is '4'; it must be one of 1, 2, 3",
            "line 20, column month: month is 13; it must lie in [1, 12]",
            "line 21: nothing is measured; give one of requests, runs, output_tokens, energy_facility_kwh, "
            "carbon_location_kg or carbon_market_kg",
            "line 22: source is blank; say where the figures are from",
            "line 14: inventory row 'I2': scope 1, of 2025 (company) stands in row 'I1' too, with the same "
            "note; rows whose notes differ add up; it was left out",
            "line 17: actual 'A2' names workload 'gone', which is not in this plan; it was left out",
            "line 18: actual 'A3': ok in 2026-03 is measured by 'A1' too; it was left out",
            "line 19: actual 'A4': ok in 2026 is measured as a whole year and by months ('A1'); keep one of "
            "them; it was left out",
        ],
        OK,
    ),
    "bought_service_without_accelerator": ([], {"bought": "New workload", "own": "New workload"}),
}
BYTES = {"latin_1", "not_a_csv"}  # no UTF-8: the caller says so, see tests/headless


def read(name):
    return read_plan((FOLDER / f"{name}.csv").read_bytes().decode())


def test_every_broken_file_has_its_expectation():
    assert {path.stem for path in FOLDER.glob("*.csv")} == EXPECTED.keys() | BYTES


@pytest.mark.parametrize("name", EXPECTED)
def test_a_broken_file_earns_its_sentences(name):
    assert list(read(name).problems) == EXPECTED[name][0]


@pytest.mark.parametrize("name", EXPECTED)
def test_of_a_broken_file_the_sound_part_loads(name):
    plan, loads = read(name).plan, EXPECTED[name][1]
    assert (plan and {w.id: w.name for w in plan.workloads}) == loads


@pytest.mark.parametrize("name", EXPECTED)
def test_line_ends_of_windows_change_nothing(name):
    text = (FOLDER / f"{name}.csv").read_bytes().decode()
    if "\r" not in text:
        assert read_plan(text.replace("\n", "\r\n")) == read_plan(text)


def test_the_first_of_two_plan_rows_counts():
    assert (read("two_plans").plan.name, read("two_plans").plan.seed) == ("First", 1)


def test_a_plan_row_keeps_its_sound_cells():
    assert read("bad_plan_cell").plan == Plan(name="Ours", last_year=2040)
    assert read("impossible_years").plan == Plan(name="Ours")


def test_semicolons_bring_decimal_commas():
    workload = read("semicolon_decimal_comma").plan.workload("ok")
    assert (workload.pue, workload.requests_per_day) == (1.234, 60_000.5)
    assert workload.contract_share == ((2026, 0.2), (2030, 1.0))


def test_of_a_repeated_column_the_last_counts():
    assert read("repeated_column").plan.workload("ok").pue == 1.2


def test_a_blank_accelerator_is_the_providers_own_where_a_service_is_bought():
    found = read("bought_service_without_accelerator").plan
    assert [w.hardware for w in found.workloads] == ["", "H100-SXM"]


def test_a_file_over_the_limit_is_not_read():
    text = "record,id\nworkload,ok\n"
    assert read_plan(text.ljust(MOST_CHARACTERS, "\n")).plan is not None
    reading = read_plan(text.ljust(MOST_CHARACTERS + 1, "\n"))
    said = "the file has 5,000,001 characters; the limit is 5,000,000 characters"
    assert (reading.plan, reading.problems) == (None, (said,))


def test_rows_beyond_the_limit_are_left_out_in_time():
    started = time.process_time()
    reading = read_plan("record,name\n" + "workload,a\n" * 100_000)
    assert time.process_time() - started < 10
    assert len(reading.plan.workloads) == 500
    assert reading.problems == (
        f"the file has 100000 rows; the limit is {MOST_ROWS} rows; the rest was left out",
        "the file has 5000 workloads; the limit is 500; the rest was left out",
    )
