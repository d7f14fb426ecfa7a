"""How the answer stands in other worlds, beside the next best choices: emissions, probability, cost and regret."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from math import isfinite, isnan, nan
from time import monotonic

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import words
from core.decide.found import Choice
from core.decide.robust import Option, Outcome, Stress, outcome, regrets, smallest_largest, stresses
from core.plan import Plan
from core.ui import fields, lever_words, outbox, state, trace
from core.ui.optimise import View, met_share
from core.ui.optimise_front import choices
from core.ui.shown import money_for, scale_for, small, table
from core.units import PERCENT
from core.words import Scale

MOST_OTHERS = 2  # of the front, beside the answer
MOST_ASKED = 8  # whose probability is worked out to find them
SOON_S = 1.0  # progress shows once it has taken so long
FIELDS = ("stress_rebound_elasticity", "stress_grid_change_pct", "stress_hardware")
ANSWER, AS_IS, NONE = "Answer", "Plan as it is", "None of them"
SHOWN = ("Emissions and probability", "Change of cost", "Regret")
Grid = dict[str, list[Outcome]]


@dataclass(frozen=True, slots=True)
class Measure:
    """What regret is of: its name, its display unit, and the figure of an outcome."""

    title: str
    scale: Scale
    of: Callable[[Outcome], float]


def options(view: View) -> list[Option]:
    """The answer, the next dearer choices that meet as likely as asked, the plan as it is, and none of the candidates.

    What is cheaper than the answer was passed over for its probability.
    """
    best, kept = view.found.best, view.kept
    if best is None:
        return []
    found = [Option(ANSWER, (*kept, *best.levers))]
    others = [one for one in choices(view) if one.levers != best.levers and one.levers and one.meets]
    near, wanted = sorted(others, key=lambda one: _next(best, one))[:MOST_ASKED], view.plan.search.meet_share
    for one in islice((one for one in near if met_share(view, one) >= wanted), MOST_OTHERS):
        found.append(Option(f"Choice {len(found)}", (*kept, *one.levers)))
    taken = {option.levers for option in found}
    if view.plan.levers not in (*taken, kept):
        found.append(Option(AS_IS, view.plan.levers))
    return [*found, Option(NONE, kept)]


def _next(best: Choice, one: Choice) -> tuple[bool, bool, float]:
    """Known costs first, the dearer before the cheaper, the nearest in cost first."""
    known = isfinite(one.cost_usd) and isfinite(best.cost_usd)
    return not known, known and one.cost_usd < best.cost_usd, abs(one.cost_usd - best.cost_usd) if known else 0.0


def worlds(view: View) -> None:
    """Each choice in each world; long work says how far it is and can be stopped."""
    some, tried = options(view), stresses(view.plan)
    if not some:
        st.markdown("There is no answer to try.")
        return
    year = view.plan.target.target_year
    note = f"Emissions of {year}, distance to the pathway, probability of meeting it · each worked out anew"
    trace.section("In other worlds", note, "regret")
    shown = st.segmented_control(
        "What is shown", list(SHOWN), default=SHOWN[0], key="stress:shown", label_visibility="collapsed", required=True
    )
    done = _worked_out(view, some, tried)
    if done is None:
        return
    money = money_for(view.plan, [abs(one.cost_usd) for row in done.values() for one in row])
    mass = scale_for("kg", [one.emissions_kg for row in done.values() for one in row])
    measures = _measures(view.plan, mass, money)
    with st.container(key="table_worlds"):
        if shown == SHOWN[2]:
            _regret(some, tried, done, measures)
        else:
            table(_outcomes(some, tried, done, mass, None if shown == SHOWN[0] else money))
    st.markdown(_minimax(some, tried, done, measures))
    _explained(some, tried, done)
    with st.expander("Change these worlds", key="stress_fields", on_change="rerun") as shut:
        if shut.open:
            for column, name in zip(st.columns(len(FIELDS), gap="small"), FIELDS, strict=True):
                with column:
                    fields.search_field(view.plan, name)


def _worked_out(view: View, some: list[Option], tried: tuple[Stress, ...]) -> Grid | None:
    """Every choice in every world; None where the reader stopped it."""
    key = (view.plan, tuple(some))
    s = state.session()
    s.working = key
    if s.stopped == key:
        st.markdown("Stopped.")
        st.button("Go on", key="stress:on", on_click=_go_on)
        return None
    start, place = monotonic(), st.empty()
    steps = [(stress, option) for stress in tried for option in some]
    bar: DeltaGenerator | None = None
    done: Grid = {}
    for number, (stress, option) in enumerate(steps):
        done.setdefault(stress.key, []).append(outcome(stress.plan, option.levers, view.kept))
        took = monotonic() - start
        if took > SOON_S and number + 1 < len(steps):
            bar = bar or _progress(place)
            left = words.count(round(took / (number + 1) * (len(steps) - number - 1)), "second")
            said = f"{stress.name}: {number + 1} of {len(steps)} worked out, about {left} left"
            bar.progress((number + 1) / len(steps), said, width="stretch")
    place.empty()
    return done


def _progress(place: DeltaGenerator) -> DeltaGenerator:
    """A bar that shows at once, and the button that stops the work; gives the bar."""
    outbox.send_now()
    with place.container(horizontal=True, vertical_alignment="center", gap="small"):
        bar = st.empty()
        st.button("Stop", key="stress:stop", on_click=_stop)
    return bar


def _stop() -> None:
    s = state.session()
    s.stopped = s.working


def _go_on() -> None:
    state.session().stopped = ()


def _outcomes(
    some: list[Option], tried: tuple[Stress, ...], done: Grid, mass: Scale, money: Scale | None
) -> dict[str, list[str]]:
    """A row a world, a column a choice: emissions, distance and probability, or the cost."""
    columns = {"World": [stress.name for stress in tried]}
    for place, option in enumerate(some):
        columns[option.name] = [_cell(done[stress.key][place], mass, money) for stress in tried]
    return columns


def _cell(one: Outcome, mass: Scale, money: Scale | None) -> str:
    if one.reason:
        return "no figure"
    if money is not None:
        return words.quantity(one.cost_usd, money, 2) if isfinite(one.cost_usd) else "unknown"
    side = "over" if one.gap_kg > 0 else "under"
    gap = f"{words.quantity(one.emissions_kg, mass, 2)}, {words.quantity(abs(one.gap_kg), mass, 2)} {side}"
    chance = f"{round(one.met_share * PERCENT)}{words.GLUE}%" if not isnan(one.met_share) else "unknown"
    return f"{gap}, {chance}"


def _explained(some: list[Option], tried: tuple[Stress, ...], done: Grid) -> None:
    lines = []
    for stress in tried[1:]:
        lines.append(f"{stress.name}: {stress.said}{f' {stress.idle}' if stress.idle else ''}")
        for option, one in zip(some, done[stress.key], strict=True):
            if one.reason:
                lines.append(
                    f"{stress.name}, {option.name}: no figure, and no part in the largest regret. {one.reason}."
                )
    for option in some:
        if option.name.startswith("Choice"):
            lines.append(f"{option.name}: {', '.join(lever_words.name(lever) for lever in option.levers)}.")
    st.markdown("\n".join(f"- {small(words.markdown_safe(line))}" for line in lines))


def _measures(plan: Plan, mass: Scale, money: Scale) -> list[Measure]:
    """What regret is of: tonnes above the pathway, cost, and both where carbon has an internal price."""
    price = plan.carbon_price_usd_per_t
    found = [
        Measure("Tonnes above the pathway", mass, lambda one: one.over_kg),
        Measure("Cost", money, lambda one: one.cost_usd),
    ]
    if price is not None:
        found.append(Measure("Cost with carbon at its price", money, lambda one: one.priced_usd(price)))
    return found


def _by_world(tried: tuple[Stress, ...], done: Grid, measure: Measure) -> dict[str, list[float]]:
    return {stress.key: regrets([measure.of(one) for one in done[stress.key]]) for stress in tried}


def _regret(some: list[Option], tried: tuple[Stress, ...], done: Grid, measures: list[Measure]) -> None:
    """How far each choice is from the best of them in each world; the largest of a row is its worst."""
    for measure in measures:
        by_world = _by_world(tried, done, measure)
        columns = {f"{measure.title}, regret": [option.name for option in some]}
        for stress in tried:
            columns[stress.name] = [_far(one, measure.scale) for one in by_world[stress.key]]
        known = [row for row in by_world.values() if not any(map(isnan, row))]
        worst = [max(column) for column in zip(*known, strict=True)] if known else [nan for _ in some]
        columns["Largest"] = [_far(one, measure.scale) for one in worst]
        table(columns)


def _far(regret: float, scale: Scale) -> str:
    """How far from the best, in words: none where it is the best.

    >>> _far(0.0, words.money_scale(5_000.0)), _far(5_500.0, words.money_scale(5_000.0))
    ('none', '$5.5k')
    """
    return "none" if regret == 0 else words.quantity(regret, scale, 2)


def _minimax(some: list[Option], tried: tuple[Stress, ...], done: Grid, measures: list[Measure]) -> str:
    """Whose largest regret is smallest, by each measure."""
    told = []
    for measure in measures:
        best = smallest_largest(_by_world(tried, done, measure))
        named = _listed([some[place].name for place in best])
        told.append(f"{measure.title.lower()}: **{named}**" if named else f"{measure.title.lower()}: unknown")
    how = small("Regret: how far a choice lies from the best of them in the same world.")
    return f"Smallest largest regret (minimax) by {'; by '.join(told)}. {how}"


def _listed(names: list[str]) -> str:
    """Names as a sentence has them.

    >>> _listed(["A", "B", "C"]), _listed([])
    ('A, B and C', '')
    """
    *first, last = names or [""]
    return f"{', '.join(first)} and {last}" if first else last
