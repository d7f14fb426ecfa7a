"""The Optimise page without a browser: it asks, answers with the search's own digits, applies, and says why not."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core import catalog as facts
from core import link, results, words
from core.decide.abatement import curve
from core.decide.candidates import with_choice
from core.decide.found import Choice, Relaxation
from core.decide.robust import outcome, stresses
from core.decide.search import found
from core.decide.searching import Progress
from core.decide.suggested import suggested
from core.plan import Plan
from core.plan.example import example_plan
from core.plan.example_target import with_example_target
from core.plan.lever import Lever
from core.results.effects import usual
from core.targets.judged import judged
from core.targets.tracked import ALL_SCOPES
from core.ui import optimise, optimise_stress, optimise_wait
from core.ui.optimise import ASKS, chance_said
from core.ui.optimise_candidates import quality_told
from core.ui.optimise_front import MOST_ROWS, levers_at
from core.ui.optimise_miss import relaxed
from core.ui.optimise_stress import ANSWER, NONE
from core.ui.optimise_tabs import TABS
from tests.pages.open_at import open_at

APP = str(Path(__file__).parents[2] / "app.py")
TARGETED = with_example_target(example_plan()).but(points="256")
KEYS = ("smaller_model", "geo_shift", "concise_output", "prompt_trim")


def _usual(key: str) -> Lever:
    return usual(facts.load().levers[key])


PLAN = TARGETED.but(candidates=tuple(_usual(key) for key in KEYS))


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run of the page waits for its search, however busy the machine is: nobody looks at it again here."""
    monkeypatch.setattr(optimise_wait, "SOON_S", 60.0)


def _open(plan: Plan) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60)
    if plan != example_plan():
        app.query_params["s"] = link.encode(plan)
    app = open_at(app, "optimise")
    assert not app.exception
    return app


@lru_cache(maxsize=1)
def _reading() -> AppTest:
    """One tab for all that is only read."""
    return _open(PLAN)


def _shown(plan: Plan, tab: str = "cost", **state: object) -> AppTest:
    """A plan on the page of the tab that nobody types into."""
    app = _reading()
    app.session_state["glidepath"].plan = plan
    app.session_state["glidepath"].choice = None
    app.session_state["glidepath"].stopped = ()
    app.session_state["optimise:tab"] = TABS[tab][0]
    for key, value in state.items():
        app.session_state[key] = value
    app = app.run()
    assert not app.exception
    return app


def _said(app: AppTest) -> str:
    every = [*app.header, *app.subheader, *app.markdown, *app.warning, *app.info]
    text = "\n".join(str(one.value) for one in every)
    for mark in ("\u2060", "\\"):
        text = text.replace(mark, "")
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def _plan(app: AppTest) -> Plan:
    held: Plan = app.session_state["glidepath"].plan
    return held


def test_a_newcomer_gets_to_an_answer_with_two_clicks() -> None:
    app = _open(example_plan().but(workloads=example_plan().workloads[1:2]))
    assert app.header[0].value == ASKS["asked"]
    assert not app.get("vega_lite_chart")
    app.button(key="optimise:target").click().run()
    assert app.header[0].value == ASKS["no candidates"]
    app.button(key="candidate:suggest").click().run()
    assert not app.exception
    assert _plan(app).candidates == suggested(_plan(app))
    answer = found(_plan(app))
    assert answer.best is not None
    assert words.count(len(answer.best.levers), "lever") in app.header[0].value
    assert chance_said(answer.best.met_share) in app.header[0].value


def test_a_target_already_met_is_said() -> None:
    little = with_example_target(example_plan().but(workloads=example_plan().workloads[3:4]))
    met = little.but(candidates=(_usual("ptq_fp8"),))
    app = _open(met)
    assert app.header[0].value == ASKS["met already"]
    assert found(met).said in _said(app)


