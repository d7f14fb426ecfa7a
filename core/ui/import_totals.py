"""What the files add up to: tokens by model and by month, input, cached input and output told apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import streamlit as st

from core import charts, words
from core.imports.usage.reading import UsageReading
from core.imports.usage.record import Amounts, Subject
from core.ui import import_asked, state
from core.ui.frame import is_dark
from core.ui.import_shown import View
from core.ui.picture import chart
from core.ui.shown import section
from core.words import Scale

BY = "import:by"
WAYS = {"model": "By model", "month": "By month", "group": "By project"}
FRESH, CACHED, OUTPUT = "Input", "Input from cache", "Output"
PARTS = (FRESH, CACHED, OUTPUT)
MOST_ROWS = 8
UNNAMED = "not named"


def totals(view: View) -> None:
    """A stacked bar a model, month or project, and the same as a table."""
    readings = view.readings
    if import_asked.unmapped(view):
        return
    ways = {way: _sums(readings, way) for way in WAYS}
    offered = [way for way in WAYS if way == "model" or len(ways[way]) > 1]
    section("What the files add up to", "Tokens as the files count them, before anything is annualised")
    way = _chosen(offered)
    sums = ways[way]
    tokens = {name: parts for name, one in sums.items() if sum((parts := _tokens(one)).values()) > 0}
    if tokens:
        _drawn(way, sums, tokens)
    else:
        st.markdown("The files count no tokens.")
    told = cost_said(readings)
    if told:
        st.markdown(words.markdown_safe(told))


def _chosen(offered: list[str]) -> str:
    held = str(state.session().drafts.get(BY) or "")
    chosen = held if held in offered else offered[0]
    if len(offered) > 1:
        state.bind(BY, chosen)
        st.segmented_control("Tokens shown", offered, key=BY, default=chosen, required=True, on_change=_choose,
                             format_func=lambda way: WAYS[way], label_visibility="collapsed")  # fmt: skip
    return chosen


def _choose() -> None:
    state.session().drafts[BY] = state.typed(BY)


def _each(readings: Sequence[UsageReading]) -> Iterator[tuple[Subject, Amounts]]:
    return (item for reading in readings for item in reading.amounts.items())


def _named(way: str) -> Callable[[Subject], str]:
    return lambda subject: str(getattr(subject, way)) or UNNAMED


def _sums(readings: Sequence[UsageReading], way: str) -> dict[str, Amounts]:
    """Amounts by model, month or project: months in order, all else from the largest down."""
    found: dict[str, Amounts] = defaultdict(Amounts)
    name = _named(way)
    for subject, amounts in _each(readings):
        found[name(subject)].add(amounts)
    if way == "month":
        return dict(sorted(found.items()))
    return dict(sorted(found.items(), key=lambda item: -sum(_tokens(item[1]).values())))


def _tokens(amounts: Amounts) -> dict[str, float]:
    """The parts of a bar; cached input is part of the input, and is drawn once."""
    cached = amounts.cached_tokens or 0.0
    return {FRESH: (amounts.input_tokens or 0.0) - cached, CACHED: cached, OUTPUT: amounts.output_tokens or 0.0}


def _drawn(way: str, sums: Mapping[str, Amounts], tokens: Mapping[str, dict[str, float]]) -> None:
    shown = _at_most(way, tokens)
    wholes = {name: sum(parts.values()) for name, parts in shown.items()}
    scale = words.count_scale(max(wholes.values()))
    rows = [
        {"row": name, "part": part, "value": value / scale.divisor}
        for name, parts in shown.items() for part, value in parts.items()
    ]  # fmt: skip
    ends = {name: words.quantity(whole, words.count_scale(whole)) for name, whole in wholes.items()}
    spec = charts.stacked_rows(rows, PARTS, ends, f"Tokens {WAYS[way].lower()}, stacked", is_dark())
    chart(spec, _summary(tokens, scale), _table(way, sums))


def _at_most(way: str, tokens: Mapping[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    """The rows that are drawn: the last months, or the largest models and the rest as one."""
    if len(tokens) <= MOST_ROWS:
        return dict(tokens)
    names = list(tokens)
    if way == "month":
        return {name: tokens[name] for name in names[-MOST_ROWS:]}
    rest = [tokens[name] for name in names[MOST_ROWS - 1 :]]
    other = f"{charts.OTHER}, {len(rest)}"
    return {n: tokens[n] for n in names[: MOST_ROWS - 1]} | {other: {p: sum(r[p] for r in rest) for p in PARTS}}


def _summary(tokens: Mapping[str, dict[str, float]], scale: Scale) -> str:
    """The largest row and its share of all tokens."""
    whole = sum(sum(parts.values()) for parts in tokens.values())
    name, parts = max(tokens.items(), key=lambda item: sum(item[1].values()))
    largest = sum(parts.values())
    said = f"{words.quantity(whole, scale)} tokens in all; {name} has {words.percent(largest / whole)} of them"
    return f"{said}." if len(tokens) > 1 else f"{words.quantity(whole, scale)} tokens, all of {name}."


def _table(way: str, sums: Mapping[str, Amounts]) -> dict[str, list[str]]:
    columns: dict[str, list[str]] = {
        WAYS[way].removeprefix("By ").capitalize(): [words.markdown_safe(name) for name in sums],
        "Requests": [words.count(a.requests, "").strip() if a.requests is not None else "–" for a in sums.values()],
    }
    for label, field in (("Input", "input_tokens"), ("of it cached", "cached_tokens"), ("Output", "output_tokens")):
        values = [getattr(amounts, field) for amounts in sums.values()]
        columns[label] = ["–" if value is None else words.quantity(value, words.count_scale(value)) for value in values]
    return columns


def cost_said(readings: Sequence[UsageReading]) -> str:
    """What the files say was paid, by currency; blank where they say nothing."""
    costs: dict[str, float] = defaultdict(float)
    for _, one in _each(readings):
        for currency, cost in one.costs.items():
            costs[currency] += cost
    told = [f"{currency or 'no currency named'}\u00a0{words.figure(cost)}" for currency, cost in sorted(costs.items())]
    return f"Paid, as the files say: {', '.join(told)}." if told else ""


def said(some: Iterable[Amounts]) -> str:
    """Some amounts together in one line: requests, tokens, machine hours."""
    found = Amounts()
    for one in some:
        found.add(one)
    parts = [
        _said(found.requests, "request"), _said(found.input_tokens, "input token"),
        _said(found.output_tokens, "output token"), _said(found.gpu_h, "accelerator hour"),
        _said(found.machine_h, "machine hour"),
    ]  # fmt: skip
    if found.cached_tokens and found.input_tokens:
        parts[1] += f" ({words.percent(found.cached_tokens / found.input_tokens)} from cache)"
    return ", ".join(part for part in parts if part)


def _said(value: float | None, one: str) -> str:
    """A number of things, in millions where they are many; blank where nobody counted.

    >>> _said(None, "request"), _said(1_680.0, "input token").replace("\\u202f", " ").replace("\\xa0", " ")
    ('', '1 680 input tokens')
    >>> _said(2.4e8, "output token").replace("\\xa0", " ")
    '240 m output tokens'
    """
    if value is None:
        return ""
    scale = words.count_scale(value)
    return words.count(value, one) if not scale.label else f"{words.quantity(value, scale)}\u00a0{one}s"
