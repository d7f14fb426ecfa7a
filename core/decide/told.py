"""The sentences of a search: its answer, why there is none, and what to know of its figures."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, isnan
from typing import TYPE_CHECKING

from core.decide.candidates import Searched, acts
from core.decide.found import Change, Choice, Miss
from core.levers import at_rest, fields_under
from core.plan import Plan
from core.plan.knob import plain
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.targets.tracked import Track
from core.units import PERCENT

if TYPE_CHECKING:
    from core.decide.space import Space

REFUSED = "Target: its rules refuse it as it is asked; the Targets page says which."
NO_CHOICE = "No lever is a candidate: choose those that the search may use."
NOT_BEGUN = "The search was stopped before any set was tried."
STOPPED = "the search was stopped before it had tried all of them"
CHECKED = "many sets come close, and the search stopped before it had tried all of them as whole plans"
EXACT = 1e-9  # a rounding error, which moves no digit
EARLIEST = "The front has each lever from its earliest year; later starts are searched for the answer alone"
DRAWN = "many sets cost about the same, and the search stopped before it had drawn all of them"


def asked(found: Track) -> str:
    """Why nothing can be searched yet."""
    count = len(found.questions)
    if not count:
        return "There is no target to meet: its rules refuse it as it is asked."
    return f"There is no target to meet yet: the Targets page still asks {count} question{'s' * (count > 1)}."


def no_candidates(found: Searched) -> str:
    """Why no candidate can be searched."""
    count = len(found.excluded)
    if not count:
        return NO_CHOICE
    if all(reason.startswith("nobody has named what it costs") for _, reason in found.excluded):
        return f"Nobody has named a cost of any of the {count} candidates: enter one, or let them be searched without."
    return f"None of the {count} candidates can be searched: each is listed with its reason."


def aim(plan: Plan) -> str:
    """What must be met."""
    year = plan.target.target_year
    return f"the target of every year to {year}" if plan.search.milestones == "every_year" else f"the target of {year}"


def met_already(space: Space, usual: Choice) -> str:
    """That nothing needs to be done."""
    often = share(usual.met_share)
    if space.found.plan.search.milestones == "every_year":
        return f"The plan meets {aim(space.found.plan)} without any of the candidates, in {often} of 100 simulations."
    return f"The plan meets its target without any of the candidates, in {often} of 100 simulations."


def best(space: Space, choice: Choice) -> str:
    """The answer in one sentence."""
    count = len(choice.levers)
    do = "lever meets" if count == 1 else "levers meet"
    return (
        f"{count} {do} {aim(space.found.plan)} in {share(choice.met_share)} of 100 simulations and "
        f"{costs(choice.cost_usd, count)}."
    )


def costs(cost_usd: float, levers: int) -> str:
    """What some levers cost, as the end of a sentence.

    >>> costs(1234.4, 2), costs(-1234.4, 1), costs(float("nan"), 1)
    ('cost 1,234 USD over all years', 'saves 1,234 USD over all years', 'makes no claim of cost')
    """
    ending = "s" if levers == 1 else ""
    if isnan(cost_usd):
        return f"make{ending} no claim of cost"
    return f"{'cost' if cost_usd >= 0 else 'save'}{ending} {plain(round(abs(cost_usd)))} USD over all years"


def none_meets(space: Space, miss: Miss | None, why: str) -> str:
    """That nothing meets, and what comes nearest; `why` says why that is not proven, where it is not."""
    count, limits = len(space.found.levers), space.found.plan.search
    start = f"No set of the {count} candidates" if count > 1 else "The one candidate does not meet"
    verb = " meets" if count > 1 else ""
    said = (
        f"{start}{verb} {aim(space.found.plan)} with a probability of {plain(round(limits.meet_share * PERCENT, 2))} %"
    )
    if why:
        said = f"No set of the {count} candidates was found that meets (not proven: {why})"
    return f"{said}: {miss.said if miss else ruled_out(space)}."


def ruled_out(space: Space) -> str:
    """Which limits no set keeps: that of time alone, or together with another. Doing nothing keeps all others."""
    ceiling_s, found_s = space.found.plan.search.latency_ceiling_s, space.latency_s[space.fine]
    if ceiling_s is None or not len(found_s):
        return "under no set has every workload figures"
    if found_s.min() > ceiling_s:
        fastest_s = ceil(found_s.min() * 10) / 10
        why = f"the fastest takes {plain(fastest_s)} s for an answer, allowed {plain(ceiling_s)} s"
    else:
        why = f"those that answer within {plain(ceiling_s)} s break the budget or the quality floor"
    return f"the limits rule out every set, as {why}"


def all_at_once(changes: Sequence[Change]) -> str:
    """What several limits must become together.

    >>> all_at_once([Change("budget_usd", 20000.0, 24300.0), Change("latency_ceiling_s", 5.0, 13.32)])
    'Met with a budget of 24,300 USD instead of 20,000 USD and 13.4 s for an answer instead of 5 s, both at once'
    """
    *first, last = (_changed(one) for one in changes)
    how = {1: "", 2: ", both at once"}.get(len(changes), ", all at once")
    before = f"{', '.join(first)} and " if first else ""
    return f"Met with {before}{last}{how}"


def _changed(one: Change) -> str:
    if one.limit == "target":
        return f"{plain(rounded_up(one.needed * PERCENT, 1))} % more allowed on every line of the target"
    up, down = (plain(rounded(one.needed, digits)) for rounded, digits in ((rounded_up, 0), (rounded_down, 1)))
    return {
        "budget_usd": f"a budget of {up} USD instead of {plain(one.now)} USD",
        "latency_ceiling_s": f"{plain(rounded_up(one.needed, 1))} s for an answer instead of {plain(one.now)} s",
        "quality_floor_pct": f"{down} % of the score kept instead of {plain(one.now)} %",
        "meet_share": (
            f"a probability of {plain(rounded_down(one.needed * PERCENT, 1))} % "
            f"instead of {plain(round(one.now * PERCENT, 1))} %"
        ),
    }[one.limit]


def rounded_up(value: float, digits: int) -> float:
    """A limit as a sentence says it, rounded so that it still holds when it is typed in."""
    return ceil(value * 10.0**digits - EXACT) / 10.0**digits


def rounded_down(value: float, digits: int) -> float:
    """The same of a limit that must not be lower."""
    return floor(value * 10.0**digits + EXACT) / 10.0**digits


def share(met_share: float) -> str:
    """How many of 100 simulations.

    >>> share(0.824), share(0.999), share(0.001)
    ('82', 'over 99', 'under 1')
    """
    hundred = met_share * PERCENT
    if 99.5 <= hundred < PERCENT:
        return "over 99"
    return "under 1" if 0 < hundred < 0.5 else f"{hundred:.0f}"


def share_below(met_share: float, wanted: float) -> str:
    """How many of 100 simulations, with decimals where a whole number would read as many as were asked for.

    >>> share_below(0.801, 0.95), share_below(0.98828125, 0.99)
    ('80', '98.82')
    """
    whole = share(met_share)
    return whole if whole != share(wanted) else plain(floor(met_share * PERCENT * 100) / 100)


def rebounds(name: str) -> str:
    """Why a lever with a rebound leaves costs inexact."""
    return (
        f"demand under “{name}” grows with what it saves in the years it acts, so that a year's cost hangs on its start"
    )


def single_run(name: str) -> str:
    """Why a lever that trains once leaves costs inexact."""
    return f"the one run of “{name}” is spread over the answers after it, so that a year's cost hangs on its start"


def notes(space: Space) -> tuple[str, ...]:
    """What to know of the figures."""
    found = [EARLIEST]
    for table in space.tables:
        if table.left_out and table.mine:
            what = " and ".join(table.left_out)
            found.append(
                f"{table.workload.name}: what {what} cost is not known, and what a lever saves there is not counted"
            )
    found += sized_anew(space.found.base, space.found.levers)
    asked = {lever.id: lever.start_year or space.found.plan.first_year for lever in space.found.plan.candidates}
    moved = max((one.start_year or 0 for one in space.found.levers if (one.start_year or 0) > asked[one.id]), default=0)
    if moved:
        found.append(
            f"No candidate starts before {moved}: the target counts from the plan's own emissions of the year before"
        )
    catalog = catalog_of(space.found.base)
    unmeasured = [one for one in space.found.levers if one.key not in catalog.lever_quality]
    if unmeasured:
        names = ", ".join(dict.fromkeys(f"“{catalog.levers[one.key].name}”" for one in unmeasured))
        found.append(f"What these take off quality nobody has measured: {names}")
    return tuple(found)


def sized_anew(base: Plan, levers: Sequence[Lever]) -> list[str]:
    """Whose installed machines levers size anew: what is given back then is a part of what they save."""
    catalog, found = catalog_of(base), []
    for workload in base.workloads:
        here = [lever for lever in levers if acts(catalog, lever, workload)]
        names = [
            f"“{catalog.levers[lever.key].name}”"
            for lever in here
            if not at_rest(catalog, workload, lever)
            and fields_under(catalog, workload, (lever,)).installed_accelerators is None
        ]
        if workload.installed_accelerators and names:
            found.append(
                f"{workload.name}: its {workload.installed_accelerators} installed accelerators are sized anew under "
                f"{', '.join(names)}, and those given back count as saved"
            )
    return found
