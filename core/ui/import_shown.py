"""The proposals as the page shows them: what the files make of the plan, with the reader's own choices on top."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from core import words
from core.imports.counted_once import proposed_by_kind
from core.imports.proposed import Proposal, applied
from core.imports.usage.reading import UsageReading
from core.plan import Plan, Workload, sentences
from core.plan.example import example_plan
from core.plan.follow import follow
from core.plan.own_catalog import catalog_of
from core.ui import import_draft, labels, state
from core.ui.import_draft import Draft
from core.ui.import_job import Job

ACTIONS = {"new": "New", "update": "Update", "leave": "Left out"}


@dataclass(frozen=True, slots=True)
class View:
    """What was read, and the proposals against the plan they would join, by kind of file."""

    base: Plan
    readings: tuple[UsageReading, ...]
    by_kind: Mapping[str, tuple[Proposal, ...]]

    @property
    def found(self) -> tuple[Proposal, ...]:
        """All proposals."""
        return tuple(one for some in self.by_kind.values() for one in some)

    @property
    def offered(self) -> tuple[Proposal, ...]:
        """The proposals that can be taken."""
        return tuple(one for one in self.found if one.workload is not None)

    @property
    def left(self) -> tuple[Proposal, ...]:
        """What of the files becomes no workload, each with its reason."""
        return tuple(one for one in self.found if one.workload is None)

    def of(self, action: str) -> tuple[Proposal, ...]:
        """The proposals with that outcome, as the reader has chosen."""
        return tuple(one for one in self.offered if one.action == action)

    @property
    def changed(self) -> bool:
        """Whether taking them changes anything."""
        try:
            return self.after() != state.session().plan
        except ValidationError:  # said in words once somebody accepts
            return True

    @property
    def replaces(self) -> bool:
        """Whether the example makes room."""
        return self.base != state.session().plan

    def after(self) -> Plan:
        """The plan once they are taken."""
        return applied(self.base, self.found)


def is_example() -> bool:
    """Whether the plan on screen is still the example, whose workloads are nobody's."""
    return state.session().plan == example_plan()


def base_of(now: Draft) -> Plan:
    """The plan that the proposals join: the one on screen, or an empty one where the example makes room."""
    return Plan(name="Our plan") if now.replaces and is_example() else state.session().plan


def view(now: Draft, job: Job | None) -> View | None:
    """What the files propose, as the reader has changed it; None where nothing is read, or not yet."""
    if job is None or not job.ended or not job.readings:
        return None
    base = base_of(now)
    if now.proposed is None or now.proposed[0] != (job, base):
        now.proposed = ((job, base), proposed_by_kind(job.readings, base, job.answers))
    chosen = {kind: tuple(_chosen(base, now, one) for one in some) for kind, some in now.proposed[1].items()}
    return View(base, job.readings, chosen)


def _chosen(base: Plan, now: Draft, one: Proposal) -> Proposal:
    """A proposal with the reader's own fields; left out where the reader said so."""
    if one.workload is None:
        return one
    try:
        workload = edited(base, one.workload, now.edits.get(one.key, {}))
    except ValidationError:  # what was typed before fits no longer
        workload = one.workload
    return replace(one, workload=workload, action="leave" if one.key in now.left else one.action)


def edited(base: Plan, workload: Workload, edits: dict[str, Any]) -> Workload:
    """A workload with some fields changed, and what must move along."""
    return workload.but(**follow(catalog_of(base), workload, edits)[0]) if edits else workload


def edit(one: Proposal, changes: dict[str, Any]) -> None:
    """Keep what the reader typed of a proposal, or say in a sentence why not."""
    now = import_draft.draft()
    kept = now.edits.get(one.key, {}) | changes
    if one.workload is None:
        return
    try:
        edited(base_of(now), one.workload, kept)
    except ValidationError as error:
        state.refuse([f"{labels.by_label(line, Workload)}. The proposal stays as it was." for line in sentences(error)])
        return
    state.session().problems.clear()
    now.edits[one.key] = kept
    import_draft.touch()


def take(key: str, taken: bool) -> None:
    """Take a proposal, or leave it out."""
    left = import_draft.draft().left
    if taken:
        left.discard(key)
    else:
        left.add(key)
    import_draft.touch()


def outcome(one: Proposal) -> str:
    """What becomes of a proposal, in a word or two."""
    if one.action == "update" and one.workload == one.before:
        return "As it stands"
    return ACTIONS[one.action]


def guessed(one: Proposal) -> str:
    """Names that were not known for sure: what the reader should look at first."""
    named = (
        ("model", "model" not in _edits(one) and one.guess.sure != "sure"),
        ("region", "region" not in _edits(one) and bool(one.subject.region) and one.region_guess.sure != "sure"),
        ("hardware", bool(one.subject.hardware) and one.hardware_guess.sure != "sure"),
    )
    unsure = [name for name, check in named if check and one.before is None]
    return f"Check {' and '.join(unsure)}" if unsure else ""


def _edits(one: Proposal) -> dict[str, object]:
    return import_draft.draft().edits.get(one.key, {})


def counted(view: View) -> str:
    """How many workloads come, change and stay out, in one clause."""
    new, update = len(view.of("new")), len([one for one in view.of("update") if one.workload != one.before])
    same, left = len(view.of("update")) - update, len(view.of("leave"))
    parts = [f"{words.count(new, 'workload')} to add"] if new else []
    parts += [f"{update} to update" if new else f"{words.count(update, 'workload')} to update"] if update else []
    parts += [f"{same} as they stand" if same > 1 else "1 as it stands"] if same else []
    parts += [f"{left} left out"] if left else []
    return ", ".join(parts)
