"""Machines of their own that read prompts, beside those that write: copies of the model, hours, power and waiting."""

from typing import NamedTuple

from core.engine.coefficients import InferenceCoefficients
from core.engine.columns import InferenceColumns
from core.engine.fleet import Fleet, grown, replicas_for_peak
from core.engine.jit import kernel
from core.engine.power import drive, power_accelerator_w
from core.engine.step import run_at, terms_at
from core.engine.terms import handed_over_s, reading_of, reading_steps, step_of
from core.units import S_PER_H


class Pool(NamedTuple):
    """What reads a year's prompts, in accelerators and accelerator-hours; nothing where prompts are read along."""

    accelerators_installed: float
    replicas: float
    request_s: float  # a prompt's reading, and handing its cache over
    power_w: float
    busy_h: float
    held_h: float


@kernel
def reading_pool(x: InferenceColumns, i: int, n: float, context: float, c: InferenceCoefficients) -> Pool:
    """The pool that reads: sized for the same peak, one prompt at a time, with copies of the model of its own.

    What a prompt costs alone is told, not what it gains: the fit holds no setting in which prompts wait for each other.
    """
    steps = reading_steps(x, i)
    if steps == 0.0 or x.requests[i] == 0.0:
        return Pool(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    step = step_of(x, i, n, context, reading_of(x, i, steps), c)
    run = run_at(step, 1.0)
    handed_s = handed_over_s(x, i, n, c) / steps
    step_s = run.step_s + handed_s
    driven = drive(terms_at(step.power, 1.0, run.expert_share), step_s, c.p_floor)
    power_w = power_accelerator_w(driven, x.idle_w[i], x.tdp_w[i], c.p_knee) * x.power_factor[i]
    work = x.requests[i] * steps
    replicas = replicas_for_peak(work, x.service_h[i], x.peak_to_mean[i], step_s, 1.0)
    fleet = grown(Fleet(replicas, replicas * n, 0.0), work * step_s, x.held_h[i], n, 0.0)
    held_h = fleet.accelerators_installed * x.held_h[i]
    busy_h = min(n * work * step_s / S_PER_H, held_h)
    return Pool(fleet.accelerators_installed, fleet.replicas, steps * step_s, power_w, busy_h, held_h)


@kernel
def mean_power_w(writing_w: float, writing_h: float, pool: Pool) -> float:
    """Power of an accelerator at work, over both kinds of machines [W]."""
    if pool.busy_h == 0.0:
        return writing_w
    return (writing_w * writing_h + pool.power_w * pool.busy_h) / (writing_h + pool.busy_h)
