"""`plan` and `place` with `--hours FILE`: a file that the plan names acts, of CSV and link; any other is refused."""

import csv
import io
from datetime import date, datetime, timedelta

import pytest

from core import link, results, table
from core.__main__ import main
from core.headless import hours_file
from core.imports.hourly import Said
from core.plan.example import example_plan
from core.results.joint import jointly, problem, spread_weeks
from core.results_table import write_results

BEGINS = datetime(2023, 1, 1)
ROWS = (f"{BEGINS + timedelta(hours=hour):%Y-%m-%dT%H:%MZ},{100 if hour % 24 < 12 else 500}" for hour in range(1_500))
RAW = "\n".join(("timestamp,g_per_kwh", *ROWS, "")).encode()
SERIES = hours_file.read("mine.csv", RAW, Said())
PLAN = (
    example_plan()
    .with_workload("W2", hours_chosen="profile", deferrable_h=12.0)
    .with_hours_file(hours_file.record_of("DE", SERIES, Said(), date(2026, 11, 1)))
)


@pytest.fixture
def given(tmp_path, capsys):
    """Run `plan` on CSV or link with the files named: exit status, results, what was said."""
    (tmp_path / "mine.csv").write_bytes(RAW)
    (tmp_path / "other.csv").write_bytes(RAW.replace(b",500", b",501"))
    (tmp_path / "plan.csv").write_text(table.write_plan(PLAN), encoding="utf-8", newline="")

    def answer(*names, as_link=False):
        files = [part for name in names for part in ("--hours", str(tmp_path / name))]
        status = main(["plan", f"?s={link.encode(PLAN)}" if as_link else str(tmp_path / "plan.csv"), *files])
        out, said = capsys.readouterr()
        return status, out, said.strip()

    return answer


@pytest.mark.parametrize("as_link", [False, True])
def test_a_file_that_the_plan_names_gives_the_figures_of_its_hours(given, as_link):
    held = hours_file.hours_of(PLAN.hours_files[0], SERIES)
    status, out, said = given("mine.csv", as_link=as_link)
    assert (status, said) == (0, "")
    assert out == write_results(results.of(PLAN.with_hours([held.key])))
    without = given(as_link=as_link)
    assert without[:2] == (0, write_results(results.of(PLAN)))
    assert without[1] != out
    assert without[2].startswith(
        "the hours of Germany are those of the reference year: they were to come from mine.csv"
    )


def test_place_puts_work_by_the_hours_of_the_file_given(tmp_path, capsys):
    (tmp_path / "mine.csv").write_bytes(RAW)
    held = hours_file.hours_of(PLAN.hours_files[0], SERIES)
    for hours, plan in (([], PLAN), (["--hours", str(tmp_path / "mine.csv")], PLAN.with_hours([held.key]))):
        assert main(["place", f"?s={link.encode(PLAN)}", "--weeks", "2", *hours]) == 0
        out, said = capsys.readouterr()
        found = problem(plan)
        done = jointly(found, spread_weeks(found, 2))
        row = next(row for row in csv.DictReader(io.StringIO(out)) if row["workload"] == "W2")
        assert (float(row["carbon_before_kg"]), float(row["carbon_after_kg"])) == done.carbon_kg("W2")
        assert (len(found.hours_g_per_kwh), found.of_file) == ((1_500, ("Germany",)) if hours else (8_760, ()))
        assert ("mine.csv" in said) == (not hours)


def test_another_file_and_one_that_is_not_there_are_refused(given):
    status, out, said = given("other.csv")
    assert (status, out) == (2, "")
    assert "other.csv: the plan does not name this file of hours; it names mine.csv (SHA-256 " in said
    assert given("none.csv")[2].endswith("none.csv: No such file or directory")
