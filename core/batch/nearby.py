"""How near the nearest measurement is to each row: said once for all rows of which the same can be said.

The line of a row hangs on its setting, on which spans of the measurements it lies within, and, where its requests at a
time are told, on the number as printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from core.batch.numbers import Flags, Floats, Places
from core.catalog import Catalog
from core.catalog.measured import measurements
from core.engine.coefficients import BANDS
from core.engine.power import band
from core.plan import Workload
from core.results.nearest import nearest
from core.results.nearness import span_of
from core.results.spans import batches, span_in

PLAIN_FROM = 10.0  # from here on a number is printed without decimals
MOST_SETTINGS, MOST_LINES = 2_048, 4_096  # kept; a setting has some dozens
MOST_BATCH = 4_096
CLOSE = 1e-9

_lines: dict[tuple[str, ...], dict[tuple[float, ...], str]] = {}


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
) -> tuple[Places, list[str]]:
    """Which line each row has, and the lines."""
    spans = Spans(*(np.array(column) for column in zip(*map(_spans, workloads), strict=True)))
    unmeasured = ~_within(spans.low[setting], batch, spans.high[setting]) & ~spans.bands[setting, _bands(batch)]
    outside = ~_within(spans.own_low[setting], batch, spans.own_high[setting])
    flags = (input_tokens > span_in("input_tokens").high) * 1 + (output_tokens > span_in("output_tokens").high) * 2
    flags = flags + (accelerators > span_in("accelerators").high) * 4 + unmeasured * 8 + outside * 16
    shown = np.where(unmeasured | outside, _printed(batch), 0.0)
    distinct, rank = np.unique(shown, return_inverse=True)
    together = (setting * 32 + flags) * len(distinct) + rank
    _, first, which = np.unique(together, return_index=True, return_inverse=True)
    known = [_known(workload) for workload in workloads]
    lines = []
    asked = (column[first].tolist() for column in (setting, flags, shown))
    for row, of, *key in zip(first.tolist(), *asked, strict=True):  # many in a block: so asked briefly
        line = known[of].get(tuple(key))
        if line is None:
            tokens = {"input_tokens": float(input_tokens[row]), "output_tokens": float(output_tokens[row])}
            alike = workloads[of].model_copy(update=tokens)
            line = nearest(catalog, alike, float(batch[row]), float(accelerators[row])).line
            known[of][tuple(key)] = line
        lines.append(line)
    return which, lines


def _known(workload: Workload) -> dict[tuple[float, ...], str]:
    """The lines of a setting that were said before."""
    key = (workload.model, workload.hardware, workload.precision, workload.serving)
    kept = _lines.get(key)
    if kept is None or len(kept) > MOST_LINES:
        if len(_lines) >= MOST_SETTINGS:
            _lines.clear()
        kept = _lines[key] = {}
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
