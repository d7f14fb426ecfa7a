"""How far the training estimate is from published runs: hours and energy, from the file that the fit writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from statistics import median

from core import catalog as facts
from core.catalog.measured import training_runs
from core.catalog.rows import CatalogError, columns_of, keyed, read, record
from core.catalog.tables import by_id
from core.fit.score import NEAR, TWICE
from core.methods.accuracy import Errors, Regime, ends, within

FILE = "validation/training_held_out.csv"
HOLD_OUTS = ("developer_left_out", "run_left_out", "in_sample")
SIZES = {"under 5 billion": 5.0, "5 to 50 billion": 50.0, "over 50 billion": float("inf")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A published run beside what is foretold of it: hours, and where it was metered its energy."""

    id: str
    developer: str
    hardware: str
    generation: str
    kind: str
    format: str
    params_active_b: float
    measured_h: float | None
    in_sample_h: float | None
    run_left_out_h: float | None
    developer_left_out_h: float | None
    energy_measured_mwh: float | None
    energy_hours_known_mwh: float | None
    energy_run_left_out_mwh: float | None
    energy_developer_left_out_mwh: float | None
    covered: bool | None
    boundary: str = ""

    def foretold_h(self, hold_out: str) -> float:
        """Its hours as foretold; which hold-out left it out."""
        found: float | None = getattr(self, f"{hold_out}_h")
        if found is None:
            raise CatalogError(f"{FILE}: run {self.id!r} has measured hours but no {hold_out}_h")
        return found

    def ratio(self, hold_out: str) -> float:
        """Foretold over published hours."""
        return self.foretold_h(hold_out) / (self.measured_h or float("nan"))


@lru_cache(maxsize=1)
def runs() -> tuple[Run, ...]:
    """Every run of the file, each among the published runs."""
    rows = keyed(read(facts.FOLDER, FILE, columns_of(Run)), by_id, "id")
    known = {run.id for run in training_runs()}
    for row in rows.values():
        row.one_of("id", known, "training run")
    return tuple(
        record(Run, row, covered=row.flag("covered") if row.cells["covered"] else None) for row in rows.values()
    )


@lru_cache(maxsize=1)
def timed() -> tuple[Run, ...]:
    """The runs that the hours are scored on."""
    return tuple(run for run in runs() if run.covered is not None)


@lru_cache(maxsize=1)
def metered() -> tuple[Run, ...]:
    """The runs whose energy was metered and can be scored, hours foretold."""
    return tuple(run for run in runs() if run.energy_measured_mwh and run.energy_developer_left_out_mwh)


def names() -> dict[str, str]:
    """What the published runs are called, by id; one that has no name of its own is called as its model."""
    models = facts.load().models
    return {run.id: models[run.id].name if run.name in ("", run.id) and run.id in models else run.name or run.id
            for run in training_runs()}  # fmt: skip


def errors(found: Sequence[Run], hold_out: str) -> Errors:
    """The errors of some runs' hours; a run is a model of its own."""
    ratios = [run.ratio(hold_out) for run in found]
    low, high = ends([1.0 / ratio for ratio in ratios])
    return Errors(
        n=len(found),
        models=len(found),
        median_share=median(abs(ratio - 1.0) for ratio in ratios),
        within_near_share=within(ratios, NEAR),
        within_twice_share=within(ratios, TWICE),
        bias_factor=median(ratios),
        low_factor=low,
        high_factor=high,
    )


@cache
def overall(hold_out: str) -> Errors:
    """The errors of all timed runs."""
    return errors(timed(), hold_out)


@cache
def by_regime(hold_out: str) -> tuple[Regime, ...]:
    """The errors by generation of accelerators, kind of model, format and size."""
    groups: dict[str, Callable[[Run], str]] = {
        "Generation": lambda run: run.generation,
        "Model": lambda run: run.kind.capitalize(),
        "Number format": lambda run: run.format,
        "Active parameters": lambda run: next(name for name, end in SIZES.items() if run.params_active_b < end),
    }
    found: list[Regime] = []
    for group, of in groups.items():
        order = list(SIZES) if group == "Active parameters" else sorted({of(run) for run in timed()})
        kept = ((name, [run for run in timed() if of(run) == name]) for name in order)
        found += [Regime(group, name, errors(mine, hold_out)) for name, mine in kept if mine]
    return tuple(found)


def covered_share() -> float:
    """Share of the timed runs that lie in the 80 % range of fits that had not seen their developer."""
    return sum(bool(run.covered) for run in timed()) / len(timed())


def energy_share() -> float:
    """Median error of the metered runs' energy, hours and power foretold without their developer."""
    pairs = [(run.energy_developer_left_out_mwh or 0.0, run.energy_measured_mwh or 1.0) for run in metered()]
    return median(abs(foretold / measured - 1.0) for foretold, measured in pairs)
