"""Energy files and files of hours that `import` is given: a measurement of a workload, hours in a region's place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from core.headless import hours_file
from core.headless.calibrate import Said, calibrated
from core.headless.cases import UnusableError
from core.headless.from_meter import made, measured_row
from core.imports.hourly import Said as SaidOfHours
from core.imports.meters import read_meter, together
from core.imports.places import UNKNOWN, region_of
from core.imports.reading import Answers, MeterReading, RefusedError
from core.imports.usage.reading import UsageReading
from core.plan import Actual, Plan, Workload, sentences
from core.plan.cells import checked
from core.plan.own_catalog import catalog_of

FLAG = re.compile(r"--(?!answer|zone)([a-z]+(?:-[a-z]+)*)")
AS_ROW = (
    "its energy is kept as a measured row of {period}: {kwh:,.4g} kWh at the site's meter, by the plan's own overhead"
)
# Fields of a workload that is made for an energy file, which may be answered too.
OF_NEW = ("name", "kind", "model", "hardware", "region", "accelerators", "installed_accelerators", "requests_per_day",
          "input_tokens", "output_tokens", "tokens_per_run_m", "epochs", "runs_per_year")  # fmt: skip
# What may be answered where such files are among those given, by key.
ANSWERS = {
    "meter": (
        "workload",
        "boundary",
        "unit",
        "exclusive",
        "first_day",
        "last_day",
        "hours",
        "requests",
        "runs",
        *OF_NEW,
    ),
    "hours": ("region", "unit", "gaps", "twice", "basis"),
}


@dataclass(frozen=True, slots=True)
class Taken:
    """The plan with some files taken, what to tell of them, and what went wrong."""

    plan: Plan
    told: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def measured(
    plan: Plan, paths: Sequence[Path], answers: Mapping[str, str], usage: Sequence[UsageReading], today: date
) -> Taken:
    """The plan with the files as measurements of one workload; a new one on their machines where it has none."""
    told: list[str] = []
    problems: list[str] = []
    for group in together([(str(path), path.read_bytes()) for path in paths]):
        files = [Path(name) for name, _ in group]
        names = ", ".join(path.name for path in files)
        try:
            ready = _workload(plan, files, answers)
            said = _said(answers)
            said = replace(said, runs=ready.runs) if said.runs is None else said
        except (UnusableError, RefusedError) as error:
            problems.append(_not_taken(names, error))
            continue
        try:
            ready.need_activity(answers, usage)
            plan, lines = calibrated(ready.plan, ready.key, files, said, today, usage)
            told += [*ready.told, *lines]
        except UnusableError as error:
            row = ready.row(said)
            if row is None:
                problems.append(_not_taken(names, error))
                continue
            plan = ready.plan.with_actuals([row])
            told += [
                *ready.told,
                _as_answers(str(error)),
                AS_ROW.format(kwh=row.energy_facility_kwh, period=row.period),
            ]
    return Taken(plan, tuple(told), tuple(problems))


@dataclass(frozen=True, slots=True)
class Ready:
    """A plan with the workload that was metered. A new one has the file's reading and its runs, and is told of."""

    plan: Plan
    key: str
    reading: MeterReading | None = None
    runs: float | None = None
    told: tuple[str, ...] = ()

    def need_activity(self, answers: Mapping[str, str], usage: Sequence[UsageReading]) -> None:
        """UnusableError where nobody says what a new workload answered meanwhile: its own rate is nobody's word."""
        known = usage or any(answers.get(key) for key in ("requests", "requests_per_day"))
        if self.reading is not None and self.runs is None and not known:
            raise UnusableError(
                f"{', '.join(self.reading.files)}: say how many requests were answered meanwhile: --requests"
            )

    def row(self, said: Said) -> Actual | None:
        """The energy of a new workload as measured, where it cannot measure the estimate."""
        if self.reading is None:
            return None
        return measured_row(self.plan, self.key, self.reading, said.boundary or self.reading.at, self.runs)


