"""How far the engine is from what was measured: errors by hold-out and regime, and where it fails, from the files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from math import exp, log
from statistics import median, quantiles

from core import catalog as facts
from core.fit.score import BANDS, CLASSES, NEAR, TWICE, Held, held_out
from core.methods import told

ENERGY, STEP, POWER = "energy_accelerator_j_per_output_token", "step_time_s", "power_accelerator_w"
LEAST_MODELS = 5  # fewer cannot tell a range
ACCELERATORS = ("V100-SXM2", "A40", "A100-40-SXM", "H100-SXM", "B200")  # by age
SERVED = {"vllm": "Current engine (vLLM)", "vllm-2024": "Engine of 2024 (vLLM)", "transformers": "Unbatched scripts"}
KINDS = {"dense": "Dense", "moe": "Mixture of experts", "moe_block_fp8": "Experts in block-FP8"}
AT_A_TIME = {"b1": "1 at a time", "b2_16": "2 to 16", "b17_128": "17 to 128", "b129_up": "Over 128"}


@dataclass(frozen=True, slots=True)
class Errors:
    """The errors of some rows: shares of one; `low` and `high` hold four in five of measured over estimated."""

    n: int
    models: int
    median_share: float
    within_near_share: float
    within_twice_share: float
    bias_factor: float
    low_factor: float
    high_factor: float

    @property
    def calibratable(self) -> bool:
        """Whether there are models enough to tell a range."""
        return self.models >= LEAST_MODELS


@dataclass(frozen=True, slots=True)
class Regime:
    """The rows of one kind: which group it belongs to, its name, its errors."""

    group: str
    name: str
    errors: Errors


@dataclass(frozen=True, slots=True)
class Failure:
    """Rows of one model on one accelerator in one series that are far off, and what is known of why."""

    model: str
    hardware: str
    precision: str
    series: str
    n: int
    typical_factor: float  # estimated over measured, in the middle
    worst_factor: float
    reason: str


@lru_cache(maxsize=1)
def held() -> tuple[Held, ...]:
    """Every measurement with what was predicted of it."""
    return held_out(facts.load())


def errors(rows: Sequence[Held], hold_out: str, quantity: str = ENERGY) -> Errors:
    """The errors of some rows, of which there must be one."""
    ratios = [row.ratio(quantity, hold_out) for row in rows]
    low, high = ends([1.0 / ratio for ratio in ratios])
    return Errors(
        n=len(rows),
        models=len({row.measured.model for row in rows}),
        median_share=median(abs(ratio - 1.0) for ratio in ratios),
        within_near_share=within(ratios, NEAR),
        within_twice_share=within(ratios, TWICE),
        bias_factor=median(ratios),
        low_factor=low,
        high_factor=high,
    )


def ends(values: Sequence[float]) -> tuple[float, float]:
    """The tenth and the ninetieth of a hundred parts, in the logarithm; one value is both."""
    if len(values) == 1:
        return values[0], values[0]
    parts = quantiles((log(value) for value in values), n=10, method="inclusive")
    return exp(parts[0]), exp(parts[-1])


def within(ratios: Sequence[float], factor: float) -> float:
    """The share of ratios within a factor, on either side."""
    return sum(1.0 / factor <= ratio <= factor for ratio in ratios) / len(ratios)


def _names() -> Mapping[str, str]:
    return {key: facts.load().hardware[key].name for key in dict.fromkeys(row.measured.hardware for row in held())}


GROUPS: Mapping[str, Callable[[Held], str]] = {
    "Accelerator": lambda row: _names()[row.measured.hardware],
    "Model": lambda row: KINDS[row.model_class],
    "Requests at a time": lambda row: AT_A_TIME[row.band],
    "Serving software": lambda row: SERVED[row.measured.serving],
    "Source": lambda row: row.measured.series,
}


def _order(group: str) -> list[str]:
    """Names of a group in the order in which they are told."""
    known = {
        "Accelerator": [_names()[key] for key in ACCELERATORS if key in _names()],
        "Model": [KINDS[key] for key in CLASSES],
        "Requests at a time": [AT_A_TIME[key] for key in BANDS],
        "Serving software": list(SERVED.values()),
    }
    found = dict.fromkeys(GROUPS[group](row) for row in held())
    return list(dict.fromkeys([name for name in known.get(group, []) if name in found] + sorted(found)))


@cache
def by_regime(hold_out: str) -> tuple[Regime, ...]:
    """The errors of each kind of row under one hold-out."""
    return tuple(
        Regime(group, name, errors([row for row in held() if of(row) == name], hold_out))
        for group, of in GROUPS.items()
        for name in _order(group)
    )


@cache
def overall(hold_out: str, quantity: str = ENERGY) -> Errors:
    """The errors of all rows."""
    return errors(held(), hold_out, quantity)


@cache
def of_cell(hold_out: str, kind: str, band: str, quantity: str = ENERGY) -> Errors | None:
    """The errors of a class of models at one band of requests at a time; an empty band or class means any of them."""
    rows = [row for row in held() if kind in ("", row.model_class) and band in ("", row.band)]
    return errors(rows, hold_out, quantity) if rows else None


@cache
def failures(hold_out: str, most: int) -> tuple[Failure, ...]:
    """The settings that are furthest off, worst first."""
    found: dict[tuple[str, str, str, str], list[Held]] = {}
    for row in held():
        m = row.measured
        found.setdefault((m.model, m.hardware, m.precision, m.series), []).append(row)
    ranked = sorted(found.items(), key=lambda item: -_distance(item[1], hold_out))
    return tuple(_failure(rows, hold_out) for _, rows in ranked[:most])


def _distance(rows: Sequence[Held], hold_out: str) -> float:
    return median(abs(log(row.ratio(ENERGY, hold_out))) for row in rows)


def _failure(rows: Sequence[Held], hold_out: str) -> Failure:
    m = rows[0].measured
    ratios = [row.ratio(ENERGY, hold_out) for row in rows]
    worst = max(ratios, key=lambda ratio: abs(log(ratio)))
    reason = reason_of(m.model, m.hardware, m.series, median(ratios))
    assumed = f"; the length of its prompts is not published: {m.input_tokens:g} tokens are assumed"
    return Failure(
        facts.load().models[m.model].name,
        facts.load().hardware[m.hardware].name,
        m.precision,
        m.series,
        len(rows),
        median(ratios),
        worst,
        reason or "not known" + (assumed if m.input_tokens_assumed else ""),
    )


def reason_of(model: str, hardware: str, series: str, factor: float) -> str:
    """What is known of why such rows are off: the first row of `failures.csv` that fits; empty where none does.

    A cell names one or several, and blank fits everything; `estimate` is on which side the estimate lies.
    """
    case = {"model": model, "hardware": hardware, "series": series, "estimate": "too low" if factor < 1 else "too high"}
    for row in told.rows("failures.csv"):
        if all(not row[name] or value in told.keys(row[name]) for name, value in case.items()):
            return row["reason"]
    return ""


def points(hold_out: str) -> Iterator[tuple[Held, float, float]]:
    """Each row with what was measured and what was estimated [J per output token]."""
    for row in held():
        yield row, row.measured.energy_accelerator_j_per_output_token, row.predicted[ENERGY, hold_out]
