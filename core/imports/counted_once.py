"""Proposals of several kinds of files beside one another; what two of them tell counts once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.imports.proposed import Proposal, proposals
from core.imports.usage.format import NO_ANSWERS
from core.imports.usage.reading import UsageReading
from core.plan import Plan


def proposed_by_kind(
    readings: Sequence[UsageReading], plan: Plan, answers: Mapping[str, Mapping[str, str]]
) -> dict[str, tuple[Proposal, ...]]:
    """The proposals of each kind of file, with the answers of that kind; the first kind that tells of a key counts."""
    found: dict[str, tuple[Proposal, ...]] = {}
    told: dict[str, str] = {}  # by key, the kind that told it first
    for reading in readings:
        some = proposals(reading, plan, answers.get(reading.kind, NO_ANSWERS))
        found[reading.kind] = tuple(
            one if one.workload is None or told.get(one.key, reading.kind) == reading.kind
            else replace(one, action="leave", workload=None, why=f"{told[one.key]} tells of it too: counted once")
            for one in some
        )  # fmt: skip
        told = {one.key: reading.kind for one in some if one.workload is not None} | told
    return found
