"""Live figures beside the page: asked in a thread, kept for five minutes, no more often than a service bears.

A page looks at what is here and never waits. A failure is kept, too, for a minute, and is one sentence.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock, Thread
from time import monotonic

from core.catalog import Region
from core.live.record import Fetch, LiveError, Past, Reading, Row
from core.live.settings import Chosen
from core.live.web import Web

KEPT_S, KEPT_FAILURE_S = 300.0, 60.0
MOST_QUESTIONS = 60  # a service in five minutes, of all readers together
MOST_KEPT = 500  # zones; the oldest goes first
PAST_DAYS = 90
DAY = timedelta(days=1)
FAULT = "a fault of this app: the server's log tells which"


@dataclass(frozen=True, slots=True)
class Look:
    """What is known of a region now: a reading, why there is none, or that it is being asked."""

    about: str
    region: str
    zone: str = ""
    reading: Reading | None = None
    why: str = ""
    asking: bool = False


@dataclass(frozen=True, slots=True)
class PastLook:
    """What is known of a region's past hours: the file, why there is none, or how far the asking is."""

    past: Past | None = None
    why: str = ""
    done: int = 0
    of: int = 0
    asking: bool = False


@dataclass(slots=True)
class _Held:
    """What a question came to, and when."""

    at_s: float
    found: Reading | Past | None = None
    why: str = ""
    asking: bool = True
    done: int = 0
    of: int = 0

    def fresh(self, now_s: float) -> bool:
        """Whether it need not be asked again."""
        return self.asking or now_s - self.at_s < (KEPT_FAILURE_S if self.why else KEPT_S)


class Live:
    """What the services that are on said last."""

    def __init__(self, services: Sequence[Chosen], fetch: Callable[[Chosen], Fetch] | None = None) -> None:
        """Nothing is asked yet."""
        self.services = tuple(services)
        self._fetch = fetch or (lambda one: Web(one.address).get)
        self._held: dict[tuple[str, str, bool, str], _Held] = {}
        self._asked_s: dict[str, deque[float]] = {one.about.id: deque(maxlen=MOST_QUESTIONS) for one in services}
        self._lock = Lock()

    def look(self, region: Region) -> list[Look]:
        """What each service that knows the region says; a question that is due begins, and is not waited for."""
        found = []
        for one in self.services:
            zone = one.zone(region)
            if zone:
                held = self._due(one, zone, region.direct, "now", self._latest)
                reading = held.found if isinstance(held.found, Reading) else None
                found.append(Look(one.about.id, region.id, zone, reading, held.why, held.asking))
        return found

    def past(self, one: Chosen, region: Region) -> PastLook:
        """The last 90 days of a region by a service, as a file; asked for where they are not here."""
        held = self._due(one, one.zone(region), region.direct, "past", self._past)
        past = held.found if isinstance(held.found, Past) else None
        return PastLook(past, held.why, held.done, held.of, held.asking)

    def _due(
        self, one: Chosen, zone: str, direct: bool, what: str, ask: Callable[[Chosen, str, bool, _Held], None]
    ) -> _Held:
        key, now_s = (one.about.id, zone, direct, what), monotonic()
        with self._lock:
            held = self._held.get(key)
            if held is not None and held.fresh(now_s):
                return held
            begun = self._held[key] = _Held(now_s, held.found if held else None)  # shown until it is answered anew
            while len(self._held) > MOST_KEPT:
                del self._held[next(iter(self._held))]
        Thread(target=self._work, args=(ask, one, zone, direct, begun), daemon=True).start()
        return begun

    def _work(
        self, ask: Callable[[Chosen, str, bool, _Held], None], one: Chosen, zone: str, direct: bool, held: _Held
    ) -> None:
        why = FAULT
        try:
            ask(one, zone, direct, held)
            why = ""
        except LiveError as error:
            why = f"{one.about.name}: {error}"
        finally:
            held.found = None if why else held.found
            held.why, held.at_s, held.asking = why, monotonic(), False

    def _latest(self, one: Chosen, zone: str, direct: bool, held: _Held) -> None:
        held.found = one.service.latest(self._bounded(one), zone, direct)

    def _past(self, one: Chosen, zone: str, direct: bool, held: _Held) -> None:
        """Whole days up to the last midnight, in periods that the service takes."""
        end = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        start, longest = end - PAST_DAYS * DAY, one.about.longest_days - 1
        periods = [(start + day * DAY, min(start + (day + longest) * DAY, end)) for day in range(0, PAST_DAYS, longest)]
        rows: dict[datetime, Row] = {}
        held.of = len(periods)
        for begin, stop in periods:
            for row in one.service.past(self._bounded(one), zone, begin, stop, direct):
                if begin <= row.at < stop:
                    rows.setdefault(row.at, row)
            held.done += 1
        if not rows:
            raise LiveError(f"it has no hours of {zone} from {start:%Y-%m-%d} to {end:%Y-%m-%d}")
        ordered = [rows[at] for at in sorted(rows)]
        name = f"{one.about.id}_{zone}_{start:%Y-%m-%d}_{PAST_DAYS}_days.csv"
        text = one.service.file(zone, ordered, direct)
        held.found = Past(name, text.encode(), len(ordered), one.about.unit)

    def _bounded(self, one: Chosen) -> Fetch:
        """The service's fetch, as often as it bears."""
        fetch, asked_s = self._fetch(one), self._asked_s[one.about.id]

        def bounded(path: str, query: object, headers: object) -> object:
            with self._lock:
                now_s = monotonic()
                if len(asked_s) == MOST_QUESTIONS and now_s - asked_s[0] < KEPT_S:
                    wait_s = KEPT_S - (now_s - asked_s[0])
                    raise LiveError(
                        f"asked {MOST_QUESTIONS} times in 5 minutes, the limit here; again in {wait_s:.0f} s"
                    )
                asked_s.append(now_s)
            return fetch(path, query, headers)  # type: ignore[arg-type]

        return bounded  # type: ignore[return-value]
