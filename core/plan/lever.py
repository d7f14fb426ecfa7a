"""A lever in use: what the company means to change, how far, from which year, and for which share of which workloads.

What a lever is stands in the catalog (`data/levers/`); what it does to a workload, in `core/levers`.
"""

from __future__ import annotations

from typing import ClassVar

from core import catalog as facts
from core.catalog import LeverKind
from core.plan.knob import plain
from core.plan.record import Record


class Lever(Record):
    """One lever in use. Its id is the catalog's; a second use of the same lever adds a dot and a number.

    A blank value is the lever's published middle; without workloads it acts on all that can take it. What it takes once
    or every year is the catalog's where blank, and its rebound the plan's.
    """

    record: ClassVar[str] = "lever"

    id: str
    value: float | None = None
    choice: str = ""
    share: float = 1.0
    start_year: int | None = None
    workloads: tuple[str, ...] = ()
    once_days: float | None = None
    once_usd: float | None = None
    once_kwh: float | None = None
    once_kg: float | None = None
    running_usd_per_year: float | None = None
    running_kwh_per_year: float | None = None
    elasticity: float | None = None

    @property
    def key(self) -> str:
        """The lever's id in the catalog."""
        return self.id.partition(".")[0]

    @property
    def called(self) -> str:
        """What the lever is called; a second use of it says so."""
        number = self.id.partition(".")[2]
        return self.kind().name + (f" ({number})" if number else "")

    def kind(self) -> LeverKind:
        """What the catalog says of it."""
        return facts.load().levers[self.key]

    def amount(self) -> float:
        """Its value, as entered or else the published middle; NaN for a lever that takes none."""
        central = self.kind().central
        return self.value if self.value is not None else float("nan") if central is None else central

    def impossible(self) -> str:
        """Why this lever cannot stand, in one sentence; empty when it can."""
        known = facts.load().levers.get(self.key)
        if known is None:
            return f"id is '{self.id[:40]}'; no lever of the catalog has it"
        if known.missing:
            return f"{known.name} cannot be used in this version; it lacks {known.missing}"
        return _value(self, known) or _choice(self, known)


def _value(lever: Lever, known: LeverKind) -> str:
    value = lever.value
    if value is None:
        return ""
    if known.floor is None or known.ceiling is None:
        return f"value of '{known.name}' is {plain(value)}; this lever takes no value"
    if not known.floor <= value <= known.ceiling:
        limits = f"[{plain(known.floor)}, {plain(known.ceiling)}] {known.unit}".rstrip()
        return f"value of '{known.name}' is {plain(value)}; it must lie in {limits}"
    return ""


def _choice(lever: Lever, known: LeverKind) -> str:
    if known.choice and not lever.choice:
        return f"choice of '{known.name}' is blank; name the {known.choice} to change to"
    if lever.choice and not known.choice:
        return f"choice of '{known.name}' is '{lever.choice}'; this lever takes none"
    return ""
