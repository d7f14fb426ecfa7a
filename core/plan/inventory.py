"""A row of a greenhouse-gas inventory: what a whole company, or the portfolio of this plan alone, emitted in a year."""

from __future__ import annotations

from typing import ClassVar, Literal

from core.plan.record import Record

Covers = Literal["company", "portfolio"]
Scope = Literal["1", "2", "3"]
InventoryMethod = Literal["", "location", "market"]
InventoryBasis = Literal["unknown", "direct", "life_cycle"]

Line = tuple[str, int, str, int | None, str, str]


class InventoryRow(Record):
    """One line of an inventory: scope 2 says its method, scope 3 its category. Rows whose notes differ add up."""

    record: ClassVar[str] = "inventory"

    id: str
    covers: Covers = "company"
    year: int
    scope: Scope
    category: int | None = None
    method: InventoryMethod = ""
    emissions_t: float
    basis: InventoryBasis = "unknown"
    source: str = ""
    note: str = ""

    @property
    def line(self) -> Line:
        """What it is a figure of: two rows of one line would count it twice."""
        return self.covers, self.year, self.scope, self.category, self.method, self.note

    @property
    def called(self) -> str:
        """The line in words.

        >>> InventoryRow(id="I1", year=2025, scope="3", category=1, emissions_t=5.0, source="Report").called
        'scope 3, category 1, of 2025 (company)'
        """
        more = f", category {self.category}" if self.category else f", {self.method}-based" if self.method else ""
        return f"scope {self.scope}{more}, of {self.year} ({self.covers})"

    def impossible(self) -> str:
        """Why this row cannot stand, in one sentence; empty when it can."""
        if not self.id:
            return "id is blank; a row of the inventory has a name of its own"
        if self.scope == "3" and self.category is None:
            return "category is blank; a row of scope 3 names one of its categories, 1 to 15"
        if self.scope != "3" and self.category is not None:
            return f"category is {self.category}; only a row of scope 3 has one, and this is scope {self.scope}"
        if self.scope == "2" and not self.method:
            return "method is blank; a row of scope 2 says location or market"
        if self.scope != "2" and self.method:
            return f"method is '{self.method}'; only a row of scope 2 has one, and this is scope {self.scope}"
        return "" if self.source else "source is blank; say where the figure is from"
