"""What of a plan is estimated, extrapolated or not known, in sentences: nothing of it is counted as nought."""

from __future__ import annotations

from collections.abc import Iterator

from core import words
from core.exports.answer import Answer
from core.exports.covers import nearness_said
from core.exports.markup import cut_short
from core.exports.origins import by_status, used
from core.exports.outside import credits_said, on_devices
from core.exports.supporting import unpriced
from core.results.later_notes import later_notes
from core.results.lever_warnings import lever_conflicts
from core.results.near import near_all

MOST_TOLD = 8
MOST_NAMED = 3
LONGEST = 170  # signs of a sentence
LEFT_OUT = (
    "Not in any range: a change of the market or the law, demand beyond the growth entered, hardware not yet "
    "built, and mistakes in what was typed."
)


def unknowns(answer: Answer) -> list[str]:
    """Every sentence, cut to what a page holds."""
    told = [cut_short(line, LONGEST) for line in _told(answer)]
    more = len(told) - MOST_TOLD
    return told if more <= 0 else [*told[: MOST_TOLD - 1], f"and {more + 1} more, told on the pages of the app"]


def _told(answer: Answer) -> Iterator[str]:
    found, plan, year = answer.found, answer.plan, answer.year
    names = {w.id: w.name for w in plan.workloads}
    refused = [f"{names.get(key, key)}: {why}" for key, why in found.refused.items()]
    for line in refused[:MOST_NAMED]:
        yield f"Left out of every figure: {line}."
    if len(refused) > MOST_NAMED:
        yield f"{len(refused) - MOST_NAMED} more workloads are left out of every figure."
    near = near_all(found, year)
    if near:
        yield f"{nearness_said(near, names)}."
    undisclosed = _models(answer)
    if undisclosed:
        yield f"Size not published by its maker, so drawn over a wide range: {_listed(undisclosed)}."
    counts = ", ".join(f"{count} {status}" for status, count in by_status(list(used(plan))).items())
    yield f"Factors by status: {counts}."
    without = unpriced(found, found.place(year))
    if without:
        yield f"A price is unknown for {_listed(without)}: the cost is what is known of it, and at least that."
    yield from filter(None, (credits_said(found), on_devices(found)))
    yield from lever_conflicts(plan)
    yield from later_notes(plan)
    yield LEFT_OUT


def _models(answer: Answer) -> list[str]:
    catalog = answer.found.catalog
    keys = dict.fromkeys(w.model for w in answer.plan.shown() if w.model in catalog.models)
    return [catalog.models[key].name for key in keys if not catalog.models[key].disclosed]


def _listed(names: list[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {words.count(more, 'other')}" if more > 0 else "")
