"""What the files cannot say and their owner can: one field a question, the usual answer taken until one is given."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core import words
from core.imports.usage.format import Ask
from core.ui import import_draft, state
from core.ui.import_draft import draft
from core.ui.import_shown import View
from core.ui.import_told import MOST_OPEN
from core.ui.shown import section

PREFIX = "import:ask:"
MAPPING = "column."  # a question that maps a column of a table of one's own
CALLED = "Column: "  # stands above all of them
COLUMNS = 3
HEADS = {
    True: ("Which column is what", "Names that say it themselves are taken until you choose"),
    False: ("What only you can say", "The usual answer is taken until you give another"),
}


def columns(view: View) -> None:
    """Which column of a table of one's own is what."""
    _drawn(view, mapping=True)


def unmapped(view: View) -> bool:
    """Whether a table of one's own waits for its owner's word."""
    lacking = (one for one in view.readings if not one.rows_used and _of(one.asks, mapping=True))
    return not view.offered and next(lacking, None) is not None


def questions(view: View) -> None:
    """What else the files leave open."""
    _drawn(view, mapping=False)


def _drawn(view: View, mapping: bool) -> None:
    asked = {kind: _of(asks, mapping) for kind, asks in _asked(view).items()}
    asked = {kind: asks for kind, asks in asked.items() if asks}
    if not asked:
        return
    section(*HEADS[mapping])
    for kind, asks in asked.items():
        if len(view.readings) <= MOST_OPEN or mapping:
            if len(view.readings) > 1:
                st.markdown(f"**{words.markdown_safe(words.capital(kind))}**")
            _fields(kind, asks)
            continue
        shut = st.expander(words.markdown_safe(words.capital(kind)), key=f"import:asked:{kind}", on_change="rerun")
        if shut.open:
            with shut:
                _fields(kind, asks)


def _fields(kind: str, asks: Sequence[Ask]) -> None:
    for start in range(0, len(asks), COLUMNS):
        for column, ask in zip(st.columns(COLUMNS), asks[start : start + COLUMNS], strict=False):
            with column:
                _field(kind, ask)


def _of(asks: Sequence[Ask], mapping: bool) -> list[Ask]:
    return [ask for ask in asks if ask.key.startswith(MAPPING) == mapping]


def _asked(view: View) -> dict[str, list[Ask]]:
    """The questions by kind of file, each once: those of its rows, and those of what it proposes."""
    found = {}
    for reading in view.readings:
        asks = [*reading.asks, *(ask for one in view.by_kind[reading.kind] for ask in one.asks)]
        found[reading.kind] = list({ask.key: ask for ask in asks}.values())
    return found


def _field(kind: str, ask: Ask) -> None:
    key = f"{PREFIX}{kind}:{ask.key}"
    held = draft().answers.get(kind, {}).get(ask.key, ask.usual)
    if ask.choices:
        choices = list(dict.fromkeys([*([""] if not ask.usual else []), *ask.choices]))
        held = held if held in choices else choices[0]
        state.bind(key, held)
        label = words.capital(ask.label.removeprefix(CALLED))
        st.selectbox(
            label, choices, index=choices.index(held), key=key, help=words.capital(ask.help), on_change=_answer,
            args=(kind, ask, key), format_func=lambda choice: choice or "Not said",
        )  # fmt: skip
        return
    state.bind(key, held)
    st.text_input(ask.label, held, key=key, help=words.capital(ask.help), on_change=_answer, args=(kind, ask, key),
                  max_chars=120)  # fmt: skip


def _answer(kind: str, ask: Ask, key: str) -> None:
    """Take what was typed; an empty field takes the answer back."""
    answers = draft().answers
    said = str(state.typed(key) or "").strip()
    kept = {name: value for name, value in answers.get(kind, {}).items() if name != ask.key}
    draft().answers = {**answers, kind: kept | ({ask.key: said} if said else {})}
    import_draft.touch()
