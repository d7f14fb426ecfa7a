"""Columns of text as columns of numbers: plain ones all at once, odd ones by the rules of a single cell."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.plan import Workload, knobs
from core.plan.record import check

PLAIN = r"^[0-9]{1,15}(\.[0-9]{1,15})?$"

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Numbers(NamedTuple):
    """The numbers of a column, the value of a blank where nothing stands, and which cells hold no such number."""

    values: Floats
    wrong: Flags


def numbers(texts: Any, name: str, blank: float) -> Numbers:
    """A column of a workload's field; a cell that the field refuses is wrong, and its number NaN."""
    plain = pc.match_substring_regex(texts, PLAIN)
    everywhere = pc.all(plain).as_py() is not False
    values = np.array(pc.cast(texts if everywhere else pc.if_else(plain, texts, "0"), pa.float64()))
    if not everywhere:
        _odd(texts, np.flatnonzero(~np.array(plain)), name, blank, values)
    knob = knobs(Workload)[name]
    low, high = -np.inf if knob.low is None else knob.low, np.inf if knob.high is None else knob.high
    sound = (values >= low) & (values <= high)
    if knob.kind == "whole":
        sound &= values == np.rint(values)
    given = sound if everywhere else sound | np.array(pc.equal(texts, ""))
    return Numbers(np.where(given, values, np.nan), ~given)


def _odd(texts: Any, places: npt.NDArray[np.int64], name: str, blank: float, values: Floats) -> None:
    """Fill in what stands in cells that are blank or not plain: each distinct text is asked once."""
    distinct = pc.dictionary_encode(texts.take(pa.array(places)))
    found = np.array([_number(name, text, blank) for text in distinct.dictionary.to_pylist()], float)
    values[places] = found[np.array(distinct.indices)]


def _number(name: str, text: str, blank: float) -> float:
    if not text:
        return blank
    try:
        return float(check(Workload, name, knobs(Workload)[name], text))
    except ValueError:
        return float("nan")
