"""The fit: it finds what made the rows, leaves out what it says, and its figures are those of the files."""

import json
from dataclasses import asdict, replace

import numpy as np
import pytest

from core import catalog as facts
from core.engine import InferenceResult, empty, from_fit, run_inference
from core.fit import ranges, score
from core.fit.alike import alike, correlation
from core.fit.columns import columns
from core.fit.coverage import coverage, inside_of, together
from core.fit.folds import folds, keys
from core.fit.guess import fitted, guesses
from core.fit.measurement import measurements, rows_sha256
from core.fit.refit import FIT_FILE, base, fit_json, held_out_csv, refit
from core.fit.solve import fit, predicted_ln, weights

CATALOG = facts.load()
ROWS = measurements(CATALOG, facts.FOLDER)


@pytest.fixture(scope="module")
def x():
    return columns(CATALOG, ROWS)


@pytest.fixture(scope="module")
def found():
    return refit(CATALOG, lambda text: None)


@pytest.fixture(scope="module")
def held():
    return score.held_out(CATALOG)


def moved_guesses():
    """Coefficients away from the guesses, each by a part of its width, and in no order."""
    steps = 0.3 * np.sin(np.arange(len(guesses())) * 2.4)
    moved = {
        guess.name: guess.start * np.exp(step * (guess.ln_sigma or 0.0))
        for guess, step in zip(guesses(), steps, strict=True)
    }
    return base()._replace(inference=base().inference._replace(**moved))


def measured_as(rows, x, coefficients):
    """The rows as they would have been measured if the engine with these coefficients were the truth."""
    out = empty(InferenceResult, len(rows))
    run_inference(x, coefficients, out)
    return [
        replace(
            row,
            energy_accelerator_j_per_output_token=float(out.energy_accelerator_j_per_output_token[i]),
            output_tokens_per_s=row.batch / float(out.step_time_s[i]),
            power_total_w=row.accelerators * float(out.power_accelerator_w[i]),
        )
        for i, row in enumerate(rows)
    ]


def test_the_fit_finds_the_coefficients_that_made_the_rows(x):
    truth = moved_guesses()
    answered = fit(measured_as(ROWS, x, truth), x, base())
    far = {
        guess.name: abs(np.log(getattr(answered.inference, guess.name) / getattr(truth.inference, guess.name)))
        / guess.ln_sigma
        for guess in fitted()
    }
    before = {guess.name: 0.3 for guess in fitted()}
    assert np.mean(list(far.values())) < np.mean(list(before.values())) / 3
    again = measured_as(ROWS, x, answered)
    energies = [
        a.energy_accelerator_j_per_output_token / b.energy_accelerator_j_per_output_token
        for a, b in zip(again, measured_as(ROWS, x, truth), strict=True)
    ]
    assert np.median(np.abs(np.array(energies) - 1)) < 0.005


def test_a_fixed_coefficient_keeps_its_start(x):
    fixed = [guess for guess in guesses() if guess.ln_sigma is None]
    answered = fit(ROWS, x, base()).inference
    assert {guess.name: getattr(answered, guess.name) for guess in fixed} == {g.name: g.start for g in fixed}


@pytest.mark.parametrize("hold_out", keys(CATALOG))
def test_folds_leave_every_row_out_once_with_all_of_its_key(hold_out):
    key = keys(CATALOG)[hold_out]
    parts = list(folds(ROWS, hold_out, key))
    assert np.all(np.sum(parts, axis=0) == 1)
    for part in parts:
        inside = {key(row) for row, out in zip(ROWS, part, strict=True) if out}
        outside = {key(row) for row, out in zip(ROWS, part, strict=True) if not out}
        assert inside
        assert not inside & outside


def test_there_are_eight_folds_of_68_pairs_five_accelerators_and_eleven_makers():
    sizes = {name: len(list(folds(ROWS, name, key))) for name, key in keys(CATALOG).items()}
    assert sizes == {"unseen_pair": 8, "unseen_gpu": 5, "unseen_family": 11}
    assert len({row.pair for row in ROWS}) == 68


