"""What a rule says of a case, and what a case comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# refuse: no figure; error: the inputs contradict each other; fail: the gate is not passed; note: to know.
Effect = Literal["refuse", "error", "fail", "incomplete", "note"]
Findings = tuple["Finding", ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say: its code, a sentence, the rule it rests on (a row of rules.csv), and what follows."""

    code: str
    effect: Effect
    sentence: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a case comes to. A figure that is refused or does not exist is None; `valid` is one word."""

    valid: str
    findings: Findings = ()
    target_kg: float | None = None
    reduction_pct: float | None = None
    rate_pct: float | None = None
    ratio: float | None = None
    overshoot_kg: float | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes, in the order of the findings."""
        return tuple(finding.code for finding in self.findings)


def valid(findings: Findings, passed: str = "true") -> str:
    """The word for a set of findings: the worst of them decides.

    >>> valid(()), valid((Finding("X", "fail", "", ""),))
    ('true', 'false')
    """
    effects = {finding.effect for finding in findings}
    if "error" in effects:
        return "error"
    if effects & {"refuse", "fail"}:
        return "false"
    return "incomplete" if "incomplete" in effects else passed


def refused(findings: Findings) -> bool:
    """Whether there can be no figure."""
    return any(finding.effect in ("refuse", "error") for finding in findings)
