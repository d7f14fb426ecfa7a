"""Anthropic's usage and costs, as its Admin API pages them and as the tables that the Console writes.

Verified: fields in Anthropic's reference of `usage_report/messages` and `cost_report` (amounts are in cents, as text);
headers of both tables in several public readers. Input is counted in parts side by side: uncached, read from the cache,
written to it for 5 minutes or an hour. Neither the API nor the tables hold a number of requests.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from core.imports.usage.cells import amount, at, inner, listed, month, quoted_word, signed, text
from core.imports.usage.format import Ask, Format, Head, RowByRow
from core.imports.usage.record import Amounts, Entry, LeftOut, RowError, Subject, Taken
from core.imports.usage.sku import GLOBAL
from core.imports.usage.tags import added
from core.units import CENTS_PER_USD

SERVICE = "Anthropic"
DAY = timedelta(days=1)
PAGES = {
    "results": "", "starting_at": "start of the period", "ending_at": "end of the period", "model": "model",
    "workspace_id": "group", "service_tier": "batch or not", "inference_geo": "region, where it is named",
    "uncached_input_tokens": "input tokens beside the cached ones", "cache_read_input_tokens": "cached tokens",
    "cache_creation": "", "ephemeral_1h_input_tokens": "input tokens written to the cache",
    "ephemeral_5m_input_tokens": "input tokens written to the cache", "output_tokens": "output tokens",
    "amount": "cost in cents", "currency": "currency", "cost_type": "whether a cost is of tokens",
}  # fmt: skip
READ = "usage_input_tokens_cache_read"
WRITTEN = (
    "usage_input_tokens_cache_write_5m", "usage_input_tokens_cache_write_1h", "usage_input_tokens_cache_write",
)  # fmt: skip
USAGE = {
    "usage_date_utc": "day", "model_version": "model", "workspace": "group", "usage_type": "batch or not",
    "usage_input_tokens_no_cache": "input tokens beside the cached ones",
    **dict.fromkeys(WRITTEN, "input tokens written to the cache"), READ: "cached tokens",
    "usage_output_tokens": "output tokens", "inference_geo": "region, where it is named",
}  # fmt: skip
COSTS = {
    "usage_date_utc": "day", "model": "model", "workspace": "group", "cost_usd": "cost in USD",
    "cost_type": "whether a cost is of tokens", "inference_geo": "region, where it is named",
}  # fmt: skip
BESIDE = "input = uncached + cache read + cache write tokens, as Anthropic counts them side by side"
NO_REQUESTS = "Anthropic reports no number of requests"
BATCH = "batch usage counts like any other: its lower price is no lower use of energy"
NO_MODEL = "usage that was not grouped by model names none: ask for it again with group_by[]=model"
NOTHING = "results of nought: no token in their period"
OTHER_COST = "costs of tools and sessions: no tokens"


class Anthropic(RowByRow):
    """What pages and tables share: the rules followed, and how a result is counted."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.said: list[str] = []
        self.asks: list[Ask] = []

    def end(self) -> Iterator[Taken | LeftOut | RowError]:
        """Nothing: each result stands for itself."""
        return iter(())

    def _tokens(self, plain: float | None, read: float | None, written: float | None, output: float | None) -> Amounts:
        self._say(BESIDE)
        self._say(NO_REQUESTS)
        return Amounts(None, added(plain, read, written), read, output)