def test_the_headline_has_the_digits_of_the_search() -> None:
    answer = found(PLAN)
    assert answer.best is not None
    best = answer.best
    amount = words.quantity(abs(best.cost_usd), words.money_scale(abs(best.cost_usd)), 2)
    many = words.count(len(best.levers), "lever")
    verb = "save" if best.cost_usd < 0 else "cost"
    said = _said(_shown(PLAN))
    assert (
        f"{many} meet the 2031 pathway {chance_said(best.met_share)} and {verb} {amount}".replace("\u00a0", " ") in said
    )
    for lever in best.levers:
        assert f"**{lever.kind().name}** from {lever.start_year}" in said
    assert f"{answer.sets_searched} sets" in said


def test_machines_that_the_answer_gives_back_are_told_beside_its_cost() -> None:
    keys = ("ptq_fp8", "geo_shift", "concise_output", "prompt_trim", "semantic_cache")
    plan = TARGETED.but(candidates=tuple(_usual(key) for key in keys))
    answer = found(plan)
    assert answer.best is not None
    assert "ptq_fp8" in [lever.key for lever in answer.best.levers]
    assert (
        "Document processing, nightly: its 4 installed accelerators are sized anew under “8-bit weights and arithmetic "
        "(FP8)”, and those given back count as saved." in _said(_shown(plan, "worlds"))
    )


def test_one_click_applies_the_answer_and_one_undo_takes_it_back() -> None:
    app = _open(PLAN)
    best = found(PLAN).best
    assert best is not None
    headline = app.header[0].value
    app.button(key="apply:best").click().run()
    assert _plan(app) == with_choice(PLAN, best.levers)
    assert app.button(key="apply:best").disabled
    assert app.header[0].value == headline
    app.button(key="undo").click().run()
    assert _plan(app) == PLAN


def test_a_link_brings_the_same_answer_to_a_reviewer() -> None:
    asked = PLAN.with_search(meet_share=0.9)
    assert _open(asked).header[0].value == _shown(asked).header[0].value


def test_another_choice_can_be_looked_at_and_applied() -> None:
    app = _open(PLAN)
    some = choices_of(PLAN)
    other = next(place for place, one in enumerate(some) if place and one.levers)
    app.selectbox(key="optimise:pick").select(other).run()
    assert not app.exception
    names = ", ".join(lever.kind().name for lever in some[other].levers)
    assert words.capital(names) in _said(app)
    app.button(key="apply:picked").click().run()
    assert _plan(app).levers == some[other].levers


def test_a_dot_looks_at_its_choice_and_letting_go_at_the_answer() -> None:
    some = choices_of(PLAN)
    assert levers_at(some, 1) == some[1].levers
    assert (levers_at(some, None), levers_at(some, len(some))) == (None, None)
    app = _shown(PLAN)
    assert app.selectbox(key="optimise:pick").value == 0


def choices_of(plan: Plan) -> tuple:  # type: ignore[type-arg]
    best, front = found(plan).best, found(plan).front
    return (*([best] if best else []), *(one for one in front if best is None or one.levers != best.levers))


def test_where_none_meets_the_nearest_miss_is_told_and_each_relaxation_is_a_click_away() -> None:
    hopeless = PLAN.but(candidates=(_usual("concise_output"), _usual("prompt_trim")))
    answer = found(hopeless)
    assert answer.status == "none meets"
    assert answer.nearest is not None
    app = _shown(hopeless)
    assert app.header[0].value == ASKS["none meets"]
    said = _said(app)
    assert answer.nearest.said in said
    for one in answer.relaxations:
        assert one.said in said


def _relaxation(limit: str, needed: float, choice: Choice) -> Relaxation:
    return Relaxation(
        limit=limit, now=0.8, needed=needed, unit="", choice=choice, said=f"{limit} must come to {needed}"
    )


def test_one_click_relaxes_one_limit_as_far_as_is_needed_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    hopeless = PLAN.but(candidates=(_usual("concise_output"), _usual("prompt_trim"))).with_search(budget_usd=1e6)
    answer = found(hopeless)
    assert answer.nearest is not None
    two = (_relaxation("meet_share", 0.25, answer.nearest.choice), _relaxation("target", 5.0, answer.nearest.choice))
    monkeypatch.setattr(optimise, "found", lambda plan: replace(answer, relaxations=two))
    app = _open(hopeless)
    for one in two:
        assert one.said in _said(app)
    app.button(key="relax:meet_share").click().run()
    assert _plan(app) == hopeless.with_search(meet_share=0.25)
    assert not [one for one in app.button if one.key == "relax:target"]  # a target is said on its own page


