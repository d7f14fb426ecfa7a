"""All workloads placed together: room and limits hold, one alone is what following it says, and what binds is named."""

from __future__ import annotations

import numpy as np
import pytest

from core.plan.example import example_plan
from core.results.figures import of
from core.results.follow import follow
from core.results.hours import room_over_mean
from core.results.joint import (
    MOST_PLACES,
    jointly,
    jointly_realised,
    known_week,
    problem,
    spread_weeks,
    week,
    without_restarts,
)
from core.results.moves import places
from core.shift.apart import WEEK_H
from core.shift.check import ShiftError

PLAN = example_plan()
TIGHT = PLAN.but(workloads=tuple(w.but(room_away_ratio=0.3, moving_share=0.05) for w in PLAN.workloads))


def test_one_workload_with_ample_room_is_what_following_the_cleanest_hour_says():
    alone = PLAN.but(workloads=(PLAN.workload("W2"),))
    found = problem(alone)
    assert (found.weeks, len(found.places), found.left_out) == (52, MOST_PLACES, {})
    done = jointly(found, range(52))
    some = places(alone, alone.workload("W2"))[:MOST_PLACES]  # type: ignore[arg-type]
    assert done.saved_share() * 100 == pytest.approx(follow(some, 0, 2.0, 1.0).hourly_pct, abs=0.1)
    before, after = done.carbon_kg("W2")
    assert before == pytest.approx(found.origins[0].work_kwh * 8760 * some[0].g_per_kwh / 1000, rel=0.01)
    assert 1 - after / before == pytest.approx(done.saved_share())
    assert sum(done.runs_at("W2", 0.0).values()) == pytest.approx(1)


def test_room_is_shared_and_no_place_takes_more_than_it_holds():
    found = problem(TIGHT)
    room, flow = dict(zip((p.key for p in found.places), found.room_kwh, strict=True)), week(found, 3)[2]
    assert (flow.sum(axis=0) <= found.room_kwh * WEEK_H * (1 + 1e-9)).all()
    np.testing.assert_allclose(flow.sum(axis=1), [origin.work_kwh * WEEK_H for origin in found.origins])
    of = {o.workload.id: 0.0 for o in found.origins}
    for origin in found.origins:
        of[origin.workload.id] += origin.work_kwh
    oslo = next(p.key for p in found.places if sum(p.key in _near(w) for w in of) == len(of) and p.key not in _homes())
    assert room[oslo] == pytest.approx(0.3 * sum(of.values()))
    germany = next(w for w in ("W2", "W5") if w in of)
    assert room[_near(germany)[0]] >= room_over_mean(PLAN.workload(germany)) * of[germany]  # type: ignore[arg-type]


def _near(key: str) -> list[str]:
    workload = TIGHT.workload(key)
    assert workload is not None
    return [place.key for place in places(TIGHT, workload)[:MOST_PLACES]]


def _homes() -> set[str]:
    return {w.region for w in TIGHT.workloads}


def test_less_room_dearer_moving_and_narrower_limits_only_cost():
    weeks = [2, 30]
    usual = jointly(problem(PLAN), weeks).saved_share()
    kept = PLAN.but(workloads=tuple(w.but(residency="country") for w in PLAN.workloads))
    waits = PLAN.with_workload("W4", deferrable_h=0.0)
    for worse in (TIGHT, kept, waits):
        assert jointly(problem(worse), weeks).saved_share() < usual
    at_home = jointly(problem(kept), weeks)
    assert set(at_home.runs_at("W2")) == {PLAN.workload("W2").region}  # type: ignore[union-attr]
    assert at_home.carbon_kg("W2")[0] == pytest.approx(at_home.carbon_kg("W2")[1])


def test_what_takes_no_part_says_why():
    plan = PLAN.with_workload("W1", region="XX").with_workload("W2", region="USST-CA")
    found = problem(plan)
    assert found.left_out["W1"].startswith("region is 'XX'")
    assert found.left_out["W6"] == "it does no work in the year shown"
    assert found.left_out["W2"] == "its grid counts combustion alone; those of most others count the whole life cycle"
    with pytest.raises(ShiftError, match=r"^no workload can be placed: none of their energy can move$"):
        problem(PLAN.but(workloads=()))


