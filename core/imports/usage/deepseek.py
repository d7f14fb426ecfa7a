"""DeepSeek's usage export: a table of amounts, a row a period, model, key and kind of amount, and one of costs.

Verified: columns and kinds in several public readers; older tables have a day (`utc_date`) in place of a start and an
end. Input is counted in two parts side by side, as the cache hit or missed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from core.imports.usage.cells import at, month, needed, quoted_word, signed, text
from core.imports.usage.format import Ask, Format, Head, RowByRow
from core.imports.usage.record import Amounts, Entry, LeftOut, RowError, Subject, Taken

SERVICE = "DeepSeek"
DAY = timedelta(days=1)
TIMES = {"utc_date": "day", "start_time_iso": "start", "end_time_iso": "end"}
AMOUNTS = {**TIMES, "model": "model", "type": "kind of amount", "amount": "requests or tokens"}
COSTS = {**TIMES, "model": "model", "cost": "cost", "currency": "currency"}
BESIDE = "input = cache hit + cache miss tokens, as DeepSeek counts them side by side"


class DeepSeek(RowByRow):
    """Reads rows of either table."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.said = [BESIDE]
        self.asks: list[Ask] = []

    def take(self, entry: Entry) -> Iterator[Taken | LeftOut]:
        """One kind of amount, or a cost."""
        start, end = _times(entry)
        subject = Subject(SERVICE, text(entry, "model"), month=month(start))
        if "cost" in entry.cells:
            cost = signed(entry, "cost")
            if cost:
                yield Taken(subject, Amounts(costs={text(entry, "currency").upper() or "CNY": cost}), start, end)
            else:
                yield LeftOut("a cost of nought")
            return
        found = _amounts(text(entry, "type").lower(), needed(entry, "amount"))
        if found.requests is None and not found.input_tokens and not found.output_tokens:
            yield LeftOut("amounts of nought")
        else:
            yield Taken(subject, found, start, end)


def _amounts(kind: str, value: float) -> Amounts:
    if kind == "request_count":
        return Amounts(requests=value)
    if kind == "output_tokens":
        return Amounts(output_tokens=value)
    if kind in ("input_cache_hit_tokens", "input_cache_miss_tokens"):
        return Amounts(input_tokens=value, cached_tokens=value if kind == "input_cache_hit_tokens" else 0.0)
    known = "request_count, input_cache_hit_tokens, input_cache_miss_tokens or output_tokens"
    raise RowError(f"type is {quoted_word(kind)}; it must be {known}")


def _times(entry: Entry) -> tuple[datetime, datetime]:
    day = at(entry, "utc_date")
    if day is not None:
        return day, day + DAY
    start, end = at(entry, "start_time_iso"), at(entry, "end_time_iso")
    if start is None or end is None:
        raise RowError("utc_date, or start_time_iso and end_time_iso, are blank; they must be times")
    return start, end


def _is_amounts(head: Head) -> bool:
    return {"model", "type", "amount", "api_key_name"} <= set(head.columns)


def _is_costs(head: Head) -> bool:
    columns = set(head.columns)
    return {"model", "cost", "currency"} <= columns and bool(columns & {"utc_date", "start_time_iso"})


AMOUNT_TABLE = Format("DeepSeek usage (CSV)", SERVICE, "delimited", AMOUNTS, _is_amounts, DeepSeek)
COST_TABLE = Format("DeepSeek costs (CSV)", SERVICE, "delimited", COSTS, _is_costs, DeepSeek)
