"""The results file: the reporting schema's columns, rows that re-add to the page, unknown never 0."""

import csv
import io
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import METHOD_VERSION, catalog, link, results, table
from core.__main__ import main
from core.plan import Plan, Workload
from core.plan.example import FILE
from core.results_table import COLUMNS, NUMBERS, row_hash, scenario_id, write_results
from tests.results.plans import ALL, API, CLOUD, EXAMPLE, OWN, TRAIN, plan
from tests.strategies import workloads

# The reporting schema of results.csv: name, type, required, allowed values.
SCHEMA = [
    ("scenario_id", "string", True, ()),
    ("scenario_version", "integer", True, ()),
    ("workload_id", "string", True, ()),
    ("year", "integer", True, ()),
    (
        "stage", "string", True,
        ("inference", "fine_tuning", "pre_training", "evaluation", "embodied_hardware", "data_preparation"),
    ),
    ("ghg_scope", "integer", True, ("1", "2", "3")),
    ("scope3_category", "integer", False, tuple(str(k) for k in range(1, 16))),
    ("case", "string", True, ("reference", "with_levers")),
    ("energy_accelerator_kwh", "number", False, ()),
    ("energy_it_kwh", "number", True, ()),
    ("energy_facility_kwh", "number", True, ()),
    ("water_site_l", "number", True, ()),
    ("water_source_l", "number", True, ()),
    ("carbon_location_kg", "number", True, ()),
    ("carbon_market_kg", "number", True, ()),
    ("carbon_location_p10_kg", "number", False, ()),
    ("carbon_location_p90_kg", "number", False, ()),
    ("cost_amount", "number", False, ()),  # blank when no price is known
    ("cost_currency", "string", False, ("USD",)),
    ("carbon_cost_amount", "number", False, ()),
    ("requests", "number", False, ()),
    ("tokens_processed", "number", False, ()),
    ("sci_role", "string", True, ("consumer", "provider", "none")),
    (
        "sci_unit", "string", False,
        ("g_per_million_tokens", "g_per_request", "g_per_page", "g_per_1e15_flop", "g_per_million_training_tokens"),
    ),
    ("sci_value", "number", False, ()),
    ("input_row_hash", "string", True, ()),
    ("method_version", "string", True, ()),
    ("data_version", "string", True, ()),
    ("credits_outside_kg", "number", False, ()),  # credits alone, on a row of their own
    ("energy_devices_outside_kwh", "number", False, ()),  # users' devices, on a row of their own
    ("carbon_devices_outside_kg", "number", False, ()),
]  # fmt: skip
CONTRACTED = OWN.but(id="co", hosting="colocation", contract_share="0.6", contract_g_per_kwh=5.0)
PLANS = {
    "example": EXAMPLE,
    "all hostings": plan(*ALL, CONTRACTED, carbon_price_usd_per_t=80.0),
    "priced": plan(CLOUD.but(price_hire_usd_per_h=2.0)),
    "nothing": plan(),
}


def table_of(found):
    return list(csv.DictReader(io.StringIO(write_results(found))))


@pytest.fixture(params=PLANS.values(), ids=PLANS, scope="module")
def found(request):
    return results.of(request.param)


def test_the_columns_are_the_schemas_in_its_order(found):
    header = write_results(found).split("\n", 1)[0]
    assert header.split(",") == list(COLUMNS) == [name for name, *_ in SCHEMA]


def test_a_file_without_rows_still_has_its_header():
    assert write_results(results.of(plan())).count("\n") == 1


@pytest.mark.parametrize(("name", "kind", "required", "allowed"), SCHEMA, ids=[s[0] for s in SCHEMA])
def test_every_cell_is_what_the_schema_allows(found, name, kind, required, allowed):
    for row in table_of(found):
        cell = row[name]
        assert cell or not required
        if cell and kind == "integer":
            assert re.fullmatch(r"\d+", cell)
        if cell and kind == "number":
            assert np.isfinite(float(cell))
        assert not cell or not allowed or cell in allowed


def test_the_key_of_the_schema_is_unique(found):
    keys = [(row["input_row_hash"], row["case"]) for row in table_of(found)]
    assert len(set(keys)) == len(keys)


def test_a_category_stands_beside_scope_3_and_nowhere_else(found):
    for row in table_of(found):
        assert bool(row["scope3_category"]) == (row["ghg_scope"] == "3")


