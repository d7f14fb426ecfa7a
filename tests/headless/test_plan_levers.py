"""`python -m core plan`: levers that exclude each other are told by name, with the rule, as on the page."""

import csv

import pytest

from core import catalog, table
from core.__main__ import main
from core.levers import conflicts
from core.plan.example import example_plan
from core.plan.lever import Lever
from core.results.later_notes import later_notes


def test_levers_that_exclude_each_other_are_told_and_the_figures_written(tmp_path, capsys):
    plan = example_plan().but(levers=(Lever(id="ptq_fp8"), Lever(id="ptq_w4a16")))
    given, out = tmp_path / "plan.csv", tmp_path / "results.csv"
    given.write_text(table.write_plan(plan), encoding="utf-8")
    assert main(["plan", str(given), "-o", str(out)]) == 1
    said = capsys.readouterr().err.splitlines()
    assert said == conflicts(catalog.load(), plan)
    assert said[0].endswith("a model's weights have one number format. Neither acts there.")
    assert out.read_text(encoding="utf-8").count("\n") > len(plan.workloads)


def test_later_years_are_counted_and_their_limits_told_beside_the_figures(tmp_path, capsys):
    plan = example_plan().but(grid_path="percent", grid_change_pct=-10.0)
    given, out = tmp_path / "plan.csv", tmp_path / "results.csv"
    rows = []
    for one in (example_plan(), plan):
        given.write_text(table.write_plan(one), encoding="utf-8")
        assert main(["plan", str(given), "-o", str(out)]) == 0
        rows.append(list(csv.DictReader(out.open(encoding="utf-8", newline=""))))
    assert capsys.readouterr().err.splitlines() == later_notes(plan)
    flat, moved = (
        [
            float(row["carbon_location_kg"])
            for row in found
            if row["workload_id"] == "W2" and row["stage"] == "inference"
        ]
        for found in rows
    )
    assert moved == pytest.approx([kg * 0.9**year for year, kg in enumerate(flat)], rel=1e-6)
