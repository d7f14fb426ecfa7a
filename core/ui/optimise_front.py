"""Every choice that no other betters in cost, carbon and quality: as dots, as a list to pick from, and as a file."""

from __future__ import annotations

from math import isfinite, isnan
from typing import Any

import streamlit as st

from core import charts, words
from core.decide.found import Choice
from core.decide.search_table import write_search
from core.plan.lever import Lever
from core.ui import lever_words, state, trace
from core.ui.frame import is_dark
from core.ui.optimise import View, apply_button, chance_said, met_share
from core.ui.picture import chart, drawn
from core.ui.shown import money_for, scale_for, small, table
from core.words import Scale

MOST_ROWS = 8
FILE = "glidepath_choices.csv"
KEY, CHART = "optimise:pick", "optimise:front"
LATER = (
    "each lever from its earliest year: no set of levers is missing, but later starts make choices between these that "
    "are not drawn."
)
LOST_PCT = 1.0  # of a score: more is lower quality


def choices(view: View) -> tuple[Choice, ...]:
    """The answer first, or what comes nearest, then the front from the cheapest on."""
    first = first_of(view)
    rest = [one for one in view.found.front if first is None or one.levers != first.levers]
    return (*([first] if first else []), *rest)


def first_of(view: View) -> Choice | None:
    """The answer, or the nearest miss where there is none."""
    nearest = view.found.nearest
    return view.found.best or (nearest.choice if nearest else None)


def front(view: View) -> None:
    """Cost against carbon, the answer marked; a list to pick another from, as a keyboard can."""
    some = choices(view)
    if not some:
        return
    plan = view.plan
    money = money_for(plan, [one.cost_usd for one in some])
    mass = scale_for("kg", [one.carbon_all_years_kg for one in some])
    years = words.years(plan.first_year, plan.last_year)
    note = f"Change of cost and all carbon, {years}, {plan.method}-based"
    trace.section("Cost against carbon", note, "abatement_usd_per_t")
    rows = _dots(view, some, money, mass)
    titles = (f"Change of cost, {money.label}", f"Carbon, {mass.label} CO₂e")
    if sum(isfinite(row["cost"]) for row in rows) > 1:

        def take() -> None:
            _look_at(some, picked_place())

        drawn(charts.front(rows, "Choices by cost and carbon", is_dark(), titles), CHART, take)
        st.markdown(small(words.markdown_safe(_how_to_read(view, rows, mass))))
    else:
        st.markdown(small("No picture: fewer than two choices have a known cost."))
    _pick(view, some, money, mass)


def _how_to_read(view: View, rows: list[dict[str, Any]], mass: Scale) -> str:
    lost = f"{LOST_PCT:.0f} %"
    shapes = {
        "kept": f"circles lose at most {lost} of quality", "lower": "triangles more", "unknown": "squares: unknown",
    }  # fmt: skip
    shown = [said for key, said in shapes.items() if any(row["quality"] == key for row in rows)]
    hidden = sum(not isfinite(row["cost"]) for row in rows)
    more = f" {words.count(hidden, 'choice')} of unknown cost stand in the list alone." if hidden else ""
    answer, usual = "Large: the answer. " if view.found.best else "", view.found.usual
    none = f" Without any of them: {words.quantity(usual.carbon_all_years_kg, mass)}." if usual else ""
    looks = f"{answer}Filled: the central case meets; hollow: it misses."
    all_of_them = "All but the answer" if view.found.best else "All"
    return f"{looks} {words.capital('; '.join(shown))}.{none}{more} {all_of_them} have {LATER}"


def _quality(one: Choice) -> str:
    if isnan(one.quality_loss_pct):
        return "unknown"
    return "lower" if one.quality_loss_pct > LOST_PCT else "kept"


def _dots(view: View, some: tuple[Choice, ...], money: Scale, mass: Scale) -> list[dict[str, Any]]:
    return [
        {
            "place": place,
            "picked": one == view.picked and one != view.found.best,
            "cost": one.cost_usd / money.divisor,
            "carbon": one.carbon_all_years_kg / mass.divisor,
            "quality": _quality(one),
            "kind": _kind(view, one),
            "label": _named(view) if one == first_of(view) else "",
            "told": told(view, one, money, mass),
        }
        for place, one in enumerate(some)
    ]


def _named(view: View) -> str:
    return "Answer" if view.found.best else "Nearest"


def _kind(view: View, one: Choice) -> str:
    if one == view.found.best:
        return "chosen"
    return "meets" if one.meets else "misses"


def told(view: View, one: Choice, money: Scale, mass: Scale) -> str:
    """A choice in one line: how many levers, cost, carbon, whether it meets."""
    many = words.count(len(one.levers), "lever")
    cost = words.quantity(one.cost_usd, money, 3) if isfinite(one.cost_usd) else "cost unknown"
    meets = f"central case {'meets' if one.meets else 'misses'}"
    answer = f"{_named(view)}: " if one == first_of(view) else ""
    return f"{answer}{many}, {cost}, {words.quantity(one.carbon_all_years_kg, mass)}, {meets}"


