"""A table of a team's own: which column is what, its owner says; names that say it themselves are proposed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from core.imports.reading import RefusedError
from core.imports.sheet import shown
from core.imports.usage.cells import amount, at, month, quoted, text, zone_of
from core.imports.usage.delimited import header_of
from core.imports.usage.format import Ask, Format, Head, RowByRow
from core.imports.usage.record import Amounts, Entry, LeftOut, RowError, Subject, Taken
from core.imports.usage.source import HEAD_BYTES
from core.units import TOKENS_PER_K, TOKENS_PER_M

KIND = "a table of your own (CSV)"
SERVICE = "own table"
COLUMN = "column."
# By role: what it is taken as, and names (small letters, runs of other signs as one _) that say it themselves.
ROLES = {
    "time": ("day or time", "timestamp time date day datetime start start_time created_at month"),
    "model": ("model", "model model_name model_id deployment llm engine"),
    "region": ("region", "region location cloud_region"),
    "group": ("group", "group team project application app service workload use_case department"),
    "requests": ("requests", "requests request_count num_requests calls api_requests count"),
    "input_tokens": ("input tokens", "input_tokens prompt_tokens tokens_in in_tokens n_input_tokens"),
    "cached_tokens": ("cached tokens", "cached_tokens input_cached_tokens cache_read_tokens cached_input_tokens"),
    "output_tokens": ("output tokens", "output_tokens completion_tokens tokens_out out_tokens generated_tokens"),
    "cost": ("cost", "cost cost_usd spend total_cost"),
    "currency": ("currency", "currency currency_code billing_currency cost_currency"),
}
NEEDED = ("model", "input_tokens", "output_tokens")
NONE = "none"
LONGEST_NAME, MOST_COLUMNS = 60, 2_000
UNITS = {"1": 1.0, "1K": TOKENS_PER_K, "1M": TOKENS_PER_M}
USUAL_CURRENCY = "USD"
ROWS = "rows"  # every row is a request
INSIDE, BESIDE = "inside the input", "beside the input"
DAY = timedelta(days=1)
WHOLE_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
DOTTED = re.compile(r"^(\d{2})\.(\d{2})\.(\d{4})\b")  # the day first, wherever dots part it
SLASHED = re.compile(r"\d{1,2}/\d{1,2}/\d{2,4}\b")
PARTED = re.compile(r"[1-9]\d{0,2}(\.\d{3})+")  # thousands, or decimals that say nothing
WHOLE_MONTH = re.compile(r"\d{4}-\d{2}")
NOTHING = "a row without tokens"


def role_columns(head: Head, answers: Mapping[str, str]) -> dict[str, str]:
    """By role, the column that its owner named, else the one whose name says it; RefusedError for one not there."""
    by_name = {re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_"): column for column in reversed(head.columns)}
    found: dict[str, str] = {}
    for role, (_, names) in ROLES.items():
        said = answers.get(COLUMN + role, "")
        if said and said not in (NONE, ROWS) and said not in head.columns:
            raise RefusedError(f"{head.name} has no column '{shown(said)}'; it has {', '.join(head.columns)[:400]}")
        column = said or next((by_name[name] for name in names.split() if name in by_name), NONE)
        if column not in (NONE, ROWS):
            found[role] = column
    return found


def of_head(head: Head, answers: Mapping[str, str]) -> Format:
    """The format of one table: only columns that have a role are taken."""
    roles = role_columns(head, answers)
    lacking = [role for role in NEEDED if role not in roles and not (role == "model" and answers.get("model"))]
    if len(set(roles.values())) < len(roles):
        twice = next(column for column in roles.values() if list(roles.values()).count(column) > 1)
        raise RefusedError(f"{head.name}: the column '{shown(twice)}' has two roles; give each its own")
    reader = _reader(head, roles, lacking)
    return replace(TABLE, columns={column: ROLES[role][0] for role, column in roles.items()}, reader=reader)


def _reader(head: Head, roles: Mapping[str, str], lacking: list[str]) -> Callable[[Mapping[str, str]], Table]:
    return lambda answers: Table(answers, head, roles, lacking)


class Table(RowByRow):
    """Reads rows by the roles of their columns."""

    def __init__(
        self, answers: Mapping[str, str], head: Head | None = None, roles: Mapping[str, str] | None = None,
        lacking: list[str] | None = None,
    ) -> None:  # fmt: skip
        self._roles, self._lacking = roles or {}, lacking or []
        self._model, self._rows = answers.get("model", ""), answers.get(COLUMN + "requests") == ROWS
        self._unit, self._zone = _unit_of(answers.get("unit", "1")), zone_of(answers)
        self._beside = answers.get("cached", INSIDE) == BESIDE
        self._currency = _answered_currency(answers)
        self.asks = list(_asks(head.columns if head else (), self._roles))
        self.said = [f"{ROLES[role][0]}: the column {column}" for role, column in self._roles.items()]
        if "cached_tokens" in self._roles:
            self.said.append(f"cached tokens are {BESIDE if self._beside else INSIDE}")
        if "cost" in self._roles and "currency" not in self._roles:
            self.said.append(f"the cost is in {self._currency}{'' if answers.get('currency') else ', until you say'}")
        if self._rows:
            self.said.append("every row counts as one request")

    def take(self, entry: Entry) -> Iterator[Taken | LeftOut]:
        """What a row says of its model."""
        if self._lacking:
            yield LeftOut(f"no column for {' and '.join(ROLES[role][0] for role in self._lacking)} yet: say which")
            return
        read, written = self._tokens(entry, "input_tokens") or 0.0, self._tokens(entry, "output_tokens") or 0.0
        cached = self._tokens(entry, "cached_tokens")
        if cached is not None and self._beside:
            read += cached
        elif cached is not None and cached > read:
            raise RowError(
                f"{self._roles['cached_tokens']} is {cached:,.0f}; it must be at most the input, {read:,.0f}"
            )
        if not read and not written:
            yield LeftOut(NOTHING)
            return
        requests = 1.0 if self._rows else self._whole(entry, "requests")
        cost = amount(entry, self._roles.get("cost", ""))
        start, end = self._time(entry)
        subject = Subject(
            SERVICE, self._word(entry, "model") or self._model, self._word(entry, "region"),
            self._word(entry, "group"), month=month(start),
        )  # fmt: skip
        costs = {_currency_of(self._word(entry, "currency") or self._currency): cost} if cost else {}
        yield Taken(subject, Amounts(requests, read, cached, written, costs=costs), start, end)

    def _word(self, entry: Entry, role: str) -> str:
        return text(entry, self._roles.get(role, ""))

    def _tokens(self, entry: Entry, role: str) -> float | None:
        if self._unit == 1.0:
            return self._whole(entry, role)
        found = amount(entry, self._roles.get(role, ""))
        return None if found is None else found * self._unit

    def _whole(self, entry: Entry, role: str) -> float | None:
        """A count: a fraction would be thousands parted by a sign that was taken for the decimal one, or a mean."""
        column = self._roles.get(role, "")
        found = amount(entry, column)
        if found is not None and (found != int(found) or PARTED.fullmatch(str(entry.cells[column]))):
            raise RowError(
                f"{column} is {entry.cells[column]}; it must be a whole number, without a sign for thousands"
            )
        return found

    def _time(self, entry: Entry) -> tuple[datetime | None, datetime | None]:
        """When a row begins and ends; a bare day is the whole of it, a bare month too."""
        column = self._roles.get("time", "")
        word = text(entry, column)
        if WHOLE_MONTH.fullmatch(word):
            start = at(Entry(entry.place, {column: f"{word}-01"}), column, self._zone)
            return start, start and (start + 31 * DAY).replace(day=1)
        if SLASHED.match(word):
            raise RowError(f"{column} is {quoted(word)}; day and month cannot be told apart: write it as 2026-03-31")
        word = DOTTED.sub(r"\3-\2-\1", word)
        start = at(Entry(entry.place, {column: word}), column, self._zone)
        return start, start + DAY if start and WHOLE_DAY.fullmatch(word) else start


def _currency_of(word: str) -> str:
    """A currency by its three letters; RowError for anything else."""
    code = word.strip().upper()
    if not re.fullmatch("[A-Z]{3}", code):
        raise RowError(f"currency is {quoted(word)}; it must have three letters, as USD")
    return code


def _answered_currency(answers: Mapping[str, str]) -> str:
    said = answers.get("currency") or USUAL_CURRENCY
    try:
        return _currency_of(said)
    except RowError:
        raise RefusedError(f"currency is '{shown(said)}'; it must have three letters, as USD") from None


def _unit_of(word: str) -> float:
    if word not in UNITS:
        raise RefusedError(f"tokens are counted in '{shown(word)}'; it must be one of {', '.join(UNITS)}")
    return UNITS[word]


def _asks(columns: tuple[str, ...], roles: Mapping[str, str]) -> Iterator[Ask]:
    for role, (label, _) in ROLES.items():
        choices = (NONE, *((ROWS,) if role == "requests" else ()), *columns)
        more = "; rows: every row is one request" if role == "requests" else ""
        yield Ask(
            COLUMN + role, f"Column: {label}", f"which column holds the {label}{more}", choices, roles.get(role, NONE)
        )
    yield Ask("unit", "Tokens are counted in", "1: single tokens; 1K: thousands; 1M: millions", tuple(UNITS), "1")
    yield Ask("cached", "Cached tokens", "whether the input column counts them too", (INSIDE, BESIDE), INSIDE)
    yield Ask("zone", "Time zone of the table", "of times that name none, as Europe/Berlin", usual="UTC")
    if "cost" in roles and "currency" not in roles:
        yield Ask("currency", "Currency of the cost", "its three letters, as EUR", usual=USUAL_CURRENCY)
    if "model" not in roles:
        yield Ask("model", "Model", "where no column names it")


def is_table(head: Head) -> bool:
    """Whether it has a header with short names, at least two and none of them twice, and a row as long as it."""
    return _has_names(head) and not why_no_table(head)


def why_no_table(head: Head) -> str:
    """Why what has a header can still not be read as a table; blank where it can, or where it has none."""
    if not _has_names(head):
        return ""
    named = [column for column in head.columns if column]
    twice = next((column for column in named if named.count(column) > 1), "")
    return f"it has two columns '{shown(twice)}'" if twice else "" if head.parquet else _why_no_row(head.text)


def _has_names(head: Head) -> bool:
    named = [column for column in head.columns if column]
    words = [column for column in named if not re.fullmatch(r"[-+\d.,eE:/ ]+", column)]
    return 2 <= len(named) <= MOST_COLUMNS and 2 * len(words) >= len(named) and max(map(len, named)) <= LONGEST_NAME


def _why_no_row(beginning: str) -> str:
    """Why the line after the header is none of its rows; one with quotation marks may run on."""
    header, lines = header_of(beginning), beginning.split("\n")
    row = next((line.rstrip("\r") for line in lines[header.lines :] if line.strip()), "")
    if not row:
        return "no row stands below its header"
    cells = row.count(header.delimiter) + 1
    if '"' in row or cells == len(header.names):
        return ""
    if beginning.endswith(row) and len(beginning) >= HEAD_BYTES:
        return f"its first row does not end within {HEAD_BYTES:,} bytes"
    return f"its first row has {cells} cell{'' if cells == 1 else 's'}, its header {len(header.names)}"


TABLE = Format(KIND, SERVICE, "delimited", {}, is_table, Table)
