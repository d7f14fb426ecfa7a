"""The Optimise page's answer: the cheapest levers that meet the pathway, or what stands in the way of any."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, isnan, nan

import streamlit as st

from core import words
from core.decide.candidates import with_choice, without_candidates
from core.decide.change import change
from core.decide.found import Choice, Found
from core.decide.inputs import inputs
from core.decide.robust import outcome
from core.decide.told import sized_anew
from core.decide.tornado import tornado
from core.decide.uncertain import share_error
from core.plan import Plan
from core.plan.lever import Lever
from core.ui import lever_words, live, optimise_ask, optimise_miss, outbox, state, trace
from core.ui.optimise_cost import left_out_told
from core.ui.optimise_wait import ended_early, found, watched
from core.ui.shown import answer_line, money_for, small
from core.units import PERCENT

ASKS = {
    "asked": "What is the target?",
    "no candidates": "Which levers may be chosen from?",
    "met already": "The pathway is met without any candidate",
    "none meets": "No set of these levers meets the pathway",
    "working": "Searching every set of the candidates",
    "stopped": "The search was stopped before it had an answer",
}
NOT_FOUND = "No set of these levers was found that meets the pathway"
MOST_NAMED = 2  # inputs that the answer hangs on


@dataclass(frozen=True, slots=True)
class View:
    """The plan on screen, what its search found, and the choice looked at: the best until another is picked."""

    plan: Plan
    found: Found
    picked: Choice | None

    @property
    def kept(self) -> tuple[Lever, ...]:
        """The levers that stay in use whatever is chosen."""
        return without_candidates(self.plan).levers

    @property
    def levers(self) -> tuple[Lever, ...]:
        """The levers of the picked choice."""
        return self.picked.levers if self.picked else ()

    @property
    def left_out(self) -> dict[str, str]:
        """Why a candidate is not searched, by its id."""
        return {lever.id: why for lever, why in self.found.excluded}

    @property
    def starts(self) -> dict[str, int]:
        """From which year the picked choice starts each of its levers, by id."""
        return {one.id: one.start_year or self.plan.first_year for one in self.levers}


def seen(plan: Plan) -> View:
    """Everything the page shows of the plan's search."""
    answer = found(plan)
    return View(plan, answer, picked(answer))


def picked(answer: Found) -> Choice | None:
    """The choice that the reader looks at, by its levers and years; the best where none or another is on screen."""
    wanted = state.session().choice
    choices = (answer.best, *answer.front) if answer.best else answer.front
    default = answer.best or (answer.nearest.choice if answer.nearest else None)
    return next((one for one in choices if one is not None and one.levers == wanted), default)


def head(view: View) -> None:
    """The answer as a sentence, what it consists of, and the button that puts it into the plan."""
    text = answered(view)
    answer_line(text)
    outbox.paint_first(text)
    answer, plan = view.found, view.plan
    with st.container(gap="xsmall"):
        if answer.status == "found" and answer.best is not None:
            st.markdown(f"{_levers(plan, answer.best)} {hangs_on(plan, answer.best)}")
        elif answer.status in ("met already", "none meets") or (answer.status == "no candidates" and plan.candidates):
            st.markdown(words.markdown_safe(answer.said))
        if answer.sets_searched > 1:
            trace.line(_scope(view), "target_gap_kg")
    if answer.status == "working":
        watched()
    ended_early(answer)
    if answer.status in ("asked", "no candidates"):
        optimise_ask.asked(plan, answer)
    elif answer.status == "none meets":
        optimise_miss.missed(answer)
    if answer.status == "found" and answer.best is not None:
        _apply(view, answer.best)


def answered(view: View) -> str:
    """The headline."""
    answer, plan = view.found, view.plan
    if answer.status == "none meets" and not answer.proven:
        return NOT_FOUND
    if answer.status != "found" or answer.best is None:
        return ASKS.get(answer.status, answer.said)
    best = answer.best
    many = words.count(len(best.levers), "lever")
    meets = "meets" if len(best.levers) == 1 else "meet"
    chance = chance_said(best.met_share)
    every = plan.search.milestones == "every_year"
    pathway = f"pathway in every year to {plan.target.target_year}" if every else f"{plan.target.target_year} pathway"
    return f"{many} {meets} the {pathway} {chance} and {cost_said(plan, best)}"


def cost_said(plan: Plan, choice: Choice) -> str:
    """What a choice costs over all years, or saves, in words; no claim where a price is missing."""
    if not isfinite(choice.cost_usd):
        return "have a cost nobody knows" if len(choice.levers) > 1 else "has a cost nobody knows"
    one = len(choice.levers) == 1
    if choice.cost_usd == 0:
        return "costs nothing" if one else "cost nothing"
    verb = ("saves" if one else "save") if choice.cost_usd < 0 else ("costs" if one else "cost")
    amount = words.quantity(abs(choice.cost_usd), money_for(plan, (choice.cost_usd,)), 2)
    return f"{verb} {amount}"


