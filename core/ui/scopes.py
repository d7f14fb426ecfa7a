"""Where an inventory books the shown year: scope, category, both methods, and what the grid factors count."""

from __future__ import annotations

import streamlit as st

from core import words
from core.results import Results
from core.results.scopes import CATEGORIES, ScopePart
from core.results.scopes import by_scope as parts_by_scope
from core.ui.options import BASES
from core.ui.shown import amount, page_scale, small

WHAT = {"electricity": "Electricity", "hardware": "Making of hardware", "devices": "Power of devices you sell"}
VIEWS = {
    "amortised": "The making is spread over the hardware's life, to compare and plan; an inventory books it in the "
    "year of purchase (see the menu beside the page's name).",
    "purchase_year": "Hardware you buy is booked in the year of purchase; what you hire stays spread by its provider.",
}
COLOCATED = (
    "Own servers in somebody else's hall stand in scope 2: you control what they draw. Where the hall's owner does, "
    "book them under category 8. "
)
NOT_IN = (
    "Life-cycle factors already hold the fuel supply of category 3; it is never added on top. Where a factor counts "
    "stack emissions only, category 3 is not known and not included."
)


def by_scope(found: Results) -> None:
    """The parts by scope and category, which add up to the whole with hardware."""
    shut = st.expander("By scope and category of the GHG Protocol", key="wide_scopes", on_change="rerun")
    if not shut.open:
        return
    year, scale = found.plan.shown_year(), page_scale(found)
    lines = parts_by_scope(found, year)
    flat = amount([float(v[0]) for line in lines for v in (line.location_kg, line.market_kg)], scale)
    shut.table(
        {
            "Scope": [_scope(line) for line in lines],
            "What": [f"{WHAT[line.what]}, {words.count(line.workloads, 'workload')}" for line in lines],
            "Location": [scale.dress(text) for text in flat[::2]],
            "Market": [scale.dress(text) for text in flat[1::2]],
            "Grid factor counts": ["; ".join(BASES.get(b, b) for b in line.bases) or "–" for line in lines],
        },
        border="horizontal",
        hide_index=True,
    )
    shut.markdown(small(f"{VIEWS[found.plan.hardware_view]} {COLOCATED}{NOT_IN}"))


def _scope(line: ScopePart) -> str:
    category = f", category {line.category}" if line.category else ""
    return f"{line.scope}{category}: {CATEGORIES[line.category]}"
