"""The sign-in by HTTP, against a real provider on loopback: the round trip, what it opens, and how it can fail."""

from __future__ import annotations

import base64
import json
import logging
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit import config
from streamlit.auth_util import encode_provider_token
from streamlit.runtime.secrets import secrets_singleton
from streamlit.web.server.starlette import starlette_app_utils, starlette_server
from streamlit.web.server.starlette.starlette_auth_routes import create_auth_routes
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from core import link
from core.door.limits import Line, Rate
from core.plan import Plan
from core.plan.example import example_plan
from core.store import NAME, Person
from core.store.content import content_of
from core.store.journal import move
from core.store.lending import end, lend
from core.store.store import Store, open_store
from core.ui import data_route, gate
from tests.door.provider import Provider, serving

HERE = "http://testserver"
ROOT = Path(__file__).parents[2]
KEY = "a cookie secret of thirty-two signs or more"
OURS = Plan(name="Our plan", workloads=example_plan().workloads[:1])
ASKED = "/data/results.csv?plan=Our+plan"
DOOR = {"claim": "realm_access.roles", "viewer": "looks", "editor": ["edits"], "reviewer": ["reviews"]}
MANY = [sha256(b"%d" % number).hexdigest() for number in range(99)]
USERS = {
    "ann": {"sub": "u-ann", "name": "Ann", "realm_access": {"roles": ["edits"]}},
    "zoe": {"sub": "u-zoe", "name": "Zoe", "realm_access": {"roles": ["others"]}},
    "bob": {"sub": "u-bob", "realm_access": {"roles": "looks"}, "email": "bob@example.org", "email_verified": False},
    "many": {"sub": "u-many", "realm_access": {"roles": [*MANY, "looks"]}},
}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with serving(USERS) as found:
        yield found


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store with one plan that the app uses."""
    monkeypatch.setenv(NAME, f"sqlite:///{tmp_path / 'plans.sqlite'}")
    made = open_store(f"sqlite:///{tmp_path / 'plans.sqlite'}")
    made.save("Our plan", content_of(OURS), Person("Ann", "idp|ann"), datetime.now(UTC))
    made.save("Other plan", content_of(OURS.but(name="Other plan")), Person("Ann", "idp|ann"), datetime.now(UTC))
    return made


@pytest.fixture
def browser(store: Store, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """A visitor of a protected installation who keeps cookies and follows no redirect by itself."""
    guard(monkeypatch, provider.secrets(HERE, **DOOR))
    return visit()


def guard(monkeypatch: pytest.MonkeyPatch, secrets: Mapping[str, object] | None) -> None:
    monkeypatch.setattr(secrets_singleton, "_secrets", secrets)


def visit(link_route: data_route.DataLink | None = None) -> TestClient:
    answer = (link_route or data_route.DataLink()).answer
    app = Starlette(
        routes=[
            Route("/data/results.csv", answer, methods=["GET", "HEAD"]),
            Route("/media/plan.csv", lambda _: PlainTextResponse("a file of a visit")),
            *create_auth_routes(""),
        ],
        middleware=[*gate.at_the_door(), Middleware(SessionMiddleware, secret_key="s" * 32)],
    )
    return TestClient(app, HERE, follow_redirects=False)


@pytest.fixture(scope="module")
def tab() -> Iterator[httpx2.Client]:
    """What a browser does at the provider."""
    with httpx2.Client() as found:
        yield found


def login(browser: TestClient) -> httpx2.Response:
    return browser.get(f"/auth/login?provider={encode_provider_token('default')}")


def sign_in(browser: TestClient, tab: httpx2.Client, user: str) -> httpx2.Response:
    """Off to the provider, a click on a user there, and back."""
    to = login(browser).headers["location"]
    page = tab.get(to)
    assert f">{user}</a>" in page.text
    back = tab.get(f"{to}&user={user}").headers["location"]
    assert back.startswith(f"{HERE}/oauth2callback?")
    return browser.get(back)


def cookie(user: str, secret: str = KEY, **said: object) -> dict[str, str]:
    """The cookie that Streamlit makes of a sign-in, or one that somebody else made."""
    claims = {"is_logged_in": True, "iss": "idp", "iat": time.time(), "origin": HERE, "provider": "default"}
    text = json.dumps(claims | USERS[user] | said)
    return {USER_COOKIE_NAME: starlette_app_utils.create_signed_value(secret, USER_COOKIE_NAME, text).decode()}


def sent(cookies: Mapping[str, str]) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={text}" for name, text in cookies.items())}


def test_after_the_round_trip_the_same_address_opens(
    browser: TestClient, tab: httpx2.Client, store: Store, provider: Provider
) -> None:
    before = browser.get(ASKED)
    assert (before.status_code, before.text) == (401, "Sign in to see the plans that are kept here.\n")
    back = sign_in(browser, tab, "ann")
    assert (back.status_code, back.headers["location"]) == (302, "/signed-in")
    asked = provider.asked[-1]
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["nonce"]) >= 16
    after = browser.get(ASKED)
    [version] = store.history("Our plan")
    assert after.text == store.open(version.id).content.results
    assert after.headers["cache-control"] == "private, no-cache"
    assert "set-cookie" not in after.headers
    assert browser.get(ASKED, headers={"If-None-Match": after.headers["etag"]}).status_code == 304
    assert browser.get(f"/data/results.csv?s={link.encode(OURS)}").status_code == 200


def test_the_way_back_is_a_page_of_one_script_that_only_opens_addresses_of_this_app(browser: TestClient) -> None:
    page = browser.get("/signed-in")
    script = page.text.split("<script>")[1].split("</script>")[0]
    assert page.headers["content-security-policy"].startswith("default-src 'none'; script-src 'sha256-")
    assert 'if (!to.startsWith("/") || /^\\/[\\/\\\\]/.test(to)) to = "/";' in script


def test_a_sign_in_with_many_groups_opens_the_files_of_a_visit(browser: TestClient, tab: httpx2.Client) -> None:
    refused = browser.get("/media/plan.csv")
    assert (refused.status_code, refused.text) == (401, "Sign in to see the plans that are kept here.\n")
    assert browser.get("/_stcore/upload_file/x/y").status_code == 401
    sign_in(browser, tab, "many")
    assert f"{USER_COOKIE_NAME}_1" in browser.cookies  # too large for one cookie
    assert browser.get("/media/plan.csv").text == "a file of a visit"
    assert browser.get(ASKED).status_code == 200


def test_the_only_pictures_among_the_files_of_a_visit_are_the_apps_own(browser: TestClient) -> None:
    assert browser.get("/media/logo.svg").status_code == 404  # let through to Streamlit
    code = "".join(
        file.read_text(encoding="utf-8") for name in ("core/ui", "pages") for file in (ROOT / name).rglob("*.py")
    )
    assert [word for word in ("st.image(", "st.pyplot(", "st.audio(", "st.video(") if word in code] == []


KNOWN = {
    "zoe": "Zoe is signed in and has no role here; who runs this app gives roles ([door] in its secrets).\n",
    "bob": "The sign-in service says that your e-mail address is not verified; verify it there, then sign in again.\n",
}


def test_who_is_known_but_not_let_in_gets_403_and_the_reason(browser: TestClient) -> None:
    for user, told in KNOWN.items():
        found = browser.get(ASKED, headers=sent(cookie(user)))
        assert (found.status_code, found.text) == (403, told)
    ended = browser.get(ASKED, headers=sent(cookie("ann", iat=time.time() - 12 * 3600 - 9)))
    assert (ended.status_code, ended.text) == (401, "Your sign-in has ended: it lasts 12 h here. Sign in again.\n")


FORGED = {
    "of another key": cookie("ann", "another secret of thirty-two signs or more"),
    "of another address": cookie("ann", origin="http://elsewhere"),
    "without an address": cookie("ann", origin=None),
    "changed": {name: text.replace(".", "x.", 1) for name, text in cookie("ann").items()},
    "cut": {name: text[:-1] for name, text in cookie("ann").items()},
    "nonsense": {USER_COOKIE_NAME: "chunks-9"},
    "of another cookie": {USER_COOKIE_NAME: starlette_app_utils.create_signed_value(KEY, "_xsrf", "{}").decode()},
    "in parts that are missing": {
        USER_COOKIE_NAME: starlette_app_utils.create_signed_value(KEY, USER_COOKIE_NAME, "chunks-3").decode()
    },
}


def test_a_cookie_that_is_forged_or_foreign_opens_nothing(browser: TestClient) -> None:
    assert browser.get(ASKED, headers=sent(cookie("ann"))).status_code == 200
    for cookies in FORGED.values():
        found = browser.get(ASKED, headers=sent(cookies))
        assert (found.status_code, found.text) == (401, "Sign in to see the plans that are kept here.\n")
        assert browser.get("/media/plan.csv", headers=sent(cookies)).status_code == 401


def test_a_sign_in_that_is_declined_forged_or_replayed_says_so_and_opens_nothing(
    browser: TestClient, tab: httpx2.Client
) -> None:
    to = login(browser).headers["location"]
    assert "set-cookie" not in browser.get(ASKED).headers  # a sign-in that has begun leaves no trace in an answer
    declined = tab.get(f"{to}&user=nobody").headers["location"]
    assert "error=access_denied" in declined
    good = tab.get(f"{to}&user=ann").headers["location"]
    for back in (declined, f"{HERE}/oauth2callback?code=x&state=y", good.replace("code=", "code=x"), good):
        found = browser.get(back)
        assert (found.status_code, found.headers["location"]) == (302, "/signed-in?failed")
        assert USER_COOKIE_NAME not in browser.cookies
    assert browser.get(ASKED).status_code == 401


def test_a_provider_that_is_down_is_told_in_a_sentence(
    store: Store, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = provider.secrets(HERE, **DOOR)
    secrets["auth"]["server_metadata_url"] = "http://127.0.0.1:9/.well-known/openid-configuration"
    guard(monkeypatch, secrets)
    found = login(visit())
    assert (found.status_code, found.text, found.headers["retry-after"]) == (503, gate.DOWN, "60")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[auth\n", "secrets.toml cannot be read, or is not valid TOML."),
        ("[auth]\n", "[auth] is missing, or is no section."),
        ("[door]\nclaim = 'groups'\n", "[auth] is missing, or is no section."),
    ],
)
def test_secrets_that_cannot_be_understood_shut_the_door(
    store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, told: str
) -> None:
    file = tmp_path / "secrets.toml"
    monkeypatch.setattr(config.get_config_options()["secrets.files"], "_get_val_func", lambda: [str(file)])
    monkeypatch.setattr(secrets_singleton, "_file_watchers_installed", True)
    guard(monkeypatch, None)
    assert visit().get(ASKED).status_code == 200  # no file: open
    file.write_text(text, encoding="utf-8")
    found = visit().get(ASKED)
    assert (found.status_code, found.text) == (
        401, f"Sign-in is not set up rightly, so nothing is shown: {told}\n",
    )  # fmt: skip


def test_a_sign_in_whose_library_is_missing_shuts_the_door(
    browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streamlit.auth_util.is_authlib_installed", lambda: False)
    assert browser.get(ASKED, headers=sent(cookie("ann"))).text.endswith(": the package Authlib is missing.\n")


def test_a_sign_out_leaves_here_and_at_the_provider(
    browser: TestClient, tab: httpx2.Client, provider: Provider
) -> None:
    sign_in(browser, tab, "ann")
    away = browser.get("/auth/logout")
    asked = parse_qs(urlsplit(away.headers["location"]).query)
    assert away.headers["location"].startswith(f"{provider.address}/logout?")
    assert (len(asked["id_token_hint"][0].split(".")), asked["post_logout_redirect_uri"]) == (
        3,
        [f"{HERE}/oauth2callback"],
    )
    assert browser.get(ASKED).status_code == 401
    back = browser.get(tab.get(away.headers["location"]).headers["location"])
    assert back.headers["location"] == "/signed-in?out"  # empties the tab, and is no failed sign-in


def test_a_sign_out_whose_provider_knows_none_empties_the_tab_all_the_same(browser: TestClient) -> None:
    away = browser.get("/auth/logout")  # of nobody: nothing is known of a provider
    assert (away.status_code, away.headers["location"]) == (302, "/signed-in?out")


def test_a_token_opens_its_plan_to_a_tool_until_it_is_ended(browser: TestClient, store: Store) -> None:
    ann = Person("Ann", "idp|ann")
    secret, made = lend(store, "Our plan", "Board sheet", ann, datetime.now(UTC), 30)
    basic = base64.b64encode(f"excel:{secret}".encode()).decode()
    for header in (f"Bearer {secret}", f"Basic {basic}"):
        assert browser.get(ASKED, headers={"Authorization": header}).status_code == 200
    foreign = browser.get("/data/results.csv?plan=Other+plan", headers={"Authorization": f"Basic {basic}"})
    assert (foreign.status_code, foreign.text) == (
        403, "This token opens the saved plan 'Our plan' alone, not another one.\n",
    )  # fmt: skip
    forged = browser.get(ASKED, headers={"Authorization": "Bearer glidepath_forged"})
    assert (forged.status_code, forged.headers["www-authenticate"]) == (401, 'Basic realm="Glidepath data link"')
    forged = browser.get(ASKED, headers=sent(cookie("ann")) | {"Authorization": "Bearer glidepath_forged"})
    assert forged.status_code == 401
    theirs = {"Authorization": "Basic cHJveHk6cGFzc3dvcmQ="}  # a proxy's own password
    assert browser.get(ASKED, headers=sent(cookie("ann")) | theirs).status_code == 200
    assert browser.get(ASKED, headers=theirs).status_code == 401
    end(store, made.id, ann, datetime.now(UTC))
    ended = browser.get(ASKED, headers={"Authorization": f"Bearer {secret}"})
    assert (ended.status_code, ended.text.endswith(" by Ann.\n")) == (401, True)


def test_no_log_holds_a_token(browser: TestClient, store: Store, caplog: pytest.LogCaptureFixture) -> None:
    secret, _ = lend(store, "Our plan", "Board sheet", Person("Ann", "idp|ann"), datetime.now(UTC), 30)
    with caplog.at_level(logging.DEBUG):
        for address, header in ((ASKED, secret), (ASKED, f"{secret}x"), (f"{ASKED}&token={secret}", secret)):
            browser.get(address, headers={"Authorization": f"Bearer {header}"})
        logging.getLogger("core").warning("heard")
    ours = [one for one in caplog.records if not one.name.startswith("httpx")]  # that is the asker's own
    assert [one.getMessage() for one in ours if one.name == "core"] == ["heard"]
    assert not [one for one in ours if secret in one.getMessage()]
    assert starlette_server._get_uvicorn_config_kwargs()["access_log"] is False


@pytest.fixture
def reader(store: Store, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """A spreadsheet at an open installation."""
    guard(monkeypatch, {})
    return visit()


def test_an_open_installation_answers_whoever_asks_and_no_other_page_may_read_it(reader: TestClient) -> None:
    found = reader.get(ASKED, headers={"Origin": "https://elsewhere.example", "Authorization": "Bearer glidepath_old"})
    assert found.status_code == 200
    assert not [name for name in found.headers if name.startswith("access-control")]
    for how in ("OPTIONS", "POST", "PUT", "DELETE"):
        refused = reader.request(how, ASKED, headers={"Origin": "https://elsewhere.example"})
        assert refused.status_code == 405
        assert not [name for name in refused.headers if name.startswith("access-control")]
    assert (reader.get("/media/plan.csv").status_code, reader.get("/signed-in").status_code) == (200, 404)


def test_a_spreadsheet_refreshes_when_the_next_version_is_saved_and_signed_off(
    reader: TestClient, store: Store
) -> None:
    first, ben = store.history("Our plan")[0], Person("Ben", "idp|ben")
    tag = reader.get(ASKED).headers["etag"]
    assert reader.get(ASKED, headers={"If-None-Match": tag}).status_code == 304
    assert reader.get(f"{ASKED}&version=approved").status_code == 404
    twice = content_of(OURS.with_workload("W1", requests_per_day=7.0))
    second = store.save("Our plan", twice, Person("Ann", "idp|ann"), datetime.now(UTC), "fewer", first.id)
    fresh = reader.get(ASKED, headers={"If-None-Match": tag})
    assert (fresh.status_code, fresh.text) == (200, twice.results)
    for old, new in (("draft", "in review"), ("in review", "approved")):
        move(store, second.id, old, new, ben, datetime.now(UTC))
    assert reader.get(f"{ASKED}&version=approved").headers["etag"] == fresh.headers["etag"]


def test_only_the_headers_come_where_only_they_are_asked_for(reader: TestClient) -> None:
    whole, head = reader.get(ASKED), reader.head(ASKED)
    assert (head.status_code, head.content, head.headers["content-length"]) == (
        200,
        b"",
        whole.headers["content-length"],
    )
    still = reader.head(f"/data/results.csv?s={link.encode(OURS)}")
    assert (still.status_code, "content-length" in still.headers) == (200, False)


def test_a_table_that_takes_too_long_is_told_and_the_next_ones_wait_in_a_line_with_an_end(
    reader: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(plan: Plan) -> object:
        time.sleep(0.4)
        raise AssertionError("nobody waits for this")

    monkeypatch.setattr("core.door.data_link.results.of", slow)
    busy = visit(data_route.DataLink(wait_s=0.1, line=Line(most=2)))
    asked = f"/data/results.csv?s={link.encode(OURS)}"
    with ThreadPoolExecutor(3) as people:
        found = sorted(people.map(lambda _: busy.get(asked), range(3)), key=lambda one: one.text)
    assert [one.status_code for one in found] == [503, 503, 503]
    assert [one.text for one in found] == [
        "2 tables are being worked out or wait for it, as many as this server takes.\n",
        "This table takes longer than 0.1 s to work out.\n",
        "This table takes longer than 0.1 s to work out.\n",
    ]
    assert [one.headers["retry-after"] for one in found] == ["15", "60", "60"]
    assert busy.get(ASKED).status_code == 200  # what is at hand needs no place in line


def test_who_asks_too_often_is_told_when_to_come_back(reader: TestClient) -> None:
    hasty = visit(data_route.DataLink(rate=Rate(most_a_minute=2)))
    assert [hasty.get(ASKED).status_code for _ in range(3)] == [200, 200, 429]
    assert hasty.get(ASKED).headers["retry-after"] == "30"
