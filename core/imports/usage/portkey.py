"""Portkey's log export: a request a line.

Verified: fields in Portkey's documentation: `req_units` and `res_units` are tokens, `cost` is in cents of
`cost_currency`, `is_success` is 1 or 0, `cache_status` is HIT or SEMANTIC HIT where the gateway answered from its own
store. The export has no cached tokens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.imports.usage.cells import amount, at, month, text
from core.imports.usage.format import Ask, Format, Head, RowByRow
from core.imports.usage.otel_names import service_of
from core.imports.usage.record import Amounts, Entry, LeftOut, Stage, Subject, Taken
from core.imports.usage.tags import GROUP_TAGS, added, group_of
from core.units import CENTS_PER_USD

SERVICE = "Portkey"
COLUMNS = {
    "created_at": "time",
    "is_success": "whether a request was answered",
    "response_status_code": "whether a request was answered",
    "cache_status": "answered by the gateway's own cache",
    "ai_org": "service",
    "ai_model": "model",
    "req_units": "input tokens",
    "res_units": "output tokens",
    "cost": "cost in cents",
    "cost_currency": "currency",
    "metadata": "",
    **dict.fromkeys(GROUP_TAGS, "use, from the request's metadata"),
}
HITS = ("HIT", "SEMANTIC HIT")


def recognises(head: Head) -> bool:
    """Whether a line of the export stands there."""
    return all(f'"{key}"' in head.text for key in ("ai_model", "req_units", "res_units"))


class PortkeyReader(RowByRow):
    """Reads requests one by one."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.said = ["this export has no cached tokens: how many of the input were cached is not known"]
        self.asks: list[Ask] = []

    def take(self, entry: Entry) -> Iterator[Taken | LeftOut]:
        """The tokens of a request, unless no model answered."""
        asked, answered = amount(entry, "req_units"), amount(entry, "res_units")
        tokens = added(asked, answered) or 0.0
        model, status = text(entry, "ai_model"), text(entry, "response_status_code")
        stage: Stage = "embedding" if "embed" in model.lower() else "inference"
        if text(entry, "cache_status").upper() in HITS:
            yield LeftOut("answered from Portkey's own cache: no model ran", tokens)
        elif text(entry, "is_success").lower() in ("0", "false") or (status and not status.startswith("2")):
            yield LeftOut("failed: no model answered", tokens)
        elif not tokens:
            yield LeftOut("requests without a count of tokens: missing, not nought")
        else:
            start, cents = at(entry, "created_at"), amount(entry, "cost")
            currency = text(entry, "cost_currency").upper() or "USD"
            costs = {currency: cents / CENTS_PER_USD} if cents else {}
            group = group_of(entry, "metadata")
            subject = Subject(service_of(text(entry, "ai_org")), model, group=group, stage=stage, month=month(start))
            yield Taken(subject, Amounts(1.0, asked, None, answered, costs=costs), start)


FORMAT = Format(
    kind="Portkey logs", service=SERVICE, layout="json_lines", columns=COLUMNS, recognises=recognises,
    reader=PortkeyReader,
)  # fmt: skip
