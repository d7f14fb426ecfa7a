"""Saved plans in the frame: the panel that saves, and a saved plan opened by its id."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import streamlit as st

from core import results, table, words
from core.door.caller import SAVE
from core.exports.sealed import since_sealed
from core.plan import Plan
from core.store import Event, Saved, StoreError, Version
from core.store.content import content_of
from core.store.records import MOST_NAME, MOST_PERSON, MOST_WHY
from core.store.review import DRAFT
from core.ui import door, fields, hours_held, live, state

WHO = "saver"
WHY = "save_why"


def on_screen() -> Version | None:
    """The saved version that the screen shows as it was saved; None where there is none, or it was changed since."""
    s = state.session()
    return s.saved if s.saved is not None and state.in_links().shown == s.saved_plan else None


@dataclass(frozen=True, slots=True)
class Read:
    """A saved plan as it was read: without a plan where it cannot be opened, and the problems say why."""

    saved: Saved | None
    plan: Plan | None
    problems: tuple[str, ...]


def read(key: str) -> Read:
    """The saved plan of an id."""
    from core.store.store import open_store

    try:
        saved = open_store().open(key)
    except StoreError as error:
        return Read(None, None, (str(error),))
    reading = table.read_plan(saved.content.inputs)
    return Read(saved, reading.plan, tuple(f"{saved.version.called}, {line}" for line in reading.problems))


def open_saved(key: str) -> None:
    """Show the saved plan of an id, and say whose it is and what has changed since; else why it cannot be shown."""
    s, found = state.session(), read(key)
    if found.saved is None or found.plan is None:
        s.problems = list(found.problems)
        return
    state.open_plan(found.plan, list(found.problems))
    s.saved, s.saved_plan = found.saved.version, found.plan
    s.prices = found.plan.priced()  # they were saved because somebody said so
    version, changed = found.saved.version, since_sealed(found.saved.content, results.of(state.plan()))
    s.news = [" ".join([_said(version), *_standing(version)]), *changed, *hours_held.missing()]


def _said(version: Version) -> str:
    why = f" Why: {version.why.removesuffix('.')}." if version.why else ""
    return f"{words.capital(version.called)}, saved by {version.by.said} on {day(version)}.{why}"


def _standing(version: Version) -> list[str]:
    """The state of a saved version, who signed it off, and whether it is the latest; nothing of a fresh draft."""
    from core.store.store import open_store

    try:
        found = open_store().review(version.plan)
    except StoreError as error:
        return [str(error)]
    if found is None:
        return []
    said, signed = [], found.sign_off(version)
    if signed is not None:
        said.append(f"It is {found.state(version)}: {signed.by.said} signed it off on {day(signed)}.")
    elif found.state(version) != DRAFT:
        said.append(f"It is {found.state(version)}, not signed off.")
    if found.latest != version:
        said.append(f"Version {found.latest.number} is the latest, by {found.latest.by.said}, {day(found.latest)}.")
    return [*said, *(["The plan is archived."] if found.archived else [])]


def day(version: Version | Event) -> str:
    """The day of a save or an event."""
    return day_of(version.at)


def day_of(at: str) -> str:
    """The day of a moment as the store keeps it."""
    found = date.fromisoformat(at[:10])
    return f"{found.day} {found:%B %Y}"


def panel() -> None:
    """Save the plan on screen: its name, who saves, why; and the short link of what is saved."""
    from core.store.store import open_store

    plan = state.plan()
    try:
        latest = open_store().latest(plan.name)
    except StoreError as error:
        st.warning(words.markdown_safe(str(error)))
        return
    fields.plan_field(plan, "name", where="save")
    saved = on_screen()
    if saved is not None:
        st.markdown(f"{words.markdown_safe(words.capital(saved.called))} is on screen. Its short link:")
        live.copy_link(f"p={saved.id}", key="copy_saved")
        return
    if said := door.guest().against(SAVE):
        st.markdown(words.markdown_safe(said))
        return
    your_name(WHO)
    if latest is not None:
        st.markdown(
            f"{words.markdown_safe(words.capital(latest.called))} was saved by {words.markdown_safe(latest.by.said)} "
            f"on {day(latest)}. Yours becomes version {latest.number + 1}; every version stays."
        )
        st.text_input("Reason", key=WHY, max_chars=MOST_WHY, help="What changed and why, for who reviews it.")
    if plan.priced() and not state.session().prices:
        st.caption("Prices that you typed are left out; Share says whether they travel.")
    st.button("Save this plan", on_click=_save, args=(latest.id if latest else None,), key="save_now", type="primary")
    whoever = "can open this app" if door.is_open() else "has a role here"
    st.caption(f"Whoever {whoever} can open what is saved.")


def your_name(key: str) -> None:
    """The name that a save, a note or a sign-off is recorded under: of the sign-in, else a field for it."""
    guest = door.guest()
    if guest.authenticated:
        st.markdown(f"Signed in as **{words.markdown_safe(guest.name)}**, {guest.called}.")
        return
    state.bind(key, state.session().saver)
    st.text_input(
        "Your name",
        key=key,
        max_chars=MOST_PERSON,
        on_change=remember_saver,
        args=(key,),
        help="Recorded beside what you do. Nobody checks it here: it is shown as not authenticated.",
    )


def remember_saver(key: str) -> None:
    """Keep the name that was typed, for the rest of the visit."""
    state.session().saver = str(state.typed(key) or "")


def rows(key: str) -> list[str]:
    """The rows of a saved version that a note may be pinned to; none where it cannot be opened."""
    from core.store.journal import row_keys

    saved = read(key).saved
    return [] if saved is None else row_keys(saved)


def _save(after: str | None) -> None:
    from core.store.store import open_store

    s = state.session()
    if door.is_open():
        remember_saver(WHO)
    shown = state.in_links().shown.with_hours(s.hours)
    try:
        by = door.doer(SAVE).person(s.saver)
        content = content_of(shown)
        made = open_store().save(
            shown.name[:MOST_NAME], content, by, datetime.now(UTC), str(state.typed(WHY) or ""), after
        )
    except StoreError as error:
        s.problems = [words.capital(str(error))]
        return
    s.problems.clear()
    s.saved, s.saved_plan = made, shown.with_hours(())
    s.news = [f"{words.capital(made.called)} is saved. Its short link is in the address and under Save."]
