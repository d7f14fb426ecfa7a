"""A token that comes with a question: taken from the request's header, and what it opens.

It comes as the password of Basic, which Excel and Power BI ask for and keep apart from the sheet, or as Bearer.
"""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import TYPE_CHECKING

from core.door.caller import VIEWER, Caller, Outside
from core.store.records import TOKEN_MARK

if TYPE_CHECKING:
    from core.store.lending import Lent
    from core.store.store import Store

UNKNOWN = "This token is not known here: it was mistyped, or is of another installation."
NO_TOKEN = "Send the token of a data link as a password (Basic, any user name) or as 'Authorization: Bearer'."


def secret_of(header: str) -> str:
    """The token in an Authorization header; blank where there is none.

    >>> secret_of("Bearer glidepath_x"), secret_of("Basic YW55Ym9keTpnbGlkZXBhdGhfeA=="), secret_of("Digest a")
    ('glidepath_x', 'glidepath_x', '')
    """
    kind, _, text = header.strip().partition(" ")
    if kind.lower() == "bearer":
        return text.strip()
    if kind.lower() != "basic":
        return ""
    try:
        pair = base64.b64decode(text.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""
    return pair.partition(":")[2].strip()


def is_token(header: str) -> bool:
    """Whether an Authorization header holds a token of a data link, whether or not there is such a one.

    >>> is_token("Bearer glidepath_x"), is_token("Basic YW55Ym9keTpwYXNzd29yZA==")
    (True, False)
    """
    return secret_of(header).startswith(TOKEN_MARK)


def by_token(header: str, store: Store, now: datetime) -> Caller | Outside:
    """Who asks with a token: a viewer of one saved plan; or why it opens nothing."""
    from core.store.lending import opened_by

    secret = secret_of(header)
    if not secret:
        return Outside(NO_TOKEN)
    found = opened_by(store, secret)
    if found is None:
        return Outside(UNKNOWN)
    if not found.stands(now):
        return Outside(_ended(found))
    return Caller(f"the token '{found.label}'", f"token|{found.id}", frozenset({VIEWER}), only=found.plan)


def _ended(found: Lent) -> str:
    if found.ended_by is not None:
        return f"The token '{found.label}' was ended on {found.ended_at[:10]} by {found.ended_by.said}."
    return f"The token '{found.label}' ended on {found.until[:10]}; an editor makes a new one on the Compare page."
