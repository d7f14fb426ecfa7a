"""A company's own entries on the road to figures: what each changes, and nothing else."""

import numpy as np
import pytest

from core import catalog, results, table
from core.link import decode, encode
from core.plan import Plan, Workload
from core.plan.own import OwnDevice, OwnModel, OwnPrice, OwnRegion, OwnSite, OwnSupplier
from core.results.factors import factors
from core.results_table import rows, write_results

SAID = {"name": "Ours", "source": "our meters", "source_date": "2026-10-01"}
KNOWN = catalog.load()
BASE = Workload(id="W1", hosting="own", model="qwen3-14b", hardware="H100-SXM", region="FR", requests_per_day=5_000)
YEARS = range(2026, 2036)


def figures(entry, **changes):
    """Values of one workload under a plan with one entry of its own."""
    plan = Plan(workloads=(BASE.but(**changes),))
    return results.of(plan if entry is None else plan.with_own(entry), 8)


def test_a_model_with_the_dimensions_of_a_known_one_has_its_figures():
    like = KNOWN.models["qwen3-14b"]
    same = {n: getattr(like, n) for n in ("params_total_b", "layers", "d_model", "heads", "kv_heads", "head_dim")}
    own = figures(OwnModel(id="own:m", **same, **SAID), model="own:m")
    for name, values in figures(None).values.items():
        np.testing.assert_array_equal(own.values[name][..., 0], values[..., 0])


def test_a_device_like_another_with_half_its_idle_power_waits_at_that_power_and_the_floor_above_it():
    device, floor = KNOWN.hardware["H100-SXM"], KNOWN.coefficients["inference"]["p_floor"]["value"]
    half_w = device.idle_w / 2
    own = figures(OwnDevice(id="own:d", based_on="H100-SXM", idle_w=half_w, **SAID), hardware="own:d")
    ratio = own.values["energy_idle_kwh"][0, :, 0] / figures(None).values["energy_idle_kwh"][0, :, 0]
    waiting_w = [idle_w + floor * (device.tdp_w - idle_w) for idle_w in (half_w, device.idle_w)]
    np.testing.assert_allclose(ratio, waiting_w[0] / waiting_w[1])


def test_a_grid_by_year_is_followed_year_by_year_with_its_range():
    own = figures(OwnRegion(id="own:r", carbon_g_per_kwh="2026=400; 2030=200", range_pct=10, **SAID), region="own:r")
    intensity = own.values["carbon_location_kg"] / own.values["energy_facility_kwh"] * 1_000
    expected = [400, 350, 300, 250, 200, 200, 200, 200, 200, 200]
    np.testing.assert_allclose(intensity[0, :, 0], expected)
    drawn = intensity[0] / np.array(expected)[:, None]
    np.testing.assert_allclose(drawn, np.broadcast_to(drawn[0], drawn.shape))
    assert drawn[0].min() < 0.95 < 1.05 < drawn[0].max()


def test_what_no_contract_covers_takes_the_residual_mix_and_the_rest_its_supplier():
    grid = OwnRegion(id="own:r", carbon_g_per_kwh=300, residual_g_per_kwh="2026=500; 2035=410", **SAID)
    wind = OwnSupplier(id="own:s", carbon_g_per_kwh="2026=20; 2035=2", **SAID)
    workload = BASE.but(region="own:r", supplier="own:s", contract_share=0.4)
    found = results.of(Plan(workloads=(workload,)).with_own(grid).with_own(wind), 4)
    market = found.values["carbon_market_kg"] / found.values["energy_facility_kwh"] * 1_000
    np.testing.assert_allclose(market[0, [0, 9], 0], [0.4 * 20 + 0.6 * 500, 0.4 * 2 + 0.6 * 410])


def test_a_site_gives_its_workloads_overhead_water_servers_life_and_prices():
    site = OwnSite(
        id="own:h", region="FR", pue=1.4, wue_l_per_kwh=0.7, host_w=100, lifetime_years=5, price_purchase_usd=20_000,
        price_electricity_usd_per_kwh=0.2, price_operations_usd_per_h=0.1, purchase_year=2024, **SAID,
    )  # fmt: skip
    own = figures(site, region="own:h").values
    facility, it = own["energy_facility_kwh"][0, 0, 0], own["energy_it_kwh"][0, 0, 0]
    held = own["held_h"][0, 0, 0]
    assert facility / it == pytest.approx(1.4)
    assert own["water_site_l"][0, 0, 0] / it == pytest.approx(0.7)
    assert own["energy_host_kwh"][0, 0, 0] == pytest.approx(held * 0.1)
    assert own["cost_energy_usd"][0, 0, 0] == pytest.approx(facility * 0.2)
    assert own["cost_hardware_usd"][0, 0, 0] == pytest.approx(held / 8_760 / 5 * 20_000)
    assert own["cost_operations_usd"][0, 0, 0] == pytest.approx(held * 0.1)
    booked = results.of(Plan(hardware_view="purchase_year", workloads=(BASE.but(region="own:h"),)).with_own(site), 4)
    years = [y for y, n in zip(YEARS, booked.values["accelerators_bought"][0, :, 0], strict=True) if n]
    assert years == [2029, 2034]


