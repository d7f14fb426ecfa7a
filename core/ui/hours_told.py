"""An hourly file before it is taken: read with what its owner says, told, asked about, and put in a region's place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast

import streamlit as st

from core import words
from core.catalog import Region
from core.headless import hours_file
from core.imports.hourly import HourlySeries, Said
from core.imports.reading import RefusedError
from core.ui import form_field, hours_held, options, state
from core.ui.shown import small

READ, REGION = "read", "region"
QUESTIONS = {
    "zone": ("Time zone of the file's clock", "An hour that summer time skips or repeats would be lost without it."),
    "unit": ("Unit of the file's values", "The file does not name it."),
    "gaps": ("Hours that are missing", "Nothing is filled in unless you say so."),
    "twice": ("Hours that stand there twice", "Nothing is chosen unless you say so."),
    "basis": ("What the hours count", "Life cycle holds the making of fuel and plants too. Take what the plan's own "
              "figure of the grid counts."),
}  # fmt: skip
COUNTS = {
    "life_cycle": "life cycle: fuel and plants too", "direct": "what leaves the stack", "marginal": "marginal",
    "unknown": "what it counts is not said",
}  # fmt: skip


def draft(prefix: str, name: str) -> Any:
    """What is held of a file: the file itself, an answer, what was read."""
    return state.session().drafts.get(f"{prefix}:{name}")


def forget(prefix: str, *more: str) -> None:
    """Put away what was said of a file."""
    for name in (READ, REGION, *QUESTIONS, *more):
        state.session().drafts.pop(f"{prefix}:{name}", None)


def said_of(prefix: str) -> Said:
    """What its owner said so far."""
    return Said(**{name: str(draft(prefix, name) or "") for name in QUESTIONS})


def reading(prefix: str, file: tuple[str, bytes]) -> HourlySeries | RefusedError:
    """What the file says with the answers so far; read once for each set of answers."""
    said = said_of(prefix)
    held = cast("tuple[Any, ...] | None", draft(prefix, READ))
    if held is None or held[:2] != (file, said):
        with st.spinner(f"Reading {words.markdown_safe(file[0])}"):
            found = _read(file, said)
        state.session().drafts[f"{prefix}:{READ}"] = held = (file, said, found)
    return cast("HourlySeries | RefusedError", held[2])


def _read(file: tuple[str, bytes], said: Said) -> HourlySeries | RefusedError:
    try:
        found = hours_file.read(*file, said)
        hours_file.hours_of(hours_file.record_of("WORLD", found, said, datetime.now(UTC).date()), found)
    except RefusedError as error:
        return error
    return found


def tell(found: HourlySeries | RefusedError) -> None:
    """What was found and done, or the one sentence that refuses it."""
    if isinstance(found, RefusedError):
        verb = "Asks" if found.question else "Not taken"
        st.warning(words.markdown_safe(f"{verb}: {found}."), icon=":material/error:")
        return
    hours = found.intensity_g_per_kwh
    mean = words.figure(sum(hours) / len(hours))
    lines = [
        f"mean {mean} g/kWh, from {words.figure(min(hours))} to {words.figure(max(hours))}; {COUNTS[found.basis]}",
        *found.said,
        f"SHA-256 {found.file_sha256[:12]}…: name and hash travel with the plan, the hours do not",
    ]
    head = f"**{words.markdown_safe(found.name)}: {words.markdown_safe(found.kind)}. Is this right?**"
    st.info("\n".join([head, "", *(f"- {words.markdown_safe(line)}" for line in lines)]), icon=":material/schedule:")


def ask(prefix: str, found: HourlySeries | RefusedError) -> None:
    """The question that is open, and those answered, so that an answer can be changed."""
    question = found.question if isinstance(found, RefusedError) else ""
    for name, (label, why) in QUESTIONS.items():
        both = list(found.bases) if name == "basis" and isinstance(found, HourlySeries) else []
        if name != question and not draft(prefix, name) and len(both) < 2:
            continue
        offered = list(found.choices) if isinstance(found, RefusedError) and name == question else both
        value = cast("str | None", draft(prefix, name))
        if value is None and both and isinstance(found, HourlySeries):
            value = found.basis
        key = f"{prefix}:{name}"
        choices = list(dict.fromkeys([*offered, *([value] if value else [])]))
        state.bind(key, value)
        st.selectbox(
            label, choices, index=choices.index(value) if value else None, key=key, help=why, placeholder="Say which",
            format_func=_word,
            on_change=form_field.keep, args=(key,), accept_new_options=name == "zone",
        )  # fmt: skip


def _word(choice: str | None) -> str:
    """A choice as it is shown."""
    return words.capital(COUNTS[choice]) if choice in COUNTS else str(choice)


def confirm(prefix: str, found: HourlySeries, grids: Mapping[str, Region], first: str = "") -> None:
    """For which grid it stands, and the word that it does."""
    key = f"{prefix}:{REGION}"
    chosen = str(draft(prefix, REGION) or first or next(iter(grids)))
    chosen = chosen if chosen in grids else next(iter(grids))
    if len(grids) > 1:
        state.bind(key, chosen)
        st.selectbox("Stands for", list(grids), index=list(grids).index(chosen),
                     format_func=lambda one: grids[one].name, key=key, on_change=form_field.keep,
                     args=(key,))  # fmt: skip
    own = grids[chosen]
    if found.marginal:
        st.markdown(small('It feeds the line "scored on marginal" alone; hours are chosen by the average.'))
    else:
        told = f"It gives the shape of the hours; the plan's mean stays {words.figure(own.carbon_g_per_kwh)} g/kWh."
        differs = (found.basis == "direct") != own.direct and found.basis in ("direct", "life_cycle")
        more = " File and plan do not count the same: one of them leaves out making fuel and plants." if differs else ""
        st.markdown(small(words.markdown_safe(told + more)))
    st.button(f"Use these hours for {own.name}", type="primary", key=f"{prefix}-use", on_click=_use,
              args=(prefix, chosen, found))  # fmt: skip


def _use(prefix: str, region: str, found: HourlySeries) -> None:
    said = said_of(prefix)
    try:
        record = hours_file.record_of(region, found, said, datetime.now(UTC).date())
        hours = hours_file.hours_of(record, found)
    except RefusedError as error:
        state.refuse([f"{words.capital(str(error))}."])
        return
    if state.attempt(lambda: state.session().plan.with_hours_file(record)):
        hours_held.hold(hours)
        forget(prefix, "file")
        name = options.brief("regions", region)
        state.session().news = [f"The hours of {name} are now those of {record.name}. Undo takes it back."]
