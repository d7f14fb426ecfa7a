"""Review: notes stay with their row and version, states follow the rules, nobody signs off what they prepared."""

from __future__ import annotations

import csv
import io
import re
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest
from sqlalchemy import text

from core.store import MovedOnError, NotFoundError, Person, RefusedError, TamperedError
from core.store.changes import COLUMNS, Change, changes, write_log
from core.store.journal import archive, move, note, restore
from core.store.records import Version
from core.store.review import ALLOWED, APPROVED, DRAFT, IN_REVIEW, LOCKED, STATES
from core.store.schema import EVENT
from core.store.store import Store, open_store
from tests.store.samples import ANN, BEN, CIM, HEADER, NOON, content, later

ROW = "W1|2026|inference"
TO = {DRAFT: (), IN_REVIEW: (IN_REVIEW,), APPROVED: (IN_REVIEW, APPROVED), LOCKED: (IN_REVIEW, APPROVED, LOCKED)}
INPUT = f"{HEADER}\nplan,Our plan,,\nworkload,Chat,W1,1000\n"


@pytest.fixture
def desk(sqlite_url: str) -> Store:
    """An empty store in a file: rules are the same on every database."""
    return open_store(sqlite_url)


def _saved(store: Store, requests: str = "1000", by: Person = ANN, after: Version | None = None) -> Version:
    return store.save("Our plan", content(requests), by, NOON, "more" if after else "", after.id if after else None)


def _moved(store: Store, version: Version, *states: str, by: Person = BEN) -> None:
    for state in states:
        now = _state(store, version)
        move(store, version.id, now, state, by, NOON, "so it is")


def _state(store: Store, version: Version) -> str:
    review = store.review(version.plan)
    assert review is not None
    return review.state(version)


def test_a_version_goes_from_draft_over_review_to_locked(store: Store) -> None:
    made = _saved(store)
    assert _state(store, made) == DRAFT
    _moved(store, made, IN_REVIEW, APPROVED, LOCKED)
    review = store.review("our plan")
    assert review is not None
    assert review.state(made) == LOCKED
    assert [(e.number, e.old, e.new, e.by, e.version_id) for e in review.events] == [
        (1, DRAFT, IN_REVIEW, BEN, made.id),
        (2, IN_REVIEW, APPROVED, BEN, made.id),
        (3, APPROVED, LOCKED, BEN, made.id),
    ]
    signed = review.sign_off(made)
    assert signed is not None
    assert signed.by == BEN


@pytest.mark.parametrize(("old", "new"), list(product(STATES, STATES)))
def test_only_the_allowed_moves_are_made(desk: Store, old: str, new: str) -> None:
    made = _saved(desk)
    _moved(desk, made, *TO[old])
    if (old, new) in ALLOWED:
        _moved(desk, made, new)
        assert _state(desk, made) == new
        return
    with pytest.raises(
        RefusedError, match=f"^version 1 of 'Our plan' cannot become '{new}': (after )?'{old}' (comes|is final)"
    ):
        move(desk, made.id, old, new, BEN, NOON, "why not")
    assert _state(desk, made) == old


@pytest.mark.parametrize("who", [ANN, Person(" ann "), Person("ＡＮＮ"), Person("ann", "oidc|7")])
def test_whoever_prepared_it_does_not_sign_it_off(desk: Store, who: Person) -> None:
    made = _saved(desk)
    _moved(desk, made, IN_REVIEW, by=ANN)
    with pytest.raises(RefusedError, match=r"prepared version 1 of 'Our plan'; somebody else signs it off$"):
        move(desk, made.id, IN_REVIEW, APPROVED, who, NOON)
    assert _state(desk, made) == IN_REVIEW


def test_two_of_one_name_with_sign_ins_of_their_own_are_two(desk: Store) -> None:
    made = _saved(desk, by=CIM)
    _moved(desk, made, IN_REVIEW)
    with pytest.raises(RefusedError, match="somebody else signs it off"):
        move(desk, made.id, IN_REVIEW, APPROVED, Person("Another", CIM.subject), NOON)
    move(desk, made.id, IN_REVIEW, APPROVED, Person(CIM.name, "oidc|other cim"), NOON)


