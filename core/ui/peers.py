"""How others fare on what was measured and published, beside us: EcoLogits on answers, LLMCarbon on training."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core import catalog as facts
from core import words
from core.catalog.measured import training_runs
from core.peers.bridge import THEIR_DEVICE
from core.peers.ecologits_library import missing
from core.peers.llmcarbon import Beside, compared, median_ratio
from core.peers.scored import (
    THEIR_MOST_BATCH,
    THEIR_MOST_PARAMS_B,
    THEIRS,
    THEIRS_TOLD,
    UNSEEN_GPU,
    UNSEEN_PAIR,
    scores,
)
from core.ui.shown import section, small

WHO = {
    THEIRS_TOLD: "EcoLogits, told requests at a time and accelerators",
    THEIRS: "EcoLogits, as it comes",
    UNSEEN_PAIR: "Glidepath, each model on {} left out of its fit",
    UNSEEN_GPU: "Glidepath, every {} left out of its fit",
}

LIMITS = (
    "EcoLogits' formula is itself a fit to measurements of ML.ENERGY on H100, up to "
    f"{THEIR_MOST_BATCH:g} requests at a time and {THEIR_MOST_PARAMS_B:g} billion parameters: “in its limits” is the "
    "median error on the {} of these settings within them. No row was left out of its fit for this table."
)


def measured() -> None:
    """Both tools on the measured settings of the accelerator that EcoLogits takes for all."""
    reason = missing()
    if reason:
        st.markdown(f"{words.markdown_safe(reason)}.")
        return
    found, device = scores(THEIR_DEVICE), facts.load().hardware[THEIR_DEVICE].name
    note = f"{words.count(found[0].n, 'measured setting')} on {device}, energy of the accelerators for a token out"
    section("EcoLogits against measurements", note)
    short = device.split()[0]
    table = {
        "Estimate": [WHO[score.who].format(short) for score in found],
        "Median error": [words.percent(score.median_error_share) for score in found],
        "Within twice": [words.percent(score.within_twice_share) for score in found],
        "In its limits": [words.percent(score.home_median_error_share) for score in found],
    }
    st.table(table, border="horizontal", hide_index=True)
    st.markdown(small(LIMITS.format(found[0].home_n)))


def training() -> None:
    """Published training runs: energy as reported, by LLMCarbon and by us, with the median ratio of each."""
    rows = compared()
    note = f"MWh at the meter · {words.count(len(rows), 'published run')}, each at its own overhead of the site"
    section("Training: LLMCarbon beside ours", note)
    table = {
        "Run": [row.run.name for row in rows],
        "Reported": [words.figure(row.energy_reported_mwh) for row in rows],
        "LLMCarbon": [words.figure(row.energy_llmcarbon_mwh) for row in rows],
        "Glidepath": [words.figure(row.energy_ours_mwh) for row in rows],
    }
    left, right = st.columns([15, 12], gap="large")
    left.table(table, border="horizontal", hide_index=True)
    right.markdown(f"**{words.markdown_safe(ratios(rows))}**")
    right.markdown(small(words.markdown_safe(fairness(rows))))


def ratios(rows: tuple[Beside, ...]) -> str:
    """Each tool over what was reported: the median, and from the least to the most."""
    theirs = over([(row.energy_llmcarbon_mwh, row.energy_reported_mwh) for row in rows])
    ours = over([(row.energy_ours_mwh, row.energy_reported_mwh) for row in rows])
    return f"At the median LLMCarbon says {theirs} what was reported, Glidepath {ours}."


def over(pairs: Sequence[tuple[float, float]]) -> str:
    """The ratios of first over second in words.

    >>> over([(1.0, 2.0), (3.0, 1.0), (9.0, 9.0)])
    '1.0 times (0.50 to 3.0)'
    """
    found = [first / second for first, second in pairs]
    ends = (words.figure(pick(found), 2) for pick in (min, max))
    return f"{words.figure(median_ratio(pairs), 2)} times ({' to '.join(ends)})"


def fairness(rows: tuple[Beside, ...]) -> str:
    """What each of the two was told, and what ours has seen before."""
    known = {run.id for run in training_runs()}
    seen = sum(row.run.id in known for row in rows)
    return (
        "LLMCarbon is told the throughput that each run reached and the power measured; Glidepath the size, the tokens "
        f"and the accelerator only. {words.count(seen, 'of them is', 'of them are')} among the runs that "
        "Glidepath's training model was fitted to. Reported figures are as LLMCarbon cites them."
    )
