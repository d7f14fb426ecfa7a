"""A choice of hours stands among a workload's factors, and among the reasons beside its figures."""

from __future__ import annotations

import pytest

from core import results
from core.methods.columns import columns
from core.plan import Plan
from core.plan.example import example_plan
from core.results.factors import Factor, factors
from core.results.hours import moving_share
from core.ui import effect

PLAN = example_plan()
OWN = ("Hours chosen", "Hours of ", "Length of a run, ", "Energy that goes ", "Saved of what moves")


def rows(plan: Plan, key: str) -> dict[str, Factor]:
    workload = plan.workload(key)
    assert workload is not None
    return {one.name: one for one in factors(plan, workload) if one.name.startswith(OWN)}


def reasons(plan: Plan, key: str) -> list[str]:
    opened, now = PLAN.workload(key), plan.workload(key)
    assert opened is not None
    assert now is not None
    return effect.reasons(results.of(plan), opened, now, [])


@pytest.mark.parametrize(("key", "changes"), [("W4", {}), ("W4", {"hours_chosen": "profile", "deferrable_h": 0.0})])
def test_work_as_it_comes_has_no_such_factor_and_no_such_reason(key: str, changes: dict[str, object]) -> None:
    plan = PLAN.with_workload(key, **changes)
    assert rows(plan, key) == {}
    assert not any("Hours chosen" in line for line in reasons(plan, key))


@pytest.mark.parametrize("way", ["yesterday", "profile", "foresight"])
def test_what_the_factors_say_is_what_the_figure_does(way: str) -> None:
    usual = PLAN.with_workload("W4", region="DE", deferrable_share=0.6)
    plan = usual.with_workload("W4", hours_chosen=way)
    found, before = results.of(plan), results.of(usual)
    place, when = found.of("W4"), found.place(plan.shown_year())
    mine = rows(plan, "W4")
    counted = [one for one in mine.values() if one.note.startswith("counted here")]
    assert len(counted) == 1
    assert counted[0].name.endswith(str(mine["Hours chosen"].value))
    moves = mine["Energy that goes where its work goes"]
    ratio = 1 - float(moves.value) * float(counted[0].value) / 100
    was, now = (one.values["carbon_location_kg"][place, when, 0] for one in (before, found))
    assert now / was == pytest.approx(ratio, rel=1e-12)
    assert mine["Hours chosen"].note == "60 % of the work may wait up to 12 h"
    assert "electricity-maps-2023-hourly" in mine["Hours of Germany"].source
    drawn = moving_share(plan.workload("W4"), {k: v[place] for k, v in found.values.items()})[when]  # type: ignore[arg-type]
    assert moves.low is not None
    assert moves.low <= drawn[0] <= (moves.high or 0)
    line = next(line for line in reasons(plan, "W4") if line.startswith("Hours chosen"))
    assert f"{float(counted[0].value):.2g}\u00a0% cleaner than the grid's average" in line


def test_a_run_tells_its_length_and_whether_it_may_pause() -> None:
    plan = PLAN.with_workload("W5", hours_chosen="profile", deferrable_h=24, pausing="paused", job_h=12)
    length = rows(plan, "W5")["Length of a run, for its hours"]
    assert (length.value, length.status, length.source, length.note) == (
        12.0,
        "entered",
        "input",
        "may pause and resume",
    )
    assert rows(plan.with_workload("W5", job_h=None), "W5")["Length of a run, for its hours"].status == "assumption"


@pytest.mark.parametrize(
    ("key", "changes", "why"),
    [
        ("W4", {"region": "TH"}, "No hourly shape is known for Thailand"),
        ("W6", {"job_h": 8_700}, "the job and its slack take 8,700 + 720 h; the series holds 8,760 h"),
    ],
)
def test_where_nothing_moves_factor_and_reason_say_why(key: str, changes: dict[str, object], why: str) -> None:
    plan = PLAN.with_workload(key, hours_chosen="profile", **changes)
    mine = rows(plan, key)
    assert mine["Hours chosen"].note.startswith(f"nothing moves: {why}")
    assert not any(name.startswith("Saved") for name in mine)
    assert any(why in line for line in (text.replace("\u2060", "") for text in reasons(plan, key)))


def test_restarts_and_room_stand_among_the_factors_and_do_what_they_say() -> None:
    run = PLAN.with_workload("W5", hosting="cloud", installed_accelerators=None, job_h=24, deferrable_h=48)
    plan = run.with_workload("W5", hours_chosen="profile", pausing="paused", restart_h=0.5)
    told = {one.name: one for one in factors(plan, plan.workload("W5"))}  # type: ignore[arg-type]
    assert told["Energy of a restart"].value == "0.5 hours of full power"
    share = told["Energy of restarts, over the run's own"]
    place, when = results.of(plan).of("W5"), results.of(plan).place(plan.shown_year())
    was, now = (results.of(one).values["energy_facility_kwh"][place, when, 0] for one in (run, plan))
    assert now / was == pytest.approx(1 + float(share.value), rel=1e-12)
    room = PLAN.with_workload("W4", region="DE", hours_chosen="profile", room_home_ratio=3.0)
    fleet = {one.name: one for one in factors(room, room.workload("W4"))}  # type: ignore[arg-type]
    assert fleet["Room at home, over the mean load"].value == 3.0
    grid = columns()["intensity_location_g_per_kwh"]
    assert all(grid.filled_by(name) for name in (share.name, "Energy of a restart", "Room at home, over the mean load"))


def test_each_fills_the_column_of_the_grid() -> None:
    plan = PLAN.with_workload("W5", hours_chosen="profile", deferrable_h=24)
    grid = columns()["intensity_location_g_per_kwh"]
    assert len(rows(plan, "W5")) == 7
    assert all(grid.filled_by(name) for name in rows(plan, "W5"))
