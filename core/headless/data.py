"""`data check`: load every data file strictly, say how old it is, and what it does to the example's figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from core import cases
from core import catalog as facts
from core.catalog import Catalog, hourly
from core.methods import moved
from core.methods.moved import FIGURES, Move

OLD_DAYS = 365
TABLES = (
    "models", "hardware", "regions", "cloud_regions", "facilities", "prices", "assumptions", "precisions",
    "provider_fleet", "emission_factors", "projections", "sources",
)  # fmt: skip
UNITS = {"carbon_kg": "kg", "carbon_low_kg": "kg", "carbon_high_kg": "kg", "energy_facility_kwh": "kWh", "water_l": "l"}


def report(today: date) -> Iterator[str]:
    """What the data files hold, in lines of text; CatalogError with file and line where one cannot be read."""
    catalog = facts.load()
    yield f"data version {catalog.data_version}, {len(catalog.sources)} sources"
    for name in TABLES:
        yield f"{name:<18}{len(getattr(catalog, name)):>6} rows"
    yield f"{'hourly zones':<18}{len(hourly.load()):>6} rows"
    yield f"{'cases':<18}{len(cases.load()):>6} rows"
    yield from _ages(catalog, today)
    yield from _moves(moved.today(today, ""), moved.moves())


def _ages(catalog: Catalog, today: date) -> Iterator[str]:
    """The sources read longest ago, where any is over a year old."""
    days = {key: (today - date.fromisoformat(source.retrieved)).days for key, source in catalog.sources.items()}
    old = sorted((key for key in days if days[key] > OLD_DAYS), key=lambda key: -days[key])
    yield f"sources read {min(days.values())} to {max(days.values())} days ago"
    yield from (f"  read again: {key}, {days[key]} days old" for key in old)


def tell(today: date, why: str) -> str:
    """Add the example's figures of today to what the Methods page tells, where they moved; says what was done."""
    now, told = moved.today(today, why), moved.moves()
    reason = moved.outdated(now, told)
    if reason:
        moved.add(now)
    return f"told on the Methods page: {reason}" if reason else "nothing to tell: the newest row holds"


def _moves(now: Move, told: list[Move]) -> Iterator[str]:
    """The example's figures beside the ones told last."""
    yield f"the example in its headline's year, against {told[-1].date if told else 'nothing told yet'}:"
    for name in FIGURES:
        value = getattr(now, name)
        was = getattr(told[-1], name) if told else value
        share = f"{value / was - 1:+.2%}" if was else ""
        yield f"  {name:<22}{was:>14,.1f} -> {value:>14,.1f} {UNITS[name]:<4}{share}"
    reason = moved.outdated(now, told)
    yield f"to tell: {reason}" if reason else "the figures are as told on the Methods page"
