"""The environmental part of a model card: Markdown with the front matter that Hugging Face reads.

Training and use stand apart and are never added. `co2_eq_emissions` is of training, as its readers take it: grams of
one run of each workload that trains, location-based, electricity and hardware spread over its life.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from core import APP_VERSION, words
from core.exports.answer import Answer
from core.exports.scales import scale_for
from core.plan import Workload
from core.results import interval
from core.results.draws import Floats
from core.results.sci import Score, role_of, score
from core.results.site import find_region
from core.units import G_PER_KG, TOKENS_PER_M

FILE = "glidepath_model_card.md"
TRAINING = {"fine_tuning": "fine-tuning", "pre_training": "pre-training"}
SPECIAL = frozenset("\\`*_{}[]()<>#$~|!@:")
ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
LONGEST_LINK = 2_000  # characters
COUNTED = "location-based, electricity and hardware spread over its life"


class CardError(Exception):
    """Why there is no card, in one sentence."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a workload that trains, in the first year that has one, in every draw: carbon and energy."""

    workload: Workload
    year: int
    runs: float
    carbon_kg: Floats
    energy_kwh: float
    where: str
    hardware: str


@dataclass(frozen=True, slots=True)
class Use:
    """A workload that answers, in the headline's year: its score, which holds carbon, tokens and requests."""

    workload: Workload
    score: Score
    energy_kwh: float
    where: str


def plain(text: str) -> str:
    """A text in which no sign works as Markdown, HTML or a link.

    >>> plain("<b> *x* http://a.b")
    '&lt;b&gt; \\\\*x\\\\* http\\\\://a.b'
    """
    found = "".join(ENTITIES.get(sign, f"\\{sign}" if sign in SPECIAL else sign) for sign in text)
    return ("\\" if found[:1] in ("-", "+", "=") else "") + found.replace("www.", "www\\.")


def write_card(answer: Answer, key: str = "") -> bytes:
    """The card of a plan, or of one workload by its id; CardError where there is no such workload with figures."""
    places = _places(answer, key)
    runs, uses = list(_runs(answer, places)), list(_uses(answer, places))
    if not runs and not uses:
        raise CardError("no workload of this plan has a figure to tell")
    lines = [*_front(answer, runs), *_body(answer, runs, uses, key)]
    return ("\n".join(lines) + "\n").encode()


def _places(answer: Answer, key: str) -> list[int]:
    found = answer.found
    if not key:
        return found.shown()
    place = found.of(key)
    if place is None:
        known = ", ".join(workload.id for workload in found.workloads)
        why = found.refused.get(key, f"the plan has no such workload; it has {known or 'none'}")
        raise CardError(f"workload '{key[:40]}' has no card: {why}")
    return [place]


def _runs(answer: Answer, places: Sequence[int]) -> Iterator[Run]:
    found = answer.found
    for place in places:
        one = found.workloads[place]
        when = next((at for at in range(len(answer.plan.years())) if _tokens(answer, place, at) > 0), None)
        if one.kind == "inference" or when is None:
            continue
        year = answer.plan.first_year + when
        each = one.tokens_per_run_m * TOKENS_PER_M * one.epochs * one.overhead_factor
        runs = _tokens(answer, place, when) / each
        told = score(found, (place,), year, role_of(one))
        kwh = float(found.values["energy_facility_kwh"][place, when, 0]) / runs
        carbon = (told.operational_kg + told.embodied_kg) / runs
        yield Run(one, year, runs, carbon, kwh, _where(answer, one), _hardware(answer, one))


def _tokens(answer: Answer, place: int, when: int) -> float:
    values = answer.found.values
    return float(values["input_tokens_year"][place, when, 0] + values["output_tokens_year"][place, when, 0])


def _uses(answer: Answer, places: Sequence[int]) -> Iterator[Use]:
    found, when = answer.found, answer.found.place(answer.year)
    for place in places:
        one = found.workloads[place]
        told = score(found, (place,), answer.year, role_of(one))
        if one.kind == "inference" and told.tokens[0] > 0:
            kwh = float(found.values["energy_facility_kwh"][place, when, 0])
            yield Use(one, told, kwh, _where(answer, one))


def _where(answer: Answer, one: Workload) -> str:
    region, cloud = find_region(answer.found.catalog, one.region)
    if cloud:
        return f"{cloud.provider.upper()} {cloud.region}, {cloud.location}"
    return region.name if region else one.region


