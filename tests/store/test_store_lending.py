"""Tokens of data links: shown once, kept as a digest, for one plan, until they end; on either database."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from sqlalchemy import text

from core.door.caller import Caller, Outside
from core.door.token import NO_TOKEN, UNKNOWN, by_token
from core.store import NotFoundError, RefusedError
from core.store.lending import MOST_DAYS, end, lend, lent, opened_by
from core.store.records import TOKEN_MARK as MARK
from core.store.store import Store
from core.store.transactions import Transactions
from tests.store.samples import ANN, BEN, CIM, NOON, content, later


@pytest.fixture
def kept(store: Store) -> Store:
    store.save("Our plan", content(), ANN, NOON)
    return store


def come(store: Store, header: str, minutes: int = 1) -> Caller | Outside:
    return by_token(header, store, later(minutes))


def test_a_token_opens_its_plan_and_only_its_digest_is_kept(kept: Store) -> None:
    secret, made = lend(kept, "our PLAN", "Board sheet", CIM, NOON, 30)
    assert (made.plan, made.label, made.by, made.until) == ("Our plan", "Board sheet", CIM, "2026-12-27T12:00:00Z")
    assert len(secret) == len(MARK) + 43
    basic = base64.b64encode(f"anybody:{secret}".encode()).decode()
    for header in (f"Bearer {secret}", f"bearer  {secret} ", f"Basic {basic}"):
        found = come(kept, header)
        assert isinstance(found, Caller)
        assert (found.only, found.roles) == ("Our plan", {"viewer"})
    with kept.transactions.reading() as connection:
        rows = connection.execute(text("SELECT * FROM data_token")).all()
    assert secret not in repr(rows)
    assert secret not in repr(made)


def test_a_forged_ended_or_expired_token_opens_nothing_and_says_why(kept: Store) -> None:
    secret, made = lend(kept, "Our plan", "Board sheet", CIM, NOON, 1)
    other, _ = lend(kept, "Our plan", "Other sheet", CIM, NOON, 1)
    told = {
        "": NO_TOKEN,
        "Basic !!!": NO_TOKEN,
        "Digest a": NO_TOKEN,
        f"Bearer {secret}x": UNKNOWN,
        f"Bearer {secret[:-1]}": UNKNOWN,
        f"Bearer {MARK}": UNKNOWN,
        "Bearer " + MARK + "x" * 100_000: UNKNOWN,
        "Bearer \u0000": UNKNOWN,
    }
    assert {header: getattr(come(kept, header), "said", "") for header in told} == told
    late = come(kept, f"Bearer {other}", minutes=24 * 60)
    assert late == Outside(
        "The token 'Other sheet' ended on 2026-11-28; an editor makes a new one on the Compare page."
    )
    assert isinstance(come(kept, f"Bearer {other}", minutes=24 * 60 - 1), Caller)
    end(kept, made.id, ANN, later(5))
    end(kept, made.id, BEN, later(6))  # stays as it is
    gone = Outside("The token 'Board sheet' was ended on 2026-11-27 by Ann (not authenticated).")
    assert come(kept, f"Bearer {secret}") == gone
    assert isinstance(come(kept, f"Bearer {other}"), Caller)
    assert [(one.label, one.stands(later(7))) for one in sorted(lent(kept, "Our plan"), key=lambda one: one.label)] == [
        ("Board sheet", False), ("Other sheet", True),
    ]  # fmt: skip


def test_what_is_no_token_is_refused_in_a_sentence(kept: Store) -> None:
    for label, days, told in (
        ("", 30, "^name of the token is blank; it must be given$"),
        ("Sheet", 0, f"^days is 0; a token lasts 1 to {MOST_DAYS} days$"),
        ("Sheet", MOST_DAYS + 1, f"^days is {MOST_DAYS + 1}; a token lasts"),
    ):
        with pytest.raises(RefusedError, match=told):
            lend(kept, "Our plan", label, CIM, NOON, days)
    with pytest.raises(NotFoundError, match=r"^No plan is saved under the name 'Theirs' here\.$"):
        lend(kept, "Theirs", "Sheet", CIM, NOON, 30)
    with pytest.raises(NotFoundError, match=r"^There is no token nowhere here\.$"):
        end(kept, "nowhere", CIM, NOON)
    assert lent(kept, "Our plan") == []


def test_a_plan_has_so_many_tokens_and_ended_ones_make_room(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.store.lending.MOST_TOKENS", 2)
    store = Store(Transactions(sqlite_url))
    assert (lent(store, "Our plan"), opened_by(store, f"{MARK}x")) == ([], None)  # nothing is made by looking
    store.save("Our plan", content(), ANN, NOON)
    made = [lend(store, "Our plan", f"Sheet {n}", CIM, NOON, 1)[1] for n in range(2)]
    with pytest.raises(RefusedError, match=r"^'Our plan' has 2 tokens; the limit is 2: end one first$"):
        lend(store, "Our plan", "One more", CIM, NOON, 1)
    end(store, made[0].id, CIM, NOON)
    lend(store, "Our plan", "One more", CIM, NOON, 1)
    lend(store, "Our plan", "Next day", CIM, NOON + timedelta(days=1), 1)