def _workload(plan: Plan, files: Sequence[Path], answers: Mapping[str, str]) -> Ready:
    """The workload that was metered: the one named, the only one on machines, or a new one with the file's runs."""
    own = [one.id for one in plan.workloads if one.hosting != "api"]
    if answers.get("workload") or len(own) == 1:
        return Ready(plan, answers.get("workload") or own[0])
    if own:
        raise UnusableError(f"say which workload it measured: --answer workload=ID, of {', '.join(own)}")
    said = Answers(
        answers.get("unit", ""), answers.get("zone", ""), bool(answers.get("exclusive")), answers.get("boundary", "")
    )
    read = read_meter([(path.name, path.read_bytes()) for path in files], said)
    found = made(read, plan.free_id())
    given, wrong = checked(Workload, {name: answers[name] for name in OF_NEW if answers.get(name)})
    if wrong:
        raise UnusableError("; ".join(f"--answer: {sentence}" for sentence in wrong.values()))
    try:
        one = found.workload.but(**given)
        after = plan.adding(one)
    except ValidationError as error:
        raise UnusableError("; ".join(sentences(error))) from error
    lines = [f"new: {one.name} ({', '.join(path.name for path in files)})",
             f"  hardware {one.hardware}: {found.hardware.how}", f"  region {one.region}: {found.region.how}",
             *(f"  {line}" for line in found.said),
             f"  model {one.model}{'' if 'model' in given else ': no energy file names one, look at it'}"]  # fmt: skip
    return Ready(after, one.id, read, one.runs_per_year if one.kind != "inference" else None, tuple(lines))


def _not_taken(names: str, error: Exception) -> str:
    """Why a file is not taken, and the answer that would mend it."""
    question = error.question if isinstance(error, RefusedError) else ""
    flag = f" (--{question})" if question else ""
    text = str(error)
    return _as_answers(f"{text if text.startswith(names) else f'{names}: {text}'}{flag}")


def _as_answers(text: str) -> str:
    """A sentence that names flags of `calibrate`, with the answers that say the same here."""
    return FLAG.sub(lambda found: f"--answer {found[1].replace('-', '_')}=...", text)


def _said(answers: Mapping[str, str]) -> Said:
    return Said(
        boundary=answers.get("boundary", ""), unit=answers.get("unit", ""), zone=answers.get("zone", ""),
        exclusive=bool(answers.get("exclusive")), requests=_number(answers, "requests"), runs=_number(answers, "runs"),
        first_day=answers.get("first_day", ""), last_day=answers.get("last_day", ""), hours=_number(answers, "hours"),
    )  # fmt: skip


def _number(answers: Mapping[str, str], key: str) -> float | None:
    text = answers.get(key, "")
    try:
        return float(text) if text else None
    except ValueError:
        raise UnusableError(f"--answer {key} is '{text[:40]}'; it must be a number") from None


def placed(plan: Plan, paths: Sequence[Path], answers: Mapping[str, str], today: date) -> Taken:
    """The plan that names each file of hours for its region; the hours are given again with `--hours`."""
    told: list[str] = []
    problems: list[str] = []
    said = SaidOfHours(**{name: answers.get(name, "") for name in SaidOfHours.__dataclass_fields__})
    for path in paths:
        try:
            series = hours_file.read(path.name, path.read_bytes(), said)
            region = answers.get("region") or region_of(series.area.split("_")[0]).id
            if region == UNKNOWN or region not in catalog_of(plan).regions:
                raise RefusedError(f"{path.name}: say for which grid it stands, by its id: --answer region=DE")
            plan = plan.with_hours_file(hours_file.record_of(region, series, said, today))
        except RefusedError as error:
            asked = f" (--answer {error.question}=...)" if error.question else ""
            problems.append(f"{error}{asked}")
            continue
        told += [f"{path.name} is {series.kind}: it stands for {region}", *series.said,
                 f"the plan keeps its name and SHA-256: give it again as --hours {path.name}"]  # fmt: skip
    return Taken(plan, tuple(told), tuple(problems))