def test_another_seed_deals_other_folds():
    key = keys(CATALOG)["unseen_pair"]
    first, second = (np.array(list(folds(ROWS, "unseen_pair", key, seed))) for seed in (0, 1))
    assert not np.array_equal(first, second)


def test_every_pair_weighs_the_same():
    total = {}
    for row, weight in zip(ROWS, weights(ROWS), strict=True):
        total[row.pair] = total.get(row.pair, 0.0) + weight
    assert total == pytest.approx(dict.fromkeys(total, 1.0))


def test_a_changed_cell_changes_the_hash_of_the_rows():
    assert rows_sha256(ROWS) != rows_sha256([replace(ROWS[0], batch=ROWS[0].batch + 1e-9), *ROWS[1:]])


def test_a_refit_foretells_what_the_file_says(found):
    text = held_out_csv(found).splitlines()
    file = (facts.FOLDER / score.FILE).read_text(encoding="utf-8").splitlines()
    assert text[0] == file[0]
    for new, old in zip(text[1:], file[1:], strict=True):
        assert new.split(",")[0] == old.split(",")[0]
        assert [float(cell) for cell in new.split(",")[1:]] == pytest.approx(
            [float(cell) for cell in old.split(",")[1:]], rel=2e-3
        )


def test_a_refit_finds_the_coefficients_of_the_file(found):
    text = json.loads((facts.FOLDER / FIT_FILE).read_text(encoding="utf-8"))
    again = {name: entry["value"] for name, entry in json.loads(fit_json(found))["inference"].items()}
    assert again == pytest.approx({name: entry["value"] for name, entry in text["inference"].items()}, rel=5e-3)
    assert text["rows_sha256"] == rows_sha256(ROWS)
    assert text["rows"] == len(ROWS)


def test_half_the_settings_left_out_are_within_nine_per_cent_by_pair_and_ten_by_accelerator(held):
    energy = "energy_accelerator_j_per_output_token"
    pair, gpu = (score.accuracy(held, energy, name) for name in ("unseen_pair", "unseen_gpu"))
    assert pair.median_error_pct <= 9.0
    assert gpu.median_error_pct <= 10.0
    assert min(pair.within_twice_pct, gpu.within_twice_pct) >= 98.0


def test_the_80_percent_range_holds_four_in_five_in_every_regime_that_tells_one(held):
    rows = [row for row in coverage(held) if row.without == "pair" and row.inside_share is not None]
    told = {row.regime for row in rows}
    assert told == {
        "all", "dense", "moe", "b1", "b2_16", "b17_128", "b129_up", "dense|b1", "dense|b2_16", "dense|b17_128",
        "dense|b129_up", "moe|b2_16", "moe|b17_128", "moe|b129_up",
    }  # fmt: skip
    assert len(rows) == 2 * len(told)
    assert [row for row in rows if not 0.75 <= row.inside_share <= 0.85] == []


def test_a_regime_of_fewer_than_five_models_is_not_calibratable(held):
    silent = {row.regime for row in coverage(held) if row.inside_share is None}
    assert silent == {"moe_block_fp8", *(f"moe_block_fp8|{band}" for band in ("b2_16", "b17_128", "b129_up"))}
    table = ranges.ranges(held)["seen_gpu"]
    assert table["moe_block_fp8|b17_128"] != table["dense|b17_128"]


def test_the_file_keeps_the_ranges_of_the_errors_it_tells(held):
    text = json.loads((facts.FOLDER / FIT_FILE).read_text(encoding="utf-8"))
    assert text["interval_ln_80"] == ranges.ranges(held)
    assert text["coverage"] == [asdict(row) for row in coverage(held)]


@pytest.mark.parametrize("without", ["pair", "hardware"])
def test_the_range_a_row_is_judged_by_has_not_learnt_from_its_kind(held, without):
    found = ranges.errors(held, "unseen_gpu")
    names = getattr(found, without)
    mine = names == names[0]
    spoilt = replace(found, ln_error=np.where(mine & (np.arange(len(mine)) > 0), 9.0, found.ln_error))
    assert inside_of(spoilt, without)[0] == inside_of(found, without)[0]
    others = np.where(mine, found.ln_error, 9.0)
    assert not inside_of(replace(found, ln_error=others), without)[0]


