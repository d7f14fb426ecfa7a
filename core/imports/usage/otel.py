"""Spans of model calls as OpenTelemetry's OTLP writes them in JSON: one leaf call a request.

Agents, tools and workflows carry their calls' usage again, and so does a call that wraps another: only leaves count.
A head sampler keeps a share of traces; a span says it in its trace state (`ot=th:`), or its owner does.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import replace

from core.imports.reading import RefusedError
from core.imports.sheet import shown
from core.imports.usage.cells import amount, at, inner, listed, month, text
from core.imports.usage.format import Ask, Format, Head, RowByRow
from core.imports.usage.otel_names import (
    CACHED,
    CALLS,
    EMBEDDING,
    INPUT,
    KIND,
    MODEL,
    OPERATION,
    OUTPUT,
    PROVIDER,
    REASONING,
    SUBJECT,
    first,
    region_of,
    service_of,
)
from core.imports.usage.record import Amounts, Entry, LeftOut, RowError, Subject, Taken
from core.imports.usage.tags import added

COLUMNS = {
    "resource": "", "attributes": "", "scopeSpans": "", "spans": "", "status": "",
    "spanId": "to see which call wraps another", "parentSpanId": "to see which call wraps another",
    "traceState": "share of traces kept", "startTimeUnixNano": "start", "endTimeUnixNano": "end",
    "code": "whether a call failed", **SUBJECT,
    **dict.fromkeys(OPERATION, "kind of call"), **dict.fromkeys(INPUT, "input tokens, cached ones included"),
    **dict.fromkeys(CACHED, "cached tokens, inside the input"),
    **dict.fromkeys(OUTPUT, "output tokens, reasoning included"),
    **dict.fromkeys(REASONING, "reasoning tokens, inside the output"),
}  # fmt: skip
WEIGHED = ("requests", "input_tokens", "cached_tokens", "output_tokens", "reasoning_tokens")
REMEMBERED = 100_000  # calls whose wrapper may still come
THRESHOLD = re.compile(r"(?:^|,)\s*ot=(?:[^,;]*;)*th:([0-9a-f]{1,14})(?:[;,]|$)")
ASK_SAMPLING = Ask(
    "sampling", "Share of traces that is kept",
    "A head sampler keeps one trace in so many: at 0.1 each span stands for ten. Leave it where all are kept.",
    usual="1",
)  # fmt: skip


def recognises(head: Head) -> bool:
    """Whether spans stand there that name a model call."""
    return '"resourceSpans"' in head.text and ('"gen_ai.' in head.text or '"llm.' in head.text)


class SpanReader(RowByRow):
    """Reads what a resource sent, and remembers which calls are wrapped."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.said = [
            "cached tokens are inside the input, reasoning inside the output, as the conventions count them",
            "only the innermost model calls count: agents, tools and wrapping calls repeat their usage",
        ]
        self.asks = [ASK_SAMPLING]
        self._share = _share(answers.get(ASK_SAMPLING.key, ""))
        self._wrapping: OrderedDict[str, None] = OrderedDict()

    def take(self, entry: Entry) -> Iterator[Taken | LeftOut | RowError]:
        """The calls among the spans of a resource, the last to begin first, so that a wrapper comes after its call."""
        resource = inner(inner(entry, "resource"), "attributes")
        spans = [span for scope in listed(entry, "scopeSpans") for span in listed(scope, "spans")]
        for span in sorted(spans, key=_innermost_first):
            try:
                yield self._span(span, inner(span, "attributes"), text(resource, "service.name"))
            except RowError as error:
                yield RowError(f"span {shown(str(span.cells.get('spanId') or 'without an id'))}: {error}")

    def end(self) -> Iterator[Taken | LeftOut | RowError]:
        """Nothing: spans stand for themselves."""
        return iter(())

    def _span(self, span: Entry, said: Entry, group: str) -> Taken | LeftOut:
        kinds = [text(said, name).lower() for name in OPERATION if text(said, name)]
        amounts = Amounts(
            1.0, amount(said, first(said, INPUT)), amount(said, first(said, CACHED)),
            amount(said, first(said, OUTPUT)), amount(said, first(said, REASONING)),
        )  # fmt: skip
        tokens = added(amounts.input_tokens, amounts.output_tokens) or 0.0
        model = text(said, first(said, MODEL))
        kind = kinds[0] if kinds else ""
        if not model and not tokens and kind in CALLS:
            return LeftOut("spans of no model call")
        if kind not in CALLS | EMBEDDING or any(one in ("agent", "chain", "tool", "workflow", "task") for one in kinds):
            return LeftOut("agents, tools and workflows: they repeat what their model calls use", tokens)
        if amounts.input_tokens is None and amounts.output_tokens is None:
            failed = text(inner(span, "status"), "code") in ("2", "STATUS_CODE_ERROR")
            return LeftOut("failed calls" if failed else "model calls without a count of tokens: missing, not nought")
        if text(span, "spanId") in self._wrapping:
            return LeftOut("calls that wrap another model call: they repeat its usage", tokens)
        self._remember(text(span, "parentSpanId"))
        return self._call(span, said, Subject(
            service_of(text(said, first(said, PROVIDER))), model, region_of(text(said, "server.address")), group,
            "embedding" if kind in EMBEDDING else "inference",
        ), amounts)  # fmt: skip

    def _call(self, span: Entry, said: Entry, subject: Subject, amounts: Amounts) -> Taken:
        if (amounts.cached_tokens or 0.0) > (amounts.input_tokens or 0.0):
            amounts.input_tokens = added(amounts.input_tokens, amounts.cached_tokens)
            self._say("calls with more cached tokens than input are taken to count them beside the input")
        share = self._share or _kept(text(span, "traceState"))
        if share != 1.0:
            self._say("a sampled span stands for 1 / share of calls")
            for name in WEIGHED:
                value = getattr(amounts, name)
                setattr(amounts, name, None if value is None else value / share)
        start = at(span, "startTimeUnixNano")
        return Taken(replace(subject, month=month(start)), amounts, start, at(span, "endTimeUnixNano"))

    def _remember(self, parent: str) -> None:
        if parent:
            self._wrapping[parent] = None
            if len(self._wrapping) > REMEMBERED:
                self._wrapping.popitem(last=False)


def _innermost_first(span: Entry) -> tuple[int, int]:
    start, end = (str(span.cells.get(name) or "") for name in ("startTimeUnixNano", "endTimeUnixNano"))
    return (-int(start) if start.isdecimal() else 0, int(end) if end.isdecimal() else 0)


def _share(answer: str) -> float | None:
    """The share of traces kept, as the owner says it; None where nothing was said."""
    if not answer or answer == ASK_SAMPLING.usual:
        return None
    try:
        found = float(answer)
    except ValueError:
        found = 0.0
    if not 0 < found <= 1:
        raise RefusedError(f"sampling is '{shown(answer)}'; it must be a share above 0 and at most 1")
    return found


def _kept(state: str) -> float:
    """The share of traces kept by a span's own trace state: `th:c` rejects the lower three quarters, so 0.25."""
    found = THRESHOLD.search(state)
    return 1.0 if found is None else 1.0 - int(found[1], 16) / 16 ** len(found[1])


FORMAT = Format(
    kind=f"{KIND} spans", service="", layout="json_lines", columns=COLUMNS, recognises=recognises, reader=SpanReader,
    each=("resourceSpans",),
)  # fmt: skip
