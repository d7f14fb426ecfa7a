"""From what is asked to a target: the gates first, then the rate; a refused case has no figure."""

from __future__ import annotations

from dataclasses import dataclass

from core.catalog.targets import TargetFacts, TargetPathway
from core.targets import gates, preview, rates, warnings
from core.targets.ask import Ask
from core.targets.finding import Finding, Findings, Outcome, refused, valid
from core.units import PERCENT

EQUAL_SHARES = 5e-4  # two shares of scope 1 that differ by rounding alone


@dataclass(frozen=True, slots=True)
class Line:
    """A linear target: base-year emissions and what falls a year, as a share of them."""

    base_year: int
    base_kg: float
    rate_share: float

    def at_kg(self, year: int) -> float:
        """Emissions that the line allows in a year."""
        return rates.line_kg(self.base_kg, self.rate_share, self.base_year, year)


def dynamic(facts: TargetFacts, ask: Ask) -> Outcome:
    """The dynamic linear annual reduction of V1.3.1 / V5.3.1: the usual method."""
    found = gates_of(facts, ask)
    if refused(found):
        return Outcome(valid=valid(found), findings=found)
    _complete(ask)
    line, more = line_of(facts, ask)
    cut = rates.cut_share(line.rate_share, ask.base_year, ask.target_year)
    return Outcome(
        valid=valid(found) if ask.submission else "n/a",
        findings=found + more,
        target_kg=line.at_kg(ask.target_year),
        reduction_pct=cut * PERCENT,
        rate_pct=line.rate_share * PERCENT,
    )


def line_of(facts: TargetFacts, ask: Ask) -> tuple[Line, Findings]:
    """The target line of a case that passed its gates, and what is to be told of it."""
    assert ask.recent_year is not None
    assert ask.recent_kg is not None
    paths = _paths(facts, ask)
    yearly = [rates.yearly_share(p.reduction_pct / PERCENT, _end(ask, p), ask.recent_year) for p in paths]
    share = yearly[0]
    if len(yearly) > 1:
        assert ask.recent_scope1_share is not None
        share = rates.blended_share(ask.recent_scope1_share, *yearly)
    reached = rates.reached_kg(ask.recent_kg, share, ask.target_year, ask.recent_year)
    floor = facts.share(paths[0].floor_rule)
    rate = rates.dynamic_share(ask.base_kg, reached, ask.base_year, ask.target_year, floor)
    return Line(ask.base_year, ask.base_kg, rate), (*_floored(rate, floor), *_weighted(ask))


def gates_of(facts: TargetFacts, ask: Ask) -> Findings:
    """Everything that keeps a case from a figure, and what is to be known of its years and growth."""
    ends = [_end(ask, path) for path in _paths(facts, ask)]
    found = (
        *gates.inputs(ask.base_year, ask.base_kg, ask.recent_year, min(ends)),
        *gates.base_year(facts, ask.base_year),
        *gates.netted(ask),
        *gates.basis(ask.scope2_basis, ask.tracking_basis),
    )
    if ask.submission:
        found += gates.window(facts, ask.target_year, ask.submission)
        if ask.recent_year is not None:
            found += gates.recent_age(facts, ask.recent_year, ask.submission)
    if ask.recent_kg is not None and ask.base_kg > 0.0:
        found += gates.growth(facts, ask.base_kg, ask.recent_kg)
    return found


def superseded(facts: TargetFacts, ask: Ask) -> Outcome:
    """The rules before 14 April 2026, kept to look again at targets set under them."""
    found = gates_of(facts, ask)
    if refused(found):
        return Outcome(valid=valid(found), findings=found)
    floor = facts.share(_paths(facts, ask)[0].floor_rule)
    anchor = facts.year("superseded_anchor_year")
    cut = rates.superseded_cut_share(floor, ask.base_year, ask.target_year, anchor)
    said = (
        "These are the rules before 14 April 2026: for targets set under them alone; a validated one is not recomputed"
    )
    return Outcome(
        valid="legacy_only",
        findings=(*found, Finding("SUPERSEDED_METHOD", "note", said, "superseded_rate")),
        target_kg=ask.base_kg * (1.0 - cut),
        reduction_pct=cut * PERCENT,
        rate_pct=cut * PERCENT / (ask.target_year - ask.base_year),
    )


def validated(facts: TargetFacts, ask: Ask, reduction_pct: float) -> Outcome:
    """A target validated before 14 April 2026: the percentage as it was validated, and nothing is recomputed."""
    found = gates_of(facts, ask)
    if refused(found):
        return Outcome(valid=valid(found), findings=found)
    return Outcome(
        valid="legacy_only",
        findings=(*found, Finding("SUPERSEDED_METHOD", "note", warnings.VALIDATED_BEFORE, "superseded_rate")),
        target_kg=ask.base_kg * (1.0 - reduction_pct / PERCENT),
        reduction_pct=reduction_pct,
        rate_pct=reduction_pct / (ask.target_year - ask.base_year),
    )