def test_whoever_worked_on_it_since_the_last_sign_off_prepared_it(desk: Store) -> None:
    first = _saved(desk, by=ANN)
    second = _saved(desk, "2000", by=BEN, after=first)
    _moved(desk, second, IN_REVIEW)
    for who in (ANN, BEN):
        with pytest.raises(RefusedError, match="somebody else signs it off"):
            move(desk, second.id, IN_REVIEW, APPROVED, who, NOON)
    _moved(desk, second, APPROVED, by=CIM)
    third = _saved(desk, "3000", by=CIM, after=second)
    _moved(desk, third, IN_REVIEW, APPROVED, by=ANN)  # Ann's work was signed off before
    assert _state(desk, third) == APPROVED


def test_going_back_needs_a_reason(desk: Store) -> None:
    made = _saved(desk)
    _moved(desk, made, IN_REVIEW)
    with pytest.raises(RefusedError, match=r"^reason is blank; say why version 1 of 'Our plan' goes back to 'draft'$"):
        move(desk, made.id, IN_REVIEW, DRAFT, BEN, NOON)


def test_who_saw_an_older_state_changes_nothing_and_is_told(store: Store) -> None:
    made = _saved(store)
    _moved(store, made, IN_REVIEW)
    told = "Version 1 of 'Our plan' is 'in review' by now: Ben (not authenticated), 2026-11-27. Nothing was changed."
    with pytest.raises(MovedOnError, match=re.escape(told)):
        move(store, made.id, DRAFT, IN_REVIEW, CIM, NOON)


def test_a_new_version_is_a_draft_and_the_approved_one_stays_approved(desk: Store) -> None:
    first = _saved(desk)
    _moved(desk, first, IN_REVIEW, APPROVED)
    second = _saved(desk, "2000", after=first)
    assert (_state(desk, first), _state(desk, second)) == (APPROVED, DRAFT)


def test_a_note_stays_with_its_row_and_version(store: Store) -> None:
    first = _saved(store)
    made = note(store, first.id, ROW, "Which meter?\nSee the bill.", BEN, later(1))
    second = _saved(store, "2000", after=first)
    note(store, second.id, "", "Better.", CIM, later(2))
    review = store.review("Our plan")
    assert review is not None
    assert review.notes(first) == [made]
    assert (made.row_key, made.text, made.by, made.version) == (ROW, "Which meter?\nSee the bill.", BEN, 1)
    assert [(event.row_key, event.text, event.version) for event in review.notes(second)] == [("", "Better.", 2)]


@pytest.mark.parametrize(
    ("row", "words", "told"),
    [
        ("W9|2026|inference", "x", "'W9|2026|inference' is no row of version 1 of 'Our plan'"),
        ("", " ", "note is blank; it must be given"),
        ("", "x" * 2_001, "note has 2,001 characters; the limit is 2,000 characters"),
        ("", "a\x07b", "note holds a sign that cannot be shown, character 2"),
    ],
)
def test_a_note_that_cannot_be_kept_is_refused(desk: Store, row: str, words: str, told: str) -> None:
    made = _saved(desk)
    with pytest.raises(RefusedError, match=re.escape(told)):
        note(desk, made.id, row, words, BEN, NOON)


def test_an_archived_plan_is_closed_and_still_opens(store: Store) -> None:
    made = _saved(store)
    archive(store, "our plan", BEN, NOON, "superseded")
    assert [review.archived for review in store.reviews()] == [True]
    assert store.open(made.id).content == content()
    closed = "'Our plan' is archived"
    with pytest.raises(RefusedError, match=closed):
        _saved(store, "2000", after=made)
    with pytest.raises(RefusedError, match=closed):
        note(store, made.id, "", "x", BEN, NOON)
    with pytest.raises(RefusedError, match=closed):
        move(store, made.id, DRAFT, IN_REVIEW, BEN, NOON)
    with pytest.raises(RefusedError, match=r"^'Our plan' is archived already$"):
        archive(store, "Our plan", BEN, NOON, "again")
    restore(store, "Our plan", CIM, NOON, "needed after all")
    assert _saved(store, "2000", after=made).number == 2
    with pytest.raises(NotFoundError, match="No plan is saved under the name 'Nowhere' here"):
        archive(store, "Nowhere", BEN, NOON, "x")


