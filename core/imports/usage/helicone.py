"""Helicone's request export: a request a row.

Verified: the columns in Helicone's own export tool, which asks for requests that its cache did not answer. The table
has no column of cached tokens, so how many of the prompt tokens were cached is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.imports.usage.cells import amount, at, month, text
from core.imports.usage.format import Ask, Format, Head
from core.imports.usage.record import Amounts, Entry, LeftOut, Stage, Subject, Taken
from core.imports.usage.tags import added, group_of

SERVICE = "Helicone"
COLUMNS = {
    "response_status": "whether a request was answered",
    "request_created_at": "start",
    "response_created_at": "end",
    "request_properties": "use, from its properties",
    "model": "model",
    "prompt_tokens": "input tokens",
    "completion_tokens": "output tokens",
    "cost": "cost in USD",
}


def recognises(head: Head) -> bool:
    """Whether the columns of the export tool are there."""
    return {"response_status", "request_created_at", "prompt_tokens", "completion_tokens"} <= set(head.columns)


class HeliconeReader:
    """Reads requests one by one."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.said = ["this export has no column of cached tokens: how many of the input were cached is not known"]
        self.asks: list[Ask] = []

    def take(self, entry: Entry) -> Iterator[Taken | LeftOut]:
        """The tokens of a request, unless no model answered."""
        asked, answered = amount(entry, "prompt_tokens"), amount(entry, "completion_tokens")
        status, model = text(entry, "response_status"), text(entry, "model")
        stage: Stage = "embedding" if "embed" in model.lower() else "inference"
        if not status.startswith("2"):
            yield LeftOut("failed or refused: no model answered", added(asked, answered) or 0.0)
        elif asked is None or (answered is None and stage == "inference"):
            yield LeftOut("requests without a count of tokens: missing, not nought", added(asked, answered) or 0.0)
        else:
            start, cost = at(entry, "request_created_at"), amount(entry, "cost")
            subject = Subject(SERVICE, model, "", group_of(entry, "request_properties"), stage, month=month(start))
            found = Amounts(1.0, asked, None, answered, costs={} if cost is None else {"USD": cost})
            yield Taken(subject, found, start, at(entry, "response_created_at"))

    def end(self) -> Iterator[Taken | LeftOut]:
        """Nothing: each request stands for itself."""
        return iter(())


FORMAT = Format(
    kind="Helicone requests", service=SERVICE, layout="delimited", columns=COLUMNS, recognises=recognises,
    reader=HeliconeReader,
)  # fmt: skip
