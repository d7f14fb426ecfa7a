"""What a search comes to: frozen records that a page draws and a file writes. Carbon is kgCO2e, cost USD, all years."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from typing import Literal

from core.plan.lever import Lever

Status = Literal["asked", "no candidates", "met already", "found", "none meets", "working", "stopped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A set of candidates, each with the year it starts in, and what it comes to, central case.

    `cost_usd` is the change of all cost over the plan's years against the plan without its candidates, `spent_usd` the
    part of it that the levers take themselves; NaN is unknown. `carbon_all_years_kg` is the plan's carbon under it by
    the plan's method and boundary, hardware spread over its life. `quality_loss_pct` is that of the worst workload, at
    most (losses added up); `latency_s` the longest mean answer. `met_share` is the probability of meeting every line
    in every year asked at once, NaN where it was not worked out. `unmeasured` names levers whose loss of
    quality nobody has measured: `quality_loss_pct` is NaN then; `unpriced` those whose cost nobody has named.
    """

    levers: tuple[Lever, ...]
    cost_usd: float
    spent_usd: float
    carbon_all_years_kg: float
    quality_loss_pct: float
    latency_s: float
    meets: bool
    met_share: float = nan
    unmeasured: tuple[str, ...] = ()
    unpriced: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """What comes nearest where nothing meets: a choice, what binds it, and how far off it is, relative to the limit."""

    choice: Choice
    binds: str
    year: int
    limit: float
    reached: float
    unit: str
    excess_share: float
    said: str


@dataclass(frozen=True, slots=True)
class Change:
    """One limit of several that change at once; of the target `needed` is the share that every line must allow more."""

    limit: str
    now: float
    needed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """The smallest change of one limit alone under which some choice meets: what it is now and what it must become.

    `limit` is a field of the search, or `target` for what the target allows, or `start_year` for earlier starts, or
    `together` for the smallest change of all, where that takes several limits: `changes` are those, and `size` adds up
    the difference of each as a share of the larger of before and after.
    """

    limit: str
    now: float
    needed: float
    unit: str
    choice: Choice
    said: str
    size: float = nan
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The answer to a search. `best` is the cheapest choice that meets, `usual` the plan without its candidates.

    `front` holds every choice within the limits that no other betters in cost, carbon and quality at once, each lever
    from its earliest year, cheapest first. `sets_searched` are all sets of the candidates searched, `valid` those
    whose levers go together and have figures. Where the answer is not `proven`, `why_not_proven` says why, and
    `bound_usd` what no choice can cost less than, NaN where that is not known. `excluded` are candidates left out,
    each with the reason; `questions` what is missing before anything can be searched; `notes` what to know of the
    figures. `said` is the answer in one sentence. `stopped`: the reader ended it, and this is what it had; without any
    set tried, its status says so.
    """

    status: Status
    said: str
    best: Choice | None = None
    usual: Choice | None = None
    front: tuple[Choice, ...] = ()
    sets_searched: int = 0
    valid: int = 0
    proven: bool = False
    why_not_proven: str = ""
    bound_usd: float = nan
    nearest: Miss | None = None
    relaxations: tuple[Relaxation, ...] = ()
    excluded: tuple[tuple[Lever, str], ...] = ()
    questions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    stopped: bool = False
