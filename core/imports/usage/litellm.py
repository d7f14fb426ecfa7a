"""LiteLLM's tables: every request (SpendLogs), and a day by user, team or tag, key and model (Daily...Spend).

A row with `cache_hit` was answered by the gateway from its own store: tokens are logged, no model ran. Verified: the
columns in LiteLLM's database schema; in its code, that prompt tokens hold cached ones whatever the provider (it adds
the cache reads and writes of Anthropic to them). A request with several tags stands in the table by tag once for each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from core.imports.usage.cells import amount, at, month, needed, text, yes, zone_of
from core.imports.usage.format import Ask, Format, Head, RowByRow
from core.imports.usage.record import Amounts, Entry, LeftOut, RowError, Stage, Subject, Taken
from core.imports.usage.tags import tagged

SERVICE = "LiteLLM"
DAY = timedelta(days=1)
LOGS = {
    "call_type": "kind of call",
    "spend": "cost in USD",
    "prompt_tokens": "input tokens",
    "completion_tokens": "output tokens",
    "startTime": "start",
    "endTime": "end",
    "model": "model",
    "request_tags": "use, from its tags",
    "team_id": "team, where no tag names the use",
    "model_group": "group, where there is no team",
    "custom_llm_provider": "provider, before the model's name",
    "cache_hit": "answered by the gateway's own cache",
    "status": "success or failure",
}
DAYS = {
    "date": "day",
    "model": "model",
    "tag": "use, in the table by tag",
    "team_id": "team, in the table by team",
    "model_group": "group, where there is no team",
    "custom_llm_provider": "provider, before the model's name",
    "endpoint": "kind of call",
    "prompt_tokens": "input tokens, cached ones included",
    "completion_tokens": "output tokens",
    "cache_read_input_tokens": "cached tokens, inside the input",
    "spend": "cost in USD",
    "successful_requests": "requests",
}
GATEWAY = "answered from LiteLLM's own cache: no model ran"
FAILED = "failed: no model answered"
NOTHING = "rows without tokens and cost: no model ran"
BY_TAG = "in the table by tag, a request with several tags stands once for each: its tokens count as often"
OTHER = "another kind of call than text or embedding"
INSIDE = "cached tokens are inside the prompt tokens, as LiteLLM counts them: they are not added"
SUCCESSFUL = "requests are the successful ones; failed ones are not counted"
UNCACHED = "these logs have no column of cached tokens: how many of the input were cached is not known"
UTC_CLOCK = "times carry no zone: read as UTC, as LiteLLM writes them"
ZONE = Ask("zone", "Time zone of the log", "LiteLLM writes UTC; say another where the export turned it", usual="UTC")
TEXT_CALLS = ("completion", "responses", "generate", "message", "anthropic", "chat", "pass_through", "")


def _stage(call: str) -> Stage | None:
    """What kind of work a call is; None where it is neither text nor embedding."""
    bare = call.lower()
    if "embedding" in bare:
        return "embedding"
    known = any(part in bare for part in TEXT_CALLS if part)
    return "inference" if known or not bare else None


class LiteLLM(RowByRow):
    """What both tables share: the rules it followed, and the subject of a row."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.said: list[str] = []
        self.asks: list[Ask] = [ZONE]
        self._zone = zone_of(answers)

    def _model(self, entry: Entry) -> str:
        """The model with its provider before it, where the name has none."""
        model, provider = text(entry, "model"), text(entry, "custom_llm_provider")
        return model if not provider or model.startswith(f"{provider}/") or not model else f"{provider}/{model}"


class Logs(LiteLLM):
    """Reads a row a request."""

    def take(self, entry: Entry) -> Iterator[Taken | LeftOut]:
        """The request, unless no model ran."""
        tokens = (amount(entry, "prompt_tokens") or 0.0) + (amount(entry, "completion_tokens") or 0.0)
        stage = _stage(text(entry, "call_type"))
        if yes(entry, "cache_hit"):
            yield LeftOut(GATEWAY, tokens)
        elif text(entry, "status").lower() == "failure":
            yield LeftOut(FAILED, tokens)
        elif stage is None:
            yield LeftOut(OTHER, tokens)
        elif not tokens and not amount(entry, "spend"):
            yield LeftOut(NOTHING)
        else:
            yield self._request(entry, stage)

    def _request(self, entry: Entry, stage: Stage) -> Taken:
        start = at(entry, "startTime", self._zone)
        if start is None:
            raise RowError("startTime is blank; it must be a time")
        self._say(UTC_CLOCK)
        self._say(UNCACHED)
        spend = amount(entry, "spend")
        found = Amounts(
            requests=1.0,
            input_tokens=needed(entry, "prompt_tokens"),
            output_tokens=needed(entry, "completion_tokens"),
            costs={"USD": spend} if spend else {},
        )
        group = tagged(entry, "request_tags") or text(entry, "team_id") or text(entry, "model_group")
        subject = Subject(SERVICE, self._model(entry), group=group, stage=stage, month=month(start))
        return Taken(subject, found, start, at(entry, "endTime", self._zone))


class Days(LiteLLM):
    """Reads a row a day, user, key and model."""

    def take(self, entry: Entry) -> Iterator[Taken | LeftOut]:
        """The day's successful requests."""
        start = at(entry, "date", self._zone)
        if start is None:
            raise RowError("date is blank; it must be a day")
        read, asked = needed(entry, "prompt_tokens"), needed(entry, "successful_requests")
        cached, written = amount(entry, "cache_read_input_tokens"), needed(entry, "completion_tokens")
        stage = _stage(text(entry, "endpoint"))
        if (cached or 0.0) > read:
            raise RowError(f"cache_read_input_tokens is {cached:,.0f}; it must be at most prompt_tokens, {read:,.0f}")
        if stage is None:
            yield LeftOut(OTHER, read + written)
            return
        if not asked and not read and not written:
            yield LeftOut(FAILED)
            return
        self._say(SUCCESSFUL)
        if cached:
            self._say(INSIDE)
        spend = amount(entry, "spend")
        found = Amounts(asked, read, cached, written, costs={"USD": spend} if spend else {})
        if text(entry, "tag"):
            self._say(BY_TAG)
        group = text(entry, "tag") or text(entry, "team_id") or text(entry, "model_group")
        subject = Subject(SERVICE, self._model(entry), group=group, stage=stage, month=month(start))
        yield Taken(subject, found, start, start + DAY)


def _is_logs(head: Head) -> bool:
    return {"call_type", "spend", "prompt_tokens", "startTime", "cache_hit"} <= set(head.columns)


def _is_json_logs(head: Head) -> bool:
    return not head.columns and all(
        f'"{key}"' in head.text for key in ("call_type", "spend", "startTime", "completion_tokens")
    )


def _is_days(head: Head) -> bool:
    return {"prompt_tokens", "cache_read_input_tokens", "spend", "successful_requests"} <= set(head.columns)


JSON_LOGS = Format("LiteLLM spend logs (JSON)", SERVICE, "json_lines", LOGS, _is_json_logs, Logs)
SPEND_LOGS = Format("LiteLLM spend logs", SERVICE, "delimited", LOGS, _is_logs, Logs)
DAILY = Format("LiteLLM daily spend", SERVICE, "delimited", DAYS, _is_days, Days)
