"""A plan as an XLSX workbook: answer, years, results, inputs, factors and sources. Numbers are numbers.

Every text is written as a text: no cell is a formula, whatever somebody typed. The same plan on the same day gives the
same bytes. XlsxWriter writes it: small, alive, without further packages, and a row at a time for large plans.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Any

import xlsxwriter

from core import results_table
from core.catalog import Source
from core.exports import covers
from core.exports.answer import Answer, Year
from core.exports.inputs import inputs
from core.exports.origins import Used, cited, used
from core.exports.verdict import seen, spoken
from core.units import KG_PER_T, KWH_PER_MWH, L_PER_M3

Cell = str | int | float | None
FILE = "glidepath_workbook.xlsx"
STAMP = datetime(2026, 1, 1)  # a workbook that depends on the plan and the day alone
LONGEST = 32_767  # characters that a cell holds
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
BLANK = "A blank cell is not known; it is never 0."
INK, PANEL, LINE = "#1B2430", "#F4F6F8", "#AEB8C3"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, its columns with their widths [characters], the rows, and whether they can be filtered."""

    name: str
    columns: tuple[tuple[str, int], ...]
    rows: Iterable[Sequence[Cell]]
    filtered: bool = True


def write_workbook(answer: Answer) -> bytes:
    """The workbook as bytes."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        book.set_properties({"title": answer.plan.name, "comments": "Made by Glidepath", "created": STAMP})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "font_color": INK,
                                "bg_color": PANEL, "bottom": 1, "bottom_color": LINE})  # fmt: skip
        for sheet in sheets(answer):
            _write(book.add_worksheet(sheet.name), sheet, head)
    return out.getvalue()


def sheets(answer: Answer) -> tuple[Sheet, ...]:
    """The sheets in their order."""
    rows = list(used(answer.plan))
    return (
        Sheet("Summary", SUMMARY, summary(answer), filtered=False),
        Sheet("By year", by_year_columns(answer), _years(answer)),
        Sheet("Results", tuple((name, len(name) + 3) for name in results_table.COLUMNS), _results(answer)),
        Sheet("Plan", PLAN, _inputs(answer)),
        Sheet("Factors", FACTORS, map(_factor, rows)),
        Sheet("Sources", SOURCES, (_source(source, count) for source, count in cited(rows))),
    )


def _write(page: Any, sheet: Sheet, head: Any) -> None:
    """A sheet with its header frozen; a number is written as one, any other cell as text."""
    for place, (_, width) in enumerate(sheet.columns):
        page.set_column(place, place, width)
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    for place, (title, _) in enumerate(sheet.columns):
        page.write_string(0, place, title, head)
    last = 0
    for last, row in enumerate(sheet.rows, 1):
        for place, cell in enumerate(row):
            if isinstance(cell, str) and cell:
                page.write_string(last, place, cell[:LONGEST])
            elif isinstance(cell, int | float) and isfinite(cell):
                page.write_number(last, place, cell)
    if sheet.filtered and last:
        page.autofilter(0, 0, last, len(sheet.columns) - 1)


SUMMARY = (("What", 34), ("Value", 18), ("Unit", 14), ("P10 (80 % range, low)", 16), ("P90 (high)", 16), ("Note", 90))
Line = tuple[str, Cell, str, Cell, Cell, str]


def _said(what: str, text: str) -> Line:
    return (what, None, "", None, None, text)


def summary(answer: Answer) -> Iterator[Line]:
    """The answer with its range, what it covers, its target, its versions and its link."""
    plan, shown = answer.plan, answer.shown
    yield _said("Plan", plan.name)
    yield _said("Answer", answer.headline)
    t, low, high = (kg / KG_PER_T for kg in (shown.carbon_kg, shown.carbon_p10_kg, shown.carbon_p90_kg))
    yield (f"Carbon in {answer.year}", t, "t CO₂e", low, high, "by the plan's method and boundary, as in the answer")
    of_electricity = "of electricity alone, beside one another: never add them"
    yield (f"Location-based, {answer.year}", shown.carbon_location_kg / KG_PER_T, "t CO₂e", None, None, of_electricity)
    yield (f"Market-based, {answer.year}", shown.carbon_market_kg / KG_PER_T, "t CO₂e", None, None, of_electricity)
    yield (f"Making of hardware, {answer.year}", shown.carbon_embodied_kg / KG_PER_T, "t CO₂e", None, None, "")
    yield (f"Energy at the meter, {answer.year}", shown.energy_facility_kwh / KWH_PER_MWH, "MWh", None, None, "")
    yield (f"Water, {answer.year}", shown.water_l / L_PER_M3, "m³", None, None, "on site and where electricity is made")
    yield (f"Cost, {answer.year}", shown.cost_usd * plan.exchange_rate, plan.currency, None, None, _cost_note(shown))
    yield _said("Period", f"{plan.first_year} to {plan.last_year}; the answer's year is {answer.year}")
    yield _said("Covers", answer.covered)
    if answer.filtered:
        yield _said("Filter", f"{answer.filtered}; Results, Plan and Factors hold every workload")
    for key, reason in answer.found.refused.items():
        yield _said("Left out", f"{key}: {reason}")
    for line in spoken(seen(plan)):
        yield _said("Target", line)
    for name, version in answer.versions.items():
        yield _said(name, version)
    yield _said("Link", answer.link or "none: the plan is too large for one; the bundle holds it")
    for note in answer.notes:
        yield _said("Note", note)
    yield _said("How to read", f"{BLANK} 80 % range: 8 of 10 simulations lie inside; ranges of rows do not add up.")
    yield _said("How to read", "Results: a row a workload, year, stage and scope, central case; units end the names.")


def _cost_note(shown: Year) -> str:
    unknown = shown.cost_unknown
    return f"at least: a price is unknown for {unknown} workload{'s' * (unknown != 1)}" if unknown else ""


def by_year_columns(answer: Answer) -> tuple[tuple[str, int], ...]:
    """Columns of the years; money in the plan's currency."""
    plan = answer.plan
    counted = f"{plan.method}-based, {covers.boundary(plan)}"
    return (
        ("Year", 8), (f"Carbon, {counted} [t CO₂e]", 22), ("P10 (80 % range, low) [t CO₂e]", 16),
        ("P90 (high) [t CO₂e]", 14), ("Electricity, location-based [t CO₂e]", 18),
        ("Electricity, market-based [t CO₂e]", 18), ("Making of hardware [t CO₂e]", 16),
        ("Energy at the meter [MWh]", 16), ("Water [m³]", 14), (f"Cost, as far as known [{plan.currency}]", 18),
        ("Workloads whose price is unknown [count]", 16),
    )  # fmt: skip


