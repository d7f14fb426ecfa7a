"""The Cases page: the answer, search and filters, the cards above the fold, and what a case opens."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core import cases as checked
from core import catalog as facts
from core import words
from core.cases import VERDICTS, Case
from core.cases.answers import Ours, estimate_of, ours, plan_of
from core.cases.search import matching, nearest
from core.results.nearness import GRADES
from core.ui import badge, case_words, live, outbox, state
from core.ui.shown import section, small

CARDS = 6
ACROSS = 3
ALL = ""
COMPANION = "companion"
NOTE = (
    "Unfold one for its arithmetic, inputs and sources · this app's figures: central case, range of 8 in 10 simulations"
)
PAGES = {"estimate": "pages/estimate/page.py", "plan": "pages/plan/page.py", "what-if": "pages/whatif/page.py"}


def answer() -> None:
    """How many claims were checked, and how many must not be repeated."""
    with st.container(gap="xsmall"):
        st.header(title := _title(), anchor=False)
        st.markdown(small(scope := _scope()))
        outbox.paint_first(title, scope)


def _title() -> str:
    found = checked.load()
    claims = sum(bool(case.claim) for case in found)
    return f"Of {words.count(len(found), 'checked claim')}, {claims} must not be repeated as written"


def _scope() -> str:
    found = checked.load()
    bad = sum(VERDICTS[case.verdict] is False for case in found)
    opening = sum(bool(case.opens) for case in found)
    seen = sum(case.status in ("unverified", "rumour") for case in found)
    return (
        "From five articles on the footprint of language models · "
        f"{bad} in all are misleading, wrong, stale or unsupported · "
        f"{seen} rest on what nobody here has seen in a primary source · "
        f"{opening} of {len(found)} open as an estimate or a plan"
    )


def asked() -> list[Case]:
    """Search and filters in one row; the cases that pass them."""
    found = list(checked.load())
    articles = list(dict.fromkeys(case.article or COMPANION for case in found))
    left, middle, right = st.columns([12, 8, 12], vertical_alignment="bottom")
    with left:
        query = str(
            st.text_input("Search", key="k:search", max_chars=80, placeholder="A model, a unit, a word")
        ).strip()
    with middle:
        verdict = st.selectbox("Verdict", [ALL, *VERDICTS], key="k:verdict", format_func=_verdict)
    with right:
        article = st.selectbox("Article", [ALL, *articles], key="k:article", format_func=_article)
    passing = [case for case in found if verdict in (ALL, case.verdict) and article in (ALL, case.article or COMPANION)]
    hits = matching(passing, query)
    if hits:
        return hits
    near = nearest(passing or found, query)
    what = f"No case holds “{words.markdown_safe(query)}”" if passing else "No case has that verdict in that article"
    st.markdown(f"{what}. The nearest two:")
    return near


def _verdict(name: str) -> str:
    return case_words.verdict_word(name) if name else "All verdicts"


def _article(key: str) -> str:
    return {ALL: "All articles", COMPANION: case_words.COMPANION}.get(key) or facts.load().sources[key].title


def cards(found: Sequence[Case]) -> Case | None:
    """The six most useful of what was found, side by side; the case whose button was pressed."""
    first = sorted(found, key=lambda case: case.rank or len(found))[:CARDS]
    pressed = None
    with st.container(key="case_cards"):
        for start in range(0, len(first), ACROSS):
            for column, case in zip(st.columns(ACROSS), first[start : start + ACROSS], strict=False):
                with column:
                    pressed = case if _card(case) else pressed
    return pressed


def _card(case: Case) -> bool:
    with st.container(border=True, height="stretch", gap="xsmall"):
        verdict = f":{case_words.tone(case)}-badge[{case_words.verdict(case)}]"
        st.subheader(f"{words.markdown_safe(case.title)} {verdict}", anchor=False)
        st.markdown("  \n".join(_figures(case)))
        _nearness(case)
        if case.carry:
            st.markdown(small(words.markdown_safe(case.carry)))
        st.markdown(small(words.markdown_safe(case.shows or case.nothing)))
        st.space("stretch")
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            pressed = bool(case.opens) and st.button(
                case_words.OPEN[case.opens], key=f"k:open:{case.id}", help="Your own stays one Undo away."
            )
            st.markdown(small(_source(case)))
    return pressed


def _figures(case: Case) -> list[str]:
    """The figures as lines: as printed, recomputed, this app's, and corrected where it is not as printed."""
    told = words.markdown_safe(case_words.printed(case))
    first = f"As printed ~~{told}~~" if case.claim and case.printed else f"As printed **{told}**"
    if case.checked:
        first += f" · recomputed **{words.markdown_safe(case_words.checked(case))}**"
    own = ours(state.plan()).get(case.id)
    middle, bracket, ends = words.markdown_safe(case_words.ours(case, own)).partition(" \\(")
    app = f"This app **{middle}**{bracket}{ends}, :gray[:small[{case.figure_of}]]"
    says = case.claim or case.printed or case.checked
    lines = [line for line, shown in ((first, says or not own), (app, own)) if shown]
    if case_words.corrected(case) in (case_words.AS_PRINTED, case_words.NOTHING):
        return lines
    return [*lines, f"Corrected **{words.markdown_safe(case_words.corrected(case))}**"]


