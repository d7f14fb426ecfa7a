"""Memory of training: the plain twin, figures of the papers, and laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.engine import TrainingMemoryColumns, training_memory
from core.units import BYTES_PER_GB
from tests import naive_memory
from tests.engine.agreement import differences, row_of
from tests.engine.rows import columns, fixed_rows, training_memory_row, training_memory_rows

GPT3 = {  # 175 billion parameters as in arXiv:2205.05198, table 3: 2,048 tokens, one sequence at a time
    "params_total": 175e9, "params_active": 175e9, "layers": 96, "d_model": 12_288, "state_byte_per_param": 16,
    "sequence_tokens": 2_048, "micro_batch": 1, "memory_byte": 80e9, "memory_reserve_share": 0.1,
    "accelerators_per_server": 8, "installed": 0,
}  # fmt: skip


def kept(row):
    """The kernel's answer for one row."""
    return row_of(training_memory(columns(TrainingMemoryColumns, [row])), 0)


@given(training_memory_rows)
def test_the_engine_agrees_with_the_plain_loop(row):
    assert differences(kept(row), naive_memory.training_memory(row), row) == []


def test_three_hundred_fixed_rows_agree():
    rows = fixed_rows(training_memory_row, 300, seed=7)
    told = [naive_memory.training_memory(row) for row in rows]
    assert [differences(kept(row), expected, row) for row, expected in zip(rows, told, strict=True)] == [[]] * 300
    assert any(np.isnan(expected["training_accelerators"]) for expected in told)


def test_a_model_of_7_5_billion_keeps_120_gb_as_the_paper_says():
    """Rajbhandari et al., figure 1: 7.5 billion parameters, 120 GB without sharing out, 1.9 GB each over 64."""
    row = GPT3 | {"params_total": 7.5e9, "installed": 64}
    assert kept(row)["memory_state_byte"] == 120 * BYTES_PER_GB
    shared = kept(row)["memory_accelerator_byte"] - kept(row)["memory_activation_byte"]
    assert shared / BYTES_PER_GB == pytest.approx(1.9, abs=0.05)


def test_what_enters_the_layers_of_a_175_billion_model_is_twice_tokens_width_and_layers():
    entered = 2 * 96 * 2_048 * 12_288
    layer = 34 * 2_048 * 12_288 + 4 * 175e9 / 96
    assert kept(GPT3)["memory_activation_byte"] == pytest.approx(entered + layer, rel=1e-12)


@given(training_memory_rows)
def test_on_the_fewest_accelerators_each_has_room_and_on_half_a_server_less_none(row):
    found, usable = kept(row | {"installed": 0}), row["memory_byte"] * (1 - row["memory_reserve_share"])
    fewest = found["training_accelerators"]
    if np.isnan(fewest):
        assert found["memory_activation_byte"] >= usable
        return
    assert found["memory_accelerator_byte"] <= usable * (1 + 1e-12)
    less = fewest / 2 if fewest <= 8 else fewest - max(8, row["accelerators_per_server"])
    if fewest > 1 and less >= 1:
        assert found["memory_state_byte"] / less + found["memory_activation_byte"] > usable


@given(training_memory_rows, st.floats(1, 10))
def test_the_state_is_linear_in_parameters_and_activations_in_tokens(row, factor):
    larger = kept(row | {"params_total": factor * row["params_total"]})
    assert larger["memory_state_byte"] == pytest.approx(factor * kept(row)["memory_state_byte"], rel=1e-12)
    still = row | {"params_active": 0}
    longer = kept(still | {"sequence_tokens": factor * row["sequence_tokens"]})
    assert longer["memory_activation_byte"] == pytest.approx(factor * kept(still)["memory_activation_byte"], rel=1e-12)


def test_rows_do_not_know_each_other():
    rows = fixed_rows(training_memory_row, 20, seed=3)
    there = training_memory(columns(TrainingMemoryColumns, rows))
    back = training_memory(columns(TrainingMemoryColumns, rows[::-1]))
    for one, other in zip(there, back, strict=True):
        np.testing.assert_array_equal(one, other[::-1])
