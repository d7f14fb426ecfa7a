"""Azure Monitor metrics of Azure OpenAI (Foundry models), as the REST API answers: points by metric and deployment.

Verified: metric names in Microsoft's monitoring reference (mirror) and in public collectors: AzureOpenAIRequests or
ModelRequests, ProcessedPromptTokens and GeneratedTokens, or InputTokens and OutputTokens, with the dimensions
ModelDeploymentName, ModelName, ModelVersion, Region and StatusCode; TokenTransaction, TotalTokens and
ProcessedInferenceTokens are input plus output again. The envelope (`value`, `timeseries`, `metadatavalues`, `data`,
`timeStamp`, `total`) is that of the project's sample [secondary]. Prompt tokens hold the cached ones; how many were
cached is only a rate, of provisioned deployments, and is not counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from core.imports.sheet import shown
from core.imports.usage.cells import amount, at, inner, listed, month, quoted_word, text
from core.imports.usage.format import Ask, Format, Head, RowByRow
from core.imports.usage.record import Amounts, Entry, LeftOut, RowError, Subject, Taken
from core.imports.usage.sku import GLOBAL

SERVICE = "Azure OpenAI"
# Metrics by what they count; of several that count the same the first that a deployment has is taken.
METRICS = {
    "requests": ("AzureOpenAIRequests", "ModelRequests"),
    "input_tokens": ("ProcessedPromptTokens", "InputTokens"),
    "output_tokens": ("GeneratedTokens", "OutputTokens"),
}
AGAIN = ("TokenTransaction", "TotalTokens", "ProcessedInferenceTokens", "ActiveTokens")
COLUMNS = {
    "values": "", "value": "", "name": "metric or dimension", "timeseries": "", "metadatavalues": "deployment, model",
    "data": "", "timeStamp": "start of a point", "total": "requests or tokens", "interval": "length of a point",
    "resourceregion": "region of the resource",
}  # fmt: skip
INTERVAL = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")
AS_RESOURCE = "as the resource"
ASK_REGION = Ask(
    "azure_region", "Where these deployments run",
    "Global and data-zone deployments may run outside the region of their resource; metrics do not say which they are.",
    (AS_RESOURCE, GLOBAL), AS_RESOURCE,
)  # fmt: skip


def recognises(head: Head) -> bool:
    """Whether the points of a metric of Azure's AI services stand there."""
    return '"timeseries"' in head.text and "microsoft.cognitiveservices" in head.text.lower()


@dataclass(slots=True)
class Series:
    """The points of one metric of one deployment."""

    subject: Subject
    status: str
    points: list[Entry]


class AzureReader(RowByRow):
    """Reads whole answers: which of two metrics counts is known when all of them have been seen."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.said = [
            "prompt tokens hold the cached ones; Azure tells only a rate of cached tokens, so their number is unknown",
        ]
        self.asks = [ASK_REGION]
        self._region = answers.get(ASK_REGION.key, "") or AS_RESOURCE

    def take(self, entry: Entry) -> Iterator[Taken | LeftOut]:
        """The points of an answer, or of each answer of a batch."""
        for one in listed(entry, "values") or [entry]:
            yield from self._answer(one)

    def _answer(self, entry: Entry) -> Iterator[Taken | LeftOut]:
        lasts = _lasting(text(entry, "interval"))
        region = GLOBAL if self._region == GLOBAL else text(entry, "resourceregion")
        found: dict[str, list[Series]] = {}
        for metric in listed(entry, "value"):
            found[text(inner(metric, "name"), "value")] = [_series(one, region) for one in listed(metric, "timeseries")]
        _model_named_elsewhere(found)
        for what, names in METRICS.items():
            counted: set[str] = set()
            for name in names:
                for one in found.get(name, []):
                    if counted and (one.subject.group in counted or "" in (*counted, one.subject.group)):
                        yield LeftOut(f"{name} counts again what {names[0]} counts")
                    else:
                        yield from self._points(what, name, one, lasts)
                counted |= {one.subject.group for one in found.get(name, []) if one.points}
        for name, several in found.items():
            if name in AGAIN:
                yield LeftOut(f"{name} counts tokens again that other metrics count")
            elif several and not any(name in names for names in METRICS.values()):
                yield LeftOut(f"{shown(name)} counts no requests and no tokens")

    def _points(self, what: str, name: str, one: Series, lasts: timedelta) -> Iterator[Taken | LeftOut]:
        for point in one.points:
            value, start = amount(point, "total"), at(point, "timeStamp")
            if value is None:
                yield LeftOut(f"{name}: points without a total are missing, not nought")
            elif what == "requests" and one.status and not one.status.startswith("2"):
                yield LeftOut(f"{name}: requests that were refused or failed")
            else:
                amounts = Amounts()
                setattr(amounts, what, value)
                yield Taken(
                    replace(one.subject, month=month(start)), amounts, start, None if start is None else start + lasts
                )


def _model_named_elsewhere(found: Mapping[str, list[Series]]) -> None:
    """Give a deployment's points the model that another of its metrics names, so that they stand together."""
    every = [one for several in found.values() for one in several]
    models: dict[str, set[str]] = {}
    for one in every:
        if one.subject.group and one.subject.model:
            models.setdefault(one.subject.group, set()).add(one.subject.model)
    for one in every:
        known = models.get(one.subject.group, set())
        if not one.subject.model and len(known) == 1:
            one.subject = replace(one.subject, model=next(iter(known)))


def _series(entry: Entry, region: str) -> Series:
    """A metric's points with the deployment and model that their dimensions name."""
    said: dict[str, str] = {}
    for one in listed(entry, "metadatavalues"):
        said[text(inner(one, "name"), "value").lower()] = text(one, "value")
    model = " ".join(part for part in (said.get("modelname", ""), said.get("modelversion", "")) if part)
    where = GLOBAL if region == GLOBAL else said.get("region", "").lower().replace(" ", "") or region
    subject = Subject(SERVICE, model, where, said.get("modeldeploymentname", ""))
    return Series(subject, said.get("statuscode", ""), listed(entry, "data"))


def _lasting(interval: str) -> timedelta:
    """The length of a point, written as PT1H or P1D; none where it is not said."""
    found = INTERVAL.fullmatch(interval)
    if interval and (found is None or not any(found.groups())):
        raise RowError(f"interval is {quoted_word(interval)}; it must be a length such as PT1H")
    days, hours, minutes = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    return timedelta(days=days, hours=hours, minutes=minutes)


FORMAT = Format(
    kind="Azure Monitor metrics", service=SERVICE, layout="json", columns=COLUMNS, recognises=recognises,
    reader=AzureReader,
)  # fmt: skip