class PageReader(Anthropic):
    """Reads buckets of the Admin API, of tokens and of costs."""

    def take(self, entry: Entry) -> Iterator[Taken | LeftOut | RowError]:
        """The results of a bucket."""
        start, end = at(entry, "starting_at"), at(entry, "ending_at")
        for number, result in enumerate(listed(entry, "results"), 1):
            try:
                one = self._cost(result) if "amount" in result.cells else self._usage(result)
            except RowError as error:
                yield RowError(f"result {number:,}: {error}")
                continue
            if isinstance(one, Amounts):
                subject = Subject(SERVICE, text(result, "model"), _region(result), text(result, "workspace_id"))
                yield Taken(replace(subject, month=month(start)), one, start, end)
            else:
                yield one

    def _usage(self, result: Entry) -> Amounts | LeftOut:
        kept = inner(result, "cache_creation")
        written = added(amount(kept, "ephemeral_5m_input_tokens"), amount(kept, "ephemeral_1h_input_tokens"))
        found = self._tokens(
            amount(result, "uncached_input_tokens"), amount(result, "cache_read_input_tokens"), written,
            amount(result, "output_tokens"),
        )  # fmt: skip
        if not found.input_tokens and not found.output_tokens:
            return LeftOut(NOTHING)
        if not text(result, "model"):
            self._say(NO_MODEL)
        if text(result, "service_tier") == "batch":
            self._say(BATCH)
        return found

    def _cost(self, result: Entry) -> Amounts | LeftOut:
        if text(result, "cost_type") not in ("tokens", ""):
            return LeftOut(OTHER_COST)
        cents, currency = signed(result, "amount"), text(result, "currency") or "USD"
        if cents is None:
            raise RowError("amount is blank; it must be a number of cents")
        return Amounts(costs={currency: cents / CENTS_PER_USD})


class UsageReader(Anthropic):
    """Reads the Console's table of tokens, a row a day, model, key and workspace."""

    def take(self, entry: Entry) -> Iterator[Taken | LeftOut]:
        """The tokens of a row."""
        found = self._tokens(
            amount(entry, "usage_input_tokens_no_cache"), amount(entry, READ),
            added(*(amount(entry, column) for column in WRITTEN)), amount(entry, "usage_output_tokens"),
        )  # fmt: skip
        if text(entry, "usage_type").lower() == "batch":
            self._say(BATCH)
        if not found.input_tokens and not found.output_tokens:
            yield LeftOut(NOTHING)
        else:
            yield _of_day(entry, text(entry, "model_version"), found)


class CostReader(Anthropic):
    """Reads the Console's table of costs."""

    def take(self, entry: Entry) -> Iterator[Taken | LeftOut]:
        """The cost of a row."""
        if text(entry, "cost_type") not in ("token", "tokens", ""):
            yield LeftOut(OTHER_COST)
            return
        cost = signed(entry, "cost_usd")
        if cost is None:
            raise RowError("cost_usd is blank; it must be a number")
        self._say("this table holds costs and no tokens: add the usage export beside it")
        yield _of_day(entry, text(entry, "model"), Amounts(costs={"USD": cost}))


def _of_day(entry: Entry, model: str, found: Amounts) -> Taken:
    start = at(entry, "usage_date_utc")
    if start is None:
        raise RowError("usage_date_utc is blank; it must be a day")
    return Taken(Subject(SERVICE, model, _region(entry), text(entry, "workspace"), month=month(start)), found, start,
                 start + DAY)  # fmt: skip


def _region(entry: Entry) -> str:
    """Where a model was bound to run; blank where Anthropic says nothing."""
    geo = text(entry, "inference_geo").lower()
    if geo in ("", "not_available"):
        return ""
    if not geo.isascii() or not geo.replace("-", "").isalnum():
        raise RowError(f"inference_geo is {quoted_word(geo)}; it must be a region such as us or global")
    return GLOBAL if geo == "global" else geo


def _is_pages(head: Head) -> bool:
    return '"starting_at"' in head.text and ('"uncached_input_tokens"' in head.text or '"cost_type"' in head.text)


def _is_usage(head: Head) -> bool:
    return {"usage_date_utc", "usage_input_tokens_no_cache", "usage_output_tokens"} <= set(head.columns)


def _is_costs(head: Head) -> bool:
    return {"usage_date_utc", "cost_usd", "model"} <= set(head.columns)


JSON = Format("Anthropic usage and costs (JSON)", SERVICE, "json", PAGES, _is_pages, PageReader, each=("data",))
TABLE = Format("Anthropic Console usage (CSV)", SERVICE, "delimited", USAGE, _is_usage, UsageReader)
COST_TABLE = Format("Anthropic Console costs (CSV)", SERVICE, "delimited", COSTS, _is_costs, CostReader)
