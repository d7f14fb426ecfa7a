"""From tokens of training on a bill to a workload that trains: the tokens of a year as one run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.imports.periods import Period
from core.imports.usage.record import Amounts
from core.units import TOKENS_PER_M


def taught(amounts: Amounts, period: Period, growth: float = 1.0) -> Mapping[str, Any]:
    """The fields that follow the bill; its tokens hold the passes over the data. Empty where it counts none.

    `growth` is demand in the covered time over that of the workload's first year.
    """
    tokens = (amounts.input_tokens or 0.0) + (amounts.output_tokens or 0.0)
    if tokens <= 0:
        return {}
    return {"tokens_per_run_m": tokens / period.year_share / growth / TOKENS_PER_M, "runs_per_year": 1.0, "epochs": 1.0}
