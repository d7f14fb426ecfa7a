"""A plan's answer as a sentence with its range, and what it covers: scopes, boundary, method, grids, evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from core import words
from core.exports.scales import page_scale
from core.plan import Plan
from core.results import Results, interval
from core.results.nearness import Nearness
from core.results.scopes import electricity_scope
from core.results.site import find_region
from core.units import PERCENT
from core.words.choices import GRID_PATHS

WHAT = {"amortised": "operation and hardware", "purchase_year": "operation, and hardware in the year it is bought"}
MOST_NAMED = 2  # of the extrapolated workloads


def answered(found: Results) -> tuple[str, str]:
    """The headline and the phrase of its range; none where no workload shown could be computed."""
    if not found.shown():
        return "No figure", ""
    year = found.plan.shown_year()
    low, mid, high = interval(found.total(found.carbon_kg())[found.place(year)])
    answer, phrase = words.headline(mid, low, high, page_scale(found), "CO₂e", f"a year in {year}")
    return (f"At least {answer}", "") if without_figure(found) else (answer, phrase)


def without_figure(found: Results) -> list[str]:
    """Names of the shown workloads that could not be computed."""
    return [w.name for w in found.plan.shown() if w.id in found.refused]


def covered(found: Results, data_age: str) -> str:
    """What the answer covers: workloads, levers, scopes, boundary, method, grids, and the data's age."""
    plan = found.plan
    listed = words.count(len(plan.shown()), "workload")
    count = f"{len(found.shown())} of {listed}" if without_figure(found) else listed
    used = f" · {words.count(len(plan.levers), 'lever')} in use" if plan.levers else ""
    parts = (boundary(plan), f"{plan.method}-based", grids(found), data_age)
    return " · ".join((f"{words.capital(count)}{used}", scopes(found), *parts))


def boundary(plan: Plan) -> str:
    """What carbon counts: operation alone, or hardware too and when."""
    return WHAT[plan.hardware_view] if plan.boundary == "with_hardware" else "operation"


def scopes(found: Results) -> str:
    """The GHG Protocol scopes that the shown workloads fall into."""
    scopes = {electricity_scope(w)[0] for w in found.plan.shown()}
    scopes |= {3} if found.plan.boundary == "with_hardware" else set()
    return f"scope {' and '.join(str(scope) for scope in sorted(scopes))}"


def grids(found: Results) -> str:
    """The years of the grid figures in use, and how they go on from there."""
    regions = [find_region(found.catalog, w.region)[0] for w in found.plan.shown()]
    own = any(region is not None and region.id in found.catalog.carbon_by_year for region in regions)
    held = {r.carbon_year for r in regions if r is not None and r.id not in found.catalog.carbon_by_year}
    said = [f"grids as in {words.years(min(held), max(held))}, {_onwards(found.plan)}"] if held else []
    return ", ".join([*said, *(["your own factors by year"] if own else [])]) or "no grid"


def _onwards(plan: Plan) -> str:
    """How the plan's grids go on from today."""
    if plan.grid_path == "percent":
        return f"then {words.signed_percent(plan.grid_change_pct / PERCENT)} a year, outside the range"
    if plan.grid_path == "flat":
        return "held constant"
    return f"then by {GRID_PATHS[plan.grid_path]}, outside the range"


def nearness_said(shown: Mapping[str, Nearness], names: Mapping[str, str]) -> str:
    """The grades of several workloads in one sentence, those that are extrapolated by name."""
    counts = Counter(one.grade for one in shown.values())
    close = counts["metered"] + counts["measured"] + counts["near"]
    of = f"of {words.count(len(shown), 'workload')}"
    text = f"{close or 'None'} {of} {words.plural(close or 1, 'is', 'are')} measured or near a measurement"
    beyond = [names[key] for key, one in shown.items() if one.grade == "extrapolated"]
    if beyond:
        more = f" and {len(beyond) - MOST_NAMED} more" if len(beyond) > MOST_NAMED else ""
        verb = words.plural(len(beyond), "is", "are")
        text += f"; {len(beyond)} {verb} extrapolated ({', '.join(beyond[:MOST_NAMED])}{more})"
    entered = counts["entered"]
    return (
        f"{text}; {entered} {words.plural(entered, 'rests', 'rest')} on an entered share of peak" if entered else text
    )
