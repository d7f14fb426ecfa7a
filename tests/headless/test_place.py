"""`python -m core place`: every workload placed with the others; what cannot be is one sentence."""

import csv
import io

import pytest

from core import link, table
from core.__main__ import main
from core.plan.example import example_plan
from core.results.joint import jointly, jointly_realised, problem, spread_weeks

PLAN = example_plan().with_workload("W2", room_away_ratio=0.5, moving_share=0.1)


@pytest.fixture
def ask(tmp_path, capsys):
    """Run the command on a plan: exit status, rows, what was said."""

    def answer(plan, *more, as_link=False):
        file = tmp_path / "plan.csv"
        file.write_text(table.write_plan(plan), encoding="utf-8")
        status = main(["place", f"?s={link.encode(plan)}" if as_link else str(file), *more])
        out, said = capsys.readouterr()
        return status, list(csv.DictReader(io.StringIO(out))), said.strip()

    return answer


def test_rows_are_the_engine_s_and_room_and_moving_travel_in_file_and_link(ask):
    status, rows, _ = ask(PLAN, "--weeks", "2")
    found = problem(PLAN)
    done = jointly(found, spread_weeks(found, 2))
    assert status == 0
    by = {row["workload"]: row for row in rows}
    assert float(by["all"]["saving_pct"]) == pytest.approx(done.saved_share() * 100)
    realised = jointly_realised(found, spread_weeks(found, 2))
    assert realised is not None
    assert float(by["all"]["realised_profile_pct"]) == pytest.approx(realised.profile_pct)
    assert float(by["W2"]["carbon_after_kg"]) == pytest.approx(done.carbon_kg("W2")[1])
    assert (by["W6"]["note"], by["W6"]["error"]) == ("it does no work in the year shown", "")
    status, others, _ = ask(PLAN.with_workload("W1", region="XX"), "--weeks", "1")
    (nowhere,) = (row for row in others if row["workload"] == "W1")
    assert (status, nowhere["note"]) == (1, "")
    assert nowhere["error"].startswith("region is 'XX'")
    placed = dict(part.split("=") for part in by["W2"]["placed"].split("; "))
    assert sum(map(float, placed.values())) == pytest.approx(1)
    assert ask(PLAN, "--weeks", "2", as_link=True)[1] == rows
    free = ask(PLAN.with_workload("W2", room_away_ratio=1.0, moving_share=0.0), "--weeks", "2")[1]
    assert float(free[1]["carbon_after_kg"]) < float(by["W2"]["carbon_after_kg"])


def test_what_cannot_be_is_said_with_exit_status_2(ask):
    full = PLAN.but(workloads=(PLAN.workload("W2").but(room_home_ratio=0.5, room_away_ratio=0.0),))
    status, rows, said = ask(full, "--weeks", "1")
    assert (status, rows) == (2, [])
    assert said.startswith("in the week from 01 January, capacity binds: ")
    assert ask(PLAN, "--weeks", "99")[2] == "weeks is 99; it must lie in [1, 52]"
    assert ask(PLAN.but(workloads=()))[2] == "no workload can be placed: none of their energy can move"
