"""The training fit: its files are those of a refit, a run left out is left out, its figures stay what is claimed."""

import csv
import json
from dataclasses import replace
from math import exp, isnan, log
from statistics import median

import numpy as np
import pytest

from core import catalog as facts
from core.engine.training import unfilled
from core.fit import training_file, training_report
from core.fit import training_score as score
from core.fit.absolute import SCALE_LN, SOFT_LN, least_absolute
from core.fit.training import Share, band, covered, power, share, shares
from core.fit.training_runs import metered, read, rows_sha256, told
from core.fit.training_structures import CHOSEN, Structure, chosen, nested, scored

CATALOG = facts.load()
RUNS = read(CATALOG, facts.FOLDER)
TOLD = told(RUNS)


@pytest.fixture(scope="module")
def found():
    return training_file.refit(CATALOG)


@pytest.fixture(scope="module")
def table(found):
    return {(row.hold_out, row.regime, row.name): row for row in score.report(found.held)}


def errors(held, of):
    return [abs(of(one) / one.run.measured_h - 1) for one in score.timed(held)]


def test_a_refit_writes_the_files_as_they_are(found):
    kept = {name: (facts.FOLDER / name).read_text(encoding="utf-8") for name in training_file.texts(found)}
    new, old = (json.loads(each[training_file.FIT_FILE]) for each in (training_file.texts(found), kept))
    for part in ("training", "training_system_W_per_chip"):
        assert new[part].keys() == old[part].keys()
        for name, entry in new[part].items():
            assert entry["value"] == pytest.approx(old[part][name]["value"], rel=1e-4)
    assert new["training_interval_ln_80"]["hours"] == pytest.approx(old["training_interval_ln_80"]["hours"], abs=1e-4)
    assert new["training_regimes"] == old["training_regimes"]
    assert old["rows_sha256"] == rows_sha256(facts.FOLDER)
    assert old["rows"] == 38


