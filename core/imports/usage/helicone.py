"""Helicone's request export: a request a row, as a table or in JSON.

Verified: the columns of the table in Helicone's own export tool, which asks for requests that its cache did not answer,
and the fields of its JSON in Helicone's types. The table has no cached tokens. In JSON they stand in a field of their
own; Helicone's cost formula adds them to the prompt tokens, so they are taken to stand beside them: its owner may say
otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.imports.reading import RefusedError
from core.imports.sheet import shown
from core.imports.usage.cells import amount, at, month, text
from core.imports.usage.format import Ask, Format, Head, RowByRow
from core.imports.usage.record import Amounts, Entry, LeftOut, RowError, Stage, Subject, Taken
from core.imports.usage.tags import GROUP_TAGS, added, group_of

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
READ, WRITTEN = "prompt_cache_read_tokens", "prompt_cache_write_tokens"
JSON_COLUMNS = {
    **COLUMNS,
    READ: "cached tokens",
    WRITTEN: "input tokens written to the cache",
    "costUSD": "cost in USD",
    **dict.fromkeys(GROUP_TAGS, "use, from its properties"),
}
BESIDE, INSIDE = "beside the input", "inside the input"
ASK_CACHED = Ask(
    "cached", "Where cached tokens stand",
    "Helicone keeps cached tokens in a field of their own. Compare one request with the provider's count: are they "
    "part of the prompt tokens, or do they come on top?", (BESIDE, INSIDE), BESIDE,
)  # fmt: skip


def recognises(head: Head) -> bool:
    """Whether the columns of the export tool are there."""
    return {"response_status", "request_created_at", "prompt_tokens", "completion_tokens"} <= set(head.columns)


def recognises_json(head: Head) -> bool:
    """Whether a request stands there."""
    return not head.columns and all(
        f'"{key}"' in head.text for key in ("response_status", "request_created_at", "completion_tokens")
    )


class HeliconeReader(RowByRow):
    """Reads requests one by one."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.said: list[str] = []
        self.asks: list[Ask] = []
        self._cached = answers.get(ASK_CACHED.key, "") or BESIDE
        if self._cached not in (BESIDE, INSIDE):
            raise RefusedError(f"cached is '{shown(self._cached)}'; it must be '{BESIDE}' or '{INSIDE}'")

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
            cost = amount(entry, "costUSD") if cost is None else cost
            subject = Subject(SERVICE, model, "", group_of(entry, "request_properties"), stage, month=month(start))
            whole, cached = self._input(entry, asked)
            found = Amounts(1.0, whole, cached, answered, costs={} if cost is None else {"USD": cost})
            yield Taken(subject, found, start, at(entry, "response_created_at"))

    def _input(self, entry: Entry, asked: float) -> tuple[float, float | None]:
        """All input tokens of a request, and how many of them were cached where it says so."""
        if READ not in entry.cells and WRITTEN not in entry.cells:
            self._say("this export has no cached tokens: how many of the input were cached is not known")
            return asked, None
        if ASK_CACHED not in self.asks:
            self.asks.append(ASK_CACHED)
        self._say(f"cached tokens are taken to stand {self._cached}")
        cached, written = amount(entry, READ) or 0.0, amount(entry, WRITTEN) or 0.0
        whole = asked if self._cached == INSIDE else asked + cached + written
        if cached > whole:
            raise RowError(f"{READ} is {cached:,.0f}; it must be at most prompt_tokens, {whole:,.0f}")
        return whole, cached


FORMAT = Format(
    kind="Helicone requests", service=SERVICE, layout="delimited", columns=COLUMNS, recognises=recognises,
    reader=HeliconeReader,
)  # fmt: skip
JSON_FORMAT = Format(
    kind="Helicone requests (JSON)", service=SERVICE, layout="json_lines", columns=JSON_COLUMNS,
    recognises=recognises_json, reader=HeliconeReader,
)  # fmt: skip
