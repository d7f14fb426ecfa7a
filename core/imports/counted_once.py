"""Proposals of several kinds of files beside one another; what two of them tell counts once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from core.imports.plain_names import plainest
from core.imports.proposed import Proposal, proposals
from core.imports.usage.format import NO_ANSWERS
from core.imports.usage.reading import UsageReading
from core.plan import Plan

NEAR = 0.05  # share by which what two tools counted of the same calls may differ


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
    sums = {kind: _by_model(some) for kind, some in found.items()}
    return {kind: tuple(_alike(kind, one, sums) for one in some) for kind, some in found.items()}


def _alike(kind: str, one: Proposal, sums: Mapping[str, Mapping[str, float]]) -> Proposal:
    """A proposal, told where another kind of file has nearly as many tokens of its model: a gateway and its service."""
    name = plainest(one.subject.model)
    mine = sums[kind].get(name, 0.0)
    if one.workload is None or not mine:
        return one
    other = next((of for of, each in sums.items() if of != kind and _near(each.get(name, 0.0), mine)), "")
    said = f"{other} has nearly as many tokens of this model: if both saw the same calls, leave one of them out"
    return replace(one, said=(*one.said, said)) if other else one


def _by_model(some: Iterable[Proposal]) -> dict[str, float]:
    """Input tokens of each model that is taken from one kind of file; what names no model is left out."""
    found: dict[str, float] = {}
    for one in some:
        if one.workload is not None and (name := plainest(one.subject.model)):
            found[name] = found.get(name, 0.0) + (one.amounts.input_tokens or 0.0)
    return found


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= NEAR * other
