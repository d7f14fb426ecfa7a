"""Scrapes of vLLM's own counters: requests answered and tokens, as what each gained from one scrape to the next.

A counter that falls, or whose server started anew, counts from nought. One scrape alone is all since the server began.
Prompt tokens hold those found in the prefix cache. Gauges and histograms are not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import isfinite

from core.imports.reading import RefusedError
from core.imports.sheet import shown
from core.imports.usage.format import Ask, Format, Head
from core.imports.usage.record import Amounts, Entry, LeftOut, RowError, Subject, Taken

SERVICE = "vLLM"
PROMPT, CACHED, HITS = "vllm:prompt_tokens_total", "vllm:prompt_tokens_cached_total", "vllm:prefix_cache_hits_total"
OLD_HITS = "vllm:gpu_prefix_cache_hits_total"
CACHES = (CACHED, HITS, OLD_HITS)
OUTPUT, REQUESTS = "vllm:generation_tokens_total", "vllm:request_success_total"
STARTED, CREATED = "process_start_time_seconds", "vllm:prompt_tokens_created"
NOT_ANSWERED = ("abort", "error")
COLUMNS = {
    PROMPT: "input tokens, cached ones among them",
    CACHED: "cached tokens",
    HITS: "cached tokens, where the server counts none by that name",
    OLD_HITS: "cached tokens of a server before 0.9",
    OUTPUT: "output tokens",
    REQUESTS: "requests, by how they ended",
    STARTED: "when the server began",
    CREATED: "when the counters began",
    "model_name": "model",
    "finished_reason": "how a request ended",
    "namespace": "group",
    "engine": "engine, told apart and added up",
    **dict.fromkeys(
        ("instance", "pod", "job", "container", "service", "endpoint", "node", "host", "deployment", "replica"),
        "server, told apart and added up",
    ),
}
FIRST = Ask(
    "first_scrape", "First scrape, or start of the server (UTC)",
    "The scrapes carry no times. As 2026-03-02 09:00; without it nobody knows which share of a year they cover.",
)  # fmt: skip
LAST = Ask("last_scrape", "Last scrape (UTC)", "As 2026-03-09 09:00.")
SAME_START_S = 1.0
SHORT = timedelta(hours=1)
NO_SECOND = "a counter of a server that is missing in later scrapes"

Series = tuple[str, tuple[tuple[str, str], ...]]


@dataclass(slots=True)
class Count:
    """A counter as it stood last: its value, when it was read, when its server began, in how many scrapes it stood."""

    value: float
    at: datetime | None
    began: float | None
    scrape: int
    scrapes: int = 1


def _recognised(head: Head) -> bool:
    return any(line.startswith("vllm:") for line in head.text.splitlines())


class Scrapes:
    """Reads the samples of one or more scrapes, in the order of time."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.said: list[str] = ["prompt tokens hold the cached ones, as vLLM counts them"]
        self.asks: list[Ask] = []
        self._first, self._last = (_moment(answers, ask) for ask in (FIRST, LAST))
        self._counts: dict[Series, Count] = {}
        self._began: dict[str, float] = {}
        self._created: dict[str, float] = {}
        self._cached: dict[str, dict[tuple[Subject, datetime | None, datetime | None], float]] = {}
        self._anew = self._scrapes = 0
        self._file = ""
        self._seen: set[Series] = set()
        self._aborted = 0.0

    def take(self, entry: Entry) -> Iterator[Taken | LeftOut]:
        """What a counter gained since the scrape before."""
        metric, labels = str(entry.cells["name"]), dict(entry.cells["labels"])
        value, at = float(entry.cells["value"]), entry.cells["at"] and entry.cells["at"].replace(tzinfo=UTC)
        if not isfinite(value) or value < 0:
            raise RowError(f"{metric} is {value:g}; a counter is 0 or more")
        series = (metric, tuple(sorted(labels.items())))
        scrape = self._scrape(series, entry.cells["file"])
        if metric in (STARTED, CREATED):
            (self._began if metric == STARTED else self._created)[labels.get("instance", "")] = value
            return
        began = self._began.get(labels.get("instance", ""))
        before = self._counts.get(series)
        if at is None:
            self.asks = [FIRST, LAST]
        if before is None:
            self._counts[series] = Count(value, at, began, scrape)
            return
        gained = value if self._is_anew(entry, before, value, began) else value - before.value
        start = before.at
        self._counts[series] = Count(value, at, began, scrape, before.scrapes + 1)
        yield from self._taken(metric, labels, gained, start or self._first, at or self._last)

    def end(self) -> Iterator[Taken | LeftOut]:
        """Counters that stand in one scrape alone, and what is to be said of the whole."""
        several = any(count.scrapes > 1 for count in self._counts.values())
        alone = [(series, count) for series, count in self._counts.items() if count.scrapes == 1]
        for (metric, labels), count in alone:
            if several and count.scrape == 0:
                yield LeftOut(NO_SECOND)
                continue
            instance = dict(labels).get("instance", "")
            began = count.began or self._created.get(instance)
            start = datetime.fromtimestamp(began, UTC) if began else self._first
            yield from self._taken(metric, dict(labels), count.value, start, count.at or self._last)
        chosen = next((metric for metric in CACHES if metric in self._cached), "")
        for (subject, start, end), gained in self._cached.get(chosen, {}).items():
            yield Taken(subject, _amounts(chosen, gained), start, end)
        if alone and not several:
            self.said.append("one scrape: all that the server counted since it began")
        elif any(count.scrape for _, count in alone):
            self.said.append("servers that came after the first scrape are counted since they began")
        if several:
            self.said.append(f"the increase over {self._scrapes} scrapes; what came before the first is not counted")
        if self._anew:
            self.said.append("a counter that began anew is counted from nought; what it lost before that is not known")
        if self._aborted:
            self.said.append(
                f"{self._aborted:,.0f} requests that were aborted or failed are no requests; their tokens count"
            )

    def _scrape(self, series: Series, file: str) -> int:
        """Which scrape it is of: another file, or a counter that stands there again, opens the next."""
        if not self._scrapes or file != self._file or series in self._seen:
            self._scrapes, self._file, self._seen = self._scrapes + 1, file, set()
        self._seen.add(series)
        return self._scrapes - 1

    def _is_anew(self, entry: Entry, before: Count, value: float, began: float | None) -> bool:
        """Whether its server began anew since; RefusedError where it counts less and did not, or began before."""
        metric = entry.cells["name"]
        moved_s = None if began is None or before.began is None else began - before.began
        if moved_s is not None and (moved_s < -SAME_START_S or (moved_s < SAME_START_S and value < before.value)):
            raise RefusedError(
                f"{entry.place}: {metric} fell from {before.value:,.0f} to {value:,.0f}, but its server did not begin "
                "anew: give the scrapes in the order of time"
            )
        anew = value < before.value or (moved_s is not None and moved_s > SAME_START_S)
        self._anew += anew
        return anew

    def _taken(
        self, metric: str, labels: Mapping[str, str], gained: float, start: datetime | None, end: datetime | None
    ) -> Iterator[Taken]:
        if metric == REQUESTS and labels.get("finished_reason") in NOT_ANSWERED:
            self._aborted += gained
            return
        if start is None or end is None or start >= end:
            start = end = None
        subject = Subject(
            SERVICE, model=labels.get("model_name", ""), group=labels.get("namespace", ""), month=_month(start, end)
        )
        if metric in CACHES:  # the same tokens by several names: the best is chosen in the end
            held = self._cached.setdefault(metric, {})
            held[subject, start, end] = held.get((subject, start, end), 0.0) + gained
            return
        yield Taken(subject, _amounts(metric, gained), start, end)


def _amounts(metric: str, gained: float) -> Amounts:
    if metric == PROMPT:
        return Amounts(input_tokens=gained)
    if metric == OUTPUT:
        return Amounts(output_tokens=gained)
    return Amounts(requests=gained) if metric == REQUESTS else Amounts(cached_tokens=gained)


def _month(start: datetime | None, end: datetime | None) -> str:
    """The month of a stretch of time that lies in one, or is short; blank otherwise."""
    if start is None or end is None:
        return ""
    within = (start.year, start.month) == (end.year, end.month) or end - start <= SHORT
    return f"{start:%Y-%m}" if within else ""


def _moment(answers: Mapping[str, str], ask: Ask) -> datetime | None:
    said = answers.get(ask.key, "").strip()
    if not said:
        return None
    try:
        found = datetime.fromisoformat(said)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise RefusedError(f"{ask.label} is '{shown(said)}'; write a time as 2026-03-02 09:00") from None


METRICS = Format(
    kind="vLLM metrics (scrapes)", service=SERVICE, layout="exposition", columns=COLUMNS, recognises=_recognised,
    reader=Scrapes,
)  # fmt: skip
