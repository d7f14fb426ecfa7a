"""The case beside other models, accelerators and places: a heat map, a ranking of places, and what would save."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
import streamlit as st

from core import charts, words
from core.plan import Plan
from core.plan.own_catalog import catalog_of
from core.plan.plan import CASE
from core.results import compared
from core.results.alternatives import Alternatives, alternatives
from core.results.better import better, comparable
from core.results.cube import COMPUTED, REASONS, Codes
from core.results.draws import Floats
from core.results.estimate import Answer
from core.ui import estimate_near, options, state, trace
from core.ui.estimate_answer import carbon_scale
from core.ui.frame import is_dark
from core.ui.picture import chart
from core.ui.shown import money_for, scale_for, small
from core.words import Scale

NO_PRICE = "a price is not known"
APART = (" stack only", " yours, stack only")
FIGURES = {
    "carbon_kg": ("Carbon", "kg"),
    "energy_facility_kwh": ("Energy at the meter", "kWh"),
    "water_l": ("Water", "l"),
    "cost_usd": ("Cost", "USD"),
    "request_time_s": ("Time per answer", "s"),
    "accelerators": ("Accelerators per copy", ""),
}
# The figure of the Methods page behind each.
TRACED = {name: {"carbon_kg": "carbon_each_kg", "water_l": "water_source_l"}.get(name, name) for name in FIGURES}
ANSWERS_ONLY = ("request_time_s", "accelerators")
CHANGES = {
    "place": "Same model and accelerator, in {}",
    "model": "The next smaller model: {}",
    "accelerator": "Same model and place, on {}",
}


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the comparison: its table of the catalog, what is chosen, and how many may be."""

    table: str
    label: str
    first: str
    usual: list[str]
    most: int

    def chosen(self) -> list[str]:
        """The case's own first, then what was chosen, else the usual ones."""
        known = options.table(self.table)
        return [key for key in dict.fromkeys([self.first, *self._wanted()]) if key in known][: self.most]

    def strange(self) -> list[str]:
        """What the plan names and neither the catalog nor its own entries know."""
        known = options.table(self.table)
        return [key for key in self._wanted() if key not in known]

    def _wanted(self) -> Sequence[str]:
        return getattr(state.plan(), f"compared_{self.table}") or self.usual


def sides(plan: Plan) -> tuple[Side, Side, Side]:
    """Models, accelerators and places."""
    catalog, case = catalog_of(plan), plan.case
    device = compared.likeliest(catalog, case)
    return (
        Side("models", "Models", case.model, compared.models_of(catalog, plan), compared.MOST_MODELS),
        Side("hardware", "Accelerators", device, compared.devices_of(catalog, plan), compared.MOST_DEVICES),
        Side("regions", "Places", case.region, compared.regions_of(catalog, plan), compared.MOST_REGIONS),
    )


def found(plan: Plan) -> Alternatives:
    """The case over everything chosen, computed at once."""
    models, devices, regions = sides(plan)
    return alternatives(plan, models.chosen(), devices.chosen(), regions.chosen())


def chooser(plan: Plan) -> str:
    """Which figure, and what is compared; returns the figure's name."""
    names = [name for name in FIGURES if plan.case.kind == "inference" or name not in ANSWERS_ONLY]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        figure = st.selectbox("Figure", names, key="c:figure", format_func=lambda name: FIGURES[name][0], width=240)
        choose = st.popover("Choose what is compared", type="tertiary", key="c:choose", on_change="rerun")
    strange = [key for side in sides(plan) for key in side.strange()]
    if strange:
        st.markdown(small(f"Not in the catalog, so not compared: {words.markdown_safe(', '.join(strange))}."))
    if choose.open:
        with choose:
            for side in sides(plan):
                _pick(side)
    return str(figure)


def _pick(side: Side) -> None:
    known, key = options.table(side.table), f"c:{side.table}"
    state.bind(key, side.chosen())
    st.multiselect(
        f"{side.label}, at most {side.most}",
        [key for key in known if key],
        default=side.chosen(),
        key=key,
        max_selections=side.most,
        format_func=lambda v: known.get(v, v),
        on_change=_picked,
        args=(side.table, key),
    )


def _picked(table: str, key: str) -> None:
    state.attempt(lambda: state.plan().but(**{f"compared_{table}": state.typed(key)}), redraw_grid=False)


