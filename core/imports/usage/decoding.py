"""A file being read: its beginning, its rows by the layout of its format, how far it is, and its fingerprint."""

from __future__ import annotations

import json
from collections.abc import Iterator

from core.imports.reading import RefusedError
from core.imports.usage import delimited, documents, exposition, parquet, source
from core.imports.usage.delimited import Refused
from core.imports.usage.format import Format, Head
from core.imports.usage.formats import FORMATS
from core.imports.usage.record import Entry
from core.imports.usage.source import Source
from core.imports.usage.table import TABLE


def head_of(source_: Source) -> Head:
    """The beginning of a file; RefusedError where it is empty or none that can be read."""
    if parquet.is_parquet(source_):
        packed = Head(source_.name, "", parquet.columns_of(source_), parquet=True)
        if any(one.layout == "delimited" and one.recognises(packed) for one in (*FORMATS, TABLE)):
            return packed
        raise RefusedError(f"{source_.name} is a Parquet file of no format that is known here; export it as CSV")
    text = source.head_bytes(source_).decode("utf-8", errors="replace")
    columns = () if text.lstrip()[:1] in ("{", "[") else delimited.header_of(text).names
    return Head(source_.name, text, columns)


class Decoding:
    """The rows of a file in order. `unread` gains the names of what is not taken."""

    def __init__(self, one: Source, form: Format, unread: set[str], encoding: str = delimited.UTF_8) -> None:
        self._source, self._form, self._unread, self._encoding = one, form, unread, encoding
        self._head = head_of(one)
        self._packed_bytes = 0  # of Parquet, done
        self._stream, self._hashed = source.opened(one)

    @property
    def done_bytes(self) -> int:
        """How far it is read."""
        return self._packed_bytes if self._head.parquet else self._hashed.done_bytes

    def digest(self) -> str:
        """Its SHA-256."""
        return self._hashed.digest()

    def close(self) -> None:
        """Close the file."""
        self._hashed.close()

    def rows(self) -> Iterator[Entry | Refused]:
        """Every row, of each the cells taken; where the packing breaks, those before it and a word on the break."""
        count = 0
        try:
            for entry in self._rows():
                count += 1
                yield entry
        except source.UNPACKING as error:
            why = source.why_not(error)
            yield Refused("", f"it cannot be unpacked beyond {count:,} rows: {why}; those count")

    def _packed(self, done_bytes: int) -> None:
        self._packed_bytes = done_bytes

    def _rows(self) -> Iterator[Entry | Refused]:
        form, layout = self._form, self._form.layout
        if self._head.parquet:
            yield from parquet.rows(self._source, form.columns, self._unread, self._packed)
        elif layout == "delimited":
            header = delimited.header_of(self._head.text)
            try:
                yield from delimited.rows(self._stream, header, form.columns, self._unread, self._encoding)
            except RefusedError as error:
                raise RefusedError(f"{self._source.name}: {error}") from None
        elif layout == "exposition":
            yield from exposition.samples(self._stream, self._source.name, form.columns, self._unread)
        else:
            by_line = layout == "json_lines" and _one_a_line(self._head.text)
            read = documents.lines if by_line else documents.documents
            yield from read(self._stream, {*form.columns, *form.each}, form.each, self._unread, form.numbers)


def _one_a_line(text: str) -> bool:
    """Whether the first line is a whole object."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    if len(first) > documents.FIRST_READ // 32 or not first.lstrip().startswith("{"):
        return first.lstrip().startswith("{")  # the head ends in it: a document a line, or one that is all a line
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return False
    return True
