"""EcoLogits' formula on the measured settings, beside ours where our fit had not seen them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from statistics import median

from core import catalog as facts
from core.catalog import Model
from core.catalog.measured import Measurement
from core.fit.score import Held, held_out
from core.peers import ecologits_library
from core.peers.bridge import THEIR_DEVICE

ENERGY = "energy_accelerator_j_per_output_token"
TWICE = 2.0
# What its formula was itself fitted to: ML.ENERGY's H100 rows up to these [ecologits-docs].
THEIR_MOST_BATCH, THEIR_MOST_PARAMS_B = 512.0, 200.0
THEIRS_TOLD, THEIRS, UNSEEN_PAIR, UNSEEN_GPU = "theirs_told", "theirs", "unseen_pair", "unseen_gpu"


@dataclass(frozen=True, slots=True)
class Score:
    """How far one way of estimating is from the measured rows: shares of one.

    `who` is EcoLogits told each row's batch and accelerators, EcoLogits as it comes, or our fit with the row's pair of
    model and accelerator, or its type of accelerator, left out. `home` counts the rows within the limits of what
    EcoLogits' formula was fitted to.
    """

    who: str
    n: int
    median_error_share: float
    within_twice_share: float
    home_n: int
    home_median_error_share: float


@lru_cache(maxsize=4)
def scores(hardware: str = THEIR_DEVICE) -> tuple[Score, ...]:
    """Every way's error on the measured settings of one accelerator; joules per output token at the accelerators."""
    catalog = facts.load()
    rows = [row for row in held_out(catalog) if row.measured.hardware == hardware]

    def told(row: Held) -> float:
        return _theirs(catalog.models[row.measured.model], row.measured, told=True)

    def as_it_comes(row: Held) -> float:
        return _theirs(catalog.models[row.measured.model], row.measured, told=False)

    return (
        _score(THEIRS_TOLD, rows, told),
        _score(THEIRS, rows, as_it_comes),
        _score(UNSEEN_PAIR, rows, lambda row: row.ratio(ENERGY, UNSEEN_PAIR)),
        _score(UNSEEN_GPU, rows, lambda row: row.ratio(ENERGY, UNSEEN_GPU)),
    )


def _theirs(model: Model, row: Measurement, told: bool) -> float:
    """EcoLogits over measured."""
    assert model.params_active_b is not None  # what was measured has a size
    j = ecologits_library.energy_j_per_output_token(
        model.params_active_b,
        model.params_total_b,
        batch=row.batch if told else None,
        accelerators=row.accelerators if told else None,
    )
    return j / row.energy_accelerator_j_per_output_token


def _score(who: str, rows: list[Held], ratio: Callable[[Held], float]) -> Score:
    ratios = [ratio(row) for row in rows]
    within = sum(1.0 / TWICE <= found <= TWICE for found in ratios)
    home = [found for row, found in zip(rows, ratios, strict=True) if _at_home(row)]
    return Score(who, len(rows), _median_error(ratios), within / len(rows), len(home), _median_error(home))


def _median_error(ratios: list[float]) -> float:
    return median(abs(found - 1.0) for found in ratios) if ratios else float("nan")


def _at_home(row: Held) -> bool:
    """Whether a row lies within the limits of what EcoLogits' formula was fitted to."""
    total_b = facts.load().models[row.measured.model].params_total_b
    return row.measured.batch <= THEIR_MOST_BATCH and total_b <= THEIR_MOST_PARAMS_B
