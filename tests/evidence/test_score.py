"""Predicted ratios against published ones: recomputed from the raw file, and laws that every prediction keeps."""

from __future__ import annotations

import csv
from math import prod
from pathlib import Path

import numpy as np
import pytest

from core import catalog as facts
from core.catalog import Catalog
from core.engine import InferenceColumns, from_fit, inference
from core.evidence import score
from core.evidence.foretold import Foretold, foretold, of_lever, pairs_of, published, stacks
from core.headless import evidence
from core.levers import served
from core.plan import Plan, Workload
from core.plan.lever import Lever
from core.results import of
from tests.foretold import middle

DATA = Path(__file__).parents[2] / "data"
CATALOG = facts.load()
BY_ID = {row.pair.id: row for row in foretold()}


def _raw() -> dict[str, dict[str, str]]:
    with (DATA / "levers" / "validation.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def _by_hand(catalog: Catalog, cells: dict[str, str], side: str) -> float:
    """Joules per output token of one side, its columns written out here from the raw cells and the catalog's facts."""
    model, device = catalog.models[cells[f"{side}_model"]], catalog.hardware[cells[f"{side}_hardware"]]
    precision = cells[f"{side}_precision"]
    number_format = catalog.precisions[precision]
    eight_bit = precision in ("fp8", "int8")
    sixteen = device.peak_tflops.get("bf16") or device.peak_tflops["fp16"]
    said: dict[str, float] = dict.fromkeys(InferenceColumns._fields, 0.0) | {
        "params_total": model.params_total_b * 1e9,
        "params_active": (model.params_active_b or 0.0) * 1e9,
        "experts": model.experts or 0,
        "experts_per_token": model.experts_per_token or 0,
        "layers": model.layers or 0,
        "d_model": model.d_model or 0,
        "heads": model.heads or 0,
        "head_dim": model.head_dim or 0,
        "kv_heads": model.kv_heads or 1,
        "kv_byte_per_token": model.kv_bytes_per_token or 0,
        "kv_window_tokens": model.kv_window_tokens or 0,
        "kv_global_share": 1.0 if model.kv_global_share is None else model.kv_global_share,
        "recurrent_state_byte": model.recurrent_state_byte or 0,
        "latent_cache": model.latent_cache,
        "weight_byte": number_format.weight_byte,
        "expert_4bit": number_format.weight_only,
        "fp8_compute": eight_bit,
        "fp8_block": model.fp8_block and precision == "fp8",
        "peak_flop_per_s": (device.peak_tflops[precision] if eight_bit else sixteen) * 1e12,
        "peak16_flop_per_s": sixteen * 1e12,
        "bandwidth_byte_per_s": device.bandwidth_gb_s * 1e9,
        "memory_byte": device.memory_gb * 1e9,
        "tdp_w": device.tdp_w,
        "idle_w": device.idle_w,
        "link_byte_per_s": max(device.link_gb_s, 1.0) * 1e9,
        "gddr": device.gddr,
        "accelerators_per_server": device.accelerators_per_server,
        "measured": 1.0,
        "engine": {"vllm": 0.0, "vllm-2024": 1.0, "transformers": 2.0}[cells[f"{side}_serving"]],
        "parallel": {"tp": 0.0, "ep": 1.0}[cells[f"{side}_parallel"]],
        "accelerators": float(cells[f"{side}_accelerators"]),
        "batch": float(cells[f"{side}_batch"]),
        "batch_cap": 1e6,
        "requests": 1.0,
        "input_tokens": float(cells[f"{side}_input_tokens"]),
        "output_tokens": float(cells[f"{side}_output_tokens"]),
        "service_h": 8760.0,
        "peak_to_mean": 1.0,
        "shared": 1.0,
        "provider_utilization": 1.0,
        "held_h": 8760.0,
        "kernel_time_factor": 1.0,
        "power_factor": 1.0,
    }
    x = InferenceColumns(*(np.array([float(said[name])]) for name in InferenceColumns._fields))
    return float(inference(x, from_fit(catalog.coefficients)).energy_accelerator_j_per_output_token[0])


@pytest.mark.parametrize("key", ["L003", "L006", "L011", "L015", "L025", "L028", "L038", "S001"])
def test_a_ratio_is_that_of_two_rows_of_the_engine_written_by_hand(key: str) -> None:
    cells = _raw()[key]
    before, after = _by_hand(CATALOG, cells, "baseline"), _by_hand(CATALOG, cells, "treated")
    assert BY_ID[key].before_j_per_output_token == pytest.approx(before, rel=1e-12)
    assert BY_ID[key].after_j_per_output_token == pytest.approx(after, rel=1e-12)
    assert BY_ID[key].ratio == pytest.approx(after / before, rel=1e-12)


def _again(rows: list[Foretold]) -> tuple[float, int, int]:
    """Median error, directions right and directions judged, from the raw file."""
    raw = _raw()
    ratios = [(row.ratio, float(raw[row.pair.id]["ratio"])) for row in rows]
    clear = [(ours, theirs) for ours, theirs in ratios if theirs > 1.03 or theirs < 0.97]
    right = sum((ours > 1) == (theirs > 1) for ours, theirs in clear)
    return middle([abs(ours / theirs - 1) for ours, theirs in ratios]), right, len(clear)


def test_the_score_is_that_of_the_raw_file() -> None:
    computed = [key for key, cells in _raw().items() if cells["baseline_model"]]
    assert [row.pair.id for row in foretold()] == computed
    found = score.overall()
    assert found.n == len(computed)
    assert (found.median_error_share, found.right, found.judged) == pytest.approx(_again(list(foretold())))


def test_the_score_of_each_lever_is_that_of_its_rows() -> None:
    raw = _raw()
    for one in score.by_lever():
        rows = [row for row in foretold() if raw[row.pair.id]["lever"] == one.lever]
        assert (one.n, one.median_error_share, one.right, one.judged) == pytest.approx((len(rows), *_again(rows)))
    assert sum(one.n for one in score.by_lever()) == score.overall().n


def test_the_aims_are_reached() -> None:
    """Half within 12 % of the published ratio, and the direction right in 95 of 100."""
    found = score.overall()
    assert found.median_error_share <= score.AIM_MEDIAN_SHARE
    assert found.right / found.judged >= score.AIM_DIRECTION_SHARE


def test_pairs_of_unseen_settings_are_foretold_by_the_held_out_rows() -> None:
    with (DATA / "validation" / "held_out.csv").open(encoding="utf-8", newline="") as file:
        said = {row["id"]: float(row["predicted_unseen_pair_j_per_output_token"]) for row in csv.DictReader(file)}
    raw = _raw()
    for row in foretold():
        ends = [raw[row.pair.id][f"{side}_measurement"] for side in ("baseline", "treated")]
        if all(ends):
            assert row.unseen_ratio == pytest.approx(said[ends[1]] / said[ends[0]], rel=1e-12)
        else:
            assert row.unseen_ratio is None


def test_block_fp8_experts_at_batch_8_on_the_same_accelerators_cost_energy() -> None:
    row = BY_ID["L011"]
    assert row.published == pytest.approx(1.56, abs=0.005)
    assert row.ratio > 1.0
    assert row.right


def test_fp8_experts_turn_from_a_loss_into_a_gain_as_the_batch_grows() -> None:
    assert BY_ID["L011"].ratio > 1.0 > max(BY_ID[key].ratio for key in ("L012", "L013", "L014"))


def test_levers_composed_are_nearer_to_the_stack_than_the_product_of_each_alone() -> None:
    (stack,) = stacks()
    raw = _raw()
    parts = [key for key, cells in raw.items() if cells["part_of"] == "S001"]
    assert parts == ["L013", "S002", "S003"] == [part.id for part in stack.parts]
    flat = prod(float(raw[key]["ratio"]) for key in parts)
    assert stack.flat == pytest.approx(flat)
    assert stack.together.published == pytest.approx(0.209, abs=5e-4)
    assert flat == pytest.approx(0.344, abs=5e-4)
    composed = BY_ID["S001"].ratio
    assert abs(composed / 0.209 - 1) < abs(flat / 0.209 - 1) / 4


def test_the_levers_of_the_stack_lead_from_its_first_setting_to_its_second() -> None:
    """FP8 and newer accelerators as the page composes them: the format, the device and how many hold it."""
    before, after = (published()[-3].before, published()[-3].after)
    assert before is not None
    assert after is not None
    workload = before.workload().but(id="W1", hosting="own", region="DE")
    plan = Plan(first_year=2026, last_year=2026)
    levers = (Lever(id="ptq_fp8"), Lever(id="newer_gpu", choice="B200"))
    (part,) = served(CATALOG, plan, workload, levers)
    assert (part.workload.precision, part.workload.hardware) == (after.precision, after.hardware)
    found = of(plan.but(workloads=(part.workload.but(batch=after.batch),)))
    assert float(found.values["accelerators"].ravel()[0]) == after.accelerators


def test_weights_set_to_zero_one_by_one_save_nothing() -> None:
    plan = Plan(first_year=2026, last_year=2026)
    workload = Workload(id="W1", hosting="own", model="llama3.1-8b", hardware="H100-SXM", region="DE")
    (part,) = served(CATALOG, plan, workload, (Lever(id="unstructured_sparsity", value=0.5),))
    assert (part.workload, part.changes) == (workload, ())


def test_a_lever_lists_all_its_pairs_and_those_that_are_predicted() -> None:
    raw = _raw()
    for key in CATALOG.levers:
        mine = [name for name, cells in raw.items() if key in cells["lever"].split(";")]
        assert [pair.id for pair in pairs_of(key)] == mine
        assert [row.pair.id for row in of_lever(key)] == [name for name in mine if raw[name]["baseline_model"]]


def test_the_worst_are_the_furthest_from_what_was_published() -> None:
    off = sorted((abs(row.ratio / row.published - 1) for row in foretold()), reverse=True)
    assert [abs(row.residual_share) for row in score.worst(4)] == pytest.approx(off[:4])


def test_the_command_prints_every_pair_once_and_every_reason() -> None:
    text = list(evidence.run())
    for pair in published():
        assert sum(line.split()[:1] == [pair.id] for line in text) == 1
    assert sum(": " in line and line.startswith("  ") for line in text) == sum(
        bool(pair.not_computed) for pair in published()
    )
    assert any(line.startswith("all ") and line.rstrip().endswith("right") for line in text)


def test_the_readme_says_the_score() -> None:
    text = " ".join((DATA.parent / "core" / "methods" / "README.md").read_text(encoding="utf-8").split())
    found = score.overall()
    assert f"{found.n} pairs of energy" in text
    near, right = f"{found.median_error_share * 100:.0f} %", f"{found.right} of {found.judged}"
    assert f"a median error of {near} of the ratio, the direction right in {right}" in text
    assert [row.pair.lever for row in score.worst(2)] == ["nf4_qlora", "nf4_qlora"]
