"""The Compare page's answer: the difference to the reference with its range, and what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from core import words
from core.compare_table import Item, write_comparison
from core.decide.between import Between, Compared, beside
from core.ui import compare_chosen, compare_wait, live, outbox
from core.ui.compare_given import LETTERS, Chosen
from core.ui.shown import answer_line, money_for, scale_for, small
from core.words import Scale

APART = "Cannot be told apart"
AT_WORK = "No answer yet"
MANY = 100  # workloads of a plan: fewer take no longer than a moment


@dataclass(frozen=True, slots=True)
class Seen:
    """A plan beside the reference: its letter, and both beside each other; None where they share no year."""

    letter: str
    chosen: Chosen
    view: Between | None


def seen(plans: Sequence[Chosen]) -> list[Seen] | None:
    """Every plan after the first, beside the first; None while large ones are worked out."""
    given = tuple(one.plan for one in plans)
    many = len(given) > 1 and max(len(plan.workloads) for plan in given) > MANY
    views = compare_wait.answered("plans", given, lambda: beside(given)) if many else beside(given)
    rest = zip(LETTERS[1:], plans[1:], strict=False)
    return None if views is None else [Seen(*one, view) for one, view in zip(rest, views, strict=True)]


def known(others: Sequence[Seen]) -> list[tuple[str, Between]]:
    """Those that share a year with the reference."""
    return [(one.letter, one.view) for one in others if one.view is not None]


def scale_of(views: Sequence[Between], name: str, values: Sequence[float]) -> Scale:
    """The unit that a quantity is shown in."""
    unit = {"kwh": "kWh", "usd": "USD"}.get(name.rpartition("_")[2], name.rpartition("_")[2])
    return money_for(views[0].first.plan, values) if unit == "USD" else scale_for(unit, values)


def _answer_scale(views: Sequence[Between]) -> Scale:
    return scale_of(
        views, "carbon_kg", [one.answer.first[1] for one in views] + [one.answer.second[1] for one in views]
    )


def _answer(others: Sequence[Seen]) -> tuple[str, str]:
    """The headline, and a phrase on its range."""
    views = [view for _, view in known(others)]
    if not others:
        return "One plan, and nothing beside it", ""
    if not views:
        return "No year in common", ""
    if len(others) > 1:
        years = sorted({view.year for view in views})
        told = [f"{letter} {_short(view, _answer_scale(views))}" for letter, view in known(others)]
        return f"Against A in {' and '.join(map(str, years))}: {', '.join(told)}", "80 % ranges of the differences"
    view, found = views[0], views[0].answer
    if not found.known:
        return "No figure: a workload of A or B could not be computed", ""
    if found.same:
        return f"A and B are the same in {found.year}", ""
    if not found.told_apart:
        return f"{APART} in {found.year}", _range(view, found)
    less = "less" if found.difference[1] < 0 else "more"
    size = words.with_range(*_size(found), _answer_scale(views))[0]
    return f"B takes {size} CO₂e a year {less} than A in {found.year}", _range(view, found)


def _short(view: Between, scale: Scale) -> str:
    """The difference of one of several plans."""
    found = view.answer
    if not found.known:
        return "no figure"
    if found.same:
        return "the same"
    if not found.told_apart:
        return "cannot be told apart"
    low, middle, high = found.difference
    said = f"{words.signed_quantity(middle, scale)} ({plain(low, scale)} to {plain(high, scale)})"
    return said.replace(" ", words.GLUE)


def plain(value: float, scale: Scale) -> str:
    """A difference in the page's unit, without it."""
    return words.signed_figure(value / scale.divisor, 2)


def _size(found: Compared) -> tuple[float, float, float]:
    low, middle, high = found.difference
    least, most = sorted((abs(low), abs(high)))
    return abs(middle), least, most


def _range(view: Between, found: Compared) -> str:
    low, _, high = found.difference
    scale = _answer_scale([view])
    return f"80 % range of the difference {words.signed_quantity(low, scale)} to {words.signed_quantity(high, scale)}"


def head(plans: Sequence[Chosen], others: Sequence[Seen]) -> None:
    """The answer, what it rests on, and what is to know of each plan."""
    text, phrase = _answer(others)
    answer_line(text, phrase)
    outbox.paint_first(text, phrase)
    views = [view for _, view in known(others)]
    first = plans[0].plan
    for one in others:
        if one.view is None:
            other = one.chosen.plan
            st.warning(
                f"A runs from {first.first_year} to {first.last_year}, {one.letter} from {other.first_year} to "
                f"{other.last_year}."
            )
    if views:
        counted = "operation and hardware" if first.boundary == "with_hardware" else "operation"
        basis = f"All by today's data, {counted}, {first.method}-based, in the same simulated worlds"
        st.markdown(small(f"{basis}: what a plan shares with A cancels out of the difference"))
    for letter, plan in zip(LETTERS, plans, strict=False):
        for line in plan.notes:
            st.info(words.markdown_safe(f"{letter}: {line}"), icon=":material/info:")
    results = [("A", views[0].first), *((letter, view.second) for letter, view in known(others))] if views else []
    for letter, found in results:
        for key in found.refused:
            workload = found.plan.workload(key)
            name = workload.name if workload else key
            st.warning(words.markdown_safe(f"{letter}: {name} has no figure and is left out."))


def at_work() -> None:
    """That large plans are still worked out, or were stopped."""
    answer_line(AT_WORK)


def alone(plans: Sequence[Chosen]) -> None:
    """One plan: the baseline is offered as B, and where there is none the example."""
    levers = plans[0].plan.levers
    st.markdown(
        "Set its baseline beside it: the same plan with its levers off."
        if levers
        else "No lever is in use, so that the plan is its own baseline. Pull one on What-if, or add a plan."
    )
    with st.container(horizontal=True):
        if levers:
            st.button(
                "Compare with the baseline", type="primary", on_click=compare_chosen.add, args=(compare_chosen.USUAL,)
            )
        st.button("Compare with the example", on_click=compare_chosen.add, args=(compare_chosen.EXAMPLE,))


def announce(others: Sequence[Seen]) -> None:
    """The answer for screen readers."""
    live.announce(", ".join(part for part in _answer(others) if part))


def export(plans: Sequence[Chosen]) -> None:
    """All of it as a file, byte for byte what `python -m core compare` writes."""
    items = [Item(one.plan, one.sealed) for one in plans]
    st.download_button(
        "Comparison as CSV",
        lambda: write_comparison(items),
        "glidepath_comparison.csv",
        "text/csv",
        on_click="ignore",
        key="comparison_csv",
    )
