"""The physics alone: columns in, columns out. Knows no plan, no catalog and no date."""

import numpy as np

from core.engine.calibration import calibration, run_calibration
from core.engine.coefficients import Coefficients, from_fit
from core.engine.columns import (
    ActivityColumns,
    CalibrationColumns,
    CalibrationResult,
    FootprintColumns,
    FootprintResult,
    InferenceColumns,
    InferenceResult,
    TrainingColumns,
    TrainingMemoryColumns,
    TrainingMemoryResult,
    TrainingResult,
    empty,
)
from core.engine.footprint import footprint, run_footprint
from core.engine.inference import inference, run_inference
from core.engine.purchases import purchases, run_purchases
from core.engine.sets import (
    PartColumns,
    SetSums,
    Use,
    run_own_power,
    run_set_fleets,
    run_set_sums,
    set_fleets,
    set_sums,
)
from core.engine.shapley import run_shapley, shapley
from core.engine.training import run_training, training
from core.engine.training_memory import run_training_memory, training_memory


def warm_up(coefficients: Coefficients) -> None:
    """Compile every kernel, or load it from the cache, on one empty row."""
    run_inference(empty(InferenceColumns, 1), coefficients, empty(InferenceResult, 1))
    run_training(empty(TrainingColumns, 1), coefficients, empty(TrainingResult, 1))
    run_training_memory(empty(TrainingMemoryColumns, 1), empty(TrainingMemoryResult, 1))
    run_calibration(empty(CalibrationColumns, 1), empty(CalibrationResult, 1))
    run_purchases(np.zeros((1, 1)), np.ones(1), np.zeros(1), np.zeros((1, 1)))
    run_shapley(np.zeros((2, 1)), np.ones(1), np.zeros((1, 1)))
    run_footprint(empty(ActivityColumns, 1), empty(FootprintColumns, 1), empty(FootprintResult, 1))
    none = np.zeros(0, dtype=np.int64)
    uses, standing = [Use(none, none, none, 0, 0, 1.0)], np.zeros(1)
    activity, x = empty(ActivityColumns, 1), empty(FootprintColumns, 1)
    set_sums(uses, 1, activity, empty(PartColumns, 1), x, SetSums(*np.zeros((len(SetSums._fields), 1, 1))))
    set_fleets(uses, 1, standing, none, (1, 1))


__all__ = [
    "ActivityColumns",
    "CalibrationColumns",
    "CalibrationResult",
    "Coefficients",
    "FootprintColumns",
    "FootprintResult",
    "InferenceColumns",
    "InferenceResult",
    "PartColumns",
    "SetSums",
    "TrainingColumns",
    "TrainingMemoryColumns",
    "TrainingMemoryResult",
    "TrainingResult",
    "Use",
    "calibration",
    "empty",
    "footprint",
    "from_fit",
    "inference",
    "purchases",
    "run_calibration",
    "run_footprint",
    "run_inference",
    "run_own_power",
    "run_purchases",
    "run_set_fleets",
    "run_set_sums",
    "run_shapley",
    "run_training",
    "run_training_memory",
    "set_fleets",
    "set_sums",
    "shapley",
    "training",
    "training_memory",
    "warm_up",
]