def _hardware(answer: Answer, one: Workload) -> str:
    if not one.hardware:
        return "not published by the provider"
    known = answer.found.catalog.hardware.get(one.hardware)
    count = one.accelerators or one.installed_accelerators
    return f"{f'{count} x ' if count else ''}{known.name if known else one.hardware}"


def _front(answer: Answer, runs: Sequence[Run]) -> Iterator[str]:
    """The YAML that Hugging Face reads, where anything is trained: emissions of one run each, in grams."""
    if not runs:
        return
    grams = sum(float(run.carbon_kg[0]) for run in runs) * G_PER_KG

    def each(texts: Iterator[str]) -> str:
        return json.dumps("; ".join(dict.fromkeys(texts)), ensure_ascii=False)

    made = f"Glidepath {APP_VERSION}, data {answer.found.data_version}: modelled, one run each, {COUNTED}"
    yield "---"
    yield "co2_eq_emissions:"
    yield f"  emissions: {grams!r}"
    yield f"  source: {json.dumps(made)}"
    yield f"  training_type: {each(TRAINING[run.workload.kind] for run in runs)}"
    yield f"  geographical_location: {each(run.where for run in runs)}"
    yield f"  hardware_used: {each(run.hardware for run in runs)}"
    yield from ("---", "")


def _body(answer: Answer, runs: Sequence[Run], uses: Sequence[Use], key: str) -> Iterator[str]:
    yield from ("## Environmental footprint", "")
    if not key:
        yield f"{plain(answer.plan.name)}: {plain(answer.headline)}."
        yield f"{plain(words.capital(answer.covered))}."
        yield ""
    yield "Modelled figures, no meter readings. 80 % range: 8 of 10 simulations lie inside. "
    yield f"Training and use are {COUNTED}; they are never added."
    if runs:
        yield from ("", "### Training", "")
        yield from _table(("Workload", "CO₂e of one run", "80 % range", "Energy of one run", "Where", "Hardware"),
                          [_run(run) for run in runs])  # fmt: skip
    if uses:
        yield from ("", f"### Use in {answer.year}", "")
        heads = ("Workload", "CO₂e of a request", "CO₂e of 1,000 tokens", "80 % range", "Energy of the year", "Where")
        yield from _table(heads, [_use(use) for use in uses])
    yield ""
    versions = ", ".join(f"{name} {version}" for name, version in answer.versions.items())
    yield f"Made on {answer.made_on.isoformat()} by {plain(versions)}."
    yield from _link(answer)


def _link(answer: Answer) -> Iterator[str]:
    """The link to the plan where it leads somewhere and is no page long; what to know of it."""
    if not 0 < len(answer.link) <= LONGEST_LINK:
        yield "The plan behind these figures is in its bundle."
    elif answer.link.startswith("http"):
        yield f"[Open the plan behind these figures](<{answer.link}>)."
    else:
        yield f"The plan behind these figures: `{answer.link}`."
    yield from map(plain, answer.notes)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{' --- |' * len(heads)}"
    yield from (f"| {' | '.join(plain(cell) for cell in row)} |" for row in rows)


def _run(run: Run) -> tuple[str, ...]:
    low, mid, high = interval(run.carbon_kg)
    middle, ends = words.with_range(mid, low, high, scale_for("kg", (mid,)))
    kwh = words.quantity(run.energy_kwh, scale_for("kWh", (run.energy_kwh,)))
    name = f"{run.workload.name} ({TRAINING[run.workload.kind]}, {run.year})"
    return name, middle, ends or "–", kwh, run.where, run.hardware


def _use(use: Use) -> tuple[str, ...]:
    request, tokens = (np.asarray(grams) / G_PER_KG for grams in (use.score.per_request(), use.score.per_k_tokens()))
    scale = scale_for("kg", (float(tokens[0]), float(request[0])), small=True)
    low, mid, high = interval(tokens)
    middle, ends = words.with_range(mid, low, high, scale)
    one = words.quantity(float(request[0]), scale, words.digits_for(mid, low, high))
    kwh = words.quantity(use.energy_kwh, scale_for("kWh", (use.energy_kwh,)))
    return use.workload.name, one, middle, scale.dress(ends) if ends else "–", kwh, use.where
