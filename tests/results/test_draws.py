"""Draws are joint, repeatable, and centred on the central case."""

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import catalog, results
from core.plan import Plan
from core.results.columns import Drawing, candidates, fleet, inference_fields, model_fields
from core.results.draws import scores, spread, spread_linear
from core.results.place_columns import footprint_fields
from core.results.site import assumed, site_of
from tests.results.plans import ALL, API, CLOUD, DRAWS, OWN, plan

CATALOG = catalog.load()
P90 = NormalDist().inv_cdf(0.9)
Z = np.array([-P90, 0.0, P90])
SIZED = [m for m in CATALOG.models.values() if m.params_active_low_b and m.params_active_b and m.params_active_high_b]


def fields(workload, drawing):
    return inference_fields(CATALOG, drawing.plan, workload, CATALOG.models[workload.model], drawing)


def site_fields(workload, drawing):
    site = site_of(CATALOG, workload)
    return footprint_fields(CATALOG, drawing.plan, workload, site, *fleet(CATALOG, workload, drawing), drawing)


def test_the_same_seed_gives_the_same_digits():
    found = results.of(plan(*ALL, seed=5), DRAWS)
    results.one.figures_of.cache_clear()
    results.of.cache_clear()
    scores.cache_clear()
    again = results.of(plan(*ALL, seed=5), DRAWS)
    for name, values in found.values.items():
        np.testing.assert_array_equal(values, again.values[name], err_msg=name)


def test_another_seed_gives_other_draws_and_the_same_central_case():
    first, second = (results.of(plan(*ALL, seed=seed), DRAWS).values["carbon_location_kg"] for seed in (1, 2))
    np.testing.assert_array_equal(first[..., 0], second[..., 0])
    assert not np.isclose(first[..., 1:], second[..., 1:], rtol=1e-6).any()


def test_draw_0_is_the_case_computed_without_any_draws():
    drawn, central = results.of(plan(*ALL), DRAWS), results.of(plan(*ALL), 0)
    for name, values in central.values.items():
        np.testing.assert_array_equal(drawn.values[name][..., 0], values[..., 0], err_msg=name)


@given(st.integers(0, 2**31 - 1), st.text(max_size=20), st.integers(1, 200))
def test_scores_lie_one_in_each_equally_likely_band(seed, factor, draws):
    z = scores(seed, factor, draws)
    assert z[0] == 0.0
    bands = np.floor([NormalDist().cdf(value) * draws for value in np.sort(z[1:])])
    assert bands.tolist() == list(range(draws))


def test_scores_cannot_be_written_into():
    with pytest.raises(ValueError, match="read-only"):
        scores(1, "grid:FR", 8)[0] = 1.0


@given(st.floats(0.01, 1e6), st.floats(1, 100), st.floats(1, 100))
def test_a_spread_meets_its_three_quantiles(central, down, up):
    low, high = central / down, central * up
    np.testing.assert_allclose(spread(low, central, high, Z), [low, central, high], rtol=1e-12)
    np.testing.assert_allclose(spread_linear(-low, central, high, Z), [-low, central, high], rtol=1e-9)


def test_a_spread_from_zero_never_falls_below_zero():
    found = spread(0.0, 1.0, 3.0, np.linspace(-5, 5, 101))
    assert found.min() == 0.0
    np.testing.assert_allclose(spread(0.0, 1.0, 3.0, Z), [0, 1, 3], atol=1e-12)


def test_workloads_that_share_model_and_accelerator_share_the_model_error():
    drawing = Drawing(plan(), DRAWS)
    first, second = fields(OWN, drawing), fields(OWN.but(id="b", region="FR", hosting="cloud"), drawing)
    np.testing.assert_array_equal(first["error_z"], second["error_z"])


@pytest.mark.parametrize("other", [{"model": "llama3.1-8b"}, {"hardware": "H200"}])
def test_another_model_or_accelerator_draws_its_own_model_error(other):
    drawing = Drawing(plan(), DRAWS)
    first, second = fields(OWN, drawing)["error_z"], fields(OWN.but(**other), drawing)["error_z"]
    assert abs(np.corrcoef(first[1:], second[1:])[0, 1]) < 0.5


