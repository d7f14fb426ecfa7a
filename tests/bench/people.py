"""People at work: what each of them changes next on a page, and what the plan must then hold."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from math import nan
from typing import Any
from urllib.parse import urlencode

from core import catalog, link
from core.plan import Plan
from core.plan.example import example_plan
from core.plan.example_target import with_example_target
from core.results import effects
from tests.bench.tab import Tab, key_of

PAGES = ("", "what-if", "", "targets", "", "what-if", "shift", "", "what-if", "compare")  # of every ten people
REGIONS = ("FR", "DE", "PL", "SE", "NO", "ES", "GB", "IE", "NL", "IT")
ROWS = ("W1", "W2", "W3", "W4")  # of the grid, those that answer requests
LEVERS = ("geo_shift", "prompt_trim", "rag_vs_longctx", "ptq_fp8", "utilisation")
MOST_PLACES = 40  # of the destinations that a list of regions begins with
AGAINST = ("The built-in example", "Business as usual: without levers")

Holds = Callable[[Plan], bool]


@dataclass(frozen=True, slots=True)
class Change:
    """One change: the widget, what it then holds, and what the plan must hold afterwards."""

    key: str
    value: dict[str, Any]
    holds: Holds = lambda _: True


@dataclass
class Person:
    """Somebody with a plan of their own at a page of the app."""

    number: int
    tab: Tab
    dice: random.Random
    saved: Plan | None = None  # the plan behind the id in the address
    grid: str = ""  # the grid on screen
    cells: dict[str, dict[str, Any]] = field(default_factory=dict)  # what was typed into it, by row

    def plan(self) -> Plan:
        """The plan that the address stands for."""
        text = self.tab.link()
        return self.saved if self.saved is not None and not text else link.decode(text).plan

    def change(self) -> Change:
        """What they change next."""
        ways = {
            "": (self._cell, self._place, self._requests, self._cell, self._method),
            "what-if": (self._switch, self._slide, self._switch, self._destination),
            "targets": (self._year, self._basis),
            "shift": (self._slack, self._share),
            "compare": (self._against, self._method),
        }
        return self.dice.choice(ways[self.tab.page])()

    def _requests(self) -> Change:
        asked = float(self.dice.randrange(5_000, 50_000, 7))
        return Change("w:W2:requests_per_day", {"double_value": asked}, _workload("W2", "requests_per_day", asked))

    def _cell(self) -> Change:
        return self._typed(self.dice.choice(ROWS), "requests_per_day", self.dice.randrange(2_000, 60_000, 11))

    def _place(self) -> Change:
        return self._typed("W2", "region", self.dice.choice(REGIONS))

    def _typed(self, workload: str, name: str, value: object) -> Change:
        """A cell of the grid, which says all that was typed into it since it was drawn."""
        [grid] = self.tab.grids()
        if grid.id != self.grid:
            self.grid, self.cells = grid.id, {}
        self.cells.setdefault(str(ROWS.index(workload)), {})[name] = value
        said = json.dumps({"edited_rows": self.cells, "added_rows": [], "deleted_rows": []})
        return Change(key_of(grid), {"string_value": said}, _workload(workload, name, value))

    def _method(self) -> Change:
        method = self._other("p:method", ("location", "market"))
        return Change("p:method", _segment(method), lambda plan: plan.method == method)

    def _basis(self) -> Change:
        basis = self._other("t:scope2_basis", ("location", "market"))
        return Change("t:scope2_basis", _segment(basis), lambda plan: plan.target.scope2_basis == basis)

    def _other(self, key: str, both: tuple[str, str]) -> str:
        chosen = self.tab.states[self.tab.widget(key).id].string_array_value.data[0]
        return both[chosen == both[0].capitalize()]

    def _switch(self) -> Change:
        lever = self.dice.choice(LEVERS)
        on = not self.tab.states[self.tab.widget(f"lever:{lever}").id].bool_value
        return Change(
            f"lever:{lever}", {"bool_value": on}, lambda plan: (lever in {one.id for one in plan.levers}) == on
        )

    def _slide(self) -> Change:
        now = self.tab.states[self.tab.widget("lever:prompt_trim:value").id].double_value
        to = self.dice.choice([percent / 100 for percent in range(5, 95) if abs(percent / 100 - now) > 0.001])
        return Change("lever:prompt_trim:value", {"double_value": to}, lambda plan: _lever(plan, "prompt_trim") == to)

    def _destination(self) -> Change:
        places = list(self.tab.widget("lever:geo_shift:choice").options)[:MOST_PLACES]
        return Change("lever:geo_shift:choice", {"string_value": self.dice.choice(places)})

    def _year(self) -> Change:
        year = self.dice.randrange(2030, 2036)
        return Change("t:target_year", {"string_value": str(year)}, lambda plan: plan.target.target_year == year)

    def _slack(self) -> Change:
        slack_h = float(self.dice.randrange(1, 25))
        return Change("w:W2:deferrable_h", {"double_value": slack_h}, _workload("W2", "deferrable_h", slack_h))

    def _share(self) -> Change:
        share = self.dice.randrange(10, 100) / 100
        return Change("w:W2:deferrable_share", {"double_value": share}, _workload("W2", "deferrable_share", share))

    def _against(self) -> Change:
        return Change("compare:0", {"string_value": self.dice.choice(AGAINST)})


def person(number: int, server: str, seed: int = 1) -> Person:
    """One of the people, with a plan that bears their number and a page that is theirs."""
    plan = with_example_target(example_plan()).but(name=named(number))
    page = PAGES[number % len(PAGES)]
    if page == "compare":
        plan = plan.with_lever(effects.usual(catalog.load().levers["geo_shift"]))
    query = urlencode({"s": link.encode(plan, link.stamp(plan))})
    return Person(number, Tab(server, page, query), random.Random(seed * 1_000 + number))


def named(number: int) -> str:
    """The name of somebody's plan: nobody must see another's."""
    return f"Plan of user {number}"


def _workload(key: str, name: str, value: object) -> Holds:
    return lambda plan: getattr(plan.workload(key), name) == value


def _lever(plan: Plan, key: str) -> float:
    """The value of a lever in use; of one that is not, what was typed brings it in."""
    return next((lever.amount() for lever in plan.levers if lever.id == key), nan)


def _segment(name: str) -> dict[str, Any]:
    return {"string_array_value": {"data": [name.capitalize()]}}