def _nearness(case: Case) -> None:
    """The badge of this app's figure: of its workloads, the one furthest from a measurement."""
    own = ours(state.plan()).get(case.id)
    if own is not None and own.near:
        badge.told(max(own.near, key=lambda one: list(GRADES).index(one.grade)))


def _source(case: Case) -> str:
    """The first source, by publisher and year; the others stand in the list."""
    first = case_words.sources(case)[0]
    name = words.markdown_safe(first["short"])
    return f"[{name}]({first['url']})" if first["url"] else name


def listed(found: Sequence[Case]) -> Case | None:
    """Every case found, one a line, each unfolding to its arithmetic; the case whose button was pressed."""
    section(words.capital(words.count(len(found), "case")), NOTE)
    figures = ours(state.plan())
    key = live.case_list({"cases": [_line(case, figures.get(case.id)) for case in found]})
    return next((case for case in found if case.id == key), None)


def _line(case: Case, found: Ours | None) -> dict[str, object]:
    return {
        "id": case.id,
        "title": case.title,
        "claim": case.claim,
        "article": case_words.article(case),
        "tone": case_words.tone(case),
        "verdict": case_words.verdict(case),
        "printed": case_words.printed(case),
        "struck": bool(case.claim and case.printed),
        "checked": case_words.checked(case),
        "ours": case_words.ours(case, found),
        "of": case.figure_of,
        "error": case_words.error(case, found),
        "corrected": case_words.corrected(case),
        "item": case.item,
        "found": case.found,
        "carry": case.carry,
        "status": case_words.STATUS.get(case.status, ""),
        "arithmetic": case_words.arithmetic(case),
        "about": case_words.maps_to(case),
        "sources": case_words.sources(case),
        "open": case_words.OPEN.get(case.opens, ""),
        "shows": case.shows,
        "nothing": case.nothing,
    }


def open_case(case: Case | None) -> None:
    """Take the case into the plan, one Undo away from what was there, and go to its page."""
    if case is None or not case.opens:
        return
    plan, said = state.plan(), case_words.opened(case, ours(state.plan()).get(case.id))
    if case.opens == "estimate":
        state.show(plan.but(case=estimate_of(case)), said)
    else:
        state.show(plan_of(case, plan), said, compare=True)
    st.switch_page(PAGES[case.opens])


def announce(found: Sequence[Case]) -> None:
    """How many cases are shown, for screen readers."""
    live.announce(f"{words.count(len(found), 'case')} shown")
