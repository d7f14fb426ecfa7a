"""The portfolio on a phone: one card a workload, in place of the grid, which is too wide there."""

from __future__ import annotations

from core import words
from core.plan import Workload
from core.results import Results
from core.ui import live, options, state
from core.ui.shown import page_scale


def cards(found: Results) -> None:
    """The shown workloads as cards; a tap opens one in the detail panel. The style sheet hides them on wide screens."""
    shown = [card(found, workload) for workload in found.plan.shown()]
    live.cards({"cards": shown, "open": state.selected_workload()}, _open)


def card(found: Results, workload: Workload) -> dict[str, str]:
    """What a card says: the grid's cells as lines, and the carbon of the headline's year."""
    place = options.brief("regions", workload.region)
    model = options.brief("models", workload.model)
    return {
        "id": workload.id,
        "name": workload.name,
        "carbon": _carbon(found, workload.id),
        "who": f"{options.word('hosting', workload.hosting)} · {model}",
        "use": f"{place} · {_use(workload)} · {_growth(workload)}",
    }


def _use(workload: Workload) -> str:
    if workload.kind != "inference":
        return words.count(workload.runs_per_year, "run") + " a year"
    return words.count(workload.requests_per_day, "request") + " a day"


def _growth(workload: Workload) -> str:
    text = words.signed_figure(workload.growth_central_pct)
    shown = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{shown}\u00a0% a year"


def _carbon(found: Results, key: str) -> str:
    """Carbon in the headline's year, central case."""
    place, year = found.of(key), found.plan.shown_year()
    if place is None:
        return "no figure"
    carbon_kg = float(found.carbon_kg()[place, found.place(year), 0])
    return f"{words.quantity(carbon_kg, page_scale(found), 2)} CO₂e in\u00a0{year}"


def _open() -> None:
    key = live.opened_card()
    if key:
        state.select(key)
