"""The Share menu: the link, the files to take away, and a plan brought back from its CSV or its bundle."""

from __future__ import annotations

import streamlit as st

from core import results, table, words
from core.exports import opened
from core.plan import Plan
from core.results_table import method_of
from core.ui import data_field, dropped, export_files, hours_held, live, state

LONG_LINK = 1_000
TOO_LONG_LINK = 2_000
MOST_MB = 20  # of a bundle; a plan's CSV has a limit of its own
PRICES = "link_prices"


def share() -> None:
    """The link and the data link; files to take away; the way back in."""
    link, files, back = st.tabs(["Link", "Export", "Open"])
    with link:
        _link(state.plan())
    with files:
        export_files.panel()
    with back:
        told = "What Export gave: the plan as CSV, or a bundle. The plan on screen stays one Undo away."
        dropped.field("Open a plan", "upload", ("csv", "zip"), MOST_MB, told, _open)


def _link(plan: Plan) -> None:
    """The link, what to know of it, and the data link for a spreadsheet."""
    _ask_for_prices(plan)
    text = state.in_links().link
    live.copy_link(f"s={text}")
    if told := hours_held.needed(plan):
        st.info(words.markdown_safe(told), icon=":material/attach_file:")
    length = f"{len(text):,} characters; many mail and chat programs cut links at 1,000 to 2,000."
    if len(text) > TOO_LONG_LINK:
        st.warning(f"The link has {length} Send the plan as a file instead.")
    elif len(text) > LONG_LINK:
        st.info(f"The link has {length} Check that it arrives whole, or send the file.")
    data_field.of_plan(text)


def _ask_for_prices(plan: Plan) -> None:
    """Whether prices travel: only if the user says so."""
    if plan.priced():
        told = "Off: link, address bar and saved plans leave them out; this tab alone keeps them through a reload."
        state.bind(PRICES, state.session().prices)
        st.toggle("Prices in the link", value=state.session().prices, key=PRICES, help=told, on_change=_say_prices)


def _say_prices() -> None:
    state.session().prices = bool(state.typed(PRICES))


def _open(files: tuple[dropped.File, ...]) -> None:
    for name, raw in files:
        _show(name, raw)


def _show(name: str, raw: bytes) -> None:
    """The plan of a file, and what of it was not understood."""
    if opened.is_bundle(raw):
        _show_bundle(name, raw)
        return
    problems: list[str] = []
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = raw.decode("cp1252", errors="replace")
        problems.append(f"{name}: byte {error.start} is not UTF-8; the file was read as Windows-1252")
    reading = table.read_plan(text)
    problems += [f"{name}, {line}" for line in reading.problems]
    if reading.plan is None:
        state.refuse(problems)
    else:
        state.open_plan(reading.plan, problems)
        state.session().news = hours_held.missing()


def _show_bundle(name: str, raw: bytes) -> None:
    """The plan of a bundle whose sums are right; why another is refused."""
    try:
        found = opened.open_bundle(raw)
    except opened.BundleError as error:
        state.refuse([f"{name}: {error}"])
        return
    state.open_plan(found.plan, [f"{name}, {line}" for line in found.problems])
    state.session().news = [*_made_with(found), *hours_held.missing()]


def _made_with(found: opened.Opened) -> list[str]:
    """By which versions a bundle was made, where they are not today's."""
    now = results.of(state.plan())
    then, today = (found.data_version, found.method_version), (now.data_version, method_of(now))
    if then == today:
        return []
    return [
        f"This bundle was made with data {opened.shown(then[0])} and method {opened.shown(then[1])}; the page works it "
        f"out with data {today[0]} and method {today[1]}, so figures may differ from the files in it."
    ]
