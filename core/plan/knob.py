"""A knob is one field of the plan: its label, help, bounds, unit and short name in links, said once in `knobs.csv`.

The link, the CSV, the widgets and the Methods page all read knobs; none repeats one.
"""

from __future__ import annotations

import csv
import math
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

LARGEST_SHOWN = 10**15
MOST_DECIMALS = 30
FIRST_YEAR, AFTER_YEARS = 1900, 10_000  # a whole number with such limits is a calendar year
FIRST_DATE_YEAR, LAST_DATE_YEAR = 2000, 2100
EITHER_COMMA = re.compile(r"[-+]?[1-9]\d{0,2},\d{3}")  # 60,000: sixty thousand, or sixty with three decimals

Kind = Literal["number", "whole", "text", "choice", "catalog", "points", "tags", "date"]


@dataclass(frozen=True, slots=True)
class Knob:
    """What a field of the plan is, beside its type: `url` is its name in links, `blank` what an empty cell means."""

    url: str
    label: str
    kind: Kind = "number"
    low: float | None = None
    high: float | None = None
    step: float = 1.0
    unit: str = ""
    group: str = ""
    table: str = ""
    longest: int = 80
    blank: str = ""
    help: str = ""

    @property
    def is_year(self) -> bool:
        """Whether it is a calendar year, whose digits nobody groups."""
        return self.kind == "whole" and self.low is not None and self.low >= FIRST_YEAR


@cache
def read_knobs() -> dict[str, dict[str, Knob]]:
    """Record name -> field name -> knob, from `knobs.csv`."""
    found: dict[str, dict[str, Knob]] = {}
    with (Path(__file__).parent / "knobs.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["record"], {})[row["field"]] = Knob(
                url=row["url"],
                label=row["label"],
                kind=cast(Kind, row["kind"]),
                low=float(row["low"]) if row["low"] else None,
                high=float(row["high"]) if row["high"] else None,
                step=float(row["step"] or 1),
                unit=row["unit"],
                group=row["group"],
                table=row["table"],
                longest=int(row["longest"] or 80),
                blank=row["blank"],
                help=row["help"],
            )
    return found


def parse_number(raw: Any) -> float | None:
    """The number in a cell, None when it is blank.

    >>> parse_number(" 1.5 "), parse_number(""), parse_number("1,5")
    (1.5, None, 1.5)

    A comma that may part thousands or decimals (60,000) is refused: ValueError.
    """
    if raw is None:
        return None
    if isinstance(raw, bool):
        raise ValueError("yes/no is not a number")
    if isinstance(raw, int | float):
        return float(raw)
    if not isinstance(raw, str):
        raise ValueError("not a number")
    text = raw.strip().replace("\u202f", "").replace("\u00a0", "").replace("\u2212", "-")
    if not text:
        return None
    if EITHER_COMMA.fullmatch(text):
        raise ValueError("a comma before three digits may part thousands or decimals")
    if text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    if "_" in text:
        raise ValueError("not a number")
    return float(text)


def span(knob: Knob) -> str:
    """The permitted range as text, with its unit.

    >>> span(Knob("p", "PUE", low=1.0, high=3.0, unit="kWh/kWh"))
    '[1, 3] kWh/kWh'
    """
    low = "-inf" if knob.low is None else written(knob, knob.low)
    high = "inf" if knob.high is None else written(knob, knob.high)
    return f"[{low}, {high}] {knob.unit}".rstrip()


def written(knob: Knob, value: float) -> str:
    """A value of a field as sentences print it.

    >>> written(Knob("y", "From", kind="whole", low=2020.0), 2026.5), written(Knob("q", "Requests"), 2026.5)
    ('2026.5', '2,026.5')
    """
    return plain(value).replace(",", "") if knob.is_year and abs(value) < AFTER_YEARS else plain(value)


def plain(value: float) -> str:
    """A number without e-notation, as sentences print it.

    >>> plain(1e11), plain(0.05), plain(1e-20), plain(1e300)
    ('100,000,000,000', '0.05', '0.00000000000000000001', 'over 1,000,000,000,000,000')
    """
    if abs(value) > LARGEST_SHOWN:
        return f"{'over ' if value > 0 else 'under -'}{LARGEST_SHOWN:,}"
    if value == int(value):
        return f"{value:,.0f}"
    whole, _, decimals = format(Decimal(repr(value)), ",f").partition(".")
    return f"{whole}.{decimals}" if len(decimals) <= MOST_DECIMALS else f"{value:,.12f}".rstrip("0").rstrip(".")


def _shown(raw: Any) -> str:
    text = str(raw)
    return text if len(text) <= 40 else text[:37] + "..."


def check_number(name: str, knob: Knob, raw: Any, may_be_blank: bool) -> float | int | None:
    """The checked value of a number field; ValueError with name, value, limit and unit otherwise."""
    try:
        value = parse_number(raw)
    except (ValueError, OverflowError):
        unclear = isinstance(raw, str) and EITHER_COMMA.fullmatch(raw.strip())
        why = "which can be read in two ways: write it without the comma" if unclear else "not a number"
        raise ValueError(f"{name} is '{_shown(raw)}', {why}; it must lie in {span(knob)}") from None
    if value is None:
        if may_be_blank:
            return None
        raise ValueError(f"{name} is blank; it must lie in {span(knob)}")
    if not math.isfinite(value):
        raise ValueError(f"{name} is {value}; it must be a finite number in {span(knob)}")
    if (knob.low is not None and value < knob.low) or (knob.high is not None and value > knob.high):
        raise ValueError(f"{name} is {written(knob, value)}; it must lie in {span(knob)}")
    if knob.kind != "whole":
        return value
    if value != int(value):
        whole = "year" if knob.is_year else "number"
        raise ValueError(f"{name} is {written(knob, value)}; it must be a whole {whole} in {span(knob)}")
    return int(value)


def check_text(name: str, knob: Knob, raw: Any) -> str:
    """The checked value of a text field: one line, no control characters, not longer than `longest`."""
    if raw is None:
        return ""
    if not isinstance(raw, str):
        raise ValueError(f"{name} is '{_shown(raw)}'; it must be text of at most {knob.longest} characters")
    one_line = raw.replace("\r\n", "\n")
    text = "".join(" " if c.isspace() else c for c in one_line if c.isprintable() or c.isspace()).strip()
    if len(text) > knob.longest:
        raise ValueError(f"{name} has {len(text)} characters; the limit is {knob.longest} characters")
    return text


def check_choice(name: str, choices: tuple[str, ...], raw: Any) -> str:
    """The checked value of a choice."""
    text = raw.strip() if isinstance(raw, str) else raw
    if text not in choices:
        raise ValueError(f"{name} is '{_shown(raw)}'; it must be one of {', '.join(filter(None, choices))}")
    return str(text)


def check_date(name: str, raw: Any) -> str:
    """The checked value of a date field, as 2026-11-22; empty when it is blank.

    >>> check_date("source_date", " 2026-11-22 ")
    '2026-11-22'
    """
    text = raw.isoformat() if isinstance(raw, date) else raw
    if text is None or (isinstance(text, str) and not text.strip()):
        return ""
    try:
        found = date.fromisoformat(text.strip()) if isinstance(text, str) else None
    except ValueError:
        found = None
    if found is None or not FIRST_DATE_YEAR <= found.year <= LAST_DATE_YEAR:
        years = f"from {FIRST_DATE_YEAR} to {LAST_DATE_YEAR}"
        raise ValueError(f"{name} is '{_shown(raw)}'; it must be a date {years}, as 2026-11-22")
    return found.isoformat()
