"""Morris and Sobol: known functions through the same code, plain twins, SALib's own figures, and a plan's study."""

from time import sleep

import numpy as np
import pytest

from core.decide.indices import acting, design, figures_at, first_order, indices, standard_errors, total_order
from core.decide.morris import LEVELS, STEP, elementary, screening, summed_up, trajectories
from core.decide.study import BATCH, Study, finished, points_of
from core.decide.tornado import tornado
from core.plan.example import example_plan
from core.plan.example_target import with_example_target
from core.plan.lever import Lever
from tests import naive_indices

PLAN = with_example_target(example_plan().but(workloads=example_plan().workloads[:2], last_year=2031)).but(
    levers=(Lever(id="concise_output"),)
)


def ishigami(places):
    x = np.pi * (2 * places - 1)
    return np.sin(x[..., 0]) + 7 * np.sin(x[..., 1]) ** 2 + 0.1 * x[..., 2] ** 4 * np.sin(x[..., 0])


A, B = 7.0, 0.1
VARIANCE = A**2 / 8 + B * np.pi**4 / 5 + B**2 * np.pi**8 / 18 + 0.5
KNOWN_FIRST = np.array([0.5 * (1 + B * np.pi**4 / 5) ** 2, A**2 / 8, 0.0]) / VARIANCE
KNOWN_THIRD = B**2 * np.pi**8 * (1 / 18 - 1 / 50) / VARIANCE  # the first and the third together
KNOWN_TOTAL = KNOWN_FIRST + np.array([KNOWN_THIRD, 0.0, KNOWN_THIRD])


def errors(points):
    values = ishigami(design(1, 3, points))
    return [
        np.abs(found - known)
        for found, known in ((first_order(values), KNOWN_FIRST), (total_order(values), KNOWN_TOTAL))
    ]


def test_the_indices_of_ishigamis_function_are_those_of_the_formula():
    for error in errors(4096):
        assert error.max() < 0.01


def test_more_points_narrow_the_error_and_the_standard_error_says_how_much():
    few, many = (ishigami(design(1, 3, points)) for points in (128, 2048))
    assert max(error.max() for error in errors(2048)) < max(error.max() for error in errors(128))
    assert (standard_errors(many, 1) < standard_errors(few, 1) / 2).all()
    for error, told in zip(errors(2048), standard_errors(many, 1), strict=True):
        assert (error < 4 * told).all()


def test_parts_of_a_sum_share_its_variance_as_their_squares():
    weights = np.array([1.0, 2.0, 0.0, 3.0])
    values = design(2, 4, 4096) @ weights
    share = weights**2 / (weights**2).sum()
    np.testing.assert_allclose(first_order(values), share, atol=0.01)
    np.testing.assert_allclose(total_order(values), share, atol=0.01)
    assert first_order(values)[2] == total_order(values)[2] == 0.0


def test_a_figure_that_nothing_moves_has_no_shares():
    assert first_order(np.full((8, 4), 3.0)).tolist() == total_order(np.full((8, 4), 3.0)).tolist() == [0.0, 0.0]


def test_indices_and_effects_are_those_of_the_plain_loops():
    values = ishigami(design(3, 3, 32))
    first, total = naive_indices.indices(values[:, 0].tolist(), values[:, -1].tolist(), values[:, 1:-1].T.tolist())
    np.testing.assert_allclose(first_order(values), first, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(total_order(values), total, rtol=1e-9)
    places, orders = trajectories(3, 3, 6)
    figures = ishigami(places)
    ours = elementary(places, orders, figures)
    plain = naive_indices.effects(places.reshape(6, 4, 3).tolist(), figures.reshape(6, 4).tolist())
    for factor, effects in plain.items():
        np.testing.assert_allclose(ours[:, factor], effects, rtol=1e-9)


def test_saltelli_and_morris_are_salibs():
    pytest.importorskip("SALib", reason="SALib, an independent check, is not installed: see requirements.txt")
    from SALib.analyze import morris, sobol

    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0.0, 1.0]] * 3}
    values = ishigami(design(5, 3, 256))
    theirs = sobol.analyze(problem, values.reshape(-1), calc_second_order=False, num_resamples=10, seed=1)
    np.testing.assert_allclose(first_order(values), theirs["S1"], rtol=1e-9)
    np.testing.assert_allclose(total_order(values), theirs["ST"], rtol=1e-9)
    places, orders = trajectories(5, 3, 20)
    figures = ishigami(places)
    theirs = morris.analyze(problem, places, figures, num_levels=LEVELS, num_resamples=10, seed=1)
    found = summed_up(elementary(places, orders, figures))
    for column, name in enumerate(("mu", "mu_star", "sigma")):
        np.testing.assert_allclose(found[:, column], np.asarray(theirs[name], dtype=float), rtol=1e-9, atol=1e-12)


