"""The same plan under the data of then: which factors moved since it was sealed, and what each did to its headline.

The old values are put back into today's catalog, and the difference to today is shared out over them. Workloads with a
figure on one side alone stand apart. What is left is the method's, or of facts that a seal does not hold.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import isclose, isnan

import numpy as np

from core.decide.one_sided import OneSided, one_sided
from core.decide.orders import parts_of, tries
from core.decide.watch import go_on
from core.plan import Plan, Workload
from core.plan.disarmed import arm
from core.plan.plan import Fact
from core.results.behind import Put, facts_behind
from core.results.draws import DRAWS, Floats, interval
from core.results.factors import factors
from core.results.figures import NOT_IN_FIGURES, Results, carbon_kg, figures, of

STEP = "Putting the factors of then back"
SAME_SHARE = 1e-9
FIELDS = ("value", "low", "high")
READ = ("workload_id", "name", *FIELDS, "unit", "source")  # of a factors file
Cells = tuple[str, str, str]
Key = tuple[str, str]  # of a row: workload and name


@dataclass(frozen=True, slots=True)
class Moved:
    """A factor whose value is another today, on these workloads; a blank value is a factor that was not, or is not.

    `effect` is its part of the change of the headline [kgCO2e], None where the old value cannot be put back.
    """

    name: str
    workloads: tuple[str, ...]
    then: Cells
    now: Cells
    unit: str
    source_then: str
    source_now: str
    effect: tuple[float, float, float] | None = None
    error: float = 0.0


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a saved version or a link says of its making; a link holds no factors, no results, and maybe no headline."""

    data_version: str
    method_version: str
    headline_kg: float | None
    factors: str = ""
    borrowed: int = 0  # saved plans that a link's factors are taken from
    results: str = ""

    def is_of(self, found: Results) -> bool:
        """Whether it was made by the data and the method of these results, as far as it says."""
        same_data = found.data_version.startswith(self.data_version or found.data_version)
        return same_data and found.method_version == (self.method_version or found.method_version).split("+")[0]


@dataclass(frozen=True, slots=True)
class Older:
    """What a saved plan showed, what it comes to today, and what moved it [kgCO2e, central case].

    `then_kg` is the sealed headline and `back_kg` today's method with the old factors and workloads put back: what lies
    between is the method's part, or that of facts that a seal does not hold.
    """

    year: int
    then_kg: float
    back_kg: float
    now_kg: float
    moved: tuple[Moved, ...]
    one_sided: tuple[OneSided, ...] = ()

    @property
    def rest_kg(self) -> float:
        """What the factors put back do not explain."""
        return self.back_kg - self.then_kg


@lru_cache(maxsize=8)
def older(plan: Plan, sealed: Sealed) -> Older | None:
    """What moved since a plan was sealed; None where nothing did, or where a headline is not known."""
    found, then_kg = of(plan), sealed.headline_kg
    now_kg = float(found.total(found.carbon_kg())[found.place(plan.shown_year()), 0])
    if then_kg is None or isnan(now_kg):
        return None
    if sealed.is_of(found) and isclose(then_kg, now_kg, rel_tol=SAME_SHARE):
        return None
    had = frozenset(key for key, _ in _rows_of(sealed.factors) if key)
    alone = one_sided(found, sealed.results, had)
    left_out = frozenset(one.workload for one in alone)
    changes, puts = _changes(plan, sealed.factors, left_out) if sealed.factors else ([], {})
    kept = [one for one in changes if puts.get(one)]
    parts, back_kg = _parts(plan, kept, puts, now_kg)
    told = [
        Moved(
            one.name, one.workloads, one.then, one.now, one.unit, one.source_then, one.source_now, *parts.get(one, ())
        )
        for one in changes
    ]
    back_kg -= sum(one.effect_kg or 0.0 for one in alone)
    return Older(plan.shown_year(), then_kg, back_kg, now_kg, tuple(sorted(told, key=_size)), alone)


def facts_of_then(plan: Plan, sealed: str) -> tuple[Fact, ...]:
    """The facts that were other ones when a plan was sealed with these factors, at their values of then."""
    _, puts = _changes(plan, sealed)
    return tuple(dict.fromkeys(fact for by in puts.values() for found in by.values() for fact in found))


def _size(one: Moved) -> tuple[bool, float]:
    return one.effect is None, -abs(one.effect[1]) if one.effect else 0.0


