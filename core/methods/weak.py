"""Where the fitted models are known to be weak, as figures of the files: what stands in words on the Accuracy tab."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import log

from core import catalog as facts
from core.catalog.measured import measurements, training_runs
from core.fit import prompts
from core.fit.nested_file import Terms, held, left_out
from core.methods import accuracy
from core.methods import accuracy_training as training
from core.methods.accuracy import ENERGY, Errors
from core.methods.accuracy_training import Run
from core.units import PERCENT

CODE_COMPLETION = "ML.ENERGY v3 sourcegraph-fim"
PAIR = "unseen_pair"
RECENT_YEAR = 2020


@dataclass(frozen=True, slots=True)
class Chosen:
    """The errors where the terms were chosen anew without the rows scored, beside those of the structure in use."""

    anew: Errors
    in_use: Errors
    without: Sequence[Terms]  # what each choice left out


@cache
def of_series(series: str) -> Errors:
    """The errors of one series."""
    return accuracy.errors([row for row in accuracy.held() if row.measured.series == series], PAIR)


@cache
def by_model(series: str) -> dict[str, Errors]:
    """The errors of one series by the name of the model, the worst first."""
    mine = [row for row in accuracy.held() if row.measured.series == series]
    keys = dict.fromkeys(row.measured.model for row in mine)
    names = facts.load().models
    found = {names[k].name: accuracy.errors([row for row in mine if row.measured.model == k], PAIR) for k in keys}
    return dict(sorted(found.items(), key=lambda item: -item[1].median_share))


def worst_metered() -> Run:
    """The training run whose metered energy is furthest from what is foretold without its developer."""
    return max(training.metered(), key=lambda run: abs(log(energy_ratio(run))))


def energy_ratio(run: Run) -> float:
    """Foretold over metered energy, hours foretold too."""
    return (run.energy_developer_left_out_mwh or 0.0) / (run.energy_measured_mwh or 0.0)


@cache
def of_known_hours() -> dict[bool, list[tuple[str, float]]]:
    """Of runs with metered energy and known hours, by whether recent: the developer, and foretold over metered."""
    years = {run.id: run.year for run in training_runs()}
    found: dict[bool, list[tuple[str, float]]] = {True: [], False: []}
    for run in training.runs():
        if run.energy_hours_known_mwh and run.energy_measured_mwh:
            ratio = run.energy_hours_known_mwh / run.energy_measured_mwh
            found[years[run.id] >= RECENT_YEAR].append((run.developer, ratio))
    return found


@cache
def prompts_asked() -> prompts.Asked:
    """What the printed latencies ask for."""
    eta_compute = facts.load().coefficients["inference"]["eta_compute"]["value"]
    return prompts.asked(facts.load(), measurements(), eta_compute)


@cache
def prompts_tried() -> dict[float, float]:
    """Median error of pairs left out by the length of the chat prompts, a share of one."""
    return {one.prompt_tokens: one.median_error_pct / PERCENT for one in prompts.tried() if one.hold_out == PAIR}


@cache
def chosen(hold_out: str) -> Chosen:
    """The nested choice of terms under one hold-out."""
    return Chosen(
        accuracy.errors(held(facts.load()), hold_out, ENERGY), accuracy.overall(hold_out), left_out()[hold_out]
    )
