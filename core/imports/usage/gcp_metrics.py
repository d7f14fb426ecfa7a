"""Vertex AI's serving metrics as Cloud Monitoring's API answers: tokens and invocations by model and place.

Verified: metric names, kinds and labels in Google's list of metrics (stored copy) and in public collectors, also the
cache types of Anthropic's models, which stand beside the input; `source` says where a request was served, or global.
A Gemini model's cached tokens are inside its input and not told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from core.imports.usage.cells import amount, at, inner, listed, month, quoted_word, text
from core.imports.usage.format import Ask, Format, Head, RowByRow
from core.imports.usage.record import Amounts, Entry, LeftOut, RowError, Subject, Taken

SERVICE = "Vertex AI"
SERVING = "aiplatform.googleapis.com/publisher/online_serving/"
TOKENS, INVOCATIONS = f"{SERVING}token_count", f"{SERVING}model_invocation_count"
BATCH_SOURCE = "batch_"
COLUMNS = {
    "metric": "", "resource": "", "labels": "", "points": "", "interval": "", "value": "",
    "type": "which metric, input or output", "metricKind": "whether points are gains", "source": "region that answered",
    "location": "region that was called", "model_user_id": "model", "response_code": "whether a request was answered",
    "startTime": "start", "endTime": "end", "int64Value": "tokens or requests", "doubleValue": "tokens or requests",
}  # fmt: skip


def recognises(head: Head) -> bool:
    """Whether a series of the serving metrics stands there."""
    return '"timeSeries"' in head.text and SERVING in head.text


class GcpMetricReader(RowByRow):
    """Reads series one by one."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.said = ["cached tokens are inside the input of Gemini models, and their number is not told"]
        self.asks: list[Ask] = []

    def take(self, entry: Entry) -> Iterator[Taken | LeftOut | RowError]:
        """The points of a series."""
        metric = inner(entry, "metric")
        labels, place = inner(metric, "labels"), inner(inner(entry, "resource"), "labels")
        name = text(metric, "type")
        if name not in (TOKENS, INVOCATIONS):
            yield LeftOut("other metrics")
            return
        kind = text(entry, "metricKind")
        if kind not in ("DELTA", ""):
            raise RowError(f"metricKind is {quoted_word(kind)}; it must be DELTA: ask for sums, not rates")
        code = text(labels, "response_code")
        region = text(labels, "source").removeprefix(BATCH_SOURCE) or text(place, "location")
        subject = Subject(SERVICE, text(place, "model_user_id"), region)
        for number, point in enumerate(listed(entry, "points"), 1):
            if name == INVOCATIONS and code and not code.startswith("2"):
                yield LeftOut("requests that were refused or failed")
                continue
            try:
                yield self._point(point, subject, "requests" if name == INVOCATIONS else text(labels, "type").lower())
            except RowError as error:
                yield RowError(f"point {number:,}: {error}")

    def _point(self, point: Entry, subject: Subject, what: str) -> Taken:
        found = inner(point, "value")
        value = amount(found, "int64Value")
        value = amount(found, "doubleValue") if value is None else value
        if value is None:
            raise RowError("value is blank; it must be a count")
        interval = inner(point, "interval")
        end = at(interval, "endTime")
        start = at(interval, "startTime") or end
        return Taken(replace(subject, month=month(start)), self._amounts(what, value), start, end)

    def _amounts(self, what: str, value: float) -> Amounts:
        if what == "requests":
            return Amounts(requests=value)
        if "output" in what:
            return Amounts(output_tokens=value)
        if "cache" in what or what == "input":
            if "cache" in what and len(self.said) == 1:
                self.said.append("cache reads and writes of Anthropic's models stand beside the input and are added")
            return Amounts(input_tokens=value, cached_tokens=value if "read" in what else None)
        raise RowError(f"type is {quoted_word(what)}; it must be input, output or a kind of cached input")


FORMAT = Format(
    kind="Google Cloud Monitoring metrics", service=SERVICE, layout="json", columns=COLUMNS, recognises=recognises,
    reader=GcpMetricReader, each=("timeSeries",),
)  # fmt: skip