def picked_place() -> object:
    """The place of the dot that was clicked; None where it was let go."""
    dots = state.marks(CHART, charts.PICK)
    return dots[0].get("place") if dots else None


def _look_at(some: tuple[Choice, ...], place: object) -> None:
    state.session().choice = levers_at(some, place)


def levers_at(some: tuple[Choice, ...], place: object) -> tuple[Lever, ...] | None:
    """The levers of the choice at a place in the list; None, for the answer, where there is no such place."""
    return some[place].levers if isinstance(place, int) and 0 <= place < len(some) else None


def _pick(view: View, some: tuple[Choice, ...], money: Scale, mass: Scale) -> None:
    """A list of all choices, the table of the first, and the file of all."""
    places = {one.levers: place for place, one in enumerate(some)}
    now = places.get(view.picked.levers, 0) if view.picked else 0
    state.bind(KEY, now)

    def take() -> None:
        _look_at(some, state.typed(KEY))

    pick, button = st.columns([14, 7], vertical_alignment="bottom", gap="small")
    with pick:
        st.selectbox(
            "Look at a choice, here or by its dot", list(range(len(some))), index=now, key=KEY, on_change=take,
            format_func=lambda place: told(view, some[place], money, mass),
        )  # fmt: skip
    one = view.picked or some[0]
    with button:
        if one != view.found.best and one.levers:
            apply_button(view.plan, one, "picked", primary=False)
    st.markdown(small(words.markdown_safe(_about(view, one))))


def _about(view: View, one: Choice) -> str:
    names = ", ".join(lever_words.name(lever) for lever in one.levers) or "no lever"
    chance = chance_said(met_share(view, one)) if one.levers or view.found.usual else ""
    slow = f", longest mean answer {words.figure(one.latency_s, 2)}{words.GLUE}s" if isfinite(one.latency_s) else ""
    central = "meets" if one.meets else "misses"
    return f"{words.capital(names)}: the central case {central}, {chance}; quality: {_loss(one)}{slow}."


def as_table(view: View) -> None:
    """The first of the front as a table, and all of it as a file."""
    some = choices(view)
    if not some:
        return
    money = money_for(view.plan, [one.cost_usd for one in some])
    mass = scale_for("kg", [one.carbon_all_years_kg for one in some])
    shown = some[:MOST_ROWS]
    with st.container(key="table_front"):
        table(
            {
                "Choice": [_named(view) if one == first_of(view) else str(place) for place, one in enumerate(shown)],
                "Levers": [", ".join(lever_words.name(lever) for lever in one.levers) or "none" for one in shown],
                "Cost": [words.quantity(one.cost_usd, money) for one in shown],
                "Carbon": [words.quantity(one.carbon_all_years_kg, mass) for one in shown],
                "Quality": [_loss(one) for one in shown],
                "Central case": ["meets" if one.meets else "misses" for one in shown],
            }
        )
    more = len(some) - len(shown)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.download_button(
            "All choices as CSV",
            lambda: write_search(view.found),
            FILE,
            "text/csv",
            on_click="ignore",
            key="front_csv",
            help="Each with its levers and years: byte for byte what `python -m core optimise` writes.",
        )
        if more > 0:
            st.markdown(small(f"{more} more in the file and in the list above."))
    _notes(view)


def _notes(view: View) -> None:
    """What to know of these figures, and which candidates took no part."""
    left_out = [f"{lever_words.name(lever)} is not searched: {why}." for lever, why in view.found.excluded]
    lines = [*(f"{note.rstrip('.')}." for note in view.found.notes), *left_out]
    if lines:
        st.markdown("**What to know of them**")
        st.markdown("\n".join(f"- {small(words.markdown_safe(line))}" for line in lines))


def _loss(one: Choice) -> str:
    if isnan(one.quality_loss_pct):
        return "unknown"
    return f"at most {words.figure(-one.quality_loss_pct, 2)} %" if one.quality_loss_pct else "no loss"


def starts(view: View) -> None:
    """From which year each lever of the picked choice acts."""
    one, plan = view.picked, view.plan
    if one is None or not one.levers:
        return
    st.markdown("**When each starts**")
    ordered = sorted(one.levers, key=lambda lever: (lever.start_year or plan.first_year, lever_words.name(lever)))
    rows = [
        {
            "name": lever_words.name(lever),
            "start": lever.start_year or plan.first_year,
            "end": plan.last_year + 1,
            "label": f"from {lever.start_year or plan.first_year}",
        }
        for lever in ordered
    ]
    at_once = sum(row["start"] == plan.first_year for row in rows)
    said = f"{at_once} of {words.count(len(rows), 'lever')} from {plan.first_year}, the last from {rows[-1]['start']}."
    table = {"Lever": [row["name"] for row in rows], "From": [row["start"] for row in rows]}
    chart(charts.starts(rows, plan.years(), "Years in which each lever acts", is_dark()), said, table)