def test_what_the_workload_says_goes_before_what_its_site_says():
    site = OwnSite(id="own:h", region="FR", pue=1.4, lifetime_years=5, **SAID)
    own = figures(site, region="own:h", pue=1.1, lifetime_years=2).values
    assert own["energy_facility_kwh"][0, 0, 0] / own["energy_it_kwh"][0, 0, 0] == pytest.approx(1.1)
    spread = figures(site, region="own:h", lifetime_years=4).values["carbon_embodied_kg"][0, 0, 0]
    assert own["carbon_embodied_kg"][0, 0, 0] == pytest.approx(2 * spread)


def test_token_prices_of_a_model_reach_every_workload_that_buys_it():
    price = OwnPrice(
        id="own:p", model="gpt-5", price_input_usd_per_m_tokens=2, price_cached_usd_per_m_tokens=0.5,
        price_output_usd_per_m_tokens=8, **SAID,
    )  # fmt: skip
    api = {"hosting": "api", "hardware": "", "model": "gpt-5", "cached_share": 0.25, "growth_central_pct": 0}
    found = figures(price, **api).values
    requests = 5_000 * 365
    expected = requests * (500 * 0.75 * 2 + 500 * 0.25 * 0.5 + 300 * 8) / 1e6
    assert found["cost_usd"][0, 0, 0] == pytest.approx(expected)
    assert np.isnan(figures(None, **api).values["cost_usd"]).all()


def every_kind():
    """A plan with an entry of every kind, each used."""
    workload = BASE.but(model="own:m", hardware="own:d", region="own:h", supplier="own:s", contract_share=0.5)
    plan = Plan(name="All ours", workloads=(workload,))
    for entry in (
        OwnModel(id="own:m", params_total_b=14, based_on="qwen3-14b", **SAID),
        OwnDevice(id="own:d", based_on="L40S", tdp_w=300, **SAID),
        OwnRegion(id="own:r", carbon_g_per_kwh="2026=300; 2035=100", residual_g_per_kwh=350, **SAID),
        OwnSite(id="own:h", region="own:r", pue=1.3, lifetime_years=5, **SAID),
        OwnSupplier(id="own:s", carbon_g_per_kwh=10, **SAID),
        OwnPrice(id="own:p", model="own:m", price_input_usd_per_m_tokens=1, price_output_usd_per_m_tokens=2, **SAID),
    ):
        plan = plan.with_own(entry)
    return plan


def test_link_and_csv_bring_back_every_entry_and_the_same_results_byte_for_byte():
    plan = every_kind()
    expected = write_results(results.of(plan))
    assert results.of(plan).refused == {}
    for back in (decode(encode(plan)).plan, table.read_plan(table.write_plan(plan)).plan):
        assert back == plan
        assert write_results(results.of(back)) == expected


def test_a_model_without_its_size_is_left_out_of_a_csv_in_a_sentence():
    model = OwnModel(id="own:m", params_total_b=7.25, based_on="qwen3-14b", **SAID)
    read = table.read_plan(table.write_plan(Plan().with_own(model)).replace("7.25", ""))
    assert "params_total_b of 'Ours' is blank; every model has a size" in read.problems[0]


def test_a_contradiction_with_what_an_entry_is_like_is_why_its_workload_has_no_figures():
    model = OwnModel(id="own:m", params_total_b=60, params_active_b=20, based_on="mixtral-8x7b", experts_per_token=64,
                     **SAID)  # fmt: skip
    sentence = "experts_per_token is 64; it must be at most experts, 8 as in Mixtral 8x7B"
    assert dict(figures(model, model="own:m").refused) == {"W1": f"own entry 'own:m' cannot be used: {sentence}"}


def test_every_factor_that_comes_from_an_own_entry_names_it():
    plan = every_kind()
    named = {row.source for row in factors(plan, plan.workloads[0])}
    assert {"own:m", "own:d", "own:h", "own:s"} <= named
    assert any("own:r" in source.split(";") for source in named)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"model": "own:m"}, "model is 'own:m'; your own entry of that id is not in this plan"),
        ({"region": "own:h"}, "region is 'own:h'; your own entry of that id is not in this plan"),
        ({"supplier": "own:s"}, "supplier is 'own:s'; your own entry of that id is not in this plan"),
    ],
)
def test_a_workload_whose_entry_is_gone_is_refused_in_words(changes, reason):
    assert dict(figures(None, **changes).refused) == {"W1": reason}


def test_a_device_without_the_arithmetic_is_refused_in_words():
    peaks = {"peak_bf16_tflops": 100, "memory_gb": 96, "bandwidth_gb_s": 900, "tdp_w": 300, "idle_w": 30}
    device = OwnDevice(id="own:d", embodied_kg=90, **peaks, **SAID)
    found = figures(device, hardware="own:d", precision="fp8")
    assert dict(found.refused) == {"W1": "precision is fp8; Ours computes in bf16 (4-bit weights run anywhere)"}


def test_a_changed_entry_changes_the_hash_of_every_row_that_rests_on_it():
    plan = every_kind()
    hashes = [row["input_row_hash"] for row in rows(results.of(plan))]
    for entry in (plan.models[0], plan.devices[0], plan.regions[0], plan.sites[0], plan.suppliers[0]):
        other = [row["input_row_hash"] for row in rows(results.of(plan.with_own(entry.but(source="another"))))]
        assert set(hashes).isdisjoint(other)
    unused = plan.with_own(plan.prices[0].but(source="another"))
    assert [row["input_row_hash"] for row in rows(results.of(unused))] == hashes
