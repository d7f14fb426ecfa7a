"""What a data link asks for, read from its address; what cannot be answered, in one sentence with its status."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import parse_qsl

from core import disclosure
from core.plan.told import one_line
from core.results_table import COLUMNS, NUMBERS
from core.store import read_id

PATH = "/data/results.csv"
MOST_QUERY = 66_000  # characters: a link has 65,000 at most
LATEST, APPROVED = "latest", "approved"
RESULTS, DISCLOSURE = TABLES = ("results", "disclosure")
PLANS = ("s", "p", "plan")
KNOWN = (*PLANS, "version", "table", "columns", "decimal", "data")
TOKEN = "token"


class NoAnswerError(Exception):
    """A status and a sentence for whoever asked; `retry_s` says when asking again may help."""

    def __init__(self, status: int, said: str, retry_s: float = 0.0) -> None:
        super().__init__(said)
        self.status = status
        self.said = one_line(said)
        self.retry_s = retry_s


@dataclass(frozen=True, slots=True)
class Ask:
    """One of a link, a saved version's id and a saved plan's name; and how the table is wished."""

    link: str = ""
    key: str = ""
    name: str = ""
    version: str = LATEST
    table: str = RESULTS
    columns: tuple[str, ...] = ()
    comma: bool = False
    today: bool = False

    @property
    def file(self) -> str:
        """The name that the file goes by."""
        return f"glidepath_{self.table}.csv"

    @property
    def as_kept(self) -> bool:
        """Whether the table is one that saved plans hold, not to be worked out."""
        return self.table == RESULTS and not self.today


def names(table: str) -> tuple[str, ...]:
    """The columns of a table, in order."""
    return COLUMNS if table == RESULTS else tuple(disclosure.names())


def numbers(table: str) -> Collection[str]:
    """The columns of a table that hold numbers."""
    return NUMBERS if table == RESULTS else disclosure.numbers()


def read_ask(query: str) -> Ask:
    """The question in an address's query; NoAnswerError names the first thing that is wrong with it."""
    if len(query) > MOST_QUERY:
        raise NoAnswerError(
            414, f"The address has {len(query):,} characters after '?'; the limit is {MOST_QUERY:,} characters."
        )
    given: dict[str, str] = {}
    for name, text in parse_qsl(query, keep_blank_values=True, errors="replace"):
        if name == TOKEN:
            raise NoAnswerError(
                400,
                "A token does not belong into an address, where logs keep it: send it as a password (Basic) or as "
                "'Authorization: Bearer', and end this one, which stands in a log by now.",
            )
        if name not in KNOWN:
            raise NoAnswerError(400, f"'{name[:40]}' is no part of a data link; it knows {', '.join(KNOWN)}.")
        if name in given:
            raise NoAnswerError(400, f"'{name}' stands twice in the address; say it once.")
        given[name] = text
    plans = [name for name in PLANS if given.get(name)]
    if len(plans) != 1:
        raise NoAnswerError(
            400,
            "A data link names one plan: s= with a link's text, p= with a saved version's id, or plan= with a name.",
        )
    if given.get("version") and not given.get("plan"):
        raise NoAnswerError(400, "'version' goes with plan=, the name of a saved plan.")
    table = _one_of(given, "table", TABLES)
    return Ask(
        link=given.get("s", ""),
        key=_id(given.get("p", "")),
        name=given.get("plan", ""),
        version=_version(given.get("version") or LATEST),
        table=table,
        columns=_columns(given.get("columns", ""), table),
        comma=_one_of(given, "decimal", ("point", "comma")) == "comma",
        today=_one_of(given, "data", ("saved", "today")) == "today",
    )


def _one_of(given: dict[str, str], name: str, allowed: tuple[str, ...]) -> str:
    found = given.get(name) or allowed[0]
    if found not in allowed:
        raise NoAnswerError(400, f"{name} is '{found[:40]}'; it must be {' or '.join(allowed)}.")
    return found


def _id(text: str) -> str:
    if text and not read_id(text):
        raise NoAnswerError(404, f"'{text[:20]}' is no id of a saved plan: those are 12 letters and digits.")
    return read_id(text)


def _version(text: str) -> str:
    if text in (LATEST, APPROVED) or (text.isascii() and text.isdecimal() and 0 < len(text) < 7 and int(text)):
        return text
    raise NoAnswerError(400, f"version is '{text[:40]}'; it must be {LATEST}, {APPROVED} or a number from 1 on.")


def _columns(text: str, table: str) -> tuple[str, ...]:
    wished = tuple(one.strip() for one in text.split(",")) if text.strip() else ()
    known = names(table)
    for one in wished:
        if one not in known:
            raise NoAnswerError(400, f"'{one[:40]}' is no column of {table}; its columns are {', '.join(known)}.")
    if len(set(wished)) != len(wished):
        raise NoAnswerError(400, "A column stands twice in 'columns'; say each once.")
    return wished
