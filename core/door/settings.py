"""Who comes in, by `.streamlit/secrets.toml`: `[auth]` is Streamlit's, `[door]` says which claim gives which role.

What is set wrongly shuts the door: an installation that was meant to be protected is never open by mistake.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from types import MappingProxyType
from typing import Any

from core.door.caller import ROLES, VIEWER

AUTH, DOOR = "auth", "door"
SHARED = ("redirect_uri", "cookie_secret")
OF_PROVIDER = ("client_id", "client_secret", "server_metadata_url")
CALLBACK = "/oauth2callback"
LEAST_SECRET = 32  # characters
KNOWN = {"claim", "otherwise", "hours", "verified_email", *ROLES}
NONE = "none"
USUAL_H, MOST_H = 12.0, 720.0  # a sign-in lasts; Streamlit's cookie at most 30 days
Values = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Settings:
    """How the door is set. `problem` says what is wrong with it: then nobody comes in."""

    protected: bool = False
    problem: str = ""
    providers: tuple[str, ...] = ()  # names of `[auth.NAME]`; none: `[auth]` itself is the provider
    claim: str = ""
    values: Values = field(default_factory=lambda: MappingProxyType({}))
    otherwise: frozenset[str] = frozenset()
    hours: float = USUAL_H
    verified_email: bool = True


OPEN = Settings()


class _WrongError(Exception):
    """A sentence on what is set wrongly."""


def shut(problem: str) -> Settings:
    """A door that lets nobody in, and says why."""
    return Settings(protected=True, problem=f"Sign-in is not set up rightly, so nothing is shown: {problem}.")


def read_settings(secrets: Mapping[str, Any]) -> Settings:
    """The settings of an installation; open where it names neither `[auth]` nor `[door]`."""
    if AUTH not in secrets and DOOR not in secrets:
        return OPEN
    try:
        providers = _providers(_section(secrets, AUTH))
        door = _section(secrets, DOOR) if DOOR in secrets else {}
        unknown = sorted(door.keys() - KNOWN)
        if unknown:
            raise _WrongError(f"[{DOOR}] has no setting '{unknown[0][:40]}'; it knows {', '.join(sorted(KNOWN))}")
        values = {role: _texts(door[role], role) for role in ROLES if role in door}
        claim = _text(door, "claim") if values or "claim" in door else ""
        return Settings(
            protected=True,
            providers=providers,
            claim=claim,
            values=MappingProxyType(values),
            otherwise=_otherwise(door.get("otherwise", NONE)),
            hours=_hours(door.get("hours", USUAL_H)),
            verified_email=_truth(door.get("verified_email", True)),
        )
    except _WrongError as error:
        return shut(str(error))


def _section(secrets: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = secrets.get(name)
    if not isinstance(found, Mapping) or not found:
        raise _WrongError(f"[{name}] is missing, or is no section")
    return dict(found)


def _text(section: Mapping[str, Any], name: str, where: str = DOOR) -> str:
    found = section.get(name)
    if not isinstance(found, str) or not found.strip():
        raise _WrongError(f"'{name}' is missing in [{where}]")
    return found.strip()


def _texts(found: object, role: str) -> frozenset[str]:
    values = [found] if isinstance(found, str) else found
    if not isinstance(values, list) or not all(isinstance(one, str) and one.strip() for one in values):
        raise _WrongError(f"'{role}' in [{DOOR}] must be a text or a list of texts")
    return frozenset(one.strip() for one in values)


def _providers(auth: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the providers, every one complete."""
    for name in SHARED:
        _text(auth, name, AUTH)
    if not str(auth["redirect_uri"]).endswith(CALLBACK):
        raise _WrongError(f"'redirect_uri' in [{AUTH}] must be this app's address followed by {CALLBACK}")
    length = len(str(auth["cookie_secret"]))
    if length < LEAST_SECRET:
        raise _WrongError(
            f"'cookie_secret' in [{AUTH}] has {length} characters; it must be random and have at least {LEAST_SECRET}"
        )
    named = {name: one for name, one in auth.items() if isinstance(one, Mapping) and name != "client_kwargs"}
    for name, one in named.items():
        if "_" in name:
            raise _WrongError(
                f"the provider's name in [{AUTH}.{name[:40]}] holds an underscore, which Streamlit refuses"
            )
        for key in OF_PROVIDER:
            _text(one, key, f"{AUTH}.{name}")
    if not named:
        for key in OF_PROVIDER:
            _text(auth, key, AUTH)
    return tuple(named)


def _otherwise(found: object) -> frozenset[str]:
    if found not in (NONE, VIEWER):
        raise _WrongError(f"'otherwise' in [{DOOR}] must be '{NONE}' or '{VIEWER}'")
    return frozenset({VIEWER}) if found == VIEWER else frozenset()


def _hours(found: object) -> float:
    fits = isinstance(found, int | float) and not isinstance(found, bool) and isfinite(found) and 0 < found <= MOST_H
    if not fits:
        raise _WrongError(f"'hours' in [{DOOR}] must lie above 0 and be at most {MOST_H:.0f} h")
    return float(str(found))


def _truth(found: object) -> bool:
    if not isinstance(found, bool):
        raise _WrongError(f"'verified_email' in [{DOOR}] must be true or false")
    return found
