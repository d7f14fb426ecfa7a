"""Links made by hand: any text packed as a sound link, and the text inside one."""

import base64
import zlib

from core.link import DICTIONARY, VERSION


def pack(text, strategy=zlib.Z_DEFAULT_STRATEGY):
    """A link whose check bytes are right, whatever it says."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, strategy, DICTIONARY)
    data = text if isinstance(text, bytes) else text.encode()
    return wrap(packer.compress(data) + packer.flush())


def wrap(body):
    """A link around a deflated body."""
    check = (zlib.crc32(body) & 0xFFFF).to_bytes(2, "big")
    return f"{VERSION}.{base64.urlsafe_b64encode(check + body).decode().rstrip('=')}"


def unpack(link):
    """The text inside a sound link."""
    body = link.split(".", 1)[1]
    raw = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    return zlib.decompressobj(-15, DICTIONARY).decompress(raw[2:]).decode()
