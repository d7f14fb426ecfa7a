"""The cards of a phone say what the grid says, for every kind of workload."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import results
from core.plan import Plan, Workload
from core.plan.example import example_plan
from core.ui.cards import card

APP = str(Path(__file__).parents[2] / "app.py")


@pytest.mark.parametrize("workload", example_plan().workloads, ids=lambda workload: str(workload.id))
def test_a_card_names_the_workload_who_hosts_it_and_its_growth(workload: Workload) -> None:
    said = card(results.of(example_plan()), workload)
    assert (said["id"], said["name"]) == (workload.id, workload.name)
    assert " · " in said["who"]
    assert ("a day" if workload.kind == "inference" else "run") in said["use"]
    assert said["use"].endswith("% a year")
    assert said["carbon"].endswith("CO₂e in\u00a02030")


def test_a_workload_without_figures_says_so() -> None:
    refused = Workload(id="W1", region="NOWHERE")
    assert card(results.of(Plan(workloads=(refused,))), refused)["carbon"] == "no figure"


def test_an_opened_card_is_the_workload_in_detail() -> None:
    app = AppTest.from_file(APP, default_timeout=60).run()
    app.session_state["glidepath"].selected = "W4"
    app.run()
    assert not app.exception
    assert app.selectbox(key="detail").value == "W4"
    (cards,) = [str(found.proto) for found in app.get("bidi_component") if "cards" in found.proto.id]
    assert '"open":"W4"' in cards.replace("\\", "").replace(" ", "")
