"""The data link to copy, how a spreadsheet takes it, and the tokens of a protected installation."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlencode

import streamlit as st
from streamlit import config
from streamlit.url_util import make_url_path

from core import words
from core.door.ask import APPROVED, PATH
from core.door.caller import LEND
from core.store import Person, Review, StoreError, Version
from core.store.records import MOST_NAME
from core.ui import door, live, saving, state
from core.ui.shown import small

HOW = "Excel and Power BI: Data, From Web, this address. A comma for decimals: add `&decimal=comma`."
SHEETS = 'Google Sheets: `=IMPORTDATA("address")`.'
WITH_TOKEN = (
    "Asked for a sign-in, choose Basic, any user name, and a token as the password; it never goes into the address."
)
DAYS = {30: "30 days", 90: "90 days", 366: "a year"}
LABEL, LASTS = "token_label", "token_days"
EVERY, SIGNED, THIS = "The latest version", "The version signed off last", "This version, for ever"
TODAY = "By today's data"
TODAY_HELP = "Off: the figures as they were sealed. On: the version worked out anew whenever the data change."


def address() -> str:
    """The path of the data link on this server."""
    return make_url_path(config.get_option("server.baseUrlPath") or "", PATH)


def of_plan(text: str) -> None:
    """The data link of the plan on screen, which its link holds."""
    with st.expander("Data link for a spreadsheet"):
        live.copy_data_link(address(), f"s={text}", key="copy_data")
        told = (
            f"{HOW} {SHEETS}"
            if door.is_open()
            else "It opens where you are signed in; a token opens saved plans alone."
        )
        st.markdown(small(told))


def of_version(found: Review, version: Version) -> None:
    """The data link of a saved plan: of its latest version, the one signed off last, or the one chosen."""
    panel = st.expander("Data link for a spreadsheet", key="data_link", on_change="rerun")
    if not panel.open:
        state.session().token = ""  # a token is shown once
        return
    with panel:
        ways = (THIS,) if found.archived else (EVERY, SIGNED, THIS)
        which = st.radio("A spreadsheet gets", ways, key=f"data_link_of:{found.archived}")
        asked = {"p": version.id} if which == THIS else {"plan": version.plan}
        asked |= {"version": APPROVED} if which == SIGNED else {}
        if st.toggle(TODAY, key="data_link_today", help=TODAY_HELP):
            asked |= {"data": "today"}
        live.copy_data_link(address(), urlencode(asked), key="copy_data_saved")
        st.markdown(small(f"{HOW} {SHEETS if door.is_open() else WITH_TOKEN}"))
        if not door.is_open() and door.guest().may(LEND):
            _tokens(version.plan)


def _tokens(name: str) -> None:
    """The tokens of a saved plan; a new one is shown once."""
    from core.store.lending import lent
    from core.store.store import open_store

    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Name of the token", key=LABEL, max_chars=MOST_NAME, help="Which sheet or report reads with it.")
        st.selectbox("It lasts", list(DAYS), key=LASTS, format_func=lambda days: DAYS[days])
        st.button("Make a token", key="token_make", on_click=_make, args=(name,))
    if made := state.session().token:
        st.markdown("The new token. It is shown only now:")
        st.code(made, language=None)
    try:
        standing = [one for one in lent(open_store(), name) if one.stands(datetime.now(UTC))]
    except StoreError as error:
        st.markdown(words.markdown_safe(str(error)))
        return
    for one in standing:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(words.markdown_safe(f"{one.label}, by {one.by.name}, until {saving.day_of(one.until)}"))
            st.button("End", key=f"token_end:{one.id}", on_click=_end, args=(one.id,))


def _make(name: str) -> None:
    from core.store.lending import lend
    from core.store.store import open_store

    s = state.session()
    s.token = ""
    label, days = str(st.session_state.get(LABEL) or ""), int(st.session_state.get(LASTS) or min(DAYS))
    try:
        s.token, _ = lend(open_store(), name, label, _lender(), datetime.now(UTC), days)
    except StoreError as error:
        s.problems = [words.capital(str(error))]
        return
    s.problems.clear()
    state.empty(LABEL)


def _end(key: str) -> None:
    from core.store.lending import end
    from core.store.store import open_store

    s = state.session()
    s.token = ""
    try:
        end(open_store(), key, _lender(), datetime.now(UTC))
    except StoreError as error:
        s.problems = [words.capital(str(error))]


def _lender() -> Person:
    return door.doer(LEND).person("")
