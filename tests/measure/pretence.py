"""A pretended machine: time that passes when asked to, a board whose power is known, a model that answers nothing."""

from contextlib import contextmanager
from dataclasses import replace

from core.measure.command import Machine
from core.measure.meter import Board, MeterError, Reading
from core.measure.runner import RunnerError
from core.plan.config_count import total_params

IDLE_W, WORK_W = 70.0, 400.0
GIB = 2**30
H100 = Board(
    name="NVIDIA H100 80GB HBM3",
    uuid="GPU-1",
    driver="570.1",
    memory_byte=80 * GIB,
    free_byte=79 * GIB,
    power_limit_w=700.0,
    others=0,
)


class Time:
    """A clock and the energy that flows while it runs: ticks fall when they are due, never by chance."""

    def __init__(self):
        self.tenths, self.energy_j, self.power_w = 10_000, 5_000_000.0, IDLE_W
        self._ticks = []

    def now_s(self):
        return self.tenths / 10

    def sleep(self, seconds_s):
        self.work(seconds_s, IDLE_W)

    def work(self, seconds_s, power_w):
        """So long at this power. Ticks every tenth of a second."""
        self.power_w = power_w
        for _ in range(round(seconds_s * 10)):
            self.tenths += 1
            self.energy_j += 0.1 * power_w
            for tick in self._ticks:
                tick()

    @contextmanager
    def every(self, seconds_s, call):
        self._ticks.append(call)
        try:
            yield
        finally:
            self._ticks.remove(call)


class PretendedMeter:
    """Reads the pretended time. `spoil` may change a reading, or raise."""

    def __init__(self, time, board=H100, spoil=lambda reading: reading):
        self._time, self._board, self._spoil = time, board, spoil

    def board(self):
        return self._board

    def reading(self, time_s):
        found = Reading(
            time_s=time_s,
            energy_j=self._time.energy_j,
            power_w=self._time.power_w,
            clock_mhz=1980.0,
            temperature_c=45.0,
            throttled=frozenset({"power limit"} if self._time.power_w > IDLE_W else ()),
        )
        return self._spoil(found)


class PretendedRunner:
    """Answers a batch in `answer_s` at `WORK_W`. `before` is called with the number of each answer first."""

    engine = "pretence"

    def __init__(self, time, shape, answer_s=4.0, before=lambda number: None, full_at=None):
        self._time, self._shape, self._answer_s, self._before, self._full_at = time, shape, answer_s, before, full_at
        self._number = 0

    def parameters(self):
        return total_params(self._shape)

    def prepare(self, setting):
        if setting.batch == self._full_at:
            raise RunnerError(f"{setting}: the accelerator's memory is full; take a smaller batch")
        self._setting = setting

    def answer(self):
        self._number += 1
        self._before(self._number)
        self._time.work(self._answer_s, WORK_W)
        return self._setting.batch * self._setting.output_tokens


def machine(board=H100, spoil=lambda reading: reading, **runner):
    """Everything the command needs, pretended."""
    time = Time()
    return Machine(
        clock=time,
        meter=lambda device: PretendedMeter(time, board, spoil),
        runner=lambda shape, precision, board: PretendedRunner(time, shape, **runner),
        started="20260102T030405Z",
    )


def without(*names):
    """Spoils readings: these are not available."""
    return lambda reading: replace(reading, **dict.fromkeys(names))


def silent(reading):
    """Spoils readings: the board does not answer."""
    raise MeterError("the board does not answer (GPU is lost)")
