"""How sure a plan is: its emissions in many worlds beside business as usual and the target line, and how often it wins.

The figures of one plan are worked out once and kept: what only changes how they are shown asks for nothing new.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import isnan, nan, sqrt

import numpy as np

from core.decide.points import sobol_shares
from core.decide.worlds import Worlds, factors_of, worlds
from core.plan import Plan
from core.results.draws import P90_SCORE, Floats
from core.results.figures import of
from core.results.inventory_view import as_inventory
from core.targets.judged import judged
from core.targets.track import track_of
from core.targets.tracked import Track

MOST_KEPT = 4
ENOUGH = 1024  # simulations: with fewer, a probability is told with its error first
SHARES = (0.1, 0.25, 0.5, 0.75, 0.9)
# What changes no world: how things are called and shown.
SHOWN = ("name", "headline_year", "stack_by", "currency", "exchange_rate", "currency_date", "compared_models",
         "compared_hardware", "compared_regions", "case", "carbon_price_usd_per_t", "actuals", "candidates",
         "search")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fan:
    """One quantity by year over all worlds, each (years,): the central case, and the quantiles of the draws."""

    central: Floats
    p10: Floats
    p25: Floats
    median: Floats
    p75: Floats
    p90: Floats


@dataclass(frozen=True, slots=True)
class Uncertain:
    """A plan in its worlds. `counted`: emissions are those its target counts; else they are as the plan shows them.

    `plan_kg` and `usual_kg` are (years, 1 + draws); `line_kg` is what the target allows in the plan's years, NaN where
    it says nothing.
    """

    factors: tuple[str, ...]
    worlds: Worlds
    track: Track
    counted: bool
    plan_kg: Floats
    usual_kg: Floats
    line_kg: Floats

    @property
    def draws(self) -> int:
        """How many worlds."""
        return self.worlds.draws


def uncertain(plan: Plan) -> Uncertain:
    """A plan in as many worlds as it asks for, by its seed."""
    return _uncertain(as_drawn(plan))


def as_drawn(plan: Plan, **changes: object) -> Plan:
    """The plan with what changes no world at its default, so that what was worked out is found again."""
    return plan.model_copy(update={**{name: Plan.model_fields[name].default for name in SHOWN}, **changes})


@lru_cache(maxsize=MOST_KEPT)
def _uncertain(plan: Plan) -> Uncertain:
    names = factors_of(plan)
    return beside_target(plan, names, worlds(plan, names, sobol_shares(plan.seed, len(names), int(plan.points))))


def beside_target(plan: Plan, names: tuple[str, ...], found: Worlds) -> Uncertain:
    """Worlds of a plan, with the target's own lines and probabilities in them."""
    view = as_inventory(plan)
    now, was = (of(one, 0) for one in (view, view.model_copy(update={"levers": ()})))
    track = track_of(plan, now, was, found.plan.scopes, found.usual.scopes)
    lines = track.lines
    if not lines or not all(line.has_target for line in lines):
        nothing = np.full(len(plan.years()), nan)
        return Uncertain(names, found, track, False, found.plan.carbon_kg, found.usual.carbon_kg, nothing)
    now_kg, was_kg = (
        sum(side.on(track.basis) for side in sides)
        for sides in zip(*((one.plan, one.usual) for one in lines), strict=True)
    )
    line_kg = sum(line.allowed_kg for line in lines)
    return Uncertain(names, found, track, True, np.asarray(now_kg), np.asarray(was_kg), np.asarray(line_kg))


def answer_year(plan: Plan, found: Uncertain) -> int:
    """The year that the answer is of: the target's, where the plan holds it, else the headline's."""
    year = plan.target.target_year
    return year if found.counted and year is not None and year in plan.years() else plan.shown_year()


def fan(values: Floats) -> Fan:
    """The quantiles of draws by year, (years, 1 + draws); NaN where a draw is unknown."""
    drawn = values[:, 1:] if values.shape[1] > 1 else values
    return Fan(values[:, 0], *np.quantile(drawn, SHARES, axis=1))


def lower_share(plan_kg: Floats, usual_kg: Floats) -> float:
    """In how many of all worlds the plan lies below business as usual, as a share; NaN where one is unknown."""
    if np.isnan(plan_kg).any() or np.isnan(usual_kg).any():
        return nan
    return float((plan_kg[1:] < usual_kg[1:]).mean())


def met_by_year(plan: Plan) -> dict[int, float]:
    """The probability of meeting every line at once, by year up to the target's: the Targets page's verdict."""
    return {one.year: one.met_share for one in judged(plan).all_scopes if not isnan(one.met_share)}


def so_far_by_year(plan: Plan) -> dict[int, float]:
    """The probability of meeting every line in a year and in every one before it, in the same world."""
    return {one.year: one.so_far_share for one in judged(plan).all_scopes if not isnan(one.so_far_share)}


def share_error(share: float, draws: int) -> float:
    """Standard error of a share of so many independent draws; points that fill space evenly err by less."""
    return sqrt(max(share * (1.0 - share), 0.0) / draws) if draws else nan


def quantile_error(values: Floats, share: float) -> float:
    """Half the distance between the ordered draws that lie an 80 % range of ranks around a quantile.

    How far the quantile of so many independent draws may lie from that of all there are; evenly spread points err less.
    """
    ordered = np.sort(values[1:])
    reach = P90_SCORE * sqrt(len(ordered) * share * (1.0 - share))
    low, high = (min(max(round(len(ordered) * share + side * reach), 0), len(ordered) - 1) for side in (-1, 1))
    return float(ordered[high] - ordered[low]) / 2.0
