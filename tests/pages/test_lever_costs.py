"""What a lever takes, on the What-if page: in its panel, beside its effect, in the waterfall, among the factors."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from core import link, words
from core.plan import Plan
from core.plan.example import example_plan
from core.plan.lever import Lever
from core.results import effects
from core.results.factors import factors
from core.ui import lever_words
from tests.pages.open_at import open_at
from tests.results.test_lever_work import HALL

APP = str(Path(__file__).parents[2] / "app.py")
SHORTER = Lever(id="concise_output", value=0.5)
PLAN = Plan(workloads=(HALL,), levers=(SHORTER,))


def _open(plan: Plan, opened: str = "") -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params["s"] = link.encode(plan)
    if opened:
        app.session_state[f"lever:{opened}:more"] = True
    return open_at(app, "what-if")


def _lever(app: AppTest) -> Lever:
    found: Lever = app.session_state["glidepath"].plan.levers[0]
    return found


def test_what_a_lever_takes_is_typed_in_its_panel_and_stands_in_the_plan() -> None:
    app = _open(PLAN, "concise_output")
    days = app.text_input(key="lever:concise_output:once_days")
    assert (days.value, days.placeholder) == ("", "3.5, estimate")
    assert app.text_input(key="lever:concise_output:once_usd").placeholder == "unknown"
    days.set_value("12").run()
    app.text_input(key="lever:concise_output:elasticity").set_value("0.5").run()
    assert _lever(app) == SHORTER.but(once_days=12.0, elasticity=0.5)
    assert any("Rebound is the use that grows" in one.value for one in app.markdown)


def test_a_tonne_avoided_has_its_price_beside_the_effect_and_a_saving_says_so() -> None:
    told = lever_words.cost_of(effects.effect_alone(PLAN, SHORTER.but(once_days=0.0)), PLAN)
    assert told.startswith("−")
    assert told.endswith("USD/t: saves money")
    assert any(
        words.markdown_safe(told) in one.value for one in _open(PLAN.but(levers=(SHORTER.but(once_days=0.0),))).markdown
    )
    assert "/t" in (dear := lever_words.cost_of(effects.effect_alone(PLAN, SHORTER.but(once_days=9_999.0)), PLAN))
    assert dear.startswith("+")


def test_a_lever_whose_cost_nobody_named_says_so_beside_its_effect_and_under_the_cost() -> None:
    newer = Lever(id="newer_gpu", choice="B200")
    assert lever_words.cost_of(effects.effect_alone(PLAN, newer), PLAN) == "no sourced cost"
    said = [one.value for one in _open(PLAN.but(levers=(newer,))).markdown]
    assert any(words.markdown_safe("No sourced cost, so not in this sum: Newer accelerators.") in line for line in said)


def test_a_workloads_factors_hold_the_values_of_its_levers_with_range_and_source() -> None:
    plan = example_plan().but(levers=(Lever(id="spec_decode"), SHORTER, Lever(id="layer_prune", workloads=("W2",))))
    workload = plan.workload("W2")
    assert workload is not None
    rows = {row.name: row for row in factors(plan, workload) if row.name.startswith("Lever: ")}
    kept = rows["Lever: Shorter answers, answer length kept"]
    assert (kept.value, kept.low, kept.high, kept.status, kept.source) == (0.5, 0.5, 0.9, "entered", "input")
    drafted = rows["Lever: Speculative decoding, tokens drafted at a time"]
    assert (drafted.value, drafted.low, drafted.high) == (3.0, 3.0, 5.0)
    assert any("Speculative decoding" in name and row.source for name, row in rows.items() if row is not drafted)
    healing = rows["Lever: Layers removed, electricity once"]
    assert (healing.value, healing.low, healing.high) == (20.0, 5.0, 50.0)
