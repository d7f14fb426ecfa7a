"""Cloudflare AI Gateway's logs, as its API answers: a request a row.

Verified: fields in Cloudflare's API description. `cached` says that the gateway answered from its own store. The log
tells no cached tokens of the provider.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.imports.usage.cells import amount, at, month, text, yes
from core.imports.usage.format import Ask, Format, Head, RowByRow
from core.imports.usage.otel_names import service_of
from core.imports.usage.record import Amounts, Entry, LeftOut, Stage, Subject, Taken
from core.imports.usage.tags import GROUP_TAGS, added, group_of

SERVICE = "Cloudflare AI Gateway"
COLUMNS = {
    "created_at": "time", "cached": "answered by the gateway's own cache", "success": "whether a request was answered",
    "status_code": "whether a request was answered", "provider": "service", "model": "model",
    "tokens_in": "input tokens", "tokens_out": "output tokens", "cost": "cost in USD", "metadata": "",
    **dict.fromkeys(GROUP_TAGS, "use, from the request's metadata"),
}  # fmt: skip


def recognises(head: Head) -> bool:
    """Whether a request stands there."""
    return not head.columns and all(
        f'"{key}"' in head.text for key in ("tokens_in", "tokens_out", "cached", "provider")
    )


class CloudflareReader(RowByRow):
    """Reads requests one by one."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.said = ["this log has no cached tokens: how many of the input were cached is not known"]
        self.asks: list[Ask] = []

    def take(self, entry: Entry) -> Iterator[Taken | LeftOut]:
        """The tokens of a request, unless no model answered."""
        asked, answered = amount(entry, "tokens_in"), amount(entry, "tokens_out")
        tokens = added(asked, answered) or 0.0
        model, status = text(entry, "model"), text(entry, "status_code")
        stage: Stage = "embedding" if "embed" in model.lower() else "inference"
        if yes(entry, "cached"):
            yield LeftOut("answered from the gateway's own cache: no model ran", tokens)
        elif text(entry, "success").lower() == "false" or (status and not status.startswith("2")):
            yield LeftOut("failed: no model answered", tokens)
        elif not tokens:
            yield LeftOut("requests without a count of tokens: missing, not nought")
        else:
            start, cost = at(entry, "created_at"), amount(entry, "cost")
            group, service = group_of(entry, "metadata"), service_of(text(entry, "provider"))
            found = Amounts(1.0, asked, None, answered, costs={"USD": cost} if cost else {})
            yield Taken(Subject(service, model, group=group, stage=stage, month=month(start)), found, start)


FORMAT = Format(
    kind="Cloudflare AI Gateway logs", service=SERVICE, layout="json_lines", columns=COLUMNS, recognises=recognises,
    reader=CloudflareReader, each=("result",),
)  # fmt: skip
