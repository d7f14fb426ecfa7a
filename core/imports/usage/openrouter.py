"""OpenRouter's activity: a generation a row, or a day, model and endpoint a row, as a table or from its API.

Verified: fields of the activity API in OpenRouter's reference; columns of both exports in public readers. Prompt tokens
hold the cached ones and completion tokens the reasoning, as OpenRouter bills them. Which provider answered is named,
where it ran is not. A cancelled generation was run as far as its tokens go.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from core.imports.usage.cells import amount, at, month, needed, text
from core.imports.usage.format import Ask, Format, Head, RowByRow
from core.imports.usage.record import Amounts, Entry, LeftOut, RowError, Subject, Taken
from core.imports.usage.tags import added

SERVICE = "OpenRouter"
DAY = timedelta(days=1)
GENERATIONS = {
    "created_at": "time", "model_permaslug": "model", "app_name": "group", "tokens_prompt": "input tokens",
    "tokens_cached": "cached tokens, inside the input", "tokens_completion": "output tokens, reasoning included",
    "tokens_reasoning": "reasoning tokens, inside the output", "cost_total": "cost in USD",
    "byok_usage_inference": "cost in USD at the provider, with a key of one's own",
}  # fmt: skip
DAYS = {
    "date": "day", "model_permaslug": "model", "model": "model", "requests": "requests",
    "prompt_tokens": "input tokens", "completion_tokens": "output tokens, reasoning included", "usage": "cost in USD",
    "reasoning_tokens": "reasoning tokens, inside the output",
    "byok_usage_inference": "cost in USD at the provider, with a key of one's own",
}  # fmt: skip
# The columns of the day's export, and how the API calls them.
AS_API = {
    "Date": "date", "Slug": "model", "Usage": "usage", "BYOK Usage": "byok_usage_inference", "Requests": "requests",
    "Prompt Tokens": "prompt_tokens", "Completion Tokens": "completion_tokens", "Reasoning Tokens": "reasoning_tokens",
}  # fmt: skip
INSIDE = "cached tokens are inside the prompt tokens, reasoning inside the completion tokens, as OpenRouter bills them"
UNCACHED = "this export has no column of cached tokens: how many of the input were cached is not known"


class OpenRouter(RowByRow):
    """What the exports share."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.said = [INSIDE]
        self.asks: list[Ask] = []


class GenerationReader(OpenRouter):
    """Reads a row a generation."""

    def take(self, entry: Entry) -> Iterator[Taken | LeftOut]:
        """The tokens of a generation."""
        start = at(entry, "created_at")
        if start is None:
            raise RowError("created_at is blank; it must be a time")
        found = Amounts(
            1.0, needed(entry, "tokens_prompt"), amount(entry, "tokens_cached"), needed(entry, "tokens_completion"),
            amount(entry, "tokens_reasoning"), costs=_cost(entry, "cost_total"),
        )  # fmt: skip
        _inside("tokens_cached", found.cached_tokens, "tokens_prompt", found.input_tokens)
        _inside("tokens_reasoning", found.reasoning_tokens, "tokens_completion", found.output_tokens)
        model, group = text(entry, "model_permaslug"), text(entry, "app_name")
        yield Taken(Subject(SERVICE, model, group=group, month=month(start)), found, start)


class DayReader(OpenRouter):
    """Reads a row a day, model and endpoint."""

    def take(self, entry: Entry) -> Iterator[Taken | LeftOut]:
        """The requests of a row."""
        row = Entry(entry.place, {AS_API.get(name, name): cell for name, cell in entry.cells.items()})
        start = at(row, "date")
        if start is None:
            raise RowError("date is blank; it must be a day")
        self._say(UNCACHED)
        found = Amounts(
            needed(row, "requests"), needed(row, "prompt_tokens"), None, needed(row, "completion_tokens"),
            amount(row, "reasoning_tokens"), costs=_cost(row, "usage"),
        )  # fmt: skip
        _inside("reasoning_tokens", found.reasoning_tokens, "completion_tokens", found.output_tokens)
        model = text(row, "model_permaslug") or text(row, "model")
        yield Taken(Subject(SERVICE, model, month=month(start)), found, start, start + DAY)


def _inside(part: str, value: float | None, whole: str, most: float | None) -> None:
    if (value or 0.0) > (most or 0.0):
        raise RowError(f"{part} is {value:,.0f}; it must be at most {whole}, {most or 0.0:,.0f}")


def _cost(entry: Entry, column: str) -> dict[str, float]:
    """What a row cost at OpenRouter and, with a key of one's own, at the provider."""
    cost = added(amount(entry, column), amount(entry, "byok_usage_inference"))
    return {"USD": cost} if cost else {}


def _is_generations(head: Head) -> bool:
    return {"created_at", "model_permaslug", "tokens_prompt", "tokens_completion"} <= set(head.columns)


def _is_days(head: Head) -> bool:
    return {"Date", "Slug", "Prompt Tokens", "Completion Tokens"} <= set(head.columns)


def _is_api(head: Head) -> bool:
    return '"model_permaslug"' in head.text and '"byok_usage_inference"' in head.text


LOGS = Format("OpenRouter generations (CSV)", SERVICE, "delimited", GENERATIONS, _is_generations, GenerationReader)
DAILY = Format(
    "OpenRouter activity (CSV)", SERVICE, "delimited", {old: DAYS[new] for old, new in AS_API.items()}, _is_days,
    DayReader,
)  # fmt: skip
API = Format("OpenRouter activity (JSON)", SERVICE, "json", DAYS, _is_api, DayReader, each=("data",))