def test_workloads_on_one_grid_share_its_draw_and_others_do_not():
    drawing = Drawing(plan(), DRAWS)
    name = "intensity_location_g_per_kwh"
    first, same, other = (site_fields(w, drawing)[name] for w in (OWN, API.but(region="DE"), API.but(region="FR")))
    np.testing.assert_array_equal(first, same)
    assert abs(np.corrcoef(first[1:], other[1:])[0, 1]) < 0.5


def test_cloud_regions_on_one_grid_share_its_draw():
    regions = [
        r for r in CATALOG.cloud_regions.values() if r.region_id == CATALOG.cloud_regions["aws:eu-west-1"].region_id
    ]
    assert len(regions) >= 2
    drawing = Drawing(plan(), DRAWS)
    found = [site_fields(CLOUD.but(region=r.id), drawing)["intensity_location_g_per_kwh"] for r in regions]
    for other in found[1:]:
        np.testing.assert_array_equal(found[0], other)


def test_pue_is_never_drawn_below_1():
    regions = [r.id for r in CATALOG.cloud_regions.values()]
    drawing = Drawing(plan(), DRAWS)
    assert min(np.min(site_fields(CLOUD.but(region=r), drawing)["pue"]) for r in regions) > 1.0


def test_a_pue_typed_in_has_no_range():
    assert set(np.ravel(site_fields(OWN.but(pue=1.31), Drawing(plan(), DRAWS))["pue"])) == {1.31}


@pytest.mark.parametrize("model", SIZED, ids=lambda m: m.id)
def test_an_undisclosed_size_meets_its_range_at_p10_and_p90(model):
    drawn = model_fields(model, Drawing(plan(), 1_001))["params_active"] / 1e9
    assert drawn[0] == pytest.approx(model.params_active_b, rel=1e-12)
    low, high = np.quantile(drawn[1:], (0.1, 0.9))
    assert (low, high) == pytest.approx((model.params_active_low_b, model.params_active_high_b), rel=0.01)


@pytest.mark.parametrize("model", SIZED[:5], ids=lambda m: m.id)
def test_total_and_active_parameters_of_an_undisclosed_model_move_together(model):
    found = model_fields(model, Drawing(plan(), DRAWS))
    np.testing.assert_allclose(
        found["params_total"] / found["params_active"], model.params_total_b / model.params_active_b, rtol=1e-12
    )


def test_a_disclosed_model_has_one_size():
    assert set(model_fields(CATALOG.models["llama3.3-70b"], Drawing(plan(), DRAWS))["params_active"]) == {70.55e9}


def test_a_bought_service_runs_on_the_providers_accelerators_by_weight():
    hardware, picked = fleet(CATALOG, API, Drawing(plan(), 1_000))
    counted = {h.id: int((picked[1:] == place).sum()) for place, h in enumerate(hardware)}
    assert counted == {s.hardware_id: round(1_000 * s.weight) for s in CATALOG.provider_fleet}
    assert hardware[int(picked[0])].id == max(CATALOG.provider_fleet, key=lambda s: s.weight).hardware_id


def test_a_bought_service_in_8_bit_runs_only_where_8_bit_computes():
    able = [s.hardware_id for s in candidates(CATALOG, API.but(precision="fp8"))]
    assert able == ["H100-SXM", "H200", "B200"]
    assert results.of(plan(API.but(precision="fp8")), DRAWS).refused == {}


def test_a_named_accelerator_is_certain():
    hardware, picked = fleet(CATALOG, OWN, Drawing(plan(), DRAWS))
    assert ([h.id for h in hardware], set(picked)) == (["H100-SXM"], {0.0})


def test_joint_draws_make_the_sum_as_wide_as_its_parts():
    """Two twins share every draw: the 80 % range of their sum is the sum of their ranges, not narrower."""
    twin = OWN.but(id="twin")
    found = results.of(plan(OWN, twin), 256)
    kg = found.values["carbon_location_kg"][:, 0]
    one, both = results.interval(kg[0]), results.interval(kg.sum(axis=0))
    np.testing.assert_allclose(both, 2 * np.array(one), rtol=1e-9)


def test_a_share_of_hours_never_exceeds_the_whole():
    """Its range ends below 1, but the tail of a draw would not."""
    drawing = Drawing(Plan(), 512)
    fact = catalog.load().assumptions["provider_utilization"]
    found = drawing.share_of(assumed(fact, "api:utilization"))
    assert found.max() == 1.0 < drawing.of(assumed(fact, "api:utilization")).max()
    assert found[0] == fact.central