def test_the_file_of_runs_left_out_has_a_row_for_each_scored_run(found):
    with (facts.FOLDER / training_file.HELD_FILE).open(encoding="utf-8", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert list(rows) == [held.run.id for held in found.held]
    assert sum(bool(row["measured_h"] and row["run_left_out_h"]) for row in rows.values()) == 32
    for held in score.timed(found.held):
        assert float(rows[held.run.id]["developer_left_out_h"]) == pytest.approx(held.developer_left_out_h, rel=1e-4)


def test_hours_of_runs_left_out_err_by_less_than_a_fifth_at_the_median(found):
    assert 0.15 < median(errors(found.held, lambda held: held.run_left_out_h)) <= 0.20
    assert 0.15 < median(errors(found.held, lambda held: held.developer_left_out_h)) <= 0.20


def test_the_range_holds_four_in_five_runs_of_developers_left_out(found, table):
    whole = table[score.COVERED_IN, "all", "all"]
    assert (whole.runs, whole.developers) == (32, 12)
    assert 75 <= whole.covered_pct <= 85
    assert 75 <= score.covered_by_developer_pct(found.held) <= 85
    assert 75 <= table[score.COVERED_IN, "accelerator", "H100"].covered_pct <= 85


def test_fewer_than_five_models_are_not_called_a_coverage(table, found):
    assert table[score.COVERED_IN, "format", "8 bit"].covered_pct is None
    assert table[score.COVERED_IN, "accelerator", "V100"].covered_pct is None
    told_lines = "\n".join(training_report.lines(found, full=False))
    assert (
        "one run left out          all                 all                        32          12    18.4%" in told_lines
    )


def test_energy_is_tested_on_meters_alone():
    assert {run.id for run in metered(RUNS) if run.developer != "AI2"} == {
        "palm-540b", "meena-2.6b", "gshard-600b", "switch-1571b", "gpt3-175b", "transformer-base-strubell",
        "bert-base-strubell",
    }  # fmt: skip
    circular = [row for row in facts_runs() if "circular" in row["energy_kind"] or "hours*" in row["energy_kind"]]
    assert len(circular) == 13
    assert {row["energy_metered"] for row in circular} == {"0"}


def facts_runs():
    with (facts.FOLDER / "validation/training_runs.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_energy_of_runs_left_out_errs_by_a_tenth_at_the_median(found):
    recent = [held for held in found.held if held.run.developer != "UMass"]
    known = [abs(error) for _, error in score.energy_errors(recent, lambda held: held.energy_hours_known_mwh)]
    end_to_end = [abs(error) for _, error in score.energy_errors(recent, lambda held: held.energy_run_left_out_mwh)]
    assert (len(known), len(end_to_end)) == (4, 10)
    assert median(known) == pytest.approx(0.080, abs=0.005)
    assert median(end_to_end) == pytest.approx(0.107, abs=0.01)


def test_the_fit_finds_the_coefficients_that_made_the_hours():
    truth = Share(ln_mfu=log(0.4), small_on_fast=-0.25)
    made = [replace(run, said_h=truth.hours(run)) for run in TOLD]
    found = share(made)
    assert found.ln_mfu == pytest.approx(truth.ln_mfu, abs=0.01)
    assert found.small_on_fast == pytest.approx(truth.small_on_fast, abs=0.01)
    odd = [replace(run, said_h=run.said_h * (20 if place % 8 == 0 else 1)) for place, run in enumerate(made)]
    assert share(odd).ln_mfu == pytest.approx(truth.ln_mfu, abs=0.05)


@pytest.mark.parametrize("name", ["Meta", "EleutherAI", "AI2"])
def test_a_developer_left_out_says_nothing_of_its_own_hours(name, found):
    other = [replace(run, said_h=run.said_h * (100 if run.developer == name else 1)) for run in TOLD]
    kept = [run.developer != name for run in TOLD]
    assert shares(other, [kept]) == shares(TOLD, [kept])
    without = share([run for run in TOLD if run.developer != name])
    held = next(one for one in found.held if one.run.developer == name)
    assert held.developer_left_out_h == pytest.approx(without.hours(held.run), rel=1e-6)


def test_the_least_absolute_deviation_of_a_constant_is_the_weighted_median():
    target, weights = np.array([0.0, 1.0, 5.0, 6.0, 50.0]), np.array([[1.0, 1, 1, 1, 1], [4.0, 1, 1, 1, 1]])
    found = least_absolute(np.ones((5, 1)), target, weights, np.array([np.inf]))
    assert found[:, 0] == pytest.approx([5.0, 0.5], abs=0.5)


def test_newtons_steps_end_where_least_squares_weighted_anew_a_thousand_times_do():
    rng = np.random.default_rng(5)
    design = np.column_stack([np.ones(30), rng.normal(size=(30, 2))])
    target, weights = design @ [0.3, -0.2, 0.1] + 0.2 * rng.standard_t(2, 30), rng.random(30) * (np.arange(30) != 7)
    prior_sd = np.array([np.inf, 0.3, 0.1])
    plain, shares = np.zeros(3), weights / SCALE_LN
    for _ in range(1_000):
        plain = np.linalg.solve(
            (design.T * shares) @ design + np.diag(SCALE_LN / prior_sd**2), design.T * shares @ target
        )
        shares = weights / np.hypot(target - design @ plain, SOFT_LN)
    assert least_absolute(design, target, weights[None], prior_sd)[0] == pytest.approx(plain, rel=1e-8)


def test_the_range_of_few_developers_reaches_further_out():
    left = np.linspace(-1, 1, 40)
    few, many = band(["a", "b", "c", "d", "e", "f", "g", "h"] * 5, left), band([str(n) for n in range(40)], left)
    assert few[0] < many[0] < -0.75
    assert many[2] == pytest.approx(-many[0])
    assert many[1] == pytest.approx(0, abs=1e-12)


def test_a_run_is_judged_by_the_range_of_the_others():
    names = [str(n) for n in range(20)] + ["odd"] * 3
    left = np.array([*np.linspace(-1, 1, 20), 3.0, 3.0, 3.0])
    assert covered(names, left)[-3:] == [False] * 3


def test_power_of_the_shares_alone_is_what_was_known():
    without = power([run for run in RUNS if run.id != "gpt3-175b"])
    assert (without.u_gpu, without.host_frac) == pytest.approx((0.85, 0.3))
    both = power(RUNS)
    assert both.u_gpu * (1 + both.host_frac) == pytest.approx(1.0984, abs=0.005)
    meena, gshard, switch = (288.7, 290.2, 245.2)
    assert both.system_w["TPUv3"] == pytest.approx((meena * gshard * switch) ** (1 / 3), rel=1e-3)
    assert isnan(power([run for run in RUNS if run.id != "palm-540b"]).energy_mwh(by_id("palm-540b"), 1.0))


def by_id(name):
    return next(run for run in RUNS if run.id == name)


def test_the_chosen_structure_is_the_one_of_the_engine():
    run, found = by_id("llama3-8b"), share(TOLD)
    mfu = exp(found.ln_mfu + found.small_on_fast * unfilled(8.03e9, 989e12))
    assert found.hours(run) == pytest.approx(run.flop / (989e12 * mfu * 3600), rel=1e-12)


def test_the_structure_is_chosen_without_the_developer_it_is_scored_on():
    candidates = [Structure(terms, "attention") for terms in ((), ("small on fast",), ("size", "peak"))]
    groups = [run.developer for run in TOLD]
    whole = chosen([scored(one, TOLD, groups) for one in candidates])
    assert whole.structure == CHOSEN
    picked = list(nested(candidates, TOLD, groups))
    assert [len(one.error_ln) for one in picked] == [groups.count(name) for name in dict.fromkeys(groups)]
    places = [place for name in dict.fromkeys(groups) for place, own in enumerate(groups) if own == name]
    error = np.abs(np.expm1(np.concatenate([one.error_ln for one in picked])))
    assert np.median(error[[TOLD[place].measured_h > 0 for place in places]]) <= 0.20


def test_one_odd_candidate_is_not_worth_more_coefficients():
    close = [scored(Structure((), "attention"), TOLD, [run.id for run in TOLD])]
    close.append(replace(close[0], structure=Structure(("size",), "attention"), error_ln=close[0].error_ln * 0.99))
    assert chosen(close).structure.terms == ()
    far = replace(close[1], error_ln=close[1].error_ln * 0.5)
    assert chosen([close[0], far]).structure.terms == ("size",)


def test_an_unknown_length_of_the_sequence_costs_three_points(found):
    assert dict(score.unknown_length(found.held, 4096.0)) == {
        "one run left out": pytest.approx(21.4, abs=0.5),
        "one developer left out": pytest.approx(21.6, abs=0.5),
    }
    run = by_id("llama3-8b")
    assert run.at_length(run.sequence_tokens) == pytest.approx(run.flop, rel=1e-12)
    assert by_id("gpt3-175b").at_length(1e6) == 3.14e23
