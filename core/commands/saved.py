"""The commands that read saved plans: a list of them, and the parts of a version."""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from core.commands.output import say, written
from core.headless.cases import UnusableError
from core.store.errors import StoreError

if TYPE_CHECKING:
    from core.store.records import Saved
    from core.store.review import Review
    from core.store.store import Store

COLUMNS = ("id", "plan", "version", "saved_by", "saved_at", "reason", "state", "signed_off_by", "archived")
PARTS = ("inputs", "factors", "results", "log")


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of `saved`."""
    parser.add_argument("action", choices=["list", "export"], help="every version, or one part of a version")
    parser.add_argument("id", nargs="?", default="", help="a version's id, as in ?p=ID")
    parser.add_argument("--part", choices=PARTS, default="inputs", help="of the version; log: the plan's change log")


def saved(arguments: argparse.Namespace) -> int:
    """Saved plans as CSV: a row a version; or a version's inputs, factors, results, or its plan's change log."""
    from core.store.store import open_store

    if (arguments.action == "export") != bool(arguments.id):
        raise UnusableError("saved list takes no id; saved export takes the id of a version")
    try:
        store = open_store()
        text = _exported(store, arguments.id, arguments.part) if arguments.id else None
        reviews, problems = ([], []) if arguments.id else store.survey()
    except StoreError as error:
        raise UnusableError(str(error)) from error
    with written(arguments.out) as out:
        if text is not None:
            out.write(text)
            return 0
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(row for review in reviews for row in _rows(review))
    say(problems)
    return 1 if problems else 0


def opened(key: str) -> Saved:
    """The saved plan of an id; UnusableError in a sentence where it cannot be opened."""
    from core.store.store import open_store

    try:
        return open_store().open(key)
    except StoreError as error:
        raise UnusableError(str(error)) from error


def _rows(review: Review) -> Iterator[tuple[Any, ...]]:
    """A row for each version of a plan."""
    from core.results_table import cell

    for version in review.versions:
        signed = review.sign_off(version)
        said = signed.by.said if signed else None
        row = (version.id, version.plan, version.number, version.by.said, version.at, version.why)
        yield tuple(map(cell, (*row, review.state(version), said, review.archived)))


def _exported(store: Store, key: str, part: str) -> str:
    from core.store.changes import write_log

    one = store.open(key)
    if part != "log":
        return str(getattr(one.content, part))
    review = store.review(one.version.plan)
    if review is None:
        raise UnusableError(f"{one.version.plan} is no longer there")
    return write_log(review, {version.id: store.open(version.id) for version in review.versions}, _effects)


def _effects(old: str, new: str) -> Mapping[tuple[str, str, str], float]:
    """What the changes between two plan.csv texts do to the headline's total, by today's data."""
    from core.decide.shares import effects_kg
    from core.table import read_plan

    first, second = read_plan(old).plan, read_plan(new).plan
    return effects_kg(first, second) if first and second else {}
