"""Alternatives that take less than the case, one change at a time, each with the range of the difference.

The cube finds them by their central figures; the difference comes from the one road, with draws in common.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.plan import Workload
from core.results.alternatives import Alternatives
from core.results.cube import COMPUTED
from core.results.draws import Floats
from core.results.estimate import Answer, alone
from core.results.figures import interval, of
from core.results.site import find_region

What = Literal["place", "model", "accelerator"]
MOST: dict[What, int] = {"place": 3, "model": 2, "accelerator": 2}


@dataclass(frozen=True, slots=True)
class Better:
    """One alternative: what changes, to which id, and carbon of one request or run before and after [kg].

    `low_kg` and `high_kg` are the ends of the 80 % range of after - before.
    """

    what: What
    key: str
    before_kg: float
    after_kg: float
    low_kg: float
    high_kg: float


def better(answer: Answer, found: Alternatives) -> list[Better]:
    """Fewer kilograms by another place, the next smaller models, another accelerator. The case is the cube's corner."""
    picked = [*_places(answer, found), *_models(answer, found), *_devices(answer, found)]
    if not picked or found.why[0, 0, 0] != COMPUTED:
        return []
    case = answer.case
    workloads = [_changed(case, found, what, place).but(id=f"{what}{place}") for what, place in picked]
    results = of(alone(answer.found.plan, case, *workloads))
    before = answer.carbon_each_kg()
    rows = []
    for (what, place), workload in zip(picked, workloads, strict=True):
        index = results.of(workload.id)
        if index is not None:
            after: Floats = results.carbon_kg()[index, 0] / answer.done
            low, _, high = interval(after - before)
            rows.append(Better(what, _key(found, what, place), float(before[0]), float(after[0]), low, high))
    return rows


def _changed(case: Workload, found: Alternatives, what: What, place: int) -> Workload:
    """The case with one thing changed; a bought service keeps its accelerators to itself."""
    if what == "place":
        return case.but(region=found.regions[place])
    if what == "model":
        return case.but(model=found.models[place], precision=found.precisions[place][0], busy_share=None)
    return case.but(hardware=found.devices[place], precision=found.precisions[0][place], busy_share=None)


def _key(found: Alternatives, what: What, place: int) -> str:
    sides = {"place": found.regions, "model": found.models, "accelerator": found.devices}
    return sides[what][place]


def comparable(answer: Answer, key: str) -> bool:
    """Whether a place may be ranked beside others: its grid counts the whole life cycle, not the stack alone."""
    region, _ = find_region(answer.found.catalog, key)
    return region is not None and not region.direct


def _lower(kg: Floats, most: int) -> list[int]:
    """Places of the lowest values below the first, in rising order."""
    order = [int(place) for place in np.argsort(kg) if kg[place] < kg[0]]
    return order[:most]


def _places(answer: Answer, found: Alternatives) -> list[tuple[What, int]]:
    if not comparable(answer, answer.case.region):
        return []
    kg = found.carbon_kg()[0, 0].copy()
    kg[[place for place, key in enumerate(found.regions) if not comparable(answer, key)]] = np.nan
    return [("place", place) for place in _lower(kg, MOST["place"])]


def _models(answer: Answer, found: Alternatives) -> list[tuple[What, int]]:
    """The next smaller models that take less: the nearest in size, not the smallest."""
    kg, catalog = found.carbon_kg()[:, 0, 0], answer.found.catalog
    size = [catalog.models[key].params_total_b for key in found.models]
    smaller = [place for place in range(len(size)) if size[place] < size[0] and kg[place] < kg[0]]
    return [("model", place) for place in sorted(smaller, key=lambda place: -size[place])[: MOST["model"]]]


def _devices(answer: Answer, found: Alternatives) -> list[tuple[What, int]]:
    if not answer.case.hardware:
        return []
    return [("accelerator", place) for place in _lower(found.carbon_kg()[0, :, 0], MOST["accelerator"])]
