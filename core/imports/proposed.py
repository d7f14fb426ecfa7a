"""From what usage files say to the plan: a workload for each service, model, region and group, new or updated.

A workload keeps the key of what filled it. The next file with that key changes its volume alone; model, place, names,
growth, levers and every other choice stay. Months that a file covers whole are kept as measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from core.imports.chosen_before import Chosen, chosen_before
from core.imports.import_key import import_key
from core.imports.made import Made, Part, made
from core.imports.measured_months import measured_months
from core.imports.named import NONE, Guess, model_in_group, model_of
from core.imports.periods import Period, months_of, period_of
from core.imports.places import called_from, hardware_of
from core.imports.said_before import Against, against, growth_of, still_apart
from core.imports.usage.format import NO_ANSWERS, Ask
from core.imports.usage.formats import FORMATS
from core.imports.usage.reading import UsageReading
from core.imports.usage.record import Amounts, Subject
from core.imports.volumes import usd_per_m_input_tokens
from core.plan import Actual, Plan, Workload
from core.plan.knob import parse_number
from core.plan.limits import MOST_ACTUALS, MOST_WORKLOADS
from core.plan.lines import joined
from core.results.figures import Results, of

Action = Literal["new", "update", "leave"]
COVERED_DAYS, INPUT_TOKENS = "covered_days", "input_tokens_a_request"
LONGEST_SOURCE = 200
LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an import would do with one part of its files. `amounts` are the file's own, `workload` as it would stand.

    `said` holds what was assumed and how the plan's figure of that time compares; `actuals` the months it covers whole.
    """

    key: str
    action: Action
    why: str
    subject: Subject
    amounts: Amounts
    covered_days: float
    covered_share: float
    workload: Workload | None = None
    before: Workload | None = None
    guess: Guess = NONE
    region_guess: Guess = NONE
    hardware_guess: Guess = NONE
    asks: tuple[Ask, ...] = ()
    differences: tuple[tuple[str, Any, Any], ...] = ()
    against: tuple[Against, ...] = ()
    actuals: tuple[Actual, ...] = ()
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """What the plan holds when a part of the files comes: the workload it filled before, and what was chosen.

    `figures` are the plan's central ones, where any part of the files filled a workload of it.
    """

    plan: Plan
    before: Workload | None
    chosen: Chosen
    figures: Results | None = None


@dataclass(slots=True)
class _Sum:
    """All that the files say under one key, months together and apart."""

    subject: Subject
    amounts: Amounts = field(default_factory=Amounts)
    months: dict[str, Amounts] = field(default_factory=dict)


def proposals(reading: UsageReading, plan: Plan, answers: Mapping[str, str] = NO_ANSWERS) -> tuple[Proposal, ...]:
    """What to do with each part of the files, most tokens first. The plan stays as it is until these are applied."""
    days, by_the_hour = _answer(answers, COVERED_DAYS), _counters(reading.kind)
    services = {subject.service for subject in reading.amounts}
    periods = {service: period_of(months_of(reading, service), days, by_the_hour) for service in services}
    before = {w.import_key: w for w in reversed(plan.workloads) if w.import_key}
    chosen = chosen_before(plan)
    room, rows = MOST_WORKLOADS - len(plan.workloads), MOST_ACTUALS - len(plan.actuals)
    wrong, parts = wrong_answers(answers), _sums(reading)
    figures = of(plan, 0) if before.keys() & parts.keys() else None
    found: list[Proposal] = []
    for key, part in parts.items():
        held = Held(plan, before.get(key), chosen, figures)
        one = _proposal(key, part, periods[part.subject.service], held, answers, _source(reading))
        if one.action == "new" and room <= 0:
            one = _left(one, f"the plan holds {MOST_WORKLOADS} workloads, as many as it can")
        room -= one.action == "new"
        one, rows = _fitting(replace(one, said=(*wrong, *one.said)), plan, rows)
        found.append(one)
    return tuple(found)


def _fitting(one: Proposal, plan: Plan, room: int) -> tuple[Proposal, int]:
    """A proposal with the measured months that the plan has room for, and the room that is left."""
    held = {row.line for row in plan.actuals}
    new = [row for row in one.actuals if row.line not in held]
    if len(new) <= room:
        return one, room - len(new)
    kept = tuple(row for row in one.actuals if row not in new[room:])
    said = f"a plan holds {MOST_ACTUALS:,} measurements: {len(new) - room} months are not kept as measured"
    return replace(one, actuals=kept, said=(*one.said, said)), 0


def applied(plan: Plan, chosen: Iterable[Proposal]) -> Plan:
    """The plan with what was proposed; what is left stays out of it, and every other workload stays as it is."""
    workloads = list(plan.workloads)
    places = {w.import_key: n for n, w in reversed(list(enumerate(workloads))) if w.import_key}
    measured: list[Actual] = []
    for one in chosen:
        if one.action == "leave" or one.workload is None:
            continue
        if one.key in places:
            key = workloads[places[one.key]].id
            workloads[places[one.key]] = one.workload.but(id=key, import_key=one.key)
        else:
            key = _free_id(workloads)
            places[one.key] = len(workloads)
            workloads.append(one.workload.but(id=key, import_key=one.key))
        measured += [row.but(workload=key) for row in one.actuals]
    return plan.but(workloads=tuple(workloads), actuals=joined(plan.actuals, measured, "A"))


