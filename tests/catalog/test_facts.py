"""What the catalogue holds: how many rows, which values, and that each figure opens to a source."""

import csv
import math
import statistics
from pathlib import Path

import pytest

from core.catalog import Catalog, load, price_electricity, price_hour
from core.units import UNITLESS, UNITS

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load()


def rows(file: str) -> list[dict[str, str]]:
    with (DATA / file).open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def cited() -> set[str]:
    files = [path for path in DATA.rglob("*.csv") if path.name != "sources.csv"]
    tables = [rows(str(path.relative_to(DATA))) for path in files]
    cells = [cell for table in tables for row in table for column, cell in row.items() if is_source(column)]
    return {key for cell in cells for key in cell.split(";") if key}


def is_source(column: str) -> bool:
    return column.startswith("source") or column.endswith("_source")


@pytest.mark.parametrize(
    ("table", "count"),
    [
        ("models", 223),
        ("hardware", 51),
        ("regions", 446),
        ("cloud_regions", 148),
        ("prices", 193),
        ("emission_factors", 10),
        ("projections", 5),
        ("precisions", 10),
    ],
)
def test_every_row_of_a_table_is_there(catalog: Catalog, table: str, count: int) -> None:
    assert len(getattr(catalog, table)) == count


def test_the_validation_rows_are_the_scored_ones() -> None:
    assert len(rows("validation/inference_measurements.csv")) == 712
    assert len(rows("validation/training_runs.csv")) == 43


def test_every_cited_source_is_known_and_every_known_source_is_cited(catalog: Catalog) -> None:
    prose, used = " ".join(path.read_text(encoding="utf-8") for path in DATA.rglob("*.md")), cited()
    unused = {key for key in catalog.sources if key not in used and key not in prose}
    assert used <= catalog.sources.keys()
    assert unused == set()


def test_every_folder_and_every_file_in_it_is_named_in_a_licence() -> None:
    folders = [DATA, *(path for path in DATA.iterdir() if path.is_dir() and any(path.glob("*.csv")))]
    for folder in folders:
        text = (folder / "LICENSE.md").read_text(encoding="utf-8")
        for path in folder.glob("*.csv"):
            assert folder.name == "example" or path.name in text, path


NOTICES = {
    "LICENSE.md": ("odbl/1-0", "by-sa/4.0", "by/4.0", "MPL/2.0", "no residual mix"),
    "regions/LICENSE.md": ("odbl/1-0", "Share alike", "by-sa/4.0", "by/4.0", "MPL/2.0", "Code Carbon NGO"),
    "models/LICENSE.md": ("MPL/2.0", "by/4.0"),
    "hardware/LICENSE.md": ("by/4.0",),
    "cloud/LICENSE.md": ("by/4.0", "LICENSE-2.0", "Permission is hereby granted"),
    "projections/LICENSE.md": ("LICENSE-2.0", "Redistributions of source code"),
}


@pytest.mark.parametrize("file", NOTICES)
def test_the_notices_that_licences_ask_for_stand_beside_the_data(file: str) -> None:
    text = (DATA / file).read_text(encoding="utf-8")
    assert [words for words in NOTICES[file] if words not in text] == []


def test_every_licence_of_a_grid_is_named_beside_it(catalog: Catalog) -> None:
    text = (DATA / "regions" / "LICENSE.md").read_text(encoding="utf-8")
    named = {region.licence.partition(";")[0] for region in catalog.regions.values()} - {"figures cited as facts"}
    assert [licence for licence in named if licence not in text] == []


def test_short_codes_that_look_like_missing_values_survive(catalog: Catalog) -> None:
    assert catalog.regions["NA"].name == "Namibia"
    assert catalog.regions["NA"].country_code == "NA"
    assert catalog.regions["HK"].iso3 == "HKG"
    assert catalog.regions["NO"].name == "Norway"


