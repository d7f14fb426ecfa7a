"""The prompt length assumed for the chat rows of the newest series: what speaks for it, and what another would change.

ML.ENERGY prints no prompt lengths. It prints the latency between tokens, and the time of a whole step follows from its
throughput; what lies between the two is spent on prompts, or waiting. It fits nothing and needs no library.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import median, quantiles

from core.catalog import FOLDER, Catalog
from core.catalog.measured import Measurement
from core.catalog.rows import columns_of, read, record
from core.engine.step import FLOP_PER_PARAMETER
from core.results.arithmetic import peak16_tflops
from core.units import FLOP_PER_TFLOP, MS_PER_S, PARAMS_PER_B

FILE = "validation/prompt_lengths.csv"
SERIES = "ML.ENERGY v3 lm-arena-chat"
FULL_BATCH = 400.0  # from here on the accelerator computes all the time: waiting hides no prompt
LATENCY = re.compile(r"itl_ms=([\d.]+)")


@dataclass(frozen=True, slots=True)
class Asked:
    """Prompt tokens whose arithmetic fills the time beside the printed latency: in the middle, and half of the rows."""

    n: int
    models: int
    low_tokens: float
    middle_tokens: float
    high_tokens: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """The median error of the energy, fitted anew with such chat prompts: of all rows, and of the chat rows [%]."""

    prompt_tokens: float
    hold_out: str
    median_error_pct: float
    chat_median_error_pct: float


def asked(catalog: Catalog, rows: Sequence[Measurement], eta_compute: float) -> Asked:
    """What the printed latency asks for, by dense 16-bit models at batches that leave no time to wait."""
    mine = [row for row in rows if _tells(catalog, row)]
    found = [_asked_tokens(catalog, row, eta_compute) for row in mine]
    low, _, high = quantiles(found, n=4, method="inclusive")
    return Asked(len(mine), len({row.model for row in mine}), low, median(found), high)


def _tells(catalog: Catalog, row: Measurement) -> bool:
    dense = not catalog.models[row.model].is_moe and row.precision == "bf16"
    return row.series == SERIES and dense and row.batch >= FULL_BATCH and LATENCY.search(row.note) is not None


def _asked_tokens(catalog: Catalog, row: Measurement, eta_compute: float) -> float:
    """Tokens of a prompt: time of a step beside its latency, times FLOP/s, over the FLOP of a token."""
    printed = LATENCY.search(row.note)
    latency_s = float(printed[1]) / MS_PER_S if printed else float("nan")
    model, device = catalog.models[row.model], catalog.hardware[row.hardware]
    flop_per_s = eta_compute * (peak16_tflops(device) or float("nan")) * FLOP_PER_TFLOP * row.accelerators
    params = (model.params_active_b or model.params_total_b) * PARAMS_PER_B
    prompts_per_step = row.batch / row.output_tokens
    return (row.step_time_s - latency_s) * flop_per_s / (FLOP_PER_PARAMETER * params * prompts_per_step)


def text_of(found: Sequence[Tried]) -> str:
    """The text of the file."""
    names = [field.name for field in fields(Tried)]
    text = io.StringIO()
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(
        {
            "prompt_tokens": f"{one.prompt_tokens:g}",
            "hold_out": one.hold_out,
            "median_error_pct": f"{one.median_error_pct:.2f}",
            "chat_median_error_pct": f"{one.chat_median_error_pct:.2f}",
        }
        for one in found
    )
    return text.getvalue()


def tried(folder: Path = FOLDER) -> list[Tried]:
    """The errors by prompt length and hold-out, as the file keeps them."""
    return [record(Tried, row) for row in read(folder, FILE, columns_of(Tried))]


def lines(catalog: Catalog, rows: Sequence[Measurement], eta_compute: float, found: Sequence[Tried]) -> Iterator[str]:
    """The assumption, its evidence, and the errors at half and twice of it."""
    chat, told = [row for row in rows if row.series == SERIES], asked(catalog, rows, eta_compute)
    yield ""
    yield (
        f"prompts of {SERIES}: not printed, {chat[0].input_tokens:g} tokens assumed for {len(chat)} rows; the time "
        f"beside the printed latency between tokens, {told.n} rows of {told.models} dense models at {FULL_BATCH:g} "
        f"requests and more, asks for {told.middle_tokens:.0f} (half: {told.low_tokens:.0f} to {told.high_tokens:.0f})"
    )
    for one in found:
        yield (
            f"  at {one.prompt_tokens:>4g} tokens, fitted anew, {one.hold_out:<12} median error "
            f"{one.median_error_pct:.1f}%, of the chat rows {one.chat_median_error_pct:.1f}%"
        )
