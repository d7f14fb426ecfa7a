"""Energy counters of boards over several scrapes as a meter's reading: what each gained, over which hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from core.imports.reading import Device, MeterReading, RefusedError, one_board
from core.imports.scrapes import Sample, gained
from core.units import S_PER_H

UNTIMED = "the scrapes carry no times: say the days and the hours between them"
WITHOUT = "and leave out the hours in which a counter began anew"
MOST_TOLD = 5


@dataclass(slots=True)
class Board:
    """One board: how it is called, its type, and its counter at each scrape."""

    label: str
    model: str
    found: list[Sample] = field(default_factory=list)


def reading_of(kind: str, name: str, boards: Sequence[Board], kwh_of_one: float) -> MeterReading:
    """What every board's counter gained between its first and its last scrape; RefusedError in one sentence."""
    models: dict[str, int] = {}
    for board in boards:
        models.setdefault(board.model, board.found[0].row)
    one_board(name, models)
    once = next((board for board in boards if len(board.found) == 1), None)
    if once is not None:
        raise RefusedError(
            f"{name}, row {once.found[0].row}: one scrape of {once.label}; a counter since the board's start needs "
            "two: give two scrapes, together or one after the other in a file"
        )
    for board in boards:
        _forward(name, board)
    devices, left = [], list[str]()
    start, end = _times(boards)
    for board in boards:
        gain = gained(board.found)
        if len(gain.anew) == len(board.found) - 1:
            before, after = gain.anew[0]
            raise RefusedError(
                f"{name}, row {after.row}: the counter of {board.label} fell from {before.value:,.0f} to "
                f"{after.value:,.0f}: it began anew, and what it had counted since row {before.row} is lost; give "
                "scrapes from after the restart"
            )
        left += [
            f"row {before.row} to row {after.row}: the counter of {board.label} began anew between them"
            for before, after in gain.anew
        ]
        hours = _hours(board) - (gain.lost_s or 0.0) / S_PER_H if start else None
        devices.append(Device(board.label, board.model, gain.value * kwh_of_one, hours))
    more = [f"{len(left) - MOST_TOLD} more times that a counter began anew"] if len(left) > MOST_TOLD else []
    untimed = () if start else (f"{UNTIMED}, {WITHOUT}" if left else UNTIMED,)
    return MeterReading(
        kind=kind, energy_kwh=sum(device.energy_kwh for device in devices), at="board", meter="board_sensor",
        rows_used=sum(len(board.found) for board in boards), start=start, end=end,
        covered_h=max(device.covered_h or 0.0 for device in devices) if start else None, devices=tuple(devices),
        left_out=(*left[:MOST_TOLD], *more), said=untimed,
    )  # fmt: skip


def _forward(name: str, board: Board) -> None:
    for before, after in pairwise(board.found):
        if after.at is not None and before.at is not None and after.at <= before.at:
            raise RefusedError(f"{name}, row {after.row}: the time of {board.label} repeats or goes back")


def _hours(board: Board) -> float:
    first, last = board.found[0].at, board.found[-1].at
    return (last - first) / timedelta(hours=1) if first is not None and last is not None else 0.0


def _times(boards: Sequence[Board]) -> tuple[datetime | None, datetime | None]:
    """When the first counter was read and when the last; None where one of them does not say."""
    known = [board.found[place].at for board in boards for place in (0, -1)]
    stated = [at for at in known if at is not None]
    return (min(stated), max(stated)) if stated and len(stated) == len(known) else (None, None)
