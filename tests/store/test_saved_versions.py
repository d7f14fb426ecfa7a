"""What is saved comes back as it was, under an id that is its own, and each save is a version on top of the last."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import event, text

from core.store import MovedOnError, NotFoundError, Person, RefusedError, read_id
from core.store import store as store_file
from core.store.seal import LENGTH, LETTERS, short
from core.store.store import Store
from tests.store.samples import ANN, BEN, NOON, content, later


def test_a_saved_plan_opens_by_its_id_as_it_was(store: Store) -> None:
    made = store.save("Our plan", content(), ANN, NOON)
    saved = store.open(made.id)
    assert saved.content == content()
    assert saved.version == made
    assert (made.number, made.plan, made.by, made.at) == (1, "Our plan", ANN, "2026-11-27T12:00:00Z")
    assert re.fullmatch(f"[{LETTERS}]{{{LENGTH}}}", made.id)
    assert made.id == short(made.seal)


def test_signs_of_every_kind_come_back_as_they_were(store: Store) -> None:
    odd = replace(content(), inputs='record,name\nplan,"=1+1; DROP TABLE saved_plan;-- 計画 \U0001f9ea %s :x \\ \'"\n')
    made = store.save("計画 %(x)s :y '\"; --", odd, Person("Zoë <b>"), NOON)
    assert store.open(made.id).content == odd
    assert store.history("計画 %(x)s :y '\"; --") == [made]


def test_an_edit_is_the_next_version_and_the_first_stays(store: Store) -> None:
    first = store.save("Our plan", content(), ANN, NOON)
    second = store.save("our  PLAN", content("2000"), BEN, later(1), "twice the demand", after=first.id)
    assert (second.number, second.plan, second.previous) == (2, "Our plan", first.seal)
    assert store.history("Our plan") == [first, second]
    assert store.latest("Our plan") == second
    assert store.open(first.id).content == content()


def test_nothing_new_makes_no_version(store: Store) -> None:
    first = store.save("Our plan", content(), ANN, NOON)
    assert store.save("Our plan", content(), BEN, later(1), after=first.id) == first
    assert store.save("Our plan", content(), BEN, later(1)) == first  # pressed twice
    assert store.history("Our plan") == [first]


def test_back_to_what_it_was_is_a_version_with_an_id_of_its_own(store: Store) -> None:
    first = store.save("Our plan", content(), ANN, NOON)
    second = store.save("Our plan", content("2000"), ANN, later(1), "more", after=first.id)
    third = store.save("Our plan", content(), ANN, later(2), "back", after=second.id)
    assert len({first.id, second.id, third.id}) == 3
    assert store.open(third.id).content == store.open(first.id).content


def test_who_did_not_see_the_latest_saves_nothing_and_is_told_whose_it_is(store: Store) -> None:
    first = store.save("Our plan", content(), ANN, NOON)
    store.save("Our plan", content("2000"), BEN, later(1), "more", after=first.id)
    told = "'Our plan' is at version 2 by now, saved by Ben (not authenticated) on 2026-11-27."
    for after in (None, first.id):
        with pytest.raises(MovedOnError, match=re.escape(told)):
            store.save("Our plan", content("3000"), ANN, later(2), "even more", after=after)
    with pytest.raises(MovedOnError, match="No plan is saved under the name 'Other' here"):
        store.save("Other", content(), ANN, NOON, after=first.id)
    assert len(store.history("Our plan")) == 2


def test_a_next_version_says_why(store: Store) -> None:
    first = store.save("Our plan", content(), ANN, NOON)
    with pytest.raises(RefusedError, match="reason is blank; say why there is a version 2"):
        store.save("Our plan", content("2000"), ANN, NOON, "  ", after=first.id)


@pytest.mark.parametrize(
    ("name", "by", "why", "told"),
    [
        (" ", ANN, "", "name is blank; it must be given"),
        ("x" * 81, ANN, "", "name has 81 characters; the limit is 80 characters"),
        ("a\0b", ANN, "", "name holds a sign that cannot be shown, character 2; take it out"),
        ("Our plan", Person(""), "", "your name is blank; it must be given"),
        ("Our plan", Person("\ud800"), "", "your name holds a sign that cannot be shown, character 1; take it out"),
        ("Our plan", ANN, "y" * 501, "reason has 501 characters; the limit is 500 characters"),
    ],
)
def test_a_text_that_cannot_be_kept_is_refused_in_a_sentence(
    sqlite_url: str, name: str, by: Person, why: str, told: str
) -> None:
    store = store_file.open_store(sqlite_url)
    with pytest.raises(RefusedError, match=f"^{re.escape(told)}$"):
        store.save(name, content(), by, NOON, why)
    assert not store.transactions.is_there()


def test_looking_makes_no_file(sqlite_url: str) -> None:
    store = store_file.open_store(sqlite_url)
    assert (store.listed(), store.history("Our plan"), store.latest("Our plan")) == ([], [], None)
    with pytest.raises(NotFoundError):
        store.open("0123456789ab")
    assert not store.transactions.file.parent.exists()


def test_an_unknown_id_is_told(store: Store) -> None:
    store.save("Our plan", content(), ANN, NOON)
    with pytest.raises(NotFoundError, match="No plan is saved here under the id 0123456789ab: it may be of another"):
        store.open("0123456789ab")
    for wrong in ("", "short", "../../etc/passwd", "' OR 1=1 --", "u" * 12, "0" * 40):
        with pytest.raises(NotFoundError, match="is no id of a saved plan: those are 12 letters and digits"):
            store.open(wrong)


def test_an_id_read_aloud_is_understood(store: Store) -> None:
    made = store.save("Our plan", content(), ANN, NOON)
    assert store.open(f" {made.id.upper().replace('1', 'I').replace('0', 'O')}\n").version == made
    assert read_id("o" * 12) == "0" * 12


def test_two_versions_whose_ids_begin_alike_have_ids_of_their_own(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_file, "short", lambda seal, length: (f"{'7' * LENGTH}{short(seal)}")[:length])
    first = store.save("One", content(), ANN, NOON)
    second = store.save("Two", content(), ANN, NOON)
    assert (len(first.id), len(second.id)) == (LENGTH, LENGTH + 1)
    assert second.id.startswith(first.id)


def test_plans_are_listed_by_their_latest_version_the_newest_first(store: Store) -> None:
    first = store.save("One", content(), ANN, NOON)
    two = store.save("Two", content(), ANN, later(1))
    one = store.save("One", content("2"), ANN, later(2), "more", after=first.id)
    assert store.listed() == [one, two]


def test_equal_texts_are_kept_once(store: Store) -> None:
    first = store.save("One", content(), ANN, NOON)
    store.save("One", content("2"), ANN, later(2), "more", after=first.id)
    with store.transactions.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM saved_part")).scalar() == 4


def test_the_room_updates_and_deletes_nothing(store: Store) -> None:
    said: list[str] = []
    event.listen(store.transactions.engine, "before_cursor_execute", lambda *given: said.append(given[2]))
    first = store.save("One", content(), ANN, NOON)
    store.save("One", content("2"), ANN, later(2), "more", after=first.id)
    store.open(first.id)
    assert any(line.startswith("INSERT") for line in said)
    assert [line for line in said if re.match(r"\s*(UPDATE|DELETE|DROP|TRUNCATE|REPLACE)", line)] == []


def test_a_moment_without_a_time_zone_is_no_moment(sqlite_url: str) -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        store_file.open_store(sqlite_url).save("One", content(), ANN, NOON.replace(tzinfo=None))
