"""What was made of each file: its format, what was taken and not read, which rules were followed, what was left out."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core import words
from core.imports.usage.kinds import Kind
from core.imports.usage.overlap import TWICE
from core.imports.usage.reading import UsageReading
from core.ui.import_job import Job
from core.ui.shown import heading, small, table

MOST_TOLD, MOST_NAMED = 12, 60
MOST_FILES = 4  # named of each kind
MOST_OPEN = 2  # kinds whose rules stand in sight; of more each has them behind its fold


def files(job: Job) -> None:
    """One line a kind of file, then how each was read."""
    by_kind: dict[str, list[str]] = {}
    for (name, _), kind in zip(job.files, job.kinds, strict=True):
        by_kind.setdefault(_called(kind), []).append(name)
    with st.container(key="wide_import_files"):
        table({
            "Recognised as": [words.markdown_safe(kind) for kind in by_kind],
            "Files": [words.markdown_safe(_names(names)) for names in by_kind.values()],
        })  # fmt: skip
    refused(job)
    if job.readings:
        rules(job.readings)


def _names(names: Sequence[str]) -> str:
    """The names of some files, the first ones where they are many.

    >>> _names(["a.csv", "b.csv"]), _names([f"{place}.csv" for place in range(9)])
    ('a.csv, b.csv', '0.csv, 1.csv, 2.csv, 3.csv and 5 more')
    """
    more = f" and {len(names) - MOST_FILES} more" if len(names) > MOST_FILES else ""
    return ", ".join(names[:MOST_FILES]) + more


def refused(job: Job) -> None:
    """Files of which nothing is taken, each with its reason."""
    said = [*job.refused, *(kind.why for kind in job.kinds if kind.why)]
    if said:
        lines = [f"- {words.markdown_safe(_bare(line))}." for line in dict.fromkeys(said)]
        st.warning("\n".join(["Not taken:", "", *lines]), icon=":material/error:")


def _called(kind: Kind) -> str:
    """What a file is, in words."""
    if kind.family in ("meter", "hours", "usage"):
        return words.capital(kind.kind)
    return f"{words.capital(kind.kind)}, not taken" if kind.kind else "Not taken"


def _taken(reading: UsageReading) -> str:
    """How many rows of a format were taken, left out and refused, and which days they cover."""
    left = sum(tally.rows for tally in reading.left_out.values())
    parts = [f"{words.count(reading.rows_used, 'row')} taken"]
    parts += [f"{words.count(left, 'row')} left out"] if left else []
    parts += [f"{words.count(reading.refused_count, 'row')} refused"] if reading.refused_count else []
    return f"{words.capital(reading.kind)}: {', '.join(parts)}"


def rules(readings: Sequence[UsageReading]) -> None:
    """The rules that were followed; behind a fold a format, its rows left out and refused, and its columns."""
    _twice(readings)
    heading("How the files were read")
    in_sight = len(readings) <= MOST_OPEN
    if in_sight:
        _rules(readings)
    for place, reading in enumerate(readings):
        shut = st.expander(words.markdown_safe(_taken(reading)), key=f"import:read:{place}", on_change="rerun")
        if shut.open:
            with shut:
                if not in_sight:
                    _rules((reading,))
                _left_out(reading)
                _columns(reading, place)


def _twice(readings: Sequence[UsageReading]) -> None:
    """What is counted twice unless one of two files goes: always in sight."""
    lines = [f"- {words.markdown_safe(line)}." for reading in readings for line in reading.said if line.endswith(TWICE)]
    if lines:
        st.warning("\n".join(["Take one of each two files out:", "", *lines]), icon=":material/content_copy:")


def _rules(readings: Sequence[UsageReading]) -> None:
    said = dict.fromkeys(_bare(line) for reading in readings for line in reading.said if not line.endswith(TWICE))
    if said:
        st.markdown("\n".join(f"- {words.markdown_safe(words.capital(line))}." for line in said))


def _bare(sentence: str) -> str:
    return sentence.rstrip(".")


def _left_out(reading: UsageReading) -> None:
    """Rows that are not counted, by reason; rows that could not be read, by row."""
    if reading.left_out:
        lines = [f"- {_reason(why, tally.rows, tally.tokens)}" for why, tally in reading.left_out.items()]
        st.markdown("\n".join(["**Left out, as no model ran or it is counted elsewhere**", "", *lines]))
    if reading.refused:
        lines = [f"- {words.markdown_safe(_bare(line))}." for line in reading.refused[:MOST_TOLD]]
        more = reading.refused_count - len(lines)
        lines += [f"- And {words.count(more, 'more row')}."] if more > 0 else []
        st.markdown("\n".join(["**Refused**", "", *lines]))


def _reason(why: str, rows: int, tokens: float) -> str:
    """A reason with how much it left out.

    >>> _reason("answered from the gateway's cache", 1, 840.0).replace("\\xa0", " ")
    "1 row, 840 tokens: answered from the gateway's cache"
    """
    scale = words.count_scale(tokens)
    held = f", {words.quantity(tokens, scale)} tokens" if tokens else ""
    return f"{words.count(rows, 'row')}{held}: {words.markdown_safe(_bare(why))}"


def _columns(reading: UsageReading, place: int) -> None:
    """The allow-list at work: what was taken as what, and the names of what was not read."""
    with st.container(key=f"wide_columns_{place}"):
        table({
            "Column": [words.markdown_safe(column) for column in reading.columns_taken],
            "Taken as": [words.markdown_safe(meaning) for meaning in reading.columns_taken.values()],
        })  # fmt: skip
    if reading.columns_unread:
        names = ", ".join(reading.columns_unread[:MOST_NAMED])
        more = len(reading.columns_unread) - MOST_NAMED
        st.markdown(small(words.markdown_safe(f"Not read: {names}{f' and {more} more' if more > 0 else ''}.")))
    for one in reading.files:
        told = f"{one.name}: {words.count(one.size_bytes, 'byte')}, SHA-256 {one.sha256[:12]}…"
        st.markdown(small(words.markdown_safe(told)))
