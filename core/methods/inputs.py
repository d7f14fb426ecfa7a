"""Every input of a plan: label, help, bounds, unit, default, what a blank means, and why the default is what it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.methods import told
from core.plan import (
    Actual,
    Calibration,
    HoursFile,
    InventoryRow,
    Knob,
    Plan,
    Record,
    Search,
    Target,
    Workload,
    choices,
    knobs,
)
from core.plan.calibration import SETTING
from core.plan.cells import to_cell
from core.plan.knob import written
from core.plan.lever import Lever
from core.plan.own import Own, OwnDevice, OwnModel, OwnPrice, OwnRegion, OwnSite, OwnSupplier
from core.plan.workload import OWN_HARDWARE

RECORDS: dict[str, type[Record]] = {
    "plan": Plan, "workload": Workload, "calibration": Calibration, "lever": Lever, "hours_file": HoursFile,
    "target": Target, "inventory": InventoryRow, "actual": Actual, "search": Search,
}  # fmt: skip
OWN: tuple[type[Own], ...] = (OwnModel, OwnDevice, OwnRegion, OwnSite, OwnSupplier, OwnPrice)
OWN_REASON = "an entry of your own: it names its source and date"
KEPT = "as the workload stood when it was metered"
WORKED_OUT = {"hardware": OWN_HARDWARE}  # defaults that another field decides: its usual value


@dataclass(frozen=True, slots=True)
class Input:
    """One input. `rests_on` names assumptions, or tables, that stand in for a blank."""

    record: str
    field: str
    knob: Knob
    allowed: str
    default: str
    reason: str
    rests_on: tuple[str, ...]
    sources: tuple[str, ...]


def inputs() -> list[Input]:
    """Every input, the plan's own first, the fields of a company's own entries last."""
    return [*_inputs(), *_own()]


def _own() -> Iterator[Input]:
    for kind in OWN:
        for field, knob in knobs(kind).items():
            may, start = allowed(kind, field, knob), default(kind, field, knob)
            yield Input(kind.record, field, knob, may, start, OWN_REASON, (), ())


def _inputs() -> Iterator[Input]:
    said = {(row["record"], row["field"]): row for row in told.rows("inputs.csv")}
    for record, kind in RECORDS.items():
        for field, knob in knobs(kind).items():
            row = said.get(("workload" if kept(kind, field) else record, field))
            if row is not None:
                yield Input(
                    record=record,
                    field=field,
                    knob=knob,
                    allowed=allowed(kind, field, knob),
                    default=default(kind, field, knob),
                    reason=KEPT if kept(kind, field) else row["reason"],
                    rests_on=told.keys(row["rests_on"]),
                    sources=told.keys(row["sources"]),
                )


def allowed(kind: type[Record], field: str, knob: Knob) -> str:
    """What may be entered, in words.

    >>> allowed(Workload, "pue", knobs(Workload)["pue"])
    '1 to 3'
    """
    if knob.kind == "choice":
        return ", ".join(choices(kind, field))
    if knob.kind == "catalog":
        return f"any row of {knob.table}"
    if knob.low is not None and knob.high is not None:
        return f"{written(knob, knob.low)} to {written(knob, knob.high)}"
    return f"text of at most {knob.longest} characters"


def default(kind: type[Record], field: str, knob: Knob) -> str:
    """The value a new record starts with; empty when it starts blank.

    >>> default(Workload, "requests_per_day", knobs(Workload)["requests_per_day"])
    '10000'
    """
    info = kind.model_fields[field]
    if info.is_required():
        return ""
    return WORKED_OUT.get(field, "") if info.default_factory else to_cell(knob.kind, info.default)


def kept(kind: type[Record], field: str) -> bool:
    """Whether a calibration keeps this field of its workload as it stood when it was metered."""
    return kind is Calibration and field in (*SETTING, "id")


def missing() -> list[str]:
    """Inputs of the plan without a row, and rows without an input."""
    said = [f"{row['record']}.{row['field']}" for row in told.rows("inputs.csv")]
    known = [f"{record}.{field}" for record, kind in RECORDS.items() for field in knobs(kind) if not kept(kind, field)]
    twice = {name for name in said if said.count(name) > 1}
    return sorted(set(said).symmetric_difference(known) | twice)