@pytest.mark.parametrize("column", sorted(set(EVENT.c.keys()) - {"name_key"}))
def test_a_changed_cell_of_a_sign_off_is_told(desk: Store, column: str) -> None:
    first = _saved(desk)
    _moved(desk, first, IN_REVIEW, APPROVED)
    second = _saved(desk, "2000", after=first)
    other = {"number": "7", "version": "2", "version_id": f"'{second.id}'"}.get(column, "'x'")
    with desk.transactions.engine.begin() as connection:
        connection.execute(text(f"UPDATE saved_event SET {column} = {other} WHERE number = 2"))
    with pytest.raises(TamperedError, match="The notes and sign-offs of 'Our plan' are not as they were sealed: numbe"):
        desk.review("Our plan")


def test_a_note_taken_out_is_told(store: Store) -> None:
    made = _saved(store)
    for words in ("one", "two", "three"):
        note(store, made.id, "", words, BEN, NOON)
    with store.transactions.engine.begin() as connection:
        connection.execute(text("DELETE FROM saved_event WHERE number = 2"))
    with pytest.raises(TamperedError):
        store.review("Our plan")


def test_notes_made_at_once_are_all_kept_in_one_order(store: Store) -> None:
    made = _saved(store)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda n: note(store, made.id, "", f"note {n}", BEN, NOON), range(24)))
    review = store.review("Our plan")
    assert review is not None
    assert sorted(event.text for event in review.events) == sorted(f"note {n}" for n in range(24))
    assert [event.number for event in review.events] == list(range(1, 25))


def test_two_reviewers_cannot_both_move_a_version(store: Store) -> None:
    made = _saved(store)

    def work(who: Person) -> bool:
        try:
            move(store, made.id, DRAFT, IN_REVIEW, who, NOON)
        except MovedOnError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, (ANN, BEN, CIM, Person("Dan")))) == 1


@pytest.mark.parametrize(
    ("after", "found"),
    [
        (INPUT, []),
        (INPUT.replace("1000", "2000"), [Change("workload", "W1", "requests_per_day", "1000", "2000")]),
        (INPUT.replace("Our plan", "'=Plan"), [Change("plan", "", "name", "Our plan", "=Plan")]),
        (
            INPUT + "workload,New,W2,\n",
            [Change("workload", "W2", "name", "", "New"), Change("workload", "W2", "id", "", "W2")],
        ),
        (
            INPUT.replace("workload,Chat,W1,1000\n", ""),
            [
                Change("workload", "W1", "name", "Chat", ""),
                Change("workload", "W1", "id", "W1", ""),
                Change("workload", "W1", "requests_per_day", "1000", ""),
            ],
        ),
        ("record,name,id,requests_per_day,pue\nplan,Our plan,,,\nworkload,Chat,W1,1000,\n", []),
    ],
)
def test_what_differs_is_found_field_by_field(after: str, found: list[Change]) -> None:
    assert changes(INPUT, after) == found


def test_the_change_log_tells_versions_fields_notes_and_states(desk: Store) -> None:
    first = _saved(desk)
    second = _saved(desk, "-2000", by=BEN, after=first)
    note(desk, second.id, ROW, "=why?", CIM, later(1))
    _moved(desk, second, IN_REVIEW, APPROVED, by=CIM)
    review = desk.review("Our plan")
    assert review is not None
    log = write_log(review, {version.id: desk.open(version.id) for version in review.versions})
    rows = list(csv.DictReader(io.StringIO(log)))
    assert tuple(rows[0]) == COLUMNS
    keys = [(row["scenario_id"], row["to_version"], row["row_key"], row["field"]) for row in rows]
    assert len(set(keys)) == len(keys)
    told = [(row["row_key"], row["field"], row["old_value"], row["new_value"], row["reason"]) for row in rows]
    assert told == [
        ("plan||||", "version", "", first.id, "first version"),
        ("plan||||", "version", first.id, second.id, "more"),
        ("W1||||", "requests_per_day", "1000", "-2000", "more"),
        (f"{ROW}||", "note 1", "", "'=why?", "review note"),
        ("plan||||", "state 2", DRAFT, IN_REVIEW, "so it is"),
        ("plan||||", "state 3", IN_REVIEW, APPROVED, "so it is"),
    ]
    assert {row["scenario_id"] for row in rows} == {"our-plan"}
    assert [row["reviewed_by"] for row in rows[:3]] == ["", "Cim", "Cim"]
    assert all(row[name] for row in rows for name in COLUMNS if name not in
               ("old_value", "new_value", "effect_on_total_t", "reviewed_by"))  # fmt: skip