def _years(answer: Answer) -> Iterator[Sequence[Cell]]:
    for one in answer.by_year:
        kg = (one.carbon_kg, one.carbon_p10_kg, one.carbon_p90_kg, one.carbon_location_kg, one.carbon_market_kg)
        yield (
            one.year, *(each / KG_PER_T for each in (*kg, one.carbon_embodied_kg)),
            one.energy_facility_kwh / KWH_PER_MWH, one.water_l / L_PER_M3,
            one.cost_usd * answer.plan.exchange_rate, one.cost_unknown,
        )  # fmt: skip


PLAN = (
    ("Record", 12), ("Id", 12), ("Name", 30), ("Field", 26), ("Label", 30), ("Value", 26), ("Unit", 16), ("Usual", 16),
    ("Status (own, example, default)", 14),
)  # fmt: skip
FACTORS = (
    ("Workload id", 12), ("Workload", 30), ("Factor", 30), ("Value", 16), ("P10 (80 % range, low)", 14),
    ("P90 (high)", 14), ("Unit", 18), ("Status", 13), ("Source", 60), ("Year", 10), ("Licence", 24), ("Keys", 18),
    ("Note", 60),
)  # fmt: skip
SOURCES = (
    ("Key", 12), ("Publisher", 30), ("Title", 60), ("Year", 8), ("Licence", 30), ("Address", 40), ("Read on", 12),
    ("Factors resting on it", 12), ("Note", 60),
)  # fmt: skip


def _results(answer: Answer) -> Iterator[Sequence[Cell]]:
    for row in results_table.rows(answer.found):
        yield [row.get(name) for name in results_table.COLUMNS]


def _inputs(answer: Answer) -> Iterator[Sequence[Cell]]:
    for one in inputs(answer.plan):
        yield (one.record, one.id, one.called, one.field, one.label, one.value, one.unit, one.usual, one.status)


def _factor(row: Used) -> Sequence[Cell]:
    one = row.factor
    return (
        row.workload.id, row.workload.name, one.name, one.value, one.low, one.high, one.unit, one.status, row.titles,
        row.years, row.licences, one.source, one.note,
    )  # fmt: skip


def _source(one: Source, count: int) -> Sequence[Cell]:
    return (one.key, one.publisher, one.title, one.year, one.licence, one.url, one.retrieved, count, one.note)
