"""The disclosure file as text, and as a bundle with its schema and how to re-add it."""

from __future__ import annotations

import io
import json
import zipfile

from core.disclosure.columns import NUMBERS, columns, schema
from core.disclosure.rows import rows
from core.plan import Plan
from core.results import Results
from core.results_table import csv_text

FILE = "scenario.csv"
SCHEMA_FILE = "scenario.schema.json"
READ_ME_FILE = "README.txt"
STAMP = (1980, 1, 1, 0, 0, 0)  # a zip that depends on the plan alone

READ_ME = """How to re-add scenario.csv

One row is a workload in a year, at a stage, in one scope (and category of scope 3). Every row carries a factor and an
activity. The carbon of a row is

  location-based:  energy_facility_kwh x ef_location_kg_per_kwh + ef_activity_kg_per_unit x quantity
  market-based:    energy_facility_kwh x ef_market_kg_per_kwh   + ef_activity_kg_per_unit x quantity

A blank cell counts as nothing there. The quantity stands in the column that ef_activity_unit names:
GPU.h: gpu_hours; kW.h: energy_facility_kwh; fleet.a: 1, the machines booked in that year.

Add the rows of a year by ghg_scope and scope3_category: that is the table "By scope and category" of the page. Add all
rows of a year: that is the page's total with hardware. Location and market are two answers to one question: never add
one to the other. energy_facility_kwh = energy_it_kwh x pue; PUE enters once.

Figures are modelled: the central case of a plan, not meter readings. quantity_low and quantity_high are the ends of the
80 % range of the quantity over its central value; ranges of rows do not add up.
The file holds every workload of the plan that has figures; filters of the page do not act on it.
Making of hardware is booked in the year of purchase or spread over its life: embodied_treatment says which, and all
rows of one file follow the view chosen in the plan (hired machines stay spread by their provider).
Grid factors keep their publisher's basis (ef_scope_basis). A life-cycle factor already holds the fuel supply and the
losses of category 3: that category is never added to it. Where the factor counts stack emissions only, category 3 is
not known and has no row; it is not 0.
Market-based electricity that no contract covers takes the residual mix that the plan holds, else the grid's average.
data_quality_score: 2 scaled by a meter of the workload, 3 same model and accelerator measured, 4 near a measurement,
5 extrapolated; 1 would be a meter or a bill of the whole period. A blank score: nothing to compare with.
gwp_basis: the life-cycle grid factors rest mostly on IPCC 2014 (AR5). Publishers differ; nothing was harmonised.
Carbon credits, avoided emissions and what runs on devices of others have no column here, so that nobody can add them.
On-site generators burn fuel in scope 1; they are not computed, so scope 1 has no row unless somebody adds it.
source_file is the plan; source_sha256 is that of the file that the page gives as "Plan as CSV".
Review: every row is a draft; reviewed_by, reviewed_at and change_reason are for the people who review.
"""


def names() -> tuple[str, ...]:
    """Column names in the order of the file."""
    return tuple(column.name for column in columns())


def numbers() -> frozenset[str]:
    """Columns that hold numbers: they take a decimal comma where a reader asks for one."""
    return frozenset(column.name for column in columns() if column.type in NUMBERS)


def write_disclosure(found: Results, kept: Plan | None = None) -> str:
    """The disclosure rows as CSV text with LF line ends; full precision, what is not known blank.

    `kept` is the plan as its file holds it, where the figures are another view of it.
    """
    return csv_text(names(), rows(found, kept))


def schema_text() -> str:
    """The schema of the file as JSON."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


def read_me() -> str:
    """How to re-add the file."""
    return READ_ME


def bundle(found: Results, kept: Plan | None = None) -> bytes:
    """A zip of the file, its schema and how to re-add it; the same bytes for the same plan."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, text in (
            (FILE, write_disclosure(found, kept)),
            (SCHEMA_FILE, schema_text()),
            (READ_ME_FILE, read_me()),
        ):
            whole.writestr(zipfile.ZipInfo(name, STAMP), text.encode(), zipfile.ZIP_DEFLATED)
    return out.getvalue()
