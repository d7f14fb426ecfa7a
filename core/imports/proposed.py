"""From what usage files say to the plan: a workload for each service, model, region and group, new or updated.

A workload keeps the key of what filled it. The next file with that key changes its volume alone; model, place, names,
growth, levers and every other choice stay. Months that a file covers whole are kept as measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from core.imports.import_key import import_key
from core.imports.measured_months import measured_months
from core.imports.named import NONE, Guess, model_of
from core.imports.periods import Period, period_of
from core.imports.places import hardware_of, region_of
from core.imports.said_before import Against, against, growth_of
from core.imports.usage.format import NO_ANSWERS, Ask
from core.imports.usage.reading import UsageReading
from core.imports.usage.record import Amounts, Subject
from core.imports.volumes import Volume, usd_per_m_input_tokens, volume
from core.plan import Actual, Plan, Workload
from core.plan.cells import build
from core.plan.follow import usual_precision
from core.plan.knob import parse_number
from core.plan.limits import MOST_ACTUALS, MOST_WORKLOADS
from core.plan.lines import joined, unfit
from core.plan.own_catalog import catalog_of

Action = Literal["new", "update", "leave"]
COVERED_DAYS, INPUT_TOKENS = "covered_days", "input_tokens_a_request"
LONGEST_NAME, LONGEST_UNIT, LONGEST_TAG = 80, 80, 40
FULL_YEAR_DAYS = 365.0
SERVED_BY_OWN = ("vllm", "kserve", "tgi", "sglang", "ollama")  # software that one runs oneself


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


@dataclass(slots=True)
class _Part:
    """All that the files say under one key."""

    subject: Subject
    amounts: Amounts = field(default_factory=Amounts)
    months: dict[str, Amounts] = field(default_factory=dict)


def proposals(reading: UsageReading, plan: Plan, answers: Mapping[str, str] = NO_ANSWERS) -> tuple[Proposal, ...]:
    """What to do with each part of the files, most tokens first. The plan stays as it is until these are applied."""
    period = period_of(reading, _answer(answers, COVERED_DAYS))
    found: list[Proposal] = []
    free = MOST_WORKLOADS - len(plan.workloads)
    for key, part in _parts(reading).items():
        one = _proposal(key, part, period, plan, answers, _source(reading))
        if one.action == "new" and free <= 0:
            one = _left(one, f"the plan holds {MOST_WORKLOADS} workloads already; the limit is {MOST_WORKLOADS}")
        free -= one.action == "new"
        found.append(one)
    return tuple(found)


def applied(plan: Plan, chosen: Iterable[Proposal]) -> Plan:
    """The plan with what was proposed; what is left stays out of it, and every other workload stays as it is."""
    workloads = list(plan.workloads)
    measured: list[Actual] = []
    for one in chosen:
        if one.action == "leave" or one.workload is None:
            continue
        place = next((n for n, w in enumerate(workloads) if w.import_key == one.key), None)
        if place is None:
            key = plan.but(workloads=tuple(workloads), actuals=(), calibrations=()).free_id()
            workloads.append(one.workload.but(id=key, import_key=one.key))
        else:
            key = workloads[place].id
            workloads[place] = one.workload.but(id=key, import_key=one.key)
        measured += [row.but(workload=key) for row in one.actuals]
    rows = joined(plan.actuals, measured, "A")
    wrong = unfit(rows, {w.id for w in workloads})
    sound = tuple(row for place, row in enumerate(rows) if place not in wrong)
    return plan.but(workloads=tuple(workloads), actuals=sound[:MOST_ACTUALS])


def _parts(reading: UsageReading) -> dict[str, _Part]:
    """Amounts by key, months together; most tokens first."""
    found: dict[str, _Part] = {}
    for subject, amounts in reading.amounts.items():
        part = found.setdefault(import_key(subject), _Part(replace(subject, month="")))
        part.amounts.add(amounts)
        if subject.month:
            part.months.setdefault(subject.month, Amounts()).add(amounts)

    def size(item: tuple[str, _Part]) -> tuple[float, str]:
        amounts = item[1].amounts
        return -((amounts.input_tokens or 0.0) + (amounts.output_tokens or 0.0)), item[0]

    return dict(sorted(found.items(), key=size))


def _proposal(key: str, part: _Part, period: Period, plan: Plan, answers: Mapping[str, str], source: str) -> Proposal:
    subject, amounts = part.subject, part.amounts
    before = next((w for w in plan.workloads if w.import_key == key), None)
    bare = Proposal(
        key, "leave", "", subject, amounts, period.days, period.year_share, before=before,
        guess=model_of(subject.model, usd_per_m_input_tokens(amounts)),
        region_guess=region_of(subject.region, subject.service), hardware_guess=hardware_of(subject.hardware),
    )  # fmt: skip
    reason = _left_out(bare)
    if reason:
        return _left(bare, reason)
    growth, grown = growth_of(plan, before, period)
    days = before.operating_days if before else FULL_YEAR_DAYS
    found = volume(amounts, period.year_share, days, growth, _answer(answers, INPUT_TOKENS))
    if found is None:
        return _left(bare, "nothing was used")
    workload, sentences = _workload(bare, found, plan)
    if workload is None:
        return _left(bare, "; ".join(sentences))
    changed = tuple(
        (name, getattr(before, name), getattr(workload, name))
        for name in found.fields
        if before and getattr(before, name) != getattr(workload, name)
    )
    rows, months_said = measured_months(part.months, period, before, plan, source, not found.requests_assumed)
    beside = against(plan, before, part.months, period, not found.requests_assumed)
    said = (period.said, *grown, *found.said, *months_said, *(one.said for one in beside))
    why = "volume brought up to date; its choices stay" if before else "not in the plan yet"
    return replace(
        bare, action="update" if before else "new", why=why, workload=workload, differences=changed, against=beside,
        actuals=rows, said=tuple(said), asks=_asks(period, found),
    )  # fmt: skip


def _left(one: Proposal, why: str) -> Proposal:
    return replace(one, action="leave", why=why, workload=None, actuals=())


def _left_out(one: Proposal) -> str:
    """Why a part of the files makes no workload, in a sentence; empty where it may."""
    if one.subject.stage == "embedding" or one.guess.service == "embedding":
        return "embeddings are no answers of a language model; they are not in the plan"
    if one.guess.service:
        return f"{one.guess.service}: no answers of a language model; it is not in the plan"
    if one.subject.stage == "hire":
        return f"{one.amounts.gpu_h or 0:,.4g} accelerator-hours; hired machines are not taken yet"
    if one.subject.stage == "training":
        return "training is not taken yet"
    return ""


def _workload(one: Proposal, found: Volume, plan: Plan) -> tuple[Workload | None, list[str]]:
    """The workload as it would stand: as before but for its volume, or new."""
    if one.before is not None:
        fields = {name: getattr(one.before, name) for name in type(one.before).model_fields}
        return build(Workload, fields | dict(found.fields))
    catalog, subject = catalog_of(plan), one.subject
    hosting = "own" if any(word in subject.service.lower() for word in SERVED_BY_OWN) else "api"
    model = catalog.models[one.guess.id]
    fields = {
        "id": plan.free_id(), "name": _name(subject, model.name), "hosting": hosting, "model": model.id,
        "region": one.region_guess.id, "operating_days": FULL_YEAR_DAYS, "import_key": one.key,
        "business_unit": subject.group[:LONGEST_UNIT], "tags": (subject.service.replace(";", " ")[:LONGEST_TAG],),
    }  # fmt: skip
    if hosting != "api" and one.hardware_guess.id:
        fields["hardware"] = one.hardware_guess.id
    device = "" if hosting == "api" else fields.get("hardware", "H100-SXM")
    fields["precision"] = usual_precision(catalog, {"model": model.id, "hardware": device, "kind": "inference"})
    return build(Workload, fields | dict(found.fields))


def _name(subject: Subject, model: str) -> str:
    """What colleagues would call it: its group and the model, else the service."""
    return f"{subject.group or subject.service}: {model}"[:LONGEST_NAME]


def _asks(period: Period, found: Volume) -> tuple[Ask, ...]:
    """What the owner may say beside the files, about this part of them."""
    days = Ask(COVERED_DAYS, "Days covered", "Days whose usage the files hold; volumes of a year follow from it.",
               usual=f"{period.days:.6g}")  # fmt: skip
    if not found.requests_assumed:
        return (days,)
    each = found.fields.get("input_tokens", 0.0)
    length = Ask(INPUT_TOKENS, "Input tokens a request", "The file counts no requests: how long is one?",
                 usual=f"{each:.6g}")  # fmt: skip
    return (days, length)


def _answer(answers: Mapping[str, str], key: str) -> float | None:
    """A number above 0 that its owner gave; None without one that can be read."""
    try:
        value = parse_number(answers.get(key, ""))
    except ValueError:
        return None
    return value if value is not None and value > 0 else None


def _source(reading: UsageReading) -> str:
    names: Sequence[str] = [file.name for file in reading.files]
    return "; ".join(names)[:200] or reading.kind
