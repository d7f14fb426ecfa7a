"""One job: kernels against their slow twins on thousands of random cases, and the laws of a shift."""

import itertools

import numpy as np
import pytest

from core.shift.check import ShiftError
from core.shift.job import Job, outcomes, schedule_kw, with_restarts
from core.shift.realised import each_realised, realised
from tests import naive_shift

GENERATOR = np.random.default_rng(20260601)


def series(hours):
    """Hours as grids have them, some of them equal."""
    return np.round(GENERATOR.lognormal(5, 0.6, hours), GENERATOR.choice([0, -1, 3]))


def cases(count, part):
    """Short series with a job that fits."""
    for _ in range(count):
        length = float(GENERATOR.integers(1, 7))
        if part and GENERATOR.random() < 0.5:
            length += float(np.round(GENERATOR.random(), 2))
        slack = int(GENERATOR.integers(0, 9))
        hours = int(np.ceil(length)) + slack + int(GENERATOR.integers(0, 20))
        yield np.append(series(hours), 1.0), length, slack


def test_a_block_equals_every_start_tried():
    releases = 0
    for hours, length, slack in cases(400, part=True):
        found = outcomes(hours, Job(length, slack))
        start, best, now, mean = zip(*naive_shift.blocks(hours, length, slack), strict=True)
        np.testing.assert_allclose(found.best_g, best, rtol=1e-12)
        np.testing.assert_allclose(found.now_g, now, rtol=1e-12)
        np.testing.assert_allclose(found.random_g, mean, rtol=1e-12)
        costs = [naive_shift.block_cost(hours, place, length) for place in found.start]
        np.testing.assert_allclose(costs, best, rtol=1e-12)
        assert all(mine <= other + slack for mine, other in zip(found.start, start, strict=True))
        releases += len(best)
    assert releases > 4_000


def test_pauses_equal_the_window_sorted():
    for hours, length, slack in cases(400, part=True):
        found = outcomes(hours, Job(length, slack, interruptible=True))
        np.testing.assert_allclose(found.best_g, naive_shift.pauses(hours, length, slack), rtol=1e-12)


def test_restarts_equal_every_choice_of_hours():
    releases = 0
    for _ in range(150):
        length, slack = int(GENERATOR.integers(1, 5)) - GENERATOR.choice([0, 0, 0.25]), int(GENERATOR.integers(0, 5))
        hours = np.append(series(int(np.ceil(length)) + slack + 8), 1.0)
        restart_h = float(GENERATOR.choice([0.05, 0.3, 1.0, 5.0]))
        found = outcomes(hours, Job(length, slack, True, restart_h))
        np.testing.assert_allclose(found.best_g, naive_shift.restarts(hours, length, slack, restart_h), rtol=1e-12)
        releases += found.starts
    assert releases > 1_000


@pytest.mark.parametrize(
    "job",
    [Job(3, 9), Job(2.5, 9), Job(3, 9, True), Job(2.5, 9, True), Job(4, 9, True, 0.2), Job(3.5, 9, True, 0.2)],
)
def test_a_schedule_costs_what_its_release_says(job):
    hours = series(60)
    found = outcomes(hours, job)
    for release in range(0, found.starts, 7):
        load_kw = schedule_kw(hours, job, release)
        window = hours[release : release + job.window_h]
        assert load_kw @ window == pytest.approx(found.best_g[release], rel=1e-12)
        ran = np.concatenate(([0.0], load_kw)) > 0
        resumed = max(int((ran[1:] & ~ran[:-1]).sum()) - 1, 0) if job.interruptible else 0
        assert load_kw.sum() == pytest.approx(job.hours_h + resumed * job.restart_h)


def test_a_restart_that_costs_nothing_is_a_free_pause_and_one_that_costs_too_much_is_a_block():
    hours = series(200)
    free = outcomes(hours, Job(6, 18, True)).best_g
    block = outcomes(hours, Job(6, 18)).best_g
    np.testing.assert_allclose(outcomes(hours, Job(6, 18, True, 1e-12)).best_g, free, rtol=1e-9)
    np.testing.assert_allclose(outcomes(hours, Job(6, 18, True, 1000.0)).best_g, block, rtol=1e-12)
    between = outcomes(hours, Job(6, 18, True, 0.3)).best_g
    assert (free <= between + 1e-9).all()
    assert (between <= block + 1e-9).all()