def test_the_rows_would_carry_a_range_of_the_time_of_a_step(held):
    told = [row for row in coverage(held, "step_time_s") if row.without == "pair" and row.regime in ("all", "dense")]
    assert [0.75 <= row.inside_share <= 0.85 for row in told] == [True] * 4
    energy, time = (np.log([row.ratio(name, "unseen_pair") for row in held]) for name in (ranges.ENERGY, "step_time_s"))
    assert together(held, ranges.ENERGY, "step_time_s", "unseen_pair") == pytest.approx(np.corrcoef(energy, time)[0, 1])


def of_pairs(ln_error, pairs):
    names = np.array(["dense"] * len(pairs))
    return ranges.Errors(np.array(ln_error), names, names, np.array(pairs), np.array(pairs), names)


def test_the_ends_of_a_range_reach_further_out_the_fewer_settings_say_something_of_their_own():
    spread = np.linspace(-1.0, 1.0, 41)
    pairs = [f"{place % 8}" for place in range(41)]
    alone, alike_ones = (ranges.quantiles(of_pairs(spread, pairs), share) for share in (0.0, 1.0))
    assert alone == pytest.approx([1.0 - 1.8 * 42 / 41, 0.0, 1.8 * 42 / 41 - 1.0])  # the 0.9 (k + 1) / k quantile
    assert alike_ones == pytest.approx([-1.0, 0.0, 1.0])  # eight cannot hold nine in ten of nine
    many = ranges.quantiles(of_pairs(np.linspace(-1.0, 1.0, 4001), [f"{place}" for place in range(4001)]), 1.0)
    assert many == pytest.approx([-0.8, 0.0, 0.8], abs=1e-3)


def test_a_new_pair_lies_in_the_range_four_times_in_five_though_settings_of_a_pair_err_alike():
    rng = np.random.default_rng(1)
    inside = []
    for _ in range(400):
        pairs = np.repeat(np.arange(13), 5)
        error = 0.6 * rng.normal(size=13)[pairs] + 0.8 * rng.normal(size=65)
        known = of_pairs(error[5:], pairs[5:].astype(str))
        low, _, high = ranges.quantiles(known, alike(known.ln_error, known.pair))
        inside.append(np.mean((error[:5] >= low) & (error[:5] <= high)))
    assert np.mean(inside) == pytest.approx(0.8, abs=0.03)


def test_settings_are_alike_as_far_as_pairs_differ():
    rng = np.random.default_rng(2)
    pairs = np.repeat(np.arange(2000), 6)
    own, shared = rng.normal(size=12_000), rng.normal(size=2000)[pairs]
    names = pairs.astype(str)
    found = [correlation(np.sqrt(share) * shared + np.sqrt(1.0 - share) * own, names) for share in (0.0, 0.3, 1.0)]
    assert found == pytest.approx([0.0, 0.3, 1.0], abs=0.04)
    assert correlation(own, np.arange(12_000).astype(str)) == 0.0  # a pair each: nothing tells
    assert alike(shared, names) == pytest.approx(1.0)


def test_the_coefficients_in_use_foretell_what_the_file_says_in_sample(x, held):
    said = {row.measured.id: row.predicted for row in held}
    for quantity, values in predicted_ln(x, from_fit(facts.load().coefficients)).items():
        there = [said[row.id][quantity, "in_sample"] for row in ROWS]
        assert np.exp(values) == pytest.approx(there, rel=2e-3), quantity


def test_the_table_counts_what_the_file_holds(held):
    table = {(row.quantity, row.hold_out, row.regime, row.name): row for row in score.report(held)}
    energy = "energy_accelerator_j_per_output_token"
    whole = table[energy, "unseen_pair", "all", "all"]
    errors = [
        abs(row.predicted[energy, "unseen_pair"] / row.measured.energy_accelerator_j_per_output_token - 1)
        for row in held
    ]
    assert whole.n == 712
    assert whole.models == 42
    assert whole.median_error_pct == pytest.approx(100 * np.median(errors))
    for regime in score.REGIMES:
        assert sum(row.n for key, row in table.items() if key[:3] == (energy, "unseen_gpu", regime)) == 712
