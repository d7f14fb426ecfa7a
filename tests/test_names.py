"""Every name of a quantity ends in its unit, or stands in `UNITLESS` with its reason."""

import csv
import dataclasses
import re
from pathlib import Path
from typing import get_args, get_origin, get_type_hints

from core import catalog, engine, table
from core.catalog import records
from core.headless import estimate, train
from core.plan import Plan, Workload, knobs
from core.plan.own import OWN
from core.results import why
from core.results.figures import ENERGY_STEPS
from core.results_table import COLUMNS
from core.units import UNITLESS, UNITS
from tests.each import for_each

DATA = Path(__file__).parents[1] / "data"
ENDS = UNITS.keys() | UNITLESS.keys()
PER = ("_per_request", "_per_output_token")  # a quantity of one request or one token keeps its unit before it
BOUNDS = ("_low", "_high")

# Names that are no quantity: identities, words and codes.
REPORTING = {
    "scenario_id", "scenario_version", "workload_id", "stage", "ghg_scope", "scope3_category", "case", "cost_amount",
    "cost_currency", "carbon_cost_amount", "tokens_processed", "sci_role", "sci_unit", "sci_value", "input_row_hash",
    "method_version", "data_version",
}  # fmt: skip
# Figures whose unit stands in a cell of its own: one column holds several units.
UNIT_BESIDE = {"Assumption", "Facility", "Price"}


def quantity(name):
    """The name without a bound or "per request"."""
    for end in (*BOUNDS, *PER):
        name = name.removesuffix(end)
    return name


def says_its_unit(name):
    """Whether the name's last words are a unit, or a word that needs none."""
    words = quantity(name).split("_")
    return any("_".join(words[start:]) in ENDS for start in range(len(words)))


def is_number(kind):
    """Whether a field holds numbers; yes or no and whole texts are none."""
    if get_origin(kind) is not None:
        return any(is_number(part) for part in get_args(kind))
    return kind in (int, float)


def catalog_fields():
    for name, record in vars(records).items():
        if dataclasses.is_dataclass(record) and name not in UNIT_BESIDE:
            hints = get_type_hints(record)
            yield from ((name, f.name) for f in dataclasses.fields(record) if is_number(hints[f.name]))


COLUMN_KINDS = [getattr(engine, kind) for kind in engine.__all__ if kind.endswith(("Columns", "Result"))]
ENGINE = [(kind.__name__, name) for kind in COLUMN_KINDS for name in kind._fields]
NUMBERS = ("number", "whole", "points")
KNOBS = [(c.__name__, n) for c in (Plan, Workload, *OWN.values()) for n, k in knobs(c).items() if k.kind in NUMBERS]


@for_each(("kind", "name"), ENGINE)
def test_a_column_of_the_engine_says_its_unit(kind, name):
    assert says_its_unit(name)


@for_each(("record", "name"), list(catalog_fields()))
def test_a_number_of_the_catalog_says_its_unit(record, name):
    assert says_its_unit(name)


@for_each(("record", "name"), KNOBS)
def test_a_number_of_the_plan_says_its_unit(record, name):
    assert name == "seed" or says_its_unit(name)


@for_each("name", [n for n in COLUMNS if n not in REPORTING])
def test_a_column_of_the_results_file_says_its_unit(name):
    assert says_its_unit(re.sub(r"_p[19]0(?=_)", "", name))


@for_each("name", [*estimate.ADDED, *train.ADDED])
def test_an_answer_of_the_command_line_says_its_unit(name):
    assert says_its_unit(name) or quantity(name) in ("accelerators_needed", "accelerator_hours")


@for_each("name", [*ENERGY_STEPS, *(row[0] for row in (*why.SERVING, *why.TRAINING, *why.LADDER))])
def test_a_figure_on_the_page_says_its_unit(name):
    assert says_its_unit(name)


@for_each("record", sorted(UNIT_BESIDE))
def test_a_record_without_units_in_its_names_has_a_unit_in_every_row(record):
    table = {"Assumption": "assumptions", "Facility": "facilities", "Price": "prices"}[record]
    assert all(row.unit for row in getattr(catalog.load(), table).values())


def test_an_assumptions_unit_is_one_of_the_glossary():
    assert {a.unit for a in catalog.load().assumptions.values()} <= ENDS


def test_no_word_is_both_a_unit_and_unitless():
    assert UNITS.keys() & UNITLESS.keys() == set()


def test_every_reason_says_something():
    assert all(reason.strip() for reason in (*UNITS.values(), *UNITLESS.values()))


BOUNDARIES = {
    "energy": ("accelerator", "idle", "host", "overhead", "it", "facility", "onsite", "devices"),
    "carbon": (),
}
BOUNDARIES["carbon"] = ("location", "market", "embodied", "cost", "devices")
BOUNDARIES["water"] = ("site", "source")


@for_each(
    "name",
    [n for _, n in ENGINE if n.split("_")[0] in BOUNDARIES and n != "energy_z"]
    + [n for n in COLUMNS if n.split("_")[0] in BOUNDARIES],
)
def test_energy_carbon_and_water_never_stand_alone(name):
    first, second = name.split("_")[:2]
    if not name.startswith("carbon_price"):
        assert second in BOUNDARIES[first]


def test_what_the_file_and_the_engine_share_has_one_name():
    with (DATA / "example" / "plan.csv").open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    assert header == table.columns()


def test_units_are_in_small_letters():
    assert {end for end in ENDS if end != end.lower()} == set()
