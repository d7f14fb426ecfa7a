"""Where an inventory books the shown year: scope, category, both methods, and what the grid factors count."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core import words
from core.results import Results
from core.results.scopes import CATEGORIES, ScopePart, unlike_contracts, unmatched_kwh, without_upstream_kwh
from core.results.scopes import by_scope as parts_by_scope
from core.ui.shown import amount, page_scale, small
from core.words import energy_scale
from core.words.choices import BASES

WHAT = {"electricity": "Electricity", "hardware": "Making of hardware", "devices": "Power of devices you sell"}
VIEWS = {
    "amortised": "The making is spread over the hardware's life, to compare and plan; an inventory books it in the "
    "year of purchase (see the menu beside the page's name).",
    "purchase_year": "Hardware you buy is booked in the year of purchase; what you hire stays spread by its provider.",
}
COLOCATED = (
    "Own servers in somebody else's hall stand in scope 2 where you control what they draw, and in category 8 where "
    "the hall's owner does (a field of the workload). "
)
NOT_COMPUTED = (
    "Scope 1 is not computed: fuel of your own generators belongs there; add it as a row of your inventory on the "
    "Targets page. "
)
UNLIKE = (
    "Market-based, contract and grid of {} count different things, the one the life cycle, the other stack emissions "
    "only: location and market differ by that too."
)
LIFE_CYCLE = "Life-cycle factors already hold the fuel supply and losses of category 3: it is never added on top. "
LEFT_OUT = (
    "Outside the inventory's total, though in the footprint above: the devices you sell are category 11, which the "
    "plan leaves out (Targets page)."
)


def by_scope(found: Results) -> None:
    """The parts by scope, category and basis, which add up to the whole with hardware, and what is not in them."""
    shut = st.expander("By scope and category of the GHG Protocol", key="wide_scopes", on_change="rerun")
    if not shut.open:
        return
    year, scale = found.plan.shown_year(), page_scale(found)
    lines = parts_by_scope(found, year)
    flat = amount([float(v[0]) for line in lines for v in (line.location_kg, line.market_kg)], scale)
    shut.table(
        {
            "Scope": [_scope(line) for line in lines],
            "What": [_what(line) for line in lines],
            "Location": [scale.dress(text) for text in flat[::2]],
            "Market": [scale.dress(text) for text in flat[1::2]],
            "Grid factor counts": ["; ".join(BASES.get(b, b) for b in line.bases) or "–" for line in lines],
        },
        border="horizontal",
        hide_index=True,
    )
    for text in said(found):
        shut.markdown(small(words.markdown_safe(text)))


def said(found: Results) -> list[str]:
    """What a reader of the parts must know, a paragraph each."""
    year = found.plan.shown_year()
    left_out = [LEFT_OUT] if any(not line.counted for line in parts_by_scope(found, year)) else []
    booked = f"{VIEWS[found.plan.hardware_view]} {COLOCATED}{NOT_COMPUTED}"
    return [booked.strip(), LIFE_CYCLE + upstream(found, year), residual(found, year), *unlike(found, year), *left_out]


def residual(found: Results, year: int) -> str:
    """Of which kWh market-based takes the grid's average, as no contract covers them and no residual mix is known."""
    mine = unmatched_kwh(found, year)
    if not mine:
        return "Market-based: contracts or a residual mix you entered cover every kWh."
    return (
        f"Market-based, {_kwh(mine)} of {_names(found, mine)} take the grid's average: no contract covers them and no "
        "residual mix of their grids is known. Enter one under Own data."
    )


def unlike(found: Results, year: int) -> list[str]:
    """Whose contract's factor counts another thing than their grid's: a sentence, or none."""
    names = [w.name for key in unlike_contracts(found, year) if (w := found.plan.workload(key)) is not None]
    return [UNLIKE.format(", ".join(names))] if names else []


def upstream(found: Results, year: int) -> str:
    """Of which kWh the fuel supply is not known, as their grid's factor counts stack emissions only."""
    mine = without_upstream_kwh(found, year)
    if not mine:
        return "Every grid here is on such a factor."
    return (
        f"{_kwh(mine)} of {_names(found, mine)} are on stack emissions only: their fuel supply and losses are not "
        "known and not included (category 3; for what you buy as a service, within its own category)."
    )


def _kwh(mine: Mapping[str, float]) -> str:
    whole = sum(mine.values())
    return words.quantity(whole, energy_scale(whole), 3)


def _names(found: Results, mine: Mapping[str, float]) -> str:
    """The workloads by name; the largest three where there are many."""
    largest = sorted(mine, key=lambda key: -mine[key])
    named = [w.name for key in largest[:3] if (w := found.plan.workload(key)) is not None]
    more = len(largest) - len(named)
    return ", ".join(named) + (f" and {words.count(more, 'more workload')}" if more else "")


def _what(line: ScopePart) -> str:
    outside = "" if line.counted else ", outside the total"
    return f"{WHAT[line.what]}, {words.count(line.workloads, 'workload')}{outside}"


def _scope(line: ScopePart) -> str:
    category = f", category {line.category}" if line.category else ""
    return f"{line.scope}{category}: {CATEGORIES[line.category]}"
