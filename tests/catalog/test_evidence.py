"""The facts equal the evidence they were taken from, where that lies beside the checkout."""

import csv
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from core.catalog import Catalog, load
from core.catalog.records import Model

ROOT = Path(__file__).parents[2]
EVIDENCE = ROOT.parent / "shared" / "data"
DATA = ROOT / "data"

pytestmark = pytest.mark.skipif(not EVIDENCE.is_dir(), reason="the evidence is not beside this checkout")

MODEL = {
    "name": "name",
    "params_total_b": "params_total_b",
    "params_active_b": "params_active_b",
    "params_active_low_b": "params_active_low_b",
    "params_active_high_b": "params_active_high_b",
    "layers": "layers",
    "d_model": "d_model",
    "heads": "n_heads",
    "kv_heads": "n_kv_heads",
    "head_dim": "head_dim",
    "experts": "n_experts",
    "experts_per_token": "experts_per_token",
    "attention": "attention",
    "kv_bytes_per_token": "kv_bytes_per_token_16bit",
    "kv_window_tokens": "kv_window",
    "kv_global_share": "kv_global_layer_fraction",
    "recurrent_state_byte": "recurrent_state_bytes_per_sequence",
    "vocabulary": "vocab",
    "train_tokens_b": "train_tokens_b",
    "native_precision": "native_precision",
    "openness": "openness",
    "status": "status",
}
PARAMS = ("params_total_b", "params_active_b", "params_active_low_b", "params_active_high_b")
ECOLOGITS = "EcoLogits 0.11.3 models.json range"
DEVICE = {
    "name": "name",
    "release_year": "release_year",
    "memory_gb": "memory_gb",
    "bandwidth_gb_s": "bandwidth_gb_s",
    "tdp_w": "tdp_w",
    "idle_w": "idle_w",
    "idle_low_w": "idle_low_w",
    "idle_high_w": "idle_high_w",
    "link_gb_s": "link_gb_s_per_direction",
    "embodied_kg": "embodied_kgco2e",
    "embodied_low_kg": "embodied_low",
    "embodied_high_kg": "embodied_high",
    "accelerators_per_server": "typical_gpus_per_server",
    "host_w": "server_overhead_w_per_accelerator",
    "status_specs": "status_specs",
}
REGION = ("name", "iso3", "latitude", "longitude", "timezone", "carbon_g_per_kwh", "carbon_year", "renewable_pct",
          "carbon_free_pct", "water_l_per_kwh", "hourly_zone")  # fmt: skip
CLOUD = ("location", "city", "region_id", "latitude", "longitude", "pue", "pue_year", "wue_l_per_kwh")
PRICE = {"item": "item", "low": "low", "central": "typical", "high": "high", "period": "period", "status": "status",
         "basis": "source"}  # fmt: skip


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load()


def evidence(file: str) -> list[dict[str, str]]:
    with (EVIDENCE / file).open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def facts(file: str) -> list[dict[str, str]]:
    with (DATA / file).open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def same(value: object, cell: str) -> bool:
    """Whether a field is what a cell says; an empty cell says nothing."""
    return cell == "" or (value == cell if isinstance(value, str) else value == float(cell))


def rounded(model: Model, row: dict[str, str]) -> Model:
    """A closed model to the digits of the evidence, which rounds the ranges that we read from EcoLogits."""
    if row["source_architecture"] != ECOLOGITS:
        return model
    told = {field: row[MODEL[field]] for field in PARAMS if row[MODEL[field]]}
    return replace(model, **{field: half_up(getattr(model, field), Decimal(cell)) for field, cell in told.items()})


def half_up(value: float, like: Decimal) -> float:
    return float(Decimal(str(value)).quantize(like, ROUND_HALF_UP))


def test_models_are_as_found(catalog: Catalog) -> None:
    for row in evidence("models.csv"):
        model = rounded(catalog.models[row["model_id"]], row)
        wrong = [field for field, column in MODEL.items() if not same(getattr(model, field), row[column])]
        assert wrong == [], model.id
        assert model.fp8_block == (row["fp8_scaling"] == "block")


def test_only_named_models_borrow(catalog: Catalog) -> None:
    own = {row["model_id"] for row in evidence("models.csv") if row["layers"] and row["d_model"]}
    assert [key for key in own if catalog.models[key].architecture_from] == []


def test_hardware_is_as_found(catalog: Catalog) -> None:
    for row in evidence("hardware.csv"):
        device = catalog.hardware[row["hardware_id"]]
        wrong = [field for field, column in DEVICE.items() if not same(getattr(device, field), row[column])]
        assert wrong == [], device.id
        assert device.supports == set(row["supports"].split(";"))
        sixteen = device.peak_tflops.get("bf16", device.peak_tflops.get("fp16"))
        assert same(sixteen, row["peak_tflops_bf16"])
        for precision, column in {"fp8": "peak_tflops_fp8", "int8": "peak_tops_int8", "fp4": "peak_tflops_fp4"}.items():
            assert device.peak_tflops.get(precision) == (float(row[column]) if row[column] else None), device.id


def test_regions_are_as_found(catalog: Catalog) -> None:
    for row in evidence("grid/regions.csv"):
        region = catalog.regions[row["region_id"]]
        assert [field for field in REGION if not same(getattr(region, field), row[field])] == [], region.id
        other = float(row["carbon_alt_g_per_kwh_electricitymaps_2025"] or region.carbon_g_per_kwh)
        assert region.carbon_low_g_per_kwh <= other <= region.carbon_high_g_per_kwh
        assert region.water_is_world_default == (row["water_is_world_default"] == "1")


def test_cloud_regions_are_as_found(catalog: Catalog) -> None:
    for row in evidence("grid/cloud_regions.csv"):
        cloud = catalog.cloud_regions[f"{row['provider']}:{row['region']}"]
        assert [field for field in CLOUD if not same(getattr(cloud, field), row[field])] == [], cloud.id
        assert cloud.region_id_alternative == row["region_id_disputed_alternative"]
        assert same(cloud.carbon_free_share, row["cfe_hourly_2024"])


def test_prices_are_as_found(catalog: Catalog) -> None:
    for row in evidence("prices.csv"):
        price = catalog.prices[f"{row['category']}:{row['id']}"]
        assert [field for field, column in PRICE.items() if not same(getattr(price, field), row[column])] == [], (
            price.id
        )


def test_measurements_are_as_found() -> None:
    scored = [row for row in evidence("validation/inference_measurements.csv") if row["modelled"] == "1"]
    found = {
        row["id"]: row["energy_accelerator_j_per_output_token"]
        for row in facts("validation/inference_measurements.csv")
    }
    assert found == {row["point_id"]: row["J_per_out_token"] for row in scored}
    runs = {row["run_id"]: row["energy_MWh"] for row in evidence("validation/training_runs.csv")}
    assert {row["id"]: row["energy_mwh"] for row in facts("validation/training_runs.csv")} == runs
