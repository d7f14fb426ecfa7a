"""A case: one claim or system of the source articles, as printed, as checked and as it should be carried."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.cases.formulas import FORMULAS
from core.cases.shown import in_unit
from core.plan import Workload
from core.plan.lever import Lever
from core.plan.own import Own
from core.results.draws import Floats

CLAIMS = tuple(f"C{number}" for number in range(1, 13))  # those that must not be carried as written
# Verdict -> whether a reader may repeat the claim; None: there is nothing to repeat or nothing was checked.
VERDICTS: Mapping[str, bool | None] = {
    "ok": True,
    "ok with context": True,
    "misleading": False,
    "wrong": False,
    "stale": False,
    "unsupported": False,
    "unverified": None,
    "not an app object": None,
}
PAGES = ("estimate", "plan", "what-if")  # what a case opens as
KINDS_OF_OBJECT = ("model", "device", "lever", "estimate", "plan", "none")


@dataclass(frozen=True, slots=True)
class Sum:
    """A formula with its inputs, each from low to high, and the unit it is shown in."""

    formula: str
    inputs: tuple[tuple[str, float, float], ...]
    unit: str

    def ends(self) -> tuple[float, float]:
        """The result at the low and at the high inputs, in the unit shown, in rising order."""
        function = FORMULAS[self.formula]
        found = sorted(
            in_unit(function(**{name: value[end] for name, *value in self.inputs}), self.unit) for end in (0, 1)
        )
        return found[0], found[1]

    def through(self, name: str, value: Floats) -> Floats:
        """The sum in base units with another value of one input; the others at the middle of their range."""
        middle = {each: (low + high) / 2 for each, low, high in self.inputs}
        result: Floats = np.asarray(FORMULAS[self.formula](**(middle | {name: value})))
        return result


def arguments(formula: str) -> tuple[str, ...]:
    """The names of a formula's inputs."""
    return tuple(inspect.signature(FORMULAS[formula]).parameters)


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A published figure as it was printed: the digits are the publication's."""

    low: str
    high: str
    unit: str

    @property
    def ends(self) -> tuple[float, float]:
        """Both ends as numbers; the same where one figure was printed."""
        return float(self.low), float(self.high or self.low)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One row: `article` is a source's key, or empty for a companion of ours.

    `opens` is the page on which its workloads, levers and own entries open; empty where nothing does. `figure` names
    the engine's figure of them, which may take the place of an input of the case's sum (`figure_through`);
    `figure_of` says in words what it is of, `shows` what the opened plan holds and what it does not.
    """

    id: str
    claim: str
    article: str
    rank: int | None
    title: str
    item: str
    printed: Printed | None
    checked: Sum | None
    corrected: Sum | None
    figure: str
    figure_through: str
    figure_unit: str
    figure_of: str
    verdict: str
    status: str
    found: str
    carry: str
    maps_to: tuple[tuple[str, str], ...]
    opens: str
    years: int
    shows: str
    nothing: str
    source: tuple[str, ...]
    workloads: tuple[Workload, ...]
    levers: tuple[Lever, ...]
    own: tuple[Own, ...]

    def uses(self) -> set[str]:
        """Names of the formulas and figures behind it."""
        sums = {each.formula for each in (self.checked, self.corrected) if each}
        through = {"Sum.through"} if self.figure_through else set()
        return sums | through | {"in_unit"} | ({self.figure} if self.figure else set())