def test_earlier_years_are_those_of_every_candidate_and_none_before_the_plan() -> None:
    best = found(PLAN).best
    assert best is not None
    late = PLAN.but(candidates=(_usual("prompt_trim").but(start_year=2030), _usual("pue").but(start_year=2027)))
    after = relaxed(late, _relaxation("start_year", 3, best)).candidates
    assert [lever.start_year for lever in after] == [2027, 2026]


def test_what_the_search_says_would_make_it_possible_does_once_it_is_allowed() -> None:
    broke = PLAN.with_search(budget_usd=0.0)
    answer = found(broke)
    assert answer.status == "none meets"
    one = next(one for one in answer.relaxations if one.limit == "budget_usd")
    app = _open(broke)
    assert one.said in _said(app)
    app.button(key="relax:budget_usd").click().run()
    assert _plan(app).search.budget_usd == one.needed
    assert found(_plan(app)).status == "found"
    assert words.count(len(one.choice.levers), "lever") in app.header[0].value


def test_two_limits_that_bind_together_are_allowed_together_with_one_click() -> None:
    tight = PLAN.with_search(budget_usd=0.0, latency_ceiling_s=1.0)
    first = found(tight).relaxations[0]
    assert {change.limit for change in first.changes} == {"budget_usd", "latency_ceiling_s"}
    app = _open(tight)
    assert first.said in _said(app)
    assert "The smallest change that would make it possible" in _said(app)
    app.button(key="relax:together").click().run()
    assert {change.limit: getattr(_plan(app).search, change.limit) for change in first.changes} == {
        change.limit: change.needed for change in first.changes
    }
    assert found(_plan(app)).status == "found"


def test_candidates_are_added_edited_and_taken_off() -> None:
    app = _open(TARGETED)
    app.selectbox(key="candidate:add").select("pue").run()
    assert [lever.id for lever in _plan(app).candidates] == ["pue"]
    assert "cost unknown" in _said(app)
    app.session_state["candidate:pue:edit"] = True
    app.run()
    app.text_input(key="candidate:pue:once_usd").input("12000").run()
    app.text_input(key="candidate:pue:start_year").input("2028").run()
    assert _plan(app).candidates == (_usual("pue").but(once_usd=12_000.0, start_year=2028),)
    assert "$12k once" in _said(app)
    app.text_input(key="candidate:pue:start_year").input("1066").run()
    assert "From is 1066; it must lie in [2020, 2060]" in _said(app)
    app.button(key="candidate:pue:remove").click().run()
    assert _plan(app).candidates == ()


def test_a_candidate_that_is_not_searched_says_why() -> None:
    odd = PLAN.but(candidates=(*PLAN.candidates, _usual("pue")))
    [(lever, why)] = found(odd).excluded
    assert lever.id == "pue"
    assert f"Not searched: {why}" in _said(_shown(odd))


def test_limits_are_taken_and_a_wrong_one_is_refused_in_words() -> None:
    app = _open(PLAN)
    app.text_input(key="o:budget_usd").input("50000").run()
    assert _plan(app).search.budget_usd == 50_000.0
    app.number_input(key="o:meet_share").set_value(1.5).run()
    assert _plan(app).search.meet_share == 0.8
    assert "Probability of meeting is 1.5; it must lie in [0, 1]" in _said(app)


def test_the_curve_tells_the_whole_the_naive_sum_and_what_is_counted_twice() -> None:
    best = found(PLAN).best
    assert best is not None
    made = curve(PLAN, best.levers, "location")
    scale = words.mass_scale(abs(made.alone_kg))
    said = _said(_shown(PLAN))
    for kg in (-made.together.carbon_location_kg, -made.alone_kg):
        assert words.quantity(kg, scale).replace("\u00a0", " ").replace("\u202f", " ") in said
    assert "counted twice" in said
    assert "no price is known" in said


