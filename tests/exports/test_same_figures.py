"""The same figures everywhere: page, results file, workbook, report, model card and bundle of one plan."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections import defaultdict
from datetime import date
from html import unescape
from math import isnan

import pytest

from core import words
from core.catalog import load
from core.exports.answer import Answer, answer_of
from core.exports.bundle import write_bundle
from core.exports.card import write_card
from core.exports.links import link_of
from core.exports.report import write_report
from core.exports.workbook import write_workbook
from core.plan import Plan
from core.plan.example import example_plan
from core.results import interval, of
from core.results.effects import usual
from core.results_table import write_results
from core.ui import headline, picture
from core.ui.shown import page_scale
from tests.exports.sheets import Cells, column, numbers, read_sheets

LEVERS = tuple(usual(load().levers[key]) for key in ("prompt_trim", "concise_output"))
PLANS = {
    "example": example_plan(),
    "market, levers, euros": example_plan().but(
        levers=LEVERS, method="market", headline_year=2028, currency="EUR", exchange_rate=0.9,
        currency_date="2026-11-02",
    ),
    "operation alone, one unit": example_plan().but(boundary="operation", business_unit="Corporate IT"),
}  # fmt: skip


@pytest.fixture(scope="module", params=PLANS, ids=str)
def plan(request: pytest.FixtureRequest) -> Plan:
    found = PLANS[request.param]
    assert found.shown()
    return found


@pytest.fixture(scope="module")
def answer(plan: Plan) -> Answer:
    return answer_of(plan, date(2026, 11, 28), *link_of(plan))


@pytest.fixture(scope="module")
def sheets(answer: Answer) -> dict[str, Cells]:
    return read_sheets(write_workbook(answer))


@pytest.fixture(scope="module")
def bundled(answer: Answer) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(write_bundle(answer))) as whole:
        return {name: whole.read(name).decode() for name in whole.namelist()}


def _by_year_kg(plan: Plan, text: str) -> list[float]:
    """Carbon by year from a results file, in the plan's method and boundary, of the workloads shown."""
    total: dict[int, float] = defaultdict(float)
    shown = {workload.id for workload in plan.shown()}
    for row in csv.DictReader(io.StringIO(text)):
        counts = plan.boundary == "with_hardware" or row["stage"] != "embodied_hardware"
        if row["workload_id"] in shown and counts:
            total[int(row["year"])] += float(row[f"carbon_{plan.method}_kg"])
    return [total[year] for year in plan.years()]


def test_carbon_by_year_is_one_number_in_file_bundle_workbook_and_on_the_page(
    plan: Plan, answer: Answer, sheets: dict[str, Cells], bundled: dict[str, str]
) -> None:
    found = of(plan)
    page = [float(draws[0]) for draws in found.total(found.carbon_kg())]
    assert bundled["results.csv"] == write_results(found)
    assert _by_year_kg(plan, bundled["results.csv"]) == pytest.approx(page, rel=1e-12)
    assert [one.carbon_kg for one in answer.by_year] == page
    title = next(str(cell) for cell in sheets["By year"][0] if str(cell).startswith("Carbon, ")).partition(" [")[0]
    assert plan.method in title
    assert [1_000 * t for t in numbers(sheets["By year"], title)] == pytest.approx(page, rel=1e-14)


def test_the_range_is_one_in_workbook_bundle_and_on_the_page(
    plan: Plan, sheets: dict[str, Cells], bundled: dict[str, str]
) -> None:
    found = of(plan)
    low, _, high = interval(found.total(found.carbon_kg())[found.place(plan.shown_year())])
    said = json.loads(bundled["manifest.json"])["headline"]
    assert (said["carbon_p10_kg"], said["carbon_p90_kg"]) == (low, high)
    row = next(row for row in sheets["Summary"] if row[0] == f"Carbon in {plan.shown_year()}")
    assert [float(str(t)) * 1_000 for t in row[3:5]] == pytest.approx([low, high], rel=1e-14)


def test_the_sentence_is_one_in_workbook_report_card_bundle_and_on_the_page(
    plan: Plan, answer: Answer, sheets: dict[str, Cells], bundled: dict[str, str]
) -> None:
    sentence = ", ".join(headline.answered(of(plan)))
    assert next(row[5] for row in sheets["Summary"] if row[0] == "Answer") == sentence
    assert json.loads(bundled["manifest.json"])["headline"]["text"] == sentence
    assert f"{sentence}." in write_card(answer).decode()
    report = unescape(re.sub(r"<[^>]+>", "", write_report(answer).decode()))
    assert sentence in report


def test_the_reports_years_are_the_words_of_the_pages_table(plan: Plan, answer: Answer) -> None:
    found = of(plan)
    total, scale = found.total(found.carbon_kg()), page_scale(found)
    page = picture._year_table(plan.years(), {}, total, scale)
    rows = re.findall(r"<tr[^>]*><th scope=\"row\">(\d{4})</th><td[^>]*>([^<]*)</td><td[^>]*>([^<]*)</td>",
                      write_report(answer).decode())  # fmt: skip
    assert rows == list(zip(page["Year"], page["Total"], page["80 % range"], strict=True))


def test_energy_water_and_cost_are_one_number_in_workbook_and_results(
    plan: Plan, answer: Answer, sheets: dict[str, Cells]
) -> None:
    found, when = of(plan), answer.found.place(answer.year)
    kwh = float(found.total(found.values["energy_facility_kwh"])[when, 0])
    assert numbers(sheets["By year"], "Energy at the meter")[when] * 1_000 == pytest.approx(kwh, rel=1e-14)
    litres = found.values["water_site_l"] + found.values["water_source_l"]
    assert numbers(sheets["By year"], "Water")[when] * 1_000 == pytest.approx(
        float(found.total(litres)[when, 0]), rel=1e-14
    )
    money = next(row for row in sheets["Summary"] if row[0] == f"Cost, {answer.year}")
    known_usd = answer.shown.cost_usd
    assert money[2] == plan.currency
    assert (money[1] is None and isnan(known_usd)) or float(str(money[1])) == pytest.approx(
        known_usd * plan.exchange_rate, rel=1e-14
    )


def test_a_figure_of_the_summary_is_that_of_its_year(answer: Answer, sheets: dict[str, Cells]) -> None:
    years = column(sheets["By year"], "Year")
    at = years.index(float(answer.year))
    row = next(row for row in sheets["Summary"] if row[0] == f"Market-based, {answer.year}")
    assert row[1] == numbers(sheets["By year"], "Electricity, market-based")[at]
    assert words.quantity(answer.shown.carbon_market_kg, page_scale(answer.found), 3)
