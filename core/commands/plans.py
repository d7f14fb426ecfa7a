"""The commands that take a plan, as a CSV or as a link."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable
from os.path import isfile
from pathlib import Path
from typing import TYPE_CHECKING

from core.commands.output import say, written
from core.headless.cases import UnusableError

if TYPE_CHECKING:
    from core.plan import Plan
    from core.results import Results

BARE = re.compile(r"\d+\.[\w-]{12,}")  # the text of a link without `?s=` before it: its version, and the rest


def plan(arguments: argparse.Namespace) -> int:
    """The results table of a plan CSV or a link, byte for byte what the page exports."""
    from core.results_table import write_results

    if _many(arguments.plan):
        from core.commands.batch import plans

        return plans(arguments)
    return _computed(arguments, write_results)


def _many(where: str) -> bool:
    """Whether a file of many plans is named, as far as its first bytes and its first line tell."""
    if not isfile(where):
        return False
    from core.batch.plans import holds_plans

    return holds_plans(where)


def disclose(arguments: argparse.Namespace) -> int:
    """The disclosure file of a plan CSV or a link, byte for byte what the page exports."""
    from core.disclosure import write_disclosure
    from core.results.inventory_view import as_inventory

    if not arguments.inventory:
        return _computed(arguments, write_disclosure)
    kept, _ = read_plan(arguments.plan)
    return _computed(arguments, lambda found: write_disclosure(found, kept), as_inventory)


def _computed(
    arguments: argparse.Namespace, write: Callable[[Results], str], view: Callable[[Plan], Plan] = lambda plan: plan
) -> int:
    """A file of a plan's figures, and on standard error what was not understood or could not be computed."""
    from core import results
    from core.headless import hours_file
    from core.results.hour_notes import hour_notes
    from core.results.later_notes import later_notes
    from core.results.lever_warnings import lever_conflicts

    found, problems = read_plan(arguments.plan)
    given = hours_file.given(found, arguments.hours or [])  # holds the hours while they are used
    say([*given.told, *later_notes(given.plan), *hour_notes(given.plan)])
    computed = results.of(view(given.plan))
    problems += [*lever_conflicts(found), *(f"{key}: {why}" for key, why in computed.refused.items())]
    problems += [f"{key}: not calibrated: {said.reason}" for key, said in computed.measured.items() if said.reason]
    say(problems)
    with written(arguments.out) as out:
        out.write(write(computed))
    return 1 if problems else 0


def track(arguments: argparse.Namespace) -> int:
    """The milestones of a plan against its own target; what is missing or refused is told, and has no figure."""
    from core.headless import hours_file
    from core.targets.judged import judged
    from core.targets.track_table import write_track
    from core.targets.warned import warned

    found, problems = read_plan(arguments.plan)
    given = hours_file.given(found, arguments.hours or [])  # holds the hours while they are used
    say(given.told)
    computed = judged(given.plan)
    refused = [one.sentence for one in computed.findings if one.effect in ("refuse", "error")]
    for line in computed.lines:
        against = [one for one in line.outcome.findings if one.effect != "note"]
        refused += [f"scope {line.scope}: {one.sentence}" for one in against]
    problems += [*computed.questions, *refused]
    say([*problems, *(one.sentence for one in warned(given.plan))])
    with written(arguments.out) as out:
        out.write(write_track(computed))
    return 1 if problems else 0


def optimise(arguments: argparse.Namespace) -> int:
    """The cheapest of a plan's candidates, and their years, that meet its target; a row a choice, or JSON."""
    from core.decide.search import found as searched
    from core.decide.search_table import search_json, write_search
    from core.headless import hours_file

    found, problems = read_plan(arguments.plan)
    given = hours_file.given(found, arguments.hours or [])  # holds the hours while they are used
    say(given.told)
    answer = searched(given.plan)
    names = answer_names(found, [lever.id for lever, _ in answer.excluded])
    say([*problems, answer.said, *answer.questions])
    say([f"not proven: {answer.why_not_proven}"] if answer.why_not_proven else [])
    say([f"{name}: {why}" for name, (_, why) in zip(names, answer.excluded, strict=True)])
    say([*(one.said for one in answer.relaxations), *answer.notes])
    with written(arguments.out) as out:
        out.write(f"{search_json(answer)}\n" if arguments.json else write_search(answer))
    return 1 if problems or answer.status not in ("found", "met already") else 0


def answer_names(plan: Plan, keys: list[str]) -> list[str]:
    """Names of levers by their ids, as the catalog has them, with the id."""
    from core.plan.own_catalog import catalog_of

    levers = catalog_of(plan).levers
    return [f"{levers[key.partition('.')[0]].name} ({key})" for key in keys]


