"""The rules of review: which state follows which, and who may sign off. Nothing here knows of a database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.store.records import Person, Version

DRAFT, IN_REVIEW, APPROVED, LOCKED = STATES = ("draft", "in review", "approved", "locked")
NOTE, STATE, ARCHIVED, RESTORED = KINDS = ("note", "state", "archived", "restored")
ALLOWED = (
    (DRAFT, IN_REVIEW),
    (IN_REVIEW, DRAFT),
    (IN_REVIEW, APPROVED),
    (APPROVED, IN_REVIEW),
    (APPROVED, LOCKED),
)
BACK = ((IN_REVIEW, DRAFT), (APPROVED, IN_REVIEW))  # say why


@dataclass(frozen=True, slots=True)
class Event:
    """What somebody said or did about a version: a note on a row of it, a new state; or about the plan as a whole."""

    plan: str
    number: int
    version: int
    version_id: str
    kind: str
    row_key: str
    old: str
    new: str
    text: str
    by: Person
    at: str
    previous: str
    seal: str

    @property
    def day(self) -> str:
        """The day it happened."""
        return self.at[:10]


@dataclass(frozen=True, slots=True)
class Review:
    """All versions of a plan, oldest first, and all that happened to them, in order."""

    versions: tuple[Version, ...]
    events: tuple[Event, ...]

    @property
    def latest(self) -> Version:
        """The version saved last."""
        return self.versions[-1]

    @property
    def archived(self) -> bool:
        """Whether the plan was put away."""
        return is_archived(self.events)

    def state(self, version: Version) -> str:
        """The state of a version: a draft until somebody moves it."""
        moves = [event.new for event in self.of(version) if event.kind == STATE]
        return moves[-1] if moves else DRAFT

    def of(self, version: Version) -> list[Event]:
        """What happened to a version."""
        return [event for event in self.events if event.version_id == version.id]

    def notes(self, version: Version) -> list[Event]:
        """The notes on a version, oldest first."""
        return [event for event in self.of(version) if event.kind == NOTE]

    def sign_off(self, version: Version) -> Event | None:
        """Who approved a version, where it stands approved or locked."""
        if self.state(version) not in (APPROVED, LOCKED):
            return None
        return next(e for e in reversed(self.of(version)) if e.kind == STATE and e.new == APPROVED)

    def preparers(self, version: Version) -> list[Person]:
        """Who prepared a version: whoever saved it or one before it that nobody has signed off."""
        found: list[Person] = []
        for one in reversed(self.versions[: version.number]):
            if one != version and self.sign_off(one):
                break
            found.append(one.by)
        return found

    def next_states(self, version: Version, by: Person | None = None) -> list[str]:
        """The states that a version may take now, and that a person may give it."""
        now = self.state(version)
        follow = [new for old, new in ALLOWED if old == now and not self.archived]
        return [new for new in follow if by is None or not self.against(version, new, by, "because")]

    def against(self, version: Version, new: str, by: Person, why: str) -> str:
        """Why a person may not move a version to a state, in a sentence; empty where they may."""
        old = self.state(version)
        if self.archived:
            return f"'{version.plan}' is archived; restore it before it changes"
        if (old, new) not in ALLOWED:
            follow = [f"'{state}'" for before, state in ALLOWED if before == old]
            told = f"after '{old}' comes {' or '.join(follow)}" if follow else f"'{old}' is final"
            return f"{version.called} cannot become '{new}': {told}"
        if new == APPROVED and any(by.same(preparer) for preparer in self.preparers(version)):
            return f"{by.said} prepared {version.called}; somebody else signs it off"
        if (old, new) in BACK and not why.strip():
            return f"reason is blank; say why {version.called} goes back to '{new}'"
        return ""


def is_archived(events: Sequence[Event]) -> bool:
    """Whether the last that was said of it puts a plan away."""
    said = [event.kind for event in events if event.kind in (ARCHIVED, RESTORED)]
    return said[-1:] == [ARCHIVED]
