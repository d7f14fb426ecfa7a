"""`actuals`: measured beside planned as a file whose parts add up; what is wrong is told and left out."""

import csv
import io
from collections import defaultdict
from pathlib import Path

import pytest

from core import table
from core.__main__ import main
from core.plan import Actual
from core.plan.example import FILE, example_plan
from core.targets.actuals import beside_plan
from core.targets.actuals_table import COLUMNS, write_actuals

ROWS = Path(__file__).parents[1] / "golden" / "actuals.csv"


def ask(tmp_path, *arguments):
    out = tmp_path / "out.csv"
    status = main(["actuals", *map(str, arguments), "-o", str(out)])
    return status, list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))


def test_the_parts_of_every_difference_add_up_and_are_the_pages(tmp_path):
    status, read = ask(tmp_path, FILE, "--add", ROWS)
    assert (status, tuple(read[0])) == (0, COLUMNS)
    parts = defaultdict(list)
    for row in read:
        if row["cause"]:
            parts[row["workload"], row["period"], row["quantity"], float(row["difference"])].append(float(row["part"]))
    assert len(parts) == 9
    for (*_, difference), amounts in parts.items():
        assert sum(amounts) == pytest.approx(difference)
    causes = [row["cause"] for row in read if (row["period"], row["quantity"]) == ("2026-03", "carbon_location_kg")]
    assert causes == ["volume+efficiency", "grid"]


def test_measurements_of_the_plan_itself_are_told_without_a_file(tmp_path, capsys):
    plan = example_plan().with_actuals([
        Actual(id="A1", workload="W2", year=2024, requests=5, source="=log"),
        Actual(id="A2", workload="W5", year=2026, requests=5, source="=log"),
    ])  # fmt: skip
    source = tmp_path / "plan.csv"
    source.write_text(table.write_plan(plan), encoding="utf-8")
    status, (first, second) = ask(tmp_path, source)
    assert status == 1
    assert "Employee knowledge assistant, 2024: the plan has no figures of 2024" in capsys.readouterr().err
    assert (first["quantity"], first["reason"][:11], first["source"]) == ("", "the plan ha", "'=log")
    assert (second["measured"], second["planned"], second["cause"]) == ("5.0", "", "")
    assert write_actuals(beside_plan(plan)).count("\n") == 3


def test_wrong_rows_are_told_by_file_and_line_and_no_file_is_an_argument_that_cannot_be_used(tmp_path, capsys):
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("workload,period,requests\nW9,2026,5\nW2,2026,5\n", encoding="utf-8")
    status, read = ask(tmp_path, FILE, "--add", wrong)
    assert (status, len(read)) == (1, 1)
    assert "wrong.csv, line 2, column workload: workload is 'W9'" in capsys.readouterr().err
    assert main(["actuals", str(FILE), "--add", str(tmp_path / "none.csv")]) == 2
    wrong.write_text("a,b\n1,2\n", encoding="utf-8")
    assert main(["actuals", str(FILE), "--add", str(wrong)]) == 2
