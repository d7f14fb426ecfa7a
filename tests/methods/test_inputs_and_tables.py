"""No input, table, source or change is missing; ages count from the day given; a search finds what it should."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import pytest

from core import METHOD_VERSION
from core import catalog as facts
from core.catalog import Catalog
from core.catalog.rows import STATUSES
from core.catalog.version import fact_files
from core.methods import moved, tables, told
from core.methods.inputs import OWN, inputs, missing
from core.methods.origin import data_date, origin
from core.plan import Actual, Calibration, HoursFile, InventoryRow, Plan, Search, Target, Workload, knobs
from core.plan.knob import read_knobs
from core.plan.lever import Lever

TODAY = date(2026, 12, 1)
CHANGELOG = (facts.FOLDER.parent / "CHANGELOG.md").read_text(encoding="utf-8")
ABOUT_ALL = {"measured_hardware", "fit_version", "data_version"}  # fields of the catalog that are no table
# Filled by a plan's own entries alone; the page of own data shows them.
OF_A_PLAN = {"premises", "carbon_by_year", "residual_by_year", "left_out", "suppliers", "token_prices"}


def test_every_input_of_a_plan_has_one_row() -> None:
    assert missing() == [], "core/methods/inputs.csv"
    kinds = (Plan, Workload, Calibration, Lever, HoursFile, Target, InventoryRow, Actual, Search, *OWN)
    assert len(inputs()) == sum(len(knobs(kind)) for kind in kinds)


def test_every_record_that_files_know_is_among_the_inputs() -> None:
    told_of = {each.record for each in inputs()}
    assert read_knobs().keys() - {"record", "own"} == told_of


def test_what_the_catalog_says_of_own_entries_is_empty_without_a_plan() -> None:
    assert [name for name in OF_A_PLAN if len(getattr(facts.load(), name))] == []


def test_an_input_says_why_and_from_where() -> None:
    catalog = facts.load()
    for each in inputs():
        assert each.reason
        assert each.sources or each.record.startswith("custom_")
        assert set(each.sources) <= catalog.sources.keys()
        assert set(each.rests_on) <= catalog.assumptions.keys() | {"provider_fleet"}


def test_every_assumption_about_sites_stands_behind_an_input() -> None:
    behind = {name for each in inputs() for name in each.rests_on}
    assert {name for name in facts.load().assumptions if name.startswith(("pue_", "wue_"))} <= behind


def test_every_file_of_facts_is_shown_in_a_table() -> None:
    shown = {file for kind in tables.KINDS.values() for file in kind.files}
    assert set(fact_files(facts.FOLDER)) - shown == set()
    assert [file for file in shown if not (facts.FOLDER / file).is_file()] == []


def test_every_part_of_the_catalog_is_a_table() -> None:
    assert {field.name for field in dataclasses.fields(Catalog)} - ABOUT_ALL - OF_A_PLAN <= tables.KINDS.keys()


@pytest.mark.parametrize("name", tables.KINDS)
def test_a_table_has_rows_headings_and_known_sources(name: str) -> None:
    table = tables.table(name, TODAY)
    assert table.rows
    assert len(set(table.headings)) == len(table.headings)
    assert {len(row) for row in table.rows} == {len(table.headings)}
    assert not [text for text in table.texts if "unknown source" in text]
    if name not in ("units", "sources"):
        assert all(row[table.headings.index("Sources")] for row in table.rows)


@pytest.mark.parametrize("name", [name for name in tables.KINDS if name not in ("units", "sources")])
def test_a_row_says_how_many_days_ago_its_sources_were_read(name: str) -> None:
    def ages(day: date) -> list[int]:
        table = tables.table(name, day)
        return [int(row[table.headings.index("Read, days ago")]) for row in table.rows]  # type: ignore[arg-type]

    assert [after - before for before, after in zip(ages(TODAY), ages(TODAY + timedelta(7)), strict=True)] == [
        7 for _ in ages(TODAY)
    ]
    assert min(ages(TODAY)) >= 0


def test_every_source_is_cited_somewhere_and_says_so() -> None:
    table = tables.table("sources", TODAY)
    assert len(table.rows) == len(facts.load().sources)
    place = table.headings.index("Rows that cite it")
    assert sum(int(row[place] or 0) for row in table.rows) > 1_000  # type: ignore[arg-type]


def test_every_status_word_is_explained() -> None:
    assert tables.STATUS_WORDS.keys() >= STATUSES


def test_a_search_looks_for_every_word_in_every_column() -> None:
    table = tables.table("hardware", TODAY)
    found = table.matching("NVIDIA h100")
    assert 0 < len(found.rows) < len(table.rows)
    assert all("h100" in text and "nvidia" in text for text in found.texts)
    assert table.matching("").rows == table.rows
    assert table.matching("no such thing").rows == ()


def test_an_unknown_source_is_told_and_not_dropped() -> None:
    assert "unknown source: nobody" in origin(("own-assumption", "nobody")).titles


def test_no_fact_is_older_than_the_date_shown() -> None:
    assert all(date.fromisoformat(s.retrieved) >= data_date() for s in facts.load().sources.values())


def test_the_newest_change_is_that_of_todays_method_data_and_figures() -> None:
    assert moved.outdated(moved.today(TODAY, ""), moved.moves()) == ""


def test_the_changelog_names_the_method() -> None:
    assert f"\n## {METHOD_VERSION}\n" in CHANGELOG


def test_a_planted_change_is_noticed_with_the_command_to_run() -> None:
    now, versions = moved.today(TODAY, ""), moved.moves()
    for planted in (
        dataclasses.replace(now, data_version="0" * 12),
        dataclasses.replace(now, method_version="9.9.9"),
        dataclasses.replace(now, carbon_kg=now.carbon_kg * 1.01),
    ):
        assert "python -m core data check --why" in moved.outdated(planted, versions)
    assert "no version is told" in moved.outdated(now, [])


def test_a_change_is_written_as_it_is_read(tmp_path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "moved.csv"
    for move in moved.moves():
        moved.add(move, file)
    assert moved.moves(file) == moved.moves()


def test_what_is_left_out_says_why_and_which_way() -> None:
    rows = told.rows("left_out.csv")
    assert len(rows) >= 20
    assert {row["bias"] for row in rows} <= {"too low", "too high", "either", "not counted"}
    assert all(row["what"] and row["contains"] and row["why"] for row in rows)
