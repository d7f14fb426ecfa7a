"""What is asked of a target: emissions, years and choices of one scope, frozen."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

SCOPES = ("1", "2", "1+2", "3")
AMBITIONS = ("1.5C", "WB2C")


@dataclass(frozen=True, slots=True)
class Submission:
    """The half-year in which a target is handed in.

    >>> Submission.read("2026H2")
    Submission(year=2026, half=2)
    """

    year: int
    half: int

    @classmethod
    def read(cls, text: str) -> Submission:
        """From `2026H2`; ValueError with a sentence where it is none."""
        found = re.fullmatch(r"(\d{4})H([12])", text)
        if found is None:
            raise ValueError(f"submission is '{text[:12]}'; it must be a year and its half, as 2026H2")
        return cls(int(found[1]), int(found[2]))

    def window(self, first_years: int, last_years: int) -> tuple[int, int]:
        """The first and the last target year: a first half counts its own year.

        >>> Submission(2026, 1).window(5, 10), Submission(2026, 2).window(5, 10)
        ((2030, 2035), (2031, 2036))
        """
        start = self.year + self.half - 2
        return start + first_years, start + last_years


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One scope's target. `scope` is `1`, `2`, `1+2` or `3`; `ambition` is `1.5C` or `WB2C` and matters for scope 3.

    `recent` is the most recent inventory; shares are scope 1's of scopes 1 and 2 together. None is: not said.
    """

    scope: str
    ambition: str = "1.5C"
    base_year: int
    base_kg: float
    recent_year: int | None = None
    recent_kg: float | None = None
    recent_scope1_share: float | None = None
    base_scope1_share: float | None = None
    target_year: int
    submission: Submission | None = None
    net_zero_year: int | None = None
    activity_growth_share: float | None = None
    credits_kg: float = 0.0
    avoided_kg: float = 0.0
    scope2_basis: str = ""
    tracking_basis: str = ""

    def __post_init__(self) -> None:
        """ValueError with a sentence where the numbers can be no case at all; what a rule refuses is not looked at."""
        if self.scope not in SCOPES:
            raise ValueError(f"scope is '{self.scope[:12]}'; it must be {', '.join(SCOPES)}")
        if self.ambition not in AMBITIONS:
            raise ValueError(f"ambition is '{self.ambition[:12]}'; it must be {' or '.join(AMBITIONS)}")
        if self.target_year <= self.base_year:
            raise ValueError(f"target_year is {self.target_year}; it must be after the base year, {self.base_year}")
        for name in ("base_kg", "recent_kg", "credits_kg", "avoided_kg"):
            value = getattr(self, name)
            if value is not None and not 0.0 <= value < math.inf:
                raise ValueError(f"{name} is {value:g}; it must be finite and not below 0 kg")
        for name in ("recent_scope1_share", "base_scope1_share"):
            value = getattr(self, name)
            if value is not None and not 0.0 <= value <= 1.0:
                raise ValueError(f"{name} is {value:g}; it must lie in [0, 1]")
        growth = self.activity_growth_share
        if growth is not None and not -1.0 <= growth < math.inf:
            raise ValueError(f"activity_growth_share is {growth:g}; it must be finite and not below -1 a year")
