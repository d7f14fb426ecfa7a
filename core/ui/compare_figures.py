"""Plans beside a reference in figures: every boundary of one year, and all years, with the ranges of differences."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from core import charts, words
from core.charts.lines import Line, Style
from core.decide.between import QUANTITIES, Between, Compared, Side
from core.results.draws import interval
from core.ui.compare import APART, Seen, known, plain, scale_of
from core.ui.compare_given import LETTERS
from core.ui.frame import is_dark
from core.ui.picture import chart
from core.ui.shown import section
from core.units import PERCENT
from core.words import Scale

NAMES = {
    "carbon_kg": "Carbon, as counted here",
    "energy_accelerator_kwh": "Accelerators at work",
    "energy_it_kwh": "Servers, waiting too",
    "energy_facility_kwh": "Site: energy at the meter",
    "carbon_location_kg": "Electricity, location-based",
    "carbon_market_kg": "Electricity, market-based",
    "carbon_embodied_kg": "Making of the hardware",
    "water_l": "Water, site and source",
    "cost_usd": "Cost",
}
STYLES: tuple[Style, ...] = ("plan", "second", "third", "fourth", "fifth")


def lines(others: Sequence[Seen]) -> list[Line]:
    """A line each for the plans beside the reference."""
    places = {letter: place for place, letter in enumerate(LETTERS[1:])}
    return [Line(letter, letter, STYLES[places[letter]]) for letter, _ in known(others)]


def quantities(others: Sequence[Seen]) -> None:
    """Every figure of the answer's year: the differences in per cent of A with their ranges, and all in a table."""
    found = known(others)
    years = sorted({view.year for _, view in found})
    note = "B less A in per cent of A" if len(found) == 1 else "Each plan less A in per cent of A"
    section(f"By boundary, {' and '.join(map(str, years))}", f"{note}, with 80 % range · hollow: cannot be told apart")
    rows = []
    for name in QUANTITIES:
        for letter, view in found:
            one = view.compared(name, view.year)
            low, middle, high = (PERCENT * end for end in one.share)
            rows.append({
                "name": NAMES[name], "line": letter, "low": low, "mid": middle, "high": high,
                "apart": one.told_apart or one.same, "label": _percent(*one.share),
            })  # fmt: skip
    spec = charts.differences(rows, lines(others), "Differences by boundary", is_dark())
    chart(spec, _quantities_said(found), _cells(found))


def _percent(low: float, middle: float, high: float) -> str:
    if not isfinite(middle):
        return words.UNKNOWN
    if low == middle == high == 0.0:
        return "no difference"
    ends = (words.signed_percent(end).replace(f"{words.GLUE}%", "") for end in (low, high))
    return f"{words.signed_percent(middle)} ({' to '.join(ends)})"


def _quantities_said(found: Sequence[tuple[str, Between]]) -> str:
    """What can and what cannot be told apart, in a sentence a plan."""
    said = []
    for letter, view in found:
        all_of = [one for name in QUANTITIES if (one := view.compared(name, view.year)).known]
        apart = [one for one in all_of if one.told_apart]
        same = sum(one.same for one in all_of)
        unclear = len(all_of) - len(apart) - same
        told = f"{letter}: {len(apart)} of {words.count(len(all_of), 'figure')} told apart from A"
        said.append(told + (f", {same} the same" if same else "") + (f", {unclear} cannot be" if unclear else ""))
    unknown = [NAMES[name] for name in QUANTITIES if not all(view.compared(name, view.year).known for _, view in found)]
    return f"{'. '.join(said)}." + (f" Not known in every plan: {', '.join(unknown).lower()}." if unknown else "")


def _cells(found: Sequence[tuple[str, Between]]) -> dict[str, list[str]]:
    """The figures of A and of each plan, and the differences with their ranges: a row a figure and plan."""
    lone = len(found) == 1
    plan, less = ("B", "B less A") if lone else ("Plan", "Less A")
    columns: dict[str, list[str]] = {"Quantity": [], "A": [], plan: [], less: []}
    for name in QUANTITIES:
        rows = [(letter, view.compared(name, view.year)) for letter, view in found]
        values = [ends[1] for _, one in rows for ends in (one.first, one.second)]
        scale = scale_of([view for _, view in found], name, values)
        for letter, one in rows:
            columns["Quantity"].append(NAMES[name] if lone else f"{letter}: {NAMES[name][:1].lower()}{NAMES[name][1:]}")
            columns["A"].append(words.quantity(one.first[1], scale))
            columns[plan].append(words.quantity(one.second[1], scale))
            columns[less].append(_in_a_cell(one, scale) if one.known else words.UNKNOWN)
    return columns


