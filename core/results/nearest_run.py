"""How near the nearest published training run is to a training workload: generation, size, arithmetic, kind of run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from core import catalog as facts
from core.catalog import Catalog, Model
from core.catalog.measured import TrainingRun, training_runs
from core.engine.training import FLOP_PER_PARAMETER_AND_TOKEN
from core.plan import Workload
from core.results.nearest import MOST_KEPT
from core.results.nearness import Nearness, listed, number, span_of
from core.units import FLOP_PER_ZFLOP, PARAMS_PER_B, TOKENS_PER_B, TOKENS_PER_M

UNSEEN = "unverified"


@dataclass(frozen=True, slots=True)
class AskedRun:
    """A training workload's setting, in what published runs differ by."""

    kind: str
    name: str
    disclosed: bool
    moe: bool
    params_active_b: float
    flop: float
    precision: str
    hardware: str
    device: str
    generation: str
    entered: bool


def nearest_run(catalog: Catalog, workload: Workload, sized: Model | None = None) -> Nearness:
    """How near it is; `sized` stands in for the workload's model where only a size is known.

    A bought fine-tuning keeps its accelerators to itself: the provider's first stands in.
    """
    model = sized or catalog.models[workload.model]
    device = catalog.hardware[workload.hardware or catalog.provider_fleet[0].hardware_id]
    active_b = model.params_active_b or 0.0
    tokens = workload.tokens_per_run_m * TOKENS_PER_M * workload.epochs
    return _nearest_run(
        AskedRun(
            kind=workload.kind,
            name=model.name,
            disclosed=model.disclosed,
            moe=model.is_moe,
            params_active_b=active_b,
            flop=FLOP_PER_PARAMETER_AND_TOKEN * active_b * PARAMS_PER_B * tokens,
            precision=workload.precision,
            hardware=device.id,
            device=device.name,
            generation=device.generation if device.generation_measured else "",
            entered=workload.mfu is not None,
        )
    )


@lru_cache(maxsize=1)
def runs() -> tuple[TrainingRun, ...]:
    """The published runs whose hours and arithmetic are known, and were seen in a source."""
    return tuple(
        run
        for run in training_runs()
        if run.accelerator_hours and (run.compute_reported_flop or run.train_tokens_b) and run.checked != UNSEEN
    )


def _flop(run: TrainingRun) -> float:
    """Arithmetic of a published run [FLOP]: as disclosed, else from its size and tokens."""
    tokens = (run.train_tokens_b or 0.0) * TOKENS_PER_B
    return run.compute_reported_flop or FLOP_PER_PARAMETER_AND_TOKEN * run.params_active_b * PARAMS_PER_B * tokens


@lru_cache(maxsize=MOST_KEPT)
def _nearest_run(case: AskedRun) -> Nearness:
    beyond = list(_beyond(case))
    reasons = tuple(full for _, full in beyond)
    if case.entered:
        what = "the share of peak reached is entered, so the hours carry no error of the model's"
        return Nearness("entered", what, reasons, kind="hours", hold_out="run", told=False)
    if beyond:
        more = len(beyond) - 2
        counted = f", and {more} more {'reason' if more == 1 else 'reasons'}" if more > 0 else ""
        what = "; ".join(short for short, _ in beyond[:2]) + counted
        return Nearness("extrapolated", what, reasons, kind="hours", hold_out="run", told=False)
    own = [run for run in runs() if run.hardware == case.hardware]
    same = [run for run in runs() if facts.load().hardware[run.hardware].generation == case.generation]
    where = f"this accelerator, {case.device}" if own else f"this generation, {case.generation}"
    found = own or same
    what = f"{len(found)} published {'run' if len(found) == 1 else 'runs'} on {where}"
    sizes = span_of(run.params_active_b for run in found)
    told = f"{what[0].upper()}{what[1:]}, of models with {sizes} billion active parameters."
    return Nearness("near", what, (told,), kind="hours", hold_out="run")


def _beyond(case: AskedRun) -> Iterator[tuple[str, str]]:
    if not case.disclosed:
        yield (
            "the model's size is not published",
            f"The maker of {case.name} does not publish its size: it is drawn over a range of estimates, "
            "and no measurement tells how good they are.",
        )
    if not case.generation:
        seen = listed(facts.load().hardware[run.hardware].name for run in runs())
        yield (
            "no run on this generation of accelerators was published",
            f"No run on the generation of {case.device} was published with its hours; runs on {seen} were.",
        )
    if case.kind == "fine_tuning":
        yield (
            "no fine-tuning was published with its hours",
            "Every run published with its hours is pre-training; none shows what share of peak fine-tuning reaches.",
        )
    sizes = span_of(run.params_active_b for run in runs())
    if not sizes.holds(case.params_active_b):
        yield (
            "no model of this size was published",
            f"Runs of models with {sizes} billion active parameters were published; "
            f"{case.name} has {number(case.params_active_b)} billion.",
        )
    work = span_of(_flop(run) / FLOP_PER_ZFLOP for run in runs())
    mine = case.flop / FLOP_PER_ZFLOP
    if not work.holds(mine):
        size = "small" if mine < work.low else "large"
        yield (
            f"no run so {size} was published",
            f"Runs of {work} ZFLOP were published (1 ZFLOP is 1e21 operations); this one takes {number(mine)}.",
        )