def test_another_currency_moves_heights_and_cost_by_its_rate_and_no_tonne() -> None:
    euros = PLAN.but(currency="EUR", exchange_rate=0.5, currency_date="2026-11-01")
    best = found(PLAN).best
    assert best is not None
    bars = curve(PLAN, best.levers, "location").bars
    app = _shown(euros)
    table = app.table[0].value
    assert list(table["EUR/t"][: len(bars)]) == [words.signed_figure(bar.usd_per_t() * 0.5, 2) for bar in bars]
    assert list(table["t avoided"][: len(bars)]) == [words.figure(-bar.carbon_kg / 1000.0, 3) for bar in bars]
    half = words.quantity(abs(best.cost_usd), words.money_scale(abs(best.cost_usd), "EUR", 0.5), 2)
    assert half in app.header[0].value


def test_the_headline_says_where_every_year_must_be_met() -> None:
    every = PLAN.with_search(milestones="every_year")
    told = optimise.answered(optimise.View(every, found(PLAN), found(PLAN).best))
    assert "levers meet the pathway in every year to 2031 with" in told
    assert "2031 pathway" in optimise.answered(optimise.View(PLAN, found(PLAN), found(PLAN).best))


def test_a_choice_has_the_same_curve_whatever_other_candidates_are_in_use() -> None:
    with_another = PLAN.but(levers=(_usual("concise_output").but(share=0.5),))
    tables = [_shown(plan).table[0].value.to_dict() for plan in (PLAN, with_another)]
    assert tables[0] == tables[1]


def test_a_price_of_carbon_is_a_line_and_says_how_many_levers_it_pays_for() -> None:
    best = found(PLAN).best
    assert best is not None
    known = [cost for bar in curve(PLAN, best.levers, "location").bars if (cost := bar.usd_per_t()) == cost]
    said = _said(_shown(PLAN.but(carbon_price_usd_per_t=100.0)))
    paid = sum(cost <= 100.0 for cost in known)
    counted = words.count(len(known), "lever").replace("\u00a0", " ")
    assert f"At the internal carbon price {paid} of {counted} with a cost pay" in said


def test_other_worlds_show_the_figures_of_the_plan_changed_so() -> None:
    app = _shown(PLAN, "worlds")
    best = found(PLAN).best
    assert best is not None
    table = app.table[0].value
    assert list(table["World"]) == [stress.name for stress in stresses(PLAN)]
    for row, stress in enumerate(stresses(PLAN)):
        for name, levers in ((ANSWER, best.levers), (NONE, ())):
            one = outcome(stress.plan, levers, ())
            assert f"{round(one.met_share * 100)}\u00a0%" in table[name][row]
            assert ("over" if one.gap_kg > 0 else "under") in table[name][row]
    assert "Smallest largest regret (minimax)" in _said(app)


def test_the_regret_of_the_best_in_a_world_is_none_and_the_largest_stands_at_the_end_of_its_row() -> None:
    app = _shown(PLAN, "worlds", **{"stress:shown": "Regret"})
    for shown in app.table:
        table = shown.value
        for stress in stresses(PLAN):
            assert "none" in list(table[stress.name])
        for row in range(len(table)):
            cells = {table[stress.name][row] for stress in stresses(PLAN)}
            assert table["Largest"][row] in cells
    _shown(PLAN, "worlds", **{"stress:shown": "Emissions and probability"})


def _by_hand(world: Plan, levers: tuple[Lever, ...]) -> tuple[float, float]:
    """Tonnes above the pathway and cost of all years of a world's plan with these levers, by the public evaluation."""
    plan = world.but(levers=levers, candidates=())
    over_kg = [max(line.plan.location_kg[5, 0] - line.allowed_kg[5], 0.0) for line in judged(plan).lines]
    paid = results.of(plan, 0).values
    names = ("energy", "hardware", "operations", "hire", "api", "levers")
    return sum(over_kg), float(sum(np.nansum(paid[f"cost_{name}_usd"][..., 0]) for name in names))


