"""A link's text as lines, and back: a version, two check bytes and deflated lines, in letters that every mail keeps."""

from __future__ import annotations

import base64
import binascii
import re
import zlib

VERSION = "1"
MOST_BYTES = 400_000
MOST_CHARACTERS = 65_000
# Frozen with VERSION 1: words that links often hold, so that short links stay short.
DICTIONARY = (
    b"mixtral-8x7b\tqwen3-30b-a3b\tllama3.1-8b\tllama3.3-70b\tgpt-5\tclaude-\tH100-SXM\tfp8\tcloud\tapi\n"
    b"\n@\tW1\tW2\tW3\tW4\tW5\tW6\tW7\tW8\tW9\tW10\n&\t6=W\nm\t0=\nr\t0=aws:eu-\nq\t0="
)
# What the page shows in place of what could not be read.
AS_EXAMPLE = "; the example was opened"
AS_READ = "; what could be read was opened, the rest is as in the example"


def pack(lines: list[str]) -> str:
    """Lines as link text. Equal lines give equal text."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, DICTIONARY)
    body = packer.compress("\n".join(lines).encode()) + packer.flush()
    return f"{VERSION}.{base64.urlsafe_b64encode(_check(body) + body).decode().rstrip('=')}"


def _check(body: bytes) -> bytes:
    return (zlib.crc32(body) & 0xFFFF).to_bytes(2, "big")


def escape(text: str) -> str:
    """A cell without the signs that part cells and lines."""
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def unescape(text: str) -> str:
    """The cell before `escape`."""
    return re.sub(r"\\(.)", lambda m: {"t": "\t", "n": "\n"}.get(m[1], m[1]), text)


def unpack(text: str, problems: list[str]) -> list[str]:
    """The lines of a link; what a damaged or cut link still holds."""
    version, dot, body = text.partition(".")
    if not dot or version != VERSION:
        problems.append(f"the link says version '{version[:12]}'; this app reads version {VERSION}{AS_EXAMPLE}")
        return []
    if len(text) > MOST_CHARACTERS:
        problems.append(f"the link has {len(text):,} characters; the limit is {MOST_CHARACTERS:,}{AS_EXAMPLE}")
        return []
    clean = re.sub(r"[^A-Za-z0-9_-]", "", body)
    try:
        raw = base64.urlsafe_b64decode(clean[: len(clean) - (len(clean) % 4 == 1)] + "=" * (-len(clean) % 4))
    except (binascii.Error, ValueError):
        raw = b""
    damaged = len(raw) < 3 or _check(raw[2:]) != raw[:2]
    lines, complete = _inflate(raw[2:])
    if damaged or not complete:
        problems.append(f"the link is damaged or was cut short{AS_READ}")
        lines = lines[:-1]
    return lines


def _inflate(body: bytes) -> tuple[list[str], bool]:
    unpacker = zlib.decompressobj(-15, DICTIONARY)
    out = b""
    try:
        for start in range(0, len(body), 256):
            out += unpacker.decompress(body[start : start + 256], MOST_BYTES - len(out))
            if len(out) >= MOST_BYTES:
                return [], False
    except zlib.error:
        pass
    return out.decode("utf-8", errors="replace").split("\n"), unpacker.eof
