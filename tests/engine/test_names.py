"""Every column says its unit, or the glossary says why it has none."""

import pytest

from core.engine import (
    ActivityColumns,
    FootprintColumns,
    FootprintResult,
    InferenceColumns,
    InferenceResult,
    TrainingColumns,
    TrainingMemoryColumns,
    TrainingMemoryResult,
    TrainingResult,
)
from core.units import UNITLESS, UNITS

KINDS = (InferenceColumns, InferenceResult, TrainingColumns, TrainingResult)
KINDS += (TrainingMemoryColumns, TrainingMemoryResult)
KINDS += (ActivityColumns, FootprintColumns, FootprintResult)


def endings(name):
    words = name.split("_")
    return {"_".join(words[start:]) for start in range(len(words))}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_column_ends_in_its_unit(kind):
    assert [name for name in kind._fields if not endings(name) & (UNITS.keys() | UNITLESS.keys())] == []