def _changes(
    plan: Plan, sealed: str, left_out: frozenset[str] = frozenset()
) -> tuple[list[Moved], dict[Moved, dict[str, tuple[Fact, ...]]]]:
    """Every factor that moved, and by workload the old facts of those that can be put back; some workloads left out."""
    was, now = _rows_of(sealed), _rows_now(plan)
    puts = {w.id: facts_behind(plan, w) for w in plan.workloads if w.id not in left_out}
    grouped: dict[tuple[str, Cells, Cells], list[str]] = {}
    for key in [*now, *(key for key in was if key not in now)]:
        before, after = was.get(key), now.get(key)
        cells = _cells(before), _cells(after)
        if cells[0] != cells[1] and key[0] in puts:
            grouped.setdefault((key[1], *cells), []).append(key[0])
    found, facts = [], {}
    for (name, then, today), workloads in grouped.items():
        first = (workloads[0], name)
        old, new = was.get(first, {}), now.get(first, {})
        unit, sources = new.get("unit") or old.get("unit", ""), (old.get("source", ""), new.get("source", ""))
        one = Moved(name, tuple(workloads), then, today, unit, sources[0], sources[1])
        found.append(one)
        back = {key: _facts(puts[key].get(name), then, today) for key in workloads}
        facts[one] = {key: kept for key, kept in back.items() if kept}
    return found, facts


def _facts(put: Put | None, before: Cells, after: Cells) -> tuple[Fact, ...]:
    """The old facts of a row; none where it was not there then or is not now, or is no number."""
    try:
        shown = tuple(None if cell == "" else float(cell) for cell in before)
        float(after[0])
    except ValueError:
        return ()
    if put is None or shown[0] is None:
        return ()
    return put((shown[0], shown[1], shown[2]))


def _rows_of(text: str) -> dict[Key, Mapping[str, str]]:
    """The rows of a factors file by workload and name."""
    rows = ({name: arm(row.get(name) or "") for name in READ} for row in csv.DictReader(io.StringIO(text)))
    return {(row["workload_id"], row["name"]): row for row in rows}


def _rows_now(plan: Plan) -> dict[Key, Mapping[str, str]]:
    """Today's factors, as text in the cells of the file."""
    return {
        (w.id, one.name): {
            "value": one.value if isinstance(one.value, str) else repr(float(one.value)),
            "low": "" if one.low is None else repr(float(one.low)),
            "high": "" if one.high is None else repr(float(one.high)),
            "unit": one.unit,
            "source": one.source,
        }
        for w in plan.workloads
        for one in factors(plan, w)
    }


def _cells(row: Mapping[str, str] | None) -> Cells:
    """Value and range as text; numbers in one spelling."""
    found = [(row or {}).get(field) or "" for field in FIELDS]
    return (_plain(found[0]), _plain(found[1]), _plain(found[2]))


def _plain(cell: str) -> str:
    try:
        return repr(float(cell))
    except ValueError:
        return cell


def _parts(
    plan: Plan, kept: list[Moved], puts: Mapping[Moved, Mapping[str, tuple[Fact, ...]]], now_kg: float
) -> tuple[dict[Moved, tuple[tuple[float, float, float], float]], float]:
    """The part of each factor in the change of the headline, and the headline with all of them put back."""
    values = {one: np.zeros(1 + DRAWS) for one in kept}
    squares = dict.fromkeys(kept, 0.0)
    whole_kg, done = 0.0, 0
    shown = plan.shown()
    mine = {w.id: [one for one in kept if w.id in puts[one]] for w in shown}
    total = sum(tries(len(some)) for some in mine.values())
    for workload in shown:
        known = mine[workload.id]
        if not known:
            continue

        def worth(some: int) -> Floats | None:
            nonlocal done
            done = min(done + 1, total)
            go_on(STEP, done, total)
            old = (one for place, one in enumerate(known) if not some >> place & 1)  # noqa: B023
            return _figure(plan, workload, tuple(fact for one in old for fact in puts[one][workload.id]))  # noqa: B023

        if worth(0) is None or worth((1 << len(known)) - 1) is None:
            continue
        found = parts_of(len(known), worth, (), plan.seed)
        for group, part, error in zip(found.groups, found.values, found.errors, strict=True):
            for place in group:  # of factors that stand only together each has the same part
                values[known[place]] += part / len(group)
                squares[known[place]] += float(error) ** 2
            whole_kg += float(part[0])
    parts = {one: (interval(values[one]), squares[one] ** 0.5) for one in kept}
    return parts, now_kg - whole_kg


def _figure(plan: Plan, workload: Workload, then: tuple[Fact, ...]) -> Floats | None:
    """A workload's headline with facts of then, (1 + draws,); None where it has none."""
    back = plan.model_copy(update={"facts_then": tuple(dict.fromkeys(then))})
    found = figures(back, back.model_copy(update=NOT_IN_FIGURES), workload, DRAWS)
    if found.reason:
        return None
    return np.asarray(carbon_kg(back, found.values)[plan.shown_year() - plan.first_year])
