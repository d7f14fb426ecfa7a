"""The plan as one short text for a link, and back.

`1.` + base64url(two check bytes + deflated lines). Each line is one field and the workloads that differ from the
built-in example (or, for new workloads, from the field's default): columns, because neighbouring values repeat.
A link also says which data it was made with and the headline it showed, and by which rules its target was worked out
and what that came to, so that a reader under newer data or rules sees both.
"""

from __future__ import annotations

from core.link.pack import DICTIONARY, MOST_BYTES, MOST_CHARACTERS, VERSION, pack
from core.link.read import Opened, decode
from core.link.since import since
from core.link.stamp import NO_STAMP, Stamp, TargetStamp, stamp, target_stamp
from core.link.write import lines
from core.plan import Plan

__all__ = [
    "DICTIONARY",
    "MOST_BYTES",
    "MOST_CHARACTERS",
    "VERSION",
    "Opened",
    "Stamp",
    "TargetStamp",
    "decode",
    "encode",
    "since",
    "stamp",
    "target_stamp",
]


def encode(plan: Plan, stamp: Stamp = NO_STAMP) -> str:
    """The plan as link text. Equal plans give equal text."""
    return pack(lines(plan, stamp))
