"""Every kernel against its slow twin, over rows as odd as a user may make them."""

import math

from hypothesis import given, settings

from core.engine import (
    CalibrationColumns,
    InferenceColumns,
    TrainingColumns,
    calibration,
    footprint,
    inference,
    training,
)
from tests import naive
from tests.engine.agreement import differences, row_of
from tests.engine.rows import (
    COEFFICIENTS,
    FIT,
    calibration_row,
    calibration_rows,
    columns,
    fixed_rows,
    footprint_columns,
    footprint_row,
    footprint_rows,
    inference_row,
    inference_rows,
    training_row,
    training_rows,
)


def inference_disagrees(row):
    got = row_of(inference(columns(InferenceColumns, [row]), COEFFICIENTS), 0)
    expected = naive.inference(row, FIT)
    if expected is None:
        unknown = math.isnan(got["accelerators"]) and math.isnan(got["energy_accelerator_kwh"])
        return [] if unknown else [f"a figure for a model that fits nowhere: {got}"]
    return differences(got, expected, row)


def training_disagrees(row):
    got = row_of(training(columns(TrainingColumns, [row]), COEFFICIENTS), 0)
    return differences(got, naive.training(row, FIT), row)


def footprint_disagrees(row):
    got = row_of(footprint(*footprint_columns([row])), 0)
    return differences(got, naive.footprint(row), row)


def calibration_disagrees(row):
    got = row_of(calibration(columns(CalibrationColumns, [row])), 0)
    return differences(got, naive.calibration(row), {})


@settings(max_examples=300, deadline=None)
@given(inference_rows)
def test_inference_agrees_with_the_plain_loop(row):
    assert inference_disagrees(row) == []


@settings(max_examples=200, deadline=None)
@given(training_rows)
def test_training_agrees_with_the_plain_formulas(row):
    assert training_disagrees(row) == []


@settings(max_examples=200, deadline=None)
@given(footprint_rows)
def test_the_footprint_agrees_with_the_plain_formulas(row):
    assert footprint_disagrees(row) == []


def test_two_thousand_fixed_rows_agree_with_the_plain_loop():
    assert [found for row in fixed_rows(inference_row, 2_000, seed=7) for found in inference_disagrees(row)] == []


def test_five_hundred_fixed_training_rows_agree():
    assert [found for row in fixed_rows(training_row, 500, seed=7) for found in training_disagrees(row)] == []


def test_five_hundred_fixed_footprint_rows_agree():
    assert [found for row in fixed_rows(footprint_row, 500, seed=7) for found in footprint_disagrees(row)] == []


@settings(max_examples=100, deadline=None)
@given(calibration_rows)
def test_the_calibration_agrees_with_the_plain_formulas(row):
    assert calibration_disagrees(row) == []


def test_two_hundred_fixed_calibrated_rows_agree():
    assert [found for row in fixed_rows(calibration_row, 200, seed=7) for found in calibration_disagrees(row)] == []
