"""Lines with milestones: what each year allows and emits, and how likely it is met, from the same joint draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core.results.draws import interval
from core.targets.amounts import Floats
from core.targets.chance import Chance, chance
from core.targets.pathway import overshoot_kg
from core.targets.tracked import ALL_SCOPES, Milestone, Overshoot, ScopeLine


def with_milestones(
    lines: tuple[ScopeLine, ...], years: Sequence[int], basis: str
) -> tuple[tuple[ScopeLine, ...], tuple[Milestone, ...]]:
    """The lines with their milestones, and those of all of them together, which exist where every line has a target."""
    measured = {line.scope: line for line in lines if line.has_target and line.ask is not None}
    if not measured:
        return lines, ()
    some = list(measured.values())
    asked = [line.ask for line in some if line.ask is not None]
    first, last = asked[0].base_year, asked[0].target_year
    when = [place for place, year in enumerate(years) if first < year <= last]
    if not when:
        return lines, ()
    kg = np.array([line.plan.on(basis)[when] for line in some])
    usual_kg = np.array([line.usual.on(basis)[when, 0] for line in some])
    allowed_kg = np.array([line.allowed_kg[when] for line in some])
    found = chance(kg[:, :, 1:] if kg.shape[2] > 1 else kg, allowed_kg)
    at = [years[place] for place in when]
    done = {line.scope: _measured(line, at, kg[n], usual_kg[n], allowed_kg[n], found, n) for n, line in enumerate(some)}
    everywhere = len(some) == len(lines)
    together = (
        _milestones(
            ALL_SCOPES,
            at,
            kg.sum(axis=0),
            usual_kg.sum(axis=0),
            allowed_kg.sum(axis=0),
            over_kg(kg, allowed_kg).sum(axis=0),
            found.all_met_share,
            found.all_so_far_share,
        )
        if everywhere
        else ()
    )
    return tuple(done.get(line.scope, line) for line in lines), together


def over_kg(kg: Floats, allowed_kg: Floats) -> Floats:
    """What lies above a line in each draw [kgCO2e]; below it there is none, which helps no other line."""
    return np.maximum(kg - allowed_kg[..., None], 0.0)


def _measured(
    line: ScopeLine, years: Sequence[int], kg: Floats, usual_kg: Floats, allowed_kg: Floats, found: Chance, n: int
) -> ScopeLine:
    whole = interval(kg.sum(axis=0) - allowed_kg.sum())
    over = over_kg(kg, allowed_kg)
    return replace(
        line,
        milestones=_milestones(
            line.scope, years, kg, usual_kg, allowed_kg, over, found.met_share[n], found.so_far_share[n]
        ),
        first_off_year=next((y for y, e, a in zip(years, kg[:, 0], allowed_kg, strict=True) if e > a), None),
        overshoot=Overshoot(
            years[0], years[-1], whole[0], overshoot_kg(kg[:, 0], allowed_kg), whole[2],
            float(found.within_budget_share[n]),
        ),
    )  # fmt: skip


def _milestones(
    scope: str, years: Sequence[int], kg: Floats, usual_kg: Floats, allowed_kg: Floats, over: Floats,
    met_share: Floats, so_far_share: Floats,
) -> tuple[Milestone, ...]:  # fmt: skip
    found = []
    for place, year in enumerate(years):
        low, central, high = interval(kg[place])
        middle = float(np.median(kg[place, 1:])) if kg.shape[1] > 1 else central
        shown = float(allowed_kg[place]), central, low, middle, high, float(usual_kg[place]), float(met_share[place])
        found.append(Milestone(scope, year, *shown, float(so_far_share[place]), *interval(over[place])))
    return tuple(found)
