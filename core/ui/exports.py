"""Ways out and in: the link, the plan and the results as CSV, and a plan CSV brought back."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from core import disclosure, results, table, words
from core.plan import Plan
from core.results_table import NUMBERS, write_results
from core.ui import data_field, dropped, hours_held, live, state

LONG_LINK = 1_000
TOO_LONG_LINK = 2_000
MOST_MB = 5  # of a plan
PRICES = "link_prices"


def share() -> None:
    """The link, the two files, and the way back in."""
    plan = state.plan()
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
    comma = st.toggle("Decimal comma", key="decimal_comma", help="For spreadsheets that write 1,5 and part cells by ;")
    st.download_button(
        "Plan as CSV",
        lambda: _file(table.write_plan(plan), table.number_columns(), comma),
        "glidepath_plan.csv",
        "text/csv",
        on_click="ignore",
        key="plan_csv",
    )
    st.download_button(
        "Results as CSV",
        lambda: _file(write_results(results.of(plan)), NUMBERS, comma),
        "glidepath_results.csv",
        "text/csv",
        on_click="ignore",
        key="results_csv",
    )
    st.download_button(
        "Disclosure as CSV",
        lambda: _file(disclosure.write_disclosure(results.of(plan)), disclosure.numbers(), comma),
        disclosure.FILE,
        "text/csv",
        on_click="ignore",
        key="disclosure_shared",
        help="One row a workload, year, stage and scope, for a reporting tool or an auditor; it adds up to the totals.",
    )
    data_field.of_plan(text)
    told = "The plan on screen stays one Undo away."
    dropped.field("Open a plan CSV", "upload", ("csv",), MOST_MB, told, _open)


def _ask_for_prices(plan: Plan) -> None:
    """Whether prices travel: only if the user says so."""
    if plan.priced():
        told = "Off: link, address bar and saved plans leave them out; this tab alone keeps them through a reload."
        state.bind(PRICES, state.session().prices)
        st.toggle("Prices in the link", value=state.session().prices, key=PRICES, help=told, on_change=_say_prices)


def _say_prices() -> None:
    state.session().prices = bool(state.typed(PRICES))


def _file(text: str, numbers: Collection[str], comma: bool) -> str:
    return table.with_decimal_comma(text, numbers) if comma else text


def _open(files: tuple[dropped.File, ...]) -> None:
    for name, raw in files:
        _show(name, raw)


def _show(name: str, raw: bytes) -> None:
    """The plan of a file, and what of it was not understood."""
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
