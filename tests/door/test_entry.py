"""Who comes in: the settings shut the door where they are wrong, claims become roles, and each doubt is a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from core.door.caller import ANYBODY, ASK, JUDGE, LEND, MAY, NOTE, PUT_AWAY, ROLES, SAVE, SEE, Caller, Outside, act_of
from core.door.entry import SIGN_IN, enter
from core.door.settings import OPEN, Settings, read_settings
from core.store.records import Person

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
AUTH = {
    "redirect_uri": "https://plans.example.org/oauth2callback",
    "cookie_secret": "k" * 32,
    "client_id": "glidepath",
    "client_secret": "s",
    "server_metadata_url": "https://id.example.org/.well-known/openid-configuration",
}
DOOR = {"claim": "groups", "viewer": "staff", "editor": ["carbon", "it"], "reviewer": ["audit"]}
ANN = {
    "is_logged_in": True, "iss": "https://id.example.org", "sub": "u-1", "iat": NOON.timestamp(), "name": "Ann",
    "groups": ["carbon"],
}  # fmt: skip


def settings(**door: object) -> Settings:
    return read_settings({"auth": AUTH, "door": DOOR | door})


def come(door: Mapping[str, object] = {}, without: str = "", **claims: Any) -> Caller | Outside:
    return enter(settings(**door), {name: one for name, one in (ANN | claims).items() if name != without}, NOON)


def said(found: Caller | Outside) -> str:
    assert isinstance(found, Outside)
    return found.said


def test_without_a_sign_in_anybody_does_everything_under_a_name_that_nobody_checked() -> None:
    assert read_settings({"GLIDEPATH_STORE_URL": "off"}) == OPEN
    assert enter(OPEN, {}, NOON) is ANYBODY
    assert all(ANYBODY.may(act) for act in MAY)
    assert ANYBODY.person("Ann").said == "Ann (not authenticated)"


def test_a_sign_in_is_known_by_issuer_and_subject_whatever_name_it_shows() -> None:
    ann = come(name=" Ann\u202e\n Smith ")
    assert isinstance(ann, Caller)
    assert ann.person("Somebody else") == Person("Ann Smith", "https://id.example.org|u-1")
    other = come(sub="u-2", name="Ann Smith")
    assert isinstance(other, Caller)
    assert not ann.person("").same(other.person(""))
    assert ann.person("").said == "Ann Smith"


@pytest.mark.parametrize(
    ("claims", "claim", "roles"),
    [
        ({"groups": "audit"}, "groups", {"reviewer"}),
        ({"groups": ["it", "audit", 7, None, {"x": 1}]}, "groups", {"editor", "reviewer"}),
        ({"groups": ["nobody"]}, "groups", set()),
        ({"groups": []}, "groups", set()),
        ({"groups": {"audit": True}}, "groups", set()),
        ({"groups": True}, "groups", set()),
        ({"groups": "not audit"}, "groups", set()),  # a text is never parted
        ({"groups": ["AUDIT"]}, "groups", set()),
        ({"realm_access": {"roles": ["audit"]}}, "realm_access.roles", {"reviewer"}),
        ({"realm_access": ["audit"]}, "realm_access.roles", set()),
        ({"https://example.org/roles": ["staff"]}, "https://example.org/roles", {"viewer"}),
    ],
)
def test_a_claim_gives_roles_as_a_text_a_list_or_below_a_path(
    claims: dict[str, Any], claim: str, roles: set[str]
) -> None:
    found = come({"claim": claim, "otherwise": "none"}, **({"groups": None} | claims))
    assert (found.roles if isinstance(found, Caller) else set()) == roles
    if not roles:
        assert said(found).startswith("Ann is signed in and has no role here;")
        looking = come({"claim": claim, "otherwise": "viewer"}, **({"groups": None} | claims))
        assert isinstance(looking, Caller)
        assert looking.roles == {"viewer"}


def test_without_roles_set_up_whoever_signs_in_may_not_even_look() -> None:
    bare = read_settings({"auth": AUTH})
    assert bare.protected
    assert said(enter(bare, ANN, NOON)).startswith("Ann is signed in and has no role here;")


def test_roles_by_e_mail_need_a_verified_one_however_it_is_written() -> None:
    door = {"claim": "email", "editor": ["Ann@Example.org"]}
    found = come(door, email="ann@example.ORG", email_verified=True)
    assert isinstance(found, Caller)
    assert found.roles == {"editor"}
    assert said(come(door, email="ann@example.org")).startswith("Roles go by e-mail address here")


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (lambda: enter(settings(), {}, NOON), SIGN_IN),
        (lambda: come(is_logged_in="true"), SIGN_IN),
        (lambda: come(without="sub"), "The sign-in service did not say who you are ('iss' or 'sub' is missing)"),
        (lambda: come(without="iss"), "The sign-in service did not say who you are ('iss' or 'sub' is missing)"),
        (lambda: come(sub=""), "The sign-in service did not say who you are"),
        (lambda: come(sub=17), "The sign-in service did not say who you are"),
        (lambda: come(without="iat"), "The sign-in service did not say when you signed in ('iat' is missing)"),
        (lambda: come(iat=float("nan")), "The sign-in service did not say when you signed in"),
        (lambda: come(iat=NOON.timestamp() - 12 * 3600 - 1), "Your sign-in has ended: it lasts 12 h here."),
        (lambda: come({"hours": 0.5}, iat=NOON.timestamp() - 1801), "Your sign-in has ended: it lasts 0.5 h here."),
        (lambda: come(iat=NOON.timestamp() + 301), "Your sign-in lies 301 s ahead of this server's clock;"),
        (lambda: come(email_verified=False), "The sign-in service says that your e-mail address is not verified;"),
        (lambda: come(email_verified="no"), "The sign-in service says that your e-mail address is not verified;"),
    ],
)  # fmt: skip
def test_each_doubt_keeps_a_visitor_out_with_a_sentence(found: Any, told: str) -> None:
    assert said(found())[: len(told)] == told


def test_what_is_no_doubt_lets_in() -> None:
    for claims in ({"iat": NOON.timestamp() + 299}, {"iat": NOON.timestamp() - 12 * 3600}, {"email_verified": "true"}):
        assert isinstance(come(**claims), Caller)
    assert isinstance(come({"verified_email": False}, email_verified=False), Caller)
    assert isinstance(come(without="name"), Caller)


def test_groups_that_a_service_left_out_because_they_are_many_are_told_from_none() -> None:
    found = come(without="groups", _claim_names={"groups": "src1"})
    assert said(found).startswith("Ann is in more groups than the sign-in service sends: 'groups' was left out;")
    assert said(come(without="groups", _claim_names=7)).startswith("Ann is signed in and has no role here;")


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"door": DOOR}, "[auth] is missing, or is no section"),
    ({"auth": {}}, "[auth] is missing, or is no section"),
    ({"auth": "on"}, "[auth] is missing, or is no section"),
    ({"auth": AUTH | {"cookie_secret": "xxx"}}, "'cookie_secret' in [auth] has 3 characters; it must be random"),
    ({"auth": AUTH | {"cookie_secret": ""}}, "'cookie_secret' is missing in [auth]"),
    ({"auth": AUTH | {"redirect_uri": "https://plans.example.org/"}}, "'redirect_uri' in [auth] must be this app's"),
    ({"auth": AUTH | {"client_id": None}}, "'client_id' is missing in [auth]"),
    ({"auth": AUTH | {"okta": {"client_id": "a", "client_secret": "b"}}},
     "'server_metadata_url' is missing in [auth.okta]"),
    ({"auth": AUTH | {"my_okta": AUTH}}, "the provider's name in [auth.my_okta] holds an underscore"),
    ({"auth": AUTH, "door": {"editors": ["a"]}}, "[door] has no setting 'editors'; it knows claim, editor, hours,"),
    ({"auth": AUTH, "door": {"editor": ["a"]}}, "'claim' is missing in [door]"),
    ({"auth": AUTH, "door": DOOR | {"editor": [1]}}, "'editor' in [door] must be a text or a list of texts"),
    ({"auth": AUTH, "door": DOOR | {"editor": [""]}}, "'editor' in [door] must be a text or a list of texts"),
    ({"auth": AUTH, "door": DOOR | {"otherwise": "editor"}}, "'otherwise' in [door] must be 'none' or 'viewer'"),
    ({"auth": AUTH, "door": DOOR | {"hours": 0}}, "'hours' in [door] must lie above 0 and be at most 720 h"),
    ({"auth": AUTH, "door": DOOR | {"hours": True}}, "'hours' in [door] must lie above 0 and be at most 720 h"),
    ({"auth": AUTH, "door": DOOR | {"verified_email": "yes"}}, "'verified_email' in [door] must be true or false"),
]  # fmt: skip


@pytest.mark.parametrize(("secrets", "told"), WRONG, ids=[told[:40] for _, told in WRONG])
def test_what_is_set_wrongly_shuts_the_door_to_everybody(secrets: dict[str, Any], told: str) -> None:
    found = read_settings(secrets)
    assert found.protected
    start = f"Sign-in is not set up rightly, so nothing is shown: {told}"
    assert said(enter(found, ANN | {"groups": ["audit", "it"]}, NOON))[: len(start)] == start
    assert AUTH["cookie_secret"] not in found.problem


def test_several_providers_are_named_and_client_kwargs_is_none() -> None:
    one = {name: AUTH[name] for name in ("client_id", "client_secret", "server_metadata_url")}
    shared = {name: AUTH[name] for name in ("redirect_uri", "cookie_secret")}
    assert read_settings({"auth": shared | {"okta": one, "entra": one}}).providers == ("okta", "entra")
    assert read_settings({"auth": AUTH | {"client_kwargs": {"prompt": "login"}}}).providers == ()


MEANT = {
    SEE: {"viewer", "editor", "reviewer"}, SAVE: {"editor"}, NOTE: {"editor", "reviewer"},
    ASK: {"editor", "reviewer"}, JUDGE: {"reviewer"}, PUT_AWAY: {"editor"}, LEND: {"editor"},
}  # fmt: skip


@pytest.mark.parametrize("act", MEANT)
def test_each_role_does_what_it_is_for_and_is_told_what_it_may_not(act: str) -> None:
    assert set(MEANT) == set(MAY)
    for role in ROLES:
        caller = Caller("Ann", "i|s", frozenset({role}))
        assert (caller.against(act) == "") == (role in MEANT[act])
    refused = Caller("Ann", "i|s", frozenset({"viewer"})).against(act)
    assert act == SEE or refused.endswith(f" {act} here; Ann is viewer. Nothing was changed.")


def test_who_prepares_asks_for_a_review_and_a_reviewer_decides() -> None:
    assert act_of("draft", "in review") == ASK
    others = (("in review", "draft"), ("in review", "approved"), ("approved", "in review"), ("approved", "locked"))
    assert {act_of(*move) for move in others} == {JUDGE}