def chance_said(share: float) -> str:
    """How likely a choice meets, in words.

    >>> chance_said(0.84), chance_said(0.999), chance_said(float("nan"))
    ('with 84\\xa0% probability', 'with over 99\\xa0% probability', 'with a probability not worked out')
    """
    if isnan(share):
        return "with a probability not worked out"
    shown = round(share * PERCENT)
    often = "over 99" if shown == PERCENT else "under 1" if shown == 0 else str(shown)
    return f"with {often}{words.GLUE}% probability"


def _levers(plan: Plan, choice: Choice) -> str:
    """Each lever of a choice with its year."""
    told = [
        f"**{words.markdown_safe(lever_words.name(one))}** from {one.start_year or plan.first_year}"
        for one in sorted(choice.levers, key=lambda one: (one.start_year or plan.first_year, lever_words.name(one)))
    ]
    return f"{' · '.join(told)}."


def hangs_on(plan: Plan, choice: Choice) -> str:
    """What moves the target year's emissions under a choice most, each input at its P10 and P90; empty where none."""
    year = plan.target.target_year
    under = with_choice(plan, choice.levers)
    if year is None or year not in plan.years():
        return ""
    first = [bar.factor for bar in tornado(under, "emissions", year).bars[:MOST_NAMED]]
    known = inputs(under, tuple(first))
    titles = [f"**{words.markdown_safe(known[one].title)}**" for one in first]
    return f"It hangs most on {' and '.join(titles)}." if titles else ""


def _scope(view: View) -> str:
    """One grey line: what was searched, and whether it is proven."""
    answer, plan = view.found, view.plan
    parts = []
    sets = f"{answer.sets_searched:,}".replace(",", words.THIN)
    parts.append(f"{sets} sets of {words.count(len(plan.candidates) - len(answer.excluded), 'candidate')} searched")
    parts.append(f"{answer.valid:,} go together".replace(",", words.THIN))
    if answer.status == "found":
        parts.append("proven the cheapest" if answer.proven else "not proven the cheapest")
        parts.append(_drawn(answer.best.met_share if answer.best else nan, int(plan.points)))
    parts.append(f"cost over {words.years(plan.first_year, plan.last_year)}")
    parts.append(f"{plan.target.scope2_basis}-based scope 2, hardware in the year of purchase")
    return small(words.markdown_safe(" · ".join(parts)))


def _drawn(met_share: float, draws: int) -> str:
    """How many simulations a probability comes from, and how far they may miss it.

    >>> _drawn(0.84765625, 256), _drawn(1.0, 2048)
    ('probability from 256\\xa0simulations, ±2.2 points', 'probability from 2\\u202f048\\xa0simulations')
    """
    said = f"probability from {words.count(draws, 'simulation')}"
    error_pct = PERCENT * share_error(met_share, draws)
    return f"{said}, ±{error_pct:.1f} points" if error_pct > 0 else said


def in_use(plan: Plan, choice: Choice) -> bool:
    """Whether the plan uses exactly the levers of a choice, beside those that are no candidates."""
    return with_choice(plan, choice.levers).levers == plan.levers


def apply_button(plan: Plan, choice: Choice, key: str, primary: bool = True) -> None:
    """One click puts a choice's levers into the plan; one Undo takes them out."""
    used = in_use(plan, choice)
    many = words.count(len(choice.levers), "lever")
    st.button(
        "In the plan" if used else f"Apply {many}", disabled=used,
        key=f"apply:{key}", on_click=_put, args=(choice.levers,), type="primary" if primary else "secondary",
        help="Puts them with their years into the plan, in place of other candidates in use. Undo takes it back.",
    )  # fmt: skip


def _apply(view: View, best: Choice) -> None:
    """The button, and beside it whether the answer is proven and what its cost leaves out."""
    answer = view.found
    moved = change(view.plan, view.kept, (*view.kept, *best.levers))
    notes = [*([] if answer.proven else [answer.why_not_proven]), left_out_told(view.plan, moved.left_out)]
    notes += [f"{note}." for note in sized_anew(view.plan, best.levers)]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        apply_button(view.plan, best, "best")
        st.markdown("  \n".join(small(words.markdown_safe(note)) for note in notes if note), width="stretch")


def _put(levers: tuple[Lever, ...]) -> None:
    plan = state.plan()
    if state.attempt(lambda: with_choice(plan, levers), redraw_grid=False):
        many = words.count(len(levers), "lever")
        state.session().news = [f"{many} of the answer now in the plan; Undo takes it back."]


def met_share(view: View, choice: Choice) -> float:
    """How likely a choice meets: as the search says, else by the public evaluation."""
    if not isnan(choice.met_share):
        return choice.met_share
    return outcome(view.plan, (*view.kept, *choice.levers), view.kept).met_share


def announce(view: View) -> None:
    """The answer for screen readers."""
    live.announce(f"{view.plan.name}: {answered(view)}")