def _free_id(workloads: Sequence[Workload]) -> str:
    taken = {w.id for w in workloads}
    return next(key for number in range(1, len(taken) + 2) if (key := f"W{number}") not in taken)


def _sums(reading: UsageReading) -> dict[str, _Sum]:
    """Amounts by key, months together; most tokens first."""
    found: dict[str, _Sum] = {}
    for subject, amounts in reading.amounts.items():
        part = found.setdefault(import_key(subject), _Sum(replace(subject, month="")))
        part.amounts.add(amounts)
        if subject.month:
            part.months.setdefault(subject.month, Amounts()).add(amounts)

    def size(item: tuple[str, _Sum]) -> tuple[float, str]:
        amounts = item[1].amounts
        return -((amounts.input_tokens or 0.0) + (amounts.output_tokens or 0.0)), item[0]

    return dict(sorted(found.items(), key=size))


def _proposal(key: str, found: _Sum, period: Period, held: Held, answers: Mapping[str, str], source: str) -> Proposal:
    subject, amounts, plan, before = found.subject, found.amounts, held.plan, held.before
    guess = held.chosen.of(subject) or (None if subject.model else model_in_group(subject.group))
    guess = guess or model_of(subject.model, usd_per_m_input_tokens(amounts))
    region, mixed = called_from(subject.model, subject.region, subject.service)
    part = Part(key, subject, amounts, guess, region, hardware_of(subject.hardware))
    growth, grown = (1.0, ()) if subject.stage == "hire" else growth_of(plan, before, period)
    done = made(part, before, plan, period, growth, _answer(answers, INPUT_TOKENS))
    bare = Proposal(
        key, "leave", done.reason, subject, amounts, period.days, period.year_share, None, before,
        done.model or guess, region, part.board,
    )  # fmt: skip
    if done.workload is None:
        return bare
    rows, months_said = measured_months(found.months, period, before, plan, source, done.requests_counted)
    answered = subject.stage == "inference"
    beside = against(plan, before, found.months, period, done.requests_counted, held.figures) if answered else ()
    after = still_apart(plan, done.workload, found.months, period, done.requests_counted) if answered and before else ()
    said = (period.said, *mixed, *grown, *done.said, *months_said, *(one.said for one in beside), *after)
    return replace(
        bare, action="update" if before else "new", workload=done.workload, asks=_asks(period, done),
        why="volume brought up to date, choices stay" if before else "not in the plan yet",
        differences=_differences(before, done), against=beside, actuals=rows, said=said,
    )  # fmt: skip


def _left(one: Proposal, why: str) -> Proposal:
    return replace(one, action="leave", why=why, workload=None, actuals=())


def _differences(before: Workload | None, done: Made) -> tuple[tuple[str, Any, Any], ...]:
    """Fields of the workload that change, before and after."""
    if before is None or done.workload is None or done.changed is None:
        return ()
    both = ((name, getattr(before, name), getattr(done.workload, name)) for name in done.changed)
    return tuple(one for one in both if one[1] != one[2])


def _asks(period: Period, done: Made) -> tuple[Ask, ...]:
    """What the owner may say beside the files, about this part of them."""
    days = Ask(COVERED_DAYS, "Days covered", "Days whose usage the files hold; volumes of a year follow from it.",
               usual=f"{period.days:.6g}")  # fmt: skip
    if not done.requests_assumed or done.workload is None:
        return (days,)
    length = Ask(INPUT_TOKENS, "Input tokens a request", "The file counts no requests: how long is one?",
                 usual=f"{done.workload.input_tokens:.6g}")  # fmt: skip
    return (days, length)


def wrong_answers(answers: Mapping[str, str]) -> tuple[str, ...]:
    """What was answered and cannot be taken."""
    given = {key: answers.get(key, "").strip() for key in (COVERED_DAYS, INPUT_TOKENS)}
    return tuple(
        f"{key} is '{text[:LONGEST_SHOWN]}', no number above 0; what was found is taken"
        for key, text in given.items()
        if text and _answer(answers, key) is None
    )


def _answer(answers: Mapping[str, str], key: str) -> float | None:
    """A number above 0 that its owner gave; None without one that can be read."""
    try:
        value = parse_number(answers.get(key, ""))
    except ValueError:
        return None
    return value if value is not None and value > 0 else None


def _source(reading: UsageReading) -> str:
    return "; ".join(file.name for file in reading.files)[:LONGEST_SOURCE] or reading.kind


def _counters(kind: str) -> bool:
    """Whether files of that kind hold counters, which are read at two times and cover what lies between."""
    return any(form.kind == kind and form.layout == "exposition" for form in FORMATS)
