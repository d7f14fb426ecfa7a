"""The gates of V1.3.1 and the Near-Term Criteria V5.3.1: each gives what it finds, nothing where it is passed."""

from __future__ import annotations

from core.catalog.targets import TargetFacts
from core.targets.ask import Ask, Submission
from core.targets.finding import Finding, Findings
from core.targets.told import figure, tonnes
from core.units import PERCENT

ARITHMETIC = "no criterion: arithmetic"
UNREAD = "its criterion in V1.3.1 was not read"


def window(facts: TargetFacts, target_year: int, submission: Submission) -> Findings:
    """Whether the target year lies in the window of its submission; 2030 is always allowed."""
    first, last = submission.window(facts.year("window_first_years"), facts.year("window_last_years"))
    if first <= target_year <= last:
        return ()
    said = f"target_year is {target_year}; a submission in {submission.year}H{submission.half} allows {first} to {last}"
    if target_year == facts.year("window_exempt_year"):
        return (Finding("TARGET_2030_R7_EXEMPT", "note", f"{said}, and {target_year} always (R7)", "window"),)
    code = "TARGET_TOO_SOON" if target_year < first else "TARGET_TOO_LATE"
    return (Finding(code, "refuse", f"{said} (criterion C13)", "window"),)


def base_year(facts: TargetFacts, year: int) -> Findings:
    """Whether the base year is late enough."""
    first = facts.year("base_first_year")
    if year >= first:
        return ()
    said = f"base_year is {year}; it must not be before {first} (criterion C13)"
    return (Finding("BASE_YEAR_BEFORE_2015", "refuse", said, "base_year"),)


def recent_age(facts: TargetFacts, recent_year: int, submission: Submission) -> Findings:
    """Whether the most recent inventory is young enough."""
    first = submission.year - facts.year("recent_age_years")
    if recent_year >= first:
        return ()
    said = (
        f"most_recent_year is {recent_year}; a submission in {submission.year} needs {first} or later (criterion C14)"
    )
    return (Finding("MRY_TOO_OLD", "refuse", said, "base_year"),)


def inputs(base_year: int | None, base_kg: float | None, recent_year: int | None, end_year: int | None) -> Findings:
    """Whether years and emissions can be put into the formulas at all; `end_year` is that of net zero."""
    found = []
    if base_kg is not None and base_kg == 0.0:
        said = f"base_emissions_t is 0; it must be above 0 t: the rate is a share of it ({ARITHMETIC})"
        found.append(Finding("BASE_ZERO", "error", said, "arithmetic"))
    if base_year is not None and recent_year is not None and recent_year < base_year:
        said = f"most_recent_year is {recent_year}; it must not be before the base year, {base_year} (criterion C14)"
        found.append(Finding("MRY_BEFORE_BASE_YEAR", "error", said, "base_year"))
    if recent_year is not None and end_year is not None and recent_year >= end_year:
        said = f"most_recent_year is {recent_year}; it must be before the year of net zero, {end_year} ({ARITHMETIC})"
        found.append(Finding("MRY_NOT_BEFORE_NZY", "error", said, "arithmetic"))
    return tuple(found)


def growth(facts: TargetFacts, base_kg: float, recent_kg: float) -> Findings:
    """Whether emissions have grown since the base year, and whether so much that it hardly represents the company."""
    if recent_kg <= base_kg:
        return ()
    times = recent_kg / base_kg
    grown = f"The most recent emissions are {figure(times)} times"
    said = f"{grown} those of the base year; the target does not grow with them"
    found = [Finding("GROWTH_MRY_OVER_BASE", "note", said, "base_year")]
    if times >= facts.amount("growth_representative_ratio"):
        said = f"{grown} the base year's, which may not be representative (C13)"
        found.append(Finding("BASE_YEAR_NOT_REPRESENTATIVE", "note", said, "growth_representative_ratio"))
    return tuple(found)


def netted(ask: Ask) -> Findings:
    """Whether credits or avoided emissions were taken off the inventory: both are refused."""
    return tuple(
        Finding(code, "refuse", f"{tonnes(kg)} t of {what} were taken off; {what} never count ({criterion})", rule)
        for code, kg, what, criterion, rule in (
            ("OFFSETS_NOT_COUNTED", ask.credits_kg, "carbon credits", "criterion C11", "credits"),
            ("AVOIDED_NOT_COUNTED", ask.avoided_kg, "avoided emissions", "criterion C12", "avoided"),
        )
        if kg
    )


def intensity_scope(scope: str) -> Findings:
    """Whether an intensity is allowed for the scope: for scope 3 alone."""
    if scope == "3":
        return ()
    said = f"scope is {scope}; an intensity target is for scope 3 alone, without an approved sector pathway (C16-C17)"
    return (Finding("INTENSITY_NOT_ALLOWED_S12", "refuse", said, "intensity_s12"),)


