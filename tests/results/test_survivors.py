"""Small errors that once went unseen: each of these tests fails when one of them comes back."""

import numpy as np
import pytest

from core import catalog, results
from core.results.columns import fleet, inference_fields
from core.results.drawing import Drawing
from core.results.place_columns import footprint_fields
from core.results.site import site_of
from tests.results.plans import CLOUD, DRAWS, OWN, plan

CATALOG = catalog.load()


def site_fields(workload, drawing):
    site = site_of(CATALOG, workload)
    return footprint_fields(CATALOG, drawing.plan, workload, site, *fleet(CATALOG, workload, drawing), drawing)


def test_the_rest_of_the_server_is_drawn_over_its_range():
    drawing, fact = Drawing(plan(), 1_001), CATALOG.assumptions["host_w"]
    host_w = inference_fields(CATALOG, drawing.plan, OWN, CATALOG.models[OWN.model], drawing)["host_w"]
    assert host_w[0] == fact.central == CATALOG.hardware["H100-SXM"].host_w
    assert tuple(np.quantile(host_w[1:], (0.1, 0.9))) == pytest.approx((fact.low, fact.high), rel=0.01)


def test_a_contract_without_a_figure_is_onshore_wind_over_its_life_cycle():
    found = results.of(plan(OWN.but(contract_share="2026=1")), 0).values
    per_kwh = found["carbon_market_kg"] / found["energy_facility_kwh"]
    assert per_kwh.ravel() == pytest.approx(CATALOG.emission_factors["wind_onshore"].carbon_g_per_kwh / 1000)
    assert CATALOG.emission_factors["wind_onshore"].carbon_g_per_kwh == 11


def test_the_water_of_two_grids_is_drawn_apart_and_that_of_one_grid_together():
    drawing, name = Drawing(plan(), 256), "water_source_l_per_kwh"
    germany, again, france = (site_fields(OWN.but(region=key), drawing)[name] for key in ("DE", "DE", "FR"))
    np.testing.assert_array_equal(germany, again)
    assert abs(np.corrcoef(germany[1:], france[1:])[0, 1]) < 0.3


@pytest.mark.parametrize("days", [100.0, 365.0])
def test_hired_accelerators_are_held_in_operating_hours_only(days):
    found = results.of(plan(CLOUD.but(operating_days=days)), DRAWS).values
    np.testing.assert_allclose(found["held_h"], found["accelerators_installed"] * days * 24, rtol=1e-12)


def test_own_accelerators_and_hired_ones_kept_all_year_are_held_all_year():
    for workload in (OWN.but(operating_days=100.0), CLOUD.but(operating_days=100.0, installed_accelerators=8)):
        found = results.of(plan(workload), 0).values
        np.testing.assert_allclose(found["held_h"], found["accelerators_installed"] * 8_760, rtol=1e-12)
