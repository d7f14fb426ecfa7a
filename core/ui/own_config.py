"""A Hugging Face config.json, pasted or uploaded, as the first draft of a model of one's own."""

from __future__ import annotations

import streamlit as st

from core import words
from core.plan import knobs
from core.plan.config_json import LONGEST_TEXT, ConfigReading, read_config
from core.plan.own import OwnModel
from core.ui import form_field, own, state

FIELD, PASTED, FILE, READ = "models", "own:config:text", "own:config:file", "own:config:read"
MOST_MB = 1


def panel() -> None:
    """Where to paste or drop the file, and what was read from it."""
    if own.chosen(FIELD) != own.NEW:
        return
    shut = st.expander("Fill in the form from a config.json", key="own:config", on_change="rerun")
    if not shut.open:
        return
    with shut:
        text, file = st.columns([3, 2])
        with text:
            kept = str(state.session().drafts.get(PASTED) or "")  # it outlives other tabs and pages
            state.bind(PASTED, kept)
            st.text_area(
                "config.json of the model", kept, key=PASTED, height=120, max_chars=LONGEST_TEXT,
                on_change=form_field.keep, args=(PASTED,),
                placeholder='{"model_type": "qwen3", "hidden_size": 5120, …}',
            )  # fmt: skip
        with file:
            st.file_uploader("Or the file", type="json", key=FILE, max_upload_size=MOST_MB)
        st.button("Read it", key="own:config:go", on_click=_read)
        _told()


def _told() -> None:
    """What was counted or assumed, or why nothing was taken."""
    reading: ConfigReading | None = st.session_state.get(READ)
    if reading is None:
        return
    if reading.problems:
        lines = "\n".join(f"- {words.markdown_safe(line)}" for line in reading.problems)
        st.warning(f"Nothing was filled in.\n{lines}", icon=":material/error:")
        return
    lines = "\n".join(f"- {words.markdown_safe(line)}" for line in reading.said)
    st.info(f"Filled in below. Say where the file is from, and save.\n{lines}", icon=":material/info:")


def _read() -> None:
    """Put what the config says into the widgets of the new entry; the rest of the form stays as typed."""
    file = st.session_state.get(FILE)
    text = str(state.typed(PASTED) or "")
    if file is not None:
        text = file.getvalue().decode("utf-8", errors="replace")
    reading = read_config(text)
    st.session_state[READ] = reading
    known = {name: value for name, value in reading.fields.items() if name in knobs(OwnModel)}
    own.draft(FIELD, own.NEW, {name: _as_typed(name, value) for name, value in known.items()})


def _as_typed(name: str, value: object) -> object:
    """The value as its widget holds it."""
    return float(value) if knobs(OwnModel)[name].kind == "number" and isinstance(value, int | float) else value
