"""One input that figures rest on, and how it is read from the catalog: value, 80 % range, status and sources."""

from __future__ import annotations

from dataclasses import dataclass

from core.catalog import Assumption, Catalog, Price
from core.results.site import Ranged


@dataclass(frozen=True, slots=True)
class Factor:
    """One input: name, value, range (None where there is none), unit, status, source keys, and what to know of it.

    `status` is the catalog's own word, or `entered` (in the plan), `fitted` (to measurements), `unknown`.
    """

    name: str
    value: float | str
    low: float | None
    high: float | None
    unit: str
    status: str
    source: str
    note: str = ""


Ends = tuple[float | None, float | None]


def span(low: float | None, high: float | None) -> Ends:
    """Both ends of a range; None, None where they meet."""
    return (None, None) if low == high else (low, high)


def ends(found: Ranged | Assumption | Price) -> Ends:
    """Both ends of a record's range."""
    return span(found.low, found.high)


def entered(name: str, value: float | str, unit: str = "", note: str = "") -> Factor:
    """A value that stands in the plan."""
    return Factor(name, value, None, None, unit, "entered", "input", note)


def assumption(catalog: Catalog, key: str, name: str, unit: str = "") -> Factor:
    """A default of the engine, with the range it is drawn over."""
    fact = catalog.assumptions[key]
    return Factor(name, fact.central, *ends(fact), unit, fact.status, fact.source, fact.note)


def point(catalog: Catalog, key: str, name: str, unit: str = "") -> Factor:
    """A default of the engine that takes part with its central value only."""
    fact = catalog.assumptions[key]
    return Factor(name, fact.central, None, None, unit, fact.status, fact.source, fact.note)


def ranged(name: str, found: Ranged, unit: str) -> Factor:
    """A quantity of the site."""
    return Factor(name, found.central, *ends(found), unit, found.status, found.source)
