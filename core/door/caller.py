"""Who asks: a name, the subject of a sign-in, roles; and what each role may do."""

from __future__ import annotations

from dataclasses import dataclass

from core.store.records import Person
from core.store.review import DRAFT, IN_REVIEW

VIEWER, EDITOR, REVIEWER = ROLES = ("viewer", "editor", "reviewer")
SEE, SAVE, NOTE, ASK, JUDGE, PUT_AWAY, LEND = (
    "see plans", "save plans", "add notes", "ask for a review", "change a state or sign off", "archive and restore",
    "make tokens for data links",
)  # fmt: skip
MAY: dict[str, frozenset[str]] = {
    SEE: frozenset(ROLES),
    SAVE: frozenset({EDITOR}),
    NOTE: frozenset({EDITOR, REVIEWER}),
    ASK: frozenset({EDITOR, REVIEWER}),
    JUDGE: frozenset({REVIEWER}),
    PUT_AWAY: frozenset({EDITOR}),
    LEND: frozenset({EDITOR}),
}


def act_of(old: str, new: str) -> str:
    """What a move of a version's state is: who prepares a version asks for its review, the rest is a reviewer's."""
    return ASK if (old, new) == (DRAFT, IN_REVIEW) else JUDGE


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who is let in. `only` is the one saved plan that a data link's token opens; blank: all."""

    name: str
    subject: str
    roles: frozenset[str]
    only: str = ""

    @property
    def authenticated(self) -> bool:
        """Whether a sign-in says who it is."""
        return bool(self.subject)

    def may(self, act: str) -> bool:
        """Whether one of the roles may do it."""
        return bool(self.roles & MAY[act])

    def against(self, act: str) -> str:
        """Why the caller may not do it, in a sentence; empty where they may."""
        if self.may(act):
            return ""
        able = " or ".join(f"{role}s" for role in ROLES if role in MAY[act])
        return f"Only {able} {act} here; {self.name} is {self.called}. Nothing was changed."

    @property
    def called(self) -> str:
        """The roles as a sentence names them.

        >>> Caller("Ann", "idp|1", frozenset({"reviewer", "editor"})).called
        'editor and reviewer'
        """
        return " and ".join(role for role in ROLES if role in self.roles) or "without a role"

    def person(self, typed: str) -> Person:
        """The caller as the store records it: by sign-in, else the name as typed, which nobody checked."""
        return Person(self.name, self.subject) if self.authenticated else Person(typed)


ANYBODY = Caller("", "", frozenset(ROLES))  # where no sign-in is set up


@dataclass(frozen=True, slots=True)
class Outside:
    """Somebody who is not let in, and why in a sentence; `known` is the name of a sign-in that does not suffice."""

    said: str
    known: str = ""