def test_a_region_spans_its_margin_and_its_second_publication(catalog: Catalog) -> None:
    austria, texas = catalog.regions["AT"], catalog.regions["USST-TX"]
    assert (austria.carbon_low_g_per_kwh, austria.carbon_g_per_kwh) == pytest.approx((102.62 * 0.9, 102.62))
    assert austria.carbon_high_g_per_kwh == 163.0
    assert texas.carbon_low_g_per_kwh == pytest.approx(349.8 * 0.9)
    assert texas.carbon_high_g_per_kwh == pytest.approx(349.8 * 1.1)
    assert "electricity-maps-2025" in austria.source


def test_a_grid_keeps_the_evidence_of_its_water_apart_from_that_of_its_carbon(catalog: Catalog) -> None:
    water = {row["region_id"]: row for row in rows("regions/water.csv")}
    for key, region in catalog.regions.items():
        assert (region.water_source, region.water_status) == (water[key]["water_source"], water[key]["water_status"])
        assert region.water_status == (
            "assumption" if region.water_is_world_default and key != "WORLD" else "secondary"
        )
    assert catalog.regions["FR"].source == "ember-co2js;electricity-maps-2025"
    assert "ecologits" not in "".join(region.source for key, region in catalog.regions.items() if key != "WORLD")


def test_the_power_limit_the_idle_power_and_the_making_of_a_device_cite_their_own_sources(catalog: Catalog) -> None:
    device = catalog.hardware["A100-80-SXM"]
    assert device.source_specs == "aiconfigurator"
    assert device.source_idle == "nvidia-smi-public;inference-energy-chuyishang"
    assert device.source_embodied == "boaviztapi-2.4.1;hubblo-ademe;arxiv-2211.02001;chien-2023"
    assert {key for key, device in catalog.hardware.items() if not device.source_host} == {
        key for key, device in catalog.hardware.items() if device.host_w is None
    }


def test_states_and_provinces_are_direct_and_say_so(catalog: Catalog) -> None:
    direct = [region for region in catalog.regions.values() if region.direct]
    assert {region.kind for region in direct} == {"us_state", "cn_province"}
    assert len(direct) == 81
    assert all("never rank" in region.caution for region in direct)


def test_the_unknown_region_spans_four_fifths_of_the_cloud_grids(catalog: Catalog) -> None:
    grids = [catalog.regions[cloud.region_id].carbon_g_per_kwh for cloud in catalog.cloud_regions.values()]
    tenths = statistics.quantiles(grids, n=10)
    world = catalog.regions["WORLD"]
    assert (world.carbon_low_g_per_kwh, world.carbon_high_g_per_kwh) == (round(tenths[0]), round(tenths[8]))
    assert world.carbon_g_per_kwh == 458.29
    assert world.water_l_per_kwh == 3.908


def test_world_default_water_is_marked(catalog: Catalog) -> None:
    marked = [region for region in catalog.regions.values() if region.water_is_world_default]
    assert len(marked) == 174
    assert {region.water_l_per_kwh for region in marked} == {3.908}


def test_cloud_regions_keep_what_is_published_and_nothing_else(catalog: Catalog) -> None:
    virginia, belgium = catalog.cloud_regions["aws:us-east-1"], catalog.cloud_regions["gcp:europe-west1"]
    assert (virginia.region_id, virginia.pue, virginia.pue_year, virginia.wue_l_per_kwh) == (
        "US-MIDA-PJM",
        1.15,
        2024,
        0.12,
    )
    assert virginia.carbon_free_share is None
    assert belgium.carbon_free_share == 0.84
    assert catalog.cloud_regions["aws:us-west-2"].region_id_alternative == "US-NW-PACW"
    assert sum(cloud.pue is not None for cloud in catalog.cloud_regions.values()) == 59
    assert sum(cloud.wue_l_per_kwh is not None for cloud in catalog.cloud_regions.values()) == 53


def test_a_peak_stands_under_the_format_the_device_has(catalog: Catalog) -> None:
    assert catalog.hardware["V100-SXM2"].peak_tflops == {"fp32": 15.67, "fp16": 125.0}
    assert catalog.hardware["H100-SXM"].peak_tflops["fp16"] == catalog.hardware["H100-SXM"].peak_tflops["bf16"] == 989.0
    assert "fp16" not in catalog.hardware["TPUv4"].peak_tflops
    assert catalog.hardware["TPUv4"].host_w is None


