"""The commands that write what people take away: workbook, report, model card and bundle, as the page gives them."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from core.commands.output import say, written, written_bytes
from core.commands.plans import read_plan, saved_key
from core.commands.saved import opened as opened_version
from core.headless.cases import UnusableError

if TYPE_CHECKING:
    from core.exports.answer import Answer
    from core.store.records import Saved

ADDRESS = "where your Glidepath is, put in front of the link, as https://glidepath.example.org/"
DAY = "the day the file is made, as 2026-11-28; today when missing"
PRICES = "prices that somebody typed travel in the link"
CHECK = "PLAN is a bundle: check its sums, work it out anew, and say what differs and why"
HOURS = "an hourly file that the plan names; once for each; the reference year stands in for one that is missing"


def workbook(arguments: argparse.Namespace) -> int:
    """A plan as an XLSX workbook: answer, years, results, inputs, factors and sources; numbers are numbers."""
    from core.exports.workbook import write_workbook

    return _made(arguments, lambda answer, saved: write_workbook(answer))


def report(arguments: argparse.Namespace) -> int:
    """A plan as a report: one HTML file without network or script that prints to two to four pages of A4."""
    from core.exports.report import write_report

    return _made(arguments, lambda answer, saved: write_report(answer))


def card(arguments: argparse.Namespace) -> int:
    """The environmental part of a model card, as Markdown: training and use apart, for the plan or for one workload."""
    from core.exports.card import CardError, write_card

    try:
        return _made(arguments, lambda answer, saved: write_card(answer, arguments.workload))
    except CardError as error:
        raise UnusableError(str(error)) from error


def bundle(arguments: argparse.Namespace) -> int:
    """A plan as a zip that brings back its figures, with checksums; --check does so and says what differs."""
    from core.exports.bundle import write_bundle

    if arguments.check:
        return _checked(arguments)
    return _made(arguments, write_bundle)


def _checked(arguments: argparse.Namespace) -> int:
    """Whether a bundle is whole and reproduced; 1 where figures differ."""
    from core.exports.opened import BundleError, open_bundle
    from core.exports.reproduced import again
    from core.headless import hours_file

    path = Path(arguments.plan)
    try:
        opened = open_bundle(path.read_bytes())
    except OSError as error:
        raise UnusableError(f"{path}: {error.strerror or error}") from error
    except BundleError as error:
        raise UnusableError(f"{path}: {error}") from error
    given = hours_file.given(opened.plan, arguments.hours or [])  # holds the hours while they are used
    found = again(opened, given.plan)
    say([*given.told, *opened.problems])
    with written(arguments.out) as out:
        out.write("".join(f"{line}\n" for line in found.said))
    return 0 if found.same and not opened.problems else 1


def _made(arguments: argparse.Namespace, write: Callable[[Answer, Saved | None], bytes]) -> int:
    """A file of a plan's answer, and of the saved version where one is named; what was not understood is told."""
    from core.exports.answer import answer_of
    from core.exports.links import link_of
    from core.exports.sealed import since_sealed
    from core.headless import hours_file

    found, problems = read_plan(arguments.plan)
    given = hours_file.given(found, arguments.hours or [])  # holds the hours while they are used
    link, notes = link_of(given.plan, arguments.address, arguments.prices, key := saved_key(arguments.plan))
    answer = answer_of(given.plan, arguments.date or datetime.now(UTC).date(), link, (*notes, *given.told))
    saved = opened_version(key) if key else None
    if saved is not None:
        answer = replace(answer, notes=(*answer.notes, *since_sealed(saved.content, answer.found)))
    problems += [f"{key}: {why}" for key, why in answer.found.refused.items()]
    say([*given.told, *problems])
    with written_bytes(arguments.out) as out:
        out.write(write(answer, saved))
    return 1 if problems else 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text[:20]}' is not a date, as 2026-11-28") from None


def _address(text: str) -> str:
    if text and not re.fullmatch(r"https?://[^\s?#]+", text):
        raise argparse.ArgumentTypeError(f"'{text[:60]}' is not an address, as https://glidepath.example.org/")
    return text if text.endswith("/") or not text else f"{text}/"


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Their arguments."""
    for command in (workbook, report, card, bundle):
        added = commands.add_parser(command.__name__, help=command.__doc__, description=command.__doc__)
        added.add_argument("plan", help="a CSV file, or a link")
        added.add_argument("-o", "--out", type=Path, help="file to write; standard output when missing")
        added.add_argument("--hours", type=Path, action="append", metavar="FILE", help=HOURS)
        added.add_argument("--address", type=_address, default="", help=ADDRESS)
        added.add_argument("--date", type=_day, help=DAY)
        added.add_argument("--prices", action="store_true", help=PRICES)
        if command is card:
            added.add_argument("--workload", default="", metavar="ID", help="of this workload alone")
        if command is bundle:
            added.add_argument("--check", action="store_true", help=CHECK)
        added.set_defaults(run=command)
