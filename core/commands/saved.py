"""The commands that read saved plans: a list of them, and the parts of a version."""

from __future__ import annotations

import argparse
import csv
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from core.commands.output import written
from core.headless.cases import UnusableError
from core.store.errors import StoreError

if TYPE_CHECKING:
    from core.store.records import Saved
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
        rows = [] if arguments.id else _rows(store)
    except StoreError as error:
        raise UnusableError(str(error)) from error
    with written(arguments.out) as out:
        if text is not None:
            out.write(text)
            return 0
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    return 0


def opened(key: str) -> Saved:
    """The saved plan of an id; UnusableError in a sentence where it cannot be opened."""
    from core.store.store import open_store

    try:
        return open_store().open(key)
    except StoreError as error:
        raise UnusableError(str(error)) from error


def _rows(store: Store) -> list[tuple[Any, ...]]:
    from core.results_table import cell

    found = []
    for review in store.reviews():
        for version in review.versions:
            signed = review.sign_off(version)
            said = signed.by.said if signed else None
            row = (version.id, version.plan, version.number, version.by.said, version.at, version.why)
            found.append(tuple(map(cell, (*row, review.state(version), said, review.archived))))
    return found


def _exported(store: Store, key: str, part: str) -> str:
    from core.store.changes import write_log

    one = store.open(key)
    if part != "log":
        return str(getattr(one.content, part))
    review = next(found for found in store.reviews() if one.version in found.versions)
    return write_log(review, {version.id: store.open(version.id) for version in review.versions}, _effects)


def _effects(old: str, new: str) -> Mapping[tuple[str, str, str], float]:
    """What the changes between two plan.csv texts do to the headline's total, by today's data."""
    from core.decide.between import effects_kg
    from core.table import read_plan

    first, second = read_plan(old).plan, read_plan(new).plan
    return effects_kg(first, second) if first and second else {}
