"""The files that a reader takes away, one line each on what it is for; the same figures stand in all of them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

import streamlit as st
from streamlit import config
from streamlit.url_util import make_url_path

from core import disclosure, results, table, words
from core.exports.answer import Answer, answer_of
from core.exports.links import link_of
from core.exports.sealed import since_sealed
from core.plan import Plan
from core.results_table import NUMBERS, write_results
from core.ui import hours_held, saving, state
from core.ui.shown import small

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BUTTON_PX = 150
WHOLE = "The whole plan"


def panel() -> None:
    """Every file of the plan on screen; each is made when it is asked for, and what makes it is loaded here."""
    from core.exports import bundle, report, workbook

    plan = state.plan()
    answer = _answer(plan)
    saved = saving.on_screen()
    if told := hours_held.needed(plan):
        st.info(words.markdown_safe(told), icon=":material/attach_file:")
    if len(plan.workloads) > report.MANY:
        st.markdown(small(_many(len(plan.workloads))))
    _file("Report", "For a meeting: two to four pages to print, or to save as PDF.",
          lambda: report.write_report(answer()), report.FILE, "text/html", "report")  # fmt: skip
    _file("Workbook", "For Excel: answer, years, results, inputs, every factor with its source.",
          lambda: workbook.write_workbook(answer()), workbook.FILE, XLSX, "workbook")  # fmt: skip
    _file("Bundle", "For an auditor: all files with checksums, worked out again by one command.",
          lambda: bundle.write_bundle(answer(), saving.read(saved.id).saved if saved else None),
          bundle.FILE, "application/zip", "bundle")  # fmt: skip
    _card(plan, answer)
    st.markdown("**Tables as CSV**")
    comma = st.toggle("Decimal comma", key="decimal_comma", help="For spreadsheets that write 1,5 and part cells by ;")
    _file("Plan as CSV", "Every input; opens here again.",
          lambda: _text(table.write_plan(plan), table.number_columns(), comma),
          "glidepath_plan.csv", "text/csv", "plan_csv")  # fmt: skip
    _file("Results as CSV", "Every figure, a row a workload, year, stage and scope.",
          lambda: _text(write_results(results.of(plan)), NUMBERS, comma),
          "glidepath_results.csv", "text/csv", "results_csv")  # fmt: skip
    _file("Disclosure as CSV", "For a reporting tool: rows that add up to the totals.",
          lambda: _text(disclosure.write_disclosure(results.of(plan)), disclosure.numbers(), comma),
          disclosure.FILE, "text/csv", "disclosure_shared")  # fmt: skip


def _file(label: str, told: str, made: Callable[[], str | bytes], name: str, mime: str, key: str) -> None:
    """A button that makes a file, and what it is for."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.download_button(label, made, name, mime, on_click="ignore", key=key, width=BUTTON_PX)
        st.markdown(small(told), width="stretch")


def _card(plan: Plan, answer: Callable[[], Answer]) -> None:
    """The model card, of the plan or of a workload that has figures."""
    from core.exports import card

    names = {w.id: w.name for w in results.of(plan).workloads}
    one = st.session_state.get("card_of", "")
    _file(
        "Model card",
        "For a repository of models: Markdown, training and use apart.",
        lambda: _of_card(answer(), one if one in names else ""),
        card.FILE,
        "text/markdown",
        "model_card",
    )
    st.selectbox("Model card of", ["", *names], key="card_of", format_func=lambda key: names.get(key, WHOLE))


def _of_card(answer: Answer, key: str) -> bytes:
    from core.exports import card

    try:
        return card.write_card(answer, key)
    except card.CardError as error:
        return f"{words.capital(str(error))}.\n".encode()


def _answer(plan: Plan) -> Callable[[], Answer]:
    """The answer to tell, worked out when a file is asked for; where this app is stands in front of its link."""
    address, prices, saved = _address(), state.session().prices, saving.on_screen()

    def worked_out() -> Answer:
        link, notes = link_of(plan, address, prices, saved.id if saved else "")
        answer = answer_of(plan, datetime.now(UTC).date(), link, notes)
        return answer if saved is None else replace(answer, notes=(*notes, *since_sealed(saved, answer.found)))

    return worked_out


def _address() -> str:
    """Where the reader's browser has this app; empty where nobody says."""
    parts = urlsplit(st.context.url or "")
    base = make_url_path(config.get_option("server.baseUrlPath") or "", "")
    return f"{parts.scheme}://{parts.netloc}{base.rstrip('/')}/" if parts.scheme in ("http", "https") else ""


def _many(count: int) -> str:
    return (
        f"{words.count(count, 'workload')}: each file takes some seconds. The report names the largest and adds up the "
        "others; every other file holds all of them."
    )


def _text(text: str, numbers: Collection[str], comma: bool) -> str:
    return table.with_decimal_comma(text, numbers) if comma else text