def test_every_step_of_a_trajectory_moves_one_factor_by_the_same_width_between_the_levels():
    places, orders = trajectories(7, 5, 8)
    moved = np.diff(places.reshape(8, 6, 5), axis=1)
    assert (np.count_nonzero(np.abs(moved) > 1e-12, axis=2) == 1).all()
    np.testing.assert_allclose(np.abs(moved).max(axis=2), STEP)
    assert set(np.round(places * (LEVELS - 1), 9).ravel()) == {0.0, 1.0, 2.0, 3.0}
    assert (np.sort(orders, axis=1) == np.arange(5)).all()


def test_the_effects_of_a_sum_are_its_weights_without_spread():
    weights = np.array([2.0, -3.0, 0.0])
    places, orders = trajectories(1, 3, 5)
    mean, size, spread = summed_up(elementary(places, orders, places @ weights)).T
    np.testing.assert_allclose(mean, weights, atol=1e-12)
    np.testing.assert_allclose(size, np.abs(weights), atol=1e-12)
    np.testing.assert_allclose(spread, 0.0, atol=1e-12)


def test_a_screening_ranks_the_inputs_of_a_plan_and_its_seed_decides_the_digits():
    found = screening(PLAN, "emissions", 2031)
    assert [one.mean_size for one in found] == sorted((one.mean_size for one in found), reverse=True)
    assert found[0].factor == "host"
    assert screening(PLAN.but(name="Other"), "emissions", 2031) is found
    assert screening(PLAN.but(seed=9), "emissions", 2031) != found


def test_a_study_is_the_indices_of_the_plans_own_figures():
    study = Study(PLAN, "emissions", 2031, 128)
    study.start()
    study.wait(60)
    names = acting(PLAN, "emissions", 2031)
    values = figures_at(PLAN, names, design(PLAN.seed, len(names), 128), "emissions", 2031)
    assert study.progress().is_whole
    assert study.found() == indices(names, values, PLAN.seed)
    assert study.found()[0].factor == "host"
    assert {one.factor for one in tornado(PLAN, "emissions", 2031).bars} <= set(names)


def test_a_study_that_is_stopped_keeps_what_is_done(monkeypatch):
    def slowly(*asked):
        sleep(0.02)
        return figures_at(*asked)

    monkeypatch.setattr("core.decide.study.figures_at", slowly)  # 64 batches: not over before it is stopped
    study = Study(PLAN, "emissions", 2031, 4096)
    assert (study.found(), study.progress().left_s) == ((), None)
    study.start()
    while study.progress().done < 2 * BATCH and not study.progress().wrong:
        study.wait(0.01)
    study.stop()
    study.wait(60)
    progress = study.progress()
    assert (progress.running, progress.is_whole, progress.wrong) == (False, False, "")
    assert 2 * BATCH <= progress.done < 4096
    assert len(study.found()) == len(study.names)
    assert study.is_of(PLAN.but(name="Other"), "emissions", 2031)
    assert not study.is_of(PLAN, "saving", 2031)


def test_a_study_that_fails_says_why(monkeypatch):
    def fails(*_):
        raise MemoryError("no room")

    monkeypatch.setattr("core.decide.study.figures_at", fails)
    study = Study(PLAN, "emissions", 2031, 64)
    study.start()
    study.wait(60)
    assert study.progress().wrong == "MemoryError: no room"
    assert study.found() == ()


def test_a_study_that_ran_to_its_end_is_found_again_and_one_of_other_figures_is_not():
    plan = PLAN.but(points="256", seed=5)
    assert finished(plan, "emissions", 2031) is None
    study = Study(plan, "emissions", 2031)
    study.work()
    assert finished(plan.but(name="Other"), "emissions", 2031) is study
    assert finished(plan.but(seed=6), "emissions", 2031) is finished(plan, "saving", 2031) is None
    assert points_of(plan.but(points="8192")) == 4096
