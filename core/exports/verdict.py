"""The plan beside its target as sentences: how far it lies from its pathway, since when, and how surely."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from core import words
from core.exports.scales import scale_for
from core.plan import Plan
from core.plan.target import Target
from core.targets.judged import judged
from core.targets.tracked import ALL_SCOPES, Milestone, ScopeLine, Track
from core.targets.warned import FLAT_SHARE
from core.units import PERCENT
from core.words import Scale
from core.words.sentences import Tone

OWN_LINE = "Your own percentage, no method of the SBTi"
PATHWAY = "SBTi-method reference pathway"
ANSWERS = {
    "asked": "What is the target?",
    "refused": "No target figure: a rule refuses it",
    "incomplete": "Incomplete: nothing can be called met",
    "preview": "V2.0 is a preview of rules: no tonnes",
}
RULES = {
    "dynamic": "method in force since 14 April 2026",
    "superseded": "method before 14 April 2026, legacy",
    "intensity": "intensity method, legacy",
    "own_rate": "linear",
    "v2_preview": "V2.0 of the Standard",
}
RANGE_OF = "80 % range of the AI portfolio alone: the rest of the company has none"
NETTED_SHARE = 0.005  # a smaller difference between sum and lines shows in no figure


@dataclass(frozen=True, slots=True)
class View:
    """The plan on screen beside its targets, and the page's one unit of mass."""

    plan: Plan
    found: Track
    scale: Scale

    @property
    def target(self) -> Target:
        """What the plan asks of its target."""
        return self.plan.target

    @property
    def compared(self) -> bool:
        """Whether the plan as a whole is compared with a pathway."""
        return self.found.standing in ("on track", "off track")

    @property
    def last(self) -> Milestone | None:
        """All scopes together in the target year, or in the last year of a plan that ends before it."""
        return max(self.found.all_scopes, key=lambda one: one.year, default=None) if self.compared else None

    @property
    def pathway(self) -> str:
        """What the line is called: by the SBTi's method, or none of it."""
        return PATHWAY if self.target.method != "own_rate" else OWN_LINE

    def lines(self, scope: str) -> tuple[ScopeLine, ...]:
        """The line of a scope, or all of them."""
        return tuple(one for one in self.found.lines if scope in (ALL_SCOPES, one.scope))


def seen(plan: Plan) -> View:
    """Everything the page shows of the plan's target."""
    found = judged(plan)
    amounts = [kg for one in found.scopes.values() for kg in (one.location_kg, one.market_kg)]
    usual = [kg for one in found.usual_scopes.values() for kg in (one.location_kg, one.market_kg)]
    lines = [line.plan.on(found.basis) for line in found.lines] + [line.usual.on(found.basis) for line in found.lines]
    largest = [float(kg[:, 0].max()) for kg in (*amounts, *usual, *lines) if kg.size]
    if not any(largest):  # a plan of nothing has no unit of its own
        largest = [float(kg) for line in found.lines for kg in line.allowed_kg if isfinite(kg)]
    return View(plan, found, scale_for("kg", largest))


def answered(view: View) -> tuple[str, str]:
    """The headline, and the phrase of its range."""
    last = view.last
    if last is None:
        return _no_answer(view), ""
    if view.found.standing == "off track":  # what one scope has to spare helps no other
        ends, side = (last.over_kg, last.over_p10_kg, last.over_p90_kg), "above"
    else:
        ends, side = (-last.gap_kg, last.allowed_kg - last.p90_kg, last.allowed_kg - last.p10_kg), "below"
    return words.headline(ends[0], ends[1], ends[2], view.scale, "CO₂e", f"{side} the pathway in {last.year}")


def _no_answer(view: View) -> str:
    """Why there is no figure of all scopes; which scopes a rule refuses, where others keep theirs."""
    standing, without = view.found.standing, [line.scope for line in view.found.lines if not line.has_target]
    if standing == "refused" and 0 < len(without) < len(view.found.lines):
        return f"No target figure of scope {' and '.join(without)}: a rule refuses it"
    return ANSWERS.get(standing, ANSWERS["incomplete"])


