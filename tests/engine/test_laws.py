"""What must hold whatever the coefficients are."""

import numpy as np
import pytest
from hypothesis import given, settings

from core.engine import InferenceColumns, footprint, inference
from tests.engine.rows import (
    COEFFICIENTS,
    changed,
    columns,
    fixed_rows,
    footprint_columns,
    footprint_row,
    footprint_rows,
    inference_row,
    inference_rows,
)

ROWS = columns(InferenceColumns, fixed_rows(inference_row))
ACTIVITY, SITE = footprint_columns(fixed_rows(footprint_row))
AMOUNTS = ("busy_h", "held_h", "energy_accelerator_kwh", "energy_idle_kwh", "energy_host_kwh", "replicas")


def infer(**values):
    return inference(changed(ROWS, **values), COEFFICIENTS)


def close(first, second, rtol=1e-12):
    np.testing.assert_allclose(first, second, rtol=rtol, atol=0)


# Demand


@pytest.mark.parametrize("name", AMOUNTS)
def test_twice_the_requests_take_twice_as_much_of_a_shared_fleet(name):
    twice = getattr(infer(shared=1, requests=2 * ROWS.requests), name)
    close(twice, 2 * getattr(infer(shared=1), name))


def test_at_a_given_batch_the_busy_energy_is_linear_in_demand():
    twice = infer(shared=0, batch=8, busy_share=0, requests=2 * ROWS.requests, held_h=8760)
    close(twice.energy_accelerator_kwh, 2 * infer(shared=0, batch=8, busy_share=0, held_h=8760).energy_accelerator_kwh)


def test_without_requests_nothing_is_used():
    for shared in (0, 1):
        result = infer(shared=shared, installed=0, requests=0, accelerators=8)
        for name in AMOUNTS:
            assert not getattr(result, name).any(), name


def test_without_requests_an_installed_fleet_idles_all_year():
    result = infer(shared=0, installed=16, requests=0, accelerators=8, host_w=100)
    close(result.held_h, 16 * ROWS.held_h)
    close(result.energy_host_kwh, 1.6 * ROWS.held_h)
    assert not result.energy_accelerator_kwh.any()
    assert (result.energy_idle_kwh > 0).all()


@settings(max_examples=150, deadline=None)
@given(inference_rows)
def test_the_batch_is_never_below_one(row):
    result = inference(columns(InferenceColumns, [row | {"accelerators": row["accelerators"] or 8}]), COEFFICIENTS)
    assert result.batch[0] >= 1
    assert result.batch_limit[0] >= 1


@settings(max_examples=150, deadline=None)
@given(inference_rows)
def test_no_fleet_is_busier_than_it_is_held(row):
    result = inference(columns(InferenceColumns, [row | {"accelerators": row["accelerators"] or 8}]), COEFFICIENTS)
    assert result.busy_h[0] <= result.held_h[0]
    assert result.energy_idle_kwh[0] >= 0
    assert 0 <= result.utilization[0] <= 1


def test_a_fleet_just_busy_all_year_is_not_overloaded():
    given = {"shared": 0, "separate": 0, "accelerators": 8, "installed": 8}
    load = infer(batch=0, busy_share=0, service_h=8760, held_h=8760, **given)
    steady = (load.batch > 1) & (load.batch < load.batch_limit)
    assert steady.any()
    close(load.utilization[steady], 1, rtol=1e-9)
    assert not load.overload[steady].any()


def test_an_overloaded_fleet_says_how_many_accelerators_it_needs():
    given = {"shared": 0, "separate": 0, "accelerators": 8, "installed": 8}
    load = infer(batch=1, busy_share=0, held_h=8760, requests=1e12, **given)
    assert load.overload.all()
    needed = np.ceil(1e12 * ROWS.output_tokens * load.step_time_s / (8760 * 3600))
    close(load.accelerators_installed, 8 * needed)


# Prompts read on machines of their own


def apart(**values):
    given = {"shared": 0, "batch": 8, "busy_share": 0, "accelerators": 8, "installed": 0, "held_h": 8760}
    return infer(**(given | values))


def test_machines_that_only_write_take_steps_as_if_every_prompt_were_cached():
    writing, cached = apart(separate=1), apart(separate=0, cached_share=1)
    close(writing.step_time_s, cached.step_time_s)


def test_both_kinds_of_machines_make_the_whole():
    both, writing = apart(separate=1, error_on=0), apart(separate=0, cached_share=1, error_on=0)
    for name in ("accelerators_installed", "held_h", "busy_h", "energy_accelerator_kwh", "energy_host_kwh"):
        assert (getattr(both, name) >= getattr(writing, name)).all()
    reading_s = both.request_time_s - writing.request_time_s
    busy = ROWS.requests > 0
    close((both.busy_h - writing.busy_h)[busy], (8 * ROWS.requests * reading_s / 3600)[busy], rtol=1e-6)