def own_rate(facts: TargetFacts, ask: Ask, rate_pct: float) -> Outcome:
    """A linear rate of the company's own, of base-year emissions a year: no method of the SBTi, and said so."""
    found = gates_of(facts, ask)
    if refused(found):
        return Outcome(valid=valid(found), findings=found)
    floor_pct = facts.amount(_paths(facts, ask)[0].floor_rule)
    said = f"The rate of {rate_pct:g} % a year is your own; the method in force asks {floor_pct:g} % at the least"
    line = Line(ask.base_year, ask.base_kg, rate_pct / PERCENT)
    return Outcome(
        valid="n/a",
        findings=(*found, Finding("OWN_RATE", "note", said, "dynamic_rate")),
        target_kg=line.at_kg(ask.target_year),
        reduction_pct=rates.cut_share(line.rate_share, ask.base_year, ask.target_year) * PERCENT,
        rate_pct=rate_pct,
    )


def intensity(facts: TargetFacts, ask: Ask, *, physical: bool) -> Outcome:
    """The 7 % a year of an intensity, for scope 3; the tonnes are what it lets through as activity grows."""
    found = gates.intensity_scope(ask.scope)
    if not refused(found):
        found = gates_of(facts, ask)
    if refused(found):
        return Outcome(valid=valid(found), findings=found)
    if ask.activity_growth_share is None:
        raise ValueError("activity_growth_pct is blank; the tonnes that an intensity lets through need it")
    rule = "physical_intensity" if physical else "economic_intensity"
    years, anchor = ask.target_year - ask.base_year, facts.year("intensity_anchor_year")
    cut = rates.intensity_cut_share(facts.share("intensity_cut_pct"), ask.base_year, ask.target_year, anchor)
    target_kg = rates.implied_kg(ask.base_kg, cut, ask.activity_growth_share, years)
    if target_kg > ask.base_kg:
        rise = target_kg / ask.base_kg - 1.0
        found += (Finding("ABS_EMISSIONS_RISE", "note", warnings.intensity_said(cut, rise), rule),)
    if ask.base_year > anchor:
        said = f"Counting from {anchor} for a base year of {ask.base_year} is not confirmed in V5.3.1"
        found += (Finding("POST2020_RATCHET_UNCONFIRMED_IN_V5.3.1", "note", said, "intensity_anchor_year"),)
    return Outcome(valid=valid(found), findings=found, target_kg=target_kg, reduction_pct=cut * PERCENT)


def rules_preview(facts: TargetFacts, ask: Ask) -> Outcome:
    """What V2.0 would say of a case. No tonnes: its residual levels were not seen."""
    found = preview.separate(ask.scope)
    if ask.scope in ("2", "1+2"):
        found += preview.location_based(ask.scope2_basis)
    if ask.recent_year is not None:
        found += preview.base_year_newest(ask.base_year, ask.recent_year)
    return Outcome(valid=valid(found, "n/a"), findings=found + gates.netted(ask))


def _complete(ask: Ask) -> None:
    if ask.recent_year is None or ask.recent_kg is None:
        raise ValueError("most_recent_year and mry_emissions_t are needed: the rate starts from the newest inventory")
    if ask.scope == "1+2" and ask.recent_scope1_share is None:
        raise ValueError("s1_share_mry is blank; scopes 1 and 2 together are blended by it")
    if ask.target_year <= ask.recent_year:
        raise ValueError(f"target_year is {ask.target_year}; it must be after the newest inventory, {ask.recent_year}")


def _paths(facts: TargetFacts, ask: Ask) -> list[TargetPathway]:
    scopes = ("1", "2") if ask.scope == "1+2" else (ask.scope,)
    return [facts.pathways[f"3 ({ask.ambition})" if scope == "3" else scope] for scope in scopes]


def _end(ask: Ask, path: TargetPathway) -> int:
    return min(path.net_zero_year, ask.net_zero_year or path.net_zero_year)


def _floored(rate_share: float, floor_share: float) -> Findings:
    if rate_share > floor_share:
        return ()
    said = f"The floor of {floor_share * PERCENT:g} % a year sets the rate: the line to net zero would ask less"
    return (Finding("FLOOR_BOUND", "note", said, "dynamic_rate"),)


def _weighted(ask: Ask) -> Findings:
    recent, base = ask.recent_scope1_share, ask.base_scope1_share
    if ask.scope != "1+2" or recent is None or base is None or abs(recent - base) <= EQUAL_SHARES:
        return ()
    now, then = (f"{share * PERCENT:.0f} %" for share in (recent, base))
    said = f"Scopes 1 and 2 are blended by most recent shares ({now} scope 1), not the base year's ({then})"
    return (Finding("WEIGHTS_FROM_MRY", "note", said, "blend_weights"),)
