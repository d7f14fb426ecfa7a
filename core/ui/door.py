"""The door in the frame: who looks at the page or asks for a data link, by the sign-in that Streamlit keeps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from os.path import exists
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.requests import HTTPConnection
from streamlit import auth_util, config
from streamlit.runtime.secrets import secrets_singleton
from streamlit.web.server.starlette import starlette_websocket as kept
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from core.door.caller import ANYBODY, Caller, Outside
from core.door.entry import enter
from core.door.settings import OPEN, Settings, read_settings, shut
from core.door.token import by_token, is_token
from core.store import RefusedError


def settings() -> Settings:
    """How the door of this installation is set; shut where its secrets cannot be read."""
    there = [path for path in config.get_option("secrets.files") if exists(path)]
    if not there and secrets_singleton._secrets is None:  # to ask Streamlit takes a third of a millisecond
        return OPEN
    if not secrets_singleton.load_if_toml_exists():
        return shut(f"{Path(there[0]).name} cannot be read, or is not valid TOML") if there else OPEN
    found = read_settings(secrets_singleton.to_dict())
    if found.protected and not found.problem and not auth_util.is_authlib_installed():
        return shut("the package Authlib is missing")
    return found


def caller() -> Caller | Outside:
    """Who looks at the page in this run."""
    return enter(settings(), st.user.to_dict(), datetime.now(UTC))


def guest() -> Caller:
    """Who looks at a page that is shown: somebody who was let in, at least to see."""
    found = caller()
    return found if isinstance(found, Caller) else Caller(found.known, "", frozenset())


def doer(act: str) -> Caller:
    """Who is about to do something; RefusedError in a sentence where they may not, or may no longer."""
    found = caller()
    if isinstance(found, Outside):
        raise RefusedError(found.said)
    if said := found.against(act):
        raise RefusedError(said)
    return found


def is_open() -> bool:
    """Whether anybody may come in: no sign-in is set up."""
    return not settings().protected


def of_request(request: HTTPConnection) -> Caller | Outside:
    """Who asks by HTTP: by the token of a data link where one is sent, else by the cookie of a browser's sign-in.

    A header that holds no token of ours may be a proxy's, and takes nobody's sign-in away.
    """
    found, header = settings(), request.headers.get("authorization", "")
    if not found.protected:
        return ANYBODY
    signed_in = enter(found, _claims(request.cookies), datetime.now(UTC))
    outside = isinstance(signed_in, Outside) and not signed_in.known
    if found.problem or not (is_token(header) or (header and outside)):
        return signed_in
    from core.store.store import open_store

    return by_token(header, open_store(), datetime.now(UTC))


def _claims(sent: Mapping[str, str]) -> Mapping[str, Any]:
    """The claims in a sign-in's cookie; none where it is missing, forged, of another key or of another address."""
    raw = kept._get_signed_cookie_with_chunks(dict(sent), USER_COOKIE_NAME)
    origin = auth_util.get_origin_from_redirect_uri()
    if raw is None or origin is None:
        return {}
    return kept._parse_decoded_user_cookie(raw, origin)