def actuals(arguments: argparse.Namespace) -> int:
    """What was measured beside the plan's figures of the same days, and why they differ, a row a part."""
    from core.headless import hours_file
    from core.targets.actuals import beside_plan
    from core.targets.actuals_table import write_actuals

    found, problems = read_plan(arguments.plan)
    for path in arguments.add or []:
        found = _with_measurements(found, path, problems)
    given = hours_file.given(found, arguments.hours or [])  # holds the hours while they are used
    rows = beside_plan(given.plan)
    problems += [f"{row.workload.name}, {row.actual.period}: {row.reason}" for row in rows if row.reason]
    say([*given.told, *problems])
    with written(arguments.out) as out:
        out.write(write_actuals(rows))
    return 1 if problems else 0


def _with_measurements(plan: Plan, path: Path, problems: list[str]) -> Plan:
    """The plan with the sound rows of a file of measurements; what is wrong with others joins the problems."""
    from core.imports import actuals as measurements
    from core.imports.reading import RefusedError

    try:
        read = measurements.read(path.name, path.read_bytes(), {w.id: w.name for w in plan.workloads}, plan.actuals)
    except OSError as error:
        raise UnusableError(f"{path}: {error.strerror or error}") from error
    except RefusedError as error:
        raise UnusableError(str(error)) from error
    problems += [f"{path.name}, {problem}" for problem in read.problems]
    return plan.with_actuals(read.rows)


def place(arguments: argparse.Namespace) -> int:
    """All workloads of a plan CSV or a link placed together in time and place, a row each."""
    from core.headless import hours_file
    from core.headless import place as command

    found, problems = read_plan(arguments.plan)
    given = hours_file.given(found, arguments.hours or [])  # holds the hours while they are used
    say([*given.told, *problems])
    text, left_out = command.answer(given.plan, arguments.weeks)
    with written(arguments.out) as out:
        out.write(text)
    return 1 if problems or left_out else 0


def link(arguments: argparse.Namespace) -> int:
    """The link text of a plan CSV."""
    from core import link as links

    found, problems = read_plan(arguments.plan)
    if found.priced() and not arguments.prices:
        found = found.without_prices()
        print("prices are left out of the link; --prices takes them along", file=sys.stderr)
    say(problems)
    text = links.encode(found, links.stamp(found))
    if links.decode(text).plan != found:
        raise UnusableError(f"the plan is too large for a link ({len(text):,} characters); send it as a file")
    print(f"?s={text}")
    return 1 if problems else 0


def calibrate(arguments: argparse.Namespace) -> int:
    """Set one workload of a plan to what a meter measured: a file of one, or a typed energy."""
    from datetime import UTC, datetime

    from core.headless import calibrate as command
    from core.table import write_plan

    found, problems = read_plan(arguments.plan)
    said = command.Said(**{name: getattr(arguments, name) for name in command.Said.__dataclass_fields__})
    usage = command.usage_of(arguments.usage or [])
    today = datetime.now(UTC).date()
    after, told = command.calibrated(found, arguments.workload, arguments.files or [], said, today, usage)
    say([*problems, *told])
    with written(arguments.out) as out:
        out.write(write_plan(after))
    return 1 if problems else 0


def _of_saved(key: str) -> tuple[Plan, list[str]]:
    """The plan of a saved version, and what was not understood of it."""
    from core import table
    from core.commands.saved import opened

    saved = opened(key)
    reading = table.read_plan(saved.content.inputs)
    problems = [f"{saved.version.called}, {problem}" for problem in reading.problems]
    if reading.plan is None:
        raise UnusableError("; ".join(problems))
    return reading.plan, problems


def saved_key(where: str) -> str:
    """The id of a saved version in `?p=ID`; empty where a file or a link with the whole plan is named."""
    named = "p=" in where and "s=" not in where and not isfile(where)
    return where.split("p=", 1)[1].split("&", 1)[0] if named else ""


def link_text(where: str) -> str | None:
    """The text of a link with the whole plan, in an address or bare; None where a file or a saved version is named."""
    if isfile(where):  # Path.exists fails at a name as long as a link
        return None
    if BARE.fullmatch(where):
        return where
    return where.split("s=", 1)[1].split("&", 1)[0] if "s=" in where else None


def read_plan(where: str) -> tuple[Plan, list[str]]:
    """The plan of a CSV file, a link or a saved version (`?p=ID`), and what was not understood.

    UnusableError when there is none.
    """
    from core import table
    from core.link import decode, since

    if key := saved_key(where):
        return _of_saved(key)
    if (link := link_text(where)) is not None:
        opened = decode(link)
        nothing = opened.nothing_read()
        if nothing:
            raise UnusableError(nothing)
        say(since(opened))
        return opened.plan, list(opened.problems)
    try:
        text = Path(where).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UnusableError(f"{where}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise UnusableError(f"{where}: byte {error.start} is not UTF-8") from error
    reading = table.read_plan(text)
    if reading.plan is None:
        raise UnusableError(f"{where}: {'; '.join(reading.problems)}")
    return reading.plan, [f"{Path(where).name}, {problem}" for problem in reading.problems]
