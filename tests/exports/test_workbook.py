"""A workbook holds numbers as numbers, texts as texts whatever they say, and the same bytes for the same plan."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from core import results_table
from core.exports.answer import Answer, answer_of
from core.exports.workbook import write_workbook
from core.plan.example import example_plan
from tests.exports.sheets import Cells, column, numbers, read_sheets

DAY = date(2026, 11, 28)
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://a.b","c")', "{=1}", "http://a.b", "007", "1e5")


@pytest.fixture(scope="module")
def answer() -> Answer:
    return answer_of(example_plan(), DAY, "?s=1.link")


@pytest.fixture(scope="module")
def sheets(answer: Answer) -> dict[str, Cells]:
    return read_sheets(write_workbook(answer))


def test_it_has_a_sheet_for_each_thing_a_reader_takes_away(sheets: dict[str, Cells]) -> None:
    assert list(sheets) == ["Summary", "By year", "Results", "Plan", "Factors", "Sources"]


def test_every_number_of_the_results_file_is_the_same_number_in_its_sheet(
    answer: Answer, sheets: dict[str, Cells]
) -> None:
    written = list(csv.DictReader(io.StringIO(results_table.write_results(answer.found))))
    assert sheets["Results"][0] == list(results_table.COLUMNS)
    for name in results_table.COLUMNS:
        if name in results_table.NUMBERS:
            wanted = [float(row[name] or "nan") for row in written]
            assert numbers(sheets["Results"], name) == pytest.approx(wanted, rel=1e-15, abs=0.0, nan_ok=True)
        else:
            assert column(sheets["Results"], name) == [row[name] or None for row in written]


def test_what_is_not_known_is_blank_and_never_nought(sheets: dict[str, Cells]) -> None:
    cells = dict(zip(column(sheets["Results"], "workload_id"), column(sheets["Results"], "cost_amount"), strict=True))
    assert cells["W1"] is None


def test_every_input_says_whose_it_is() -> None:
    plan = example_plan().with_workload("W1", requests_per_day=5.0)
    rows = read_sheets(write_workbook(answer_of(plan, DAY)))["Plan"]
    said = {(row[1], row[3]): (row[5], row[8]) for row in rows[1:]}
    assert said["W1", "requests_per_day"] == (5.0, "own")
    assert said["W1", "model"] == ("gpt-5-mini", "example")
    assert said["W1", "operating_days"][1] == "default"


@pytest.mark.parametrize("typed", FORMULAS)
def test_a_text_that_looks_like_a_formula_a_number_or_an_address_stays_a_text(typed: str) -> None:
    plan = example_plan().but(name=typed, workloads=example_plan().workloads[:1]).with_workload("W1", name=typed)
    raw = write_workbook(answer_of(plan, DAY))
    assert read_sheets(raw)["Summary"][1][5] == typed
    assert set(column(read_sheets(raw)["Factors"], "Workload")) - {"W1"} == {typed}


def test_the_same_plan_on_the_same_day_gives_the_same_bytes(answer: Answer) -> None:
    assert write_workbook(answer) == write_workbook(answer)


def test_every_factor_names_its_sources_or_says_that_it_was_entered(sheets: dict[str, Cells]) -> None:
    keys = set(column(sheets["Sources"], "Key"))
    for cited, status in zip(column(sheets["Factors"], "Keys"), column(sheets["Factors"], "Status"), strict=True):
        assert status
        assert cited in ("input", None) or set(str(cited).split(";")) <= keys
