"""Where work could run instead: limits are kept, ranks go by carbon of a kWh, a move is the plan with that place."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import catalog as facts
from core import results
from core.plan.example import example_plan
from core.results import interval
from core.results.moves import (
    AREAS,
    EEA,
    hours_by,
    keeps_residency,
    latency_ms,
    listed_countries,
    move_to,
    places,
    server_g_per_kwh,
    unknown_countries,
)
from core.results.site import site_of
from core.results.weeks import NO_SHARE, NO_WAIT, WEEK_H, best_stretch, job_of
from core.shift.check import ShiftError
from core.shift.job import Job, outcomes
from core.shift.realised import HISTORY_H, each_realised, realised_fleet, replanned_kwh
from core.shift.reference import reference_year

CATALOG = facts.load()
PLAN = example_plan()
ASSISTANT, NIGHTLY, TUNING = (PLAN.workload(key) for key in ("W2", "W4", "W5"))
GERMANY = reference_year(CATALOG.regions["DE"])


def test_todays_place_stands_first_and_the_others_from_the_cleanest_on():
    home, *others = places(PLAN, ASSISTANT)
    assert (home.key, home.latency_ms) == (ASSISTANT.region, 0.0)
    carbon = [place.g_per_kwh for place in others]
    assert carbon == sorted(carbon)
    for place in others[:5]:
        site = site_of(CATALOG, ASSISTANT.but(region=place.key))
        assert place.g_per_kwh == server_g_per_kwh(site) == site.region.carbon_g_per_kwh * site.pue.central


def test_grids_that_count_the_stack_alone_are_never_ranked_beside_others():
    assert not any(place.region.direct for place in places(PLAN, ASSISTANT))
    direct = next(key for key, region in CATALOG.regions.items() if region.direct)
    assert all(place.region.direct for place in places(PLAN, ASSISTANT.but(region=direct)))


def test_a_providers_customer_moves_among_its_regions():
    cloud = NIGHTLY.but(region="aws:eu-central-1")
    assert {place.key.split(":")[0] for place in places(PLAN, cloud)} == {"aws"}


@settings(max_examples=10, deadline=None)
@given(limit=st.floats(1, 300))
def test_limits_are_kept_and_a_tighter_one_never_adds_a_place(limit: float):
    free = places(PLAN, ASSISTANT)
    near = places(PLAN, ASSISTANT.but(latency_ms=limit))
    assert set(near) <= set(free)
    assert all(place.latency_ms <= limit for place in near)
    eea = places(PLAN, ASSISTANT.but(residency="eea"))
    assert {place.region.country_code or place.region.id[:2] for place in eea[1:]} <= EEA
    assert set(places(PLAN, ASSISTANT.but(residency="eea", latency_ms=limit))) == set(near) & set(eea)


def test_data_may_go_to_the_eu_the_eea_or_beside_it_to_the_uk_and_switzerland():
    """Each limit is a set of countries, home always among the places."""
    free = {place.key for place in places(PLAN, ASSISTANT)[1:]}
    found = {area: {place.key for place in places(PLAN, ASSISTANT.but(residency=area))[1:]} for area in AREAS}
    country = {place.key: place.region.country_code or place.region.id[:2] for place in places(PLAN, ASSISTANT)}
    assert found["eu"] < found["eea"] < found["eea_gb_ch"] < free
    assert {country[key] for key in found["eea"] - found["eu"]} == {"NO"}
    assert {country[key] for key in found["eea_gb_ch"] - found["eea"]} == {"GB", "CH"}
    apart = {
        "AX": "FI",
        "GF": "FR",
        "GP": "FR",
        "MQ": "FR",
        "RE": "FR",
        "YT": "FR",
    }  # of a member, by a code of its own
    assert len(AREAS["eu"] - set(apart)) == 27
    assert set(apart) | set(apart.values()) <= AREAS["eu"]
    assert keeps_residency(PLAN, ASSISTANT.but(residency="eea_gb_ch"), "GB")
    assert not keeps_residency(PLAN, ASSISTANT.but(residency="eu"), "NO")


def test_a_list_of_countries_allows_those_and_todays_place():
    listed = ASSISTANT.but(residency="listed", residency_countries=("se", "FR", "XX"))
    found = places(PLAN, listed)
    assert found[0].key == ASSISTANT.region
    assert {place.region.country_code or place.region.id[:2] for place in found[1:]} == {"SE", "FR"}
    assert (listed_countries(listed), unknown_countries(PLAN, listed)) == (("SE", "FR", "XX"), ("XX",))
    assert [place.key for place in places(PLAN, ASSISTANT.but(residency="listed"))] == [ASSISTANT.region]
    assert keeps_residency(PLAN, listed, "FR")
    assert not keeps_residency(PLAN, listed, "NO")
    with pytest.raises(ValueError, match="residency_countries"):
        ASSISTANT.but(residency_countries=("Germany",))


def test_a_line_is_as_long_both_ways_and_grows_with_distance():
    germany, sweden, brazil = (CATALOG.regions[key] for key in ("DE", "SE", "BR"))
    assert latency_ms(germany, sweden) == latency_ms(sweden, germany)
    assert 0 == latency_ms(germany, germany) < latency_ms(germany, sweden) < latency_ms(germany, brazil)
    assert math.isnan(latency_ms(germany, CATALOG.regions["WORLD"]))
    # A quarter of the equator is 10,007.5 km: 15,011 km of cable, both ways at 200 km a millisecond.
    origin, quarter = replace(germany, latitude=0, longitude=0), replace(germany, latitude=0, longitude=90)
    assert latency_ms(origin, quarter) == pytest.approx(150.11, abs=0.01)


def test_a_move_is_the_plan_with_that_place_draw_by_draw():
    move = move_to(PLAN, ASSISTANT, "FR")
    before, after = (results.of(PLAN.with_workload("W2", region=key)) for key in ("DE", "FR"))
    when = before.place(PLAN.shown_year())
    was, now = (one.carbon_kg()[one.of("W2"), when] for one in (before, after))
    low, _, high = interval(now - was)
    assert (move.before_kg, move.after_kg) == (was[0], now[0])
    assert (move.low_kg, move.high_kg) == pytest.approx((low, high))
    water = [one.values["water_site_l"] + one.values["water_source_l"] for one in (after, before)]
    assert move.water_l == pytest.approx(float((water[0] - water[1])[after.of("W2"), when, 0]))


def test_a_way_to_choose_hours_is_the_plan_with_that_way():
    move = hours_by(PLAN, NIGHTLY, "profile")
    after = results.of(PLAN.with_workload("W4", hours_chosen="profile"))
    when = after.place(PLAN.shown_year())
    assert move.after_kg == after.carbon_kg()[after.of("W4"), when, 0]
    assert (move.water_l, move.cost_usd) == (0.0, 0.0)
    assert hours_by(PLAN, NIGHTLY.but(hours_chosen="foresight"), "profile").before_kg == move.before_kg


def test_the_week_drawn_is_the_best_one_and_moves_work_without_losing_any():
    workload = NIGHTLY.but(region="DE")
    stretch = best_stretch(GERMANY, workload, math.nan)
    assert stretch.first % WEEK_H == 0
    assert len(stretch.after) == WEEK_H
    assert stretch.after.max() <= 1 / workload.busy_share + 1e-9
    assert stretch.first >= HISTORY_H
    assert stretch.saved_share(stretch.after) > 0.05
    assert stretch.foretold is not None
    fleet = {"flexible_share": workload.deferrable_share, "delay_h": 12, "capacity_kwh": 1 / workload.busy_share}
    hours = GERMANY.intensity_g_per_kwh
    planned = replanned_kwh(hours, np.ones(len(hours)), **fleet)
    for load, whole in zip(stretch.foretold, planned, strict=True):
        np.testing.assert_array_equal(load, whole[stretch.first - HISTORY_H :][:WEEK_H])
    told = realised_fleet(hours, np.ones(len(hours)), **fleet)
    for whole, pct in zip(planned, (told.yesterday_pct, told.profile_pct), strict=True):
        assert pct == pytest.approx(100 * (1 - hours[HISTORY_H:] @ whole / hours[HISTORY_H:].sum()))
    assert stretch.carried_share == pytest.approx(1 - stretch.after.sum() / WEEK_H)
    for load in (stretch.after, *stretch.foretold):
        assert abs(load.sum() - stretch.before.sum()) <= workload.deferrable_h * workload.deferrable_share


def test_the_run_drawn_is_the_release_that_gains_most_and_runs_as_long():
    job = job_of(TUNING.but(deferrable_h=48.0, pausing="paused"), 24.0)
    stretch = best_stretch(GERMANY, TUNING.but(deferrable_h=48.0, pausing="paused"), 24.0)
    found = outcomes(GERMANY.intensity_g_per_kwh, job)
    assert stretch.first == HISTORY_H + int(np.argmax((found.now_g - found.best_g)[HISTORY_H:]))
    assert (stretch.before.sum(), stretch.after.sum()) == (24.0, 24.0)
    gained = 1 - found.best_g[stretch.first] / found.now_g[stretch.first]
    assert stretch.saved_share(stretch.after) == pytest.approx(gained)
    each = each_realised(GERMANY.intensity_g_per_kwh, job)
    assert stretch.foretold is not None
    for load, planned_g in zip(stretch.foretold, each.planned_g[1:], strict=True):
        assert stretch.intensity_g_per_kwh @ load == pytest.approx(planned_g[stretch.first - HISTORY_H])


def test_a_series_without_a_history_is_drawn_with_foresight_alone():
    short = replace(GERMANY, intensity_g_per_kwh=GERMANY.intensity_g_per_kwh[:700])
    stretch = best_stretch(short, TUNING.but(deferrable_h=48.0), 24.0)
    assert stretch.foretold is None
    found = outcomes(short.intensity_g_per_kwh, Job(24.0, 48))
    assert stretch.first == int(np.argmax(found.now_g - found.best_g))
    week = best_stretch(short, NIGHTLY, math.nan)
    assert (week.foretold, week.first % WEEK_H) == (None, 0)


@pytest.mark.parametrize(
    ("changes", "length", "said"),
    [
        ({"deferrable_h": 0.0}, math.nan, NO_WAIT),
        ({"deferrable_share": 0.0}, math.nan, NO_SHARE),
        ({"kind": "fine_tuning", "deferrable_h": 24.0}, math.nan, "the length of a run is unknown; enter it above"),
    ],
)
def test_what_cannot_move_is_said(changes: dict[str, object], length: float, said: str):
    with pytest.raises(ShiftError, match=said):
        best_stretch(GERMANY, NIGHTLY.but(**changes), length)