def test_without_slack_nothing_is_saved_and_more_slack_never_costs():
    hours = series(300)
    for pausing in (False, True):
        savings = [outcomes(hours, Job(5, slack, pausing)).best_g[:200] for slack in range(0, 60, 6)]
        np.testing.assert_allclose(savings[0], outcomes(hours, Job(5, 0)).now_g[:200], rtol=1e-12)
        assert all((after <= before + 1e-9).all() for before, after in itertools.pairwise(savings))


def test_twice_the_intensity_is_twice_the_carbon_and_the_same_saving():
    hours = series(200)
    one, two = outcomes(hours, Job(4, 20, True)), outcomes(2 * hours, Job(4, 20, True))
    np.testing.assert_allclose(two.best_g, 2 * one.best_g, rtol=1e-12)
    assert two.saving_pct == pytest.approx(one.saving_pct)


@pytest.mark.parametrize("job", [Job(3, 21), Job(2.5, 30), Job(5, 19, True), Job(2.5, 30, True)])
def test_realised_figures_equal_a_plan_made_by_hand(job):
    hours = series(28 * 24 + 90) * (1.2 + np.sin(np.arange(28 * 24 + 90) * np.pi / 12))
    found = realised(hours, job)
    now = outcomes(hours, job).now_g[28 * 24 :].sum()
    for days, saving in ((1, found.yesterday_pct), (28, found.profile_pct)):
        costs = naive_shift.planned(hours, job.hours_h, job.slack_h, job.interruptible, days)
        assert len(costs) == found.starts
        assert saving == pytest.approx(100 * (1 - sum(costs) / now), abs=1e-9)


def test_no_forecast_beats_foresight_and_a_daily_grid_needs_none():
    hours = series(28 * 24 + 200)
    found = realised(hours, Job(4, 20, True))
    assert max(found.yesterday_pct, found.profile_pct) <= found.bound_pct
    daily = np.tile(series(24), 40)
    same = realised(daily, Job(4, 20, True))
    assert same.yesterday_share == pytest.approx(1)
    assert same.profile_share == pytest.approx(1)


def test_the_future_does_not_reach_a_plan():
    hours = series(28 * 24 + 60)
    job = Job(3, 21)
    changed = hours.copy()
    changed[-24:] = changed[-24:][::-1] * 3
    before, after = (naive_shift.planned(h, 3, 21, False, 28) for h in (hours, changed))
    assert before[:13] == after[:13]
    assert realised(hours[:-24], job).starts == realised(changed[:-24], job).starts
    assert realised(hours[:-24], job) == realised(changed[:-24], job)


@pytest.mark.parametrize(
    ("job", "sentence"),
    [
        (Job(200, 0), "the job takes 200 h; the series holds 168 h"),
        (Job(24, 168), "the job and its slack take 24 + 168 h; the series holds 168 h"),
        (Job(24, -3), "slack is -3; it must lie in [0, 8784] h"),
        (Job(24, 1.5), "slack is 1.5; it must be whole hours"),
        (Job(0, 24), "the job's length is 0; it must lie in [0.01, 8784] h"),
        (Job(float("nan"), 24), "the job's length is nan; it must lie in [0.01, 8784] h"),
        (Job(4, 24, True, -1), "energy of a restart is -1; it must lie in [0, 1000] hours of the job's power"),
    ],
)
def test_a_job_that_cannot_be_computed_says_why(job, sentence):
    with pytest.raises(ShiftError) as caught:
        outcomes(np.arange(168.0) + 1, job)
    assert str(caught.value) == sentence


def test_realised_figures_that_cannot_be_computed_say_why():
    with pytest.raises(ShiftError) as caught:
        realised(np.arange(690.0) + 1, Job(4, 24))
    assert str(caught.value) == ("realised figures need 672 h of history and 28 h for the job; the series holds 690 h")


@pytest.mark.parametrize("job", [Job(3, 4, True, 0.4), Job(2.5, 5, True, 0.05)])
def test_realised_figures_with_restarts_equal_every_choice_of_hours_planned_on_the_forecast(job):
    hours = series(28 * 24 + 40) * (1.2 + np.sin(np.arange(28 * 24 + 40) * np.pi / 12))
    now, found = outcomes(hours, job).now_g[28 * 24 :].sum(), realised(hours, job)
    said = (
        (1, found.yesterday_pct, found.yesterday_restart_share),
        (28, found.profile_pct, found.profile_restart_share),
    )
    for days, saving, more in said:
        releases = range(28 * 24, len(hours) - job.window_h + 1)
        ahead = [naive_shift.foretold(hours, release, job.window_h, days) for release in releases]
        planned = naive_shift.restarts_planned(ahead, hours[28 * 24 :], job.hours_h, job.slack_h, job.restart_h)
        costs, pauses = zip(*planned, strict=True)
        assert found.starts == len(costs)
        assert saving == pytest.approx(100 * (1 - sum(costs) / now), abs=1e-9)
        assert more == pytest.approx(np.mean(pauses) * job.restart_h / job.hours_h)
    assert max(found.yesterday_pct, found.profile_pct) <= found.bound_pct