def standing(view: View) -> tuple[Tone, str, str]:
    """On track or off it from when, with its colour; then what the plan reaches, what is asked, and how likely it is.

    For a plan that is compared.
    """
    last, found = view.last, view.found
    assert last is not None
    off = found.first_off_year
    tone: Tone
    if found.standing == "on track":
        over = f" Above it on the way, from {off}." if off is not None else ""
        tone, said = "blue", f"On track in {'every year to ' if off is None else ''}{last.year}."
    else:
        names = ", ".join(f"scope {one.scope}" for one in found.lines if one.first_off_year == off)
        where = f" ({names})" if len(found.lines) > 1 else ""
        tone, said, over = "orange", f"Off track from {off}{where}.", ""
    middle, ends = words.with_range(last.central_kg, last.p10_kg, last.p90_kg, view.scale)
    allowed = words.quantity(last.allowed_kg, view.scale, words.digits_for(last.central_kg, last.p10_kg, last.p90_kg))
    ends = f" ({ends})" if ends and "rounding" not in ends else ""
    what = "The company with this plan" if view.target.mode == "company" else "This plan"
    told = f"{over} {what} reaches {middle}{ends}; the pathway allows {allowed}. {_spare(view)}{yearly(view)}"
    return tone, said, f"{told} {chance_said(last.met_share, len(found.lines))}".strip()


def netted(one: Milestone) -> bool:
    """Whether some line has to spare what another lacks, so that the sum says less than the lines."""
    return one.over_kg > 0 and abs(one.over_kg - one.gap_kg) > NETTED_SHARE * one.over_kg


def _spare(view: View) -> str:
    """That room under one line helps no other, where there is some."""
    last = view.last
    if last is None or not netted(last):
        return ""
    under = [line.scope for line in view.found.lines if line.milestones and line.milestones[-1].gap_kg < 0]
    return f"What scope {' and '.join(under)} has to spare helps no other. "


def yearly(view: View) -> str:
    """What the pathway asks a year and what the plan does, both of base-year emissions."""
    last, base_kg = view.last, base_of(view.found.lines)
    base_year = view.target.base_year
    if last is None or base_year is None or not base_kg > 0 or last.year <= base_year:
        return ""
    years = last.year - base_year
    asked, done = ((kg / base_kg - 1.0) / years for kg in (last.allowed_kg, last.central_kg))
    how = "grows" if done > FLAT_SHARE else "falls" if done < -FLAT_SHARE else "stays as it is"
    grows = f"the plan {how} {words.percent(abs(done))} of it" if abs(done) > FLAT_SHARE else f"the plan {how}"
    return f"Staying on it takes {words.signed_percent(asked)} of the {base_year} total every year; {grows}."


def base_of(lines: tuple[ScopeLine, ...]) -> float:
    """Base-year emissions of some lines together [kgCO2e]; NaN where one is not known."""
    return sum(float("nan") if line.ask is None else line.ask.base_kg for line in lines)


def chance_said(share: float, lines: int = 1) -> str:
    """How likely a target is met, in words.

    >>> chance_said(0.04), chance_said(1.0, 2)
    ('Met in 4 of 100 simulations.', 'All met in over 99 of 100 simulations.')
    """
    return f"{'All met' if lines > 1 else 'Met'} in {in_100(share)} simulations."


def in_100(share: float) -> str:
    """A share of some hundreds of simulations as so many of 100: none of them is not never.

    >>> in_100(0.0), in_100(0.5), in_100(0.999)
    ('fewer than 1 of 100', '50 of 100', 'over 99 of 100')
    """
    shown = round(share * PERCENT)
    return f"{'fewer than 1' if shown == 0 else 'over 99' if shown == PERCENT else shown} of 100"


def spoken(view: View) -> list[str]:
    """The target in plain sentences, as a file tells it; nothing where no target is said."""
    if view.found.standing == "asked":
        return []
    answer = ", ".join(filter(None, answered(view)))
    if not view.compared:
        return [f"{answer}."]
    _, said, told = standing(view)
    return [f"{said} {words.capital(answer)} ({view.pathway}). {told}"]
