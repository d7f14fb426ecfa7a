"""Later years: what the plan assumes beside growth, what each assumption does, and what to know of it."""

from __future__ import annotations

import streamlit as st

from core import words
from core.plan import Plan
from core.plan.own_catalog import catalog_of
from core.results.grid_paths import grid_paths
from core.results.later_effects import ASSUMED, LaterEffect, assumed_later, generations, later_effects
from core.results.later_notes import grids, later_notes
from core.results.projection_factors import path_in_words
from core.ui import fields, options
from core.ui.shown import scale_for, small, table
from core.ui.trace import section
from core.words.choices import BASES

NAMES = {
    "grids": "Grids over the years",
    "software": "Quicker software",
    "renewal": "Renewed accelerators",
    "rebound": "Rebound",
}
ABOUT = "What this plan assumes beside growth, from its first year on. Flat until you choose"
NOTHING = "Nothing assumed: grids stay as they are, machines and software too, and demand grows as entered."
WHOLE = "Fleets grow by whole accelerators: the central case may lie outside the range of what so little changes."
CHOSEN = " (this plan)"
SPREAD = (
    "Paths are views of the future, without odds of their own: a plan's 80 % range holds none of what lies between."
)
NO_REBOUND = "Nobody has published a rebound for language models: 0 is no finding."


def panel(plan: Plan) -> None:
    """The choices, what each does to the headline's year, how the grids move, and the notes, under a heading."""
    section("Later years", ABOUT, "carbon_kg")
    _body(plan, "later")


def shut(plan: Plan) -> None:
    """The same behind a line that says what is assumed, for a page that is about something else."""
    mine = [NAMES[what].lower() for what in assumed_later(plan)]
    title = f"Later years: {', '.join(mine)} assumed" if mine else "Later years: nothing assumed beside growth"
    box = st.expander(title, key="later", on_change="rerun")
    if box.open:
        with box:
            st.markdown(small(ABOUT))
            _body(plan, "plan")


def _body(plan: Plan, where: str) -> None:
    left, right = st.columns([2, 3], gap="large")
    with left:
        choices(plan, where)
    with right, st.container(key=f"wide_later_{where}"):
        _effects(plan)
        _grids(plan)
        notes = later_notes(plan)
        if notes:
            st.markdown("\n".join(f"- {words.markdown_safe(note)}" for note in notes))


def choices(plan: Plan, where: str) -> None:
    """The fields, one that would move nothing left out; `where` tells apart the places that show them at once."""
    for names in ASSUMED.values():
        for name in names:
            if name == "grid_change_pct" and plan.grid_path != "percent" and not plan.grid_change_pct:
                continue
            if name == "refresh_gain_pct" and plan.refresh_every_years is None and not plan.refresh_gain_pct:
                continue
            fields.plan_field(plan, name, where)
            if name == "refresh_gain_pct":
                st.markdown(small(so_far(plan)))
    if plan.rebound_elasticity == 0:
        st.markdown(small(NO_REBOUND))


def so_far(plan: Plan) -> str:
    """What generations brought so far, from the data sheets: the scale for a gain of one's own."""
    steps = [
        f"{one.older.id.split('-')[0]} to {one.newer.id.split('-')[0]} "
        f"{words.signed_percent(one.arithmetic_ratio - 1)} arithmetic, "
        f"{words.signed_percent(one.bandwidth_ratio - 1)} bandwidth"
        for one in generations(catalog_of(plan))
    ]
    return f"Per watt, by the data sheets: {'; '.join(steps)}. What comes next, nobody knows: the gain is yours to say."


def _effects(plan: Plan) -> None:
    year = plan.shown_year()
    if not assumed_later(plan) or not plan.shown():
        st.markdown(NOTHING if not assumed_later(plan) else "No workload is shown.")
        return
    rows = later_effects(plan)
    scale = scale_for("kg", (kg for row in rows for kg in (row.without_kg, row.with_kg)))
    table(
        {
            f"Carbon in {year}": [_name(row) for row in rows],
            "Without it": [words.quantity(row.without_kg, scale) for row in rows],
            "With it": [words.quantity(row.with_kg, scale) for row in rows],
            "So it": [words.change(row.without_kg, row.with_kg, row.low_kg, row.high_kg, scale).text for row in rows],
        }
    )
    if any(not row.low_kg <= row.with_kg - row.without_kg <= row.high_kg for row in rows):
        st.markdown(small(WHOLE))
    if len(rows) > 1:
        st.markdown(small("Each beside all the others; they act on one another, so the lines do not add up."))


def _name(row: LaterEffect) -> str:
    return NAMES.get(row.what, "All together")


def _grids(plan: Plan) -> None:
    if plan.grid_path == "flat":
        return
    paths = grid_paths(plan)
    scale = scale_for("kg", (one.central_kg for one in paths))
    ends = [words.with_range(one.central_kg, one.low_kg, one.high_kg, scale) for one in paths]
    table(
        {
            f"If grids went so, carbon in {plan.shown_year()}": [
                words.markdown_safe(options.word("grid_path", one.path)) + CHOSEN * (one.path == plan.grid_path)
                for one in paths
            ],
            "Central": [middle for middle, _ in ends],
            "80 % range": [spread or "–" for _, spread in ends],
        }
    )
    st.markdown(small(SPREAD))
    found = grids(plan)
    place = plan.shown_year() - plan.first_year
    table(
        {
            "Grid": [words.markdown_safe(region.name) for region, _ in found.values()],
            "Follows": [words.capital(path_in_words(index)) for _, index in found.values()],
            "Its figure counts": [BASES.get(region.carbon_basis, region.carbon_basis) for region, _ in found.values()],
            f"{plan.shown_year()} over {plan.first_year}": [
                words.percent(index.by_year[place]) for _, index in found.values()
            ],
        }
    )
