"""`optimise`: the same answer as `found(plan)`, as rows or as JSON; what is left out, and why, is told."""

import csv
import io
import json
from pathlib import Path

import pytest

from core import table
from core.__main__ import main
from core.decide.search import found
from core.decide.search_table import COLUMNS
from tests.decide.plans import TWELVE, searched_plan

GOLDEN = Path(__file__).parents[1] / "golden" / "optimise_plan.csv"


def ask(tmp_path, plan, *more):
    source, out = tmp_path / "plan.csv", tmp_path / "out.csv"
    source.write_text(table.write_plan(plan), encoding="utf-8")
    return main(["optimise", str(source), "-o", str(out), *more]), out.read_text(encoding="utf-8")


def test_the_file_has_the_best_choice_the_plan_without_any_and_the_front(tmp_path, capsys):
    answer = found(table.read_plan(GOLDEN.read_text(encoding="utf-8")).plan)
    out = tmp_path / "out.csv"
    assert main(["optimise", str(GOLDEN), "-o", str(out)]) == 0
    read = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))
    assert tuple(read[0]) == COLUMNS
    assert [row["choice"] for row in read] == ["best", "without candidates", *["front"] * len(answer.front)]
    for row, choice in zip(read, (answer.best, answer.usual, *answer.front), strict=True):
        assert row["levers"] == "; ".join(f"{lever.id}={lever.start_year}" for lever in choice.levers)
        assert float(row["cost_usd"]) == choice.cost_usd
        assert float(row["carbon_all_years_kg"]) == choice.carbon_all_years_kg
        assert row["meets"] == ("yes" if choice.meets else "no")
    assert answer.said in capsys.readouterr().err


def test_the_json_holds_the_proof_the_reasons_and_the_same_figures(tmp_path, capsys):
    plan = searched_plan((*TWELVE, TWELVE[0].but(id="offsets")), meet_share=0.4)
    status, text = ask(tmp_path, plan, "--json")
    answer, told = found(plan), json.loads(text)
    assert status == 0
    assert (told["status"], told["proven"], told["sets_searched"]) == ("found", True, 4096)
    assert told["choices"][0]["cost_usd"] == answer.best.cost_usd
    why = "it stands outside every total, so that it brings no plan nearer to its target"
    assert told["excluded"] == [{"lever": "offsets", "why": why}]
    assert f"Carbon credits (offsets): {why}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (searched_plan(()), "No lever is a candidate: choose those that the search may use."),
        (searched_plan(TWELVE).with_target(target_year=None), "Target year: by when must emissions have fallen?"),
        (searched_plan(TWELVE, meet_share=0.4, budget_usd=0), "Met with a budget of 24,300 USD instead of 0 USD"),
    ],
)
def test_a_search_without_an_answer_ends_with_status_1_and_says_why(tmp_path, capsys, plan, said):
    status, _ = ask(tmp_path, plan)
    assert status == 1
    assert said in capsys.readouterr().err.splitlines()


def test_a_file_that_is_none_ends_with_status_2(capsys):
    assert main(["optimise", "no-such-file.csv"]) == 2
    assert capsys.readouterr().err.startswith("no-such-file.csv: ")