SCOPES = {
    ("own", "energy"): ("2", ""), ("colocation", "energy"): ("2", ""), ("cloud", "energy"): ("3", "1"),
    ("api", "energy"): ("3", "1"), ("own", "hardware"): ("3", "2"), ("colocation", "hardware"): ("3", "2"),
    ("cloud", "hardware"): ("3", "1"), ("api", "hardware"): ("3", "1"),
}  # fmt: skip


def test_hosting_decides_the_scope():
    portfolio = PLANS["all hostings"]
    for row in table_of(results.of(portfolio)):
        part = "hardware" if row["stage"] == "embodied_hardware" else "energy"
        hosting = portfolio.workload(row["workload_id"]).hosting
        assert (row["ghg_scope"], row["scope3_category"]) == SCOPES[hosting, part]


SUMS = ("energy_accelerator_kwh", "energy_it_kwh", "energy_facility_kwh", "water_site_l", "water_source_l")


@pytest.mark.parametrize("name", SUMS)
def test_rows_re_add_to_the_pages_energy_and_water(found, name):
    for place, year in enumerate(found.plan.years()):
        rows = [float(row[name] or 0) for row in table_of(found) if row["year"] == str(year)]
        assert sum(rows) == pytest.approx(found.values[name][:, place, 0].sum(), rel=1e-9)


@pytest.mark.parametrize("method", ["location", "market"])
def test_rows_re_add_to_the_pages_headline_with_hardware(found, method):
    shown = found.plan.but(method=method, boundary="with_hardware", business_unit="", tag="")
    page = results.of(shown)
    for place, year in enumerate(shown.years()):
        rows = [float(row[f"carbon_{method}_kg"]) for row in table_of(found) if row["year"] == str(year)]
        assert sum(rows) == pytest.approx(page.total(page.carbon_kg())[place, 0], rel=1e-9)


def test_rows_re_add_to_the_pages_cost():
    found = results.of(PLANS["priced"])
    for place, year in enumerate(found.plan.years()):
        rows = [float(row["cost_amount"]) for row in table_of(found) if row["year"] == str(year)]
        assert sum(rows) == pytest.approx(found.values["cost_usd"][:, place, 0].sum(), rel=1e-12)


def test_an_unknown_cost_is_blank_in_every_row_and_has_no_currency():
    rows = table_of(results.of(plan(API)))
    assert rows
    assert {(row["cost_amount"], row["cost_currency"]) for row in rows} == {("", "")}


def test_a_known_cost_has_a_currency_in_every_row():
    assert {row["cost_currency"] for row in table_of(results.of(PLANS["priced"]))} == {"USD"}


def test_carbon_is_priced_only_where_a_price_was_given():
    energy = [r for r in table_of(results.of(PLANS["all hostings"])) if r["stage"] != "embodied_hardware"]
    for row in energy:
        assert float(row["carbon_cost_amount"]) == pytest.approx(0.08 * float(row["carbon_location_kg"]), rel=1e-12)
    assert {row["carbon_cost_amount"] for row in table_of(results.of(EXAMPLE))} == {""}


def test_hardware_rows_carry_one_carbon_in_both_columns_and_no_energy(found):
    for row in table_of(found):
        if row["stage"] == "embodied_hardware":
            assert row["carbon_location_kg"] == row["carbon_market_kg"]
            assert {float(row[name]) for name in SUMS[1:]} == {0.0}


def test_the_central_figure_of_every_serving_row_lies_near_its_range(found):
    for row in table_of(found):
        low, high = float(row["carbon_location_p10_kg"]), float(row["carbon_location_p90_kg"])
        assert low < high
        assert low * 0.8 < float(row["carbon_location_kg"]) < high * 1.2


def test_intensity_is_grams_over_tokens_with_hardware(found):
    every = table_of(found)
    made = {(r["workload_id"], r["year"]): r for r in every if r["stage"] == "embodied_hardware"}
    for row in every:
        if row["sci_value"]:
            kg = float(row["carbon_location_kg"]) + float(made[row["workload_id"], row["year"]]["carbon_location_kg"])
            grams_per_m_tokens = kg * 1000 / (float(row["tokens_processed"]) / 1e6)
            assert float(row["sci_value"]) == pytest.approx(grams_per_m_tokens, rel=1e-9)


def test_training_never_enters_a_consumers_score():
    roles = {(row["stage"], row["sci_role"]) for row in table_of(results.of(EXAMPLE))}
    assert roles == {
        ("inference", "consumer"), ("fine_tuning", "provider"), ("pre_training", "provider"),
        ("embodied_hardware", "none"),
    }  # fmt: skip


