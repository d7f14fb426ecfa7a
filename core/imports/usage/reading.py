"""What the files of one import say, once read: amounts by subject, what was taken, left out and refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.imports.usage.format import Ask
from core.imports.usage.record import Amounts, Subject
from core.units import S_PER_H


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file that was read: its name, its size and its fingerprint."""

    name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Covered:
    """The time from the first row to the end of the last, in UTC; what lies between counts as covered."""

    start: datetime
    end: datetime

    @property
    def covered_h(self) -> float:
        """Its length in hours; 0 where rows name a moment only and there is but one."""
        return (self.end - self.start).total_seconds() / S_PER_H

    def and_also(self, start: datetime, end: datetime) -> Covered:
        """The time that holds both."""
        return Covered(min(self.start, start), max(self.end, end))


@dataclass(slots=True)
class Tally:
    """How many rows were left out for a reason, and the tokens they would have added."""

    rows: int = 0
    tokens: float = 0.0


@dataclass(frozen=True, slots=True)
class UsageReading:
    """Usage of one kind of file. `covered` is by subject, `whole` over all; None where rows carry no time.

    `columns_taken` says what each column was taken as; of `columns_unread` nothing but the names was kept.
    `refused` holds the first sentences, `refused_count` counts all.
    """

    kind: str
    service: str
    files: tuple[FileRead, ...]
    columns_taken: Mapping[str, str]
    columns_unread: tuple[str, ...]
    amounts: Mapping[Subject, Amounts]
    covered: Mapping[Subject, Covered]
    whole: Covered | None
    rows_used: int
    left_out: Mapping[str, Tally]
    refused: tuple[str, ...]
    refused_count: int
    said: tuple[str, ...]
    asks: tuple[Ask, ...]

    def total(self) -> Amounts:
        """All subjects together."""
        found = Amounts()
        for one in self.amounts.values():
            found.add(one)
        return found

    def months(self) -> dict[str, Covered]:
        """By month, the time that its rows cover; rows without a time under blank are left out."""
        found: dict[str, Covered] = {}
        for subject, covered in self.covered.items():
            before = found.get(subject.month)
            found[subject.month] = covered if before is None else before.and_also(covered.start, covered.end)
        return dict(sorted(found.items()))