def test_two_cells_of_the_regret_table_worked_out_by_hand() -> None:
    """Without any lever: how far above the best of the choices, in a world of more growth and one of dirtier grids."""
    view = optimise.View(PLAN, found(PLAN), found(PLAN).best)
    app = _shown(PLAN, "worlds", **{"stress:shown": "Regret"})
    tonnes, money = app.table[0].value, app.table[1].value
    row = list(tonnes["Tonnes above the pathway, regret"]).index(NONE)
    steeper = tuple(
        one.but(growth_low_pct=one.growth_high_pct, growth_central_pct=one.growth_high_pct) for one in PLAN.workloads
    )
    dirtier = PLAN.but(grid_path="percent", grid_change_pct=1.0)
    every = [option.levers for option in optimise_stress.options(view)]
    kg = [_by_hand(PLAN.but(workloads=steeper), levers)[0] for levers in every]
    usd = [_by_hand(dirtier, levers)[1] for levers in every]
    assert min(kg[-1] - min(kg), usd[-1] - min(usd)) > 1_000.0
    known = [outcome(one.plan, levers, ()) for one in stresses(PLAN) for levers in every]
    mass, cost = words.mass_scale(max(one.emissions_kg for one in known)), max(abs(one.cost_usd) for one in known)
    assert tonnes["High growth"][row] == words.quantity(kg[-1] - min(kg), mass, 2)
    assert money["Slow grid"][row] == words.quantity(usd[-1] - min(usd), words.money_scale(cost), 2)
    _shown(PLAN, "worlds", **{"stress:shown": "Emissions and probability"})


def test_the_carbon_price_parts_the_levers_that_pay_for_themselves_from_the_others_by_hand() -> None:
    """Just above a bar, taking its lever too costs less than going without it, carbon paid for; just below it more."""
    dear = zip(PLAN.candidates, (1.5e5, 4.5e4, 2e4, 4.5e5), strict=True)
    costly = PLAN.but(candidates=tuple(one.but(once_usd=usd) for one, usd in dear))
    best = found(costly).best
    assert best is not None
    bars = curve(costly, best.levers, "location").bars
    heights = [bar.usd_per_t() for bar in bars]
    assert len(bars) > 1
    assert 0 < heights[-2] < heights[-1]

    def carbon_paid(count: int, price: float) -> float:
        levers = tuple(bar.lever for bar in bars[:count])
        values = results.of(costly.but(levers=levers, candidates=()), 0).values
        kg = values["carbon_location_kg"][..., 0].sum() + values["carbon_embodied_kg"][..., 0].sum()
        return _by_hand(costly, levers)[1] + float(kg) / 1_000.0 * price

    for factor, pays in ((0.999, False), (1.001, True)):
        price = heights[-1] * factor
        app = _shown(costly.but(carbon_price_usd_per_t=price))
        assert f"At the internal carbon price {len(bars) - 1 + pays} of " in _said(app)
        assert (carbon_paid(len(bars), price) < carbon_paid(len(bars) - 1, price)) == pays


