"""The door on the pages: what a visitor who is not signed in gets, and what each role finds there."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import link
from core.door.settings import Settings, read_settings, shut
from core.plan.example import example_plan
from core.store import NAME, Person, Version
from core.store.content import content_of
from core.store.journal import move
from core.store.lending import lent
from core.store.store import Store, open_store
from core.ui import door
from tests.door.test_entry import AUTH, DOOR

APP = str(Path(__file__).parents[2] / "app.py")
LONG_S = 60
OURS = example_plan().but(name="Our secret plan")
ANN = {"iss": "https://id.example.org", "sub": "u-ann", "name": "Ann", "groups": ["carbon"]}
BEN = {"iss": "https://id.example.org", "sub": "u-ben", "name": "Ann", "groups": ["audit"]}  # of the same name
VIC = {"iss": "https://id.example.org", "sub": "u-vic", "name": "Vic", "groups": ["staff"]}
PROTECTED = read_settings({"auth": AUTH, "door": DOOR})


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """An empty store of a protected installation."""
    url = f"sqlite:///{tmp_path / 'plans.sqlite'}"
    monkeypatch.setenv(NAME, url)
    guard(monkeypatch, PROTECTED)
    return open_store(url)


@pytest.fixture
def saved(store: Store) -> Version:
    return store.save(OURS.name, content_of(OURS), Person("Ann", "https://id.example.org|u-ann"), datetime.now(UTC))


def guard(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.setattr(door, "settings", lambda: settings)


def come(who: dict[str, object] | None, page: str = "", **asked: str) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=LONG_S)
    if who:
        app.user = {"is_logged_in": True, "iat": datetime.now(UTC).timestamp(), **who}
    for name, text in asked.items():
        app.query_params[name] = text
    app.run()
    return app.switch_page(f"pages/{page}/page.py").run() if page else app


def keys(app: AppTest) -> set[str]:
    return {str(button.key) for button in app.button}


def told(app: AppTest) -> str:
    return (
        "\n".join(str(one.value) for one in (*app.markdown, *app.warning, *app.info))
        .replace("\\", "")
        .replace("\u2060", "")
    )


def test_who_is_not_signed_in_sees_a_sentence_and_a_button_and_nothing_of_any_plan(saved: Version) -> None:
    for asked in ({}, {"p": saved.id}, {"s": link.encode(OURS)}):
        for page in ("", "compare"):
            app = come(None, page, **asked)
            assert not app.exception
            assert [one.value for one in app.title] == ["Glidepath"]
            assert [one.value for one in app.markdown] == ["Sign in to see the plans that are kept here."]
            assert keys(app) == {"sign_in_by:"}
            tree = str(app._tree)
            assert "secret plan" not in tree
            assert "CO₂" not in tree
            assert {name: app.query_params[name] for name in app.query_params} == asked


def test_a_door_that_is_set_wrongly_says_so_and_has_no_button(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    guard(monkeypatch, shut("'client_id' is missing in [auth]"))
    app = come(ANN)
    assert "nothing is shown: 'client_id' is missing in [auth]." in told(app)
    assert keys(app) == set()


def test_each_of_several_providers_has_a_button_of_its_own(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    one = {name: AUTH[name] for name in ("client_id", "client_secret", "server_metadata_url")}
    shared = {name: AUTH[name] for name in ("redirect_uri", "cookie_secret")}
    guard(monkeypatch, read_settings({"auth": shared | {"okta": one, "entra": one}, "door": DOOR}))
    app = come(None)
    assert [button.label for button in app.button] == ["Sign in with okta", "Sign in with entra"]


def test_who_has_no_role_may_go_out_again(store: Store) -> None:
    app = come(ANN | {"groups": ["others"]})
    assert "Ann is signed in and has no role here" in told(app)
    assert keys(app) == {"sign_in_by:", "sign_out"}


def test_an_editor_saves_under_the_name_of_the_sign_in_and_does_not_sign_off(store: Store) -> None:
    app = come(ANN, s=link.encode(OURS))
    app.session_state["save"] = True
    app.run()
    assert "Signed in as **Ann**, editor." in told(app)
    assert not [field for field in app.text_input if field.label == "Your name"]
    app.button(key="save_now").click().run()
    [version] = store.listed()
    assert version.by == Person("Ann", "https://id.example.org|u-ann")
    compare = come(ANN, "compare", p=version.id)
    assert not compare.exception
    assert {"review_to:in review", "review_archive", "review_add"} <= keys(compare)
    compare.button(key="review_to:in review").click().run()
    assert {key for key in keys(compare) if key.startswith("review_to:")} == set()
    assert store.reviews()[0].of(version)[0].by.subject == "https://id.example.org|u-ann"
    assert "you are signed in as Ann, editor" in told(compare)


def test_a_reviewer_of_the_same_name_signs_off_and_never_what_they_prepared(store: Store, saved: Version) -> None:
    ann = Person("Ann", "https://id.example.org|u-ann")
    move(store, saved.id, "draft", "in review", ann, datetime.now(UTC))
    both = come(ANN | {"groups": ["carbon", "audit"]}, "compare", p=saved.id)
    both.button(key="review_to:approved").click().run()
    assert "Ann prepared version 1 of 'Our secret plan'; somebody else signs it off" in told(both)
    ben = come(BEN, "compare", p=saved.id)
    assert "review_archive" not in keys(ben)
    ben.button(key="review_to:approved").click().run()
    signed = store.reviews()[0].sign_off(saved)
    assert signed is not None
    assert signed.by == Person("Ann", "https://id.example.org|u-ben")


def test_a_viewer_sees_and_is_offered_nothing_that_changes_what_is_kept(saved: Version) -> None:
    app = come(VIC, "compare", p=saved.id)
    assert not app.exception
    changing = {key for key in keys(app) if key.startswith(("review_to:", "review_a", "review_restore", "save_now"))}
    assert changing == set()
    assert "review_open" in keys(app)
    app.session_state["save"] = True
    app.session_state["data_link"] = True
    assert not {"token_make", "save_now"} & keys(app.run())


def test_what_is_pressed_after_the_sign_in_has_ended_changes_nothing(store: Store, saved: Version) -> None:
    app = come(ANN, "compare", p=saved.id)
    app.user = {**ANN, "is_logged_in": True, "iat": datetime.now(UTC).timestamp() - 13 * 3600}
    app.button(key="review_to:in review").click().run()
    assert "Your sign-in has ended: it lasts 12 h here." in told(app)
    assert "secret plan" not in str(app._tree)
    assert store.reviews()[0].events == ()


def test_an_editor_makes_a_token_that_is_shown_once_and_ends_it(store: Store, saved: Version) -> None:
    app = come(ANN, "compare", p=saved.id)
    app.session_state["data_link"] = True
    app.run().text_input(key="token_label").set_value("Board sheet").run()
    app.button(key="token_make").click().run()
    [code] = app.code
    assert code.value.startswith("glidepath_")
    [one] = lent(store, OURS.name)
    assert (one.label, one.by.subject) == ("Board sheet", "https://id.example.org|u-ann")
    app.session_state["data_link"] = False
    app.run()
    app.session_state["data_link"] = True
    assert not app.run().code
    app.button(key=f"token_end:{one.id}").click().run()
    assert lent(store, OURS.name)[0].ended_at


def test_an_open_installation_says_so_on_compare_and_records_names_as_not_authenticated(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    guard(monkeypatch, read_settings({}))
    store.save(OURS.name, content_of(OURS), Person("Ann"), datetime.now(UTC))
    app = come(None, "compare")
    assert "no sign-in is set up here: whoever opens this app may save, and names are as typed" in told(app)
    assert "account" not in app.session_state
