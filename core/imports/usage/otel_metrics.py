"""Token metrics of OpenTelemetry's gen_ai conventions, as OTLP writes them in JSON: the histogram and its successors.

A histogram `gen_ai.client.token.usage` sums tokens and counts calls; the counters `gen_ai.client.inference.usage.*`
count tokens alone. A cumulative point is the total since its start: of each series what it gained counts, by month.
Delta points add up. Metrics are not sampled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from core.imports.usage.cells import amount, at, inner, listed, month, quoted_word, text
from core.imports.usage.format import Ask, Format, Head
from core.imports.usage.otel_names import EMBEDDING, KIND, MODEL, PROVIDER, SUBJECT, first, region_of, service_of
from core.imports.usage.record import Amounts, Entry, LeftOut, RowError, Subject, Taken

HISTOGRAM = "gen_ai.client.token.usage"
COUNTERS = {
    "gen_ai.client.inference.usage.input_tokens": "input_tokens",
    "gen_ai.client.inference.usage.output_tokens": "output_tokens",
    "gen_ai.client.inference.usage.cache_read.input_tokens": "cached_tokens",
    "gen_ai.client.inference.usage.reasoning.output_tokens": "reasoning_tokens",
}
SIDES = {"input": "input_tokens", "output": "output_tokens", "completion": "output_tokens"}
CUMULATIVE = ("2", "AGGREGATION_TEMPORALITY_CUMULATIVE")
DELTA = ("1", "AGGREGATION_TEMPORALITY_DELTA")
MOST_SERIES = 100_000
COLUMNS = {
    "resource": "", "attributes": "", "scopeMetrics": "", "metrics": "", "name": "which metric", "dataPoints": "",
    "histogram": "", "sum": "tokens", "count": "requests", "asInt": "tokens", "asDouble": "tokens",
    "aggregationTemporality": "whether points are totals or gains", "startTimeUnixNano": "start",
    "timeUnixNano": "end", "gen_ai.operation.name": "kind of call", "gen_ai.token.type": "input or output",
    "gen_ai.token.modality": "kind of tokens", **SUBJECT,
}  # fmt: skip
Series = tuple[Subject, str, str, datetime]  # of what, which amount, of which tokens, since when
Gained = tuple[datetime, float, float]  # until when, tokens, requests


def recognises(head: Head) -> bool:
    """Whether metrics of model calls stand there."""
    return '"resourceMetrics"' in head.text and '"gen_ai.client.' in head.text


class MetricReader:
    """Reads what a resource sent; cumulative series are told at the end."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.said = ["cached tokens are inside the input, reasoning inside the output, as the conventions count them"]
        self.asks: list[Ask] = []
        self._totals: dict[Series, dict[str, Gained]] = {}

    def take(self, entry: Entry) -> Iterator[Taken | LeftOut | RowError]:
        """The points of a resource's metrics."""
        group = text(inner(inner(entry, "resource"), "attributes"), "service.name")
        for scope in listed(entry, "scopeMetrics"):
            for metric in listed(scope, "metrics"):
                name = text(metric, "name")
                if name != HISTOGRAM and name not in COUNTERS:
                    yield LeftOut("other metrics")
                    continue
                kept = inner(metric, "histogram" if name == HISTOGRAM else "sum")
                for number, point in enumerate(listed(kept, "dataPoints"), 1):
                    try:
                        yield from self._point(name, text(kept, "aggregationTemporality"), point, group)
                    except RowError as error:
                        yield RowError(f"{name}, point {number:,}: {error}")

    def end(self) -> Iterator[Taken | LeftOut | RowError]:
        """What each cumulative series gained in each month."""
        for (subject, what, _, since), months in self._totals.items():
            start, tokens, requests = since, 0.0, 0.0
            for name in sorted(months):
                end, tokens_then, requests_then = months[name]
                gained = _amounts(what, tokens_then - tokens, requests_then - requests)
                yield Taken(replace(subject, month=name), gained, start, end)
                start, tokens, requests = end, tokens_then, requests_then

    def _point(self, name: str, temporality: str, point: Entry, group: str) -> Iterator[Taken | LeftOut | RowError]:
        said = inner(point, "attributes")
        side = text(said, "gen_ai.token.type")
        what = COUNTERS.get(name) or SIDES.get(side, "")
        if not what:
            raise RowError(f"gen_ai.token.type is {quoted_word(side)}; it must be input or output")
        start, end = at(point, "startTimeUnixNano"), at(point, "timeUnixNano")
        if end is None:
            raise RowError("timeUnixNano is blank; it must be a time")
        tokens, requests = _counted(point, name)
        subject = Subject(
            service_of(text(said, first(said, PROVIDER))), text(said, first(said, MODEL)),
            region_of(text(said, "server.address")), group,
            "embedding" if text(said, "gen_ai.operation.name") in EMBEDDING else "inference",
        )  # fmt: skip
        if temporality in DELTA:
            yield Taken(replace(subject, month=month(end)), _amounts(what, tokens, requests), start, end)
        elif temporality in CUMULATIVE:
            self._keep((subject, what, text(said, "gen_ai.token.modality"), start or end), end, tokens, requests)
        else:
            raise RowError(
                f"aggregationTemporality is {quoted_word(temporality)}; it must be 1 (delta) or 2 (cumulative)"
            )

    def _keep(self, series: Series, end: datetime, tokens: float, requests: float) -> None:
        months = self._totals.setdefault(series, {})
        if len(self._totals) > MOST_SERIES:
            raise RowError(f"it begins a series beyond the first {MOST_SERIES:,}; the limit is {MOST_SERIES:,}")
        before = months.get(month(end))
        if before is None or end > before[0]:
            months[month(end)] = (end, tokens, requests)


def _counted(point: Entry, name: str) -> tuple[float, float]:
    """Tokens and calls of a point; a counter tells no calls."""
    if name != HISTOGRAM:
        whole = amount(point, "asInt")
        return (amount(point, "asDouble") or 0.0) if whole is None else whole, 0.0
    tokens, calls = amount(point, "sum"), amount(point, "count")
    if tokens is None or calls is None:
        raise RowError("sum or count is missing; a histogram of tokens has both")
    return tokens, calls


def _amounts(what: str, tokens: float, requests: float) -> Amounts:
    """Tokens of one side; calls are counted by their input alone, as each stands there with its output too."""
    found = Amounts(requests=requests if what == "input_tokens" and requests else None)
    setattr(found, what, tokens)
    return found


FORMAT = Format(
    kind=f"{KIND} token metrics", service="", layout="json_lines", columns=COLUMNS, recognises=recognises,
    reader=MetricReader, each=("resourceMetrics",),
)  # fmt: skip
