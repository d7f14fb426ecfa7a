"""The choice of terms: useless ones go, useful ones stay, and its file is what such structures foretell."""

import csv
from dataclasses import replace

import numpy as np
import pytest

from core import catalog as facts
from core.engine import InferenceResult, empty, run_inference
from core.fit import nested, nested_file, prompts, score
from core.fit.columns import columns
from core.fit.folds import folds, keys
from core.fit.guess import completed, fitted, guesses, optional
from core.fit.measurement import measurements
from core.fit.refit import base
from core.fit.solve import fit, predicted_ln

CATALOG = facts.load()
ROWS = measurements(CATALOG, facts.FOLDER)
ENERGY = nested_file.ENERGY


@pytest.fixture(scope="module")
def x():
    return columns(CATALOG, ROWS)


@pytest.fixture(scope="module")
def lines():
    with (facts.FOLDER / nested_file.FILE).open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def test_a_term_left_out_is_a_number_or_the_coefficient_beside_it():
    values = {guess.name: guess.start for guess in guesses()}
    found = completed({**values, "eta_weight": 0.77}, frozenset({"eta_weight_hf", "step_us", "expert_reuse", "p_gddr"}))
    assert (found["eta_weight_hf"], found["step_us"], found["expert_reuse"], found["p_gddr"]) == (0.77, 0.0, 1.0, 1.0)
    assert found["eta_weight_fp8"] == values["eta_weight_fp8"]
    for guess in guesses():
        assert guess.without in ("", "0", "1", *values), guess.name
    assert set(optional()) < {guess.name for guess in fitted()}
    assert [guess.name for guess in fitted(frozenset({"step_us"}))] == [g.name for g in fitted() if g.name != "step_us"]


def test_a_term_that_made_no_row_is_left_out_and_one_that_did_is_kept():
    small = [row for row in ROWS if row.hardware == "H100-SXM" and row.serving == "vllm"]
    x = columns(CATALOG, small)
    values = {guess.name: guess.start for guess in guesses()} | {"seq_us": 0.0, "step_us": 4_000.0}
    truth = base()._replace(inference=base().inference._replace(**values))
    out = empty(InferenceResult, len(small))
    run_inference(x, truth, out)
    rng = np.random.default_rng(3)
    made = [
        replace(
            row,
            energy_accelerator_j_per_output_token=float(out.energy_accelerator_j_per_output_token[i]) * noise,
            output_tokens_per_s=row.batch / float(out.step_time_s[i]) / noise,
            power_total_w=row.accelerators * float(out.power_accelerator_w[i]),
        )
        for i, (row, noise) in enumerate(zip(small, np.exp(0.02 * rng.normal(size=len(small))), strict=True))
    ]
    inside = nested.inner_folds(made, x, base(), "unseen_pair", keys(CATALOG)["unseen_pair"])
    assert nested.chosen(inside, base(), ["seq_us", "step_us"]) == {"seq_us"}


def test_the_file_has_the_folds_of_the_other_hold_outs(lines):
    assert list(lines) == [row.id for row in ROWS]
    for name in nested_file.HOLD_OUTS:
        for place, rows in enumerate(folds(ROWS, name, keys(CATALOG)[name]), start=1):
            mine = [lines[row.id] for row, here in zip(ROWS, rows, strict=True) if here]
            assert {line[f"fold_{name}"] for line in mine} == {str(place)}
            assert len({line[f"without_{name}"] for line in mine}) == 1


@pytest.mark.parametrize(("hold_out", "place"), [("unseen_pair", 3), ("unseen_gpu", 2)])
def test_what_a_fold_foretells_is_the_fit_without_its_rows_and_the_terms_it_left_out(x, lines, hold_out, place):
    rows = list(folds(ROWS, hold_out, keys(CATALOG)[hold_out]))[place - 1]
    kept, kept_x, left, left_x = nested.split(ROWS, x, rows)
    without = frozenset(lines[left[0].id][f"without_{hold_out}"].split(";")) - {""}
    assert without <= set(optional())
    foretold = np.exp(predicted_ln(left_x, fit(kept, kept_x, base(), without))[ENERGY])
    told = [float(lines[row.id][f"predicted_{hold_out}_j_per_output_token"]) for row in left]
    assert foretold == pytest.approx(told, rel=2e-3)


def test_the_file_is_read_as_it_is_written(tmp_path, lines):
    found = nested_file.held(CATALOG)
    choices = nested_file.left_out()
    assert {name: len(each) for name, each in choices.items()} == {"unseen_pair": 8, "unseen_gpu": 5}
    made = []
    for name in nested_file.HOLD_OUTS:
        for place, rows in enumerate(folds(ROWS, name, keys(CATALOG)[name]), start=1):
            energy = np.array([row.predicted[ENERGY, name] for row in found])[rows]
            made.append(nested_file.Nested(name, place, rows, choices[name][place - 1], energy))
    assert nested_file.text_of(ROWS, made) == (facts.FOLDER / nested_file.FILE).read_text(encoding="utf-8")
    assert nested_file.of(CATALOG, ROWS, made) == (found, choices)


def test_the_latency_printed_asks_for_the_prompts_that_are_assumed():
    eta = facts.load().coefficients["inference"]["eta_compute"]["value"]
    found = prompts.asked(CATALOG, ROWS, eta)
    asked = []
    for row in ROWS:
        model, device = CATALOG.models[row.model], CATALOG.hardware[row.hardware]
        if row.series.endswith("lm-arena-chat") and not model.is_moe and row.precision == "bf16" and row.batch >= 400:
            latency_ms = float(row.note.split("itl_ms=")[1].split()[0])
            beside_s = row.batch / row.output_tokens_per_s - latency_ms / 1000
            flop = beside_s * eta * device.peak_tflops["bf16"] * 1e12 * row.accelerators
            asked.append(flop / (2e9 * model.params_total_b) / (row.batch / row.output_tokens))
    assert found.n == len(asked)
    assert found.middle_tokens == pytest.approx(np.median(asked))
    assert found.low_tokens == pytest.approx(np.quantile(asked, 0.25))
    assert found.low_tokens < 220 < found.high_tokens


def test_other_prompts_fit_worse_and_the_file_says_by_how_much():
    told = {(one.prompt_tokens, one.hold_out): one for one in prompts.tried()}
    assert {length for length, _ in told} == {110.0, 220.0, 440.0}
    held = score.held_out(CATALOG)
    for name in ("in_sample", "unseen_pair", "unseen_gpu"):
        assert told[220.0, name].median_error_pct == pytest.approx(
            score.accuracy(held, ENERGY, name).median_error_pct, abs=0.02
        )
        assert (
            min(told[110.0, name].median_error_pct, told[440.0, name].median_error_pct)
            > told[220.0, name].median_error_pct
        )


def test_the_error_at_twice_the_prompts_is_that_of_a_fit_to_such_rows():
    other = [replace(row, input_tokens=440.0) if row.series == prompts.SERIES else row for row in ROWS]
    x = columns(CATALOG, other)
    foretold = np.exp(predicted_ln(x, fit(other, x, base()))[ENERGY])
    error = np.abs(foretold / [row.energy_accelerator_j_per_output_token for row in ROWS] - 1)
    chat = [row.series == prompts.SERIES for row in ROWS]
    told = next(one for one in prompts.tried() if (one.prompt_tokens, one.hold_out) == (440.0, "in_sample"))
    assert told.median_error_pct == pytest.approx(100 * np.median(error), abs=0.05)
    assert told.chat_median_error_pct == pytest.approx(100 * np.median(error[chat]), abs=0.05)
