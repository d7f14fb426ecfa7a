"""What every format of a usage file offers: how it is known, which columns it takes, and a reader of its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from core.imports.usage.record import Entry, LeftOut, RowError, Taken

Layout = Literal["delimited", "json", "json_lines", "exposition"]
NO_ANSWERS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of a file: its name, its first 64 kB as text, and the column names where it is a table.

    Of a table in Parquet there is no text.
    """

    name: str
    text: str
    columns: tuple[str, ...] = ()
    parquet: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """What a file cannot say and its owner can: `key` names the answer, `usual` is taken until one is given."""

    key: str
    label: str
    help: str
    choices: tuple[str, ...] = ()
    usual: str = ""


class Reader(Protocol):
    """Reads the rows of one import in order; files of one format may follow one another.

    `said` holds the rules it followed in words, `asks` what its owner may answer. A RowError that is raised refuses a
    row; one among the results refuses that part of it.
    """

    said: list[str]
    asks: list[Ask]

    def take(self, entry: Entry) -> Iterator[Taken | LeftOut | RowError]:
        """What a row says."""
        ...

    def end(self) -> Iterator[Taken | LeftOut | RowError]:
        """What only the whole file says."""
        ...


class RowByRow:
    """What readers share whose rows each stand for themselves: a rule is said once, and no word is left for the end."""

    said: list[str]
    asks: list[Ask]

    def _say(self, rule: str) -> None:
        if rule not in self.said:
            self.said.append(rule)

    def end(self) -> Iterator[Taken | LeftOut | RowError]:
        """Nothing: each row stands for itself."""
        return iter(())


@dataclass(frozen=True, slots=True)
class Format:
    """One tool's file. `columns` is the allow-list: column or key, and in words what it is taken as.

    In JSON a key may stand at any depth, and every key on the way to it must be named; words are blank for one that
    only holds others. `each` names lists of a document that are read element by element, each an entry of its own;
    `numbers` names keys of which only numbers are kept, as the same key may hold a prompt elsewhere.
    """

    kind: str
    service: str
    layout: Layout
    columns: Mapping[str, str]
    recognises: Callable[[Head], bool]
    reader: Callable[[Mapping[str, str]], Reader]
    each: tuple[str, ...] = ()
    numbers: frozenset[str] = frozenset()
