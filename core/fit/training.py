"""The training coefficients: share of peak, power while training, and the 80 % range of the hours.

The structure of the share of peak is the one that `training_structures` chooses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, isnan, log, log1p, nan

import numpy as np

from core.engine.training import host_energy_kwh, training_power_w, unfilled, used_h
from core.fit.absolute import least_absolute
from core.fit.training_runs import HOST_FRAC, U_GPU, Run, developer_weights, metered, timed, told
from core.fit.training_structures import CHOSEN, columns
from core.results.draws import Floats
from core.units import KWH_PER_MWH, PARAMS_PER_B, W_PER_KW

MASS = 0.8  # of runs, inside the range
ENERGY_GIVEN_HOURS_LN = (-0.25, 0.0, 0.25)  # a judgement: too few runs to calibrate


@dataclass(frozen=True, slots=True)
class Share:
    """Coefficients of the share of peak."""

    ln_mfu: float
    small_on_fast: float

    def hours(self, run: Run) -> float:
        """Accelerator-hours of a run; NaN where its arithmetic is unknown."""
        lost = self.small_on_fast * float(unfilled(run.params_active_b * PARAMS_PER_B, run.peak16_flop_per_s))
        return float(used_h(run.flop, run.peak16_flop_per_s, exp(self.ln_mfu + lost))) if run.flop > 0 else nan


@dataclass(frozen=True, slots=True)
class Power:
    """What an accelerator and its host draw: shares of the power limit, or a system's own watts by device."""

    u_gpu: float
    host_frac: float
    system_w: dict[str, float]

    def energy_mwh(self, run: Run, taken_h: float) -> float:
        """Energy at the boundary of the run's own meter [MWh]; NaN where its system's watts are unknown."""
        if run.system_measured and run.hardware not in self.system_w:
            return nan
        system_w = self.system_w.get(run.hardware, 0.0)
        accelerator_kwh = taken_h * float(training_power_w(run.tdp_w, self.u_gpu, system_w)) / W_PER_KW
        host_kwh = float(host_energy_kwh(accelerator_kwh, self.host_frac, system_w)) if run.host_metered else 0.0
        return (accelerator_kwh + host_kwh) * run.pue / KWH_PER_MWH


@dataclass(frozen=True, slots=True)
class Held:
    """A run beside what the fit says of it: with it, without it, without its developer. Unknown is NaN.

    `covered` is None for a run without hours. Energy of known hours and of the run left out take the power of a fit
    without the run; energy of the developer left out takes the power of one without the developer.
    """

    run: Run
    in_sample_h: float
    run_left_out_h: float
    developer_left_out_h: float
    covered: bool | None
    energy_hours_known_mwh: float
    energy_run_left_out_mwh: float
    energy_developer_left_out_mwh: float


def shares(runs: Sequence[Run], kept: Sequence[Sequence[bool]]) -> list[Share]:
    """The share of peak, once for each choice of runs."""
    design, target, prior_sd = columns(CHOSEN, runs)
    found = least_absolute(design, target, np.array(kept, dtype=float) * developer_weights(runs), prior_sd)
    return [Share(float(ln_mfu), float(small)) for ln_mfu, small in found]


def share(runs: Sequence[Run]) -> Share:
    """The share of peak of all runs."""
    return shares(runs, [[True] * len(runs)])[0]


def power(runs: Sequence[Run]) -> Power:
    """Shares and watts from the runs whose hours and metered energy, host included, are known.

    One number is measured, the two shares' product: both move alike from what was known of them before.
    """
    seen = [run for run in metered(timed(runs)) if run.host_metered]
    chips: dict[str, list[float]] = {}
    for run in seen:
        if run.system_measured:
            chips.setdefault(run.hardware, []).append(log(_system_w(run)))
    ratios = [log(_system_w(run) / run.tdp_w) for run in seen if not run.system_measured]
    surprise = float(np.mean(ratios)) - log(U_GPU) - log1p(HOST_FRAC) if ratios else 0.0
    shift = surprise * len(ratios) / (2 * len(ratios) + 1)  # shares and meter are equally sure
    watts = {chip: exp(float(np.mean(found))) for chip, found in chips.items()}
    return Power(U_GPU * exp(shift), (1 + HOST_FRAC) * exp(shift) - 1, watts)


def band(developers: Sequence[str], left: Floats) -> tuple[float, float, float]:
    """P10, P50, P90 of ln(measured / predicted) of a run of one developer more.

    Runs weigh as in the fit. Of k developers, k + 1 with the new one, the range must hold 80 % of k + 1: with few
    developers it reaches further out than 80 % of those seen.
    """
    names = list(developers)
    tail = (1 - MASS * (1 + 1 / len(set(names)))) / 2
    weights = np.array([names.count(name) ** -0.5 for name in names])
    order = np.argsort(left)
    place = (np.cumsum(weights[order]) - weights[order] / 2) / np.sum(weights)
    low, middle, high = np.interp((tail, 0.5, 1 - tail), place, left[order])
    return float(low), float(middle), float(high)


def covered(developers: Sequence[str], left: Floats) -> list[bool]:
    """Whether each run lies in the range that the runs of the other developers give."""
    names, inside = np.array(developers), []
    for name, own in zip(developers, left, strict=True):
        low, _, high = band(list(names[names != name]), left[names != name])
        inside.append(bool(low <= own <= high))
    return inside


def held_out(runs: Sequence[Run]) -> list[Held]:
    """Every run that can be scored, in the order of the file."""
    fitted = told(runs)
    whole = share(fitted)
    alone = shares(fitted, [[other.id != run.id for other in fitted] for run in fitted])
    many = shares(fitted, [[other.developer != run.developer for other in fitted] for run in fitted])
    found = [_held(runs, run, whole, one, others) for run, one, others in zip(fitted, alone, many, strict=True)]
    known = [held for held in found if held.run.measured_h > 0]
    inside = covered([held.run.developer for held in known], left_ln(known))
    by_id = {held.run.id: held for held in found}
    by_id |= {held.run.id: replace(held, covered=inside[place]) for place, held in enumerate(known)}
    by_id |= {run.id: _held(runs, run, whole, None, None) for run in metered(runs) if run.id not in by_id}
    return [by_id[run.id] for run in runs if run.id in by_id]


def left_ln(known: Sequence[Held]) -> Floats:
    """ln(measured / predicted) hours of runs whose developer was left out."""
    return np.log([held.run.measured_h for held in known]) - np.log([held.developer_left_out_h for held in known])


def _held(runs: Sequence[Run], run: Run, whole: Share, alone: Share | None, many: Share | None) -> Held:
    without = power([other for other in runs if other.id != run.id])
    strangers = power([other for other in runs if other.developer != run.developer])
    one_h, many_h = (found.hours(run) if found else nan for found in (alone, many))
    seen = not isnan(run.energy_mwh)
    return Held(
        run,
        whole.hours(run),
        one_h,
        many_h,
        None,
        without.energy_mwh(run, run.measured_h) if seen else nan,
        without.energy_mwh(run, one_h) if seen else nan,
        strangers.energy_mwh(run, many_h) if seen else nan,
    )


def _system_w(run: Run) -> float:
    """Mean power of accelerator and host before the site's overhead [W]."""
    return run.energy_mwh * KWH_PER_MWH / run.pue / run.measured_h * W_PER_KW
