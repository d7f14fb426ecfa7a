"""The schema of the disclosure file: what reporting tools are told of it, and what it holds to.

`frictionless` is in requirements.txt; a desk without it skips what needs it, and CI fails.
"""

import csv
import io
import json
import os
import zipfile

import pytest

from core import results
from core.disclosure import bundle, names, numbers, read_me, write_disclosure
from core.disclosure.columns import columns, schema
from core.plan import Plan, Target
from core.plan.lever import Lever
from tests.results.plans import ALL, EXAMPLE

# The reporting schema, said again: a name, a type (* required), and the words allowed.
LAYOUT = """
scenario_id string*; scenario_version integer*; workload_id string*; year integer*
stage string* inference fine_tuning pre_training evaluation embodied_hardware data_preparation
ghg_scope integer* 1 2 3; scope3_category integer; workload_name string*; organizational_unit string*
facility_or_provider string*; hosting string* own colocation cloud api; period_start date*; period_end date*
model_name string; requests number; input_tokens_total number; input_tokens_cached number; output_tokens_total number
gpu_hours number; energy_it_kwh number
energy_boundary string gpu_board server it_equipment facility_metered modelled
pue number; energy_facility_kwh number; pue_already_included boolean; wue_site_l_per_kwh_it number
water_source_l_per_kwh number; grid_zone string; ef_location_kg_per_kwh number; ef_market_kg_per_kwh number
ef_scope_basis string direct life_cycle; ef_activity_kg_per_unit number; ef_activity_unit string; ef_source string*
ef_version string*; ef_data_year integer; gwp_basis string* AR6_GWP100 AR5_GWP100
embodied_treatment string purchase_year amortised
contractual_instrument string none unbundled_eac bundled_eac ppa supplier_tariff residual_mix
matching_granularity string annual monthly hourly none; cost_amount number; cost_currency string
price_base_year integer; internal_carbon_price_per_t number
value_type string* metered billed measured_sample supplier_reported modelled assumed
data_quality_type string* Actual Metered Estimated; data_quality_score integer 1 2 3 4 5; quantity_low number
quantity_high number; source_file string*; source_sha256 string; source_retrieved_at datetime; method_id string*
method_version string*; prepared_by string*; reviewed_by string
review_status string* draft in_review changes_requested approved locked; reviewed_at datetime; change_reason string
origin_correlation_id string*; note string
"""
LEFT_OUT = (Lever(id="on_device", choice="Apple-M1-Pro", value=0.5, share=0.5), Lever(id="offsets", value=10.0))
PLANS = {
    "the example": EXAMPLE,
    "in the year of purchase": EXAMPLE.but(hardware_view="purchase_year", carbon_price_usd_per_t=80),
    "odd words": EXAMPLE.with_workload("W3", name='=1+1, "x"; ü 漢', business_unit="", owner="'"),
    "sold devices": Plan(
        last_year=2027, workloads=ALL, levers=LEFT_OUT, target=Target(sold_products="counted")
    ),
    "over two grids": Plan(
        last_year=2027, workloads=ALL, levers=(Lever(id="geo_shift", choice="USST-CA", share=0.5),)
    ),
    "nothing": Plan(workloads=()),
}  # fmt: skip


def checked(text):
    """The errors that Frictionless finds in a file: row, column, kind."""
    try:
        import frictionless
    except ImportError:
        missing = "frictionless is not installed: pip install -r requirements.txt"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    made = frictionless.Schema.from_descriptor(json.loads(json.dumps(schema())))
    with frictionless.Resource(data=text.encode(), format="csv", schema=made) as resource:
        return resource.validate().flatten(["rowNumber", "fieldName", "type"])


def test_the_columns_are_those_of_the_reporting_schema_in_its_order():
    layout = [part.split() for line in LAYOUT.strip().splitlines() for part in line.split(";")]
    expected = [(name, kind.rstrip("*"), kind.endswith("*"), tuple(words)) for name, kind, *words in layout]
    assert [(c.name, c.type, c.required, c.choices) for c in columns()] == expected
    bounds = {c.name: (c.low, c.high) for c in columns() if (c.low, c.high) != (None, None)}
    assert bounds == {"scope3_category": (1, 15), "pue": (1, None)}
    assert len(names()) == 60
    assert {"pue", "year"} < numbers() < set(names())


@pytest.mark.parametrize("name", PLANS)
def test_the_file_of_any_plan_is_valid(name):
    assert checked(write_disclosure(results.of(PLANS[name]))) == []


def test_a_broken_file_is_not_valid():
    rows = list(csv.DictReader(io.StringIO(write_disclosure(results.of(Plan(last_year=2026, workloads=ALL[:1]))))))
    rows[0] |= {"pue": "0.9", "ghg_scope": "4"}
    rows[1] |= {"workload_name": "", "year": "soon"}
    out = io.StringIO()
    writer = csv.DictWriter(out, names())
    writer.writeheader()
    writer.writerows([*rows, rows[0]])
    found = {(row, field, kind) for row, field, kind in checked(out.getvalue())}
    assert {
        (2, "pue", "constraint-error"), (2, "ghg_scope", "constraint-error"), (3, "workload_name", "constraint-error"),
        (3, "year", "type-error"), (4, None, "primary-key"),
    } <= found  # fmt: skip


def test_the_bundle_holds_the_file_its_schema_and_how_to_re_add_it_and_is_the_same_every_time():
    found = results.of(Plan(last_year=2026, workloads=ALL))
    with zipfile.ZipFile(io.BytesIO(bundle(found))) as whole:
        kept = {name: whole.read(name).decode() for name in whole.namelist()}
    assert kept.keys() == {"scenario.csv", "scenario.schema.json", "README.txt"}
    assert kept["scenario.csv"] == write_disclosure(found)
    assert json.loads(kept["scenario.schema.json"]) == schema()
    assert kept["README.txt"] == read_me()
    assert bundle(found) == bundle(found)


def test_every_unit_that_a_row_names_is_explained_in_the_read_me():
    found = [row for plan in PLANS.values() for row in csv.DictReader(io.StringIO(write_disclosure(results.of(plan))))]
    units = {row["ef_activity_unit"] for row in found} - {""}
    assert units == {"GPU.h", "fleet.a"}
    assert [unit for unit in units if f"{unit}: " not in read_me()] == []


def test_devices_of_others_and_credits_have_no_row():
    sold, left = (
        write_disclosure(results.of(PLANS["sold devices"].but(target=Target(sold_products=switch))))
        for switch in ("counted", "left_out")
    )
    assert (sold.count("use_of_sold_products"), left.count("use_of_sold_products")) == (2, 0)
    assert "carbon_credits" not in sold
