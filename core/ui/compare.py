"""The Compare page's answer: which two plans, the difference with its range, and the figures of both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

import streamlit as st

from core import charts, link, table, words
from core.charts.lines import Line
from core.decide.between import QUANTITIES, Between, Compared, between
from core.plan import Plan
from core.plan.example import example_plan
from core.store import Review, StoreError, Version, read_id
from core.ui import hours_held, live, saving, state
from core.ui.frame import is_dark
from core.ui.picture import chart
from core.ui.shown import money_for, scale_for, section, small
from core.ui.shown import table as shown_table
from core.words import Scale

MOST_MB = 5
MOST_VERSIONS = 200  # that the lists name
NAMES = {
    "carbon_kg": "Carbon, as counted here",
    "carbon_location_kg": "Electricity, location-based",
    "carbon_market_kg": "Electricity, market-based",
    "carbon_embodied_kg": "Making of the hardware",
    "energy_facility_kwh": "Energy at the meter",
    "water_l": "Water, site and source",
    "cost_usd": "Cost",
}
LINES = (Line("second", "B", "plan"), Line("first", "A", "baseline"))
APART = "Cannot be told apart"


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of the two plans: what it is called, and what to know of it."""

    label: str
    plan: Plan
    notes: tuple[str, ...] = ()


def chosen(reviews: list[Review]) -> tuple[Chosen, Chosen]:
    """Both plans, by two lists; a plan from elsewhere is given by its link or its file."""
    row = st.container(horizontal=True, vertical_alignment="bottom", key="compared")
    lists = row.container(horizontal=True, vertical_alignment="bottom")
    with row.popover("Another plan", key="compare_other"):
        text = st.text_input("Link or id of a plan", key="compare_link", help="Of this app, or of a saved plan.")
        file = st.file_uploader("Or its CSV", type="csv", key="compare_file", max_upload_size=MOST_MB)
    given = _of_file(file) if file is not None else _of_link(text) if text.strip() else None
    options = _options(reviews) | ({"given": given.label} if given else {})
    keys = list(options)
    usual = next(key for key in ("given", "opened", _before(reviews), "usual", "example") if key in options)
    taken = []
    with lists:
        for key, label, at in (("compare_first", "A", usual), ("compare_second", "B", "screen")):
            picked = st.selectbox(label, keys, keys.index(at), key=key, format_func=lambda k: options[k])
            taken.append(given if picked == "given" and given else _taken(picked, options))
    return taken[0], taken[1]


def _before(reviews: list[Review]) -> str:
    """Id of the version before the saved one on screen; blank where there is none."""
    saved = saving.on_screen()
    versions = [version for one in reviews for version in one.versions if saved and version.plan == saved.plan]
    return next((version.id for version in versions if saved and version.number == saved.number - 1), "")


def stored() -> list[Review]:
    """Every sound saved plan with its review; a word for each that is not, and where the store does not answer."""
    from core.store.store import open_store

    found: list[Review] = []
    try:
        found, problems = open_store().survey()
    except StoreError as error:
        problems = [str(error)]
    for problem in problems:
        st.warning(words.markdown_safe(problem))
    return found


def _options(reviews: list[Review]) -> dict[str, str]:
    s = state.session()
    found = {"screen": f"On screen: {s.plan.name}"}
    if s.opened != s.plan:
        found["opened"] = f"As opened: {s.opened.name}"
    if s.plan.levers:
        found["usual"] = "Business as usual: without levers"
    found["example"] = "The built-in example"
    versions = [version for one in reviews if not one.archived for version in reversed(one.versions)]
    return found | {version.id: called(version) for version in versions[:MOST_VERSIONS]}


def called(version: Version) -> str:
    """A saved version in a list."""
    return f"{version.plan}, version {version.number} ({version.by.name}, {version.day})"


def _taken(key: str, options: Mapping[str, str]) -> Chosen:
    plans: dict[str, Callable[[], Plan]] = {
        "opened": hours_held.opened,
        "usual": state.plan().as_usual,
        "example": example_plan,
        "screen": state.plan,
    }
    return Chosen(options[key], plans[key]()) if key in plans else _saved(key)


def _with_hours(plan: Plan) -> Plan:
    """The plan with the hours of its files that this tab holds."""
    return plan.with_hours(state.session().hours)


def _saved(key: str) -> Chosen:
    """A saved plan; where it cannot be opened, the plan on screen and why."""
    found = saving.read(key)
    if found.plan is None or found.saved is None:
        return Chosen(f"On screen: {state.plan().name}", state.plan(), found.problems)
    plan = _with_hours(found.plan)
    return Chosen(called(found.saved.version), plan, (*found.problems, *saving.since(found.saved, plan)))


def _of_link(text: str) -> Chosen | None:
    """The plan of a link or an id; None, and a word, where nothing of it can be read."""
    _, saved, key = text.partition("p=")
    _, linked, body = text.partition("s=")
    if read_id(key.split("&")[0] if saved else text):
        return _saved(key.split("&")[0] if saved else text)
    opened = link.decode((body if linked else text).split("&")[0].strip())
    if opened.nothing_read():
        st.warning(words.markdown_safe(words.capital(opened.nothing_read())))
        return None
    return Chosen(f"From a link: {opened.plan.name}", _with_hours(opened.plan), opened.problems)


def _of_file(file: Any) -> Chosen | None:
    reading = table.read_plan(file.getvalue().decode("utf-8-sig", errors="replace"))
    told = tuple(f"{file.name[:60]}, {line}" for line in reading.problems)
    if reading.plan is None:
        st.warning(words.markdown_safe("; ".join(told)))
        return None
    return Chosen(f"From a file: {reading.plan.name}", _with_hours(reading.plan), told)


