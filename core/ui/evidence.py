"""Published pairs before and after a lever as people read them: beside a lever, and all of them on the Methods page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core import catalog as facts
from core import charts, words
from core.evidence import score
from core.evidence.foretold import CLEAR, Foretold, foretold, of_lever, pairs_of, published, sides, stacks
from core.evidence.pairs import ENERGY, Pair, Setting
from core.evidence.score import Score
from core.ui.frame import is_dark
from core.ui.methods import shown
from core.ui.methods_tables import frame
from core.ui.picture import as_csv, drawn
from core.ui.shown import section, small

FAMILIES = {"serving": "Serving", "model": "Model", "precision": "Number format", "hardware": "Hardware"}
SEVERAL = "Several levers"
SOFTWARE = {"vllm": "vLLM", "vllm-2024": "vLLM of 2024", "transformers": "unbatched scripts"}
ABOUT = "Predicted against published effect of levers"


def line(key: str) -> str:
    """How near we come to what was measured of a lever, in one sentence; empty where nothing was published."""
    rows, listed = of_lever(key), pairs_of(key)
    if rows:
        return f"{_near(score.score(key, rows))}."
    if not listed:
        return ""
    energy = [pair for pair in listed if pair.kind == ENERGY]
    reason = (energy or list(listed))[0].not_computed
    return f"{words.count(len(listed), 'pair')}, none that we can predict: {reason}."


def _near(found: Score) -> str:
    ratio = "the ratio" if found.n == 1 else "half of the ratios"
    told = f"{words.count(found.n, 'pair')}; we predict {ratio} within {words.percent(found.median_error_share)}"
    return told + (f", the direction right in {found.right} of {found.judged}" if found.judged else "")


def pairs(key: str) -> None:
    """Each pair on a lever: its conditions, as published, as we predict it, and how far that is off."""
    rows = of_lever(key)
    rest = [pair for pair in pairs_of(key) if pair.not_computed]
    table = columns(rows)
    for pair in rest:
        cells = (f"{pair.baseline} → {pair.treatment}", f"{_published(pair)} published", "not predicted")
        for column, cell in zip(table.values(), cells, strict=True):
            column.append(cell)
    if rows or rest:
        st.markdown(small("Energy of the accelerators for a token out, after ÷ before, unless said otherwise"))
        shown(table, f"Published pairs, {facts.load().levers[key].name}")
        _sources(key)


def _sources(key: str) -> None:
    """Where pairs on a lever were published, besides the lever's own sources."""
    catalog = facts.load()
    own = catalog.levers[key].source.split(";")
    cited = dict.fromkeys(source for pair in pairs_of(key) for source in pair.source.split(";"))
    for found in (catalog.sources[source] for source in cited if source not in own):
        st.markdown(small(f"[{words.markdown_safe(found.title)}]({found.url}), {found.publisher}, {found.year}"))


def columns(rows: Sequence[Foretold]) -> dict[str, list[str]]:
    """Predicted pairs as the columns of a table."""
    return {
        "Pair": [conditions(row.pair) for row in rows],
        "After ÷ before": [
            f"{words.figure(row.published, 3)} published, {words.figure(row.ratio, 3)} predicted" for row in rows
        ],
        "Off by": [f"{words.signed_percent(row.residual_share)} off" for row in rows],
    }


def _published(pair: Pair) -> str:
    what = "" if pair.kind == ENERGY else f" ({pair.kind})"
    if pair.ratio is not None:
        return words.figure(pair.ratio, 3) + what
    return f"{words.figure(pair.ratio_low, 3)} to {words.figure(pair.ratio_high, 3)}{what}"


def conditions(pair: Pair) -> str:
    """Both settings of a computed pair: the first in full, of the second what differs."""
    before, after = (_parts(side) for side in sides(pair))
    changed = [new for old, new in zip(before, after, strict=True) if old != new]
    return f"{', '.join(before)} → {', '.join(changed)}"


def _parts(side: Setting) -> list[str]:
    """A setting in words: model, number format, accelerators, software, requests at a time."""
    catalog = facts.load()
    device = catalog.hardware[side.hardware].name
    at_a_time = f"{side.batch:.0f} at a time"
    name = catalog.models[side.model].name
    return [
        name, side.precision.upper(), f"{side.accelerators} × {device}", SOFTWARE[side.serving], at_a_time,
    ]  # fmt: skip


def family(pair: Pair) -> str:
    """What kind of lever a pair is about."""
    if len(pair.levers) > 1:
        return SEVERAL
    return FAMILIES[facts.load().levers[pair.levers[0]].family]


