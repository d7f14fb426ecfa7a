"""What stands on the Import page before a file is given: which files are known, and what is never read."""

from __future__ import annotations

import streamlit as st

from core import words
from core.imports import meters
from core.imports.usage.formats import FORMATS
from core.ui.shown import heading, section, small, table

GRIDS = "Electricity Maps, NESO, ENTSO-E, WattTime, or timestamp,g_per_kwh"


def formats() -> None:
    """The files that are known, by what they tell."""
    section("Files that are known", "As the tools write them; the format is recognised by its columns, not by its name")
    usage = list(dict.fromkeys(one.kind.partition(" (")[0] for one in FORMATS))  # once, whatever it is written as
    with st.container(key="wide_import_known"):
        table({
            "What": ["Usage, bills and logs", "Energy of machines", "Hours of a grid"],
            "Known": [
                words.markdown_safe(", ".join(names))
                for names in (usage, [one.kind for one in meters.FORMATS], [GRIDS])
            ],
        })  # fmt: skip
    st.markdown(small(
        "Over 200 MB, or without a browser: `python -m core import FILE... -o PLAN.csv` does the same."
    ))  # fmt: skip


def privacy() -> None:
    """What happens to a file, in three steps."""
    heading("What happens to a file")
    st.markdown(
        "1. **Read by an allow-list.** Of each format only named columns are read. Prompts, answers, people, keys and "
        "addresses are dropped where a row is read; nothing of them is kept or logged.\n"
        "2. **Shown before it counts.** Totals, rules, rows left out and refused, and a guess for each model, region "
        "and machine that you can change.\n"
        "3. **Accepted by you.** Workloads are added, or updated where an earlier file made them: volumes are new, "
        "your choices stay. Undo takes it back."
    )
