"""Seals: SHA-256 over all that a record says, and the short id that a link carries.

Each seal holds the seal before it, so that a version that was changed, taken out or put in between breaks the chain.
A seal has no secret: whoever may write into the database could seal anew. The id in a link somebody holds is a part
of the seal, and no longer fits then.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from hashlib import sha256

LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's: no i, l, o, u, which read as others
BITS = 5  # that a letter holds
LENGTH = 12  # letters of an id: 60 bits
MOST = 16  # letters, where shorter ids are taken
READ_AS = str.maketrans("ilo", "110")

Said = str | int | float | None


def sealed(kind: str, said: Sequence[tuple[str, Said]]) -> str:
    """The seal of a record, in hexadecimal digits: of its kind and of every name and value in order.

    >>> sealed("version", [("number", 1)]) == sealed("version", [("number", "1")])
    False
    """
    return digest(json.dumps([kind, *said], ensure_ascii=True, separators=(",", ":"), allow_nan=False))


def digest(text: str) -> str:
    """SHA-256 of a text, in hexadecimal digits."""
    return sha256(text.encode()).hexdigest()


def short(seal: str, length: int = LENGTH) -> str:
    """The first letters of a seal: the id that a link carries.

    >>> short("00443214c74254b635cf84653a56d7c675be77df")
    '0123456789ab'
    """
    number, bits = int(seal, 16), len(seal) * 4
    return "".join(LETTERS[number >> (bits - BITS * (place + 1)) & 31] for place in range(length))


def read_id(text: str) -> str:
    """An id as somebody typed or pasted it; empty where it can be none.

    >>> read_id(" 0123456789AB "), read_id("O1234567B9aL"), read_id("../../secret")
    ('0123456789ab', '01234567b9a1', '')
    """
    kept = text.strip().lower().translate(READ_AS)
    return kept if re.fullmatch(rf"[{LETTERS}]{{{LENGTH},{MOST}}}", kept) else ""
