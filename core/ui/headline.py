"""The page's answer as a sentence with its range, and what it covers."""

from __future__ import annotations

from datetime import date

import streamlit as st

from core import catalog as facts
from core import results, words
from core.results import Results, interval
from core.ui import live, options, state
from core.ui.picture import page_scale
from core.ui.shown import small


def _answer(found: Results) -> tuple[str, str]:
    """The headline and the phrase of its range."""
    year = found.plan.shown_year()
    low, mid, high = interval(found.total(found.carbon_kg())[found.place(year)])
    return words.headline(mid, low, high, page_scale(found), "CO₂e", f"a year in {year}")


def announce(found: Results) -> None:
    """The headline for screen readers. Last on the page: it is fetched late and must not push what is below it."""
    answer, phrase = _answer(found)
    live.announce(f"{found.plan.name}: {answer}, {phrase}")


def headline(found: Results) -> None:
    """Headline, the change since the plan was opened, and one grey line of scope, boundary and data."""
    plan = found.plan
    when = found.place(plan.shown_year())
    answer, phrase = _answer(found)
    with st.container(gap="xsmall"):
        with st.container(key="headline"):
            st.header(f"{answer}, :gray[{phrase}]" if phrase else answer, anchor=False)
        st.markdown(_change(found, when))
        st.markdown(_scope(found))
    with st.container():
        for key, reason in found.refused.items():
            st.warning(f"{words.markdown_safe(key)} is left out: {words.markdown_safe(reason)}.")


def _change(found: Results, when: int) -> str:
    """What the edits did, where there are any; else how the plan grows."""
    opened = state.session().opened
    scale = page_scale(found)
    total = found.total(found.carbon_kg())
    if opened != found.plan and opened.years() == found.plan.years() and opened.workloads:
        was = results.of(
            opened.but(method=found.plan.method, boundary=found.plan.boundary, headline_year=found.plan.headline_year)
        )
        before = was.total(was.carbon_kg())[when]
        low, _, high = interval(total[when] - before)
        moved = words.change(float(before[0]), float(total[when, 0]), low, high, scale)
        least, was_mid, most = interval(before)
        dressed = words.with_range(was_mid, least, most, scale)[0]
        colour = {"blue": "blue", "orange": "orange"}.get(moved.tone, "gray")
        return f":{colour}[**{words.capital(moved.text)}**] against the plan as it was opened, {dressed}."
    first, last = float(total[0, 0]), float(total[-1, 0])
    years = found.plan.years()
    if first <= 0 or len(years) < 2:
        return ""
    tone, verb = ("orange", "Grows") if last > first else ("blue", "Falls")
    ends = [scale.dress(words.figure(v / scale.divisor, 2)) for v in (first, last)]
    return f":{tone}[**{verb} from {ends[0]} in {years[0]} to {ends[1]} in {years[-1]}**] with the growth you entered."


def _scope(found: Results) -> str:
    plan = found.plan
    count = words.count(len(found.shown()), "workload")
    what = "operation and hardware" if plan.boundary == "with_hardware" else "operation"
    version = facts.load().data_version[:6]
    badge = ":gray-badge[Example values] " if _is_example(found) else ""
    method = options.word("method", plan.method).lower()
    text = f"{words.capital(count)} · scope 2 and 3 · {what} · {method}-based · data {version}, {_age()}"
    return badge + small(text)


def _is_example(found: Results) -> bool:
    from core.plan.example import example_plan

    known = set(example_plan().workloads)
    return any(w in known for w in found.plan.workloads)


def _age() -> str:
    newest = max(source.retrieved for source in facts.load().sources.values())
    return words.days_old(date.fromisoformat(newest), date.today())
