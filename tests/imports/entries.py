"""Runs a usage format's reader over entries, the plain way: no streaming, no files."""

import csv
import json
from dataclasses import dataclass, field
from pathlib import Path

from core.imports.usage.record import AMOUNTS, Amounts, Entry, LeftOut, RowError

SAMPLES = Path(__file__).parent / "samples"


@dataclass
class Found:
    """What a reader made of its entries."""

    amounts: dict = field(default_factory=dict)
    left: dict = field(default_factory=dict)
    refused: list = field(default_factory=list)
    times: list = field(default_factory=list)
    said: list = field(default_factory=list)
    asks: list = field(default_factory=list)

    def total(self, stage="inference"):
        """All subjects of a stage together."""
        whole = Amounts()
        for subject, amounts in self.amounts.items():
            if subject.stage == stage:
                whole.add(amounts)
        return whole

    def known(self, stage="inference"):
        """The total's amounts that are known, and its costs."""
        whole = self.total(stage)
        pairs = {name: getattr(whole, name) for name in AMOUNTS if getattr(whole, name) is not None}
        return pairs | {currency: round(cost, 9) for currency, cost in whole.costs.items()}


def run(form, rows, answers=None):
    """Take rows, given as mappings of cells, with a format's reader."""
    reader, found = form.reader(answers or {}), Found()
    for number, cells in enumerate(rows, 2):
        entry = Entry(f"row {number}", cells)
        try:
            _gather(found, list(reader.take(entry)), entry.place)
        except RowError as error:
            found.refused.append(f"{entry.place}: {error}")
    _gather(found, list(reader.end()), "the end")
    found.said, found.asks = reader.said, reader.asks
    return found


def _gather(found, results, place):
    for one in results:
        if isinstance(one, RowError):
            found.refused.append(f"{place}: {one}")
        elif isinstance(one, LeftOut):
            rows, tokens = found.left.get(one.why, (0, 0.0))
            found.left[one.why] = (rows + 1, tokens + one.tokens)
        else:
            found.amounts.setdefault(one.subject, Amounts()).add(one.amounts)
            found.times.append((one.start, one.end))


def table(form, name):
    """The rows of a sample table, of the columns that the format takes."""
    with (SAMPLES / name).open(encoding="utf-8", newline="") as file:
        return [{n: c for n, c in row.items() if n in form.columns} for row in csv.DictReader(file)]


def documents(form, name):
    """The documents of a sample, one a line or one in all, with nothing but the keys that the format takes."""
    words = (SAMPLES / name).read_text(encoding="utf-8")
    whole = [json.loads(line) for line in words.splitlines()] if name.endswith("l") else [json.loads(words)]
    parts = [part for one in whole for key in form.each or ("",) for part in (one.get(key, []) if key else [one])]
    return [allowed(form, part) for part in parts]


def allowed(form, value):
    """A value of keys that the format takes, with lists of key and value as a mapping, as the decoder hands it on."""
    if isinstance(value, list):
        if value and all(isinstance(one, dict) and set(one) == {"key", "value"} for one in value):
            return {one["key"]: _bare(one["value"]) for one in value if one["key"] in form.columns}
        return [allowed(form, one) for one in value]
    if isinstance(value, dict):
        kept = {key: one for key, one in value.items() if key in form.columns}
        return {
            key: allowed(form, one)
            for key, one in kept.items()
            if key not in form.numbers or isinstance(one, int | float)
        }
    return value


def _bare(value):
    return next(iter(value.values())) if isinstance(value, dict) and len(value) == 1 else value
