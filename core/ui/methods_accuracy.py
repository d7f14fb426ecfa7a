"""The accuracy of answering on the Methods page: estimated against measured, by kind, and where it fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from core import charts, words
from core.fit.score import HOLD_OUTS
from core.methods import accuracy
from core.methods.accuracy import ENERGY, LEAST_MODELS, POWER, STEP, Errors, Regime
from core.methods.coverage import coverage, held_worst
from core.results.spans import limits
from core.ui import state
from core.ui.expected import NOT_CALIBRATABLE
from core.ui.frame import is_dark
from core.ui.methods import shown
from core.ui.methods_tables import frame
from core.ui.picture import as_csv, drawn
from core.ui.shown import in_columns, section, small

TESTED = {
    "unseen_pair": "Unseen pair",
    "unseen_gpu": "Unseen accelerator",
    "unseen_family": "Unseen maker",
    "in_sample": "In sample",
}
TESTED_ON = {
    "unseen_pair": "each foretold by a fit that had not seen its model on its accelerator",
    "unseen_gpu": "each foretold by a fit that had not seen its accelerator type",
    "unseen_family": "each foretold by a fit that had not seen any model of its maker",
    "in_sample": "each foretold by the fit that has seen it: no test, but what the figures use",
}
FIRST = "unseen_pair"
COVERED = {"pair": "Unseen pair", "accelerator": "Unseen accelerator", "type": "Range without it too"}
WORST = 12
COMMAND = "python -m core fit --report"
IN_A_NARROW_CELL = NOT_CALIBRATABLE.replace("able", "\u00adable")  # a phone breaks it there


def answering() -> None:
    """The answer, the chart against measurements, errors by kind, and where it fails."""
    st.markdown(f"**{answer()}**")
    hold_out = _tested()
    left, right = st.columns([13, 14], gap="large")
    with left:
        _against(hold_out)
    with right:
        _by_kind(hold_out)
    _quantities()
    _coverage()
    _failures(hold_out)


def answer() -> str:
    """How accurate it is, in one sentence."""
    found = accuracy.overall(FIRST)
    shares = (found.median_share, found.within_near_share, found.within_twice_share)
    middle, near, twice = (words.percent(share) for share in shares)
    rows = words.count(found.n, "measured setting")
    return (
        f"Half of {rows} are estimated within {middle} by fits that had not seen their model on their accelerator; "
        f"{near} within a quarter, {twice} within a factor of two."
    )


def _tested() -> str:
    """Which rows were left out of the fit, as the reader chose it."""
    st.segmented_control(
        "Tested on", list(TESTED), key="m:tested", format_func=lambda key: TESTED[key], default=FIRST, required=True
    )
    return str(state.typed("m:tested") or FIRST)


def _against(hold_out: str) -> None:
    found = accuracy.overall(hold_out)
    note = f"Joules per output token · across: measured, up: estimated · {TESTED_ON[hold_out]}"
    section(f"{words.count(found.n, 'measurement')}, {TESTED[hold_out].lower()}", note)
    rows = [
        {
            "told": f"{row.measured.model_as_published} on {row.measured.accelerators} × {row.measured.hardware}, "
            f"{words.figure(row.measured.batch, 3)} at a time",
            "measured": measured,
            "estimated": estimated,
            "series": _source(row.measured.series),
        }
        for row, measured, estimated in accuracy.points(hold_out)
    ]
    st.markdown(small("Dashed: as measured. Shaded: within a factor of two."))
    about = "Estimated against measured energy per output token"
    table = {
        "Setting": [row["told"] for row in rows],
        "Measured, J/token": [row["measured"] for row in rows],
        "Estimated, J/token": [row["estimated"] for row in rows],
        "Source": [row["series"] for row in rows],
    }
    with_table(charts.against(rows, about, is_dark()), words.against_summary(rows), table)


def with_table(spec: dict[str, Any], summary: str, table: Mapping[str, Sequence[Any]]) -> None:
    """A chart with its sentence, and the same as a table that scrolls in itself: too wide or long for the page."""
    about = drawn(spec)
    st.markdown(small(words.markdown_safe(summary)))
    shut = st.expander("The same as a table", key=f"table:{about}", on_change="rerun")
    if shut.open:
        with shut:
            frame(table, about, "")
            as_csv(about, table)


def _source(series: str) -> str:
    """The publication that a series is part of.

    >>> _source("ML.ENERGY v3 gpqa"), _source("Wilkins energy-inference")
    ('ML.ENERGY v3', 'Wilkins et al.')
    """
    return " ".join(series.split()[:2]) if series.startswith("ML.ENERGY") else f"{series.split()[0]} et al."


def _by_kind(hold_out: str) -> None:
    section("By kind", "Estimated ÷ measured: dot in the middle, bar over four in five · right: median error")
    found = accuracy.by_regime(hold_out)
    rows, summary = ranges_rows(found)
    table: dict[str, list[Any]] = {
        "Kind": [f"{regime.group}: {regime.name}" for regime in found],
        "Rows": [regime.errors.n for regime in found],
        "Models": [regime.errors.models for regime in found],
    }
    table |= columns([regime.errors for regime in found])
    with_table(charts.ranges(rows, "Errors by kind of setting", is_dark()), summary, table)


def ranges_rows(found: Sequence[Regime]) -> tuple[list[dict[str, Any]], str]:
    """The rows of the chart of errors by kind, and its sentence."""
    rows: list[dict[str, Any]] = [
        {
            "group": regime.group,
            "name": regime.name,
            "low": 1.0 / regime.errors.high_factor,
            "mid": regime.errors.bias_factor,
            "high": 1.0 / regime.errors.low_factor,
            "label": words.percent(regime.errors.median_share),
            "few": not regime.errors.calibratable,
        }
        for regime in found
    ]
    hollow = f" Hollow: fewer than {words.count(LEAST_MODELS, 'model')}, {NOT_CALIBRATABLE}."
    return rows, words.ranges_summary(rows) + (hollow if any(row["few"] for row in rows) else "")


def columns(found: list[Errors]) -> dict[str, list[str]]:
    """Errors as the columns of a table, narrow enough for a phone."""
    return {
        "Median error": [words.percent(one.median_share) for one in found],
        "Within a quarter": [words.percent(one.within_near_share) for one in found],
        "Within twice": [words.percent(one.within_twice_share) for one in found],
        "Leans": [words.signed_percent(one.bias_factor - 1.0) for one in found],
        "Four in five, measured ÷ estimated": [_span(one) for one in found],
    }


def _span(one: Errors) -> str:
    return f"{one.low_factor:.2f} to {one.high_factor:.2f}" if one.calibratable else NOT_CALIBRATABLE


def _quantities() -> None:
    section(
        "Time and power", "What the energy is made of, over all rows · “leans”: the middle of estimated over measured"
    )
    names = {ENERGY: "Energy", STEP: "Time of a step", POWER: "Power"}
    pairs = [(name, hold_out) for name in names for hold_out in HOLD_OUTS]
    table = {"Quantity": [f"{names[name]}, {TESTED[hold_out].lower()}" for name, hold_out in pairs]}
    narrow(table | columns([accuracy.overall(hold_out, name) for name, hold_out in pairs]), "Errors by quantity")


def narrow(table: dict[str, list[str]], about: str) -> None:
    """A table of many narrow columns: on a phone their names stand upright."""
    with st.container(key=in_columns(about, table)):
        st.table(table, border="horizontal", hide_index=True, alt=about)


def _coverage() -> None:
    note = "Settings inside the range of the energy at work, their pair or accelerator type left out of the fit"
    section("Does the 80 % range hold?", note)
    found = coverage()
    table = {
        "Regime": [one.name for one in found],
        "Rows": [f"{one.n}" for one in found],
        "Models": [f"{one.models}" for one in found],
    }
    for test, title in COVERED.items():
        table[title] = [
            words.percent(one.inside_share[test]) if one.inside_share else IN_A_NARROW_CELL for one in found
        ]
    narrow(table, "Coverage of the range")
    for line in range_rule():
        st.markdown(small(line))


def range_rule() -> tuple[str, ...]:
    """How the range is learnt, whom it is tested on, and where it does not hold."""
    worst = held_worst()
    share = words.percent((worst.inside_share or {})["type"])
    return (
        "One rule for all: the tenth and ninetieth of a hundred errors of the regime, further out where few errors "
        "leave the ends unknown (as in conformal prediction; settings of one pair err alike and count as fewer). Each "
        "setting is judged by a range learnt without its pair.",
        f"Last column: by a range learnt without its whole accelerator type, of which five were measured. It holds "
        f"least for “{worst.name}”: {share}, where {words.count(worst.types, 'type')} were measured that err to "
        f"opposite sides. For a new type the range is too narrow there.",
        f"{words.capital(NOT_CALIBRATABLE)}: fewer than {words.count(LEAST_MODELS, 'model')} were measured, so that "
        f"nothing says how many of the next would lie inside; the range is that of all mixtures.",
    )


def _failures(hold_out: str) -> None:
    section(
        "Where it fails",
        f"The {WORST} settings furthest off, {TESTED[hold_out].lower()}: how far in the middle, and at worst",
    )
    found = accuracy.failures(hold_out, WORST)
    table = {
        "Setting": [f"{one.model} in {one.precision} on {one.hardware}, {one.series}" for one in found],
        "Rows": [words.count(one.n, "row") for one in found],
        "Estimated ÷ measured": [f"{one.typical_factor:.2f} in the middle" for one in found],
        "At worst": [f"{one.worst_factor:.2f} at worst" for one in found],
        "Why": [words.capital(one.reason) for one in found],
    }
    shown(table, "Where it fails")


def beyond() -> None:
    """How far measurements reach, and how to reproduce all this."""
    section(
        "What is extrapolated", "Beyond any of these no measurement says how far off an estimate is; its badge says so"
    )
    found = limits()
    shown({"Of": list(found), "Measured": list(found.values())}, "What was measured")
    st.markdown(small(f"`{COMMAND}` fits anew on your machine and prints these figures. Rows: “Tables”, Measurements."))
