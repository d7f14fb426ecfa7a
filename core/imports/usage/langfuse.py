"""Langfuse observations, as its blob export writes them: a generation a row, with the parts of its usage.

Verified: fields in Langfuse's export reference; usage types are free names, "input" or "output" inside them says the
side, and the total is their sum where none is sent (its documentation); `output_reasoning_tokens` and
`input_cached_tokens` beside `input` and `output` in public code. Whether parts stand beside or inside input and output
is decided by the row's total; a row whose parts fit neither way is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.imports.usage.cells import amount, at, month, text
from core.imports.usage.format import Ask, Format, Head, RowByRow
from core.imports.usage.record import Amounts, Entry, LeftOut, RowError, Stage, Subject, Taken
from core.imports.usage.tags import parsed

SERVICE = "Langfuse"
COLUMNS = {
    "type": "whether a row is a model call",
    "start_time": "start",
    "end_time": "end",
    "level": "whether a call failed",
    "provided_model_name": "model",
    "usage_details": "tokens by kind",
    "total_cost": "cost in USD",
    "project_id": "group",
    "environment": "group, where it is not production",
}
# Kinds of usage by the names that integrations give them; in JSON no other kind is read.
PARTS = frozenset({
    "input", "output", "total", "input_cached_tokens", "input_cache_read", "input_cache_creation",
    "input_cache_creation_5m", "input_cache_creation_1h", "cache_read_input_tokens", "cache_creation_input_tokens",
    "input_text_tokens", "input_audio_tokens", "input_image_tokens", "input_cached_text_tokens",
    "input_cached_audio_tokens", "output_text_tokens", "output_audio_tokens", "output_reasoning_tokens",
    "output_reasoning", "output_accepted_prediction_tokens", "output_rejected_prediction_tokens", "reasoning_tokens",
})  # fmt: skip
CALLS: Mapping[str, Stage] = {"GENERATION": "inference", "EMBEDDING": "embedding"}
PRODUCTION = ("", "default", "production", "prod")
BESIDE = "cached and reasoning tokens stand beside input and output where the parts add up to the row's total"
INSIDE = "cached and reasoning tokens are inside input and output where these two alone make the row's total"


def recognises(head: Head) -> bool:
    """Whether the columns of an observation are there."""
    return {"usage_details", "provided_model_name", "type"} <= set(head.columns)


def recognises_json(head: Head) -> bool:
    """Whether an observation stands there."""
    return not head.columns and all(f'"{key}"' in head.text for key in ("usage_details", "provided_model_name", "type"))


class LangfuseReader(RowByRow):
    """Reads observations one by one."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.said = ["only generations and embeddings count; times carry no zone and are UTC, as Langfuse writes them"]
        self.asks: list[Ask] = []

    def take(self, entry: Entry) -> Iterator[Taken | LeftOut]:
        """The tokens of a model call, or why a row is none."""
        kind = text(entry, "type").upper()
        parts = _parts(entry)
        tokens = parts.get("total") or sum(parts.values())
        if kind not in CALLS:
            yield LeftOut("spans, events and the like: no model call of their own", tokens)
        elif not parts:
            failed = text(entry, "level").upper() == "ERROR"
            yield LeftOut("failed calls" if failed else "calls without a count of tokens: missing, not nought")
        else:
            start = at(entry, "start_time")
            found = self._counted(parts)
            cost = amount(entry, "total_cost")
            found.costs = {"USD": cost} if cost else {}
            subject = Subject(
                SERVICE, text(entry, "provided_model_name"), "", _group(entry), CALLS[kind], month=month(start)
            )
            yield Taken(subject, found, start, at(entry, "end_time"))

    def _counted(self, parts: Mapping[str, float]) -> Amounts:
        """Input with cached and output with reasoning tokens, by the rule that the row's total bears out."""
        sides: dict[str, float] = {"input": 0.0, "cached": 0.0, "output": 0.0, "reasoning": 0.0, "": 0.0}
        for name, value in parts.items():
            if name != "total":
                sides[_side(name)] += value
        plain_input, plain_output = parts.get("input", 0.0), parts.get("output", 0.0)
        every = sum(sides.values())
        total = parts.get("total", every)
        if not sides[""] and total == every:
            if every != plain_input + plain_output:
                self._say(BESIDE)
            whole_input, whole_output = sides["input"] + sides["cached"], sides["output"] + sides["reasoning"]
        elif total == plain_input + plain_output:
            self._say(INSIDE)
            whole_input, whole_output = plain_input, plain_output
        else:
            raise RowError(
                f"usage_details: its parts add up to {every:,.0f} and input and output to "
                f"{plain_input + plain_output:,.0f}; one of them must be the total, {total:,.0f}"
            )
        if sides["cached"] > whole_input or sides["reasoning"] > whole_output:
            raise RowError("usage_details: more tokens are cached or reasoning than there are in and out")
        known = {_side(name) for name in parts}
        cached = sides["cached"] if "cached" in known else None
        return Amounts(1.0, whole_input, cached, whole_output, sides["reasoning"] if "reasoning" in known else None)


def _parts(entry: Entry) -> dict[str, float]:
    """The usage of a row by kind, without kinds of none."""
    found = parsed(entry, "usage_details")
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise RowError("usage_details is no group of names and numbers")
    row = Entry(entry.place, found)
    return {str(name): value for name in found if (value := amount(row, name)) is not None}


def _side(name: str) -> str:
    """Which side a kind of usage is on; blank where its name does not tell."""
    words = name.lower()
    if "cach" in words and not any(word in words for word in ("creat", "writ")):
        return "cached"
    if "reason" in words or "thought" in words or "thinking" in words:
        return "reasoning"
    if "input" in words or "prompt" in words or "cach" in words:
        return "input"
    return "output" if "output" in words or "completion" in words else ""


def _group(entry: Entry) -> str:
    project, environment = text(entry, "project_id"), text(entry, "environment")
    return project if environment.lower() in PRODUCTION else f"{project} ({environment})"


FORMAT = Format(
    kind="Langfuse observations", service=SERVICE, layout="delimited", columns=COLUMNS, recognises=recognises,
    reader=LangfuseReader,
)  # fmt: skip
# In JSON the prompt and the answer stand under `input` and `output` too: only numbers are kept of these keys.
JSON_FORMAT = Format(
    kind="Langfuse observations (JSON)", service=SERVICE, layout="json_lines",
    columns={**COLUMNS, **dict.fromkeys(PARTS, "tokens by kind")}, recognises=recognises_json, reader=LangfuseReader,
    numbers=PARTS,
)  # fmt: skip
