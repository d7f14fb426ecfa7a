"""What may be wrong with a figure: the model's error, ranges of what goes in, or nothing beyond what was typed."""

from __future__ import annotations

from typing import Literal

from core.methods.columns import factors_of
from core.methods.figures import ACTIVITY, SERVING, TRAINING, Figure
from core.results.factor import Factor

Cause = Literal["energy", "time", "power", "hours", "watts", "inputs", "exact", "other"]
POWER = "power_accelerator_w"
GROWTH, DEMAND = "Growth", "results.demand_factor"


def cause_of(figure: Figure, kind: str, factors: list[Factor]) -> Cause:
    """The first of its errors that matters, for a kind of workload with these factors behind the figure.

    `energy`: its range holds the model's error of energy; `time`, `power`: it rests on the fit, and its range does not
    hold that error; `hours`, `watts`: of training; `inputs`: no fit behind it, only factors with ranges; else `exact`.
    `other`: such a workload has no such figure.
    """
    trace = figure.trace(kind)
    kernels = {place.kernel for place in figure.written}
    if kind != "inference" and SERVING in kernels and TRAINING not in kernels and figure.name not in ACTIVITY:
        return "other"
    if kind == "inference":
        if "error_z" in trace.columns:
            return "energy"
        if trace.coefficients:
            return "power" if figure.name == POWER else "time"
    elif "hours_z" in trace.columns or "mfu" in trace.columns:
        return "hours"
    elif trace.coefficients:
        return "watts"
    return "inputs" if ranged(factors) else "exact"


def behind(figure: Figure, kind: str, factors: list[Factor]) -> list[Factor]:
    """Of a workload's factors, those behind the figure: what fills its columns, and growth where it follows demand."""
    trace = figure.trace(kind)
    mine = factors_of(trace.columns, factors)
    grown = [f for f in factors if f.name == GROWTH and DEMAND in trace.formulas and f not in mine]
    return [*mine, *grown]


def ranged(factors: list[Factor]) -> list[Factor]:
    """The factors that have a range."""
    return [f for f in factors if f.low is not None and f.high is not None and f.low != f.high]