def test_forecasts_of_a_long_job_with_restarts_are_worked_out_for_every_so_many_releases():
    job, hours = Job(200, 500, True, 0.5), series(28 * 24 + 800)
    assert (job.every(8760), Job(200, 500, True).every(8760), Job(24, 24, True, 0.5).every(8760)) == (19, 1, 1)
    found, whole = each_realised(hours, job), outcomes(hours, job)
    assert found.every == 1
    np.testing.assert_allclose(found.planned_g[0], whole.best_g[28 * 24 :], rtol=1e-12)


def test_windows_that_share_their_work_cost_what_each_costs_alone():
    """Blocks of releases, longer and shorter than the job, against one release after another."""
    for _ in range(250):
        length, slack = float(GENERATOR.integers(1, 40)), int(GENERATOR.integers(0, 40))
        job = Job(length - GENERATOR.choice([0, 0.25]), slack, True, float(GENERATOR.choice([1e-6, 0.1, 1.0, 30.0])))
        hours = np.append(series(job.window_h + int(GENERATOR.integers(0, 120))), 1.0)
        alone_g = np.empty(len(hours) - job.window_h + 1)
        with_restarts(hours, hours, job, alone_g, np.empty(len(alone_g)))
        np.testing.assert_allclose(outcomes(hours, job).best_g, alone_g, rtol=1e-12)


@pytest.mark.parametrize("job", [Job(3, 21), Job(2.5, 9), Job(5, 19, True), Job(2.5, 9, True), Job(3, 9, True, 0.3)])
def test_scored_on_another_series_equals_each_schedule_priced_there(job):
    average, marginal = series(28 * 24 + 120), series(28 * 24 + 120)
    found, same = each_realised(average, job, marginal), each_realised(average, job)
    releases = range(28 * 24, len(average) - job.window_h + 1)
    costs = [schedule_kw(average, job, release) @ marginal[release : release + job.window_h] for release in releases]
    np.testing.assert_allclose(found.planned_g[0], costs, rtol=1e-12)
    np.testing.assert_allclose(found.now_g, outcomes(marginal, job).now_g[28 * 24 :], rtol=1e-12)
    np.testing.assert_allclose(each_realised(average, job, average).planned_g, same.planned_g, rtol=1e-12)
    np.testing.assert_allclose(same.planned_g[0], outcomes(average, job).best_g[28 * 24 :], rtol=1e-12)


@pytest.mark.parametrize(
    "job", [Job(3, 21), Job(2.5, 30, True), Job(26, 3, True), Job(30.5, 60, True), Job(1, 0, True)]
)
def test_each_release_by_a_forecast_is_the_plan_made_by_hand_and_among_equals_the_earlier_hour_runs(job):
    hours = np.round(GENERATOR.lognormal(5, 0.4, 28 * 24 + 130), -1)
    found = each_realised(hours, job)
    for days, planned_g in ((1, found.planned_g[1]), (28, found.planned_g[2])):
        by_hand = naive_shift.planned(hours, job.hours_h, job.slack_h, job.interruptible, days)
        np.testing.assert_allclose(planned_g, by_hand, rtol=1e-12)
    now_g, random_g = (
        np.array(of)[28 * 24 :]
        for of in list(zip(*naive_shift.blocks(hours, job.hours_h, job.slack_h), strict=True))[2:]
    )
    for way, planned_g in enumerate(found.planned_g):
        assert found.savings_pct()[way] == pytest.approx(100 * (1 - planned_g.sum() / now_g.sum()))
        assert found.savings_random_pct()[way] == pytest.approx(100 * (1 - planned_g.sum() / random_g.sum()))
        middle = np.median(100 * (1 - planned_g / now_g))
        assert found.quantiles_pct([0.5])[way][0] == pytest.approx(middle, abs=1e-9)


def test_two_series_of_other_lengths_are_not_scored():
    with pytest.raises(ShiftError) as caught:
        each_realised(np.arange(50.0), Job(2, 3), np.arange(60.0))
    assert str(caught.value) == "one series has 50 hours, the other 60: give both of one period"
