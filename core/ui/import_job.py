"""Files read beside the page: in a thread of their own, in steps, to the end or until somebody stops them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Event, Thread
from time import monotonic

from core.imports.reading import RefusedError
from core.imports.usage.format import NO_ANSWERS
from core.imports.usage.kinds import Kind, kind_of
from core.imports.usage.read import read_usage
from core.imports.usage.reading import UsageReading
from core.imports.usage.source import of_bytes

File = tuple[str, bytes]
FAULT = "a fault of this app kept the files from being read; the server's log tells which"


class StoppedError(Exception):
    """The reader pressed Stop."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a reading is. `left_s` is None until something is read."""

    done_bytes: int
    size_bytes: int
    left_s: float | None
    running: bool


class Job:
    """What some files say with the answers given so far. `kinds` stands at once, the rest once it is read."""

    def __init__(self, files: tuple[File, ...], answers: Mapping[str, Mapping[str, str]]) -> None:
        """A reading that waits for its start."""
        self.files, self.answers = files, {kind: dict(said) for kind, said in answers.items()}
        self.kinds: tuple[Kind, ...] = tuple(kind_of(of_bytes(name, raw)) for name, raw in files)
        self.readings: tuple[UsageReading, ...] = ()
        self.refused: tuple[str, ...] = ()
        self.stopped = False
        self.ended = False  # as the page saw it at the beginning of its run
        self._stop, self._thread = Event(), Thread(target=self._work, daemon=True)
        self._size_bytes = sum(len(raw) for _, raw in self.of("usage"))
        self._done_bytes, self._before_bytes, self._began_s = 0, 0, 0.0

    def of(self, family: str) -> tuple[File, ...]:
        """The files of a family."""
        return tuple(file for file, kind in zip(self.files, self.kinds, strict=True) if kind.family == family)

    def start(self) -> None:
        """Begin."""
        self._began_s = monotonic()
        self._thread.start()

    def stop(self) -> None:
        """End at the next step."""
        self._stop.set()

    def wait(self, timeout_s: float) -> bool:
        """Wait until it ends; whether it has."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def progress(self) -> Progress:
        """How far it is."""
        done, size = self._done_bytes, self._size_bytes
        left_s = (monotonic() - self._began_s) / done * (size - done) if done else None
        return Progress(done, size, left_s, self._thread.is_alive())

    def _told(self, done_bytes: int, _: int) -> None:
        self._done_bytes = self._before_bytes + done_bytes
        if self._stop.is_set():
            raise StoppedError

    def _work(self) -> None:
        fault = FAULT
        try:
            self._read(self.of("usage"))
            fault = ""
        except StoppedError:
            self.stopped, fault = True, ""
        except (MemoryError, RecursionError) as error:  # the page tells it: nobody else would
            fault = f"the files could not be read: {type(error).__name__}"
        finally:
            self.refused += (fault,) if fault else ()

    def _read(self, files: tuple[File, ...]) -> None:
        """The files of each format together; where that is refused, those that can be read by themselves."""
        for kind in dict.fromkeys(kind.kind for kind in self.kinds if kind.family == "usage"):
            some = tuple(file for file, one in zip(self.files, self.kinds, strict=True) if one.kind == kind)
            try:
                self.readings += (self._together(kind, some),)
            except RefusedError as error:
                self._one_by_one(kind, some, error)
            self._before_bytes += sum(len(raw) for _, raw in some)

    def _one_by_one(self, kind: str, files: tuple[File, ...], error: RefusedError) -> None:
        good: list[File] = []
        refused = [str(error)] if len(files) == 1 else []
        for file in files if len(files) > 1 else ():
            try:
                self._together(kind, (file,))
                good.append(file)
            except RefusedError as refusal:
                refused.append(str(refusal))
        if good:
            try:
                self.readings += (self._together(kind, tuple(good)),)
            except RefusedError as refusal:  # each by itself, but not together: the first counts
                refused.append(str(refusal))
                self.readings += (self._together(kind, (good[0],)),)
        self.refused += tuple(refused)

    def _together(self, kind: str, files: tuple[File, ...]) -> UsageReading:
        sources = [of_bytes(name, raw) for name, raw in files]
        return read_usage(sources, self.answers.get(kind, NO_ANSWERS), self._told)