def values(cube: Alternatives, figure: str) -> Floats:
    """A figure over the cube."""
    return cube.carbon_kg() if figure == "carbon_kg" else cube.figures[figure]


def _note(cube: Alternatives, figure: str, scale: Scale, one: str) -> str:
    hardware = ", with hardware" if cube.plan.boundary == "with_hardware" else ", electricity only"
    method = f", location-based{hardware}" if figure == "carbon_kg" else ""
    unit = f"{scale.label} " if scale.label else ""
    per = "" if figure == "accelerators" else f"a {one}"
    alike = "same requests, tokens and hosting; number format and fleet as usual for each"
    return f"{unit}{per}{method} · central case · {alike}".strip()


def heat_map(plan: Plan, answer: Answer) -> None:
    """Models by accelerators at the case's place."""
    figure, cube = chooser(plan), found(plan)
    grid, why = values(cube, figure)[:, :, 0], cube.why[:, :, 0]
    scale = _scale(plan, figure, grid)
    places = options.short("regions") | options.own("regions")
    trace.section(
        f"{FIGURES[figure][0]}: {len(cube.models)} models on {len(cube.devices)} accelerators, "
        f"{places.get(plan.case.region, plan.case.region)}",
        f"{_note(cube, figure, scale, answer.one)} · colours on a logarithmic scale, dark is less",
        TRACED[figure],
        CASE.id,
    )
    names = [_names("models", cube.models), _names("hardware", cube.devices)]
    order = sorted(range(len(cube.models)), key=lambda i: _rank(grid[i]))
    across = sorted(range(len(cube.devices)), key=lambda j: _rank(grid[:, j]))
    rows = [
        {
            "row": names[0][i],
            "column": names[1][j],
            "value": float(grid[i, j]) / scale.divisor,
            "label": _figure(grid[i, j], scale),
            "chosen": i == 0 and j == 0,
        }
        for i in order
        for j in across
    ]
    spec = charts.heat(
        rows, [names[0][i] for i in order], [names[1][j] for j in across], "Models by accelerators", is_dark()
    )
    table = {"Model": [names[0][i] for i in order]}
    for j in across:
        table[names[1][j]] = [f"{_figure(grid[i, j], scale)}{estimate_near.mark(cube.near(i, j, 0))}" for i in order]
    chart(spec, _heat_summary(rows, scale, _yours(cube, answer), _missing(grid, why)), table)
    estimate_near.told([cube.near(i, j, 0) for i in order for j in across])


