"""A file to be read: its name, its size and how it is opened; hashed and counted as it streams by."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePath
from typing import Any, BinaryIO, cast

from core.imports.reading import RefusedError

HEAD_BYTES = 65_536
BUFFER_BYTES = 1_048_576
LONGEST_NAME = 80
UNPACKING = (gzip.BadGzipFile, EOFError, zlib.error)
GZIP = b"\x1f\x8b"
# How files begin that are no text, and what to do about one.
NO_TEXT = (
    (b"PK\x03\x04", "is a zip archive or a spreadsheet (xlsx); unpack it, or save the sheet as CSV UTF-8"),
    (b"PK\x05\x06", "is an empty zip archive"),
    (b"\xd0\xcf\x11\xe0", "is an old spreadsheet (xls); save the sheet as CSV UTF-8"),
    (b"%PDF", "is a PDF; export the figures as CSV"),
    (b"\x28\xb5\x2f\xfd", "is packed with zstd; unpack it"),
    (b"BZh", "is packed with bzip2; unpack it"),
    (b"\xfd7zXZ", "is packed with xz; unpack it"),
    (b"7z\xbc\xaf", "is a 7z archive; unpack it"),
    (b"Obj\x01", "is an Avro file; export it as CSV or JSON"),
    (b"SQLite format 3", "is a SQLite database; export the table as CSV"),
    (b"\xff\xfe", "is UTF-16 text; save it as CSV UTF-8"),
    (b"\xfe\xff", "is UTF-16 text; save it as CSV UTF-8"),
)


@dataclass(frozen=True, slots=True)
class Source:
    """A file that can be opened, as often as it must be read."""

    name: str
    size_bytes: int
    open: Callable[[], BinaryIO]


def of_bytes(name: str, raw: bytes) -> Source:
    """A file that is at hand as bytes."""
    return Source(_short(name), len(raw), lambda: io.BytesIO(raw))


def of_path(path: Path) -> Source:
    """A file on disk; RefusedError where there is none that can be read."""
    try:
        if not path.is_file():
            raise RefusedError(f"{path}: {'it is a folder; name its files' if path.is_dir() else 'no such file'}")
        with path.open("rb"):
            return Source(_short(path.name), path.stat().st_size, lambda: path.open("rb"))
    except OSError as error:
        raise RefusedError(f"{path}: {error.strerror or error}") from error


class Hashed(io.RawIOBase):
    """The bytes of a file on disk or in memory, hashed and counted as they go by."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._sha = sha256()
        self.done_bytes = 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer."""
        count: int = self._file.readinto(buffer)  # type: ignore[attr-defined]
        self._sha.update(memoryview(buffer)[:count])
        self.done_bytes += count
        return count

    def digest(self) -> str:
        """The SHA-256 of the whole file: what was not read yet is read now."""
        while self.read(BUFFER_BYTES):
            pass
        return self._sha.hexdigest()

    def close(self) -> None:
        """Close the file too."""
        self._file.close()
        super().close()


class Unpacked(io.RawIOBase):
    """What a packed file holds. Read it through a buffer: the library's own lines take a microsecond each."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = gzip.GzipFile(fileobj=file)

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer."""
        part = self._file.read1(len(buffer))
        buffer[: len(part)] = part
        return len(part)


def opened(source: Source) -> tuple[BinaryIO, Hashed]:
    """The text of a file as bytes, unpacked where it is gzip, and the counter under it."""
    hashed = Hashed(source.open())
    buffered = io.BufferedReader(hashed, BUFFER_BYTES)
    if buffered.peek(2)[:2] == GZIP:
        return io.BufferedReader(Unpacked(buffered), BUFFER_BYTES), hashed
    return cast(BinaryIO, buffered), hashed


def is_packed(source: Source) -> bool:
    """Whether a file is gzip, whatever its name."""
    with source.open() as file:
        return file.read(len(GZIP)) == GZIP


def read_some(stream: BinaryIO, size_bytes: int) -> bytes:
    """The next bytes, up to a size; where the packing breaks, first what came before the break."""
    parts: list[bytes] = []
    while size_bytes > 0:
        try:
            part: bytes = stream.read1(size_bytes)  # type: ignore[attr-defined]
        except UNPACKING:
            if not parts:
                raise
            break
        if not part:
            break
        parts.append(part)
        size_bytes -= len(part)
    return b"".join(parts)


def why_not(error: Exception) -> str:
    """Why a file cannot be read on, in words."""
    return "its bytes are not what gzip writes" if isinstance(error, zlib.error) else str(error)


def digest(source: Source) -> str:
    """The SHA-256 of a file."""
    hashed = Hashed(source.open())
    try:
        return hashed.digest()
    finally:
        hashed.close()


def head_bytes(source: Source) -> bytes:
    """The beginning of a file; RefusedError where it is empty or no text."""
    stream, hashed = opened(source)
    try:
        raw = stream.read(HEAD_BYTES)
    except (OSError, *UNPACKING) as error:
        raise RefusedError(f"{source.name}: it cannot be unpacked: {why_not(error)}") from error
    finally:
        hashed.close()
    if not raw:
        raise RefusedError(f"{source.name} is empty (0 bytes)")
    for magic, sentence in NO_TEXT:
        if raw.startswith(magic):
            raise RefusedError(f"{source.name} {sentence}")
    if b"\x00" in raw.partition(b"\n")[0]:
        raise RefusedError(f"{source.name} is no text: byte {raw.index(0):,} is 0; give the file the tool wrote")
    return raw.removeprefix(b"\xef\xbb\xbf")


def _short(name: str) -> str:
    """The name of a file without its folders, as sentences show it."""
    bare = "".join(letter if letter.isprintable() else "?" for letter in PurePath(name).name) or "a file"
    return bare if len(bare) <= LONGEST_NAME else bare[: LONGEST_NAME - 1] + "…"