def test_filters_do_not_shorten_the_file():
    assert write_results(results.of(EXAMPLE.but(tag="chat"))) == write_results(results.of(EXAMPLE))


def test_a_year_in_which_nothing_runs_has_no_row():
    years = [row["year"] for row in table_of(results.of(EXAMPLE)) if row["workload_id"] == "W6"]
    assert years == ["2027", "2027"]


def test_a_refused_workload_has_no_row():
    rows = table_of(results.of(plan(OWN.but(model="no-such"), TRAIN)))
    assert {row["workload_id"] for row in rows} == {"train"}


def test_versions_are_those_of_the_method_and_the_data(found):
    versions = {(row["method_version"], row["data_version"]) for row in table_of(found)}
    assert versions <= {(METHOD_VERSION, catalog.load().data_version)}


def test_numbers_keep_full_precision():
    found = results.of(EXAMPLE)
    first = table_of(found)[0]
    assert float(first["carbon_location_kg"]) == found.values["carbon_location_kg"][0, 0, 0]


def test_text_that_a_spreadsheet_would_run_is_disarmed():
    rows = table_of(results.of(plan(TRAIN.but(id="=1+1"))))
    assert {row["workload_id"] for row in rows} == {"'=1+1"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Our plan, 2026", "our-plan-2026"), ("漢字", "plan"), ("=1+1", "1-1"), ("  ", "example-company")],
)
def test_the_scenarios_id_is_made_of_the_plans_name(name, expected):
    assert scenario_id(Plan(name=name)) == expected


@given(workloads(), workloads())
def test_two_rows_share_a_hash_only_when_they_are_the_same(first, second):
    assert (row_hash(first, 2026, "inference") == row_hash(second, 2026, "inference")) == (first == second)


@given(workloads(), st.integers(2020, 2060), st.integers(2020, 2060))
def test_each_year_and_stage_has_its_own_hash(workload, year, other):
    assert (row_hash(workload, year, "inference") == row_hash(workload, other, "inference")) == (year == other)
    assert row_hash(workload, year, "inference") != row_hash(workload, year, "embodied_hardware")


def test_one_changed_field_changes_the_hash():
    changed = OWN.but(requests_per_day=20_001.0)
    assert row_hash(changed, 2026, "inference") != row_hash(OWN, 2026, "inference")


def test_the_command_line_and_the_page_write_the_same_bytes(tmp_path):
    out = tmp_path / "results.csv"
    assert main(["plan", str(FILE), "-o", str(out)]) == 0
    assert out.read_bytes() == write_results(results.of(EXAMPLE)).encode()


def test_link_and_csv_of_one_plan_give_the_same_bytes(tmp_path):
    portfolio = PLANS["all hostings"].adding(Workload(id="x", name='\'=1; "a"', contract_share="2027=0.5"))
    file, from_file, from_link = (tmp_path / name for name in ("plan.csv", "file.csv", "link.csv"))
    file.write_text(table.write_plan(portfolio), encoding="utf-8", newline="")
    assert main(["plan", str(file), "-o", str(from_file)]) == 0
    assert main(["plan", f"https://example.org/plan?s={link.encode(portfolio)}&x=1", "-o", str(from_link)]) == 0
    assert from_file.read_bytes() == from_link.read_bytes() == write_results(results.of(portfolio)).encode()


def test_with_decimal_commas_every_number_is_the_same_and_every_text_untouched():
    plain = write_results(results.of(EXAMPLE))
    comma = table.with_decimal_comma(plain, NUMBERS)
    there = list(csv.DictReader(io.StringIO(comma), delimiter=";"))
    here = list(csv.DictReader(io.StringIO(plain)))
    assert len(there) == len(here)
    for row, other in zip(here, there, strict=True):
        assert {n: cell.replace(",", ".") if n in NUMBERS else cell for n, cell in other.items()} == row
    assert not any("." in row["carbon_location_kg"] for row in there)


def test_rows_of_one_workload_under_other_later_years_have_other_keys():
    plan = Plan(workloads=(OWN,), last_year=2027)
    moved = plan.but(grid_path="percent", grid_change_pct=-5.0)
    hashes = [{row["input_row_hash"] for row in table_of(results.of(one))} for one in (plan, moved)]
    assert not hashes[0] & hashes[1]
    assert hashes[0] == {
        row_hash(OWN, year, stage) for year in (2026, 2027) for stage in ("inference", "embodied_hardware")
    }
