"""`data check` tells how old the data is, what it does to the example, and stops at the first wrong cell."""

from dataclasses import replace
from datetime import date

import pytest

from core import catalog, link, table
from core.__main__ import main
from core.catalog import CatalogError
from core.headless import data
from core.methods import moved
from core.plan.example import example_plan


def test_it_counts_every_row_of_every_table(capsys):
    assert main(["data", "check"]) == 0
    said = capsys.readouterr().out
    known = catalog.load()
    assert said.startswith(f"data version {known.data_version}, {len(known.sources)} sources\n")
    for name in ("models", "hardware", "regions", "cloud_regions", "prices"):
        assert f"{name:<18}{len(getattr(known, name)):>6} rows" in said


def test_figures_that_moved_are_shown_before_and_after_with_the_share(monkeypatch):
    last = moved.moves()[-1]
    monkeypatch.setattr(moved, "moves", lambda: [replace(last, carbon_kg=last.carbon_kg / 1.1)])
    lines = list(data.report(date(2026, 12, 1)))
    (line,) = [line for line in lines if line.startswith("  carbon_kg")]
    assert line.endswith("kg  +10.00%")
    assert f"{last.carbon_kg / 1.1:,.1f} -> {last.carbon_kg:>14,.1f}" in line
    assert lines[-1].startswith("to tell: the example's carbon_kg is ")


def test_sources_read_over_a_year_ago_are_named():
    newest = max(date.fromisoformat(source.retrieved) for source in catalog.load().sources.values())
    lines = list(data.report(newest.replace(year=newest.year + 2)))
    assert len([line for line in lines if line.startswith("  read again: ")]) == len(catalog.load().sources)


def test_why_adds_a_row_only_where_something_moved(monkeypatch, tmp_path, capsys):
    added = []
    monkeypatch.setattr(moved, "add", added.append)
    assert main(["data", "check", "--why", "nothing"]) == 0
    assert added == []
    last = moved.moves()[-1]
    monkeypatch.setattr(moved, "moves", lambda: [replace(last, data_version="before")])
    assert main(["data", "check", "--why", " a new grid "]) == 0
    assert [(move.why, move.data_version) for move in added] == [("a new grid", last.data_version)]
    assert capsys.readouterr().out.rstrip().splitlines()[-1].startswith("told on the Methods page: data_version is ")


def test_a_wrong_cell_stops_it_with_file_and_line(monkeypatch, capsys):
    def broken():
        raise CatalogError("regions/ember.csv, line 14: carbon_g_per_kwh is 'x', not a number")

    monkeypatch.setattr(catalog, "load", broken)
    assert main(["data", "check"]) == 1
    assert capsys.readouterr().err == "regions/ember.csv, line 14: carbon_g_per_kwh is 'x', not a number\n"


def test_what_to_do_with_the_data_must_be_said():
    with pytest.raises(SystemExit):
        main(["data"])


def test_prices_stay_out_of_a_link_unless_asked_for(tmp_path, capsys):
    plan = example_plan().with_workload("W2", price_purchase_usd=30_000.0)
    file = tmp_path / "plan.csv"
    file.write_text(table.write_plan(plan), encoding="utf-8")
    for flags, expected in (([], example_plan()), (["--prices"], plan)):
        assert main(["link", str(file), *flags]) == 0
        said = capsys.readouterr()
        assert link.decode(said.out.strip().removeprefix("?s=")).plan == expected
        assert ("prices are left out" in said.err) == (not flags)