def seen(first: Chosen, second: Chosen) -> Between | None:
    """Both beside each other; None where they share no year."""
    return between(first.plan, second.plan)


def _scale(view: Between, name: str, values: tuple[float, ...]) -> Scale:
    unit = {"kwh": "kWh", "usd": "USD"}.get(name.rpartition("_")[2], name.rpartition("_")[2])
    return money_for(view.first.plan, values) if unit == "USD" else scale_for(unit, values)


def _answer(view: Between | None) -> tuple[str, str]:
    """The headline, and a phrase on its range."""
    if view is None:
        return "No year in common", ""
    found = view.answer
    if not all(map(isfinite, found.difference)):
        return "No figure: a workload of A or B could not be computed", ""
    if found.difference == (0.0, 0.0, 0.0):
        return f"A and B are the same in {found.year}", ""
    if not found.told_apart:
        return f"{APART} in {found.year}", _range(view, found)
    less = "less" if found.difference[1] < 0 else "more"
    scale = _scale(view, found.name, (found.first[1], found.second[1]))
    size = words.with_range(*_size(found), scale)[0]
    return f"B takes {size} CO₂e a year {less} than A in {found.year}", _range(view, found)


def _size(found: Compared) -> tuple[float, float, float]:
    low, middle, high = found.difference
    least, most = sorted((abs(low), abs(high)))
    return abs(middle), least, most


def _range(view: Between, found: Compared) -> str:
    low, _, high = found.difference
    scale = _scale(view, found.name, (found.first[1], found.second[1]))
    return f"80 % range of the difference {words.signed_quantity(low, scale)} to {words.signed_quantity(high, scale)}"


def head(first: Chosen, second: Chosen, view: Between | None) -> None:
    """The answer, what it rests on, and what is to know of either plan."""
    text, phrase = _answer(view)
    with st.container(key="headline"):
        st.header(f"{text}, :gray[{phrase}]" if phrase else text, anchor=False)
    if view is None:
        one, other = first.plan, second.plan
        st.warning(f"A runs from {one.first_year} to {one.last_year}, B from {other.first_year} to {other.last_year}.")
    else:
        counted = "operation and hardware" if view.first.plan.boundary == "with_hardware" else "operation"
        basis = f"Both by today's data, {counted}, {view.first.plan.method}-based, in the same simulated worlds"
        st.markdown(small(f"{basis}: what A and B share cancels out"))
    for name, notes in (("A", first.notes), ("B", second.notes)):
        for line in notes:
            st.info(words.markdown_safe(f"{name}: {line}"), icon=":material/info:")
    for name, found in (("A", view.first), ("B", view.second)) if view else ():
        for key in found.refused:
            workload = found.plan.workload(key)
            called_so = workload.name if workload else key
            st.warning(words.markdown_safe(f"{name}: {called_so} has no figure and is left out."))


def quantities(view: Between) -> None:
    """Every quantity of the answer's year in both plans, with the range of the difference."""
    section(f"In {view.year}", "Central case; the range is that of the difference")
    columns: dict[str, list[str]] = {"Quantity": [], "A": [], "B": [], "B less A": [], "80 % range": []}
    for name in QUANTITIES:
        found = view.compared(name, view.year)
        values = (found.first[1], found.second[1])
        scale = _scale(view, name, values)
        low, middle, high = found.difference
        known = all(map(isfinite, found.difference))
        columns["Quantity"].append(NAMES[name])
        columns["A"].append(words.quantity(values[0], scale))
        columns["B"].append(words.quantity(values[1], scale))
        columns["B less A"].append(words.signed_quantity(middle, scale) if known else "unknown")
        columns["80 % range"].append(_ends(low, high, scale) if known else "–")
    shown_table(columns)


def _ends(low: float, high: float, scale: Scale) -> str:
    if low == high == 0.0:
        return "no difference"
    ends = f"{words.signed_quantity(low, scale)} to {words.signed_quantity(high, scale)}"
    return ends if low * high > 0 else f"{ends}: {APART.lower()}"


def by_year(view: Between) -> None:
    """Both plans by year, and the difference of each year as a table."""
    found = [view.compared("carbon_kg", year) for year in view.years]
    scale = _scale(view, "carbon_kg", tuple(max(one.first[1], one.second[1]) for one in found))
    section("By year", f"{scale.label} CO₂e a year, central case · band: 80 % range of B")
    rows = [
        {"year": one.year, "line": key, "value": ends[1] / scale.divisor}
        for one in found
        for key, ends in (("first", one.first), ("second", one.second))
    ]
    band = [
        {"year": one.year, "low": one.second[0] / scale.divisor, "high": one.second[2] / scale.divisor} for one in found
    ]
    told = {
        "Year": [str(one.year) for one in found],
        "A": [words.quantity(one.first[1], scale) for one in found],
        "B": [words.quantity(one.second[1], scale) for one in found],
        "B less A, 80 % range": [_ends(one.difference[0], one.difference[2], scale) for one in found],
    }
    names = {"first": "A", "second": "B"}
    spec = charts.lines_by_year(rows, LINES, "Plans A and B by year", is_dark(), band)
    chart(spec, words.lines_summary(rows, names, scale), told)


def announce(view: Between | None) -> None:
    """The answer for screen readers."""
    live.announce(", ".join(part for part in _answer(view) if part))
