"""Levers: what can be changed, by which physical term, on what evidence. Read strictly, like every fact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.catalog.records import Hardware, Source
from core.catalog.rows import STATUSES, CatalogError, Row, columns_of, frozen, keyed, read, record
from core.units import PERCENT

FILE, OPERATIONS = "levers/levers.csv", "levers/operations.csv"
PARAMETERS = "levers/parameters.csv"
COSTS = "levers/costs.csv"
QUALITY = "levers/quality.csv"
ITEMS = ("once_usd", "once_kwh", "once_kg", "running_usd_per_year", "running_kwh_per_year")
THRESHOLDS, PRESETS = "levers/thresholds.csv", "levers/presets.csv"
STAGES = ("inference", "training", "fine_tuning", "pre_training", "both")
HOSTINGS = ("any", "run", "own")
CHOICES = ("", "model", "hardware", "region")
PARTS = ("workload", "column", "place", "memory", "once", "outside", "devices")
OF_THE_DEVICE = ("fp8_over_16_bit",)  # amounts that the accelerator's own data give
VERBS = ("set", "multiply", "raise", "lower")
GRADES = ("A", "B", "C", "D", "E")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeverKind:
    """One lever of the catalog. Its operations say what it changes; where it has none, `missing` says what it lacks.

    `low`, `central` and `high` are the published range of its value, `floor` and `ceiling` the limits of what may be
    entered; `usual_choice` and `usual_share` are where it starts. `sharing` says how a share of the traffic takes it:
    `blend` moves the mean of all, `split` serves that share apart. Levers of one `group` exclude each other.
    """

    id: str
    name: str
    family: str
    stage: str
    hosting: str
    order: int
    label: str = ""
    unit: str = ""
    low: float | None
    central: float | None
    high: float | None
    floor: float | None
    ceiling: float | None
    step: float | None
    choice: str = ""
    usual_choice: str = ""
    usual_share: float
    sharing: str
    group: str = ""
    grade: str
    status: str
    source: str
    effect: str
    applies: str = ""
    quality: str = ""
    caveat: str = ""
    days_low: float | None
    days_high: float | None
    missing: str = ""

    @property
    def valued(self) -> bool:
        """Whether it takes a number."""
        return self.central is not None

    @property
    def outside(self) -> bool:
        """Whether it stands beside the inventory: it acts on no workload and changes no figure of one."""
        return self.family == "outside"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeverOperation:
    """One change of a lever: `target` is a field of the workload, or a column of the engine, the place or the memory.

    Of part `once`, it is what the lever takes one time only: tokens of a search, in billions. Of part `devices`, it
    says that the work goes to users' devices. What stands `outside` is kept beside the inventory and changes no figure.
    """

    lever: str
    part: str
    target: str
    operation: str
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeverParameter:
    """A quantity that a lever brings and nobody chooses, with its 80 % range: how well drafts guess, say.

    A row with `hardware` holds on that accelerator alone; a lever that has only such rows acts on those alone.
    """

    lever: str
    parameter: str
    hardware: str = ""
    label: str
    low: float
    central: float
    high: float
    unit: str
    status: str
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeverCost:
    """What a lever takes once or every year, in the unit that its item ends in, with its 80 % range."""

    lever: str
    item: str
    low: float
    central: float
    high: float
    status: str
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeverQuality:
    """What a lever takes off the score of the task [% of it], with its range; a lever without a row is unknown."""

    lever: str
    loss_low_pct: float
    loss_central_pct: float
    loss_high_pct: float
    status: str
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeverThreshold:
    """The most of a lever that models of a family take; `models` is how their ids begin, empty for all others."""

    lever: str
    models: str = ""
    most: float
    source: str


def levers(folder: Path, sources: Mapping[str, Source]) -> Mapping[str, LeverKind]:
    """Every lever by id, in the order of the file."""
    rows = keyed(read(folder, FILE, columns_of(LeverKind)), lambda row: row.text("id"), "id")
    return frozen({key: _lever(row, sources) for key, row in rows.items()})


def _lever(row: Row, sources: Mapping[str, Source]) -> LeverKind:
    for column, known in (("stage", STAGES), ("hosting", HOSTINGS), ("grade", GRADES), ("status", STATUSES)):
        row.one_of(column, known, column)
    row.one_of("sharing", ("blend", "split"), "way to share")
    row.one_of("source", sources, "source")
    if row.cells["choice"] not in CHOICES:
        row.fail("choice", "not a table one can choose from")
    if bool(row.cells["choice"]) != bool(row.cells["usual_choice"]):
        row.fail("usual_choice", "a lever with a choice needs a usual one, and no other has any")
    row.rising("floor", "low", "central", "high", "ceiling")
    row.rising("days_low", "days_high")
    return record(LeverKind, row)


Parameters = Mapping[str, tuple[LeverParameter, ...]]


def parameters(
    folder: Path, known: Mapping[str, LeverKind], sources: Mapping[str, Source], hardware: Mapping[str, Hardware]
) -> Parameters:
    """The uncertain parameters of each lever that has any."""
    found: dict[str, tuple[LeverParameter, ...]] = {}
    for row in read(folder, PARAMETERS, columns_of(LeverParameter)):
        row.one_of("lever", known, "lever")
        row.one_of("status", STATUSES, "status")
        row.one_of("source", sources, "source")
        if row.cells["hardware"]:
            row.one_of("hardware", hardware, "accelerator")
        row.rising("low", "central", "high")
        one = record(LeverParameter, row)
        if one.low <= 0:
            row.fail("low", "not above 0")
        found[one.lever] = (*found.get(one.lever, ()), one)
    return frozen(found)


def operations(
    folder: Path, known: Mapping[str, LeverKind], uncertain: Parameters
) -> Mapping[str, tuple[LeverOperation, ...]]:
    """The operations of each lever that has any; a lever that lacks something has none."""
    found: dict[str, tuple[LeverOperation, ...]] = {}
    for row in read(folder, OPERATIONS, columns_of(LeverOperation)):
        row.one_of("lever", known, "lever")
        row.one_of("part", PARTS, "part")
        row.one_of("operation", VERBS, "operation")
        one = record(LeverOperation, row)
        named = {parameter.parameter for parameter in uncertain.get(one.lever, ())}
        if (
            one.part != "workload"
            and bare_amount(one.amount) not in {*named, *OF_THE_DEVICE, "value"}
            and not _number(bare_amount(one.amount))
        ):
            row.fail("amount", "neither a number, nor the value, nor a parameter of that lever")
        found[one.lever] = (*found.get(one.lever, ()), one)
    both = [key for key in found if known[key].missing]
    if both:
        raise CatalogError(f"{OPERATIONS}: {both[0]!r} has operations, and {FILE} says what it lacks")
    return frozen(found)


def costs(
    folder: Path, known: Mapping[str, LeverKind], sources: Mapping[str, Source]
) -> Mapping[str, Mapping[str, LeverCost]]:
    """What each lever takes, by item, where anything is known; working days stand with the lever."""
    found: dict[str, dict[str, LeverCost]] = {}
    for row in read(folder, COSTS, columns_of(LeverCost)):
        row.one_of("lever", known, "lever")
        row.one_of("item", ITEMS, "item")
        row.one_of("status", STATUSES, "status")
        row.one_of("source", sources, "source")
        row.rising("low", "central", "high")
        one = record(LeverCost, row)
        if one.low < 0:
            row.fail("low", "below 0")
        if one.item in found.setdefault(one.lever, {}):
            row.fail("item", "that lever has it already")
        found[one.lever][one.item] = one
    return frozen({lever: frozen(items) for lever, items in found.items()})


def quality(folder: Path, known: Mapping[str, LeverKind], sources: Mapping[str, Source]) -> Mapping[str, LeverQuality]:
    """What each lever takes off the score of the task, where anybody has said; a lever that is missing is unknown."""
    found: dict[str, LeverQuality] = {}
    for row in read(folder, QUALITY, columns_of(LeverQuality)):
        row.one_of("lever", known, "lever")
        row.one_of("status", STATUSES, "status")
        row.one_of("source", sources, "source")
        row.rising("loss_low_pct", "loss_central_pct", "loss_high_pct")
        one = record(LeverQuality, row)
        if not 0 <= one.loss_low_pct <= one.loss_high_pct <= PERCENT:
            row.fail("loss_high_pct", "not between 0 and 100")
        if one.lever in found:
            row.fail("lever", "that lever stands there already")
        found[one.lever] = one
    return frozen(found)


def bare_amount(amount: str) -> str:
    """An amount without what is done to it first.

    >>> bare_amount("1 - value"), bare_amount("overhead"), bare_amount("0.67")
    ('value', 'overhead', '0.67')
    """
    return amount.removeprefix("1 - ").removeprefix("1 + ").removeprefix("1 / ")


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def thresholds(
    folder: Path, known: Mapping[str, LeverKind], sources: Mapping[str, Source]
) -> tuple[LeverThreshold, ...]:
    """The most that families of models take, the longest beginning of an id first."""
    found = []
    for row in read(folder, THRESHOLDS, columns_of(LeverThreshold)):
        row.one_of("lever", known, "lever")
        row.one_of("source", sources, "source")
        found.append(record(LeverThreshold, row))
    return tuple(sorted(found, key=lambda one: -len(one.models)))


def presets(folder: Path, known: Mapping[str, LeverKind]) -> Mapping[str, tuple[str, ...]]:
    """The levers of each preset, by its name, in the order of the file."""
    found: dict[str, tuple[str, ...]] = {}
    for row in read(folder, PRESETS, ("preset", "lever")):
        row.one_of("lever", known, "lever")
        if known[row.cells["lever"]].missing:
            row.fail("lever", "this lever cannot be used")
        name = row.text("preset")
        found[name] = (*found.get(name, ()), row.cells["lever"])
    return frozen(found)
