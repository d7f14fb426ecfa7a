"""Save under a name, and open by the short link: in the frame of every page, without a browser."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import link, table
from core.plan import Plan
from core.plan.example import example_plan
from core.store import NAME, Person, Version
from core.store.content import content_of, write_factors
from core.store.journal import move
from core.store.store import Store, open_store

APP = str(Path(__file__).parents[2] / "app.py")
LONG_S = 60
OURS = example_plan().but(name="Our plan")
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """An empty store that the app uses."""
    url = f"sqlite:///{tmp_path / 'plans.sqlite'}"
    monkeypatch.setenv(NAME, url)
    return open_store(url)


def _open(**asked: str) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=LONG_S)
    for name, text in asked.items():
        app.query_params[name] = text
    return app.run()


def _asked(app: AppTest) -> dict[str, object]:
    """What the address asks for: a single text by its name."""
    return {name: app.query_params[name][0] if isinstance(app.query_params[name], list) else app.query_params[name]
            for name in app.query_params}  # fmt: skip


def _panel(app: AppTest) -> AppTest:
    app.session_state["save"] = True
    return app.run()


def _save(app: AppTest, who: str = "Ann", why: str = "") -> AppTest:
    _panel(app).text_input(key="saver").set_value(who).run()
    if why:
        app.text_input(key="save_why").set_value(why).run()
    return app.button(key="save_now").click().run()


def _said(app: AppTest) -> str:
    return (
        "\n".join(notice.value for kind in (app.info, app.warning) for notice in kind)
        .replace("\\", "")
        .replace("\u2060", "")
    )


def _kept(store: Store, plan: Plan = OURS, why: str = "", after: str | None = None) -> Version:
    return store.save(plan.name, content_of(plan), Person("Ann"), NOON, why, after)


def test_what_is_saved_opens_cold_by_its_short_link_with_the_same_figures(store: Store) -> None:
    app = _save(_open(s=link.encode(OURS.with_workload("W2", model="mixtral-8x7b"))))
    assert not app.exception
    assert "Version 1 of 'Our plan' is saved." in _said(app)
    [version] = store.listed()
    assert _asked(app) == {"p": version.id}
    guest = _open(p=version.id)
    assert not guest.exception
    assert guest.header[0].value == app.header[0].value
    assert guest.session_state["glidepath"].plan == app.session_state["glidepath"].plan
    assert "Version 1 of 'Our plan', saved by Ann (not authenticated) on " in _said(guest)
    assert _asked(guest) == {"p": version.id}


def test_what_is_saved_holds_the_files_that_the_page_exports(store: Store) -> None:
    content = store.open(_kept(store).id).content
    assert content.inputs == table.write_plan(OURS)
    assert content.factors == write_factors(OURS)
    assert content.factors.count("\n") > 50
    assert content.results.count("\n") > 50


def test_an_edit_leaves_the_short_link_and_undo_brings_it_back(store: Store) -> None:
    app = _open(p=_kept(store).id)
    app.session_state["scenario"] = True
    app.run().text_input(key="p:name").set_value("Another").run()
    assert set(_asked(app)) == {"s"}
    app.button(key="undo").click().run()
    assert set(_asked(app)) == {"p"}


def test_an_opened_version_says_whether_it_is_signed_off_and_the_latest(store: Store) -> None:
    first = _kept(store)
    for old, new in (("draft", "in review"), ("in review", "approved")):
        move(store, first.id, old, new, Person("Ben"), NOON)
    said = _said(_open(p=first.id))
    assert "It is approved: Ben (not authenticated) signed it off on 27 November 2026." in said
    _kept(store, OURS.with_workload("W2", requests_per_day=2.0), "fewer", first.id)
    assert "Version 2 is the latest, by Ann (not authenticated), 27 November 2026." in _said(_open(p=first.id))


def test_an_edited_plan_becomes_the_next_version_with_a_reason(store: Store) -> None:
    first = _kept(store)
    app = _open(s=link.encode(OURS.with_workload("W2", requests_per_day=1.0)))
    _save(app, "Ben")
    assert "Reason is blank; say why there is a version 2" in _said(app)
    _save(app, "Ben", "fewer requests")
    assert [(v.number, v.by.name, v.why) for v in store.history("Our plan")] == [
        (1, "Ann", ""), (2, "Ben", "fewer requests"),
    ]  # fmt: skip
    assert store.open(first.id).version == first


def test_who_saves_after_somebody_else_is_told_and_loses_nothing(store: Store) -> None:
    first = _kept(store)
    app = _panel(_open(s=link.encode(OURS.with_workload("W2", requests_per_day=1.0))))
    app.text_input(key="saver").set_value("Ben").run()
    app.text_input(key="save_why").set_value("fewer").run()
    button = app.button(key="save_now")
    _kept(store, OURS.with_workload("W2", requests_per_day=2.0), "meanwhile", first.id)
    app = button.click().run()  # rests on what Ben saw
    assert "'Our plan' is at version 2 by now, saved by Ann (not authenticated)" in _said(app)
    assert app.session_state["glidepath"].plan.workload("W2").requests_per_day == 1.0
    app.button(key="save_now").click().run()
    assert [version.by.name for version in store.history("Our plan")] == ["Ann", "Ann", "Ben"]


def test_a_plan_saved_under_other_data_shows_both_figures(store: Store) -> None:
    old = replace(content_of(OURS), data_version="000000000000", headline_kg=20_000.0)
    made = store.save("Our plan", old, Person("Ann"), NOON)
    said = _said(_open(p=made.id))
    assert "Saved with data 000000 and method" in said
    assert "it showed 20.0\xa0t" in said
    assert "What was saved is kept as it was." in said


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("zzzz", "'zzzz' is no id of a saved plan"),
        ("0123456789ab", "No plan is saved here under the id 0123456789ab"),
        ("<script>", "is no id of a saved plan"),
    ],
)
def test_an_id_that_opens_nothing_is_told_and_the_example_stands(store: Store, asked: str, told: str) -> None:
    app = _open(p=asked)
    assert not app.exception
    assert told in _said(app)
    assert app.session_state["glidepath"].plan == example_plan()


def test_where_saving_is_off_the_panel_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "off")
    app = _panel(_open())
    assert not app.exception
    assert f"Saving is switched off on this server ({NAME} is 'off')." in _said(app)
    assert not [button for button in app.button if button.key == "save_now"]


def test_prices_are_saved_only_where_the_user_said_so(store: Store) -> None:
    priced = OURS.but(price_engineering_usd_per_day=900.0)
    app = _open(s=link.encode(priced))  # a link that came with prices
    app.session_state["glidepath"].prices = False
    _save(app.run())
    first = store.latest("Our plan")
    assert first is not None
    assert store.open(first.id).content.inputs == table.write_plan(OURS)
    assert _asked(app) == {"p": first.id}
    assert app.session_state["glidepath"].plan.price_engineering_usd_per_day == 900.0
