"""`knobs.csv` and the records say the same fields."""

import csv
from collections import Counter
from pathlib import Path

from core import catalog, plan
from core.plan import (
    Actual,
    Calibration,
    HoursFile,
    InventoryRow,
    Plan,
    Search,
    Target,
    Workload,
    choices,
    knobs,
    may_be_blank,
)
from core.plan.calibration import SETTING
from core.plan.lever import Lever
from core.plan.own import OWN, Own
from tests.each import for_each

FILE = Path(plan.__file__).parent / "knobs.csv"
with FILE.open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))
KINDS = (Plan, Workload, Calibration, *OWN.values(), Lever, HoursFile, Target, InventoryRow, Actual, Search)
RECORDS = {cls.record: cls for cls in KINDS}
NESTED = {
    "workloads", "case", "calibrations", "levers", "hours_files", "target", "inventory", "actuals", "hours_at_hand",
    "facts_then", "candidates", "search",
    *OWN,
}  # fmt: skip
SHARED = set(Own.model_fields)  # said once in knobs.csv for every kind of own entry
FIELDS = [(cls, name) for cls in RECORDS.values() for name in cls.model_fields if cls is not Plan or name not in NESTED]
NUMBERS = ("number", "whole", "points")


def test_every_field_has_exactly_one_row_and_every_row_a_field():
    said = Counter((row["record"], row["field"]) for row in ROWS)
    kept = {("calibration", name) for name in (*SETTING, "id")}  # said once, as fields of the workload
    own = {(Own.shares if issubclass(cls, Own) and name in SHARED else cls.record, name) for cls, name in FIELDS}
    assert said == Counter(own - kept)


@for_each("cls", RECORDS.values())
def test_short_names_are_unique_within_a_record(cls):
    urls = [knob.url for knob in knobs(cls).values()]
    assert len(set(urls)) == len(urls)


@for_each("cls", RECORDS.values())
def test_short_names_are_one_or_two_small_letters(cls):
    assert all(k.url.isalpha() and k.url.islower() and len(k.url) <= 2 for k in knobs(cls).values())


@for_each("cls", RECORDS.values())
def test_labels_are_unique_within_a_record(cls):
    labels = [knob.label for knob in knobs(cls).values()]
    assert len(set(labels)) == len(labels)


@for_each(("cls", "name"), FIELDS)
def test_a_knob_has_a_label_and_a_help_that_ends_like_a_sentence(cls, name):
    knob = knobs(cls)[name]
    assert knob.label.strip()
    assert knob.help.endswith(".")


@for_each(("cls", "name"), FIELDS)
def test_a_number_and_a_list_of_words_have_both_bounds_and_nothing_else_has_any(cls, name):
    knob = knobs(cls)[name]
    assert ((knob.low is None), (knob.high is None)) == ((knob.kind not in (*NUMBERS, "tags")),) * 2
    assert knob.low is None or knob.low < knob.high


@for_each(("cls", "name"), FIELDS)
def test_a_choice_is_a_literal_and_a_literal_a_choice(cls, name):
    assert (knobs(cls)[name].kind == "choice") == bool(choices(cls, name))


@for_each(("cls", "name"), FIELDS)
def test_a_field_that_may_be_blank_says_what_blank_means(cls, name):
    if may_be_blank(cls, name):
        assert knobs(cls)[name].blank


@for_each(("cls", "name"), FIELDS)
def test_a_catalog_knob_names_a_table_of_the_catalog_that_holds_the_default(cls, name):
    knob = knobs(cls)[name]
    assert (knob.kind == "catalog") == bool(knob.table)
    default = Workload(id="W1").hardware if name == "hardware" else cls.model_fields[name].default
    if knob.table and default:
        assert default in getattr(catalog.load(), knob.table)


@for_each(("cls", "name"), FIELDS)
def test_a_default_lies_within_the_bounds(cls, name):
    knob, default = knobs(cls)[name], cls.model_fields[name].default
    if knob.kind in ("number", "whole") and default is not None and not cls.model_fields[name].is_required():
        assert knob.low <= default <= knob.high


@for_each(("cls", "name"), FIELDS)
def test_a_field_whose_name_ends_in_a_unit_has_a_knob_in_that_unit(cls, name):
    ends = {
        "_pct": ("% a year", "points a year", "%"),
        "_l_per_kwh": ("l/kWh",),
        "_g_per_kwh": ("g/kWh",),
        "_h": ("hours",),
    }
    ends |= {"_usd_per_h": ("USD/h",), "_usd_per_kwh": ("USD/kWh",), "_usd_per_t": ("USD/t",), "_usd": ("USD",)}
    if issubclass(cls, Own):
        ends["_pct"] = ("±%",)
    if cls is Target:
        ends |= {"_pct": ("%", "% a year"), "_t": ("t",)}
    if cls is Actual:
        ends |= {"_kwh": ("kWh",), "_kg": ("kg CO₂e",), "_tokens": ("tokens",)}
    ends |= {"_usd_per_m_tokens": ("USD/million",), "_days": ("days",)}
    found = max((end for end in ends if name.endswith(end)), key=len, default=None)
    if found:
        assert knobs(cls)[name].unit in ends[found]
