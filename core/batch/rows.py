"""Rows of cases as columns of numbers: which setting and which place each has, and its own four numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.batch.numbers import Flags, Floats, Places, numbers
from core.batch.settings import Placed, Served, Setting, Settings
from core.headless.estimate import KNOWN
from core.plan import Workload

Key = TypeVar("Key", Served, Placed)

DECIDE = tuple(name for name in KNOWN if name != "case_id")  # the columns that decide a row's figures
NUMBERS = ("accelerators", "batch", "input_tokens", "output_tokens")


@dataclass(frozen=True, slots=True)
class Rows:
    """Sound rows of a block. `place` is where each stands in it; 0 accelerators or batch mean: work it out."""

    place: Places
    served: Sequence[Setting]
    served_of: Places
    placed: Sequence[Setting]
    placed_of: Places
    accelerators: Floats
    batch: Floats
    input_tokens: Floats
    output_tokens: Floats

    def at(self, chosen: Flags) -> Rows:
        """Some of the rows."""
        names = ("place", "served_of", "placed_of", *NUMBERS)
        return replace(self, **{name: getattr(self, name)[chosen] for name in names})


def sound_rows(texts: Mapping[str, Any], settings: Settings, ragged: Sequence[int]) -> Rows:
    """The rows that can be worked out at once, from the cells of every column that decides."""
    served, served_of = _settled(texts, Served, settings.served)
    placed, placed_of = _settled(texts, Placed, settings.placed)
    given = {name: numbers(texts[name], name, _blank(name)) for name in NUMBERS}
    wrong = np.any([column.wrong for column in given.values()], axis=0)
    wrong |= ~_known(served)[served_of] | ~_known(placed)[placed_of]
    wrong |= _too_small(served, served_of, given["accelerators"].values)
    wrong[list(ragged)] = True
    return Rows(
        np.arange(len(wrong)), *_without_gaps(served, served_of), *_without_gaps(placed, placed_of),
        *(given[name].values for name in NUMBERS),
    ).at(~wrong)  # fmt: skip


def _blank(name: str) -> float:
    """The number of a blank cell: the field's default; 0 where it has none."""
    return float(Workload.model_fields[name].default or 0.0)


def _settled(
    texts: Mapping[str, Any], kind: type[Key], find: Callable[[Sequence[Key]], list[Setting | None]]
) -> tuple[list[Setting | None], Places]:
    """The distinct settings of a block, and which of them each row has."""
    codes, words = np.zeros(len(texts["model"]), np.int64), []
    for name in kind._fields:
        encoded = pc.dictionary_encode(texts[name])
        words.append(encoded.dictionary.to_pylist())
        codes = codes * max(len(words[-1]), 1) + np.array(encoded.indices, np.int64)
    distinct, of = np.unique(codes, return_inverse=True)
    cells = []
    for known in reversed(words):
        distinct, place = np.divmod(distinct, max(len(known), 1))
        cells.append([known[one] for one in place.tolist()])
    keys = [kind(*given) for given in zip(*reversed(cells), strict=True)]
    return find(keys), of


def _known(settings: Sequence[Setting | None]) -> Flags:
    return np.array([one is not None for one in settings], bool)


def _too_small(served: Sequence[Setting | None], of: Places, accelerators: Floats) -> Flags:
    """Whether the accelerators given cannot hold the weights."""
    held_gb = np.array([one.memory_gb if one else 0.0 for one in served])
    weights_gb = np.array([one.weights_gb if one else 0.0 for one in served])
    result: Flags = (accelerators > 0) & ~(weights_gb[of] <= accelerators * held_gb[of])
    return result


def _without_gaps(settings: Sequence[Setting | None], of: Places) -> tuple[list[Setting], Places]:
    """The settings that are known, and their numbers among these."""
    known = _known(settings)
    return [one for one in settings if one is not None], (np.cumsum(known) - 1)[of]


def case_of(texts: Mapping[str, Any], row: int) -> dict[str, str]:
    """The cells of one row."""
    return {name: str(column[row]) for name, column in texts.items()}


def blanks(rows: int) -> Any:
    """A column of blank cells."""
    return pa.repeat(pa.scalar(""), rows)
