"""A plan to compare from elsewhere: a saved version, a link, an id or a file; or one sentence on why it is none."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core import link, table, words
from core.commands.compare import lent
from core.compare_table import Item
from core.decide.older import Sealed
from core.plan import Plan
from core.store import Review, Saved, StoreError, Version, read_id
from core.ui import saving

LETTERS = "ABCDEF"


@dataclass(frozen=True, slots=True)
class Chosen:
    """One plan: what it is called, what to know of it, what was said at its making, and its text for an address."""

    label: str
    plan: Plan
    notes: tuple[str, ...] = ()
    sealed: Sealed | None = None
    text: str = ""


def called(version: Version) -> str:
    """A saved version in a list."""
    return f"{version.plan}, version {version.number}"


def stored() -> list[Review]:
    """Every sound saved plan with its review; a word for each that is not, and where the store does not answer."""
    from core.store.store import open_store

    found: list[Review] = []
    try:
        found, problems = open_store().survey()
    except StoreError as error:
        problems = [str(error)]
    for problem in problems:
        st.warning(words.markdown_safe(problem))
    return found


def of_text(text: str) -> Chosen | str:
    """The plan of a pasted link or id, or why there is none."""
    _, saved, key = text.partition("p=")
    _, linked, body = text.partition("s=")
    wanted = key.split("&")[0] if saved and not linked else text
    if read_id(wanted):
        return of_saved(read_id(wanted))
    return of_link((body if linked else text).split("&")[0].strip())


def of_link(text: str) -> Chosen | str:
    """The plan of a link's text."""
    opened = link.decode(text)
    if opened.nothing_read():
        return f"{words.capital(opened.nothing_read())}."
    made = opened.stamp
    sealed = Sealed(made.data_version, "", made.headline_kg) if made.data_version else None
    return Chosen(
        f"From a link: {opened.plan.name}", opened.plan, opened.problems, lent(Item(opened.plan, sealed)).sealed, text
    )


def of_file(name: str, raw: bytes) -> Chosen | str:
    """The plan of a plan CSV."""
    try:
        reading = table.read_plan(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return f"{name}: byte {error.start} is not UTF-8."
    told = tuple(f"{name[:60]}, {line}" for line in reading.problems)
    if reading.plan is None:
        return f"{'; '.join(told[:3])}."
    return Chosen(f"{reading.plan.name}: {name[:60]}", reading.plan, told)


def of_saved(key: str) -> Chosen | str:
    """A saved plan, or why it cannot be opened."""
    found = saving.read(key)
    if found.plan is None or found.saved is None:
        return "; ".join(found.problems)
    return Chosen(called(found.saved.version), found.plan, found.problems, sealed_of(found.saved))


def sealed_of(saved: Saved) -> Sealed:
    """What a saved version says of its making."""
    made = saved.content
    return Sealed(made.data_version, made.method_version, made.headline_kg, made.factors, results=made.results)


def as_text(plan: Plan) -> str:
    """A plan as an address may hold it: without prices, and without hours that are here alone."""
    bare = plan.without_prices().with_hours(())
    return link.encode(bare, link.stamp(bare))
