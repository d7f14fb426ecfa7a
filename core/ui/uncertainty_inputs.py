"""What the answer hangs on: the eight inputs that move it most, their values at both ends, and where they are from."""

from __future__ import annotations

from math import isfinite

import streamlit as st

from core import catalog as facts
from core import charts, words
from core.decide.inputs import Input, inputs
from core.decide.tornado import Reach, Tornado, tornado
from core.ui import trace, uncertainty
from core.ui.frame import is_dark
from core.ui.picture import chart
from core.ui.shown import small
from core.ui.uncertainty import View

MOST_BARS = 8
PERCENT_LIKE, TIMES = "share", "times"


def hangs_on(view: View) -> None:
    """The tornado: each input at its P10 and P90, all else at the central case."""
    found = tornado(view.plan, view.measure, view.year)
    trace.section(
        "What the answer hangs on",
        f"{view.scale.label} CO₂e, {uncertainty.figure_said(view)} · each input at its P10 and P90, all else central",
        "uncertain_bar_kg",
    )
    uncertainty.pick_measure(view)
    if not found.bars:
        st.markdown("No input moves this figure.")
        return
    shown = found.bars[:MOST_BARS]
    known = inputs(view.plan, tuple(bar.factor for bar in shown))
    rows = [_row(view, bar, known[bar.factor]) for bar in shown]
    about = "What the answer hangs on"
    middle = found.central / view.scale.divisor
    said = _summary(view, found, shown, known)
    chart(charts.tornado(rows, middle, about, is_dark()), said, _table(view, shown, known), "swings")
    rest = len(found.bars) - len(shown)
    more = f"{words.count(rest, 'input')} more {words.plural(rest, 'moves', 'move')} it by less; " if rest > 0 else ""
    still = len(found.still)
    st.markdown(small(f"{more}{words.count(still, 'input')} alone {words.plural(still, 'moves', 'move')} nothing."))


def _row(view: View, bar: Reach, one: Input) -> dict[str, object]:
    return {
        "name": one.title,
        "low_at": bar.at_low / view.scale.divisor,
        "high_at": bar.at_high / view.scale.divisor,
        "low_label": value(one.low, one.unit, short=True),
        "high_label": value(one.high, one.unit, short=True),
    }


def value(given: float | str, unit: str, short: bool = False) -> str:
    """An input's value with its unit; a share in per cent, and names as they are.

    >>> value(0.4, "share"), value(150.0, "W"), value(30.0, "% a year", True), value("B200 SXM (HGX)", "", True)
    ('40\\xa0%', '150\\xa0W', '30\\xa0%', 'B200')
    """
    if isinstance(given, str):
        return given.split()[0] if short else given
    if unit == PERCENT_LIKE:
        return words.percent(given)
    if unit == TIMES:
        return f"×{words.GLUE}{words.figure(given, 2)}"
    text = words.figure(given, 3)
    text = text.rstrip("0").rstrip(".") if "." in text else text
    unit = unit.split()[0] if short and unit else unit
    return f"{text}{words.GLUE}{unit}" if unit and isfinite(given) else text


def _summary(view: View, found: Tornado, shown: tuple[Reach, ...], known: dict[str, Input]) -> str:
    first = shown[0]
    one = known[first.factor]
    ends = [words.quantity(at, view.scale, 2) for at in (first.at_low, first.at_high)]
    middle = words.quantity(found.central, view.scale, 2)
    said = f"{one.title} moves {uncertainty.figure_said(view)} most: {ends[0]} at {value(one.low, one.unit)}, "
    said += f"{ends[1]} at {value(one.high, one.unit)}; the central case is {middle}."
    if len(shown) > 1:
        said += f" Next: {', '.join(known[bar.factor].title for bar in shown[1:3])}."
    return said


def _table(view: View, shown: tuple[Reach, ...], known: dict[str, Input]) -> dict[str, list[str]]:
    """The bars as text: the input's values at both ends, the figure there, and where they are from."""
    divisor = view.scale.divisor
    columns: dict[str, list[str]] = {
        name: [] for name in ("Input", "P10 to P90", f"Figure there, {view.scale.label}", "Status: source")
    }
    for bar in shown:
        one = known[bar.factor]
        ends = (value(one.low, one.unit), value(one.high, one.unit))
        cells = (
            one.title,
            f"{ends[0]} to {ends[1]}",
            f"{words.figure(bar.at_low / divisor, 2)} to {words.figure(bar.at_high / divisor, 2)}",
            f"{one.status}: {sources(one.source)}" if one.source != "input" else sources(one.source),
        )
        for column, cell in zip(columns.values(), cells, strict=True):
            column.append(cell)
    return columns


def sources(keys: str) -> str:
    """Titles of sources, the first two."""
    known = facts.load().sources
    if keys == "input":
        return "entered in the plan"
    titles = [known[key].title.split(":")[0] for key in keys.split(";") if key in known]
    return "; ".join(titles[:2]) + (" and others" if len(titles) > 2 else "") if titles else "–"
