"""Energy, water and cost of the headline's year: three figures beside the table, and the last steps of the ladder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import streamlit as st

from core import words
from core.results import Results, effects, interval
from core.results.draws import Floats
from core.ui import lever_words, trace
from core.ui.shown import page_scale, small, table
from core.units import KG_PER_T
from core.words import Scale

WATER = {"water_site_l": "Water evaporated on site", "water_source_l": "Water where electricity is made"}
COSTS = {
    "cost_hire_usd": "Hired accelerators",
    "cost_api_usd": "Tokens bought",
    "cost_energy_usd": "Electricity of own servers",
    "cost_hardware_usd": "Own hardware, spread over its life",
    "cost_operations_usd": "Operations of own servers",
    "cost_levers_usd": "Work and money for levers",
}


@dataclass(frozen=True, slots=True)
class Supporting:
    """One of the three figures beside the headline: its draws, (1 + draws,), and whether parts of it are unknown."""

    label: str
    unit: str
    draws: Floats
    help: str
    figure: str  # of the Methods page
    least: bool = False

    def middle(self, scale: Scale) -> str:
        """The central case; where parts are unknown, the known ones as "at least"."""
        low, mid, high = interval(self.draws)
        text = words.with_range(mid, low, high, scale)[0]
        return f"at least {text}" if self.least and np.isfinite(mid) else text

    def range(self, scale: Scale) -> str | None:
        """The 80 % range in words; None where there is none."""
        low, mid, high = interval(self.draws)
        ends = words.with_range(mid, low, high, scale)[1]
        return f"80 % range {ends}" if np.isfinite(mid) and ends and not self.least else None


def three(found: Results) -> list[Supporting]:
    """Energy, water and cost of the headline's year."""
    year = found.plan.shown_year()
    when = found.place(year)
    energy = found.total(found.values["energy_facility_kwh"])[when]
    water = found.total(found.values["water_site_l"] + found.values["water_source_l"])[when]
    cost = known_cost(found, when)
    spent = cost if cost is not None else np.array([np.nan])
    return [
        Supporting(
            f"Energy at the meter, {year}",
            "kWh",
            energy,
            "All electricity the sites take for these workloads.",
            "energy_facility_kwh",
        ),
        Supporting(
            f"Water, {year}", "l", water, "Evaporated on site, and where the electricity is made.", "water_source_l"
        ),
        Supporting(
            f"Cost, {year}",
            "USD",
            spent,
            "Hire, tokens, or electricity and hardware, by hosting.",
            "cost_usd",
            bool(unpriced(found, when)),
        ),
    ]


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


def known_cost(found: Results, when: int) -> Floats | None:
    """The sum of every cost that is known, (1 + draws,); None when none is."""
    parts = [part for name in COSTS if (part := _known(found, name, when)) is not None]
    return np.asarray(sum(parts)) if parts else None


def unpriced(found: Results, when: int) -> list[str]:
    """Names of the shown workloads whose cost that year is unknown in part or whole."""
    costs = found.values["cost_usd"][:, when]
    return [found.workloads[place].name for place in found.shown() if np.isnan(costs[place]).any()]


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
        known = _known(found, name, when)
        if known is not None:
            yield label, "USD", known
    if found.plan.carbon_price_usd_per_t is not None:
        for method in ("location", "market"):
            values = found.values[f"carbon_cost_{method}_usd"]
            if found.plan.boundary == "with_hardware":
                price = found.plan.carbon_price_usd_per_t
                values = values + found.values["carbon_embodied_kg"] / KG_PER_T * price
            yield f"Carbon at the internal price, {method}-based", "USD", found.total(values)[when]


def _known(found: Results, name: str, when: int) -> Floats | None:
    """The sum of a cost over the workloads where it is known and not nothing; None when there is none."""
    rows = [row for row in found.values[name][found.shown(), when] if not np.isnan(row).any() and row.any()]
    return np.asarray(np.sum(rows, axis=0)) if rows else None
