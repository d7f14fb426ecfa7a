"""`uncertain`: how sure a plan is as a file, the same figures and bytes as the page's."""

import csv
import io

import pytest

from core import table
from core.__main__ import main
from core.decide.tornado import tornado
from core.decide.uncertain import fan, lower_share, met_by_year, uncertain
from core.decide.uncertain_table import COLUMNS, write_uncertain
from core.plan.example import example_plan
from core.plan.example_target import with_example_target
from core.plan.lever import Lever

PLAN = with_example_target(example_plan()).but(
    points="256", last_year=2031, levers=(Lever(id="concise_output"), Lever(id="newer_gpu", choice="H200"))
)


def ask(tmp_path, plan, *more):
    source, out = tmp_path / "plan.csv", tmp_path / "out.csv"
    source.write_text(table.write_plan(plan), encoding="utf-8")
    status = main(["uncertain", str(source), "-o", str(out), *more])
    return status, out.read_text(encoding="utf-8")


def test_the_file_holds_the_fan_the_probabilities_and_the_tornado(tmp_path):
    status, text = ask(tmp_path, PLAN)
    assert (status, text) == (0, write_uncertain(PLAN))
    rows = list(csv.DictReader(io.StringIO(text)))
    found, place = uncertain(PLAN), 2
    year = rows[place]
    assert tuple(year) == COLUMNS
    band = fan(found.plan_kg)
    assert float(year["plan_p90_t"]) * 1e3 == pytest.approx(float(band.p90[place]))
    assert float(year["lower_share"]) == lower_share(found.plan_kg[place], found.usual_kg[place])
    assert float(year["met_share"]) == met_by_year(PLAN)[2028]
    bars = tornado(PLAN, "emissions", 2031).bars
    inputs = [row for row in rows if row["record"] == "input"]
    assert [row["input"] for row in inputs] == [bar.factor for bar in bars]
    assert float(inputs[0]["plan_at_high_t"]) * 1e3 == pytest.approx(bars[0].at_high)
    assert (inputs[0]["status"], inputs[0]["source"], inputs[0]["unit"]) == ("entered", "input", "% a year")
    assert {row["total_share"] for row in inputs} == {""}


def test_shares_of_the_variance_come_when_asked_for(tmp_path):
    two = PLAN.but(workloads=PLAN.workloads[:2], target=example_plan().target, levers=())
    status, text = ask(tmp_path, two, "--shares")
    assert {row["lower_share"] for row in csv.DictReader(io.StringIO(text))} == {""}  # no lever: nothing to compare
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["record"] == "input"]
    shares = [float(row["first_order_share"]) for row in rows]
    assert status == 0
    assert 0.7 < sum(shares) < 1.1
    assert max(shares) == shares[0]


def test_a_workload_without_figures_is_told(tmp_path, capsys):
    status, text = ask(tmp_path, PLAN.with_workload("W2", model="own:gone"))
    assert status == 1
    assert "W2: model is 'own:gone'" in capsys.readouterr().err
    assert text.startswith("record,year")
