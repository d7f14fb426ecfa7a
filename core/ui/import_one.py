"""One proposal in detail: its fields, how its names were found, and what the files change of a workload that stands."""

from __future__ import annotations

import streamlit as st

from core import words
from core.imports.proposed import Proposal
from core.plan import Workload, knobs
from core.ui import fields, import_shown, options, state
from core.ui.detail import applies
from core.ui.import_draft import draft
from core.ui.import_shown import View
from core.ui.shown import table

CHOOSE = "import:one"
FIELDS = ("name", "model", "hosting", "region", "business_unit")
HELD = ("hardware", "installed_accelerators", "busy_share")  # of machines of one's own or hired
MOST_ALTERNATIVES = 4
BADGES = {
    "sure": ":blue-badge[Known]", "likely": ":gray-badge[Likely]", "unknown": ":orange-badge[Unknown]",
}  # fmt: skip


def detail(view: View) -> None:
    """Choose a proposal; see where it is from, and change it."""
    if not view.offered:
        return
    fields_of, told = st.columns([14, 13], gap="large")
    with fields_of:
        one = _one(view)
    workload = one.workload
    if workload is None:
        return
    with fields_of:
        _taken(one)
        names = FIELDS if workload.hosting == "api" else (*FIELDS, *(n for n in HELD if applies(workload, n)))
        for start in range(0, len(names), 2):
            for column, name in zip(st.columns(2), names[start : start + 2], strict=False):
                with column:
                    _field(one, workload, name)
    with told:
        _names(one)
        _volumes(one, workload)
        _differences(one)


def _one(view: View) -> Proposal:
    now, named = draft(), {one.key: one for one in view.offered}
    if now.looked_at not in named:
        unsure = [one.key for one in view.offered if import_shown.guessed(one)]
        now.looked_at = (unsure or list(named))[0]
    names = {key: one.workload.name for key, one in named.items() if one.workload is not None}
    state.bind(CHOOSE, now.looked_at)
    st.selectbox("Proposal in detail", list(names), index=list(names).index(now.looked_at), key=CHOOSE,
                 format_func=lambda key: names.get(key, key), on_change=_look)  # fmt: skip
    return named[now.looked_at]


def _look() -> None:
    draft().looked_at = str(state.typed(CHOOSE))


def _taken(one: Proposal) -> None:
    key = f"import:take:{one.key}"
    value = one.action != "leave"
    state.bind(key, value)
    st.checkbox("Take this workload into the plan", value=value, key=key,
                on_change=lambda: import_shown.take(one.key, bool(state.typed(key))))  # fmt: skip


def _field(one: Proposal, workload: Workload, name: str) -> None:
    fields.proposed_field(
        workload, name, f"import:{one.key}:{name}", lambda value: import_shown.edit(one, {name: value})
    )


def _names(one: Proposal) -> None:
    """How each name was found, and what else it could be."""
    lines = []
    for what, table_name, said, guess in (
        ("Model", "models", one.subject.model, one.guess),
        ("Region", "regions", one.subject.region, one.region_guess),
        ("Hardware", "hardware", one.subject.hardware, one.hardware_guess),
    ):
        if not guess.how or (not said and what != "Model"):
            continue
        others = [_called(table_name, key) for key in guess.alternatives[:MOST_ALTERNATIVES]]
        more = f". Could also be {'; '.join(others)}" if others and guess.sure != "sure" else ""
        lines.append(
            f"{BADGES[guess.sure]} **{what}** "
            + words.markdown_safe(f"{said}: {guess.how}{more}" if said else f"{guess.how}{more}")
        )
    if lines:
        st.markdown("  \n".join(lines))


def _called(table_name: str, key: str) -> str:
    """The name of an entry of the catalog."""
    if table_name == "hardware":
        return options.hardware().get(key, key)
    return options.brief(table_name, key)


def _volumes(one: Proposal, workload: Workload) -> None:
    """What the file makes of a day of the plan, and what was assumed on the way."""
    if one.subject.stage == "hire" and workload.installed_accelerators:
        name = options.table("hardware").get(workload.hardware, workload.hardware)
        boards = words.count(workload.installed_accelerators, "accelerator")
        st.markdown(words.markdown_safe(f"{boards} ({name}), held all year"))
    elif workload.kind == "inference":
        parts = [
            f"{words.figure(workload.requests_per_day)} requests a day",
            f"{words.figure(workload.input_tokens)} tokens in ({words.percent(workload.cached_share)} cached)",
            f"{words.figure(workload.output_tokens)} out",
            f"on {words.figure(workload.operating_days)} days a year",
        ]
        st.markdown(words.markdown_safe(", ".join(parts)))
    if one.said:
        lines = dict.fromkeys(words.capital(line.rstrip(".")) for line in one.said)
        st.markdown("\n".join(f"- {words.markdown_safe(line)}." for line in lines))


def _differences(one: Proposal) -> None:
    """The plan's volumes beside the file's."""
    if not one.differences:
        return
    columns: dict[str, list[str]] = {"Field": [], "Plan": [], "File": [], "Change": []}
    for name, before, after in one.differences:
        cells = (knobs(Workload)[name].label, _value(name, before), _value(name, after), _change(before, after))
        for column, cell in zip(columns.values(), cells, strict=True):
            column.append(words.markdown_safe(cell))
    with st.container(key="import_differences"):
        table(columns)


def _value(name: str, value: object) -> str:
    if isinstance(value, int | float):
        return words.percent(value) if name.endswith("_share") else words.figure(float(value))
    return "–" if value is None else options.word(name, str(value)) or "–"


def _change(before: object, after: object) -> str:
    """A relative change in words; a dash where there is none to tell.

    >>> _change(200.0, 230.0), _change(0.0, 5.0), _change("a", "b")
    ('+15\\xa0%', '–', '–')
    """
    if isinstance(before, int | float) and isinstance(after, int | float) and before:
        return words.signed_percent((after - before) / before)
    return "–"
