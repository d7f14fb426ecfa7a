"""What a lever takes one time only: the training of a search, spread over the tokens that the found model answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core.engine import FootprintResult
from core.levers import Change, Served
from core.plan import Plan, Workload
from core.results.draws import Floats
from core.results.market import NAMES as MARKET
from core.results.one import Figures, figures_of
from core.units import TOKENS_PER_B, TOKENS_PER_M

PART = "once"
# What a run adds to the year; its tokens and hours of answering are not the workload's.
ADDED = (
    *FootprintResult._fields, "energy_accelerator_kwh", "energy_idle_kwh", "energy_host_kwh",
    "carbon_embodied_amortised_kg", *MARKET,
)  # fmt: skip
# Fields of a workload that say how it answers or what stands there for it: a single run has none of them.
AS_A_RUN = {
    "kind": "pre_training", "runs_per_year": 1.0, "tokens_per_run_m": TOKENS_PER_B / TOKENS_PER_M, "epochs": 1.0,
    "overhead_factor": 1.0, "mfu": None, "accelerators": None, "batch": None, "installed_accelerators": None,
    "busy_share": None, "growth_low_pct": 0.0, "growth_central_pct": 0.0, "growth_high_pct": 0.0, "first_year": None,
    "last_year": None,
}  # fmt: skip


def once(
    view: Plan, workload: Workload, parts: Sequence[Served], tokens: Sequence[Floats], draws: int
) -> dict[str, Floats]:
    """What the single runs of its levers add to each year, by figure; empty where no lever has any.

    `tokens` are those that each part answers, (years, 1 + draws). Each lever's run counts once, whatever its share of
    the traffic, in step with the tokens answered under it; the run is that of the model as it was before.
    """
    total: dict[str, Floats] = {}
    changes = dict.fromkeys(change for part in parts for change in part.changes if change.part == PART)
    for change in changes:
        answered = sum(
            np.where(_mask(view, part), tokens[place], 0.0)
            for place, part in enumerate(parts)
            if change in part.changes
        )
        run = one_run(view, workload, change, draws)
        if run.reason:
            continue
        weight = spread_over(np.asarray(answered))
        for name in ADDED:
            total[name] = total.get(name, 0.0) + run.values[name] * weight
    return total


def one_run(view: Plan, workload: Workload, change: Change, draws: int) -> Figures:
    """One run on the workload's own accelerators and site; its tokens are the lever's, in billions."""
    run = workload.but(**AS_A_RUN)
    return figures_of(view.but(hardware_view="amortised"), run, draws, changes=(_tokens(change),))


def _tokens(change: Change) -> Change:
    """The tokens of the run, as a change of a run of a billion."""
    return replace(change, part="column", column="train_tokens", operation="multiply", share=1.0)


def _mask(view: Plan, part: Served) -> Floats:
    return np.array([[part.first_year <= year <= part.last_year] for year in view.years()])


def spread_over(tokens: Floats) -> Floats:
    """Each year's share of the tokens of all years, (years, 1 + draws); the first year's where none is answered.

    >>> spread_over(np.array([[1.0, 0.0], [3.0, 0.0]])).tolist()
    [[0.25, 1.0], [0.75, 0.0]]
    """
    whole = tokens.sum(axis=0)
    first = np.zeros_like(tokens)
    first[0] = 1.0
    return np.where(whole > 0, np.divide(tokens, whole, out=np.zeros_like(tokens), where=whole > 0), first)
