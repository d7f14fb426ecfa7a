"""Where the estimates are weak, in words, on the Methods page: by how much, and what is known of why."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core import words
from core.fit.guess import optional
from core.fit.nested_file import Terms
from core.methods import accuracy, weak
from core.methods.accuracy import LEAST_MODELS
from core.methods.accuracy_training import names
from core.methods.coverage import held_worst
from core.ui.expected import NOT_CALIBRATABLE
from core.ui.methods import shown
from core.ui.methods_accuracy import narrow
from core.ui.shown import section, small

Spot = tuple[str, str, str]
COMMAND = "python -m core fit --report --nested"
HOLD_OUTS = {"unseen_pair": "Unseen pair", "unseen_gpu": "Unseen accelerator"}


def spots() -> None:
    """The weak spots as a table, and what the choice of terms costs."""
    section("Known weak spots", "By fits that had not seen the setting, or the developer of the run")
    found = [_code(), _worst(), _block_fp8(), _new_type(), _prompts(), _training_energy(), _known_hours()]
    table = {title: [spot[place] for spot in found] for place, title in enumerate(("Where", "How far off", "Why"))}
    shown(table, "Known weak spots")
    _chosen()


def _code() -> Spot:
    found, models = weak.of_series(weak.CODE_COMPLETION), weak.by_model(weak.CODE_COMPLETION)
    each = " and ".join(f"{name} by {words.percent(errors.median_share)}" for name, errors in models.items())
    return (
        "Code completion",
        f"Half of {words.count(found.n, 'setting')} are off by more than {words.percent(found.median_share)}; "
        f"{words.percent(found.within_twice_share)} within a factor of two",
        f"Measured for {words.count(found.models, 'model')} on one accelerator type: {each}. Fewer than {LEAST_MODELS} "
        f"models: {NOT_CALIBRATABLE}. The length of the prompts is assumed.",
    )


def _worst() -> Spot:
    found = accuracy.failures(weak.PAIR, 1)[0]
    return (
        f"{found.model} in {found.precision} on {found.hardware}",
        f"Estimated {found.typical_factor:.2f} times the measured energy in the middle of "
        f"{words.count(found.n, 'row')}, {found.worst_factor:.2f} at worst",
        words.capital(found.reason),
    )


def _block_fp8() -> Spot:
    found = accuracy.of_cell(weak.PAIR, "moe_block_fp8", "")
    assert found is not None  # measured
    return (
        "Mixtures of experts in block-FP8",
        f"Half of {words.count(found.n, 'setting')} are off by more than {words.percent(found.median_share)}; "
        f"{words.percent(found.within_twice_share)} within a factor of two",
        f"Only {words.count(found.models, 'model')} measured: the range is {NOT_CALIBRATABLE}.",
    )


def _new_type() -> Spot:
    worst = held_worst()
    share = words.percent((worst.inside_share or {})["type"])
    return (
        f"A new accelerator type: {worst.name[0].lower()}{worst.name[1:]} requests at a time",
        f"A range learnt without the type holds {share} of its settings, not 80\u00a0%",
        f"Measured on {words.count(worst.types, 'type')} alone, one estimated too high and one too low",
    )


def _prompts() -> Spot:
    asked, tried = weak.prompts_asked(), weak.prompts_tried()
    low, assumed, high = sorted(tried)
    return (
        "Chat prompts of the newest measurements",
        f"Fitted with {low:g}, {assumed:g} and {high:g} tokens, half are within {words.percent(tried[low])}, "
        f"{words.percent(tried[assumed])} and {words.percent(tried[high])}",
        f"Their length is not published: {assumed:g} tokens are assumed. The latency that is published asks for "
        f"{words.figure(asked.middle_tokens, 3)} (half of {words.count(asked.n, 'setting')}: "
        f"{words.figure(asked.low_tokens, 3)} to {words.figure(asked.high_tokens, 3)}).",
    )


def _training_energy() -> Spot:
    run = weak.worst_metered()
    hours = run.foretold_h("developer_left_out") / run.measured_h - 1.0 if run.measured_h else None
    return (
        f"Training of {names()[run.id]} on {run.generation}",
        f"Energy {words.signed_percent(weak.energy_ratio(run) - 1.0)}, from hours {words.signed_percent(hours)}",
        "An early run on an old generation: it reached a smaller share of the peak than later runs, and one such run "
        "with a meter cannot teach the model an age of its own.",
    )


def _known_hours() -> Spot:
    found = weak.of_known_hours()
    recent, old = found[True], [ratio for _, ratio in found[False]]
    ratios = [ratio for _, ratio in recent]
    developers = words.count(len({name for name, _ in recent}), "developer")
    return (
        "Energy of a training run whose hours are known",
        f"{words.count(len(recent), 'metered run')} of {developers}: {words.signed_percent(min(ratios) - 1.0)} to "
        f"{words.signed_percent(max(ratios) - 1.0)}; {words.count(len(old), 'small run')} before {weak.RECENT_YEAR}: "
        f"{words.signed_percent(min(old) - 1.0)} and {words.signed_percent(max(old) - 1.0)}",
        f"Too few meters: the range is a judgement, {NOT_CALIBRATABLE}.",
    )


def _chosen() -> None:
    section(
        "What choosing the terms costs",
        f"The structure was found by looking at all rows · chosen anew: each fold picks among {len(optional())} terms "
        f"without the rows it is scored on",
    )
    found = {title: weak.chosen(hold_out) for hold_out, title in HOLD_OUTS.items()}
    rows = [(f"{title}, {which}", errors) for title, one in found.items() for which, errors in _both(one)]
    table = {
        "Tested on": [name for name, _ in rows],
        "Median error": [words.percent(errors.median_share) for _, errors in rows],
        "Within a quarter": [words.percent(errors.within_near_share) for _, errors in rows],
        "Within twice": [words.percent(errors.within_twice_share) for _, errors in rows],
    }
    narrow(table, "Errors where the terms are chosen anew")
    told = "; ".join(f"{title.lower()}: {_left_out(one.without)}" for title, one in found.items())
    more = "Forms that no coefficient stands for, and those tried and given up, had no part in the choice"
    st.markdown(small(f"{words.capital(told)}. {more}. `{COMMAND}`"))


def _left_out(choices: Sequence[Terms]) -> str:
    sizes = [len(terms) for terms in choices]
    return f"{words.count(len(sizes), 'choice')}, each leaving out {min(sizes)} to {max(sizes)} terms"


def _both(one: weak.Chosen) -> tuple[tuple[str, accuracy.Errors], ...]:
    return ("terms in use", one.in_use), ("chosen anew", one.anew)
