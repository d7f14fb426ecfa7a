"""The answer to a search as a file: a CSV with a row for each choice, or JSON with the sentences and reasons too."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from math import isnan
from typing import Any

from core.decide.found import Choice, Found, Relaxation
from core.plan.disarmed import disarm
from core.plan.lever import Lever

COLUMNS = (
    "choice", "levers", "cost_usd", "spent_usd", "carbon_all_years_kg", "quality_loss_pct", "latency_s", "meets",
    "met_share", "unmeasured", "unpriced",
)  # fmt: skip
NUMBERS = ("cost_usd", "spent_usd", "carbon_all_years_kg", "quality_loss_pct", "latency_s", "met_share")


def write_search(found: Found) -> str:
    """Every choice of an answer as CSV text with LF line ends, full precision; an unknown figure is blank."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for name, choice in _choices(found):
        cells = _cells(choice)
        cells |= {name: "" if cells[name] is None else repr(cells[name]) for name in NUMBERS}
        lists = ("levers", "unmeasured", "unpriced")
        cells |= {name: disarm("; ".join(cells[name])) for name in lists} | {"meets": "yes" if choice.meets else "no"}
        writer.writerow({"choice": name} | cells)
    return out.getvalue()


def search_json(found: Found) -> str:
    """The whole answer as JSON: choices, proof, what was left out and why, what to know."""
    told: dict[str, Any] = {
        "status": found.status,
        "said": found.said,
        "sets_searched": found.sets_searched,
        "valid": found.valid,
        "proven": found.proven,
        "why_not_proven": found.why_not_proven,
        "bound_usd": _number(found.bound_usd),
        "choices": [{"choice": name} | _cells(choice) for name, choice in _choices(found)],
        "nearest": found.nearest.said if found.nearest else "",
        "relaxations": [_relaxed(one) for one in found.relaxations],
        "excluded": [{"lever": lever.id, "why": why} for lever, why in found.excluded],
        "questions": list(found.questions),
        "notes": list(found.notes),
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def _relaxed(one: Relaxation) -> dict[str, Any]:
    told = {"limit": one.limit, "now": _number(one.now), "needed": one.needed, "unit": one.unit, "said": one.said}
    changes = [{"limit": part.limit, "now": part.now, "needed": part.needed} for part in one.changes]
    return told | ({"changes": changes} if changes else {})


def _choices(found: Found) -> Iterator[tuple[str, Choice]]:
    named = (("best", found.best), ("without candidates", found.usual))
    yield from ((name, one) for name, one in named if one is not None)
    if found.nearest is not None:
        yield "nearest", found.nearest.choice
    yield from (("front", one) for one in found.front)


def _cells(choice: Choice) -> dict[str, Any]:
    cells: dict[str, Any] = {name: _number(getattr(choice, name)) for name in NUMBERS}
    return cells | {
        "levers": [_started(lever) for lever in choice.levers],
        "meets": choice.meets,
        "unmeasured": list(choice.unmeasured),
        "unpriced": list(choice.unpriced),
    }


def _started(lever: Lever) -> str:
    return f"{lever.id}={lever.start_year}"


def _number(value: float) -> float | None:
    return None if isnan(value) or value in (float("inf"), float("-inf")) else value