def ends_said(one: Compared, scale: Scale) -> str:
    """The range of a difference in words; where it spans zero, that the plans cannot be told apart."""
    if not one.known:
        return "–"
    if one.same:
        return "no difference"
    low, _, high = one.difference
    ends = f"{words.signed_quantity(low, scale)} to {words.signed_quantity(high, scale)}"
    return ends if one.told_apart else f"{ends}: {APART.lower()}"


def by_year(others: Sequence[Seen]) -> None:
    """All plans by year, and the differences of each year with their ranges."""
    found = known(others)
    views = [view for _, view in found]
    results = [("A", views[0].first), *((letter, view.second) for letter, view in found)]
    tops = [float(one.totals["carbon_kg"][:, 0].max()) for _, one in results]
    scale = scale_of(views, "carbon_kg", tops)
    band = " · band: 80 % range of B" if len(found) == 1 else ""
    section("By year", f"{scale.label} CO₂e a year, central case{band}")
    rows = [
        {"year": year, "line": letter, "value": float(one.totals["carbon_kg"][one.place(year), 0]) / scale.divisor}
        for letter, one in results
        for year in one.plan.years()
    ]
    drawn = [*lines(others), Line("A", "A", "baseline")]
    spec = charts.lines_by_year(rows, drawn, "Plans by year", is_dark(), _band(views, scale), beside=True)
    chart(spec, words.lines_summary(rows, {line.key: line.name for line in drawn}, scale), _year_cells(results, scale))


def _band(views: Sequence[Between], scale: Scale) -> list[dict[str, float]]:
    """The range of the second of two plans."""
    if len(views) > 1:
        return []
    second = views[0].second
    total = second.totals["carbon_kg"]
    ends = [(year, *interval(total[second.place(year)])) for year in second.plan.years()]
    return [{"year": year, "low": low / scale.divisor, "high": high / scale.divisor} for year, low, _, high in ends]


def _year_cells(results: Sequence[tuple[str, Side]], scale: Scale) -> dict[str, list[str]]:
    years = sorted({year for _, one in results for year in one.plan.years()})
    columns = {"Year": [str(year) for year in years]}
    for letter, one in results:
        total = one.totals["carbon_kg"]
        kg = [float(total[one.place(year), 0]) if year in one.plan.years() else None for year in years]
        columns[letter] = ["–" if value is None else words.quantity(value, scale) for value in kg]
    return columns


def apart_by_year(others: Sequence[Seen]) -> None:
    """The differences of each year with their ranges."""
    found = known(others)
    every = [(letter, [view.compared("carbon_kg", year) for year in view.years]) for letter, view in found]
    ends = [end for _, years in every for one in years if one.known for end in one.difference]
    scale = scale_of([view for _, view in found], "carbon_kg", ends)
    what = "B less A" if len(found) == 1 else "Each plan less A"
    section("The difference by year", f"{what}, {scale.label} CO₂e, with 80 % range · hollow: cannot be told apart")
    rows = [
        dict(zip(("low", "mid", "high"), (end / scale.divisor for end in one.difference), strict=True))
        | {"year": one.year, "line": letter, "apart": one.told_apart or one.same}
        for letter, years in every
        for one in years
    ]
    said = []
    for letter, years in every:
        apart = [one for one in years if one.told_apart]
        told = f"{letter} is told apart from A in {len(apart)} of {words.count(len(years), 'year')}"
        total = scale.dress(plain(sum(one.difference[1] for one in years), scale))
        said.append(f"{told}; over all of them {total} in the central case.")
    columns = {"Year": [str(year) for year in sorted({one.year for _, years in every for one in years})]}
    for letter, years in every:
        cells = {str(one.year): _in_a_cell(one, scale) for one in years}
        columns[f"{letter} less A, 80 % range"] = [cells.get(year, "–") for year in columns["Year"]]
    spec = charts.differences_by_year(rows, lines(others), "Differences by year", is_dark())
    chart(spec, " ".join(said), columns)


def _in_a_cell(one: Compared, scale: Scale) -> str:
    if not one.known or one.same:
        return ends_said(one, scale)
    return f"{words.signed_quantity(one.difference[1], scale)} ({ends_said(one, scale)})"
