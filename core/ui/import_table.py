"""The proposals as an editable table, and on a phone as a list; the fields of one of them stand below."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from core import words
from core.imports.proposed import Proposal
from core.plan import knobs
from core.plan.workload import Workload
from core.ui import import_draft, import_shown, live, options, state
from core.ui.import_draft import draft
from core.ui.import_shown import View
from core.ui.portfolio import ROW_PX, Entries, Fixed
from core.ui.shown import section, table

EDITED = ("name", "model", "region", "business_unit")
WIDTHS = {"name": 190, "model": 170, "region": 180, "business_unit": 110}
VOLUMES = {"requests_per_day": "Requests/day", "input_tokens": "Tokens in", "output_tokens": "Tokens out"}
VOLUME_PX = 88
MOST_EXACT = 10.0
MOST_LEFT, MOST_ALIKE = 12, 3
MOST_ROWS = 12  # more scroll inside the table
FRAME = "import_frame"


def proposals(view: View) -> None:
    """Every workload that the files propose."""
    if not view.offered:
        return
    section("Workloads of these files", "Every name can be changed before it is taken · choices made before are kept")
    _grid(view)
    with st.container(key="phone_import"), st.container(key="wide_import_list"):
        table(_listed(view))


def left_out(view: View) -> None:
    """What of the files becomes no workload, and why."""
    if not view.left:
        return
    by_reason: dict[str, list[str]] = {}
    for one in view.left:
        by_reason.setdefault(one.why, []).append(_what(one))
    said = [f"{_listed_briefly(parts)}: {why}" for why, parts in by_reason.items()]
    lines = [f"- {words.markdown_safe(line)}" for line in said[:MOST_LEFT]]
    lines += [f"- and {len(said) - MOST_LEFT} more reasons"] if len(said) > MOST_LEFT else []
    st.info("\n".join(["No workload of its own:", "", *lines]), icon=":material/filter_alt:")


def _listed_briefly(parts: list[str]) -> str:
    """Parts that share a reason, the first few by name.

    >>> _listed_briefly(["a, OpenAI", "b, OpenAI"]), _listed_briefly([f"m{n}" for n in range(9)])
    ('a, OpenAI; b, OpenAI', 'm0; m1; m2 and 6 more')
    """
    more = f" and {len(parts) - MOST_ALIKE:,} more" if len(parts) > MOST_ALIKE else ""
    return "; ".join(parts[:MOST_ALIKE]) + more


def _what(one: Proposal) -> str:
    parts = (one.subject.model or one.subject.hardware, one.subject.group, one.subject.service)
    return ", ".join(part for part in parts if part)


def _grid(view: View) -> None:
    """The table for wide screens. Its frame stays fixed while cells are typed, so that no fast edit is lost."""
    now = draft()
    key = f"grid:import:{now.token[:6]}:{now.drawn}"
    held = st.session_state.get(FRAME)
    if held is None or held[0] != key or key not in st.session_state:
        held = (key, _frame(view))
        st.session_state[FRAME] = held
    live.watch_grid(False, import_draft.touch)  # before the table: it must hear the first key
    st.data_editor(
        held[1], key=key, hide_index=True, num_rows="fixed", column_config=_config(), on_change=_typed,
        args=(key, view.offered), row_height=ROW_PX, height=ROW_PX * (min(len(held[1]), MOST_ROWS) + 1) + 2,
        disabled=[*VOLUMES, "becomes", "check"], placeholder="–",
        alt="Proposed workloads, one a row; choose which are taken, and change their names, models and regions.",
    )  # fmt: skip


def _frame(view: View) -> pd.DataFrame:
    columns = ["taken", *EDITED, *VOLUMES, "becomes", "check"]
    rows = [
        [one.action != "leave", *(getattr(one.workload, name) for name in EDITED), *map(_whole, _volumes(one)),
         import_shown.outcome(one), import_shown.guessed(one)]
        for one in view.offered
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _volumes(one: Proposal) -> tuple[float | None, ...]:
    """Requests a day and tokens of each; unknown where the file counts hours of machines, or runs."""
    w = one.workload
    if w is None or w.kind != "inference" or one.subject.stage == "hire":
        return (None,) * len(VOLUMES)
    return tuple(float(getattr(w, name)) for name in VOLUMES)


def _whole(value: float | None) -> float | None:
    """A volume as the table shows it: whole, where it is more than a few."""
    return value if value is None or value < MOST_EXACT else round(value)


def _use(one: Proposal) -> str:
    requests, *_ = _volumes(one)
    return "" if requests is None else f", {words.figure(requests)} requests a day"


def _config() -> dict[str, Any]:
    own = {name: options.own(knobs(Workload)[name].table) for name in EDITED if knobs(Workload)[name].table}
    return _columns(tuple((name, tuple(entries.items())) for name, entries in own.items()))


@st.cache_resource(max_entries=32)
def _columns(own: tuple[tuple[str, Entries], ...]) -> dict[str, Any]:
    """The columns' settings; the plan's own entries stand first among the choices."""
    found: dict[str, Any] = {
        "taken": st.column_config.CheckboxColumn("Take", width=50),
        "becomes": st.column_config.TextColumn("Outcome", width=90),
        "check": st.column_config.TextColumn("Names", help="Names that were guessed and not known.", width=160),
    }
    for name, label in VOLUMES.items():
        told = f"{knobs(Workload)[name].label}, as the file has it."
        found[name] = st.column_config.NumberColumn(label, format="localized", width=VOLUME_PX, help=told)
    for name in EDITED:
        knob = knobs(Workload)[name]
        if knob.kind != "catalog":
            found[name] = st.column_config.TextColumn(knob.label, max_chars=knob.longest, width=WIDTHS[name])
            continue
        known = dict(dict(own).get(name, ())) | options.short(knob.table)
        config: Any = st.column_config.SelectboxColumn(
            knob.label, options=list(known), format_func=_word(known), required=True, width=WIDTHS[name]
        )
        config["type_config"]["options"] = Fixed(config["type_config"]["options"])
        found[name] = config
    return found


def _word(known: dict[str, str]) -> Callable[[object], str]:
    return lambda value: known.get(str(value), str(value))


def _typed(key: str, offered: tuple[Proposal, ...]) -> None:
    """Keep every edit of the table, one proposal at a time; the table itself is not drawn anew for it."""
    delta: Any = state.typed(key) or {}
    drawn = draft().drawn
    for row, changes in dict(delta.get("edited_rows", {})).items():
        one = offered[int(row)]
        if "taken" in changes:
            import_shown.take(one.key, bool(changes["taken"]))
        fields = {name: value or "" for name, value in changes.items() if name in EDITED}
        if fields:
            import_shown.edit(one, fields)
    draft().drawn = drawn if not state.session().problems else drawn + 1


def _listed(view: View) -> dict[str, list[str]]:
    """The same as text, for a phone."""
    columns: dict[str, list[str]] = {"Workload": [], "Model": [], "Region": [], "Outcome": []}
    for one in view.offered:
        w = one.workload
        if w is None:
            continue
        check = import_shown.guessed(one)
        cells = (
            w.name, options.brief("models", w.model), options.brief("regions", w.region),
            f"{import_shown.outcome(one)}{_use(one)}{f'. {check}' if check else ''}",
        )  # fmt: skip
        for column, cell in zip(columns.values(), cells, strict=True):
            column.append(words.markdown_safe(cell))
    return columns
