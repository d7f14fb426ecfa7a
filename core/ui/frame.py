"""The frame around every page: the link in the address bar, the scenario bar, what the user must be told."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from core import catalog as facts
from core import engine, link, words
from core.catalog.measured import measurements
from core.decide.older import Sealed
from core.plan.example import example_plan
from core.results.figures import coefficients
from core.targets import warm
from core.ui import currency, exports, fields, hours_held, live, options, saving, sign_in, state
from core.ui.shown import scale_for

SCENARIO = (
    "name", "first_year", "last_year", "headline_year", "boundary", "hardware_view", "carbon_price_usd_per_t",
    "price_engineering_usd_per_day", "seed",
)  # fmt: skip
ASSETS = Path(__file__).parent / "assets"
# An open panel lies outside the frame that Streamlit calls dark. Paper is white: a dark page prints turned to light.
DARK = """<style>:root { color-scheme: dark }
@media print {
  :root { color-scheme: light }
  body { background: #fff }
  [data-testid="stApp"] { background: #000; filter: invert(1) hue-rotate(180deg) }
}</style>"""
IMPORT = "pages/import/page.py"
MOST_LINKS = 100  # of the links this session put into the address bar
QUIET_S = 1.0  # an address this much older than the last edit was chosen by the reader
SAVED = "saved "  # before the id of a saved plan, where others hold a link's text
NEWS_SHARE = 0.005  # a headline that moved by less than this under newer data is not news


def serve_links() -> None:
    """Let a fresh server's first reader arrive by a link to any page.

    Beside a folder named `pages`, Streamlit would take `pages/*.py` for its pages until `st.navigation` has run once,
    and greet that reader with "Page not found".
    """
    PagesManager.uses_pages_directory = False


def start() -> None:
    """Page settings, and what a dark theme cannot express (the other rules of style are in the document: `dressed`)."""
    st.set_page_config(
        page_title="Glidepath", page_icon=str(ASSETS / "icon.png"), layout="wide", initial_sidebar_state="collapsed"
    )
    st.logo(str(ASSETS / ("logo_dark.svg" if is_dark() else "logo_light.svg")), size="large")
    if is_dark():
        st.html(DARK)
    state.session().run += 1
    with sound_data():
        _ready()


@contextmanager
def sound_data() -> Iterator[None]:
    """End the run with a sentence where a data file of the installation cannot be read; no figure is shown then."""
    try:
        yield
    except facts.CatalogError as error:
        said = words.markdown_safe(f"{error}. Whoever runs this installation must put that data file back.")
        st.error(f"Nothing can be computed: {said}", icon=":material/error:")
        st.stop()


@st.cache_resource(show_spinner="Starting the engine. The very first time takes some seconds.")
def _ready() -> bool:
    """Compile or load the kernels once a process, and take what is loaded out of the garbage collector's rounds.

    Python then looks through what readers made alone. (Streamlit's own full collection after every run is switched off
    in `.streamlit/config.toml`: it took half of a busy server's time.)
    """
    engine.warm_up(coefficients())
    warm.warm_up()
    measurements()
    gc.collect()
    gc.freeze()
    return True


def is_dark() -> bool:
    """Whether the reader's theme is dark."""
    return st.context.theme.type == "dark"


def open_link() -> None:
    """Take the plan from the address bar when it came from elsewhere, or when the reader went back to an earlier one.

    Between two fast edits the browser still names a link this session wrote a moment ago: taken, it would undo one.
    """
    s = state.session()
    text = _asked()
    if not text or text == s.link:
        return
    if text in s.written:
        if not s.touched and monotonic() - s.written_at_s > QUIET_S:
            state.change(s.written[text])
            _remember(text)
        return
    s.link, s.made = text, None
    if text.startswith(SAVED):
        saving.open_saved(text.removeprefix(SAVED))
        return
    opened = link.decode(text)
    state.open_plan(opened.plan, list(opened.problems))
    made = opened.stamp
    s.made = Sealed(made.data_version, "", made.headline_kg) if made.data_version else None
    s.prices = opened.plan.priced()  # a link that came with prices keeps them
    s.news = [*_older_data(opened), *link.since(opened), *hours_held.missing()]


def _asked() -> str:
    """What the address asks for: the text of a link, or the id of a saved plan behind its mark."""
    key = st.query_params.get("p", "")
    return st.query_params.get("s", "") or (SAVED + key if key else "")


def _older_data(opened: link.Opened) -> list[str]:
    then, version = opened.stamp, facts.load().data_version
    if not then.data_version or version.startswith(then.data_version) or then.headline_kg is None:
        return []
    now_kg = link.stamp(opened.plan).headline_kg
    if now_kg is None or abs(now_kg - then.headline_kg) <= NEWS_SHARE * abs(then.headline_kg):
        return []
    scale = scale_for("kg", (now_kg, then.headline_kg))
    was, now = (words.quantity(kg, scale) for kg in (then.headline_kg, now_kg))
    return [f"Made with data {then.data_version}, this link showed {was}; with today's data ({version[:6]}), {now}."]


def write_link() -> None:
    """Put the plan into the address bar: its id where it is saved as it stands. The example keeps the address clean."""
    s = state.session()
    saved = saving.on_screen()
    text = SAVED + saved.id if saved else state.in_links().address
    live.keep_draft({"address": text, "plan": state.in_links().kept}, state.bring_back)
    s.touched = False
    if text == s.link and _asked() == text:
        return
    _remember(text)
    if text and not saved and "p" not in st.query_params:
        st.query_params["s"] = text
        return
    # said even where the browser seems to have none: what was written last may still be on its way to it
    asked = {"p": [saved.id]} if saved else {"s": [text]} if text else {}
    others = {name: st.query_params.get_all(name) for name in st.query_params if name not in ("s", "p")}
    st.query_params.from_dict(others | asked)


def _remember(text: str) -> None:
    s = state.session()
    s.link = text
    s.written_at_s = monotonic()
    s.written = dict([*s.written.items(), (text, s.plan)][-MOST_LINKS:])


def bar(title: str, method: Callable[[], None] = lambda: fields.segments("method")) -> None:
    """One row: the page's name, what is counted, which method (a switch of the page's own), the ways back and out."""
    plan = state.plan()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="bar"):
        st.title(title, anchor=False, width="content")
        label = " · ".join(
            (
                words.markdown_safe(plan.name),
                words.years(plan.first_year, plan.last_year),
                options.word("boundary", plan.boundary).lower(),
            )
        )
        scenario = st.popover(label, type="tertiary", icon=":material/tune:", key="scenario", on_change="rerun")
        if scenario.open:
            with scenario:
                _scenario()
        method()
        st.space("stretch")
        s = state.session()
        st.button("Undo", type="tertiary", disabled=not s.past, on_click=state.undo, key="undo")
        st.button("Redo", type="tertiary", disabled=not s.future, on_click=state.redo, key="redo")
        st.button(
            "Reset",
            type="tertiary",
            on_click=state.reset,
            key="reset",
            help="Back to the example. Undo brings your plan back.",
        )
        keep = st.popover("Save", type="tertiary", key="save", on_change="rerun")
        if keep.open:
            with keep:
                saving.panel()
        ways = st.popover("Share", type="tertiary", key="share", on_change="rerun")
        if ways.open:
            with ways:
                exports.share()
        sign_in.account()


def _scenario() -> None:
    plan = state.plan()
    for name in SCENARIO:
        fields.plan_field(plan, name)
    currency.panel()


def messages(hint: bool = False) -> None:
    """What was refused, what moved by itself, and on the Plan page the hint on a first visit.

    In a box of their own: what comes and goes must not shift the place of what follows, or the grid loses its cursor.
    """
    s = state.session()
    with st.container():
        if s.problems:
            st.warning("\n".join(f"- {words.markdown_safe(line)}" for line in s.problems), icon=":material/error:")
        for line in s.news:
            st.info(words.markdown_safe(line), icon=":material/info:")
        if hint and not s.greeted and s.plan == example_plan():
            _hint()


def _hint() -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="hint"):
        st.markdown(
            "**An example, not a benchmark:** an invented company of 5,000 staff. Change it, or start with yours."
        )
        st.page_link(IMPORT, label=":blue[Start from your files]")
        st.button("Replace with mine", on_click=state.start_empty, key="mine")
        st.button("Got it", type="tertiary", on_click=_greet, key="greet")


def _greet() -> None:
    state.session().greeted = True


def announce(text: str) -> None:
    """Tell screen readers the new headline, politely."""
    live.announce(text)