def test_where_nothing_is_left_to_read_separate_machines_change_nothing():
    one, other = (apart(separate=flag, cached_share=1) for flag in (0, 1))
    for name in one._fields:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_a_provider_s_shared_fleet_reads_along_whatever_is_said():
    one, other = (infer(shared=1, separate=flag) for flag in (0, 1))
    for name in one._fields:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


# Levers on the model and the accelerator


def test_caching_prompts_never_raises_the_energy_of_a_token():
    shares = [infer(batch=16, shared=1, error_on=0, cached_share=s) for s in np.linspace(0, 1, 6)]
    energy = np.array([result.energy_accelerator_j_per_output_token for result in shares])
    assert (np.diff(energy, axis=0) <= 1e-12 * energy[:-1])[:, ~np.isnan(energy[0])].all()


def test_more_memory_never_needs_more_accelerators():
    one = {"accelerators": 0, "batch": 0, "room_batch": 1, "shared": 0}
    sizes = [infer(**one, memory_byte=m).accelerators for m in (1.6e10, 4e10, 8e10, 1.9e11, 1e12)]
    needed = np.nan_to_num(np.array(sizes), nan=np.inf)
    assert (needed[1:] <= needed[:-1]).all()


def test_a_copy_has_room_for_the_batch_it_is_to_run_wherever_some_number_has():
    rows = infer(accelerators=0, batch=24, room_batch=0, batch_cap=24)
    alone = infer(accelerators=0, batch=0, room_batch=1, batch_cap=24)
    held = rows.batch_limit >= 24 * (1 - 1e-12)
    gave_up = rows.accelerators == alone.accelerators
    assert (held | gave_up | np.isnan(rows.accelerators)).all()
    assert (rows.accelerators > alone.accelerators).any()


def test_more_memory_never_lowers_the_batch_limit():
    limits = np.array([infer(accelerators=8, memory_byte=m).batch_limit for m in (1.6e10, 8e10, 1e12)])
    assert (np.diff(limits, axis=0) >= 0).all()


def test_replicas_come_as_one_two_four_eight_or_whole_servers():
    n = infer(accelerators=0).accelerators
    server = np.maximum(ROWS.accelerators_per_server, 8)
    assert (np.isnan(n) | np.isin(n, [1, 2, 4, 8]) | (n % server == 0)).all()
    assert {1, 2, 4, 8, 16} <= set(n)


def test_power_lies_between_idle_and_tdp():
    power = infer(accelerators=8, power_factor=1).power_accelerator_w
    assert ((power > ROWS.idle_w) & (power <= ROWS.tdp_w * (1 + 1e-12))).all()


def test_the_error_factor_meets_its_tenth_and_ninetieth_percentile():
    dense_b8 = {"batch": 8, "accelerators": 8, "experts": 0, "measured": 1, "shared": 1}
    plain = infer(**dense_b8, error_on=0).energy_accelerator_kwh
    for z, quantile in ((-1.2816, 0), (0, 1), (1.2816, 2)):
        drawn = infer(**dense_b8, error_on=1, error_z=z).energy_accelerator_kwh
        close(drawn, plain * np.exp(COEFFICIENTS.inference.interval_ln_80[0, 0, 1, quantile]), rtol=1e-9)


# Rows


def test_the_order_of_rows_never_matters():
    order = np.random.default_rng(1).permutation(len(ROWS.requests))
    shuffled = inference(InferenceColumns(*(column[order] for column in ROWS)), COEFFICIENTS)
    for name, column in infer()._asdict().items():
        np.testing.assert_array_equal(getattr(shuffled, name), column[order], err_msg=name)


USED = (
    "params_total",
    "params_active",
    "layers",
    "d_model",
    "kv_byte_per_token",
    "weight_byte",
    "peak_flop_per_s",
    "peak16_flop_per_s",
    "bandwidth_byte_per_s",
    "tdp_w",
    "idle_w",
    "link_byte_per_s",
    "accelerators",
    "batch",
    "requests",
    "input_tokens",
    "output_tokens",
    "cached_share",
    "installed",
    "busy_share",
    "error_z",
)


@pytest.mark.parametrize("name", USED)
def test_a_missing_number_gives_no_figure_and_leaves_other_rows_alone(name):
    known = {
        "experts": 0,
        "accelerators": 8,
        "batch": 8,
        "shared": 0,
        "engine": 0,
        "error_on": 1,
        "installed": 8,
        "requests": 1e3,
    }
    known |= {"busy_share": 0.5, "held_h": 8760}
    column = changed(ROWS, **known)._asdict()
    whole = infer(**known).energy_accelerator_kwh
    column[name][0] = np.nan
    spoiled = inference(InferenceColumns(**column), COEFFICIENTS).energy_accelerator_kwh
    assert np.isnan(spoiled[0])
    np.testing.assert_array_equal(spoiled[1:], whole[1:])


