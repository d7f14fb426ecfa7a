"""What is guessed before any measurement: a start and a width for every coefficient, in `coefficients.csv`."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.engine.coefficients import InferenceCoefficients

FILE = Path(__file__).with_name("coefficients.csv")
INTERVAL = "interval_ln_80"


@dataclass(frozen=True, slots=True)
class Guess:
    """One coefficient before the fit. `ln_sigma` is the width of its lognormal prior; None where it is not fitted.

    `without` is what it is in a structure without its term: a number, or the coefficient it is then the same as; empty
    where no structure goes without.
    """

    name: str
    start: float
    ln_sigma: float | None
    without: str
    unit: str
    meaning: str


@cache
def guesses() -> tuple[Guess, ...]:
    """Every coefficient of the engine's decode step, in the engine's order."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        found = {row["name"]: row for row in csv.DictReader(lines)}
    names = [name for name in InferenceCoefficients._fields if name != INTERVAL]
    if set(found) != set(names):
        raise ValueError(f"{FILE.name}: differs from the engine's coefficients: {sorted(set(found) ^ set(names))}")
    return tuple(_guess(found[name]) for name in names)


def _guess(row: dict[str, str]) -> Guess:
    sigma = float(row["ln_sigma"]) if row["ln_sigma"] else None
    return Guess(row["name"], float(row["start"]), sigma, row["without"], row["unit"], row["meaning"])


def fitted(without: frozenset[str] = frozenset()) -> tuple[Guess, ...]:
    """Those that the measurements decide, in a structure without some terms."""
    return tuple(guess for guess in guesses() if guess.ln_sigma is not None and guess.name not in without)


def optional() -> tuple[str, ...]:
    """The coefficients whose term a structure can go without."""
    return tuple(guess.name for guess in guesses() if guess.without)


def completed(values: Mapping[str, float], without: frozenset[str]) -> dict[str, float]:
    """The coefficients with those of left-out terms as they are without them."""
    names = {guess.name: guess.without for guess in guesses() if guess.name in without}
    return {**values, **{name: values[like] if like in values else float(like) for name, like in names.items()}}
