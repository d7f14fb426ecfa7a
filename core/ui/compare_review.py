"""The review of a saved plan: its versions, notes pinned to a row, states, sign-off, archive, and the change log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import streamlit as st

from core import table as table_of
from core import words
from core.decide.shares import effects_kg
from core.door.caller import NOTE as NOTE_IT
from core.door.caller import PUT_AWAY, act_of
from core.store import Event, Person, Review, StoreError, Version
from core.store.records import MOST_NOTE, MOST_WHY
from core.store.review import APPROVED, DRAFT, IN_REVIEW, LOCKED, NOTE, STATE
from core.ui import data_field, door, saving, state
from core.ui.shown import section, small, table

WHOLE = ""
MOVES = {DRAFT: "Send back", IN_REVIEW: "Ask for review", APPROVED: "Approve", LOCKED: "Lock"}
WHY, TEXT = "review_why", "review_note"


def review(reviews: list[Review]) -> None:
    """Nothing saved yet, or the saved plan of choice with its history, notes and sign-off."""
    section("Saved plans", f"Versions are never changed or deleted; {_who()}")
    if not reviews:
        st.markdown("No plan is saved here yet. **Save**, at the top, keeps the plan on screen as version 1.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        put_away = any(one.archived for one in reviews) and st.toggle("Archived too", key="review_archived")
        listed = [one for one in reviews if put_away or not one.archived]
        if not listed:
            st.markdown("All saved plans are archived.")
            return
        names = [one.latest.plan for one in listed]
        usual = names.index(state.plan().name) if state.plan().name in names else 0
        name = st.selectbox("Saved plan", names, usual, key="review_plan")
        found = listed[names.index(name)]
        numbers = [version.number for version in reversed(found.versions)]
        number = st.selectbox("Version", numbers, key=f"review_version:{name}", format_func=lambda n: f"Version {n}")
        if door.is_open():
            saving.your_name("review_saver")
    version = found.versions[number - 1]
    left, right = st.columns([14, 13], gap="large")
    with left:
        _history(found)
        _ways(found, version)
    with right:
        _notes(found, version)


def _who() -> str:
    """What the names beside saved versions are worth here."""
    if door.is_open():
        return "no sign-in is set up here: whoever opens this app may save, and names are as typed, not authenticated"
    return f"you are signed in as {words.markdown_safe(door.guest().name)}, {door.guest().called}"


def _history(found: Review) -> None:
    rows = list(reversed(found.versions))
    table(
        {
            "Version": [str(one.number) for one in rows],
            "Saved by": [f"{one.by.said}, {saving.day(one)}" for one in rows],
            "Why": [one.why or "first version" for one in rows],
            "State": [_standing(found, one) for one in rows],
        }
    )


def _standing(found: Review, version: Version) -> str:
    """The state, and who signed it off."""
    signed, state_now = found.sign_off(version), found.state(version)
    return f"{state_now}, signed off by {signed.by.said}, {saving.day(signed)}" if signed else state_now


def _ways(found: Review, version: Version) -> None:
    """What can be done with the chosen version now."""
    now = found.state(version)
    st.markdown(
        f"**{words.markdown_safe(words.capital(version.called))}** is {'archived' if found.archived else now}. "
        f"Its link is this app's address with `?p={version.id}`."
    )
    guest = door.guest()
    moves = [new for new in found.next_states(version) if guest.may(act_of(now, new))]
    if moves or guest.may(PUT_AWAY):
        st.text_input("Reason", key=WHY, max_chars=MOST_WHY, help="Needed to send back, to archive and to restore.")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button("Open", key="review_open", on_click=saving.open_saved, args=(version.id,))
        for new in moves:
            label = "Withdraw approval" if (now, new) == (APPROVED, IN_REVIEW) else MOVES[new]
            st.button(label, key=f"review_to:{new}", on_click=_move, args=(version.id, now, new))
        if guest.may(PUT_AWAY) and found.archived:
            st.button("Restore", key="review_restore", on_click=_put, args=(version.plan, "restore"))
        elif guest.may(PUT_AWAY):
            st.button("Archive", key="review_archive", on_click=_put, args=(version.plan, "archive"))
        st.download_button(
            "Change log as CSV",
            lambda: _log(found),
            "change_log.csv",
            "text/csv",
            on_click="ignore",
            key="change_log",
        )
    if now == IN_REVIEW:
        who = ", ".join(dict.fromkeys(person.said for person in found.preparers(version)))
        st.markdown(small(words.markdown_safe(f"Prepared by {who}: somebody else approves it.")))
    data_field.of_version(found, version)


def _notes(found: Review, version: Version) -> None:
    st.markdown("**Notes and sign-offs**")
    said = found.of(version)
    if not said:
        st.markdown(small("None yet."))
    for event in reversed(said):
        st.markdown(_told(event))
    if found.archived or not door.guest().may(NOTE_IT):
        return
    rows = saving.rows(version.id)
    labels = {WHOLE: "The whole version"} | {row: _row(row) for row in rows}
    st.selectbox("Note on", list(labels), key=_row_field(version.id), format_func=lambda key: labels[key])
    st.text_area("Note", key=TEXT, max_chars=MOST_NOTE, height=80)
    st.button("Add note", key="review_add", on_click=_note, args=(version.id,))


def _row(key: str) -> str:
    """A row of the results in words; a workload by its name where the plan on screen has it."""
    first, *rest = key.replace("_", " ").split("|")
    workload = state.plan().workload(key.partition("|")[0])
    return " · ".join([f"{workload.name} ({workload.id})" if workload else first, *rest])


def _told(event: Event) -> str:
    """An event in a line or two."""
    text = words.markdown_safe(event.text).replace("\n", "  \n")
    where = f" on {words.markdown_safe(_row(event.row_key))}" if event.row_key else ""
    what = {NOTE: f"note{where}", STATE: f"{event.old} → {event.new}"}.get(event.kind, event.kind)
    head = small(f"{words.markdown_safe(event.by.said)}, {saving.day(event)}: {what}")
    return f"{head}  \n{text}" if text else head


def _log(found: Review) -> str:
    from core.store.changes import write_log
    from core.store.store import open_store

    store = open_store()
    return write_log(found, {version.id: store.open(version.id) for version in found.versions}, _effects)


def _effects(old: str, new: str) -> Mapping[tuple[str, str, str], float]:
    """What the changes between two plan.csv texts do to the headline's total, by today's data."""
    first, second = table_of.read_plan(old).plan, table_of.read_plan(new).plan
    return effects_kg(first, second) if first and second else {}


def _done(act: str, do: Callable[[Person, datetime], Event], *fields: str) -> None:
    """Do it as the reader, and empty the fields it used; else say why not."""
    if door.is_open():
        saving.remember_saver("review_saver")
    s = state.session()
    s.news.clear()
    try:
        do(door.doer(act).person(s.saver), datetime.now(UTC))
    except StoreError as error:
        s.problems = [words.capital(str(error))]
        return
    s.problems.clear()
    state.empty(*fields)


def _move(key: str, seen: str, new: str) -> None:
    from core.store.journal import move
    from core.store.store import open_store

    why = str(state.typed(WHY) or "")
    _done(act_of(seen, new), lambda by, at: move(open_store(), key, seen, new, by, at, why), WHY)


def _row_field(key: str) -> str:
    return f"review_row:{key}"


def _note(key: str) -> None:
    from core.store.journal import note
    from core.store.store import open_store

    row, text = (str(state.typed(field) or "") for field in (_row_field(key), TEXT))
    _done(NOTE_IT, lambda by, at: note(open_store(), key, row, text, by, at), TEXT)


def _put(name: str, what: str) -> None:
    from core.store import journal
    from core.store.store import open_store

    why = str(state.typed(WHY) or "")
    _done(PUT_AWAY, lambda by, at: getattr(journal, what)(open_store(), name, by, at, why), WHY)
