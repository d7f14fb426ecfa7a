"""`import`: a plan from the files that teams have, or with them; what was read, left out and assumed is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from core.headless import import_others
from core.headless.cases import UnusableError
from core.imports.counted_once import proposed_by_kind
from core.imports.proposed import Proposal, applied, wrong_answers
from core.imports.reading import RefusedError
from core.imports.usage.format import Ask
from core.imports.usage.kinds import kind_of
from core.imports.usage.read import Progress, read_usage
from core.imports.usage.reading import UsageReading
from core.imports.usage.source import Source, of_path
from core.plan import Plan, sentences

COVERED_DAYS = "covered_days"
SUMS = {
    "requests": "request",
    "input_tokens": "input token",
    "cached_tokens": "cached token",
    "output_tokens": "output token",
    "gpu_h": "accelerator-hour",
    "machine_h": "machine-hour",
}
ANSWERED_ALWAYS = ("zone", COVERED_DAYS)


@dataclass(frozen=True, slots=True)
class Imported:
    """The plan with what the files propose; what to tell of it, and what went wrong."""

    plan: Plan
    told: tuple[str, ...]
    problems: tuple[str, ...]


def imported(
    plan: Plan, paths: Sequence[Path], answers: Mapping[str, str], progress: Progress | None = None
) -> Imported:
    """The plan with every proposal of the files taken; UnusableError where none of them can be read."""
    by_kind, others, problems = _sorted_out(paths)
    readings: list[UsageReading] = []
    for sources in by_kind.values():
        try:
            readings.append(read_usage(sources, answers, progress))
        except RefusedError as error:
            problems.append(str(error))
    if not readings and not any(others.values()):
        raise UnusableError("; ".join(problems))
    found = proposed_by_kind(readings, plan, {reading.kind: answers for reading in readings})
    chosen = [one for some in found.values() for one in some]
    problems += [line for reading in readings for line in _refused(reading)]
    asked_of_others = [key for family, some in others.items() if some for key in import_others.ANSWERS[family]]
    problems += [f"--answer {sentence}" for sentence in wrong_answers(answers)]
    problems += _not_asked(answers, readings, chosen, asked_of_others)
    try:
        after = applied(plan, chosen)
    except ValidationError as error:
        raise UnusableError("; ".join(sentences(error))) from error
    told = [line for reading in readings for line in (*_read(reading), *_proposed(found[reading.kind]))]
    told += _asked(readings, chosen, answers)
    energy = import_others.measured(after, others["meter"], answers, readings, datetime.now(UTC).date())
    hours = import_others.placed(energy.plan, others["hours"], answers, datetime.now(UTC).date())
    problems += [*energy.problems, *hours.problems]
    if not readings and hours.plan == plan and problems:
        raise UnusableError("; ".join(problems))
    return Imported(hours.plan, (*told, *energy.told, *hours.told), tuple(problems))


def answered(pairs: Sequence[str], zone: str) -> dict[str, str]:
    """What the command line answers, by key; UnusableError for what is no `key=value`."""
    found = {"zone": zone} if zone else {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign or not key.strip():
            raise UnusableError(f"--answer is '{pair[:40]}'; it must be KEY=VALUE")
        found[key.strip()] = value.strip()
    return found


def _sorted_out(paths: Sequence[Path]) -> tuple[dict[str, list[Source]], dict[str, list[Path]], list[str]]:
    """The files of usage by kind and the others by family, in the order of their names; a sentence for the rest."""
    found: dict[str, list[Source]] = {}
    others: dict[str, list[Path]] = {family: [] for family in import_others.ANSWERS}
    problems: list[str] = []
    for path in sorted(paths, key=lambda path: path.name):
        try:
            source = of_path(path)
        except RefusedError as error:
            raise UnusableError(str(error)) from error
        kind = kind_of(source)
        if kind.family == "usage":
            found.setdefault(kind.kind, []).append(source)
        elif kind.family in others:
            others[kind.family].append(path)
        else:
            problems.append(kind.why)
    return found, others, problems


def _read(reading: UsageReading) -> Iterator[str]:
    """What a kind of files came to, which columns were taken, and what was left out."""
    total, names = reading.total(), ", ".join(file.name for file in reading.files)
    sums = ((getattr(total, name), words) for name, words in SUMS.items())
    parts = [f"{amount:,.10g} {words}{'' if amount == 1 else 's'}" for amount, words in sums if amount is not None]
    parts += [f"{cost:,.{2 if cost >= 1 else 6}f} {currency}" for currency, cost in total.costs.items()]
    yield f"read {_rows(reading.rows_used)} of {reading.kind} ({names}): {', '.join(parts) or 'no amounts'}"
    if reading.whole:
        yield f"from {reading.whole.start:%Y-%m-%d %H:%M} to {reading.whole.end:%Y-%m-%d %H:%M} UTC"
    yield f"taken: {', '.join(f'{column} ({words})' for column, words in reading.columns_taken.items())}"
    if reading.columns_unread:
        yield f"never read: {', '.join(reading.columns_unread)}"
    yield from reading.said
    for why, tally in reading.left_out.items():
        tokens = f", {tally.tokens:,.10g} tokens" if tally.tokens else ""
        yield f"left out: {_rows(tally.rows)}{tokens}: {why}"


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"


def _proposed(found: Sequence[Proposal]) -> Iterator[str]:
    """What becomes of each part of the files."""
    for one in found:
        parts = [part for part in (one.subject.group, one.subject.model, one.subject.hardware) if part]
        named = ", ".join(parts)
        if one.workload is None:
            yield f"left out: {named or one.subject.service}: {one.why}"
            continue
        told = all(part in one.workload.name for part in parts or [one.subject.service])
        more = "" if told else f" ({named or one.subject.service})"
        yield f"{one.action}: {one.workload.name}{more}: {one.why}"
        yield f"  model {one.workload.model}: {one.guess.how}" if one.before is None else f"  {_changes(one)}"
        yield from (f"  {line}" for line in one.said)


def _changes(one: Proposal) -> str:
    changed = [f"{name} {_cell(before)} -> {_cell(after)}" for name, before, after in one.differences]
    return ", ".join(changed) or "nothing changed"


def _cell(value: float | None) -> str:
    return "blank" if value is None else f"{value:.6g}"


def _refused(reading: UsageReading) -> Iterator[str]:
    yield from reading.refused
    more = reading.refused_count - len(reading.refused)
    if more > 0:
        yield f"{reading.files[0].name}: {_rows(more)} more refused"
    if not reading.rows_used:
        yield f"{reading.files[0].name}: no row counts"


def _asks(readings: Sequence[UsageReading], chosen: Sequence[Proposal]) -> dict[str, Ask]:
    asks = [ask for reading in readings for ask in reading.asks] + [ask for one in chosen for ask in one.asks]
    return {ask.key: ask for ask in reversed(asks)}


def _not_asked(
    answers: Mapping[str, str], readings: Sequence[UsageReading], chosen: Sequence[Proposal], others: Sequence[str]
) -> Iterator[str]:
    """Answers to nothing that these files ask, or to something else than they offer."""
    asks = _asks(readings, chosen)
    for key, value in answers.items():
        if key not in asks and key not in (*ANSWERED_ALWAYS, *others):
            yield f"--answer {key[:40]}: these files do not ask it; they ask {', '.join((*asks, *others)) or 'nothing'}"
        elif key in asks and asks[key].choices and value not in asks[key].choices:
            yield f"--answer {key} is '{value[:40]}'; it must be one of {', '.join(asks[key].choices)}"


def _asked(readings: Sequence[UsageReading], chosen: Sequence[Proposal], answers: Mapping[str, str]) -> Iterator[str]:
    """What may be answered and was not, with what stands meanwhile."""
    for key, ask in _asks(readings, chosen).items():
        if key not in answers:
            yield f"--answer {key}=...: {ask.label}; {f'taken: {ask.usual}' if ask.usual else 'not said'}"