def test_too_little_room_names_week_workload_and_places():
    crowded = PLAN.but(workloads=(PLAN.workload("W2").but(room_home_ratio=0.5, room_away_ratio=0.0),))  # type: ignore[union-attr]
    with pytest.raises(ShiftError) as caught:
        week(problem(crowded), 1)
    said = str(caught.value)
    assert said.startswith("in the week from 08 January, capacity binds: ")
    assert "kWh of the work of Employee knowledge assistant due by hour 1 find no room in Germany, " in said


def test_a_run_in_one_piece_does_not_wait_and_one_that_pauses_does():
    plan = PLAN.but(workloads=(PLAN.workload("W5").but(residency="country", deferrable_share=0.6),))  # type: ignore[union-attr]
    (whole,) = problem(plan).origins
    assert whole.delay_h == 0
    pausing = problem(plan.with_workload("W5", pausing="paused")).origins
    assert [o.delay_h for o in pausing] == [WEEK_H, 0]
    assert pausing[0].work_kwh / whole.work_kwh == pytest.approx(0.6)


def test_a_plan_made_at_the_start_of_each_week_realises_a_part_of_the_bound():
    found = problem(TIGHT)
    one = jointly_realised(found, [2, 10, 40])
    assert one is not None
    assert one.starts == 2 * WEEK_H
    assert one.bound_pct == pytest.approx(jointly(found, [10, 40]).saved_share() * 100)
    assert min(one.yesterday_pct, one.profile_pct) > 0
    assert max(one.yesterday_pct, one.profile_pct) <= one.bound_pct
    past = found.hours_g_per_kwh[10 * WEEK_H - 28 * 24 : 10 * WEEK_H]
    planned = known_week(found, 10, "profile")
    np.testing.assert_allclose(planned[30], past[6::24].mean(axis=0))
    np.testing.assert_array_equal(known_week(found, 10, "yesterday")[30], past[-18])
    np.testing.assert_array_equal(known_week(found, 10, "foresight"), found.hours_g_per_kwh[10 * WEEK_H : 11 * WEEK_H])
    assert jointly_realised(found, [0, 3]) is None


def test_weeks_are_spread_over_the_year():
    found = problem(PLAN)
    assert spread_weeks(found, 52) == list(range(52))
    assert spread_weeks(found, 12) == [0, 5, 9, 14, 19, 23, 28, 32, 37, 42, 46, 51]


def test_carbon_before_is_without_the_energy_of_restarts_which_the_programme_does_not_count():
    run = {"deferrable_h": 48.0, "job_h": 24.0, "pausing": "paused", "hours_chosen": "profile"}
    free, dear = (PLAN.with_workload("W5", **run, restart_h=hours) for hours in (0.0, 2.0))
    mine = [next(o.work_kwh for o in problem(plan).origins if o.workload.id == "W5") for plan in (free, dear)]
    assert mine[0] == mine[1]
    assert of(dear).values["energy_accelerator_kwh"].sum() > of(free).values["energy_accelerator_kwh"].sum()
    assert without_restarts(PLAN) is PLAN


def test_what_one_workload_realises_is_of_its_own_work_alone():
    found, weeks = problem(TIGHT), [10, 40]
    every, alone = jointly_realised(found, weeks), jointly_realised(found, weeks, "W2")
    assert every is not None
    assert alone is not None
    mine = [row for row, origin in enumerate(found.origins) if origin.workload.id == "W2"]
    for way, pct in (("foresight", alone.bound_pct), ("yesterday", alone.yesterday_pct)):
        before, after = (sum(week(found, number, way)[part][mine].sum() for number in weeks) for part in (0, 1))
        assert pct == pytest.approx(100 * (1 - after / before))
    assert alone.bound_pct != pytest.approx(every.bound_pct)
