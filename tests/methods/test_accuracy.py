"""The accuracy told is that of the files: every figure again from the raw rows, by plain code that shares none."""

from __future__ import annotations

import json
import math

import pytest

from core.fit.score import HOLD_OUTS
from core.methods import accuracy, told
from core.methods import accuracy_training as training
from core.methods.accuracy import ENERGY, POWER, STEP
from core.methods.coverage import coverage, held_worst
from tests.foretold import DATA, MODELS, ROWS, middle, ratio, table, tenth

FIT = DATA / "validation" / "fit.json"
GROUPS = {
    "Accelerator": lambda row, model: {
        "V100-SXM2": "Tesla V100 SXM2 32 GB",
        "A40": "A40 48 GB",
        "A100-40-SXM": "A100 SXM4 40 GB",
        "H100-SXM": "H100 SXM5 80 GB",
        "B200": "B200 SXM (HGX) 180 GB",
    }[row["hardware"]],
    "Model": lambda row, model: (
        "Dense"
        if model["experts"] in ("", "0")
        else "Experts in block-FP8"
        if model["fp8_block"] == "1" and row["precision"] == "fp8"
        else "Mixture of experts"
    ),
    "Requests at a time": lambda row, model: next(
        name
        for end, name in ((2, "1 at a time"), (17, "2 to 16"), (129, "17 to 128"), (1e9, "Over 128"))
        if float(row["batch"]) < end
    ),
    "Serving software": lambda row, model: {
        "vllm": "Current engine (vLLM)",
        "vllm-2024": "Engine of 2024 (vLLM)",
        "transformers": "Unbatched scripts",
    }[row["serving"]],
    "Source": lambda row, model: row["series"],
}


def same(errors, keys, hold_out, quantity=ENERGY):
    ratios = [ratio(key, hold_out, quantity) for key in keys]
    assert errors.n == len(ratios)
    assert errors.models == len({ROWS[key]["model"] for key in keys})
    assert errors.median_share == pytest.approx(middle([abs(r - 1) for r in ratios]), rel=1e-12)
    assert errors.within_near_share == pytest.approx(sum(0.8 <= r <= 1.25 for r in ratios) / len(ratios))
    assert errors.within_twice_share == pytest.approx(sum(0.5 <= r <= 2 for r in ratios) / len(ratios))
    assert errors.bias_factor == pytest.approx(middle(ratios), rel=1e-12)
    assert errors.low_factor == pytest.approx(tenth([1 / r for r in ratios], 0.1), rel=1e-9)
    assert errors.high_factor == pytest.approx(tenth([1 / r for r in ratios], 0.9), rel=1e-9)


@pytest.mark.parametrize("quantity", [ENERGY, STEP, POWER])
@pytest.mark.parametrize("hold_out", HOLD_OUTS)
def test_the_errors_of_all_rows_are_those_of_the_files(hold_out, quantity):
    assert len(ROWS) == 712
    same(accuracy.overall(hold_out, quantity), list(ROWS), hold_out, quantity)


@pytest.mark.parametrize("hold_out", HOLD_OUTS)
def test_the_errors_of_every_kind_are_those_of_its_rows(hold_out):
    found = accuracy.by_regime(hold_out)
    kinds = {(group, of(row, MODELS[row["model"]])) for group, of in GROUPS.items() for row in ROWS.values()}
    assert {(regime.group, regime.name) for regime in found} == kinds
    for regime in found:
        of = GROUPS[regime.group]
        keys = [key for key, row in ROWS.items() if of(row, MODELS[row["model"]]) == regime.name]
        same(regime.errors, keys, hold_out)


def test_each_group_counts_every_row_once():
    for group in GROUPS:
        mine = [regime.errors.n for regime in accuracy.by_regime("unseen_pair") if regime.group == group]
        assert sum(mine) == len(ROWS)


def test_fewer_than_five_models_calibrate_nothing():
    told_of = {regime.name: regime.errors for regime in accuracy.by_regime("unseen_pair")}
    assert told_of["Experts in block-FP8"].models == 3
    assert not told_of["Experts in block-FP8"].calibratable
    assert told_of["Dense"].calibratable
    assert [name for name, errors in told_of.items() if errors.calibratable != (errors.models >= 5)] == []


def test_the_settings_furthest_off_are_those_of_the_files_worst_first():
    groups = {}
    for key, row in ROWS.items():
        name = (row["model"], row["hardware"], row["precision"], row["series"])
        groups.setdefault(name, []).append(ratio(key, "unseen_pair"))
    ranked = sorted(groups, key=lambda name: -middle([abs(math.log(r)) for r in groups[name]]))
    for name, failure in zip(ranked, accuracy.failures("unseen_pair", 12), strict=False):
        ratios = groups[name]
        worst = max(ratios, key=lambda r: abs(math.log(r)))
        assert (failure.precision, failure.series, failure.n) == (name[2], name[3], len(ratios))
        assert failure.typical_factor == pytest.approx(middle(ratios))
        assert failure.worst_factor == pytest.approx(worst)


def test_every_row_beyond_a_factor_of_two_has_a_reason_of_its_own():
    far = [key for key in ROWS if not 0.5 <= ratio(key, "unseen_pair") <= 2]
    assert far
    for key in far:
        row = ROWS[key]
        assert accuracy.reason_of(row["model"], row["hardware"], row["series"], ratio(key, "unseen_pair")), key


