"""Files that tell of the same thing in the same time: what stands in both would count twice, so it is told."""

from __future__ import annotations

from collections.abc import Mapping

from core.imports.usage.reading import Covered
from core.imports.usage.record import Subject

MOST_TOLD = 5
TWICE = "what stands in both counts twice"
DAY = "%Y-%m-%d %H:%M"


class Overlaps:
    """What each file so far counts, and when."""

    def __init__(self) -> None:
        self._files: list[tuple[str, Mapping[Subject, Covered]]] = []
        self._told = 0

    def told(self, name: str, counted: Mapping[Subject, Covered]) -> str:
        """A sentence where a file tells of what one before it told of, in the same time; blank where none does."""
        found = next(((other, time) for other, before in self._files if (time := shared(before, counted))), None)
        self._files.append((name, counted))
        if found is None or self._told >= MOST_TOLD:
            return ""
        self._told += 1
        other, time = found
        return (
            f"{other} and {name} both tell of the same models from {time.start:{DAY}} to {time.end:{DAY}} UTC: {TWICE}"
        )


def shared(before: Mapping[Subject, Covered], after: Mapping[Subject, Covered]) -> Covered | None:
    """The time that two files share of some subject that both count; None where they share none."""
    for subject, covered in after.items():
        other = before.get(subject)
        if other is not None:
            start, end = max(covered.start, other.start), min(covered.end, other.end)
            if start < end:
                return Covered(start, end)
    return None
