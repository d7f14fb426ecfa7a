"""The levers that a search may choose from: each with its earliest year and costs, their source and their status."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core import catalog as facts
from core import words
from core.plan import Plan, knobs
from core.plan.lever import Lever
from core.plan.limits import MOST_CANDIDATES
from core.plan.own_catalog import catalog_of
from core.results import effects
from core.results.lever_work import ITEMS, day_rate, is_priced, item
from core.ui import fields, lever_words, options, state, trace
from core.ui.shown import money_for, small

HEIGHT_PX = 404  # six rows, and the name of a seventh as a sign that more follow
MONEY = ("once_days", "once_usd", "running_usd_per_year")
NONE = ""


def candidates(plan: Plan, left_out: Mapping[str, str], chosen: Mapping[str, int]) -> None:
    """A row a candidate; `left_out` says why one is not searched, `chosen` from which year the answer starts one."""
    count = words.count(len(plan.candidates), "candidate")
    note = f"{count} of at most {MOST_CANDIDATES} · earliest year · what it costs, and who says so"
    trace.section("What may be done", note, "cost_levers_usd")
    if plan.candidates:
        many = len(plan.candidates) > MOST_IN_SIGHT
        with st.container(height=HEIGHT_PX if many else "content", border=False, key="candidates"):
            for lever in plan.candidates:
                _row(plan, lever, left_out.get(lever.id, ""), chosen.get(lever.id))
    _add(plan)
    stays = [lever for lever in plan.levers if lever.id not in {one.id for one in plan.candidates}]
    if stays and plan.candidates:
        named = ", ".join(lever_words.name(lever) for lever in stays)
        st.markdown(small(words.markdown_safe(f"In use already, and staying so: {named}.")))


MOST_IN_SIGHT = 6


def _row(plan: Plan, lever: Lever, why: str, start: int | None) -> None:
    what, edit = st.columns([17, 3], vertical_alignment="center", gap="small", wrap=False)
    with what:
        target = lever_words.target(lever)
        name = f"**{words.markdown_safe(lever_words.name(lever))}**"
        name += f", {words.markdown_safe(target)}" if target else ""
        told = small(
            words.markdown_safe(
                f"{'earliest' if start else 'from'} {_earliest(plan, lever)} · {cost_told(plan, lever)}"
            )
        )
        if why:
            told += f"  \n:orange[:small[Not searched: {words.markdown_safe(why)}.]]"
        elif start is not None:
            told = f":blue[:small[**chosen from {start}**]] :gray[:small[·]] {told}"
        st.markdown(f"{name}  \n{told}")
    with edit:
        _edit(plan, lever)


def _earliest(plan: Plan, lever: Lever) -> int:
    return plan.first_year if lever.start_year is None else lever.start_year


def cost_told(plan: Plan, lever: Lever) -> str:
    """What it takes once and every year in money, and who says so; that its cost is unknown where nobody does.

    Working days are counted at what a day costs.
    """
    catalog = catalog_of(plan)
    if not is_priced(catalog, lever):
        return "cost unknown"
    found = {name: one.central if (one := item(catalog, lever, name)) else 0.0 for name in MONEY}
    once = found["once_usd"] + found["once_days"] * day_rate(catalog, plan).central
    parts = [
        f"{words.quantity(usd, money_for(plan, (usd,)), 2)} {when}"
        for usd, when in ((once, "once"), (found["running_usd_per_year"], "a year"))
        if usd
    ]
    entered = [getattr(lever, name) is not None for name in MONEY if item(catalog, lever, name) is not None]
    said = "yours" if all(entered) else "our estimate" if not any(entered) else "yours in part"
    return f"{' + '.join(parts) or 'costs nothing'}, {said}"


def _edit(plan: Plan, lever: Lever) -> None:
    box = st.popover("Edit", type="tertiary", key=f"candidate:{lever.id}:edit", on_change="rerun")
    if not box.open:
        return
    with box:
        st.markdown(f"**{words.markdown_safe(lever_words.name(lever))}**")
        kind = lever.kind()
        left, right = st.columns(2)
        with left:
            _number(plan, lever, "start_year", f"{plan.first_year}")
        with right:
            if kind.choice:
                _choice(lever)
            elif kind.valued:
                central = "" if kind.central is None else words.figure(kind.central, 3)
                _number(plan, lever, "value", f"{central}, published middle", kind.label)
        st.markdown(small("What it takes. Blank: our estimate where one is shown, else unknown. It is counted."))
        left, right = st.columns(2)
        for place, name in enumerate(ITEMS):
            with (left, right)[place % 2]:
                usual = item(catalog_of(plan), lever.but(**{name: None}), name)
                _number(
                    plan, lever, name, "unknown" if usual is None else f"{words.figure(usual.central, 2)}, estimate"
                )
        st.markdown("\n".join([*lever_words.takes(plan, lever), quality_told(plan, lever)]))
        for source in dict.fromkeys(_sources(plan, lever)):
            told = facts.load().sources[source]
            title = words.markdown_safe(told.title)
            st.markdown(small(f"[{title}]({told.url}), {told.publisher}, {told.year}" if told.url else title))
        st.button("Take it off the list", key=f"candidate:{lever.id}:remove", on_click=_remove, args=(lever.id,))


def quality_told(plan: Plan, lever: Lever) -> str:
    """What it takes off the score of the task, with its range and who says so; unknown is said."""
    known = catalog_of(plan).lever_quality.get(lever.key)
    if known is None:
        return "- Quality: nobody has measured what it takes off. Unknown, and never counted as nothing."
    ends = f" ({words.figure(known.loss_low_pct, 2)} to {words.figure(known.loss_high_pct, 2)})"
    spread = ends if known.loss_low_pct < known.loss_high_pct else ""
    note = f": {words.markdown_safe(known.note)}" if known.note else ""
    return f"- Quality: {words.figure(known.loss_central_pct, 2)} % off the score{spread}, {known.status}{note}."


def _sources(plan: Plan, lever: Lever) -> list[str]:
    """Keys of the sources of what it takes, and of the lever itself."""
    catalog = catalog_of(plan)
    costs = [one.source for name in ITEMS if (one := item(catalog, lever, name)) is not None]
    quality = catalog.lever_quality.get(lever.key)
    texts = (*costs, *([quality.source] if quality else []), lever.kind().source)
    every = [key for text in texts for key in text.split(";")]
    return [key for key in every if key in facts.load().sources]


def _number(plan: Plan, lever: Lever, name: str, blank: str, label: str = "") -> None:
    def take(value: float | None) -> None:
        now = next((one for one in state.plan().candidates if one.id == lever.id), lever)
        state.attempt(lambda: state.plan().with_candidate(now.but(**{name: value})), of=(Lever,))

    fields.blank_number(Lever, name, getattr(lever, name), f"candidate:{lever.id}:{name}", take, blank)


def _choice(lever: Lever) -> None:
    table = options.table(TABLES[lever.kind().choice])
    listed = list(table) if lever.choice in table else [lever.choice, *table]
    key = f"candidate:{lever.id}:choice"
    state.bind(key, lever.choice)

    def take() -> None:
        now = next((one for one in state.plan().candidates if one.id == lever.id), lever)
        state.attempt(lambda: state.plan().with_candidate(now.but(choice=state.typed(key))), of=(Lever,))

    st.selectbox(
        knobs(Lever)["choice"].label, listed, index=listed.index(lever.choice), key=key,
        format_func=lambda one: table.get(one, one), on_change=take,
    )  # fmt: skip


TABLES = {"model": "models", "hardware": "hardware", "region": "regions"}


def _remove(key: str) -> None:
    state.attempt(lambda: state.plan().without_candidate(key), redraw_grid=False)


def _add(plan: Plan) -> None:
    """Any usable lever of the catalog that is not on the list yet, by its name."""
    taken = {lever.key for lever in plan.candidates}
    names = {
        key: kind.name
        for key, kind in sorted(facts.load().levers.items(), key=lambda one: one[1].name)
        if not kind.missing and not kind.outside and key not in taken
    }
    full = len(plan.candidates) >= MOST_CANDIDATES
    key = "candidate:add"
    state.bind(key, NONE)

    def add() -> None:
        chosen = state.typed(key)
        if chosen:
            lever = effects.usual(facts.load().levers[str(chosen)])
            state.attempt(lambda: state.plan().with_candidate(lever), redraw_grid=False)

    st.selectbox(
        "Add a candidate", [NONE, *names], key=key, on_change=add, disabled=full, label_visibility="collapsed",
        format_func=lambda one: names.get(one, "The list is full" if full else "Add a candidate"),
    )  # fmt: skip