def _scale(plan: Plan, figure: str, grid: Floats) -> Scale:
    """The unit of the case's own figure, as everywhere on the page; without one, of the middle of the others."""
    own, known = float(grid.flat[0]), sorted(float(v) for v in grid.flat if isfinite(v) and v > 0)
    middle = own if isfinite(own) else known[len(known) // 2] if known else 0.0
    if FIGURES[figure][1] == "USD":
        return money_for(plan, [middle])
    return scale_for(FIGURES[figure][1], [middle], small=True)


def _rank(line: Floats) -> tuple[bool, float]:
    """Order of a row or column by its lowest figure; those without one come last."""
    known = [float(v) for v in line if isfinite(v)]
    return not known, min(known, default=0.0)


def _names(table: str, keys: tuple[str, ...]) -> list[str]:
    """Names for the axes, each once."""
    known = options.own(table) | (options.short("models") if table == "models" else options.hardware())
    names = [known.get(key, key) for key in keys]
    return [name if names.count(name) == 1 else f"{name} ({key})" for name, key in zip(names, keys, strict=True)]


def _figure(value: float, scale: Scale) -> str:
    return words.figure(float(value) / scale.divisor, 2) if isfinite(value) else "–"


def _missing(grid: Floats, why: Codes) -> str:
    """How many cells have no figure, by reason."""
    counted = Counter(REASONS[int(code)] for code in why.ravel() if code != COMPUTED)
    unpriced = int((np.isnan(grid) & (why == COMPUTED)).sum())
    if unpriced:
        counted[NO_PRICE] = unpriced
    if not counted:
        return ""
    reasons = "; ".join(f"{count}: {reason}" for reason, count in counted.most_common())
    return f" Hatched, without a figure: {sum(counted.values())} of {grid.size} ({reasons})."


def _yours(cube: Alternatives, answer: Answer) -> str:
    """What the outlined cell is: the case, or, where the case has no figure, what comes nearest to it."""
    return f"your choice in {cube.precisions[0][0]}" if answer.reason else "yours"


def _heat_summary(rows: Sequence[charts.Row], scale: Scale, yours: str, missing: str) -> str:
    shown = [row for row in rows if isfinite(row["value"])]
    if not shown:
        return f"No cell has a figure.{missing}"
    low, high = (pick(shown, key=lambda row: float(row["value"])) for pick in (min, max))
    told = [f"{scale.dress(str(row['label']))} ({row['row']} on {row['column']})" for row in (low, high)]
    chosen = next((scale.dress(str(row["label"])) for row in shown if row["chosen"]), "no figure")
    return f"From {told[0]} to {told[1]}; {yours}, outlined, {chosen}.{missing}"


def places(plan: Plan, answer: Answer) -> None:
    """The case's model and accelerator in every place chosen."""
    figure, cube = chooser(plan), found(plan)
    line = values(cube, figure)[0, 0]
    scale = _scale(plan, figure, line)
    trace.section(
        f"{FIGURES[figure][0]} in {len(cube.regions)} places",
        _note(cube, figure, scale, answer.one),
        TRACED[figure],
        CASE.id,
    )
    told = options.short("regions") | options.own("regions")
    apart = [figure == "carbon_kg" and not comparable(answer, key) for key in cube.regions]
    order = sorted((i for i in range(len(line)) if isfinite(line[i])), key=lambda i: (apart[i], float(line[i])))
    rows = [
        {
            "name": told.get(cube.regions[i], cube.regions[i]),
            "value": float(line[i]) / scale.divisor,
            "label": _figure(line[i], scale) + (APART[i == 0] if apart[i] else ""),
            "kind": "chosen" if i == 0 and not apart[i] else "apart" if apart[i] else "other",
        }
        for i in order
    ]
    told_figures = [scale.dress(str(row["label"])) for row in rows]
    table = {"Place": [str(row["name"]) for row in rows], FIGURES[figure][0]: told_figures}
    chart(charts.dots(rows, "Places in order", is_dark()), _places_summary(rows, scale, any(apart)), table)


def _places_summary(rows: Sequence[charts.Row], scale: Scale, apart: bool) -> str:
    ranked = [row for row in rows if row["kind"] != "apart"]
    if not ranked:
        return "No place can be ranked."
    ends = [f"{scale.dress(str(row['label']))} in {row['name']}" for row in (ranked[0], ranked[-1])]
    note = " Hollow: these grids count what leaves the stack alone, so they are not ranked with the others."
    return f"From {ends[0]} to {ends[1]}.{note if apart else ''}"


def savings(plan: Plan, answer: Answer) -> None:
    """What takes less, one change at a time, with the range of each difference."""
    note = f"Carbon a {answer.one}, one change at a time; 80 % range of the difference"
    trace.section("What would save", note, "carbon_each_kg", CASE.id)
    if not comparable(answer, plan.case.region):
        st.markdown("Places are not compared: this grid counts what leaves the stack alone, others the life cycle.")
    rows = better(answer, found(plan))
    if not rows:
        st.markdown("Nothing compared here takes less.")
        return
    scale = carbon_scale(answer)
    columns: dict[str, list[str]] = {"Change": [], f"A {answer.one}": [], "Difference": []}
    for row in rows:
        table = {"place": "regions", "model": "models", "accelerator": "hardware"}[row.what]
        name = words.markdown_safe(_name(table, row.key))
        moved = words.change(row.before_kg, row.after_kg, row.low_kg, row.high_kg, scale, "")
        columns["Change"].append(CHANGES[row.what].format(name))
        columns[f"A {answer.one}"].append(words.quantity(row.after_kg, scale, 2))
        columns["Difference"].append(f":{moved.tone}[{words.markdown_safe(moved.text)}]")
    st.table(columns, border="horizontal", hide_index=True)
    st.markdown(small("Whether a smaller model answers well enough is yours to judge; nothing here measures quality."))


def _name(table: str, key: str) -> str:
    known = options.own(table) | (options.hardware() if table == "hardware" else options.short(table))
    return known.get(key, key)
