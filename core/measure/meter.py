"""What a meter reads, and the clock beside it; behind these interfaces stands the machine, or a test's pretence."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Protocol

EVERY_S = 0.1  # NVML renews its figures 10 to 50 times a second


class MeterError(Exception):
    """The meter cannot be read, with the reason in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """An accelerator as its driver names it. `uuid` is the same for every library; a limit of None is not known."""

    name: str
    uuid: str
    driver: str
    memory_byte: int
    free_byte: int
    power_limit_w: float | None
    others: int
    """Other programs that use the board: their energy would be counted too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The board at one moment. None is "not available" on this board or driver, never 0.

    `energy_j` counts from the driver's start; `throttled` names every reason for a slower clock.
    """

    time_s: float
    energy_j: float | None = None
    power_w: float | None = None
    clock_mhz: float | None = None
    temperature_c: float | None = None
    throttled: frozenset[str] = field(default_factory=frozenset)


class Meter(Protocol):
    """A board that can be read."""

    def board(self) -> Board:
        """What stands in the machine; MeterError when it does not answer."""

    def reading(self, time_s: float) -> Reading:
        """The board now; MeterError when it does not answer."""


class Clock(Protocol):
    """Time, and something done at every tick of it."""

    def now_s(self) -> float:
        """Seconds since some moment."""

    def sleep(self, seconds_s: float) -> None:
        """Wait."""

    def every(self, seconds_s: float, call: Callable[[], None]) -> AbstractContextManager[None]:
        """Call again and again while the context lasts."""


class WallClock:
    """The machine's own time; ticks come from a thread, so that the work being measured need not stop for them."""

    def now_s(self) -> float:
        """Seconds of a clock that never steps back."""
        return time.monotonic()

    def sleep(self, seconds_s: float) -> None:
        """Wait."""
        time.sleep(seconds_s)

    @contextmanager
    def every(self, seconds_s: float, call: Callable[[], None]) -> Iterator[None]:
        """Call from a thread of its own until the context ends, then wait for that thread."""
        ended = threading.Event()

        def ticks() -> None:
            while not ended.wait(seconds_s):
                call()

        thread = threading.Thread(target=ticks, daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()


@contextmanager
def recording(meter: Meter, clock: Clock) -> Iterator[list[Reading]]:
    """Readings from the first moment of the context to its last, and at every tick between.

    A tick that fails leaves a gap, which `energy` judges; the first and the last moment must be read.
    """
    readings = [meter.reading(clock.now_s())]

    def tick() -> None:
        try:
            readings.append(meter.reading(clock.now_s()))
        except MeterError:
            return

    with clock.every(EVERY_S, tick):
        yield readings
    readings.append(meter.reading(clock.now_s()))
