"""What others published of a lever: a figure before and after it, and the two settings where they name enough."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.catalog import Catalog
from core.catalog.rows import STATUSES, Row, columns_of, keyed, read, record
from core.fit.measurement import measurements
from core.plan import Workload
from core.results.columns import PARALLEL, SERVING

FILE = "levers/validation.csv"
ENERGY = "energy"
KINDS = (ENERGY, "throughput", "cost", "memory", "tokens", "requests", "carbon", "work per energy")
SIDES = ("baseline", "treated")
ROUNDED = 0.01  # a printed ratio may differ by this share from that of its two printed figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One side of a pair as the engine takes it; `measurement` is its row among the measurements, where it has one."""

    id: str
    model: str
    hardware: str
    accelerators: int
    parallel: str
    precision: str
    serving: str
    batch: float
    input_tokens: float
    output_tokens: float
    measurement: str = ""

    def workload(self) -> Workload:
        """The same as a workload."""
        said = {name: getattr(self, name) for name in columns_of(Setting, without=("measurement",))}
        return Workload(hosting="cloud", **said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A published pair. `ratio` is treated over baseline; where only a range was published it has `ratio_low`, `_high`.

    `lever` names one or several of the catalog, parted by semicolons. A pair that the engine computes has both
    settings; any other says in `not_computed` why not. `part_of` names a pair of several levers that holds this one.
    """

    id: str
    lever: str = ""
    change: str
    baseline: str
    treatment: str
    metric: str
    unit: str
    kind: str
    baseline_value: float | None
    treated_value: float | None
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None
    part_of: str = ""
    assumed: str = ""
    not_computed: str = ""
    evidence: str
    status: str
    source: str
    where: str
    note: str = ""
    before: Setting | None
    after: Setting | None

    @property
    def levers(self) -> tuple[str, ...]:
        """The levers of the catalog that it is evidence on."""
        return tuple(self.lever.split(";")) if self.lever else ()

    @property
    def measured(self) -> bool:
        """Whether it is energy that somebody measured."""
        return self.kind == ENERGY and self.evidence.startswith("measured")


COLUMNS = (
    *columns_of(Pair, without=("before", "after")),
    *(f"{side}_{name}" for side in SIDES for name in columns_of(Setting, without=("id",))),
)


def pairs(catalog: Catalog, folder: Path) -> tuple[Pair, ...]:
    """Every published pair, in the order of the file; a wrong cell stops with file and line."""
    known = {row.id for row in measurements(catalog, folder)}
    rows = keyed(read(folder, FILE, COLUMNS), lambda row: row.text("id"), "id")
    for row in rows.values():
        if row.cells["part_of"]:
            row.one_of("part_of", rows, "pair")
    return tuple(_pair(catalog, row, known) for row in rows.values())


def _pair(catalog: Catalog, row: Row, known: set[str]) -> Pair:
    if row.cells["lever"]:
        row.one_of("lever", catalog.levers, "lever")
    row.one_of("kind", KINDS, "kind of figure")
    row.one_of("status", STATUSES, "status")
    row.one_of("source", catalog.sources, "source")
    sides = [_setting(catalog, row, side, known) for side in SIDES]
    found = record(Pair, row, before=sides[0], after=sides[1])
    _whole(row, found)
    return found


def _setting(catalog: Catalog, row: Row, side: str, known: set[str]) -> Setting | None:
    if not row.cells[f"{side}_model"]:
        return None
    tables = {
        "model": catalog.models, "hardware": catalog.hardware, "precision": catalog.precisions, "serving": SERVING,
        "parallel": PARALLEL,
    }  # fmt: skip
    for name, table in tables.items():
        row.one_of(f"{side}_{name}", table, name)
    if row.cells[f"{side}_measurement"]:
        row.one_of(f"{side}_measurement", known, "measurement")
    return Setting(
        id=f"{row.text('id')} {side}",
        **{name: row.text(f"{side}_{name}") for name in tables},
        accelerators=row.whole(f"{side}_accelerators"),
        batch=row.number(f"{side}_batch"),
        input_tokens=row.number(f"{side}_input_tokens"),
        output_tokens=row.number(f"{side}_output_tokens"),
        measurement=row.cells[f"{side}_measurement"],
    )


def _whole(row: Row, pair: Pair) -> None:
    """It has a ratio or a range, that of its two figures, and both settings or a reason."""
    if pair.ratio is None and (pair.ratio_low is None or pair.ratio_high is None):
        row.fail("ratio", "neither a ratio nor both ends of a range")
    if pair.ratio is not None and pair.baseline_value and pair.treated_value:
        own = pair.treated_value / pair.baseline_value
        if abs(own / pair.ratio - 1.0) > ROUNDED:
            row.fail("ratio", f"the figures beside it make {own:.4g}")
    settings = [setting for setting in (pair.before, pair.after) if setting is not None]
    if len(settings) == 1:
        row.fail("treated_model", "one side is a setting and the other is none")
    if bool(settings) == bool(pair.not_computed):
        row.fail("not_computed", "a pair has two settings or a reason, never both and never neither")
    if settings and (pair.kind != ENERGY or pair.ratio is None or not pair.lever):
        row.fail("kind", "only energy, with a ratio and a lever, can be computed")