def test_columns_that_cannot_be_written_are_as_good_as_others():
    for column in (frozen := changed(ROWS)):
        column.flags.writeable = False
    np.testing.assert_array_equal(inference(frozen, COEFFICIENTS).held_h, infer().held_h)


# Footprint


def test_pue_enters_once():
    once, twice = footprint(ACTIVITY, SITE), footprint(ACTIVITY, changed(SITE, pue=2 * SITE.pue))
    doubled = ("energy_facility_kwh", "energy_onsite_kwh", "carbon_location_kg", "carbon_market_kg", "water_source_l")
    for name in (*doubled, "carbon_embodied_panels_kg"):
        close(getattr(twice, name), 2 * getattr(once, name))
    for name in ("energy_it_kwh", "water_site_l"):
        np.testing.assert_array_equal(getattr(twice, name), getattr(once, name))


@settings(max_examples=100, deadline=None)
@given(footprint_rows)
def test_the_ladder_adds_up_to_the_whole(row):
    result = footprint(*footprint_columns([row]))
    assert result.energy_it_kwh[0] + result.energy_overhead_kwh[0] == pytest.approx(result.energy_facility_kwh[0])
    parts = [getattr(result, f"cost_{part}_usd")[0] for part in ("energy", "hardware", "operations", "hire", "api")]
    np.testing.assert_allclose(np.sum(parts), result.cost_usd[0])


def test_full_procurement_takes_the_contract_and_none_takes_the_residual():
    for share, factor in ((1, SITE.contract_g_per_kwh), (0, SITE.residual_g_per_kwh)):
        result = footprint(ACTIVITY, changed(SITE, procurement_share=share, panels_ratio=0))
        close(result.carbon_market_kg, result.energy_facility_kwh * factor / 1000)


def test_an_unknown_price_is_never_zero():
    priced = {0: "price_electricity_usd_per_kwh", 1: "price_purchase_usd", 2: "price_hire_usd_per_h"}
    known = dict.fromkeys((n for n in SITE._fields if n.startswith("price_") or n == "operations_usd_per_h"), 1.0)
    held = changed(ACTIVITY, held_h=1000)
    for hosting, name in priced.items():
        assert not np.isnan(footprint(held, changed(SITE, **known, hosting=hosting)).cost_usd).any()
        unknown = footprint(held, changed(SITE, **(known | {name: np.nan}), hosting=hosting))
        assert np.isnan(unknown.cost_usd).all(), name


def test_an_unknown_price_of_nothing_costs_nothing():
    none_cached = changed(ACTIVITY, cached_tokens_year=0)
    prices = {
        "price_input_usd_per_m_tokens": 2,
        "price_output_usd_per_m_tokens": 3,
        "price_cached_usd_per_m_tokens": np.nan,
    }
    result = footprint(none_cached, changed(SITE, **prices, hosting=3))
    close(result.cost_usd, (2 * ACTIVITY.input_tokens_year + 3 * ACTIVITY.output_tokens_year) / 1e6)


def test_each_hour_held_carries_its_share_of_the_making():
    result = footprint(
        changed(ACTIVITY, held_h=8760), changed(SITE, lifetime_years=4, embodied_kg=1000, hired_utilization=1)
    )
    close(result.carbon_embodied_kg - result.carbon_embodied_panels_kg, 250, rtol=1e-6)


# Panels on site


def test_without_panels_the_grid_gives_all_to_the_last_bit():
    none = footprint(ACTIVITY, changed(SITE, panels_ratio=0, latitude=np.nan))
    np.testing.assert_array_equal(none.energy_onsite_kwh, 0)
    np.testing.assert_array_equal(
        none.carbon_location_kg, none.energy_facility_kwh * SITE.intensity_location_g_per_kwh / 1000
    )


def test_panels_never_give_more_than_daylight_nor_a_flat_load_more_than_they_yield():
    small, large, vast = (footprint(ACTIVITY, changed(SITE, panels_ratio=ratio)) for ratio in (0.1, 1, 1e6))
    close(small.energy_onsite_kwh * SITE.panels_g_per_kwh / 1000, small.carbon_embodied_panels_kg, rtol=1e-9)
    assert (large.energy_onsite_kwh <= 10 * small.energy_onsite_kwh * (1 + 1e-12)).all()
    assert (vast.energy_onsite_kwh > large.energy_onsite_kwh).all()
    assert (vast.energy_onsite_kwh <= 0.55 * vast.energy_facility_kwh).all()  # half the hours of a year are night


def test_panels_at_the_same_distance_from_the_equator_yield_the_same():
    north, south = (footprint(ACTIVITY, changed(SITE, panels_ratio=1, latitude=at)) for at in (35, -35))
    close(north.energy_onsite_kwh, south.energy_onsite_kwh, rtol=2e-3)
