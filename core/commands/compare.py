"""The command that sets plans beside each other."""

from __future__ import annotations

import argparse
from os.path import isfile
from pathlib import Path
from typing import TYPE_CHECKING

from core.commands.output import say, written
from core.commands.plans import link_text, read_plan, saved_key
from core.headless.cases import UnusableError
from core.store.seal import read_id

if TYPE_CHECKING:
    from core.compare_table import Item
    from core.decide.older import Sealed

PLANS = "a plan CSV, a link, or a saved plan as ?p=ID or its bare id; the first is the reference"


def add(parser: argparse.ArgumentParser) -> None:
    """The arguments of `compare`."""
    from core.decide.between import MOST_PLANS

    parser.add_argument("plans", nargs="+", metavar="PLAN", help=f"{PLANS}; at most {MOST_PLANS}")
    said = "an hourly file that a plan names; once for each"
    parser.add_argument("--hours", type=Path, action="append", metavar="FILE", help=said)
    parser.add_argument("-o", "--out", type=Path, help="file to write; standard output when missing")


def compare(arguments: argparse.Namespace) -> int:
    """Plans beside the first: differences by year with their range, what each changed input does, what data moved."""
    from dataclasses import replace

    from core.compare_table import LETTERS, Item, write_comparison
    from core.decide.between import MOST_PLANS, year_of
    from core.headless import hours_file

    if len(arguments.plans) > MOST_PLANS:
        raise UnusableError(f"{len(arguments.plans)} plans are named; the limit is {MOST_PLANS} plans")
    problems: list[str] = []
    items, held = [], []
    for where in arguments.plans:
        item, told = read_item(where)
        given = hours_file.given(item.plan, arguments.hours or [])
        held.append(given)  # holds the hours while they are used
        problems += [*told, *given.told]
        items.append(replace(item, plan=given.plan))
    if len(items) == 1:  # a plan alone stands beside itself without its levers
        items.insert(0, Item(items[0].plan.as_usual()))
    for letter, item in zip(LETTERS[1:], items[1:], strict=False):
        if year_of(items[0].plan, item.plan) is None:
            problems.append(f"plans A and {letter} have no year in common")
    say(problems)
    with written(arguments.out) as out:
        out.write(write_comparison(items))
    return 1 if problems else 0


def read_item(where: str) -> tuple[Item, list[str]]:
    """A plan to compare with what was said at its making, and what was not understood of it."""
    from core.compare_table import Item
    from core.decide.older import Sealed
    from core.link import decode

    bare = read_id(where) if not isfile(where) else ""
    asked = f"?p={bare}" if bare else where
    plan, problems = read_plan(asked)
    if isfile(where):
        return Item(plan), problems
    if (link := link_text(asked)) is not None:
        made = decode(link).stamp
        sealed = Sealed(made.data_version, "", made.headline_kg) if made.data_version else None
        return lent(Item(plan, sealed)), problems
    return Item(plan, sealed_of(saved_key(asked))), problems


def lent(item: Item) -> Item:
    """A link's plan with what saved plans made by the same data know of its factors; as it is where there are none."""
    from core.compare_table import MOST_LENDERS, with_factors
    from core.results import of
    from core.store import StoreError
    from core.store.store import open_store

    if item.sealed is None or item.sealed.is_of(of(item.plan)):
        return item
    try:
        return with_factors(item, open_store().made_by(item.sealed.data_version, MOST_LENDERS))
    except StoreError:  # a store that does not answer lends nothing
        return item


def sealed_of(key: str) -> Sealed:
    """What a saved version says of its making."""
    from core.commands.saved import opened
    from core.decide.older import Sealed

    made = opened(key).content
    return Sealed(made.data_version, made.method_version, made.headline_kg, made.factors, results=made.results)
