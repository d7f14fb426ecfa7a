"""From the claims of a sign-in to a caller: who it is, since when, and in which roles; or why not, in a sentence."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from math import isfinite
from typing import Any

from core.door.caller import ANYBODY, ROLES, Caller, Outside
from core.door.settings import Settings
from core.store.records import MOST_PERSON
from core.units import S_PER_H

SIGN_IN = "Sign in to see the plans that are kept here."
CLOCKS_S = 300.0  # that the clocks of two servers may differ by
MOST_TEXT = 1_000  # characters of an issuer or a subject
NAMES = ("name", "preferred_username", "email")  # of a person, the first that is there
EMAIL = "email"


def enter(settings: Settings, claims: Mapping[str, Any], now: datetime) -> Caller | Outside:
    """Who a visitor is by the claims of their sign-in; no claims: nobody signed in."""
    if settings.problem:
        return Outside(settings.problem)
    if not settings.protected:
        return ANYBODY
    if claims.get("is_logged_in") is not True:
        return Outside(SIGN_IN)
    issuer, subject = claims.get("iss"), claims.get("sub")
    if not _is_text(issuer) or not _is_text(subject):
        return Outside("The sign-in service did not say who you are ('iss' or 'sub' is missing); sign in again.")
    name = name_of(claims)
    if said := _too_old(settings, claims, now):
        return Outside(said)  # as whoever has not signed in yet
    if said := _unverified(settings, claims):
        return Outside(said, name)
    roles = roles_of(settings, claims)
    return Caller(name, f"{issuer}|{subject}", roles) if roles else Outside(_without(settings, claims, name), name)


def _without(settings: Settings, claims: Mapping[str, Any], name: str) -> str:
    """Why nobody's role came along: none was given, or a service that sends so many groups at most left them out."""
    left_out = claims.get("_claim_names")
    if isinstance(left_out, Mapping) and settings.claim in left_out:
        return (
            f"{name} is in more groups than the sign-in service sends: '{settings.claim}' was left out; who runs this "
            "app gives roles by another claim."
        )
    return f"{name} is signed in and has no role here; who runs this app gives roles ([door] in its secrets)."


def _is_text(found: object) -> bool:
    return isinstance(found, str) and 0 < len(found) <= MOST_TEXT and found.isprintable()


def name_of(claims: Mapping[str, Any]) -> str:
    """A person's name as it is shown and recorded: without signs that cannot be shown, and not too long.

    >>> name_of({"name": "  Ann\\n Smith ", "email": "ann@example.org"}), name_of({"sub": "u-17"})
    ('Ann Smith', 'u-17')
    """
    for claim in (*NAMES, "sub"):
        found = claims.get(claim)
        if isinstance(found, str):
            shown = "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in found)
            if kept := " ".join(unicodedata.normalize("NFC", shown).split())[:MOST_PERSON].strip():
                return kept
    return "Somebody"


def _too_old(settings: Settings, claims: Mapping[str, Any], now: datetime) -> str:
    """Why the time of a sign-in does not do; empty where it does."""
    at = claims.get("iat")
    if not isinstance(at, int | float) or isinstance(at, bool) or not isfinite(at):
        return "The sign-in service did not say when you signed in ('iat' is missing); sign in again."
    age_s = now.astimezone(UTC).timestamp() - at
    if age_s < -CLOCKS_S:
        return f"Your sign-in lies {-age_s:.0f} s ahead of this server's clock; one of the two clocks is wrong."
    if age_s > settings.hours * S_PER_H:
        return f"Your sign-in has ended: it lasts {settings.hours:g} h here. Sign in again."
    return ""


def _unverified(settings: Settings, claims: Mapping[str, Any]) -> str:
    """Why an e-mail address does not do: it was never verified, and a name or a role might rest on it."""
    said = claims.get("email_verified")
    verified = said is True or said == "true"
    doubted = said is not None and not verified
    if settings.verified_email and doubted:
        return "The sign-in service says that your e-mail address is not verified; verify it there, then sign in again."
    if settings.claim == EMAIL and not verified:
        return "Roles go by e-mail address here, and the sign-in service does not say that yours is verified."
    return ""


def roles_of(settings: Settings, claims: Mapping[str, Any]) -> frozenset[str]:
    """The roles that the claim gives; where it gives none, what the settings say of everybody else."""
    held = frozenset(values_of(claims, settings.claim)) if settings.claim else frozenset()
    if settings.claim == EMAIL:
        held = frozenset(one.casefold() for one in held)
        wanted = {role: frozenset(one.casefold() for one in values) for role, values in settings.values.items()}
    else:
        wanted = dict(settings.values)
    return frozenset(role for role in ROLES if held & wanted.get(role, frozenset())) or settings.otherwise


def values_of(claims: Mapping[str, Any], claim: str) -> Iterator[str]:
    """The texts of a claim: a text as a whole, or a list of texts; by name, or below a path (`realm_access.roles`).

    A text is never parted: of 'no audit' nobody becomes what 'audit' stands for.

    >>> list(values_of({"groups": ["a", 7, "b c"]}, "groups"))
    ['a', 'b c']
    >>> list(values_of({"realm_access": {"roles": "no audit"}}, "realm_access.roles"))
    ['no audit']
    """
    found: object = claims.get(claim)
    if found is None:
        found = claims
        for part in claim.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        yield found
    elif isinstance(found, list | tuple):
        yield from (one for one in found if isinstance(one, str))