def levers() -> None:
    """All pairs on the Methods page: the answer, a chart, the score by lever, the worst, and what is not predicted."""
    section(
        "Levers: predicted against published",
        "Energy after a lever ÷ before it, as others measured both; nothing is fitted to these ratios",
    )
    st.markdown(f"**{answer()}**")
    left, right = st.columns([13, 14], gap="large")
    with left:
        _chart()
    with right:
        narrow = {"Lever": [_name(one.lever) for one in score.by_lever()]} | _columns(list(score.by_lever()))
        shown(narrow, "Predicted levers")
        st.markdown(small(words.markdown_safe(_seen())))
    _worst()
    _apart()


def answer() -> str:
    """How near the predicted ratios are, in one sentence, and what levers together show."""
    found = score.overall()
    near = words.percent(found.median_error_share)
    told = [
        f"Of {words.count(found.n, 'measured pair')} half are predicted within {near} of the ratio, the direction "
        f"right in {found.right} of {found.judged}."
    ]
    for stack in stacks():
        shares = (stack.together.published, stack.together.ratio, stack.flat)
        left, composed, flat = (words.percent(share) for share in shares)
        told.append(
            f"{words.capital(words.count(len(stack.parts), 'lever'))} together left {left} of the energy: composed, we "
            f"predict {composed}; the product of what each left alone says {flat}."
        )
    return " ".join(told)


def _name(lever: str) -> str:
    return " + ".join(facts.load().levers[key].name for key in lever.split(";"))


def _columns(found: Sequence[Score]) -> dict[str, list[str]]:
    return {
        "Pairs": [words.count(one.n, "pair") for one in found],
        "Median error": [f"{words.percent(one.median_error_share)} off" for one in found],
        "Direction": [f"{one.right} of {one.judged} right" if one.judged else "no direction" for one in found],
    }


def _seen() -> str:
    """What the fit had seen of them."""
    parts = {"2": "both sides among the measurements of the fit", "1": "one side", "0": "neither"}
    by_seen = [f"{one.n} with {parts[one.lever]}: {words.percent(one.median_error_share)}" for one in score.by_seen()]
    left_out = score.unseen()
    near = words.percent(left_out.median_error_share)
    return (
        f"Median error by what the fit of single settings had seen: {'; '.join(by_seen)}. The first of these by fits "
        f"that had left out each model on its accelerator: {near}, the direction right in {left_out.right} of "
        f"{left_out.judged}. A change of at most {words.percent(CLEAR)} has no direction."
    )


def _chart() -> None:
    rows: list[dict[str, Any]] = [
        {
            "told": conditions(row.pair),
            "measured": row.published,
            "estimated": row.ratio,
            "series": family(row.pair),
        }
        for row in foretold()
    ]
    drawn(charts.against(rows, ABOUT, is_dark()))
    st.markdown(small("Across: published, up: predicted. Dashed: as published. Shaded: within a factor of two."))
    st.markdown(small(words.markdown_safe(words.against_summary(rows))))
    shut = st.expander("The same as a table", key=f"table:{ABOUT}", on_change="rerun")
    if shut.open:
        with shut:
            numbers = {
                "Published": [row.published for row in foretold()],
                "Predicted": [row.ratio for row in foretold()],
            }
            told = {"Pair": [row["told"] for row in rows], "Lever": [_name(row.pair.lever) for row in foretold()]}
            frame(told | numbers, ABOUT, "")
            as_csv(ABOUT, told | numbers)


def _worst() -> None:
    found = score.worst()
    section(
        "Levers furthest off", f"The {words.count(len(found), 'pair')} that we predict worst, and where it comes from"
    )
    shown(columns(found) | {"Where": [why(row) for row in found]}, "Levers furthest off")


def why(row: Foretold) -> str:
    """Which side of a pair is off, or what its lever's own caveat says."""
    if row.factors is None:
        return facts.load().levers[row.pair.levers[0]].caveat
    before, after = (words.figure(factor, 2) for factor in row.factors)
    return f"Before, we estimate {before} times what was measured; after, {after} times"


def _apart() -> None:
    """What is published and not predicted, with the reason, energy first."""
    rest = sorted((pair for pair in published() if pair.not_computed), key=lambda pair: pair.kind != ENERGY)
    energy = sum(pair.kind == ENERGY for pair in rest)
    shut = st.expander(
        f"Not predicted: {energy} of energy, {len(rest) - energy} of throughput, cost, memory or carbon",
        key="apart:levers",
        on_change="rerun",
    )
    if shut.open:
        with shut:
            shown(
                {
                    "Pair": [f"{pair.baseline} → {pair.treatment}" for pair in rest],
                    "Of": [pair.kind for pair in rest],
                    "After ÷ before": [_published(pair).partition(" (")[0] for pair in rest],
                    "Why": [words.capital(pair.not_computed) for pair in rest],
                },
                "Levers not predicted",
            )
