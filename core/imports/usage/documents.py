"""JSON, streamed: one document, several after one another, or one a line; keys that are not taken are dropped at once.

A list named by the format is read element by element, so that a document of any size takes the memory of one element.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Collection, Iterator
from functools import partial
from typing import Any, BinaryIO

from core.imports.usage.delimited import Refused, note
from core.imports.usage.record import Entry
from core.imports.usage.source import read_some

MOST_VALUE = 16_777_216  # characters of one element or line
FIRST_READ = 1_048_576
BLANK = re.compile(r"[\s,]*")
# How OpenTelemetry wraps a value in its kind.
WRAPS = ("stringValue", "intValue", "doubleValue", "boolValue", "arrayValue", "kvlistValue", "bytesValue")
LOOKED_AT = 1_000  # entries of which the names of dropped keys are kept
TOO_DEEP = "it is nested too deeply"
TOO_LONG = f"an element has over {MOST_VALUE:,} characters; the limit is {MOST_VALUE:,}"


class Pair:
    """One `{key, value}` of a list that stands for a group; of a key that is not taken the name alone."""

    __slots__ = ("name", "taken", "value")

    def __init__(self, name: str, value: Any, taken: bool) -> None:
        self.name, self.value, self.taken = name, value, taken


class Kept(dict[str, Any]):
    """What is taken of an object, and the names of what is not."""

    __slots__ = ("unread",)
    unread: set[str]


class Allow:
    """Builds objects of their allowed keys alone, as the parser meets them; may be asked what it dropped.

    Of keys among `numbers` only numbers are kept: elsewhere in a document the same key may hold a prompt.
    """

    def __init__(self, columns: Collection[str], numbers: Collection[str] = ()) -> None:
        self._allowed, self._numbers = frozenset(columns), frozenset(numbers)
        self._naming = LOOKED_AT

    def __call__(self, pairs: list[tuple[str, Any]]) -> Any:
        if len(pairs) == 1 and pairs[0][0] in WRAPS:
            return pairs[0][1]
        if len(pairs) == 2 and {pairs[0][0], pairs[1][0]} == {"key", "value"}:
            found = dict(pairs)
            name = found["key"] if isinstance(found["key"], str) else ""
            return Pair(name, found["value"] if name in self._allowed else None, name in self._allowed)
        kept = Kept()
        for key, value in pairs:
            if key in self._allowed and (key not in self._numbers or isinstance(value, int | float)):
                kept[key] = value
        kept.unread = {key for key, _ in pairs if key not in kept} if self._naming else set()
        for key, value in kept.items():
            kept[key] = self._folded(value, kept.unread)
        return kept

    def _folded(self, value: Any, unread: set[str]) -> Any:
        """A value with lists of pairs as groups; the names it dropped join `unread`."""
        items = value if isinstance(value, list) else [value]
        if self._naming:
            for item in items:
                if isinstance(item, Kept):
                    unread |= item.unread
                elif isinstance(item, Pair) and not item.taken:
                    unread.add(item.name)
        if items and isinstance(value, list) and all(isinstance(item, Pair) for item in items):
            return {item.name: item.value for item in items if item.taken}
        return {item.name: item.value for item in items if item.taken} if isinstance(value, Pair) else value

    def entry(self, place: str, value: Any, unread: set[str]) -> Entry | Refused:
        """A value as a row; it must be an object."""
        if not isinstance(value, Kept):
            return Refused(place, "it is no object of names and values")
        if self._naming:
            self._naming -= 1
            note(unread, value.unread)
        return Entry(place, value)


def lines(
    stream: BinaryIO, columns: Collection[str], each: Collection[str], unread: set[str], numbers: Collection[str] = ()
) -> Iterator[Entry | Refused]:
    """One document a line; a broken one is refused and the next is read."""
    allow = Allow(columns, numbers)
    for number, line in enumerate(iter(partial(stream.readline, MOST_VALUE), b""), start=1):
        if line.isspace() and len(line) < MOST_VALUE:  # first: a packed file may hold millions of blank lines
            continue
        place = f"line {number:,}"
        if len(line) == MOST_VALUE and not line.endswith(b"\n"):
            while (more := stream.readline(MOST_VALUE)) and not more.endswith(b"\n"):
                pass
            yield Refused(place, f"it has over {MOST_VALUE:,} bytes; the limit is {MOST_VALUE:,} bytes")
        elif line.strip():
            try:
                value = json.loads(line.removeprefix(codecs.BOM_UTF8), object_pairs_hook=allow)
            except UnicodeDecodeError as error:
                yield Refused(place, f"byte {error.start + 1:,} of it is no UTF-8")
            except RecursionError:
                yield Refused(place, TOO_DEEP)
            except ValueError as error:
                yield Refused(place, _wrong(error))
            else:
                yield from _of_line(allow, place, value, each, unread)


def _of_line(
    allow: Allow, place: str, value: Any, each: Collection[str], unread: set[str]
) -> Iterator[Entry | Refused]:
    if isinstance(value, Kept):
        for key in each:
            if isinstance(value.get(key), list):
                for item in value[key]:
                    yield allow.entry(place, item, unread)
                return
    yield allow.entry(place, value, unread)


def documents(
    stream: BinaryIO, columns: Collection[str], each: Collection[str], unread: set[str], numbers: Collection[str] = ()
) -> Iterator[Entry | Refused]:
    """Documents one after another; where one breaks, what came before it stands and the rest is refused."""
    allow = Allow(columns, numbers)
    window, count = Window(stream, allow), 0
    try:
        for value in _values(window, each):
            count += 1
            yield allow.entry(f"item {count:,}", value, unread)
    except RecursionError:
        yield Refused(f"item {count + 1:,}", f"{TOO_DEEP}; the rest of the file was not read")
    except ValueError as error:
        yield Refused(f"item {count + 1:,}", f"{_wrong(error)}; the rest of the file was not read")


class Window:
    """The text of a stream, of which only what is being parsed is held."""

    def __init__(self, stream: BinaryIO, allow: Allow) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._json = json.JSONDecoder(object_pairs_hook=allow)
        self._text, self._at, self._ended = "", 0, False

    def peek(self) -> str:
        """The next sign that is not blank; empty at the end."""
        while True:
            found = BLANK.match(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if self._ended:
                return ""
            self._more()

    def step(self, sign: str) -> None:
        """Go past a sign that must come next."""
        if self.peek() != sign:
            raise ValueError(f"'{sign}' is missing")
        self._at += 1

    def value(self) -> Any:
        """The next value, of its objects only what is allowed."""
        self.peek()
        while True:
            try:
                found, end = self._json.raw_decode(self._text, self._at)
            except json.JSONDecodeError:
                if self._ended:
                    raise
            else:
                if end < len(self._text) or self._ended:
                    self._at = end
                    return found
            if len(self._text) - self._at > MOST_VALUE:
                raise ValueError(TOO_LONG)
            self._more()

    def _more(self) -> None:
        rest = self._text[self._at :]
        raw = read_some(self._stream, max(FIRST_READ, len(rest)))
        self._ended = not raw
        self._text, self._at = rest + self._decoder.decode(raw, final=not raw), 0


def _values(window: Window, each: Collection[str]) -> Iterator[Any]:
    """Whole documents, elements of a list at the top, and elements of the lists that `each` names."""
    while sign := window.peek():
        if sign == "[":
            window.step("[")
            while window.peek() not in ("]", ""):
                yield from _one(window, each)
            window.step("]")
        else:
            yield from _one(window, each)


def _one(window: Window, each: Collection[str]) -> Iterator[Any]:
    """A document, or the elements of its lists."""
    if not each or window.peek() != "{":
        yield window.value()
        return
    window.step("{")
    while window.peek() not in ("}", ""):
        key = window.value()
        window.step(":")
        if key in each and window.peek() == "[":
            window.step("[")
            while window.peek() not in ("]", ""):
                yield window.value()
            window.step("]")
        else:
            window.value()
    window.step("}")


def _wrong(error: ValueError) -> str:
    """Why a document cannot be read, without a word of what stands in it."""
    if isinstance(error, UnicodeDecodeError):
        return "it is no UTF-8 text"
    if isinstance(error, json.JSONDecodeError):
        why = error.msg.removesuffix(" starting at")
        return f"it is no whole JSON ({why[0].lower()}{why[1:]})"
    return "a number has too many digits" if "digits" in str(error) else str(error)
