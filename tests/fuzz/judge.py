"""What a reader may answer: a plan that is one, or a refusal in one sentence, in time; anything else is a fault."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from time import process_time
from types import FrameType

from core import link, table
from core.plan import Plan
from core.plan.example import example_plan
from core.results.figures import of
from core.results_table import write_results

LIMIT_S = 2.0  # of processor time for one input: a busy machine makes no fault
LONGEST = 2_000  # characters of a sentence: it may list names
TRACE = re.compile(r"Traceback|File \"|\.py\b|\b[A-Z]\w+(?:Error|Exception)\b|<class|object at 0x")
CHANGING = re.compile(r"'[^']*'|\"[^\"]*\"|[\d.,:-]*\d")


class FaultError(AssertionError):
    """What must not be: its text says what."""


class SlowError(BaseException):
    """The time is up; no reader may catch it."""


@contextmanager
def alarm(limit_s: float = LIMIT_S) -> Iterable[None]:
    """Stop what takes more processor time."""

    def ring(_: int, __: FrameType | None) -> None:
        raise SlowError(f"over {limit_s:g} s")

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, limit_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def sentence(text: str) -> str:
    """A sentence for a reader as a kind of outcome: without the words and numbers that change."""
    if not text.strip():
        raise FaultError("a refusal without a word")
    if len(text.splitlines()) > 1:
        raise FaultError(f"a sentence of several lines: {text[:200]!r}")
    if len(text) > LONGEST:
        raise FaultError(f"a sentence of {len(text):,} characters: {text[:200]!r}")
    if TRACE.search(CHANGING.sub("", text)):
        raise FaultError(f"a sentence that shows the code: {text[:200]!r}")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise FaultError(f"a sentence that no browser can be sent: {text[:200]!r}") from None
    return CHANGING.sub("_", text)[:90]


def all_sentences(texts: Iterable[str]) -> str:
    """The first of several sentences; each is looked at."""
    kinds = [sentence(text) for text in texts]
    return kinds[0] if kinds else ""


def plan_is_sound(plan: Plan, closely: bool) -> None:
    """A plan that was opened travels by link as it is; `closely`, by CSV too, and its figures can be worked out."""
    if plan == example_plan():
        return
    text = link.encode(plan)
    if len(text) <= link.MOST_CHARACTERS:
        again = link.decode(text)
        if again.plan != plan or again.problems:
            raise FaultError(f"the plan's link brings back another: {again.problems[:1]}{_differs(plan, again.plan)}")
    if not closely:
        return
    told = table.write_plan(plan)
    told.encode()
    reading = table.read_plan(told)
    if reading.plan != plan or reading.problems:
        raise FaultError(f"the plan's CSV brings back another: {reading.problems[:1]}{_differs(plan, reading.plan)}")
    write_results(of(plan, 0)).encode()


def _differs(plan: Plan, other: Plan | None) -> str:
    if other is None:
        return ", none"
    names = [name for name in type(plan).model_fields if getattr(plan, name) != getattr(other, name)]
    return f", {', '.join(names)}"


def tried(run: Callable[[], str], limit_s: float = LIMIT_S) -> tuple[str, str, float]:
    """The kind of outcome, the fault or nothing, and the processor seconds of one input."""
    began_s = process_time()
    try:
        with alarm(limit_s):
            outcome, fault = run(), ""
    except SlowError as slow:
        outcome, fault = "", f"slow: {slow}"
    except FaultError as wrong:
        outcome, fault = "", str(wrong)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        outcome, fault = "", f"{type(error).__name__}{_at(error)}: {str(error)[:300]}"
    return outcome, fault, process_time() - began_s


def _at(error: BaseException) -> str:
    """Where in the code an error was raised."""
    trace, found = error.__traceback__, ""
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if "/core/" in name or "/site-packages/" in name:
            found = f" at {name.rpartition('/core/')[2].rpartition('site-packages/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found