def test_slow_worlds_show_how_far_they_are_and_end_in_the_same_table(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = _shown(PLAN, "worlds").table[0].value.to_dict()
    said: list[str] = []
    monkeypatch.setattr(optimise_stress, "SOON_S", -1.0)
    monkeypatch.setattr(optimise_stress.outbox, "send_now", lambda: said.append("sent"))
    app = _shown(PLAN, "worlds")
    assert said == ["sent"]
    assert app.table[0].value.to_dict() == quick
    assert not [one for one in app.button if one.key == "stress:stop"]


def test_what_stands_beside_the_answer_meets_as_likely_as_was_asked() -> None:
    plan = TARGETED.but(candidates=suggested(TARGETED))
    view = optimise.View(plan, found(plan), found(plan).best)
    shares = {
        one.name: judged(plan.but(levers=one.levers)).all_scopes[-1].met_share for one in optimise_stress.options(view)
    }
    assert set(shares) == {ANSWER, "Choice 1", "Choice 2", NONE}
    assert all(share >= plan.search.meet_share for name, share in shares.items() if name != NONE)


def test_what_was_stopped_stays_so_until_the_reader_goes_on() -> None:
    app = _shown(PLAN, "worlds")
    options = app.table[0].value.columns[1:]
    s = app.session_state["glidepath"]
    key = next(value for value in [s.working] if value)
    s.stopped = key
    app.run()
    assert not app.table
    app.button(key="stress:on").click().run()
    assert list(app.table[0].value.columns[1:]) == list(options)


def test_all_choices_are_listed_and_given_as_a_file_with_what_to_know_of_them() -> None:
    app = _shown(PLAN, "choices")
    answer = found(PLAN)
    assert answer.best is not None
    table = app.table[0].value
    assert table["Levers"][0] == ", ".join(lever.kind().name for lever in answer.best.levers)
    assert len(table["Levers"]) == min(len(choices_of(PLAN)), MOST_ROWS)
    assert [one.proto.label for one in app.get("download_button") if "All choices" in one.proto.label]
    for note in answer.notes:
        assert note in _said(app)


def test_without_a_workload_there_is_nothing_to_search() -> None:
    assert _open(Plan()).header[0].value == "No workload yet"


@pytest.mark.parametrize(("share", "said"), [(0.0, "under 1"), (1.0, "over 99"), (0.5, "50")])
def test_a_probability_is_never_told_as_certain(share: float, said: str) -> None:
    assert chance_said(share) == f"with {said}\u00a0% probability"


def test_what_a_lever_takes_off_quality_is_said_with_its_status_and_unknown_is_no_zero() -> None:
    assert "nobody has measured" in quality_told(PLAN, _usual("prompt_trim"))
    known = facts.load().lever_quality["bitnet"]
    told = quality_told(PLAN, _usual("bitnet"))
    assert f"{words.figure(known.loss_central_pct, 2)} % off the score" in told
    assert known.status in told


def test_what_is_applied_is_as_likely_on_the_targets_page_as_the_headline_says() -> None:
    best = found(PLAN).best
    assert best is not None
    milestone = judged(with_choice(PLAN, best.levers)).milestone(ALL_SCOPES, 2031)
    assert milestone is not None
    assert milestone.gap_kg <= 0
    assert milestone.met_share == best.met_share


def test_a_long_search_shows_how_far_it_is_and_stops_with_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optimise_wait, "SOON_S", 0.0)
    plan = TARGETED.but(candidates=suggested(TARGETED)).with_search(meet_share=0.9993)
    app = _open(plan)
    assert app.header[0].value == ASKS["working"]
    app.button(key="search_stop").click().run()
    held = app.session_state["glidepath"].drafts[optimise_wait.HELD]
    assert held.stopping
    held.wait(60.0)
    app.run()
    assert not app.exception
    assert app.header[0].value in (optimise.NOT_FOUND, ASKS["stopped"])
    assert "this is what the search had by then" in _said(app)
    app.button(key="search_again").click().run()
    again = app.session_state["glidepath"].drafts[optimise_wait.HELD]
    assert again is not held
    again.stop()
    again.wait(60.0)


def test_progress_is_whole_numbers_with_the_time_left_and_says_what_has_no_count_yet() -> None:
    said = optimise_wait._said
    assert (
        said(Progress("Trying", 61, 1200, 2.2)) == f"Trying: 61 of 1{words.THIN}200, at most 3{words.GLUE}seconds left"
    )
    assert said(Progress("", 0, 0, None)) == "Simulating the plan without its candidates"


def test_the_answer_is_what_is_looked_at_where_doing_nothing_is_the_cheapest_choice() -> None:
    costly = PLAN.but(candidates=tuple(one.but(once_usd=1e6) for one in PLAN.candidates))
    answer = found(costly)
    assert () in [one.levers for one in answer.front]
    app = _shown(costly)
    assert app.selectbox(key="optimise:pick").value == 0
    assert "No lever to draw a curve of" not in _said(app)