def test_generations_are_measured_or_nearest(catalog: Catalog) -> None:
    found = {key: (h.generation, h.generation_measured) for key, h in catalog.hardware.items()}
    assert found["H20"] == ("H100", True)
    assert found["B200"] == ("H100", False)
    assert found["P100"] == ("V100", True)
    assert found["A40"] == ("A100", False)
    assert found["MI300X"] == ("MI250X", False)
    assert {generation for generation, _ in found.values()} == {"A100", "H100", "V100", "MI250X", "TPU"}


def test_measured_devices_and_cards_with_graphics_memory(catalog: Catalog) -> None:
    measured = {row["hardware"] for row in rows("validation/inference_measurements.csv")}
    assert catalog.measured_hardware == measured
    gddr = {key for key, device in catalog.hardware.items() if device.gddr}
    assert gddr >= {"A40", "A10", "T4", "L4", "L40S", "RTX4090", "RTX-PRO-6000"}
    assert "A30" not in gddr


def test_prices_are_found_by_state_then_country_then_not_at_all(catalog: Catalog) -> None:
    texas, germany = catalog.regions["USST-TX"], catalog.regions["DE"]
    state, country = price_electricity(catalog, texas), price_electricity(catalog, germany)
    assert state is not None
    assert (state.low, state.central, state.high, state.unit) == (0.0612, 0.0612, 0.0612, "usd_per_kwh")
    assert country is not None
    assert (country.central, country.high) == (0.1552, 0.2728)
    assert price_electricity(catalog, catalog.regions["WORLD"]) is None
    hour = price_hour(catalog, "H100-SXM")
    assert hour is not None
    assert (hour.low, hour.central, hour.high) == (1.7, 2.95, 12.29)
    assert price_hour(catalog, "P999") is None


def test_what_nobody_publishes_has_no_row(catalog: Catalog) -> None:
    names = " ".join([*catalog.assumptions, *catalog.prices])
    assert "residual" not in names
    assert "purchase" not in names


def test_defaults_have_the_figures_of_their_sources(catalog: Catalog) -> None:
    central = {key: assumption.central for key, assumption in catalog.assumptions.items()}
    assert central["embodied_server_share_kg"] == 5700 / 8
    assert central["host_w"] == 250
    assert central["pue_own"] == 1.54
    assert central["contract_g_per_kwh"] == catalog.emission_factors["wind_onshore"].carbon_g_per_kwh
    idle_over_busy = catalog.hardware["TPUv4"].idle_w / 170
    assert central["provider_utilization"] == pytest.approx(idle_over_busy / (idle_over_busy + 0.17), abs=0.01)


def test_every_range_is_in_order_and_every_unit_is_in_the_glossary(catalog: Catalog) -> None:
    for table in (catalog.assumptions, catalog.prices, catalog.facilities):
        for key, row in table.items():
            assert row.low <= row.central <= row.high, key
            assert row.unit in UNITS or row.unit in UNITLESS, key


def test_the_fleet_behind_an_api_adds_up(catalog: Catalog) -> None:
    assert math.fsum(share.weight for share in catalog.provider_fleet) == 1.0
    assert catalog.provider_fleet[0].hardware_id == "H100-SXM"


def test_number_formats_weigh_what_their_bits_say(catalog: Catalog) -> None:
    assert catalog.precisions["bf16"].weight_byte == 2
    assert catalog.precisions["mxfp4"].weight_byte == 4.25 / 8
    assert {key for key, row in catalog.precisions.items() if row.weight_only} == {"int4", "nf4", "mxfp4", "ternary"}


def test_a_projection_keeps_its_years_in_order(catalog: Catalog) -> None:
    mid_case = catalog.projections["nrel-2023-mid-case:US"]
    assert (mid_case.years[0], mid_case.carbon_g_per_kwh[0]) == (2024, 406.1)
    assert (mid_case.years[1], mid_case.carbon_g_per_kwh[1]) == (2026, 303.9)
    assert mid_case.years[-1] == 2050
