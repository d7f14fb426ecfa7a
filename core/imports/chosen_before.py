"""What a reader has chosen for a name before: the model of another workload that a file with that name filled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.imports.import_key import model_in
from core.imports.named import Guess, model_of
from core.imports.plain_names import plainest, tokens
from core.imports.usage.record import Subject
from core.plan import Plan
from core.plan.own_catalog import catalog_of


@dataclass(frozen=True, slots=True)
class Chosen:
    """Models by the plain name that files gave them: the plan's own entries, and what workloads were changed to."""

    own: Mapping[tuple[str, ...], str]
    changed: Mapping[str, tuple[str, str]]  # the model, and the name of the workload that it was chosen for

    def of(self, subject: Subject) -> Guess | None:
        """What was chosen for the name of a subject; None where nothing was."""
        name = tokens(subject.model)
        if name and name in self.own:
            return Guess(self.own[name], "the plan's own model of that name")
        found = self.changed.get(plainest(subject.model))
        if found is None or not subject.model:
            return None
        return Guess(found[0], f"as chosen for '{found[1]}', which has the same name in its file", "likely")


def chosen_before(plan: Plan) -> Chosen:
    """What a plan's reader chose for the names of files that filled it."""
    known = catalog_of(plan).models
    own = {tokens(text): entry.id for entry in plan.models for text in (entry.id, entry.name) if entry.id in known}
    changed: dict[str, tuple[str, str]] = {}
    for workload in plan.workloads:
        name = plainest(model_in(workload.import_key))
        if name and workload.model in known and model_of(name).id != workload.model:
            changed.setdefault(name, (workload.model, workload.name))
    return Chosen(own, changed)
