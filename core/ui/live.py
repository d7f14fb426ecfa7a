"""Small pieces that Streamlit lacks: a polite announcement, a copy button, cards, a phone's list of pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

ASSETS = Path(__file__).parent / "assets"


def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


_ANNOUNCE = st.components.v2.component(
    "glidepath_announce",
    html='<div role="status" aria-live="polite" class="said"></div>',
    css=_asset("announce.css"),
    js=_asset("announce.js"),
)

_COPY = st.components.v2.component(
    "glidepath_copy_link",
    html="""
<button type="button" class="copy">Copy link</button> <span role="status" class="done"></span>
<input class="address" aria-label="Link to this plan" readonly>
""",
    css=_asset("copy.css"),
    js=_asset("copy.js"),
)

_COPY_DATA = st.components.v2.component(
    "glidepath_copy_data_link",
    html="""
<button type="button" class="copy">Copy data link</button> <span role="status" class="done"></span>
<input class="address" aria-label="Data link" readonly>
""",
    css=_asset("copy.css"),
    js=_asset("copy.js"),
)

_CARDS = st.components.v2.component(
    "glidepath_cards",
    html='<ul class="cards" aria-label="Workloads"></ul>',
    css=_asset("cards.css"),
    js=_asset("cards.js"),
)

_CASES = st.components.v2.component(
    "glidepath_cases",
    html='<ul class="cases" aria-label="Cases"></ul>',
    css=_asset("cases.css"),
    js=_asset("cases.js"),
)

_PAGES = st.components.v2.component("glidepath_pages", js=_asset("pages.js"))


def pages() -> None:
    """A phone's list of pages shuts when one is picked, and is shut when a visit begins. Nothing to see."""
    _PAGES(key="pages")


_BACK = st.components.v2.component("glidepath_back", js=_asset("back.js"))


def back() -> None:
    """A browser that was cut off and is back runs the page again, on whichever server it found. Nothing to see."""
    _BACK(key="back", on_again_change=_nothing)


_DRAFT = st.components.v2.component("glidepath_draft", html='<div class="draft"></div>', js=_asset("draft.js"))


_GRID = st.components.v2.component("glidepath_grid", js=_asset("grid.js"))


def watch_grid(refused: bool, draw_anew: Callable[[], None]) -> None:
    """No key typed into the grid is lost; where cells were refused, `draw_anew` is called once nobody types there."""
    _GRID(data={"refused": refused}, key="watch_grid", on_anew_change=draw_anew)


def keep_draft(data: Mapping[str, str], take: Callable[[str], None]) -> None:
    """Let the tab keep what the address leaves out; `take` gets it back after a reload."""

    def found() -> None:
        text = getattr(st.session_state.get("draft"), "found", None)
        if text:
            take(str(text))

    with st.container(key="kept"):
        _DRAFT(data=data, key="draft", on_found_change=found)


_IMPORT = st.components.v2.component("glidepath_import", html='<div class="draft"></div>', js=_asset("import.js"))


def keep_import(token: str, take: Callable[[str], None]) -> None:
    """Let the tab remember which draft of an import is its own; `take` gets it back after a reload."""

    def found() -> None:
        kept = getattr(st.session_state.get("import_draft"), "found", None)
        if kept:
            take(str(kept))

    with st.container(key="kept_import"):
        _IMPORT(data={"token": token}, key="import_draft", on_found_change=found)


def announce(text: str) -> None:
    """Say a sentence to screen readers, half a second after the last change."""
    _ANNOUNCE(data=text, key="announce")


def copy_link(asked: str, key: str = "copy_link") -> None:
    """A button that copies this page's address with what it asks for (`s=...`), and the address itself."""
    _COPY(data=asked, key=key)


def copy_data_link(path: str, asked: str, key: str) -> None:
    """A button that copies the address from which a spreadsheet reads a table, and the address itself."""
    _COPY_DATA(data={"path": path, "asked": asked}, key=key)


def cards(data: Mapping[str, Any], on_open: Callable[[], None]) -> None:
    """A list of cards, each a button; `on_open` asks `opened_card` which one was tapped."""
    _CARDS(data=data, key="cards", on_opened_change=on_open)


def opened_card() -> str:
    """Id of the card that was just tapped; empty when none was."""
    return str(getattr(st.session_state.get("cards"), "opened", None) or "")


def case_list(data: Mapping[str, Any]) -> str:
    """A list of cases that unfold in place; id of the one whose button was just pressed, empty when none was."""
    result = _CASES(data=data, key="case_list", on_opened_change=_nothing)
    return str(getattr(result, "opened", None) or "")


def _nothing() -> None:
    """A button that makes the page run again, which reads what was pressed."""
