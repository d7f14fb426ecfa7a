"""How far the training estimate is from the runs that were left out of it, over all and by regime."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from statistics import fmean, median

from core.fit.training import Held
from core.units import PERCENT

TWICE = 2.0
FEWEST_MODELS = 5  # below it a share of runs inside the range says nothing
NOT_CALIBRATABLE = "not calibratable"
HOLD_OUTS: Mapping[str, Callable[[Held], float]] = {
    "in sample": lambda held: held.in_sample_h,
    "one run left out": lambda held: held.run_left_out_h,
    "one developer left out": lambda held: held.developer_left_out_h,
}
COVERED_IN = "one developer left out"  # the hold-out that the range comes from
SMALL_B, LARGE_B = 5.0, 50.0
REGIMES: Mapping[str, Callable[[Held], str]] = {
    "all": lambda held: "all",
    "accelerator": lambda held: held.run.generation,
    "kind": lambda held: "mixture of experts" if held.run.experts else "dense",
    "format": lambda held: "8 bit" if held.run.eight_bit else "16 bit",
    "active parameters": lambda held: _size(held.run.params_active_b),
}


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Errors of the hours over one regime.

    `covered_pct` is None where fewer than five models make it say nothing, and where the range is of another hold-out.
    """

    hold_out: str
    regime: str
    name: str
    runs: int
    developers: int
    median_error_pct: float
    within_twice_pct: float
    covered_pct: float | None


def timed(rows: Sequence[Held]) -> list[Held]:
    """The rows whose hours are known."""
    return [held for held in rows if held.covered is not None]


def fitted(rows: Sequence[Held]) -> list[Held]:
    """The rows that the share of peak was fitted to."""
    return [held for held in rows if not isnan(held.run_left_out_h)]


def accuracy(rows: Sequence[Held], hold_out: str, regime: str, name: str) -> Accuracy:
    """The errors of these rows; every run is of a model of its own."""
    ratios = [HOLD_OUTS[hold_out](held) / held.run.measured_h for held in rows]
    calibratable = hold_out == COVERED_IN and len(rows) >= FEWEST_MODELS
    covered = PERCENT * fmean(bool(held.covered) for held in rows) if calibratable else None
    return Accuracy(
        hold_out,
        regime,
        name,
        len(rows),
        len({held.run.developer for held in rows}),
        PERCENT * median(abs(ratio - 1.0) for ratio in ratios),
        PERCENT * fmean(1.0 / TWICE <= ratio <= TWICE for ratio in ratios),
        covered,
    )


def report(rows: Sequence[Held]) -> Iterator[Accuracy]:
    """Every hold-out over all runs, then each regime with its developers left out."""
    known = timed(rows)
    for hold_out in HOLD_OUTS:
        yield accuracy(known, hold_out, "all", "all")
    for regime, of in list(REGIMES.items())[1:]:
        for name in sorted({of(held) for held in known}):
            yield accuracy([held for held in known if of(held) == name], COVERED_IN, regime, name)


def covered_by_developer_pct(rows: Sequence[Held]) -> float:
    """Share of runs inside the range of the others, each developer counted once [%]."""
    known = timed(rows)
    names = {held.run.developer for held in known}
    return PERCENT * fmean(fmean(bool(held.covered) for held in known if held.run.developer == name) for name in names)


def energy_errors(rows: Sequence[Held], of: Callable[[Held], float]) -> list[tuple[str, float]]:
    """Predicted / measured - 1 of every metered run that can be scored."""
    found = ((held.run.id, of(held) / held.run.energy_mwh - 1.0) for held in rows)
    return [(name, error) for name, error in found if not isnan(error)]


def unknown_length(rows: Sequence[Held], usual_tokens: float) -> Iterator[tuple[str, float]]:
    """Median error of the hours for one who does not know the length of the training sequence, by hold-out [%]."""
    known = timed(rows)
    for hold_out in list(HOLD_OUTS)[1:]:
        ratios = [
            HOLD_OUTS[hold_out](one) / one.run.measured_h * one.run.at_length(usual_tokens) / one.run.flop
            for one in known
        ]
        yield hold_out, PERCENT * median(abs(ratio - 1.0) for ratio in ratios)


def _size(params_active_b: float) -> str:
    if params_active_b < SMALL_B:
        return f"under {SMALL_B:g} billion"
    return f"{SMALL_B:g} to {LARGE_B:g} billion" if params_active_b < LARGE_B else f"{LARGE_B:g} billion and more"
