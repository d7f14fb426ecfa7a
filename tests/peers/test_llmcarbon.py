"""LLMCarbon's training runs: its arithmetic redone by hand, and ours by the plain twin."""

from __future__ import annotations

import math

import pytest

from core import catalog as facts
from core.catalog.measured import training_runs
from core.catalog.rows import CatalogError
from core.engine.coefficients import from_fit
from core.peers.llmcarbon import FILE, Run, compared, median_ratio, runs
from core.units import H_PER_DAY

CATALOG = facts.load()
TRAINING = [run for run in runs() if run.stage == "pre_training"]
BESIDE = {row.run.id: row for row in compared()}


@pytest.mark.parametrize("run", TRAINING, ids=lambda run: run.id)
def test_their_prediction_is_a_multiplication_of_what_it_is_told(run: Run) -> None:
    """6 N D over the throughput reached, times the power measured, times PUE."""
    assert run.achieved_tflops is not None
    assert run.system_w is not None
    assert run.pue is not None
    assert run.carbon_kg_per_kwh is not None
    flop = 6 * run.params_active_b * 1e9 * run.train_tokens_b * 1e9
    days = flop / (run.accelerators * run.achieved_tflops * 1e12) / 86_400
    assert run.training_llmcarbon_days == pytest.approx(days, rel=0.01)
    energy_mwh = run.system_w * run.accelerators * run.training_llmcarbon_days * H_PER_DAY / 1e6 * run.pue
    assert run.energy_llmcarbon_mwh == pytest.approx(energy_mwh, rel=1e-3)
    assert run.carbon_llmcarbon_t == pytest.approx(energy_mwh * run.carbon_kg_per_kwh, rel=1e-3)


def test_what_is_compared_are_the_runs_with_an_energy() -> None:
    assert list(BESIDE) == [run.id for run in TRAINING] == [
        "t5-11b", "gpt3-175b", "gshard-600b", "switch-1571b", "xlm-0.55b",
    ]  # fmt: skip


@pytest.mark.parametrize("key", BESIDE)
def test_ours_scales_with_the_overhead_of_the_site_and_the_grid(key: str) -> None:
    row = BESIDE[key]
    assert row.run.carbon_kg_per_kwh is not None
    assert row.carbon_ours_t == pytest.approx(row.energy_ours_mwh * row.run.carbon_kg_per_kwh, rel=1e-12)


def test_ours_is_the_measured_systems_power_over_the_hours_of_the_fit() -> None:
    """GPT-3 by hand: 6 N D and attention over the fitted share of peak, at the accelerator's power and its host's.

    It reached 0.197 of its V100s' peak: one run alone cannot give old accelerators a share of their own.
    """
    row, device = BESIDE["gpt3-175b"], CATALOG.hardware["V100-SXM2"]
    c = from_fit(CATALOG.coefficients).training
    flop = 6 * 175e9 * 300e9 * (1 + 4096 / (6 * (175e9 * 128 / 12) ** (1 / 3)))
    ours_kwh = row.energy_ours_mwh * 1e3 / 1.1
    watts = device.tdp_w * c.u_gpu * (1 + c.host_frac)
    mfu = flop / (ours_kwh / watts * 1e3 * 3600) / (device.peak_tflops["fp16"] * 1e12)
    assert mfu == pytest.approx(math.exp(c.ln_mfu), rel=1e-3)
    assert 0.60 < row.energy_ours_mwh / 1287 < 0.70


def test_a_median_ratio_is_that_of_the_middle_run() -> None:
    assert median_ratio([(1.0, 2.0), (3.0, 1.0), (9.0, 9.0)]) == 1.0


def test_reported_energy_is_that_of_the_training_runs_where_both_have_it() -> None:
    known = {run.id: run for run in training_runs()}
    both = [row for row in BESIDE.values() if row.run.id in known]
    assert len(both) == 3
    for row in both:
        assert row.energy_reported_mwh == known[row.run.id].energy_mwh
        assert math.isclose(row.run.carbon_reported_t, known[row.run.id].carbon_t or 0.0)


def test_an_accelerator_nobody_knows_is_refused(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "validation").mkdir()
    text = (facts.FOLDER / FILE).read_text(encoding="utf-8").replace("TPUv3", "TPUv33")
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(CatalogError, match="line 2: hardware is 'TPUv33': 'TPUv33' is not a known accelerator"):
        runs(tmp_path)
