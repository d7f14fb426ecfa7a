"""The expected error in words: of one estimate, and of any figure."""

from __future__ import annotations

from math import exp

from core import catalog as facts
from core import words
from core.methods.accuracy import ENERGY, POWER, STEP, Errors
from core.methods.error_of import Cause, ranged
from core.methods.expected import TRAINING, Expected, expected
from core.results.factor import Factor
from core.results.nearness import Nearness

NOT_CALIBRATABLE = "not calibratable"
UNSEEN = {
    "unseen_pair": "fits that had not seen the model on the accelerator",
    "unseen_gpu": "fits that had not seen the accelerator type",
    "unseen_family": "fits that had not seen any model of its maker",
    TRAINING: "fits that had not seen any run of the developer",
}
MOST_NAMED = 6
QUANTITIES: dict[Cause, tuple[str, str]] = {
    "energy": (ENERGY, "Energy of accelerators at work"),
    "time": (STEP, "Time of a step"),
    "power": (POWER, "Power of an accelerator"),
}
NOTHING_TELLS = "Beyond what was measured, and nothing says how far off it is; inside, "


def short(one: Nearness) -> str:
    """The error in a few words, for one line; empty where the estimate lies beyond what tells it."""
    within = share(one)
    return f"half of such estimates within {words.percent(within)}" if within is not None else ""


def share(one: Nearness) -> float | None:
    """The median error of such estimates; None where none is told."""
    found = expected(one)
    return found.errors.median_share if found is not None and one.told else None


def of_estimate(one: Nearness, quantity: str = ENERGY) -> str:
    """How far off such estimates are, in sentences."""
    if one.grade == "metered":
        return f"The meter's own 80 % range is {_times(one.low_factor, one.high_factor)} the reading."
    if one.grade == "entered":
        return f"The hours carry no error of the model's: the share of peak is entered. {_energy_of_hours()}"
    found = expected(one, quantity)
    if found is None:
        return ""
    told = _told(found)
    return words.capital(told) if one.told else NOTHING_TELLS + told


def _told(found: Expected) -> str:
    e = found.errors
    what, did = ("run", "took") if found.hold_out == TRAINING else ("setting", "were measured at")
    half = f"half of {words.count(e.n, what)}{found.regime} are within {words.percent(e.median_share)}"
    return f"{half}; {_range(e, did)} ({UNSEEN[found.hold_out]})."


def _range(e: Errors, did: str) -> str:
    if not e.calibratable:
        return f"with {words.count(e.models, 'model')} a range is {NOT_CALIBRATABLE}"
    return f"four in five {did} {_times(e.low_factor, e.high_factor)} the estimate"


def _times(low: float, high: float) -> str:
    return f"{low:.2f} to {high:.2f} times"


def _energy_of_hours() -> str:
    low, _, high = facts.load().coefficients["training_interval_ln_80"]["energy_given_hours"]
    told = f"80 % range {_times(exp(low), exp(high))} the estimate"
    return f"Energy of those hours: {told}, a judgement: {NOT_CALIBRATABLE}."


def of_figure(cause: Cause, one: Nearness | None, factors: list[Factor]) -> str:
    """How far off a figure may be: of a workload that is so near a measurement and has these factors."""
    more = _inputs(factors)
    if cause == "other":
        return "This figure belongs to the other kind of workload."
    if cause == "exact":
        return "Exact arithmetic on what the plan says: no error beyond what was typed."
    if cause == "inputs":
        return f"No fitted model is in it. {more}"
    if one is None:
        return "No figure, and so no error."
    if cause in QUANTITIES:
        quantity, name = QUANTITIES[cause]
        held = "its 80 % range holds this error" if cause == "energy" else "its 80 % range does not hold this error"
        error = of_estimate(one, quantity) if cause == "energy" or one.grade != "metered" else ""
        return f"{name}. {error} {words.capital(held)}. {more}".replace("  ", " ") if error else _beside_meter(more)
    if cause == "watts":
        return f"{_energy_of_hours()} {more}"
    return f"Hours of computing. {of_estimate(one)} Its 80 % range holds this error. {more}"


def _beside_meter(more: str) -> str:
    return f"The meter measured energy, not this: it stays as modelled. {more}"


def _inputs(factors: list[Factor]) -> str:
    names = [factor.name for factor in ranged(factors) if factor.status != "fitted"]
    if not names:
        return ""
    rest = f", and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"Ranges of what goes in: {', '.join(names[:MOST_NAMED])}{rest}."
