"""A file of many plans: each comes to what it comes to alone, and what is wrong stands in rows of its own."""

import csv
import io
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.__main__ import main
from core.batch import plans
from core.batch.plan_block import csv_lines
from core.batch.plans import plan_blocks
from core.batch.pool import on_processes
from core.headless.cases import UnusableError
from core.plan import Plan, Workload
from core.results import of
from core.results_table import COLUMNS, write_results
from core.table import read_plan, write_plan

SMALL = Plan(name="Small", first_year=2026, last_year=2027, workloads=(Workload(id="A"), Workload(id="B", batch=4.0)))
GIVEN = {
    "first": SMALL,
    "=second": SMALL.but(name="Two", workloads=(Workload(id="A", region="FR"),)),
    "third, with a comma": SMALL.but(workloads=(Workload(id="A"), Workload(id="gone", model="no-such"))),
}


def together(given):
    """Plans by name as one CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for place, (name, plan) in enumerate(given.items()):
        header, *rows = csv.reader(io.StringIO(write_plan(plan)))
        writer.writerows([["plan_id", *header]] if place == 0 else [])
        writer.writerows([name, *row] for row in rows)
    return out.getvalue()


def alone(plan):
    """The rows of a plan's own results."""
    read = read_plan(write_plan(plan)).plan
    return list(csv.DictReader(io.StringIO(write_results(of(read)))))


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "plans.csv"
    path.write_text(together(GIVEN), encoding="utf-8")
    return path


def test_each_plan_comes_to_what_it_comes_to_alone(file, tmp_path):
    out = tmp_path / "out.csv"
    assert main(["plan", str(file), "-o", str(out), "--workers", "1"]) == 1
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert list(rows[0]) == ["plan_id", *COLUMNS, "error"]
    assert list(dict.fromkeys(row["plan_id"] for row in rows)) == ["first", "'=second", "third, with a comma"]
    for (name, plan), shown in zip(GIVEN.items(), ("first", "'=second", name_of := "third, with a comma"), strict=True):
        mine = [row for row in rows if row["plan_id"] == shown and not row["error"]]
        assert [{column: row[column] for column in COLUMNS} for row in mine] == alone(plan), name
    wrong = [(row["plan_id"], row["workload_id"], row["error"]) for row in rows if row["error"]]
    assert wrong == [(name_of, "gone", "model is 'no-such'; it is not in the catalog")]


def test_plans_one_by_one_and_together_are_the_same_bytes(file, monkeypatch):
    found = []
    for many in (1, 2, 8):
        monkeypatch.setattr(plans, "TOGETHER", many)
        found.append(b"".join(csv_lines(block).data for block in plan_blocks(file)))
    assert found[0] == found[1] == found[2]


def test_parquet_in_and_out_hold_what_a_csv_holds(file, tmp_path):
    rows = list(csv.DictReader(file.open(encoding="utf-8")))
    columns = {name: [row[name] or None for row in rows] for name in rows[0]}
    typed = {name: pa.array([v and float(v) for v in columns[name]]) for name in ("batch", "input_tokens", "seed")}
    pq.write_table(pa.table(columns | typed), tmp_path / "plans.parquet")
    assert main(["plan", str(file), "-o", str(tmp_path / "out.csv"), "--workers", "1"]) == 1
    asked = ["plan", str(tmp_path / "plans.parquet"), "-o", str(tmp_path / "out.parquet"), "--workers", "1"]
    assert main(asked) == 1
    table = pq.read_table(tmp_path / "out.parquet")
    expected = list(csv.DictReader((tmp_path / "out.csv").open(encoding="utf-8")))
    assert table.num_rows == len(expected)
    for found, row in zip(table.to_pylist(), expected, strict=True):
        for name, value in found.items():
            text = row[name].removeprefix("'") if name == "plan_id" else row[name]
            assert ("" if value is None else value) == (type(value)(text) if value is not None else text), name


def test_what_is_wrong_is_told_by_the_line_of_the_whole_file(file):
    lines = file.read_text(encoding="utf-8").split("\n")
    at = next(place for place, line in enumerate(lines) if line.startswith("=second,workload"))
    lines[at] = lines[at].replace(",FR,", ",FR,", 1).replace(",vllm,", ",tgi,")
    file.write_text("\n".join(lines), encoding="utf-8")
    told = [row["error"] for block in plan_blocks(file) for row in _errors(block)]
    assert f"line {at + 1}, column serving: serving is 'tgi'; it must be one of vllm, vllm-2024, transformers" in told


def _errors(block):
    header = io.StringIO(",".join(["plan_id", *COLUMNS, "error"]) + "\n" + csv_lines(block).data.decode())
    return [row for row in csv.DictReader(header) if row["error"]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("plan_id,name\na,b\n", "the column 'record' is missing; this is no file of many plans"),
        ("record,plan_id,gpus\nplan,a,1\n", "column 'gpus' is not known; known are plan_id, record, name"),
    ],
)
def test_a_file_of_other_columns_is_refused(text, said, tmp_path, capsys):
    path = tmp_path / "plans.csv"
    path.write_text(text, encoding="utf-8")
    assert main(["plan", str(path), "-o", str(tmp_path / "out.csv")]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out.csv").exists()


def test_hours_of_one_plan_are_refused_for_many(file, capsys):
    assert main(["plan", str(file), "--hours", "x.csv"]) == 2
    assert capsys.readouterr().err.startswith("--hours is for one plan")


def test_a_plan_of_too_many_rows_is_held_no_further_than_its_limit(tmp_path):
    path = tmp_path / "plans.csv"
    path.write_text("plan_id,record\n" + "a,workload\n" * 9_000, encoding="utf-8")
    ((given,),) = plan_blocks(path)
    assert (given.rows, given.text.count("\n")) == (9_000, 5_002)


def test_processes_answer_in_order_and_one_that_dies_is_told():
    assert list(on_processes(str.upper, "abcdef", 2)) == list("ABCDEF")
    with pytest.raises(UnusableError, match=r"^a worker process ended before its work was done"):
        list(on_processes(os._exit, [3, 3], 2))


def test_a_link_longer_than_any_name_is_no_file():
    assert not plans.holds_plans("s=" + "x" * 70_000)
    assert not plans.holds_plans(str(Path(__file__).parent))
