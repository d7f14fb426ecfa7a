"""What the store holds: people, contents, versions, events. Frozen; nothing here knows of a database."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime

from core.store.errors import RefusedError

MOST_NAME = 80  # characters
MOST_PERSON = 80
MOST_WHY = 500
MOST_NOTE = 2_000
MOST_CONTENT = 40_000_000  # characters of one part: 500 workloads over 40 years take 30 million

TOKEN_MARK = "glidepath_"  # a data link's token begins so, also for those who look for secrets in what leaks


def fit_text(what: str, text: str, most: int, lines: bool = False) -> str:
    """A text as it is kept, its ends trimmed; RefusedError in one sentence where it cannot be.

    >>> fit_text("name", "  Our plan ", 80)
    'Our plan'
    """
    kept = unicodedata.normalize("NFC", text).strip()
    if not kept:
        raise RefusedError(f"{what} is blank; it must be given")
    if len(kept) > most:
        raise RefusedError(f"{what} has {len(kept):,} characters; the limit is {most:,} characters")
    for place, sign in enumerate(kept, 1):
        if unicodedata.category(sign) in ("Cc", "Cs") and not (lines and sign == "\n"):
            raise RefusedError(f"{what} holds a sign that cannot be shown, character {place}; take it out")
    return kept


def stamp(at: datetime) -> str:
    """A moment as the store keeps it: in universal time, to the second.

    >>> stamp(datetime(2026, 11, 27, 22, 5, 1, 999, tzinfo=UTC))
    '2026-11-27T22:05:01Z'
    """
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class Person:
    """Who did something: a name as given, and the subject of the sign-in; no subject is a name that nobody checked."""

    name: str
    subject: str = ""

    def same(self, other: Person) -> bool:
        """Whether both are one person: by sign-in where both have one, else by name, however it is written."""
        if self.subject and other.subject:
            return self.subject == other.subject
        return _plain(self.name) == _plain(other.name)

    @property
    def said(self) -> str:
        """The name, and that nobody checked it where nobody did."""
        return self.name if self.subject else f"{self.name} (not authenticated)"


def _plain(name: str) -> str:
    """A name without case, accents' spelling and doubled blanks."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def name_key(name: str) -> str:
    """What two names of plans must share to be one: however they are written.

    >>> name_key("Our  PLAN") == name_key("our plan")
    True
    """
    return _plain(name)


@dataclass(frozen=True, slots=True)
class Content:
    """What is saved of a plan: three CSV texts, the versions they were made by, and the headline they show [kgCO2e]."""

    inputs: str
    factors: str
    results: str
    data_version: str
    method_version: str
    app_version: str
    headline_kg: float | None


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a named plan, without its content. Nothing of it ever changes."""

    id: str
    plan: str
    number: int
    previous: str
    by: Person
    at: str
    why: str
    inputs_sha256: str
    factors_sha256: str
    results_sha256: str
    data_version: str
    method_version: str
    app_version: str
    headline_kg: float | None
    seal: str

    @property
    def called(self) -> str:
        """How a sentence names it."""
        return f"version {self.number} of '{self.plan}'"

    @property
    def day(self) -> str:
        """The day it was saved."""
        return self.at[:10]


@dataclass(frozen=True, slots=True)
class Saved:
    """A version with its content, as it was sealed."""

    version: Version
    content: Content