@pytest.mark.parametrize("row", told.rows("failures.csv"), ids=lambda row: row["series"])
def test_every_reason_is_about_rows_that_are_off_on_that_side(row):
    for model in told.keys(row["model"]):
        mine = [
            ratio(key, hold_out)
            for hold_out in ("unseen_pair", "unseen_gpu")
            for key, each in ROWS.items()
            if (each["model"], each["hardware"], each["series"]) == (model, row["hardware"], row["series"])
        ]
        assert mine, model
        off = min(mine) < 1 if row["estimate"] == "too low" else max(mine) > 1
        assert off, model
        assert row["source"] in table("sources.csv", "key")


def test_a_setting_nobody_explains_says_so_and_what_was_assumed():
    assert accuracy.reason_of("gemma-2b", "A100-40-SXM", "ML.ENERGY v2 code", 1.3) == ""
    found = [
        f for f in accuracy.failures("unseen_pair", 80) if f.model == "Gemma 2B" and f.series == "ML.ENERGY v2 code"
    ]
    assert found[0].reason == "not known; the length of its prompts is not published: 160 tokens are assumed"


def test_a_class_without_rows_has_no_error():
    assert accuracy.of_cell("unseen_pair", "moe", "b1") is None
    dense = [key for key, row in ROWS.items() if GROUPS["Model"](row, MODELS[row["model"]]) == "Dense"]
    alone = [key for key in dense if float(ROWS[key]["batch"]) < 2]
    same(accuracy.of_cell("unseen_gpu", "dense", "b1"), alone, "unseen_gpu")
    same(accuracy.of_cell("unseen_gpu", "dense", ""), dense, "unseen_gpu")


def test_the_coverage_of_every_regime_is_that_of_rows_without_a_part_in_the_range():
    text = json.loads(FIT.read_text(encoding="utf-8"))["coverage"]
    again = {(one["accelerator"], one["without"], one["regime"]): one for one in text}
    kinds = {"Dense": "dense", "Mixture of experts": "moe", "Experts in block-FP8": "moe_block_fp8", "All": "all"}
    bands = {"": "", "1 at a time": "|b1", "2 to 16": "|b2_16", "17 to 128": "|b17_128", "over 128": "|b129_up"}
    tests = {"pair": ("seen_gpu", "pair"), "accelerator": ("unseen_gpu", "pair"), "type": ("unseen_gpu", "hardware")}
    shown = set()
    for one in coverage():
        kind, _, band = one.name.partition(", ")
        regime = f"{kinds[kind]}{bands[band]}".removeprefix("all|")
        shown.add(regime)
        for test, which in tests.items():
            counted = again[*which, regime]
            assert (one.n, one.models, one.types) == (counted["n"], counted["models"], counted["types"])
            assert (one.inside_share is None) == (one.models < 5), one.name
            told_share = one.inside_share[test] if one.inside_share else None
            assert told_share == counted["inside_share"]
    assert shown == {regime for _, _, regime in again}


def test_the_range_holds_least_of_a_new_accelerator_where_two_types_err_to_opposite_sides():
    worst = held_worst()
    assert (worst.name, worst.types) == ("Dense, 2 to 16", 2)
    leans = {}
    for key, row in ROWS.items():
        if GROUPS["Model"](row, MODELS[row["model"]]) == "Dense" and 2 <= float(row["batch"]) < 17:
            leans.setdefault(row["hardware"], []).append(ratio(key, "unseen_gpu") - 1)
    assert sorted(middle(mine) > 0 for mine in leans.values()) == [False, True]


TRAINED = table("validation/training_held_out.csv")


@pytest.mark.parametrize("hold_out", training.HOLD_OUTS)
def test_the_errors_of_training_are_those_of_the_file(hold_out):
    timed = [run for run in TRAINED.values() if run["covered"]]
    ratios = [float(run[f"{hold_out}_h"]) / float(run["measured_h"]) for run in timed]
    found = training.overall(hold_out)
    assert (found.n, len(training.timed())) == (len(timed), len(timed))
    assert found.median_share == pytest.approx(middle([abs(r - 1) for r in ratios]))
    assert found.within_twice_share == pytest.approx(sum(0.5 <= r <= 2 for r in ratios) / len(ratios))
    assert found.low_factor == pytest.approx(tenth([1 / r for r in ratios], 0.1))
    by_generation = {}
    for run, r in zip(timed, ratios, strict=True):
        by_generation.setdefault(run["generation"], []).append(abs(r - 1))
    told_of = {one.name: one.errors for one in training.by_regime(hold_out) if one.group == "Generation"}
    assert {name: (one.n, one.median_share) for name, one in told_of.items()} == {
        name: (len(mine), pytest.approx(middle(mine))) for name, mine in by_generation.items()
    }
    for group in ("Generation", "Model", "Number format", "Active parameters"):
        assert sum(one.errors.n for one in training.by_regime(hold_out) if one.group == group) == len(timed)


def test_the_coverage_and_the_energy_of_training_are_those_of_the_file():
    timed = [run for run in TRAINED.values() if run["covered"]]
    assert training.covered_share() == pytest.approx(sum(run["covered"] == "1" for run in timed) / len(timed))
    pairs = [(run["energy_developer_left_out_mwh"], run["energy_measured_mwh"]) for run in TRAINED.values()]
    errors = [abs(float(foretold) / float(metered) - 1) for foretold, metered in pairs if foretold and metered]
    assert len(training.metered()) == len(errors)
    assert training.energy_share() == pytest.approx(middle(errors))
