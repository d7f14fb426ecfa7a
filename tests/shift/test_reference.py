"""A region's hours: the right mean, the right clock, flat where nothing is known, refused where nothing is measured."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from core import catalog
from core.catalog import hourly
from core.shift import check
from core.shift.check import ShiftError
from core.shift.reference import Curve, local_clock, reference_year

REGIONS = catalog.load().regions
DE = reference_year(REGIONS["DE"])


@pytest.mark.parametrize("key", ["DE", "FR", "US-CAL-CISO", "IN-WE", "AU-NSW", "NO"])
def test_the_year_has_the_regions_own_mean_and_the_zones_shape(key):
    region = REGIONS.get(key) or next(r for r in REGIONS.values() if r.hourly_zone == key)
    curve = reference_year(region)
    assert curve.mean_g_per_kwh == pytest.approx(region.carbon_g_per_kwh, rel=1e-12)
    assert curve.intensity_g_per_kwh.min() > 0
    shape = np.array(hourly.reference_hours(region.hourly_zone))
    np.testing.assert_allclose(curve.intensity_g_per_kwh / curve.mean_g_per_kwh, shape / shape.mean(), rtol=1e-12)
    assert "electricity-maps-2023-hourly" in curve.source


def test_another_mean_scales_every_hour_alike():
    half = reference_year(REGIONS["DE"], DE.mean_g_per_kwh / 2)
    np.testing.assert_allclose(half.intensity_g_per_kwh * 2, DE.intensity_g_per_kwh, rtol=1e-12)


def test_a_region_without_a_shape_is_flat_and_says_so():
    region = next(r for r in REGIONS.values() if not r.hourly_zone and r.kind == "country")
    curve = reference_year(region)
    assert curve.flat
    assert set(curve.intensity_g_per_kwh) == {region.carbon_g_per_kwh}
    assert curve.note == (
        f"No hourly shape is known for {region.name}: its hours stay at the yearly mean, "
        "so shifting in time saves nothing."
    )
    assert not curve.refused


@pytest.mark.parametrize("zone", ["HK", "IS"])
def test_a_zone_of_yearly_estimates_refuses_a_shift_in_time(zone):
    curve = reference_year(next(r for r in REGIONS.values() if r.hourly_zone == zone))
    assert curve.flat
    with pytest.raises(ShiftError) as caught:
        curve.for_time()
    assert str(caught.value) == (
        f"The hours of {zone} are a yearly estimate, the same all day: shifting in time cannot be computed there."
    )


def test_a_state_is_marked_direct_and_a_curve_cannot_be_written_into():
    assert reference_year(REGIONS["USST-CA"]).direct
    assert not DE.direct
    with pytest.raises(ValueError, match="read-only"):
        DE.intensity_g_per_kwh[0] = 0


@pytest.mark.parametrize(
    ("zone", "utc", "local"),
    [
        ("Europe/Berlin", datetime(2023, 3, 26, 0, tzinfo=UTC), 1),
        ("Europe/Berlin", datetime(2023, 3, 26, 1, tzinfo=UTC), 3),
        ("Europe/Berlin", datetime(2023, 10, 29, 0, tzinfo=UTC), 2),
        ("Europe/Berlin", datetime(2023, 10, 29, 1, tzinfo=UTC), 2),
        ("America/Los_Angeles", datetime(2023, 1, 1, 0, tzinfo=UTC), 16),
        ("Asia/Kolkata", datetime(2023, 1, 1, 0, tzinfo=UTC), 5),
        ("Australia/Sydney", datetime(2023, 1, 1, 0, tzinfo=UTC), 11),
    ],
)
def test_the_local_clock_knows_summer_time(zone, utc, local):
    curve = Curve("x", DE.intensity_g_per_kwh, DE.start, zone)
    hour = int((utc - DE.start).total_seconds() // 3600)
    assert curve.clock().hour[hour] == local
    assert curve.local(hour) == utc.astimezone(ZoneInfo(zone))


def test_a_clock_skips_an_hour_in_spring_and_repeats_one_in_autumn():
    clock = local_clock(DE.start, 8760, "Europe/Berlin")
    assert np.bincount(clock.hour, minlength=24)[[1, 2, 3]].tolist() == [365, 365, 365]
    march, october = clock.month == 3, clock.month == 10
    assert np.bincount(clock.hour[march], minlength=24)[2] == 30
    assert np.bincount(clock.hour[october], minlength=24)[2] == 32


def test_the_heat_map_is_of_local_hours():
    heat = DE.month_hour_g_per_kwh()
    moments = [DE.local(hour) for hour in range(8760)]
    june_noon = [
        value
        for moment, value in zip(moments, DE.intensity_g_per_kwh, strict=True)
        if moment.month == 6 and moment.hour == 13
    ]
    assert heat.shape == (12, 24)
    assert heat[5, 13] == pytest.approx(sum(june_noon) / len(june_noon))
    assert np.isnan(Curve("x", DE.intensity_g_per_kwh[:48], DE.start, "UTC").month_hour_g_per_kwh()[5]).all()


def test_the_cleanest_hour_is_that_of_the_zones_figures():
    for zone in ("DE", "GB", "US-CAL-CISO", "AU-NSW"):
        found = hourly.zones()[zone]
        curve = Curve("x", np.array(hourly.reference_hours(zone)), DE.start, found.timezone)
        clock = curve.clock().hour
        by_hour = [curve.intensity_g_per_kwh[clock == hour].mean() for hour in range(24)]
        assert abs(int(np.argmin(by_hour)) - found.cleanest_local_hour) <= 1


@pytest.mark.parametrize(
    ("hours", "sentence"),
    [
        ([], "the series holds no hour"),
        ([1, np.nan, 2], "the series lacks 1 hour, the first of them hour 2: mend the file, or cut it"),
        ([np.inf, 1.0], "the series lacks 1 hour, the first of them hour 1: mend the file, or cut it"),
        ([7.0, 7, 7], "the series is 7 g/kWh in every hour: no hour is cleaner, shifting in time saves nothing"),
    ],
)
def test_hours_that_cannot_be_used_say_why(hours, sentence):
    with pytest.raises(ShiftError) as caught:
        check.moving(np.array(hours, dtype=float))
    assert str(caught.value) == sentence
