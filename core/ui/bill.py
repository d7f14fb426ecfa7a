"""Energy, water and cost of the headline's year: three figures beside the table, and the last steps of the ladder."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from core import words
from core.exports.supporting import COSTS, Supporting, known_part, three, unpriced
from core.results import Results, effects, interval
from core.results.draws import Floats
from core.ui import lever_words, trace
from core.ui.shown import page_scale, small, table
from core.units import KG_PER_T
from core.words import Scale

WATER = {"water_site_l": "Water evaporated on site", "water_source_l": "Water where electricity is made"}


def supporting(found: Results) -> None:
    """Energy, water and cost, each with its range; what is not known is said."""
    with st.container(key="supporting"):
        columns = st.columns(3)
    for column, one in zip(columns, three(found), strict=True):
        with column:
            metric(one, page_scale(found, one.unit))
            trace.to(one.figure)
    prices(found)


def prices(found: Results) -> None:
    """Whose prices are unknown, and the rate of the display currency."""
    unknown = unpriced(found, found.place(found.plan.shown_year()))
    if unknown:
        names = words.markdown_safe(", ".join(unknown))
        note = "Unknown is not zero; enter it under Contract and prices."
        st.markdown(small(f"A price is unknown for {names}. {note}"))
    silent = [lever_words.name(lever) for lever in effects.unpriced(found.plan)]
    if silent:
        st.markdown(small(words.markdown_safe(f"No sourced cost, so not in this sum: {', '.join(silent)}.")))
    if found.plan.currency != "USD":
        rate = words.figure(found.plan.exchange_rate, 4)
        st.markdown(small(f"{found.plan.currency} at {rate} per US dollar, rate of {found.plan.currency_date}."))


def metric(one: Supporting, scale: Scale) -> None:
    """A figure with its range; where parts are unknown, the known ones as "at least" and without a range."""
    st.metric(one.label, one.middle(scale), one.range(scale), delta_color="off", delta_arrow="off", help=one.help)


def water_and_cost(found: Results) -> None:
    """The last steps of the ladder: water on and off site, then cost by kind, the carbon price on lines of its own."""
    year = found.plan.shown_year()
    when = found.place(year)
    trace.section(f"To water and cost, {year}", "A year; the carbon price is in no other line", "cost_usd")
    columns: dict[str, list[str]] = {"Step": [], "Central": [], "80 % range": []}
    for label, unit, draws in _last_steps(found, when):
        low, mid, high = interval(draws)
        scale = page_scale(found, unit)
        ends = words.with_range(mid, low, high, scale)[1]
        line = (label, words.quantity(mid, scale), scale.dress(ends) if ends else "–")
        for column, cell in zip(columns.values(), line, strict=True):
            column.append(cell)
    table(columns)


def _last_steps(found: Results, when: int) -> Iterator[tuple[str, str, Floats]]:
    for name, label in WATER.items():
        yield label, "l", found.total(found.values[name])[when]
    for name, label in COSTS.items():
        known = known_part(found, name, when)
        if known is not None:
            yield label, "USD", known
    if found.plan.carbon_price_usd_per_t is not None:
        for method in ("location", "market"):
            values = found.values[f"carbon_cost_{method}_usd"]
            if found.plan.boundary == "with_hardware":
                price = found.plan.carbon_price_usd_per_t
                values = values + found.values["carbon_embodied_kg"] / KG_PER_T * price
            yield f"Carbon at the internal price, {method}-based", "USD", found.total(values)[when]
