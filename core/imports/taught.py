"""From tokens of training on a bill to a workload that trains: the tokens of a year as one run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.imports.periods import Period
from core.imports.usage.record import Amounts
from core.units import TOKENS_PER_M


def taught(amounts: Amounts, period: Period) -> Mapping[str, Any]:
    """The fields that follow the bill; passes over the data are in its tokens already. Empty where it counts none."""
    tokens = (amounts.input_tokens or 0.0) + (amounts.output_tokens or 0.0)
    if tokens <= 0:
        return {}
    return {"tokens_per_run_m": tokens / period.year_share / TOKENS_PER_M, "runs_per_year": 1.0, "epochs": 1.0}
