"""How near the nearest measurement is to each row: said once for all rows of which the same can be said.

The line of a row hangs on its setting and on which spans of the measurements it lies within. Where its requests at a
time are told, the line leaves room for that number as printed, which is set in by columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.batch.numbers import Flags, Floats, Places
from core.catalog import Catalog
from core.catalog.measured import measurements
from core.engine.coefficients import BANDS
from core.engine.power import band
from core.plan import Workload
from core.results.nearest import nearest
from core.results.nearness import number, span_of
from core.results.spans import batches, span_in

PLAIN_FROM = 10.0  # from here on a number is printed without decimals
MOST_SETTINGS = 2_048  # kept; each has some dozens of lines
MOST_BATCH = 4_096
CLOSE = 1e-9

FLAGS = 64  # of a row; the last says that one request at a time is told, not several
ONE, ONE_FLAG = "1", 32
ROOM = "\0"  # stands in a line for the number


class Known(NamedTuple):
    """Of a setting: what was measured of it, and its lines by their flags, before the number, its room, behind."""

    spans: tuple[float, float, list[bool], float, float]
    lines: dict[int, Sequence[str]]


_settings: dict[tuple[str, ...], Known] = {}


class Spans(NamedTuple):
    """Requests at a time that were measured, by setting: with its software, in which bands, and of itself."""

    low: Floats
    high: Floats
    bands: npt.NDArray[np.bool_]
    own_low: Floats
    own_high: Floats


def near_lines(
    catalog: Catalog,
    workloads: Sequence[Workload],
    setting: Places,
    batch: Floats,
    accelerators: Floats,
    input_tokens: Floats,
    output_tokens: Floats,
) -> tuple[Places, Any]:
    """Which line each row has, and the lines as a column of text."""
    said = [_known(workload) for workload in workloads]
    flags, told = _beyond(said, setting, batch, accelerators, input_tokens, output_tokens)
    numbers, rank = np.unique(told, return_inverse=True)
    printed = [number(value) if value else "" for value in numbers.tolist()]
    kinds = setting * FLAGS + flags + np.array([text == ONE for text in printed])[rank] * ONE_FLAG
    _, first, which = np.unique(kinds * len(numbers) + rank, return_index=True, return_inverse=True)
    kind, row, of = np.unique(kinds[first], return_index=True, return_inverse=True)
    parts = []
    for key, place in zip(kind.tolist(), first[row].tolist(), strict=True):
        known, flag = said[key // FLAGS].lines, key % FLAGS
        if flag not in known:
            tokens = {"input_tokens": float(input_tokens[place]), "output_tokens": float(output_tokens[place])}
            alike = workloads[key // FLAGS].model_copy(update=tokens)
            shown = ROOM if printed[rank[place]] else ""
            line = nearest(catalog, alike, float(batch[place]), float(accelerators[place]), shown).line
            known[flag] = line.partition(ROOM)
        parts.append(known[flag])
    before, room, behind = (pa.array(part, pa.string()).take(pa.array(of)) for part in zip(*parts, strict=True))
    shown = pa.array(printed, pa.string()).take(pa.array(rank[first]))
    return which, pc.binary_join_element_wise(before, pc.if_else(pc.equal(room, ROOM), shown, ""), behind, "")


def _beyond(
    said: Sequence[Known],
    setting: Places,
    batch: Floats,
    accelerators: Floats,
    input_tokens: Floats,
    output_tokens: Floats,
) -> tuple[Places, Floats]:
    """Beyond which spans each row lies, as flags, and the requests at a time that its line may tell; 0: none."""
    spans = Spans(*(np.array(column) for column in zip(*(known.spans for known in said), strict=True)))
    unmeasured = ~_within(spans.low[setting], batch, spans.high[setting]) & ~spans.bands[setting, _bands(batch)]
    outside = ~_within(spans.own_low[setting], batch, spans.own_high[setting])
    flags = (input_tokens > span_in("input_tokens").high) * 1 + (output_tokens > span_in("output_tokens").high) * 2
    flags = flags + (accelerators > span_in("accelerators").high) * 4 + unmeasured * 8 + outside * 16
    return flags, np.where(unmeasured | outside, _printed(batch), 0.0)


def _known(workload: Workload) -> Known:
    """What was found out of a setting before."""
    key = (workload.model, workload.hardware, workload.precision, workload.serving)
    kept = _settings.get(key)
    if kept is None:
        if len(_settings) >= MOST_SETTINGS:
            _settings.clear()
        kept = _settings[key] = Known(_spans(workload), {})
    return kept


def _within(low: Floats, values: Floats, high: Floats) -> Flags:
    return (low <= values) & (values <= high)


def _spans(workload: Workload) -> tuple[float, float, list[bool], float, float]:
    requests, bands = batches()[workload.serving]
    low, high = _own_span(workload.model, workload.hardware)
    return requests.low, requests.high, [name in bands for name in BANDS], low, high


@lru_cache(maxsize=4096)
def _own_span(model: str, hardware: str) -> tuple[float, float]:
    """Where this model on this accelerator was measured; everywhere where it was not, as no line tells of it then."""
    own = [row.batch for row in measurements() if row.model == model and row.hardware == hardware]
    span = span_of(own or [-np.inf, np.inf])
    return span.low, span.high


@lru_cache(maxsize=1)
def _edges() -> Floats:
    """Where one band of requests at a time ends and the next begins."""
    return np.array([n for n in range(2, MOST_BATCH + 1) if band(float(n)) != band(float(n - 1))], float)


def _bands(batch: Floats) -> Places:
    return np.searchsorted(_edges(), batch, side="right")


def _printed(batch: Floats) -> Floats:
    """A number for each that is printed alike; where rounding is a close call, the number itself."""
    scale = np.where(batch >= PLAIN_FROM, 1.0, 10.0)
    scaled = batch * scale
    close = np.abs(scaled - np.floor(scaled) - 0.5) < CLOSE
    return np.where(close, batch, np.rint(scaled) / scale)
