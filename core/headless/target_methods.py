"""Each word of `target`'s method column: from a row's cells to what the case comes to."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.catalog.targets import TargetFacts
from core.headless.target_cells import CellError, Cells
from core.targets import gates, methods, pathway, preview, rates
from core.targets.ask import Ask, Submission
from core.targets.finding import Finding, Findings, Outcome, valid
from core.targets.methods import EQUAL_SHARES
from core.units import PERCENT

Method = Callable[[TargetFacts, Cells], Outcome]


def _ask(cells: Cells, *, ambition_needed: bool = True) -> Ask:
    scope, ambition = cells.scope()
    if scope == "3" and not ambition and ambition_needed:
        raise CellError("scope is 3; it must say its ambition, 3 (1.5C) or 3 (WB2C)")
    growth_pct = cells.maybe("activity_growth_pct")
    return Ask(
        scope=scope,
        ambition=ambition or "1.5C",
        base_year=cells.year("base_year"),
        base_kg=cells.kg("base_emissions_t"),
        recent_year=cells.maybe_year("most_recent_year"),
        recent_kg=cells.maybe_kg("mry_emissions_t"),
        recent_scope1_share=_share(cells, "mry_s1", "mry_s2", cells.maybe("s1_share_mry")),
        base_scope1_share=_share(cells, "base_s1", "base_s2", None),
        target_year=cells.year("target_year"),
        submission=cells.submission(),
        net_zero_year=cells.maybe_year("net_zero_year"),
        activity_growth_share=None if growth_pct is None else growth_pct / PERCENT,
        credits_kg=cells.maybe_kg("credits") or 0.0,
        avoided_kg=cells.maybe_kg("avoided") or 0.0,
        scope2_basis=cells.basis("scope2_basis"),
        tracking_basis=cells.basis("tracking_basis"),
    )


def _share(cells: Cells, first: str, second: str, said_share: float | None) -> float | None:
    """Scope 1's share by the tonnes of both scopes; what is said must agree with it."""
    one_kg, two_kg = cells.maybe_kg(first), cells.maybe_kg(second)
    if one_kg is None or two_kg is None or one_kg + two_kg == 0.0:
        return said_share
    share = one_kg / (one_kg + two_kg)
    if said_share is not None and abs(share - said_share) > EQUAL_SHARES:
        raise CellError(f"s1_share_mry is {said_share:g}; {first} and {second} make it {share:.4f}")
    return share


def _target(method: Method) -> Method:
    return lambda facts, cells: (
        methods.rules_preview(facts, _ask(cells)) if cells.standard_v2() else method(facts, cells)
    )


def _dynamic(facts: TargetFacts, cells: Cells) -> Outcome:
    return methods.dynamic(facts, _ask(cells))


def _superseded(facts: TargetFacts, cells: Cells) -> Outcome:
    return methods.superseded(facts, _ask(cells))


def _intensity(*, physical: bool) -> Method:
    return lambda facts, cells: methods.intensity(facts, _ask(cells, ambition_needed=False), physical=physical)


def _convergence(facts: TargetFacts, cells: Cells) -> Outcome:
    base, end, sector = cells.number("i_base"), cells.number("i_2050"), cells.number("i_sec_base")
    shares = [cells.number(name) for name in ("co_base", "sec_base", "co_t", "sec_t")]
    if min(base, *shares) <= 0.0 or sector == end:
        raise CellError(
            "i_base, co_base, sec_base, co_t and sec_t must be above 0, and i_sec_base must differ from i_2050"
        )
    market = shares[0] / shares[1] / (shares[2] / shares[3])
    found = rates.converged_ratio(base, sector, cells.number("i_sec_t"), end, market)
    said = "The sector's pathway is the caller's own: none for software or data centres is shipped"
    note = Finding("SYNTHETIC_PATHWAY", "note", said, "sector_convergence")
    return Outcome(valid="n/a", findings=(note,), ratio=found, reduction_pct=(1.0 - found / base) * PERCENT)


def _overshoot(facts: TargetFacts, cells: Cells) -> Outcome:
    rate_pct, first, last = cells.number("rate_pct"), cells.year("first_year"), cells.year("last_year")
    if last < first:
        raise CellError(f"last_year is {last}; it must not be before the first year, {first}")
    line = methods.Line(cells.year("base_year"), cells.kg("base_emissions_t"), rate_pct / PERCENT)
    allowed_kg = pathway.pathway_kg(line, range(first, last + 1))
    emissions_kg = np.full(len(allowed_kg), cells.kg("emissions_t"))
    return Outcome(valid="n/a", rate_pct=rate_pct, overshoot_kg=pathway.overshoot_kg(emissions_kg, allowed_kg))


def _gate(look: Callable[[TargetFacts, Cells], Findings], passed: str = "true") -> Method:
    def method(facts: TargetFacts, cells: Cells) -> Outcome:
        found = look(facts, cells)
        return Outcome(valid=valid(found, passed), findings=found)

    return method


def _submission(cells: Cells) -> Submission:
    found = cells.submission()
    if found is None:
        raise CellError("submission is blank; it must be a year and its half, as 2026H2")
    return found


