"""The accuracy of training on the Methods page: foretold against published hours, by kind, and energy."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core import charts, words
from core.methods import accuracy_training as training
from core.ui import state
from core.ui.frame import is_dark
from core.ui.methods import shown
from core.ui.methods_accuracy import columns, ranges_rows, with_table
from core.ui.picture import chart
from core.ui.shown import section, small

TESTED = {
    "developer_left_out": "Unseen developer",
    "run_left_out": "Unseen run",
    "in_sample": "In sample",
}
FIRST = "developer_left_out"


def training_runs() -> None:
    """The answer, the chart against published hours, errors by kind, and energy."""
    st.markdown(f"**{answer()}**")
    st.segmented_control(
        "Tested on runs of", list(TESTED), key="m:trained", format_func=lambda key: TESTED[key], default=FIRST,
        required=True,
    )  # fmt: skip
    hold_out = str(state.typed("m:trained") or FIRST)
    left, right = st.columns([13, 14], gap="large")
    with left:
        _against(hold_out)
    with right:
        _by_kind(hold_out)
    _energy()


def answer() -> str:
    """How accurate training is, in one sentence."""
    hours = training.overall(FIRST)
    middle, twice, inside, energy = (
        words.percent(share)
        for share in (hours.median_share, hours.within_twice_share, training.covered_share(), training.energy_share())
    )
    runs, metered = words.count(hours.n, "published run"), words.count(len(training.metered()), "metered run")
    return (
        f"Training: half of {runs} are within {middle} in hours by fits that had not seen their developer, "
        f"{twice} within a factor of two; {inside} lie in the 80 % range. "
        f"Energy of {metered}, hours foretold: half within {energy}."
    )


def _against(hold_out: str) -> None:
    note = "Accelerator-hours · across: published, up: estimated · colour: generation"
    section(f"{words.count(len(training.timed()), 'training run')}, {TESTED[hold_out].lower()}", note)
    names = training.names()
    rows = [
        {
            "told": names[run.id],
            "measured": run.measured_h,
            "estimated": run.foretold_h(hold_out),
            "series": run.generation,
        }
        for run in training.timed()
    ]
    table = {
        "Run": [words.markdown_safe(names[run.id]) for run in training.timed()],
        "Published, h": [words.figure(run.measured_h, 3) for run in training.timed()],
        "Estimated, h": [words.figure(run.foretold_h(hold_out), 3) for run in training.timed()],
        "Generation": [run.generation for run in training.timed()],
    }
    about = "Estimated against published accelerator-hours of training"
    chart(charts.against(rows, about, is_dark()), words.against_summary(rows), table)


def _by_kind(hold_out: str) -> None:
    section(
        "By kind of run", "Estimated ÷ published hours: dot in the middle, bar over four in five · right: median error"
    )
    found = training.by_regime(hold_out)
    rows, summary = ranges_rows(found)
    table: dict[str, list[Any]] = {
        "Kind": [f"{regime.group}: {regime.name}" for regime in found],
        "Runs": [regime.errors.n for regime in found],
    }
    table |= columns([regime.errors for regime in found])
    with_table(charts.ranges(rows, "Errors by kind of training run", is_dark()), summary, table)


def _energy() -> None:
    section("Energy of training", "Metered runs; most published energy is hours times assumed watts and left out here")
    names = training.names()
    found = training.metered()
    foretold = [(run.energy_measured_mwh or 0.0, run.energy_developer_left_out_mwh or 0.0) for run in found]
    table = {
        "Run": [names[run.id] for run in found],
        "Metered": [f"{words.figure(metered, 3)}\u00a0MWh metered" for metered, _ in foretold],
        "Estimated": [f"{words.figure(estimated, 3)}\u00a0MWh estimated" for _, estimated in foretold],
        "Difference": [words.signed_percent(estimated / metered - 1.0) for metered, estimated in foretold],
        "Boundary": [words.capital(run.boundary) for run in found],
    }
    shown(table, "Energy of training")
    st.markdown(small("With so few metered runs the range of energy for known hours is a judgement: not calibratable."))
