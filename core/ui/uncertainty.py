"""The Uncertainty page's answer: the range of a year, how often the plan wins and meets its target, and its fan."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

import numpy as np
import streamlit as st

from core import words
from core.decide.morris import screening
from core.decide.tornado import Measure, figure_of
from core.decide.uncertain import (
    ENOUGH,
    Uncertain,
    answer_year,
    lower_share,
    met_by_year,
    share_error,
    uncertain,
)
from core.exports.verdict import in_100
from core.plan import Plan
from core.results.draws import Floats
from core.targets.judged import judged
from core.ui import fields, live, outbox, state, target, trace
from core.ui.shown import answer_line, scale_for, small
from core.units import PERCENT
from core.words import Scale

MEASURE = "uncertain:measure"
MANY = 30  # workloads: fewer take no longer than a moment
MEASURES: dict[Measure, str] = {"emissions": "Emissions", "saving": "What it saves"}


@dataclass(frozen=True, slots=True)
class View:
    """The plan on screen in its worlds, the year of the answer, and the page's one unit of mass."""

    plan: Plan
    found: Uncertain
    year: int
    scale: Scale

    @property
    def place(self) -> int:
        """Index of the answer's year."""
        return self.year - self.plan.first_year

    @property
    def known(self) -> bool:
        """Whether any workload that is shown has figures."""
        has_figures = any(one.id not in self.found.worlds.refused for one in self.plan.shown())
        return has_figures and not isnan(float(self.now_kg[0]))

    @property
    def now_kg(self) -> Floats:
        """The plan's emissions of that year, (1 + draws,)."""
        return np.asarray(self.found.plan_kg[self.place])

    @property
    def usual_kg(self) -> Floats:
        """The same as usual."""
        return np.asarray(self.found.usual_kg[self.place])

    @property
    def measure(self) -> Measure:
        """The figure that the reader looks at."""
        picked = str(state.session().drafts.get(MEASURE) or "")
        return next((one for one in MEASURES if one == picked and self.plan.levers), "emissions")

    def ends(self, values: Floats) -> tuple[float, float, float]:
        """P10, central and P90 of draws, (1 + draws,)."""
        low, high = np.quantile(values[1:], (0.1, 0.9))
        return float(low), float(values[0]), float(high)


def waited(plan: Plan) -> None:
    """A large plan's simulations and screening, said to be at work: they take seconds, and all else is of them."""
    if len(plan.shown()) < MANY:
        return
    drawn, many = words.count(int(plan.points), "simulation"), words.count(len(plan.shown()), "workload")
    with st.spinner(f"Working out {drawn} of {many}", show_time=True):
        view = seen(plan)
        judged(plan)
        if view.known:
            screening(plan, view.measure, view.year)


def basis() -> None:
    """The method by which the page counts: the target's switch where emissions are the target's, else the plan's."""
    plan = state.plan()
    if plan.shown() and uncertain(plan).counted:
        target.basis()
    else:
        fields.segments("method")


def seen(plan: Plan) -> View:
    """Everything that the page shows, worked out once for a plan's figures."""
    found = uncertain(plan)
    largest = [float(np.nanmax(kg[:, 0], initial=0.0)) for kg in (found.plan_kg, found.usual_kg)]
    return View(plan, found, answer_year(plan, found), scale_for("kg", largest))


def head(view: View) -> None:
    """The answer with its range; how often the plan wins and how likely it meets; what the worlds are."""
    answer, phrase = answered(view)
    answer_line(answer, phrase)
    outbox.paint_first(answer, phrase)
    with st.container(gap="xsmall"):
        if view.known:
            st.markdown(f"{_against_usual(view)} {_met(view)}".strip())
        trace.line(small(words.markdown_safe(_scope(view))), "uncertain_kg")
    for key, reason in view.found.worlds.refused.items():
        workload = view.plan.workload(key)
        name = workload.name if workload else key
        st.warning(f"{words.markdown_safe(name)} is left out: {words.markdown_safe(reason)}.")
    if view.known:
        _too_few(view)


def answered(view: View) -> tuple[str, str]:
    """The headline, and the phrase of its range."""
    if not view.known:
        return "No figure", ""
    low, mid, high = view.ends(view.now_kg)
    answer, phrase = words.headline(mid, low, high, view.scale, "CO₂e", f"in {view.year}")
    least = any(one.id in view.found.worlds.refused for one in view.plan.shown())
    return (f"At least {answer}", "") if least else (answer, phrase)


def _against_usual(view: View) -> str:
    if not view.plan.levers:
        return "No lever is in use: the plan is business as usual, and saves nothing in any simulation."
    low, _, high = view.ends(view.now_kg - view.usual_kg)
    moved = words.change(float(view.usual_kg[0]), float(view.now_kg[0]), low, high, view.scale, "")
    often = words.percent(lower_share(view.now_kg, view.usual_kg))
    return f":{moved.tone}[**The plan beats business as usual in {often} of simulations**]: {moved.text}."


def _met(view: View) -> str:
    share = met_by_year(view.plan).get(view.year)
    if share is None:
        return ""
    lines = "every pathway" if len(view.found.track.lines) > 1 else "the pathway"
    colour = "blue" if share >= 0.5 else "orange"
    return f":{colour}[**It meets {lines} of {view.year} in {in_100(share)}.**]"


def _scope(view: View) -> str:
    plan, found = view.plan, view.found
    what = (
        "emissions as the target counts them, all workloads" if found.counted else "carbon as the Plan page counts it"
    )
    method = found.track.basis if found.counted else plan.method
    drawn = f"{words.count(found.draws, 'simulation')} of {words.count(len(found.factors), 'uncertain input')}"
    path = "" if plan.grid_path == "flat" else " · the grids' path is in no range"
    return f"{drawn}, drawn together · seed {plan.seed} · {what} · {method}-based{path}"


def _too_few(view: View) -> None:
    """How many simulations there are and what more would change, where they are few."""
    draws = view.found.draws
    if draws < ENOUGH:
        error, less = (PERCENT * share_error(0.5, many) for many in (draws, ENOUGH))
        st.info(
            f"{draws} simulations: a probability near one half stands to ±{error:.1f} points. "
            f"With {words.count(ENOUGH, 'simulation')} it stands to ±{less:.1f}."
        )


def pick_measure(view: View) -> None:
    """Which figure the inputs are ranked for."""
    if not view.plan.levers:
        return

    def keep() -> None:
        state.session().drafts[MEASURE] = state.typed(MEASURE)

    state.bind(MEASURE, view.measure)
    st.segmented_control("Figure", list(MEASURES), key=MEASURE, default=view.measure, format_func=MEASURES.__getitem__,
                         label_visibility="collapsed", required=True, on_change=keep)  # fmt: skip


def figure_said(view: View) -> str:
    """The figure that inputs are ranked for, in words."""
    return f"{'emissions' if view.measure == 'emissions' else 'what the plan saves'} in {view.year}"


def values(view: View) -> Floats:
    """That figure by draw, (1 + draws,)."""
    return figure_of(view.found, view.measure, view.place)


def announce(view: View) -> None:
    """The answer for screen readers."""
    answer, phrase = answered(view)
    live.announce(f"{view.plan.name}: {answer}, {phrase}" if phrase else f"{view.plan.name}: {answer}")
