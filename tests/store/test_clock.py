"""Clocks that are set back or forward, and servers that stand in any zone: order, ends and days hold."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.door.caller import Caller
from core.door.token import by_token
from core.store.lending import end, lend, opened_by
from core.store.records import stamp
from core.store.store import Store
from core.store.transactions import Transactions
from tests.store.samples import ANN, BEN, CIM, NOON, content

YEAR = timedelta(days=365)


def test_a_clock_that_is_set_back_and_forward_changes_no_order(sqlite_url: str) -> None:
    store = Store(Transactions(sqlite_url))
    first = store.save("Our plan", content(), ANN, NOON)
    second = store.save("Our plan", content("2000"), BEN, NOON - YEAR, "the clock is set back", first.id)
    third = store.save("Our plan", content("3000"), ANN, NOON + 9 * YEAR, "and far forward", second.id)
    fourth = store.save("Our plan", content("4000"), ANN, NOON, "and right again", third.id)
    assert store.history("Our plan") == [first, second, third, fourth]
    assert [one.number for one in store.history("Our plan")] == [1, 2, 3, 4]
    assert store.latest("Our plan") == fourth
    assert store.open(second.id).version.at == "2025-11-27T12:00:00Z"  # as that clock said it, under its seal


def test_a_token_ends_at_its_moment_and_stays_ended_whatever_the_clock_does(sqlite_url: str) -> None:
    store = Store(Transactions(sqlite_url))
    store.save("Our plan", content(), ANN, NOON)
    secret, made = lend(store, "Our plan", "Board sheet", CIM, NOON, 30)

    def opens(at: datetime) -> bool:
        return isinstance(by_token(f"Bearer {secret}", store, at), Caller)

    moments = (NOON - YEAR, NOON, NOON + timedelta(days=30, seconds=-1), NOON + timedelta(days=30), NOON + YEAR)
    assert [opens(at) for at in moments] == [True, True, True, False, False]
    end(store, made.id, CIM, NOON - YEAR)  # by a clock set back to before it was made
    assert [opens(at) for at in moments] == [False] * 5
    found = opened_by(store, secret)
    assert found is not None
    assert found.until == made.until


def test_a_moment_is_kept_in_utc_from_any_zone() -> None:
    for zone in ("Pacific/Kiritimati", "America/St_Johns", "Europe/London", "UTC"):
        assert stamp(NOON.astimezone(ZoneInfo(zone))) == "2026-11-27T12:00:00Z"
    assert stamp(datetime(2026, 3, 29, 1, 30, tzinfo=ZoneInfo("Europe/London"))) == "2026-03-29T01:30:00Z"
