"""The expected error of one estimate: that of the rows left out of the fit in the way in which it is new."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from core.methods import accuracy, accuracy_training
from core.methods.accuracy import ENERGY, Errors
from core.results.nearness import Nearness

HOLD_OUTS = {"pair": "unseen_pair", "gpu": "unseen_gpu", "family": "unseen_family"}
TRAINING = "developer_left_out"
KINDS = {
    "dense": "dense models",
    "moe": "mixtures of experts",
    "moe_block_fp8": "mixtures of experts in block-FP8",
}
AT_A_TIME = {
    "b1": "at one request at a time",
    "b2_16": "at 2 to 16 requests at a time",
    "b17_128": "at 17 to 128 requests at a time",
    "b129_up": "at over 128 requests at a time",
}


@dataclass(frozen=True, slots=True)
class Expected:
    """Errors, and of what: `regime` in words, empty for all rows; `hold_out` the column they come from."""

    errors: Errors
    regime: str
    hold_out: str


def expected(one: Nearness, quantity: str = ENERGY) -> Expected | None:
    """The errors that tell of this estimate; None where none does: a meter's own range stands in, or nothing."""
    if one.hold_out in HOLD_OUTS:
        return _answering(HOLD_OUTS[one.hold_out], one.kind, one.band, quantity)
    if one.hold_out == "run" and one.grade != "entered":
        return Expected(accuracy_training.overall(TRAINING), "", TRAINING)
    return None


@cache
def _answering(hold_out: str, kind: str, band: str, quantity: str) -> Expected:
    """Of its class at its requests at a time; of the class alone, where those are of too few models."""
    cell = accuracy.of_cell(hold_out, kind, band, quantity)
    if cell is not None and cell.calibratable:
        return Expected(cell, f" of {KINDS[kind]} {AT_A_TIME[band]}", hold_out)
    whole = accuracy.of_cell(hold_out, kind, "", quantity)
    assert whole is not None  # every class has rows
    return Expected(whole, f" of {KINDS[kind]}", hold_out)
