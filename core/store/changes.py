"""What differs between two versions, field by field, and the change log of a plan in the columns of reporting."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from core.plan import Plan
from core.results_table import cell, scenario_id
from core.store.records import Saved, Version
from core.store.review import NOTE, STATE, Event, Review
from core.table import arm
from core.units import KG_PER_T

COLUMNS = (
    "scenario_id", "from_version", "to_version", "row_key", "field", "old_value", "new_value", "effect_on_total_t",
    "reason", "changed_by", "changed_at", "reviewed_by",
)  # fmt: skip
WHOLE = "plan"  # the record of a change of all of it


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one record: its text before and after, as in plan.csv; blank is the default, or no record at all."""

    record: str
    id: str
    field: str
    old: str
    new: str

    @property
    def row_key(self) -> str:
        """The record as the log names it: workload|year|stage|scope|category, of which an input has the first alone."""
        first = self.id if self.record == "workload" else f"{self.record} {self.id}".strip()
        return f"{first}||||"


def changes(old: str, new: str) -> list[Change]:
    """What differs between two plan.csv texts, in the order of the new one; what was taken out comes last.

    >>> changes("record,id,pue\\nworkload,W1,1.2\\n", "record,id,pue\\nworkload,W1,1.3\\n")
    [Change(record='workload', id='W1', field='pue', old='1.2', new='1.3')]
    """
    before, after = _records(old), _records(new)
    found = []
    for key in [*after, *(key for key in before if key not in after)]:
        was, now = before.get(key, {}), after.get(key, {})
        names = [name for name in dict.fromkeys([*now, *was]) if was.get(name, "") != now.get(name, "")]
        found += [Change(*key, name, was.get(name, ""), now.get(name, "")) for name in names]
    return found


def _records(text: str) -> dict[tuple[str, str], dict[str, str]]:
    """Kind of record and id -> cells by field; `id` stands among them, so that a record of blanks is a change too."""
    found = {}
    for row in csv.DictReader(io.StringIO(text)):
        cells = {name: arm(value) for name, value in row.items() if name != "record" and isinstance(value, str)}
        found[(row.get("record") or "", row.get("id") or "")] = cells
    return found


Effects = Callable[[str, str], Mapping[tuple[str, str, str], float]]


def no_effects(_old: str, _new: str) -> Mapping[tuple[str, str, str], float]:
    """What changes do to the total where nobody works it out: unknown."""
    return {}


def write_log(review: Review, saved: Mapping[str, Saved], effects: Effects = no_effects) -> str:
    """The change log of a plan as CSV text: every version, changed field, note and state, oldest first.

    `saved` holds the versions with their content, by id. `effects` says what changes between two inputs do to the
    headline's total [kgCO2e], by record, id and field; what it does not say is blank.
    """
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for version in review.versions:
        for row in [*_of_version(review, version, saved, effects), *_of_events(review, version)]:
            writer.writerow({name: _written(value) for name, value in row.items()})
    return out.getvalue()


def _written(value: str | int | None) -> str | int:
    """A cell that no spreadsheet runs; a number stays a number, also where it came as text."""
    with suppress(ValueError):
        float(value or "")
        return value or ""
    return cell(value)


Logged = dict[str, str | int | None]


def _of_version(review: Review, version: Version, saved: Mapping[str, Saved], effects: Effects) -> Iterator[Logged]:
    signed = review.sign_off(version)
    base: Logged = {
        "scenario_id": scenario_id(Plan(name=version.plan)),
        "from_version": version.number - 1,
        "to_version": version.number,
        "reason": version.why or "first version",
        "changed_by": version.by.said,
        "changed_at": version.at,
        "reviewed_by": signed.by.said if signed else None,
    }
    before = review.versions[version.number - 2] if version.number > 1 else None
    old = before.id if before else None
    yield base | {"row_key": f"{WHOLE}||||", "field": "version", "old_value": old, "new_value": version.id}
    if before:
        pair = saved[before.id].content.inputs, saved[version.id].content.inputs
        known_kg = effects(*pair)
        for one in changes(*pair):
            kg = known_kg.get((one.record, one.id, one.field))
            told: Logged = {"old_value": one.old, "new_value": one.new}
            told["effect_on_total_t"] = None if kg is None else repr(kg / KG_PER_T)
            yield base | told | {"row_key": one.row_key, "field": one.field}


def _of_events(review: Review, version: Version) -> Iterator[Logged]:
    for event in review.of(version):
        yield {
            "scenario_id": scenario_id(Plan(name=version.plan)),
            "from_version": version.number,
            "to_version": version.number,
            "row_key": f"{event.row_key or WHOLE}||" + ("" if event.row_key else "||"),
            "field": f"{event.kind} {event.number}",
            "old_value": event.old,
            "new_value": event.text if event.kind == NOTE else event.new or event.kind,
            "reason": _reason(event),
            "changed_by": event.by.said,
            "changed_at": event.at,
        }


def _reason(event: Event) -> str:
    if event.kind == NOTE:
        return "review note"
    return event.text or (f"{event.old} to {event.new}" if event.kind == STATE else event.kind)
