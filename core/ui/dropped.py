"""Where a file is dropped, on every page alike: its name made short, its bytes handed on, and told while it is held."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from core import words
from core.ui import state
from core.ui.shown import small

File = tuple[str, bytes]
TABLE = ("csv", "txt")
LONGEST_NAME = 80
MB = 1_048_576
MOST_FILES = 50  # given at once


def field(
    label: str, key: str, types: Sequence[str], most_mb: int, told: str, take: Callable[[tuple[File, ...]], object],
    several: bool = False,
) -> bool:  # fmt: skip
    """A field for a file, or for several; whether it shows one. `take` gets what was given, nothing once it is out."""

    def keep() -> None:
        given: Any = st.session_state.get(key) or []
        files = given if isinstance(given, list) else [given]
        if len(files) > MOST_FILES:
            last = files[MOST_FILES - 1].name[:LONGEST_NAME]
            state.refuse(
                [f"{len(files)} files were given; the limit is {MOST_FILES} at once. Those after {last} wait."]
            )
        fitting = [file for file in files[:MOST_FILES] if file.size <= most_mb * MB]  # the browser's word is not enough
        too_long = [file.name[:LONGEST_NAME] for file in files[:MOST_FILES] if file not in fitting]
        if too_long:
            state.refuse([f"{', '.join(too_long)}: longer than {most_mb} MB, the limit here; it was not read."])
        if fitting or not too_long:
            take(tuple((file.name[:LONGEST_NAME], file.getvalue()) for file in fitting))

    st.file_uploader(
        label, type=[*types], accept_multiple_files=several, key=key, on_change=keep, max_upload_size=most_mb, help=told
    )
    return bool(st.session_state.get(key))


def held(files: Sequence[File]) -> None:
    """The names of files that are still here although their field is empty by now."""
    names = ", ".join(name for name, _ in files)
    st.markdown(small(words.markdown_safe(f"Held here: {names}.")), width="content")
