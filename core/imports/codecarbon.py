"""CodeCarbon's `emissions.csv`: energy of a run's processors, memory and GPUs, with a typed PUE multiplied in.

CodeCarbon multiplies energies by `pue`, powers not: the energy is divided by it, so that overhead enters once. Energies
are in kWh by its documentation. Rows of one run are cumulative: the last one holds it all.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from core.imports.reading import Answers, Device, MeterReading, RefusedError, one_board
from core.imports.sheet import Row, header_of, rows_of
from core.units import S_PER_H

KIND = "CodeCarbon emissions.csv"
NEEDED = ("timestamp", "run_id", "duration", "gpu_energy", "energy_consumed", "gpu_count", "gpu_model", "pue")
RAGGED = "; CodeCarbon 3.3.0 drops empty cells when it appends (3.3.2 does not): every value after a gap has moved"
LEAST_PUE, MOST_PUE = 1.0, 3.0
OVERLAP_S = 1.0
ROUNDING = 1e-6  # of a sum, by which a part may seem larger than it


def recognises(text: str) -> bool:
    """Whether the first line is that of an emissions.csv."""
    header = header_of(text, ",")
    return "run_id" in header and "energy_consumed" in header


def read(name: str, text: str, answers: Answers) -> MeterReading:
    """The energy before PUE of every run; of the GPUs alone where the board is asked for."""
    if answers.at == "facility":
        raise RefusedError(f"{name}: CodeCarbon reads no site's meter: its PUE is a number that somebody typed")
    last: dict[str, Row] = {}
    count = 0
    models: dict[str, int] = {}
    for row in rows_of(name, text, ",", NEEDED, "CodeCarbon", RAGGED):
        count += 1
        models.setdefault(row.cells["gpu_model"].partition(" x ")[2] or row.cells["gpu_model"], row.number)
        before = last.get(row.cells["run_id"])
        if before is not None and row.cells["timestamp"] == before.cells["timestamp"]:
            raise RefusedError(f"{row.where}: the run and time of row {before.number} again")
        if before is None or row.seconds("duration") >= before.seconds("duration"):
            last[row.cells["run_id"]] = row
    one_board(name, models)
    runs = sorted(last.values(), key=_end)
    _apart(runs)
    energies = [_before_pue(row, "gpu_energy" if answers.at == "board" else "energy_consumed") for row in runs]
    hours = sum(row.lasting("duration", row.amount("energy_consumed")) for row in runs) / S_PER_H
    said = ["energy in kWh, as CodeCarbon documents it; its clock names no zone, so days are as it had them"]
    pues = sorted({row.amount("pue") for row in runs})
    if pues != [1.0]:
        said.append(f"a PUE of {' or '.join(f'{pue:g}' for pue in pues)} was divided out of the energies")
    said += _not_taken(runs)
    left = [f"{count - len(runs)} earlier rows of runs that a later row holds"] if count > len(runs) else []
    return MeterReading(
        kind=KIND, energy_kwh=sum(energies), at="board" if answers.at == "board" else "server",
        meter="board_sensor" if answers.at == "board" else "software", rows_used=len(runs), start=_start(runs[0]),
        end=_end(runs[-1]), covered_h=hours, while_at_work=True, runs=len(runs), place=_place(runs),
        processor=runs[-1].cells.get("cpu_model", ""),
        devices=_devices(runs, next(iter(models))), left_out=tuple(left), said=tuple(said),
    )  # fmt: skip


def _place(runs: list[Row]) -> str:
    """The cloud region or the country that all runs name."""
    named = {row.cells.get("cloud_region") or row.cells.get("country_name") or "" for row in runs}
    return named.pop() if len(named) == 1 else ""


def _not_taken(runs: list[Row]) -> list[str]:
    """What the file works out itself and nobody takes: carbon on its own grid, water on energy after PUE."""
    said = []
    if all("emissions" in row.cells for row in runs):
        carbon_kg = sum(row.maybe("emissions") or 0.0 for row in runs)
        said.append(f"its own carbon, {carbon_kg:,.4g} kg, is not taken: the plan's grid makes it from the energy")
    if all("water_consumed" in row.cells for row in runs):
        water_l = sum(row.maybe("water_consumed") or 0.0 for row in runs)
        before_l = sum((row.maybe("water_consumed") or 0.0) / row.amount("pue") for row in runs)
        if water_l:
            said.append(
                f"its own water, {water_l:,.4g} l, is not taken: it puts WUE on energy after PUE; before PUE it is "
                f"{before_l:,.4g} l"
            )
    return said


def _before_pue(row: Row, column: str) -> float:
    pue = row.amount("pue")
    if not LEAST_PUE <= pue <= MOST_PUE:
        raise RefusedError(f"{row.where}, column pue: pue is {pue:g}; it must lie in [1, 3] kWh/kWh")
    gpus, everything = row.amount("gpu_energy"), row.amount("energy_consumed")
    if gpus > everything * (1 + ROUNDING):
        raise RefusedError(
            f"{row.where}: gpu_energy is {gpus:g} kWh, more than the whole energy_consumed, {everything:g} kWh"
        )
    return row.amount(column) / pue


def _end(row: Row) -> datetime:
    return row.time("timestamp").replace(tzinfo=None)


def _start(row: Row) -> datetime:
    return _end(row) - timedelta(seconds=row.seconds("duration"))


def _apart(runs: list[Row]) -> None:
    """Refuse runs that overlap: each counts the whole machine."""
    for before, after in pairwise(runs):
        over_s = (_end(before) - _start(after)).total_seconds()
        if over_s > OVERLAP_S and "process" not in (
            before.cells.get("tracking_mode"),
            after.cells.get("tracking_mode"),
        ):
            raise RefusedError(f"{after.where}: the run overlaps that of row {before.number}; both count the machine")


def _devices(runs: list[Row], model: str) -> tuple[Device, ...]:
    """The boards as one of them on average: the file does not part them."""
    board_h = sum(row.seconds("duration") / S_PER_H * (row.maybe("gpu_count") or 0.0) for row in runs)
    energy_kwh = sum(_before_pue(row, "gpu_energy") for row in runs)
    boards = max(row.maybe("gpu_count") or 0.0 for row in runs)
    return (Device("a GPU", model, energy_kwh, board_h, boards),) if board_h else ()
