"""Beyond one workload on the Shift page: what flexibility is worth on every grid, and what studies printed."""

from __future__ import annotations

import streamlit as st

from core import charts, words
from core.catalog import Source, load
from core.catalog.own import RegionWithHours
from core.catalog.published import PublishedShift, published_shifts
from core.charts import Line
from core.plan import Plan
from core.plan.own_catalog import catalog_of
from core.results.across_grids import LENGTHS_H, LITTLE_PCT, SLACK_H, AcrossGrids, across_grids
from core.ui.frame import is_dark
from core.ui.picture import chart
from core.ui.shown import section, small
from core.units import PERCENT

WAYS = (Line("whole", "In one piece", "baseline"), Line("pausing", "Pause and resume", "plan"))
CHOSEN = ("perfect foresight (upper bound)", "by yesterday's hours", "by the last 28 days")
DAY_LONG_H = 24
MEASURES = {
    "saving": "saved against at once",
    "yesterday_share": "part realised by yesterday's hours",
    "profile_share": "part realised by the last 28 days",
    "noise_share": "part realised with independent errors",
    "average_by_average": "saved on average, chosen by average",
    "marginal_by_average": "saved on marginal, chosen by average",
    "average_by_marginal": "saved on average, chosen by marginal",
    "marginal_by_marginal": "saved on marginal, chosen by marginal",
}


def every_grid(plan: Plan) -> None:
    """What a day of slack saves for jobs of five lengths, over all grids with known hours; below, what was printed."""
    section(
        "What a day of slack is worth, over every grid",
        "per cent against starting at once, by length of the job in hours · median grid · each start hour of the "
        "reference year 2023 · drawn: perfect foresight (upper bound) · of your plan, its own hourly files take part",
    )
    regions = catalog_of(plan).regions.values()
    own = tuple(region for region in regions if isinstance(region, RegionWithHours) and region.average)
    with st.spinner("Working out every grid: a few seconds, once"):
        found = across_grids(own)
    rows = [
        {"hour": length, "line": line.key, "value": found.quantiles_pct(line.key == "pausing", length)[1]}
        for line in WAYS
        for length in LENGTHS_H
    ]
    table = {"Job, hours": [str(length) for length in LENGTHS_H]} | {
        f"{line.name}, {name}": [_span(found, line.key == "pausing", length, way) for length in LENGTHS_H]
        for line in WAYS
        for way, name in enumerate(CHOSEN)
    }
    st.container(key="table_grids").table(_medians(found), border="horizontal", hide_index=True)
    about = "Saving over all grids by length of the job"
    chart(charts.lines_by_hour(rows, WAYS, about, is_dark(), list(LENGTHS_H)), summary(found), table)
    _printed()


def _span(found: AcrossGrids, pausing: bool, length_h: int, way: int) -> str:
    low, mid, high = (words.tenths(pct) for pct in found.quantiles_pct(pausing, length_h, way))
    return f"{mid} (80 % of grids: {low} to {high})"


def _medians(found: AcrossGrids) -> dict[str, list[str]]:
    """The three figures of the median grid, by length of the job."""
    ways = [(line, way) for line in WAYS for way in range(len(CHOSEN))]
    return {"Median grid": [f"{line.name}, {CHOSEN[way]}" for line, way in ways]} | {
        words.count(length, "hour"): [
            words.tenths(found.quantiles_pct(line.key == "pausing", length, way)[1]) for line, way in ways
        ]
        for length in LENGTHS_H
    }


def summary(found: AcrossGrids) -> str:
    """What a day-long job gains, in one piece and with pauses."""
    whole, pausing = (found.quantiles_pct(pauses, DAY_LONG_H)[1] for pauses in (False, True))
    return (
        f"A job of {DAY_LONG_H} h that may wait {SLACK_H} h gains almost nothing in one piece on most grids: "
        f"{whole:.1f}\u00a0% on the median one, under {LITTLE_PCT:.0f}\u00a0% on {found.below(False, DAY_LONG_H)} of "
        f"{len(found.zones)}. If it may pause and resume: {pausing:.1f}\u00a0%. That is with "
        "perfect foresight; to a forecast that repeats a day, every start of a day-long job in one piece is the same."
        + (f" Hours of {', '.join(found.own)} are those of your own file." if found.own else "")
    )


def _printed() -> None:
    """Savings that studies printed, ours beside them, and why some are not reproduced."""
    listed = published_shifts()
    same = sum(one.reproduced for one in listed.values())
    shut = st.expander(
        f"What studies and notes print: {same} of {len(listed)} figures reproduced, the rest with the reason",
        key="table:published shifts", on_change="rerun",
    )  # fmt: skip
    if not shut.open:
        return
    rows = sorted(listed.values(), key=lambda one: not one.reproduced)
    shut.table(
        {
            "Study": [
                words.markdown_safe(f"{one.study}; {one.zone}, {one.data_year or 'year not told'}") for one in rows
            ],
            "Figure": [MEASURES[one.measure] for one in rows],
            "Job and slack": [_of_what(one) for one in rows],
            "Printed": [f"{one.published_pct:.4g} %" for one in rows],
            "Ours": ["none" if one.ours_pct is None else f"{one.ours_pct:.4g} %" for one in rows],
            "Outcome": [_outcome(one) for one in rows],
        },
        border="horizontal", hide_index=True,
    )  # fmt: skip
    sources = [load().sources[key] for key in dict.fromkeys(one.source for one in rows)]
    shut.markdown(small("; ".join(_cited(one) for one in sources)))


def _cited(one: Source) -> str:
    title = words.markdown_safe(one.title)
    linked = f"[{title}]({one.url})" if one.url.startswith("http") else title
    return f"{linked}, {one.publisher}, {one.year}"


def _of_what(one: PublishedShift) -> str:
    if one.job_h is not None:
        return f"{one.job_h:g} h, slack {one.slack_h} h, {'pausing' if one.pausing else 'in one piece'}"
    share = "a share not told" if one.flexible_share is None else f"{one.flexible_share * PERCENT:g} %"
    return f"{share} of a fleet may wait {one.slack_h} h"


def _outcome(one: PublishedShift) -> str:
    return "reproduced on the study's own hours" if one.reproduced else words.markdown_safe(f"not: {one.reason}")
