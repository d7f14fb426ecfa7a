"""The workload that a part of usage files makes: a new one, or the one it filled before with its volume brought up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.imports.hired import accelerator_h, hired
from core.imports.named import SIZES, Guess
from core.imports.periods import Period
from core.imports.plain_names import segments
from core.imports.taught import taught
from core.imports.usage.record import AMOUNTS, Amounts, Subject
from core.imports.volumes import volume
from core.plan import Plan, Workload
from core.plan.cells import build
from core.plan.follow import usual_precision
from core.plan.own_catalog import catalog_of
from core.plan.workload import OWN_HARDWARE

LONGEST_NAME, LONGEST_UNIT, LONGEST_TAG = 80, 80, 40
FULL_YEAR_DAYS = 365.0
SERVED_BY_OWN = (
    "vllm",
    "kserve",
    "tgi",
    "sglang",
    "ollama",
    "triton",
    "llamafile",
    "lm_studio",
    "xinference",
)  # software that one runs oneself


@dataclass(frozen=True, slots=True)
class Part:
    """All that the files say under one key, and what its names stand for."""

    key: str
    subject: Subject
    amounts: Amounts
    model: Guess
    region: Guess
    board: Guess


@dataclass(frozen=True, slots=True)
class Made:
    """A workload with the fields that follow the files; without one, `reason` says why."""

    workload: Workload | None = None
    changed: Mapping[str, Any] | None = None
    reason: str = ""
    said: tuple[str, ...] = ()
    model: Guess | None = None
    requests_counted: bool = False
    requests_assumed: bool = False


def made(
    part: Part, before: Workload | None, plan: Plan, period: Period, growth: float, input_tokens: float | None
) -> Made:
    """The workload of a part of the files, in whose time demand is `growth` times that of the workload's first year.

    A new one begins in the files' first year, where the plan begins before: nothing is known of the years between.
    """
    done = _made(part, before, plan, period, growth, input_tokens)
    begun = min((int(month[:4]) for month in period.month_h), default=plan.first_year)
    if before is None and done.workload is not None and plan.first_year < begun <= plan.last_year:
        return replace(done, workload=done.workload.but(first_year=begun))
    return done


def _made(
    part: Part, before: Workload | None, plan: Plan, period: Period, growth: float, input_tokens: float | None
) -> Made:
    reason = no_answers(part)
    if reason:
        return Made(reason=reason)
    if any((getattr(part.amounts, name) or 0.0) < 0 for name in AMOUNTS):
        return Made(reason="corrections outweigh what was used: the amounts add up to less than nothing")
    if part.subject.stage == "hire":
        return _machines(part, before, plan, period)
    if part.subject.stage == "training":
        return _training(part, before, plan, period, growth)
    days = before.operating_days if before else FULL_YEAR_DAYS
    found = volume(part.amounts, period.year_share, days, growth, input_tokens)
    if found is None:
        return Made(reason="nothing was used")
    done = _built(part, before, plan, found.fields, {})
    said = found.said
    if before is None and done.workload is not None and done.workload.hosting != "api" and not part.board.id:
        said = (*said, f"the file names no accelerator: {done.workload.hardware} stands in until you choose")
    if before is not None and before.kind != "inference":
        said = (*said, "the workload was made one that trains: requests and tokens a request move nothing of it")
    return replace(
        done, said=said, requests_counted=not found.requests_assumed, requests_assumed=found.requests_assumed
    )


def no_answers(part: Part) -> str:
    """Why a part of the files makes no workload, in a sentence; empty where it may."""
    if part.subject.stage == "embedding" or part.model.service == "embedding":
        return "embeddings are no answers of a language model: not in the plan"
    if part.model.service and part.subject.stage != "hire":
        return f"{part.model.service}, no answers of a language model: not in the plan"
    return ""


def _machines(part: Part, before: Workload | None, plan: Plan, period: Period) -> Made:
    hours = accelerator_h(part.amounts, part.board)
    if not part.board.id:
        named = (
            f"'{part.subject.hardware[:LONGEST_NAME]}'" if part.subject.hardware else "machines that it does not name"
        )
        counted = (part.amounts.gpu_h or 0.0) + (part.amounts.machine_h or 0.0)
        return Made(reason=f"{counted:,.4g} hours of {named}, no accelerator that is known here")
    if hours <= 0:
        return Made(reason="no hours were used")
    found = hired(part.amounts, part.board, period, before)
    why = "a bill of machines names no model: this one stands in until you choose"
    stand_in = Guess(str(found.first["model"]), why, "unknown")
    done = _built(part, before, plan, found.fields, found.first)
    return replace(done, said=found.said, model=stand_in)


def _training(part: Part, before: Workload | None, plan: Plan, period: Period, growth: float) -> Made:
    fields = taught(part.amounts, period, growth)
    if not fields:
        return Made(reason="training without a count of tokens: enter it on the Plan page")
    said = "the tokens trained in a year stand as one run; passes over the data are in them"
    return replace(_built(part, before, plan, fields, {"kind": "fine_tuning"}), said=(said,))


def _built(
    part: Part, before: Workload | None, plan: Plan, fields: Mapping[str, Any], first: Mapping[str, Any]
) -> Made:
    if before is not None:
        kept = {name: getattr(before, name) for name in type(before).model_fields}
        workload, sentences = build(Workload, kept | dict(fields))
    else:
        workload, sentences = build(Workload, _new(part, plan) | dict(first) | dict(fields))
        if workload is not None:
            seen = {"model": workload.model, "hardware": workload.hardware, "kind": workload.kind}
            workload = workload.but(precision=usual_precision(catalog_of(plan), seen))
    return Made(workload, fields, "; ".join(sentences))


def _new(part: Part, plan: Plan) -> dict[str, Any]:
    """The fields of a new workload, as far as names tell them."""
    subject = part.subject
    said = (subject.service.lower(), segments(subject.model)[0] if "/" in subject.model else "")
    own = any(word in text for text in said for word in SERVED_BY_OWN)
    fields: dict[str, Any] = {
        "id": plan.free_id(), "name": _name(part, plan), "hosting": "own" if own else "api",
        "region": part.region.id, "operating_days": FULL_YEAR_DAYS, "import_key": part.key,
        "business_unit": subject.group[:LONGEST_UNIT], "tags": (subject.service.replace(";", " ")[:LONGEST_TAG],),
    }  # fmt: skip
    if part.model.id:
        fields["model"] = part.model.id
    if own:
        fields["hardware"] = part.board.id or OWN_HARDWARE
    return fields


def _name(part: Part, plan: Plan) -> str:
    """What colleagues would call it: its group, else the service, and the model or the machine."""
    model, subject = catalog_of(plan).models.get(part.model.id), part.subject
    if subject.stage == "hire":
        what = subject.hardware or part.board.id
    else:
        what = subject.model if model is None or part.model.sure == "unknown" or model.id in SIZES else model.name
    who = subject.group or subject.service
    return f"{who}: {what}"[:LONGEST_NAME] if what else who[:LONGEST_NAME]
