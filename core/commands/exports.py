"""The commands that write what people take away: workbook, report, model card and bundle, as the page gives them."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from core.commands.output import say, written_bytes
from core.commands.plans import read_plan

if TYPE_CHECKING:
    from core.exports.answer import Answer

ADDRESS = "where your Glidepath is, put in front of the link, as https://glidepath.example.org/"
DAY = "the day the file is made, as 2026-11-28; today when missing"
PRICES = "prices that somebody typed travel in the link"
HOURS = "an hourly file that the plan names; once for each; the reference year stands in for one that is missing"


def workbook(arguments: argparse.Namespace) -> int:
    """A plan as an XLSX workbook: answer, years, results, inputs, factors and sources; numbers are numbers."""
    from core.exports.workbook import write_workbook

    return _made(arguments, write_workbook)


def _made(arguments: argparse.Namespace, write: Callable[[Answer], bytes]) -> int:
    """A file of a plan's answer; what was not understood or not worked out is told."""
    from core.exports.answer import answer_of
    from core.exports.links import link_of
    from core.headless import hours_file

    found, problems = read_plan(arguments.plan)
    given = hours_file.given(found, arguments.hours or [])  # holds the hours while they are used
    link, notes = link_of(given.plan, arguments.address, arguments.prices)
    answer = answer_of(given.plan, arguments.date or date.today(), link, (*notes, *given.told))
    problems += [f"{key}: {why}" for key, why in answer.found.refused.items()]
    say([*given.told, *problems])
    with written_bytes(arguments.out) as out:
        out.write(write(answer))
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
    for command in (workbook,):
        added = commands.add_parser(command.__name__, help=command.__doc__, description=command.__doc__)
        added.add_argument("plan", help="a CSV file, or a link")
        added.add_argument("-o", "--out", type=Path, help="file to write; standard output when missing")
        added.add_argument("--hours", type=Path, action="append", metavar="FILE", help=HOURS)
        added.add_argument("--address", type=_address, default="", help=ADDRESS)
        added.add_argument("--date", type=_day, help=DAY)
        added.add_argument("--prices", action="store_true", help=PRICES)
        added.set_defaults(run=command)
