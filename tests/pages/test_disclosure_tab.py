"""The Disclosure tab of the Targets page, and what the Plan page says of scopes: sums, scores, what is not known."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import link, results, words
from core.plan import Plan, Workload
from core.plan.example import example_plan
from core.plan.lever import Lever
from core.results.inventory_view import as_inventory
from core.results.sci import scores_by_role
from core.results.scopes import inventory_kg
from core.targets.warnings import credits_said
from tests.pages.open_at import open_at

APP = str(Path(__file__).parents[2] / "app.py")
CREDITS = example_plan().but(levers=(Lever(id="offsets", value=50.0),)).with_target(avoided_t=1200)
DIRECT = Plan(
    last_year=2027,
    workloads=(
        Workload(id="W1", name="Here", region="USST-CA", contract_share=((2026, 0.5),)),
        Workload(id="W2", name="Hall", hosting="colocation", it_control="landlord", region="DE"),
    ),
)


def _open(plan: Plan, page: str, key: str, value: object) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params["s"] = link.encode(plan)
    app.session_state[key] = value
    app = open_at(app, page)
    assert not app.exception
    return app


def _tab(plan: Plan) -> AppTest:
    return _open(plan, "targets", "target:tab", "Disclosure")


def _said(app: AppTest) -> str:
    text = "\n".join(str(one.value) for one in app.markdown)
    for mark in ("\u2060", "\\"):
        text = text.replace(mark, "")
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def _sums(app: AppTest) -> list[str]:
    return list(next(t.value for t in app.table if "Rows" in t.value.columns)["Location"])


def test_the_tab_shows_the_sums_of_the_file_which_are_the_inventorys() -> None:
    app = _tab(example_plan())
    found = results.of(as_inventory(example_plan()))
    total_t = float(inventory_kg(found, 2030, "location")[0]) / 1_000
    assert float(_sums(app)[-1].split("\u00a0")[0]) == pytest.approx(total_t, rel=0.01)
    app.toggle(key="disclosure_inventory").set_value(False).run()
    plain = float(inventory_kg(results.of(example_plan()), 2030, "location")[0]) / 1_000
    assert plain != pytest.approx(total_t, rel=0.01)
    assert float(_sums(app)[-1].split("\u00a0")[0]) == pytest.approx(plain, rel=0.01)


@pytest.mark.parametrize("booked", [True, False])
def test_a_filter_changes_nothing_of_what_is_disclosed_and_that_is_said(booked: bool) -> None:
    units = dict(zip(("W1", "W2"), ("A", "B"), strict=True))
    plan = DIRECT.but(workloads=tuple(w.but(business_unit=units[w.id]) for w in DIRECT.workloads))
    plan = plan.with_workload("W2", contract_share=((2026, 0.25),))
    whole, part = (_tab(one).toggle(key="disclosure_inventory").set_value(booked).run()
                   for one in (plan, plan.but(business_unit="A")))  # fmt: skip
    covered_kwh = results.of(plan).values["energy_contract_kwh"][:, 1, 0].sum()
    assert plan.shown_year() == 2027
    told = f"Contracts and certificates cover {words.quantity(covered_kwh, words.energy_scale(covered_kwh), 3)}:"
    for app in (whole, part):
        assert told.replace("\u00a0", " ") in _said(app)
    assert _sums(part) == _sums(whole)
    assert [m.value for m in part.metric] == [m.value for m in whole.metric]
    assert ("whatever the filter" in _said(part), "whatever the filter" in _said(whole)) == (True, False)


def test_both_scores_stand_apart_and_neither_is_a_sum() -> None:
    app = _tab(example_plan())
    shown = {m.label: m.value for m in app.metric}
    scores = {one.role: one.per_k_tokens()[0] for one in scores_by_role(results.of(example_plan()), 2030)}
    assert shown["Running models (consumer), CO₂e"] == f"{scores['consumer'] * 1000:.2g}\u00a0mg"
    assert shown["Training models (provider), CO₂e"] == f"{scores['provider']:.2g}\u00a0g"
    assert "Two boundaries, never added" in _said(app)


def test_credits_and_avoided_emissions_are_said_and_in_no_row() -> None:
    bare, said = _tab(example_plan()), _tab(CREDITS)
    assert f"{credits_said(50_000.0)} They are in no row." in _said(said)
    told = "Avoided emissions (1 200 t) are shown for information. They are in no row and change no total."
    assert told in _said(said)
    assert _sums(said) == _sums(bare)


def test_what_no_contract_covers_and_whose_fuel_supply_is_unknown_is_said_in_both_places() -> None:
    plan_page, tab = _open(DIRECT, "", "wide_scopes", True), _tab(DIRECT)
    for app in (plan_page, tab):
        said = _said(app)
        assert "of Hall, Here take the grid's average: no contract covers them and no residual mix" in said
        assert (
            "of Here are on stack emissions only: their fuel supply and losses are not known and not included" in said
        )
        assert "Scope 1 is not computed: fuel of your own generators belongs there" in said
    table = next(t.value for t in plan_page.table if "Grid factor counts" in t.value.columns)
    assert list(table["Scope"]) == [
        "2: purchased electricity", "3, category 2: capital goods", "3, category 8: upstream leased assets",
    ]  # fmt: skip
    assert "Contracts and certificates cover" in _said(tab)


def test_without_workloads_that_have_figures_there_is_nothing_to_disclose() -> None:
    lost = Plan(workloads=(Workload(id="W1", region="own:gone"),))
    app = _tab(lost)
    assert "No workload of this plan has figures yet, so there is nothing to disclose." in _said(app)
    assert not app.get("download_button") or all("Disclosure" not in str(b.label) for b in app.get("download_button"))