def _base_year(facts: TargetFacts, cells: Cells) -> Findings:
    year = cells.year("base_year")
    if cells.standard_v2():
        return preview.base_year_newest(year, cells.year("most_recent_year"))
    return gates.base_year(facts, year)


def _inputs(facts: TargetFacts, cells: Cells) -> Findings:
    end = cells.maybe_year("net_zero_year")
    if cells.text("scope"):
        scope, ambition = cells.scope()
        paths = facts.pathways.values()
        ends = [p.net_zero_year for p in paths if p.scope in scope and (not ambition or p.ambition == ambition)]
        end = min([*ends, *([end] if end else [])])
    base = cells.maybe_year("base_year"), cells.maybe_kg("base_emissions_t")
    return gates.inputs(*base, cells.maybe_year("most_recent_year"), end)


def _materiality(facts: TargetFacts, cells: Cells) -> Findings:
    if cells.standard_v2():
        return preview.scope3_always(_category(cells))
    return gates.scope3_needed(facts, cells.kg("s12"), cells.maybe_kg("s3"))


def _excluded(facts: TargetFacts, cells: Cells) -> Findings:
    share_pct = cells.number("excluded")
    return preview.all_covered(share_pct) if cells.standard_v2() else gates.excluded(facts, share_pct)


def _category(cells: Cells) -> str:
    category = cells.text("category")
    if category not in ("A", "B"):
        raise CellError(f"category is '{category[:12]}'; it must be A or B")
    return category


def _demand(facts: TargetFacts, cells: Cells) -> Findings:
    return preview.demand_allows(facts, cells.number("growth"), _category(cells))


def _basis(facts: TargetFacts, cells: Cells) -> Findings:
    if cells.standard_v2():
        return preview.location_based(cells.basis("scope2_basis"))
    return gates.basis(cells.basis("scope2_basis"), cells.basis("tracking_basis"))


def _significance(facts: TargetFacts, cells: Cells) -> Outcome:
    return Outcome(valid="significant" if preview.significant(facts, cells.number("share")) else "not_significant")


def _recalculation(facts: TargetFacts, cells: Cells) -> Outcome:
    found = gates.recalculation(facts, cells.number("change"))
    return Outcome(valid="recalc" if found else "no_recalc", findings=found)


def _progress(facts: TargetFacts, cells: Cells) -> Outcome:
    gross_kg, target_kg = cells.kg("gross"), cells.kg("target")
    found = gates.progress(gross_kg, target_kg, cells.maybe_kg("credits") or 0.0, cells.maybe_kg("avoided") or 0.0)
    return Outcome(valid="met" if gross_kg <= target_kg else "not_met", findings=found)


# Methods that answer by V2.0 alone, and those that V2.0 has not, or whose V2.0 rule is not computed.
V2_ALONE = frozenset({"lce_only_target", "combined_s12", "scope3_significance", "lce_threshold"})
NOT_IN_V2 = frozenset(
    {
        "aca_legacy_post2020", "geva_7pct", "physical_intensity_7pct", "target_window", "mry_age",
        "scope3_coverage_near", "scope3_coverage_long", "long_term", "renewable_electricity",
    }
)  # fmt: skip
# Each method, the kind its rows have, and what answers it.
METHODS: dict[str, tuple[str, Method]] = {
    "aca_dlarr_v131": ("target", _target(_dynamic)),
    "aca_legacy_post2020": ("target", _superseded),
    "geva_7pct": ("target", _intensity(physical=False)),
    "physical_intensity_7pct": ("target", _intensity(physical=True)),
    "sda_convergence": ("intensity", _convergence),
    "cumulative_overshoot": ("budget", _overshoot),
    "target_window": ("gate", _gate(lambda f, c: gates.window(f, c.year("target_year"), _submission(c)))),
    "base_year": ("gate", _gate(_base_year)),
    "mry_age": ("gate", _gate(lambda f, c: gates.recent_age(f, c.year("most_recent_year"), _submission(c)))),
    "inputs": ("gate", _gate(_inputs)),
    "scope3_materiality": ("gate", _gate(_materiality)),
    "scope3_coverage_near": (
        "gate",
        _gate(lambda f, c: gates.scope3_coverage(f, c.number("coverage"), long_term=False)),
    ),
    "scope3_coverage_long": (
        "gate",
        _gate(lambda f, c: gates.scope3_coverage(f, c.number("coverage"), long_term=True)),
    ),
    "exclusions_s12": ("gate", _gate(_excluded)),
    "long_term": ("gate", _gate(lambda f, c: gates.long_term(f, c.number("reduction"), c.year("target_year")))),
    "renewable_electricity": ("gate", _gate(lambda f, c: gates.renewable(f, c.number("share"), c.year("target_year")))),
    "lce_only_target": ("gate", _gate(_demand)),
    "combined_s12": ("gate", _gate(lambda f, c: preview.separate(c.scope()[0]))),
    "scope2_basis": ("gate", _gate(_basis)),
    "scope3_significance": ("gate", _significance),
    "recalculation": ("gate", _recalculation),
    "progress": ("gate", _progress),
    "lce_threshold": ("gate", _gate(lambda f, c: preview.low_carbon(f, c.number("kg_per_kwh"), c.year("year")))),
}
