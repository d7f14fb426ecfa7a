"""OpenAI's usage and costs, as its organisation API pages them or as a table with the same names.

Cached and cache-written tokens are inside the input tokens. `input_text_tokens` are uncached ones, once more. Verified:
fields in OpenAI's API description; in public readers, that its dashboard writes tables of the same names with a row for
each bucket, blank where nothing was used, and costs as `amount_value` and `amount_currency`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from core.imports.usage.cells import amount, at, inner, listed, month, needed, signed, text, yes
from core.imports.usage.format import Ask, Format, Head, RowByRow
from core.imports.usage.record import Amounts, Entry, LeftOut, RowError, Stage, Subject, Taken

SERVICE = "OpenAI"
USAGE = {
    "start_time": "start of the period",
    "end_time": "end of the period",
    "project_id": "group",
    "model": "model",
    "batch": "batch or not",
    "num_model_requests": "requests",
    "input_tokens": "input tokens, cached ones included",
    "input_cached_tokens": "cached tokens, inside the input",
    "output_tokens": "output tokens, reasoning included",
}
COST_TABLE_COLUMNS = {
    "start_time": "start of the period",
    "end_time": "end of the period",
    "amount_value": "cost",
    "amount_currency": "currency",
    "line_item": "model of a cost",
    "project_id": "group",
}
COSTS = {"amount": "", "value": "cost", "currency": "currency", "line_item": "model of a cost"}
INSIDE = "cached tokens are inside the input tokens, as OpenAI counts them: they are not added"
BATCH = "results of the Batch API are counted with the others of their model and project"
MONEY = "costs stand beside the tokens of the model that their line names"
NO_MODEL = "the usage was not grouped by model: ask for it again with group_by=model"
EMBEDDINGS = "organization.usage.embeddings.result"
COMPLETIONS = "organization.usage.completions.result"
COST = "organization.costs.result"
BUCKET = re.compile(r'"object"\s*:\s*"bucket"')
NOTHING = "a result of nought: no request in its period"


class OpenAI(RowByRow):
    """Reads buckets of results, or rows of the same names."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.said: list[str] = []
        self.asks: list[Ask] = []

    def take(self, entry: Entry) -> Iterator[Taken | LeftOut | RowError]:
        """The results of a bucket; a row of a table is its own bucket."""
        if "amount_value" in entry.cells:
            yield self._cost(entry, entry, entry, "amount_value", "amount_currency")
        elif "results" not in entry.cells:
            embedding = "embedding" in text(entry, "model").lower()
            yield self._usage(entry, entry, "embedding" if embedding else "inference")
        for number, result in enumerate(listed(entry, "results"), 1):
            try:
                yield self._result(entry, result)
            except RowError as error:
                yield RowError(f"result {number:,}: {error}")

    def _result(self, entry: Entry, result: Entry) -> Taken | LeftOut:
        kind = text(result, "object")
        if kind == COST:
            return self._cost(entry, result, inner(result, "amount"), "value", "currency")
        if kind in (COMPLETIONS, EMBEDDINGS):
            return self._usage(entry, result, "embedding" if kind == EMBEDDINGS else "inference")
        return LeftOut(f"results of another kind than tokens and costs ({kind.split('.')[-2:][0] or 'unnamed'})")

    def end(self) -> Iterator[Taken | LeftOut | RowError]:
        """Nothing more."""
        return iter(())

    def _usage(self, bucket: Entry, result: Entry, stage: Stage) -> Taken | LeftOut:
        if not any(text(result, column) for column in ("num_model_requests", "input_tokens", "output_tokens")):
            return LeftOut(NOTHING)
        found = Amounts(
            requests=amount(result, "num_model_requests"),
            input_tokens=needed(result, "input_tokens"),
            cached_tokens=amount(result, "input_cached_tokens"),
            output_tokens=amount(result, "output_tokens"),
        )
        if (found.cached_tokens or 0.0) > (found.input_tokens or 0.0):
            raise RowError(
                f"input_cached_tokens is {found.cached_tokens:,.0f}; it must be at most input_tokens, "
                f"{found.input_tokens:,.0f}"
            )
        if not found.requests and not found.input_tokens and not found.output_tokens:
            return LeftOut(NOTHING)
        if found.cached_tokens:
            self._say(INSIDE)
        if yes(result, "batch"):
            self._say(BATCH)
        model = text(result, "model")
        if not model:
            self._say(NO_MODEL)
        return self._of(bucket, model, text(result, "project_id"), stage, found)

    def _cost(self, bucket: Entry, result: Entry, money: Entry, amount_: str, currency: str) -> Taken | LeftOut:
        value = signed(money, amount_)
        if not value:
            return LeftOut("a cost of nought")
        self._say(MONEY)
        model = text(result, "line_item").partition(",")[0].strip()
        costs = {(text(money, currency) or "usd").upper(): value}
        return self._of(bucket, model, text(result, "project_id"), "inference", Amounts(costs=costs))

    def _of(self, bucket: Entry, model: str, group: str, stage: Stage, found: Amounts) -> Taken:
        start = at(bucket, "start_time")
        subject = Subject(SERVICE, model, group=group, stage=stage, month=month(start))
        return Taken(subject, found, start, at(bucket, "end_time"))


def _is_pages(head: Head) -> bool:
    """Pages of results; the first buckets of a page may be empty."""
    return '"organization.usage.' in head.text or f'"{COST}"' in head.text or bool(BUCKET.search(head.text))


def _is_table(head: Head) -> bool:
    return {"num_model_requests", "input_tokens", "start_time"} <= set(head.columns)


def _is_cost_table(head: Head) -> bool:
    return {"amount_value", "amount_currency", "line_item", "start_time"} <= set(head.columns)


def _keys() -> dict[str, Any]:
    return {"results": "", "object": "", **USAGE, **COSTS}


PAGES = Format("OpenAI usage and costs (JSON)", SERVICE, "json", _keys(), _is_pages, OpenAI, each=("data",))
COST_TABLE = Format("OpenAI costs (CSV)", SERVICE, "delimited", COST_TABLE_COLUMNS, _is_cost_table, OpenAI)
TABLE = Format("OpenAI usage (CSV)", SERVICE, "delimited", USAGE, _is_table, OpenAI)
