"""A workload that stands for what a meter measured, where the plan has none yet: its hardware, place and runs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from core import catalog as facts
from core.imports.named import Guess
from core.imports.places import UNKNOWN, hardware_of, region_of
from core.imports.reading import MeterReading
from core.plan import Workload
from core.plan.cells import build

NO_BOARD = Guess("", "the file names no accelerator: the usual one stands in", "unknown")
# Processors of the catalog by a word of a processor's name; the first stands in for any other.
PROCESSORS = {"epyc": "EPYC-9654-2S", "xeon": "Xeon-8480+-2S", "intel": "Xeon-8480+-2S", "apple": "Apple-M1-Pro"}


@dataclass(frozen=True, slots=True)
class Metered:
    """A workload made of a reading, and how its hardware and its place were found."""

    workload: Workload
    hardware: Guess
    region: Guess
    said: tuple[str, ...]


def board_of(reading: MeterReading) -> Guess:
    """The accelerator of the catalog that the file's boards are; its processor where it has none."""
    if reading.board_models:
        found = hardware_of(reading.board_models[0])
        return found if found.id else replace(found, how=f"{found.how}: the usual one stands in")
    if reading.devices or not reading.processor:
        return NO_BOARD
    found = hardware_of(reading.processor)
    if found.id:
        return found
    name = reading.processor.lower()
    key = next((key for word, key in PROCESSORS.items() if word in name), next(iter(PROCESSORS.values())))
    return Guess(key, f"'{reading.processor[:40]}' is not known and no accelerator ran: {key} stands in", "likely")


def place_of(reading: MeterReading) -> Guess:
    """The region of the catalog where the file says it was measured."""
    found = region_of(reading.place)
    if found.id != UNKNOWN or not reading.place:
        return found
    named = next((key for key, one in facts.load().regions.items() if one.name.lower() == reading.place.lower()), "")
    return Guess(named, f"{reading.place}, as the file names it") if named else found


def _tool(kind: str) -> str:
    """The tool in the name of its file.

    >>> _tool("CodeCarbon emissions.csv"), _tool("Weights & Biases system metrics")
    ('CodeCarbon', 'Weights & Biases')
    """
    first, _, rest = kind.partition(" ")
    return f"{first} & {rest.split(' ')[1]}" if rest.startswith("& ") else first


def workload_of(reading: MeterReading, key: str) -> Metered:
    """A workload on the file's machines; what no file says of it keeps the usual value, to be looked at."""
    hardware, region = board_of(reading), place_of(reading)
    most = max((job.boards or 0.0 for job in reading.jobs), default=0.0)
    boards = int(sum(device.boards for device in reading.devices) or most)
    training = reading.while_at_work
    fields: dict[str, Any] = {
        "id": key, "kind": "fine_tuning" if training else "inference", "hosting": "own", "region": region.id,
        "name": f"{'Runs' if training else 'Servers'} metered by {_tool(reading.kind)}",
    }  # fmt: skip
    bare, said = dict(fields), list[str]()
    if hardware.id:
        fields["hardware"] = hardware.id
    if boards:
        fields["accelerators" if training else "installed_accelerators"] = boards
        said.append(f"{boards} accelerators, as the file counts its boards")
    if training and reading.runs:
        fields["runs_per_year"] = float(reading.runs)
        said.append(f"{reading.runs} runs a year, as many as the file holds: say how many a year has")
    workload, wrong = build(Workload, fields)
    if workload is None:
        return Metered(Workload(**bare), hardware, region, tuple(f"not taken from the file: {one}" for one in wrong))
    return Metered(workload, hardware, region, tuple(said))