def basis(scope2_basis: str, tracking_basis: str) -> Findings:
    """Whether scope 2 is set and tracked on one basis."""
    if not scope2_basis or not tracking_basis or scope2_basis == tracking_basis:
        return ()
    said = f"scope 2 is set {scope2_basis}-based and tracked {tracking_basis}-based; one basis is required (C8, C9)"
    return (Finding("SCOPE2_BASIS_MIXED", "refuse", said, "scope2_basis"),)


def excluded(facts: TargetFacts, excluded_pct: float) -> Findings:
    """Whether little enough of scopes 1 and 2 is left out."""
    most = facts.amount("excluded_most_pct")
    if excluded_pct <= most:
        return ()
    said = f"{excluded_pct:g} % of scopes 1 and 2 are left out; at most {most:g} % may be (criterion C5)"
    return (Finding("EXCLUSION_TOO_LARGE", "fail", said, "coverage_s12"),)


def scope3_needed(facts: TargetFacts, scope12_kg: float, scope3_kg: float | None) -> Findings:
    """Whether scope 3 needs a target; missing is never taken as zero."""
    if scope3_kg is None:
        said = "Scope 3 is missing: the inventory is incomplete, and nothing can be called met (criterion C4)"
        return (Finding("SCOPE3_MISSING", "incomplete", said, "scope3_required"),)
    total_kg = scope12_kg + scope3_kg
    if total_kg == 0.0:
        said = f"scopes 1, 2 and 3 are 0 t together; a share of them does not exist ({ARITHMETIC})"
        return (Finding("BASE_ZERO", "error", said, "arithmetic"),)
    share, least = scope3_kg / total_kg, facts.share("scope3_required_pct")
    said = (
        f"Scope 3 is {figure(share * PERCENT)} % of scopes 1 to 3; from {least * PERCENT:g} % it needs a target "
        "(criterion C4)"
    )
    code = "SCOPE3_TARGET_REQUIRED" if share >= least else "SCOPE3_TARGET_NOT_REQUIRED"
    return (Finding(code, "note", said, "scope3_required"),)


def scope3_coverage(facts: TargetFacts, coverage_pct: float, *, long_term: bool) -> Findings:
    """Whether enough of scope 3 lies under the target."""
    least = facts.amount("coverage_long_pct" if long_term else "coverage_near_pct")
    if coverage_pct >= least:
        return ()
    term, criterion = ("long", "C7") if long_term else ("near", "C6")
    said = f"{coverage_pct:g} % of scope 3 is covered; a {term}-term target needs {least:g} % (criterion {criterion})"
    return (Finding("S3_COVERAGE_LOW", "fail", said, "coverage_s3"),)


def long_term(facts: TargetFacts, reduction_pct: float, target_year: int) -> Findings:
    """Whether a long-term target cuts enough, early enough."""
    least, last = facts.amount("long_reduction_pct"), facts.year("long_last_year")
    found = []
    if reduction_pct < least:
        said = f"The long-term cut is {reduction_pct:g} %; it must be at least {least:g} % ({UNREAD})"
        found.append(Finding("LT_REDUCTION_LOW", "fail", said, "long_term"))
    if target_year > last:
        said = f"The long-term target year is {target_year}; it must be {last} or sooner ({UNREAD})"
        found.append(Finding("LT_YEAR_AFTER_2050", "fail", said, "long_term"))
    return tuple(found)


def renewable_needed_pct(facts: TargetFacts, year: int) -> float:
    """The least share of renewable electricity in a year [%]: none before 2025, all of it from 2030 on."""
    if year >= facts.year("renewable_all_year"):
        return facts.amount("renewable_all_pct")
    return facts.amount("renewable_first_pct") if year >= facts.year("renewable_first_year") else 0.0


def renewable(facts: TargetFacts, share_pct: float, year: int) -> Findings:
    """Whether enough electricity is renewable."""
    least = renewable_needed_pct(facts, year)
    if share_pct >= least:
        return ()
    said = f"{share_pct:g} % of electricity is renewable in {year}; at least {least:g} % must be (criterion C21)"
    return (Finding("RE_BELOW_THRESHOLD", "fail", said, "renewable"),)


def recalculation(facts: TargetFacts, change_pct: float) -> Findings:
    """Whether base-year emissions must be computed again."""
    least = facts.amount("recalculation_pct")
    if abs(change_pct) < least:
        return ()
    said = (
        f"Base-year emissions change by {change_pct:g} %; from {least:g} % on they are computed again (criterion C26)"
    )
    return (Finding("RECALC_REQUIRED", "note", said, "recalculation"),)


def progress(gross_kg: float, target_kg: float, credits_kg: float = 0.0, avoided_kg: float = 0.0) -> Findings:
    """What stands beside a comparison of gross emissions with the target, and takes nothing off."""
    found = []
    stays = f"emissions stay {tonnes(gross_kg)} t against {tonnes(target_kg)} t"
    if credits_kg:
        said = f"Credits are shown and never counted: {stays} (C11)"
        found.append(Finding("OFFSETS_NOT_COUNTED", "note", said, "credits"))
    if avoided_kg:
        said = f"Avoided emissions never count: {stays} (C12)"
        found.append(Finding("AVOIDED_NOT_COUNTED", "note", said, "avoided"))
    return tuple(found)
