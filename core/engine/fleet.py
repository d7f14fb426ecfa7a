"""How many accelerators, which batch, how many hours: the fleet around one decode step."""

import math
from typing import NamedTuple

import numpy as np

from core.engine.jit import kernel
from core.engine.step import Experts, Run, Step, Terms, power_of, run_at, run_of, terms_at
from core.units import S_PER_H

ROUNDING = 1e-9  # a fleet that is just busy all year is not overloaded by the last digit
ITERATIONS = 60
LAST_STEP = 1e-6  # Newton squares its error: what is left is below 1e-12


class Demand(NamedTuple):
    """What a year's load asks of its fleet; the names are the columns'."""

    work_tokens: float
    batch: float
    service_h: float
    peak_to_mean: float
    provider_utilization: float
    installed: float
    busy_share: float
    held_h: float


class Touch(NamedTuple):
    """A batch, and the share of the experts it touches."""

    batch: float
    expert_share: float


class Fleet(NamedTuple):
    """The replicas that carry the load, and all accelerators that stand there for it."""

    replicas: float
    accelerators_installed: float
    overload: float  # 1: fewer were installed


class Load(NamedTuple):
    """A year's work on its fleet, in accelerator-hours."""

    run: Run
    fleet: Fleet
    busy_h: float
    held_h: float


@kernel
def dense_batch(tokens_per_s: float, fixed_s: float, per_sequence_s: float, limit: float) -> float:
    """The batch B = rate (fixed + per_sequence B); the limit when no batch keeps up."""
    spare = 1.0 - tokens_per_s * per_sequence_s
    return limit if spare <= 0.0 else min(tokens_per_s * fixed_s / spare, limit)


@kernel
def expert_batch(tokens_per_s: float, time: Terms, experts: Experts, limit: float) -> Touch:
    """The batch B = rate t(B) of a mixture of experts, between 1 and the limit.

    B - rate t(B) is convex with one root. The tangent at 1 and the time with every expert read both end above it; from
    there Newton's steps fall to it and never pass it.
    """
    batch, share = 1.0, 0.0
    for iteration in range(ITERATIONS):
        power = experts.ln_missed * power_of(batch * experts.tokens_per_sequence, experts.reuse)
        missed = math.exp(power - experts.per_prompt * batch)
        share = 1.0 - missed
        share_slope = (experts.per_prompt - power * experts.reuse / batch) * missed
        gap = batch - tokens_per_s * terms_at(time, batch, share)
        slope = 1.0 - tokens_per_s * (time.per_sequence + time.per_expert_share * share_slope)
        if iteration == 0:
            if gap >= 0.0:
                break
            fullest = dense_batch(tokens_per_s, time.fixed + time.per_expert_share, time.per_sequence, limit)
            batch = min(1.0 - gap / slope, fullest) if slope > 0.0 else fullest
            continue
        if gap <= 0.0:
            break
        step = gap / slope
        batch -= step
        share -= share_slope * step
        if step <= LAST_STEP * batch:
            break
    return Touch(batch, share)


@kernel
def steady_run(tokens_per_s: float, step: Step, limit: float) -> Run:
    """The step at the mean batch of Little's law: rate of output tokens per replica times the time of a step.

    Never below 1 (a lighter load leaves the replica idle part of the time) and never above the limit.
    """
    if step.experts.ln_missed == 0.0:
        batch = dense_batch(tokens_per_s, step.time.fixed, step.time.per_sequence, limit)
        return run_of(step, max(min(max(batch, tokens_per_s * step.floor_s), limit), 1.0), 0.0)
    touch = expert_batch(tokens_per_s, step.time, step.experts, limit)
    if touch.batch < tokens_per_s * step.floor_s:
        return run_at(step, max(min(tokens_per_s * step.floor_s, limit), 1.0))
    return run_of(step, touch.batch, touch.expert_share)


@kernel
def replicas_for_peak(work_tokens: float, service_h: float, peak_to_mean: float, step_s: float, batch: float) -> float:
    """Replicas that carry the busiest hour at a batch, at least 1."""
    return max(float(np.ceil(work_tokens * peak_to_mean * step_s / (service_h * S_PER_H * batch))), 1.0)


