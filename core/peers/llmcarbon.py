"""LLMCarbon's predictions of published training runs, beside ours and beside what was reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from statistics import median

from core import catalog as facts
from core import engine
from core.catalog import Catalog
from core.catalog.rows import columns_of, keyed, read, record
from core.catalog.tables import by_id, checked
from core.engine import TrainingColumns
from core.plan import Plan, Workload
from core.results.columns import stack, training_fields
from core.results.drawing import Drawing, Fields
from core.results.figures import coefficients
from core.units import KG_PER_T, KWH_PER_MWH, TOKENS_PER_B, TOKENS_PER_M

FILE = "validation/llmcarbon_published.csv"
SHAPE = "gpt3-175b"  # lends what the arithmetic of training does not read
YEAR = Plan(first_year=2020, last_year=2020)  # about when these runs were published


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One training run, or the making of its machine: what was reported, and what LLMCarbon's own code says.

    The code is told the throughput reached and the power measured; with both known, energy is a multiplication.
    """

    id: str
    name: str
    stage: str
    moe: bool
    params_total_b: float
    params_active_b: float
    train_tokens_b: float
    carbon_kg_per_kwh: float | None
    pue: float | None
    hardware: str
    accelerators: int
    system_w: float | None
    peak_tflops: float | None
    achieved_tflops: float | None
    training_reported_days: float
    training_llmcarbon_days: float
    energy_reported_mwh: float | None
    energy_llmcarbon_mwh: float | None
    carbon_reported_t: float
    carbon_llmcarbon_t: float
    source: str
    status: str
    note: str


@dataclass(frozen=True, slots=True)
class Beside:
    """One run's energy at the meter [MWh] and carbon [t]: reported, by LLMCarbon, by us."""

    run: Run
    energy_reported_mwh: float
    energy_llmcarbon_mwh: float
    energy_ours_mwh: float
    carbon_ours_t: float


def runs(folder: Path = facts.FOLDER) -> tuple[Run, ...]:
    """Every row of the file, strictly read."""
    known = facts.load()
    rows = checked(read(folder, FILE, columns_of(Run)), known.sources)
    for row in rows:
        row.one_of("hardware", known.hardware, "accelerator")
    return tuple(record(Run, row) for row in keyed(rows, by_id, "id").values())


@lru_cache(maxsize=1)
def compared() -> tuple[Beside, ...]:
    """The runs with an energy: ours from the size, the tokens and the accelerator alone, at the run's own PUE."""
    catalog = facts.load()
    training = [run for run in runs() if run.energy_reported_mwh is not None]
    fields = [_fields(catalog, run) for run in training]
    found = engine.training(stack(TrainingColumns, fields, 1, 0), coefficients())
    plug_kwh = found.energy_accelerator_kwh + found.energy_idle_kwh + found.energy_host_kwh
    return tuple(_beside(run, float(kwh)) for run, kwh in zip(training, plug_kwh, strict=True))


def _fields(catalog: Catalog, run: Run) -> Fields:
    """The run as our engine takes any, on accelerators that it keeps for as long as it computes."""
    shape = catalog.models[SHAPE]
    model = replace(
        shape,
        id=run.id,
        params_total_b=run.params_total_b,
        params_active_b=run.params_active_b,
        experts=int(run.moe),
        experts_per_token=int(run.moe),
    )
    tokens_m = run.train_tokens_b * TOKENS_PER_B / TOKENS_PER_M
    case = Workload(
        id=run.id,
        kind="pre_training",
        hosting="own",
        hardware=run.hardware,
        precision="fp16",
        tokens_per_run_m=tokens_m,
    )
    return training_fields(catalog, YEAR, case, model, Drawing(YEAR, 0)) | {"utilization": 1.0}


def _beside(run: Run, plug_kwh: float) -> Beside:
    reported, theirs = run.energy_reported_mwh, run.energy_llmcarbon_mwh
    assert reported is not None
    assert theirs is not None
    assert run.pue is not None
    assert run.carbon_kg_per_kwh is not None
    ours_kwh = plug_kwh * run.pue
    return Beside(run, reported, theirs, ours_kwh / KWH_PER_MWH, ours_kwh * run.carbon_kg_per_kwh / KG_PER_T)


def median_ratio(pairs: Sequence[tuple[float, float]]) -> float:
    """The median of first over second."""
    return median(first / second for first, second in pairs)
