"""`track`: a plan's milestones as a file, the same figures as `judged(plan)`; what is missing or refused is told."""

import csv
import io
from pathlib import Path

import pytest

from core import table
from core.__main__ import main
from core.targets.judged import judged
from core.targets.track_table import COLUMNS, write_track
from core.targets.warnings import PORTFOLIO
from tests.targets.plans import plan, rows

GOLDEN = Path(__file__).parents[1] / "golden" / "track_plan.csv"


def ask(tmp_path, one):
    source, out = tmp_path / "plan.csv", tmp_path / "out.csv"
    source.write_text(table.write_plan(one), encoding="utf-8")
    status = main(["track", str(source), "-o", str(out)])
    return status, list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))


def test_the_file_has_a_row_a_line_and_year_with_the_figures_of_the_track(tmp_path, capsys):
    found = judged(table.read_plan(GOLDEN.read_text(encoding="utf-8")).plan)
    out = tmp_path / "out.csv"
    assert main(["track", str(GOLDEN), "-o", str(out)]) == 0
    read = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))
    assert tuple(read[0]) == COLUMNS
    assert [(row["scope"], row["year"]) for row in read] == [
        (scope, str(year)) for scope in ("1+2", "3", "all") for year in range(2026, 2032)
    ]
    for row in read:
        one = found.milestone(row["scope"], int(row["year"]))
        kg = (one.allowed_kg, one.central_kg, one.p10_kg, one.p50_kg, one.p90_kg, one.usual_kg, one.gap_kg)
        names = ("allowed_t", "plan_t", "plan_p10_t", "plan_p50_t", "plan_p90_t", "usual_t", "gap_t")
        assert [float(row[name]) * 1e3 for name in names] == pytest.approx(kg)
        assert float(row["met_share"]) == one.met_share
        assert (row["formula"], row["rule_date"], row["note"]) == ("dLARR", "2026-04-14", PORTFOLIO)
    assert PORTFOLIO in capsys.readouterr().err


def test_a_plan_that_says_nothing_of_its_target_is_asked_and_has_no_row(tmp_path, capsys):
    status, read = ask(tmp_path, plan((), target_year=None))
    assert (status, read) == (1, [])
    assert "Target year: by when must emissions have fallen?" in capsys.readouterr().err


def test_a_refused_target_has_a_bare_row_with_its_codes_and_its_rule_is_told(tmp_path, capsys):
    status, (row,) = ask(tmp_path, plan(target_year=2040))
    assert (status, row["scope"], row["standing"], row["valid"]) == (1, "all", "refused", "false")
    assert row["codes"] == "TARGET_TOO_LATE"
    assert {row[name] for name in ("year", "allowed_t", "plan_t", "gap_t", "met_share", "annual_linear_rate_pct")} == {
        ""
    }
    said = "target_year is 2040; a submission in 2026H2 allows 2031 to 2036 (criterion C13)"
    assert said in capsys.readouterr().err


def test_a_line_without_a_target_has_a_bare_row_with_its_codes(tmp_path, capsys):
    company = rows("company", s1=100.0, s2l=500.0)
    status, read = ask(tmp_path, plan([*company, *rows(s2l=1.0, s3=1.0)], mode="company"))
    assert status == 1
    (third,) = [row for row in read if row["scope"] == "3"]
    assert (third["valid"], third["codes"], third["allowed_t"]) == ("incomplete", "SCOPE3_MISSING", "")
    assert {row["scope"] for row in read} == {"1+2", "3"}
    assert {row["note"] for row in read} == {""}
    assert "scope 3: Scope 3 is missing" in capsys.readouterr().err


def test_what_is_not_known_is_a_blank_cell():
    assert "nan" not in write_track(judged(plan(method="v2_preview")))