@kernel
def replicas_installed(installed: float, accelerators: float) -> float:
    """Whole replicas that the installed accelerators make up, at least 1."""
    return max(float(np.floor(installed / accelerators)), 1.0)


@kernel
def replica_busy_s(work_tokens: float, step_s: float, batch: float) -> float:
    """Time one replica would need for the whole year's output tokens [s]."""
    return work_tokens * step_s / batch


@kernel
def grown(fleet: Fleet, busy_s: float, held_h: float, accelerators: float, installed: float) -> Fleet:
    """The fleet, enlarged where its hours do not suffice. An installed fleet that had to grow is overloaded."""
    if not busy_s > fleet.replicas * held_h * S_PER_H * (1.0 + ROUNDING):
        return fleet
    replicas = float(np.ceil(busy_s / (held_h * S_PER_H)))
    return Fleet(replicas, replicas * accelerators, 0.0 if installed == 0.0 else 1.0)


@kernel
def shared_replicas(busy_s: float, provider_utilization: float, service_h: float) -> float:
    """The part of a provider's fleet that serves this load, in replicas; a fraction."""
    return busy_s / (provider_utilization * service_h * S_PER_H)


@kernel
def fullest_batch(batch: float, limit: float) -> float:
    """The batch as given, at least 1; else the largest that fits."""
    return limit if batch == 0.0 else max(batch, 1.0)


@kernel
def fleet_before(demand: Demand, n: float, step: Step, fullest: float) -> Fleet:
    """The fleet before the load is put on it: as installed, else sized for the peak at the fullest batch."""
    if demand.installed != 0.0:
        return Fleet(replicas_installed(demand.installed, n), max(n, demand.installed), 0.0)
    if demand.work_tokens == 0.0:
        return Fleet(0.0, 0.0, 0.0)
    step_s = run_at(step, fullest).step_s
    replicas = replicas_for_peak(demand.work_tokens, demand.service_h, demand.peak_to_mean, step_s, fullest)
    return Fleet(replicas, replicas * n, 0.0)


@kernel
def shared_load(demand: Demand, n: float, step: Step, limit: float) -> Load:
    """The load on a provider's fleet: hours as used, and the idle ones that its utilization implies."""
    run = run_at(step, fullest_batch(demand.batch, limit))
    busy_s = replica_busy_s(demand.work_tokens, run.step_s, run.batch)
    replicas = shared_replicas(busy_s, demand.provider_utilization, demand.service_h)
    busy_h = n * busy_s / S_PER_H
    return Load(run, Fleet(replicas, replicas * n, 0.0), busy_h, busy_h / demand.provider_utilization)


@kernel
def available_s(demand: Demand, replicas: float) -> float:
    """Time the replicas work in a year [s]: the hours of service, or the busy share of the hours held."""
    busy_h = demand.service_h if demand.busy_share == 0.0 else demand.busy_share * demand.held_h
    return replicas * busy_h * S_PER_H


@kernel
def dedicated_load(demand: Demand, n: float, step: Step, limit: float) -> Load:
    """The load on a fleet of one's own: the batch follows from it, and the hours held from the fleet."""
    fullest = fullest_batch(demand.batch, limit)
    fleet = fleet_before(demand, n, step, fullest)
    working_s = available_s(demand, fleet.replicas)
    if demand.batch == 0.0:
        rate = demand.work_tokens / working_s if demand.work_tokens != 0.0 else 0.0
        run = steady_run(rate, step, fullest)
    else:
        run = run_at(step, fullest)
    busy_s = replica_busy_s(demand.work_tokens, run.step_s, run.batch)
    if demand.busy_share != 0.0 and demand.work_tokens != 0.0:
        busy_s = max(busy_s, working_s)  # in this order a missing number stays missing
    fleet = grown(fleet, busy_s, demand.held_h, n, demand.installed)
    held_h = fleet.accelerators_installed * demand.held_h
    return Load(run, fleet, min(n * busy_s / S_PER_H, held_h), held_h)
