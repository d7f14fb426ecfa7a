"""The page's answer as a sentence with its range, and what it covers."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from core import results, words
from core.exports.covers import answered, covered, without_figure
from core.results import Results, interval
from core.ui import badge, credits, hours_held, labels, live, outbox, trace
from core.ui.shown import answer_line, data_age, page_scale, small

# Fields of the plan that say what is looked at, not what is planned.
VIEW = (
    "name", "method", "boundary", "hardware_view", "headline_year", "stack_by", "business_unit", "tag",
    "carbon_price_usd_per_t", "seed", "points", "currency", "exchange_rate", "currency_date", "case",
    "compared_models", "compared_hardware", "compared_regions",
)  # fmt: skip


def answer(found: Results) -> None:
    """The headline itself, drawn before the rest."""
    text, phrase = answered(found)
    answer_line(text, phrase)
    outbox.paint_first(text, phrase)


def announce(found: Results) -> None:
    """The headline for screen readers. Last on the page: it is fetched late and must not push what is below it."""
    answer, phrase = answered(found)
    live.announce(f"{found.plan.name}: {answer}, {phrase}" if phrase else f"{found.plan.name}: {answer}")


def headline(found: Results) -> None:
    """Headline, the change since the plan was opened, and one grey line of scope, boundary and data."""
    plan = found.plan
    when = found.place(plan.shown_year())
    answer(found)
    with st.container(gap="xsmall"):
        st.markdown(_change(found, when))
        trace.line(scope_line(found), "carbon_kg")
        badge.summary(found, plan.shown_year())
        credits.line(found)
    left_out(found)


def left_out(found: Results) -> None:
    """A warning for each workload that could not be computed, with its reason."""
    with st.container():
        for key, reason in found.refused.items():
            workload = found.plan.workload(key)
            name = workload.name if workload else key
            st.warning(f"{words.markdown_safe(name)} is left out: {words.markdown_safe(labels.by_label(reason))}.")


def _change(found: Results, when: int) -> str:
    """What the edits did, where there are any; else how the plan grows."""
    opened = hours_held.opened().but(**{name: getattr(found.plan, name) for name in VIEW})
    if opened != found.plan and opened.years() == found.plan.years() and opened.shown():
        was = results.of(opened)
        lost = without_figure(found) or without_figure(was)
        if lost:
            names = words.markdown_safe(", ".join(lost))
            return f"No comparison with the plan as it was opened: {names} has no figure."
        return _against(found, was, when)
    total = found.total(found.carbon_kg())
    first, last = float(total[0, 0]), float(total[-1, 0])
    years = found.plan.years()
    if first <= 0 or len(years) < 2:
        return ""
    tone, verb = ("orange", "Grows") if last > first else ("blue", "Falls")
    ends = [words.quantity(v, page_scale(found), 2) for v in (first, last)]
    return f":{tone}[**{verb} from {ends[0]} in {years[0]} to {ends[1]} in {years[-1]}**] with the growth entered."


def _against(found: Results, was: Results, when: int) -> str:
    """The difference to the plan as it was opened, looked at in the same way: a filter is never a saving."""
    scale = page_scale(found)
    before, after = (r.total(r.carbon_kg())[when] for r in (was, found))
    low, _, high = interval(after - before)
    moved = words.change(float(before[0]), float(after[0]), low, high, scale)
    least, mid, most = interval(before)
    opened = words.with_range(mid, least, most, scale)[0]
    return f":{moved.tone}[**{words.capital(moved.text)}**] against the plan as it was opened, {opened}."


def scope_line(found: Results) -> str:
    """What the answer covers: workloads, scopes, boundary, method, grids, levers, and the data's age."""
    badge = ":gray-badge[Example values] " if _is_example(found) else ""
    today = datetime.now(UTC).date()
    past = words.plan_is_past(found.plan.last_year, today)
    return badge + small(covered(found, data_age(today))) + (f" :orange[{past}]" if past else "")


def _is_example(found: Results) -> bool:
    from core.plan.example import example_plan

    known = set(example_plan().workloads)
    return any(w in known for w in found.plan.workloads)
