"""What a meter's file says, once read; what must be answered beside it; and how a file is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import inf
from typing import Literal

from core.plan.told import one_line
from core.units import (
    H_PER_DAY,
    J_PER_KWH,
    KWH_PER_MWH,
    MILLIJ_PER_KWH,
    MILLIW_PER_W,
    S_PER_H,
    W_PER_KW,
    WH_PER_KWH,
)

At = Literal["board", "server", "facility"]
Meter = Literal["software", "board_sensor", "server_sensor"]
Question = Literal["unit", "exclusive", "zone", "gaps", "twice"]

# Units of energy that may be named for a file that does not name its own, as kWh of one.
ENERGY_UNITS = {
    "mJ": 1 / MILLIJ_PER_KWH, "J": 1 / J_PER_KWH, "Wh": 1 / WH_PER_KWH, "kWh": 1.0, "MWh": KWH_PER_MWH,
}  # fmt: skip
POWER_UNITS = {"mW": 1 / MILLIW_PER_W, "W": 1.0, "kW": W_PER_KW}
BOARD_TOLERANCE = 1.1  # a mean this far above the board's limit, or that much below idle, is no reading of that board
LEAST_COVERED = 0.5  # of the period a log spans


class RefusedError(ValueError):
    """A file that is not taken, in one sentence. `question` names what an answer might mend; blank: nothing."""

    question: Question | Literal[""] = ""
    choices: tuple[str, ...] = ()

    def __init__(self, sentence: str) -> None:
        """The sentence on one line, whatever of a file it quotes."""
        super().__init__(one_line(sentence))


class UnansweredError(RefusedError):
    """A file that needs a word from its owner first; `question` says which, `choices` what may be said."""

    def __init__(self, question: Question, sentence: str, choices: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.question = question
        self.choices = choices


@dataclass(frozen=True, slots=True)
class Answers:
    """What the owner says beside the file. Blank: not said."""

    unit: str = ""
    zone: str = ""
    exclusive: bool = False
    at: str = ""


@dataclass(frozen=True, slots=True)
class Device:
    """A board of the file: its energy [kWh], and the hours it was metered where the file says.

    `boards` is how many share that energy, where the file does not part them; the hours are then theirs together.
    """

    label: str
    model: str
    energy_kwh: float
    covered_h: float | None = None
    boards: float = 1.0


@dataclass(frozen=True, slots=True)
class Job:
    """A job that had whole nodes: its energy [kWh] and hours; nodes and boards are None where the file does not say."""

    label: str
    energy_kwh: float
    lasted_h: float
    nodes: float | None
    boards: float | None


@dataclass(frozen=True, slots=True)
class MeterReading:
    """Energy over a period at one boundary. Times are as the file's clock has them; None where it tells none.

    `at` is blank where the file does not say what it measured. `while_at_work` is true for windows around jobs,
    `local_clock` where saying the zone would help. `runs` is how many programs or jobs it holds, `place` where they
    ran, `processor` on what where there is no board; None and blank where it does not say.
    """

    kind: str
    energy_kwh: float
    at: At | Literal[""]
    meter: Meter
    rows_used: int
    start: datetime | None = None
    end: datetime | None = None
    covered_h: float | None = None
    while_at_work: bool = False
    local_clock: bool = False
    runs: int | None = None
    place: str = ""
    processor: str = ""
    devices: tuple[Device, ...] = ()
    jobs: tuple[Job, ...] = ()
    left_out: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    file_sha256: str = ""

    def also(self, left_out: tuple[str, ...] = (), said: tuple[str, ...] = ()) -> MeterReading:
        """The reading with more that was left out, and more to say, before what it has."""
        return replace(self, left_out=(*left_out, *self.left_out), said=(*said, *self.said))

    @property
    def first_day(self) -> str:
        """The first day it covers; blank where the file tells no time."""
        return "" if self.start is None else self.start.date().isoformat()

    @property
    def last_day(self) -> str:
        """The last day it covers; a period that ends at midnight ends the day before."""
        if self.start is None or self.end is None:
            return ""
        return max(self.end - timedelta(microseconds=1), self.start).date().isoformat()

    @property
    def span_h(self) -> float | None:
        """Hours from its start to its end."""
        return None if self.start is None or self.end is None else (self.end - self.start).total_seconds() / S_PER_H

    @property
    def covered_share(self) -> float | None:
        """Share of the days of its period in which the meter ran."""
        if self.start is None or self.end is None or self.covered_h is None:
            return None
        days = (datetime.fromisoformat(self.last_day) - datetime.fromisoformat(self.first_day)).days + 1
        return self.covered_h / (days * H_PER_DAY)

    @property
    def board_models(self) -> tuple[str, ...]:
        """Names of the boards, each once."""
        return tuple(dict.fromkeys(device.model for device in self.devices if device.model))


def in_kwh(units: Mapping[str, float], unit: str, where: str, usual: str) -> float:
    """How many kWh, or W, one of a named unit holds; UnansweredError where no unit was named."""
    if not unit:
        known = ", ".join(units)
        sentence = f"{where} does not say its unit; say which of {known} it is (usually {usual})"
        raise UnansweredError("unit", sentence, tuple(units))
    if unit not in units:
        raise RefusedError(f"{where} is in '{unit[:20]}'; it must be one of {', '.join(units)}")
    return units[unit]


def one_board(where: str, models: Mapping[str, int]) -> None:
    """Refuse a file whose boards are of several types; `models` says in which row each first stands."""
    if len(models) > 1:
        (first, _), (other, row), *_ = models.items()
        raise RefusedError(f"{where}, row {row}: the board is '{other}', in other rows '{first}'; give one type a file")


def too_short(reading: MeterReading, least_h: float) -> str:
    """That a file covers too little for a measurement, in a sentence; empty where it covers enough."""
    if reading.covered_h is None or reading.covered_h >= least_h:
        return ""
    covered_s, least_s = reading.covered_h * S_PER_H, least_h * S_PER_H
    return f"the file covers {covered_s:,.3g} s; a measurement needs {least_s:,.3g} s at least"


def implausible(
    reading: MeterReading,
    idle_low_w: float,
    tdp_w: float,
    hours: float | None = None,
    server_most_w: float = inf,
) -> str:
    """Which board or job draws less than idle or more than it can, in a sentence; empty where none does."""
    for device in reading.devices:
        metered_h = device.covered_h or hours
        if not metered_h:
            continue
        watts = device.energy_kwh * WH_PER_KWH / metered_h
        said = f"{device.label} draws {watts:,.0f} W over the hours metered"
        if watts > tdp_w * BOARD_TOLERANCE:
            return f"{said}; the workload's accelerator can draw {tdp_w:,.0f} W: another board, unit or period"
        if watts < idle_low_w / BOARD_TOLERANCE:
            return f"{said}; idle, the workload's accelerator draws {idle_low_w:,.0f} W: another board, unit or period"
    return _implausible_job(reading, idle_low_w, server_most_w)


def _implausible_job(reading: MeterReading, idle_low_w: float, server_most_w: float) -> str:
    """As above, of jobs that had whole nodes; one whose boards the file does not count had at least one."""
    for job in reading.jobs:
        watts = job.energy_kwh * WH_PER_KWH / job.lasted_h
        boards = 1.0 if job.boards is None else job.boards
        said = f"{job.label} draws {watts:,.0f} W while it runs"
        if job.nodes and watts > job.nodes * server_most_w * BOARD_TOLERANCE:
            most = f"{job.nodes:,.0f} of the workload's servers can draw {job.nodes * server_most_w:,.0f} W"
            return f"{said}; {most}: another machine, unit or period"
        if watts < boards * idle_low_w / BOARD_TOLERANCE:
            least = f"idle, {boards:,.0f} of the workload's accelerators draw {boards * idle_low_w:,.0f} W"
            return f"{said}; {least}: another machine, unit or period"
    return ""
