"""What the nested choice of terms foretold, as a file: each measured setting by a structure chosen without it."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.catalog import FOLDER, Catalog
from core.catalog.measured import Measurement
from core.catalog.rows import CatalogError, keyed, read
from core.fit import score
from core.fit.folds import Mask
from core.fit.guess import optional
from core.fit.measurement import measurements
from core.fit.score import Held, model_class
from core.results.draws import Floats

Terms = frozenset[str]
HOLD_OUTS = ("unseen_pair", "unseen_gpu")
ENERGY = next(iter(score.QUANTITIES))
FILE = "validation/nested_held_out.csv"
FOLD, PREDICTED, WITHOUT = "fold_{}", score.QUANTITIES[ENERGY], "without_{}"
COLUMNS = ("id", *(name.format(hold_out) for hold_out in HOLD_OUTS for name in (FOLD, PREDICTED, WITHOUT)))
DIGITS = 5


@dataclass(frozen=True, slots=True)
class Nested:
    """An outer fold: its rows, the terms its own choice goes without, and the energy it foretells of each row."""

    hold_out: str
    fold: int
    rows: Mask
    without: Terms
    energy_accelerator_j_per_output_token: Floats


def text_of(rows: Sequence[Measurement], found: Sequence[Nested]) -> str:
    """The text of the file: of each setting and hold-out the energy foretold, and the terms its fold went without."""
    cells: list[dict[str, str]] = [{"id": row.id} for row in rows]
    for one in found:
        for place, energy in zip(np.flatnonzero(one.rows), one.energy_accelerator_j_per_output_token, strict=True):
            cells[place][FOLD.format(one.hold_out)] = str(one.fold)
            cells[place][PREDICTED.format(one.hold_out)] = f"{float(f'{energy:.{DIGITS}g}')}"
            cells[place][WITHOUT.format(one.hold_out)] = ";".join(sorted(one.without))
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(cells)
    return text.getvalue()


def held(catalog: Catalog, folder: Path = FOLDER) -> tuple[Held, ...]:
    """Every measurement with the energy foretold of it; a wrong cell or a missing row stops with file and line."""
    lines = keyed(read(folder, FILE, COLUMNS), lambda row: row.text("id"), "id")
    rows = measurements(catalog, folder)
    if set(lines) != {row.id for row in rows}:
        raise CatalogError(
            f"{FILE}: its rows are not those of the measurements; run python -m core fit --nested --write"
        )
    return tuple(
        Held(
            row,
            model_class(catalog, row),
            {(ENERGY, name): lines[row.id].number(PREDICTED.format(name)) for name in HOLD_OUTS},
        )
        for row in rows
    )


def of(
    catalog: Catalog, rows: Sequence[Measurement], found: Sequence[Nested]
) -> tuple[tuple[Held, ...], dict[str, list[Terms]]]:
    """The measurements with the energy just foretold of them, and the choices: as `held` and `left_out` read them."""
    foretold: list[dict[tuple[str, str], float]] = [{} for _ in rows]
    for one in found:
        for place, energy in zip(np.flatnonzero(one.rows), one.energy_accelerator_j_per_output_token, strict=True):
            foretold[place][ENERGY, one.hold_out] = float(energy)
    joined = (Held(row, model_class(catalog, row), mine) for row, mine in zip(rows, foretold, strict=True))
    return tuple(joined), {name: [one.without for one in found if one.hold_out == name] for name in HOLD_OUTS}


def write(rows: Sequence[Measurement], found: Sequence[Nested], folder: Path = FOLDER) -> None:
    """Replace the file."""
    (folder / FILE).write_text(text_of(rows, found), encoding="utf-8", newline="\n")


def left_out(folder: Path = FOLDER) -> dict[str, list[Terms]]:
    """By hold-out, the terms that each fold's choice went without."""
    lines = list(read(folder, FILE, COLUMNS))
    found = {}
    for name in HOLD_OUTS:
        choices = {row.cells[FOLD.format(name)]: row.cells[WITHOUT.format(name)] for row in lines}
        found[name] = [frozenset(choice.split(";")) - {""} for _, choice in sorted(choices.items())]
    return found


def lines(catalog: Catalog, found: Sequence[Held], choices: dict[str, list[Terms]]) -> Iterator[str]:
    """The errors by hold-out beside those of the structure in use, and which terms were left out how often."""
    plain = score.held_out(catalog)
    yield ""
    yield f"{len(optional())} terms can be left out; each fold chooses anew, without the rows it is scored on"
    for name in HOLD_OUTS:
        mine, use = (score.accuracy(each, ENERGY, name) for each in (found, plain))
        yield (
            f"{name}, terms chosen anew: median {mine.median_error_pct:.1f}%, 1.25x {mine.within_near_pct:.1f}%, "
            f"2x {mine.within_twice_pct:.1f}% (structure in use: {use.median_error_pct:.1f}%, "
            f"{use.within_near_pct:.1f}%, {use.within_twice_pct:.1f}%)"
        )
        count = Counter(term for choice in choices[name] for term in sorted(choice))
        told = ", ".join(f"{term} ({n})" for term, n in count.most_common()) or "none"
        yield f"  terms left out, of {len(choices[name])} choices: {told}"
