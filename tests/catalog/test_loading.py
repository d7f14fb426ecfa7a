"""A damaged data file stops the app and names the place."""

import csv
import shutil
import time
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from core.catalog import CatalogError, load

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def edit(path: Path, line: int, change: Callable[[dict[str, str]], None]) -> None:
    """Change the cells of one line of a file."""
    with path.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    change(rows[line - 2])
    with path.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.parametrize(
    ("file", "line", "cells", "reason"),
    [
        ("regions/ember.csv", 14, {"carbon_g_per_kwh": "many"}, "carbon_g_per_kwh is 'many': not a number"),
        ("regions/ember.csv", 20, {"carbon_g_per_kwh": ""}, "carbon_g_per_kwh is '': the cell is empty"),
        ("regions/ember.csv", 20, {"carbon_g_per_kwh": "nan"}, "not a finite number"),
        ("regions/ember.csv", 5, {"id": "AF"}, "id is 'AF': repeats the key of regions/ember.csv, line 2"),
        ("levers/quality.csv", 3, {"loss_high_pct": "101"}, "loss_high_pct is '101': not between 0 and 100"),
        ("levers/quality.csv", 3, {"lever": "magic"}, "lever is 'magic'"),
        ("levers/quality.csv", 3, {"lever": "rag_vs_longctx"}, "that lever stands there already"),
        ("levers/quality.csv", 2, {"loss_low_pct": "40"}, "loss_central_pct is '33'"),
        ("regions/ember.csv", 5, {"carbon_basis": "guess"}, "'guess' is not a known basis"),
        ("regions/water.csv", 3, {"water_is_world_default": "yes"}, "neither 0 nor 1"),
        ("regions/places.csv", 3, {"region_id": "XQ"}, "'XQ' is not a known region"),
        ("hardware/hardware.csv", 2, {"source_idle": "epoch-ml-hardware;gossip"}, "'gossip' is not a known source"),
        ("hardware/hardware.csv", 2, {"source_host": ""}, "source_host is '': the cell is empty"),
        ("regions/water.csv", 3, {"water_source": "gossip"}, "'gossip' is not a known source"),
        ("regions/water.csv", 3, {"water_status": "sure"}, "'sure' is not a known status"),
        (
            "hardware/hardware.csv",
            3,
            {"idle_high_w": "1"},
            "idle_high_w is '1': smaller than the column before it (45)",
        ),
        ("hardware/hardware.csv", 3, {"status_idle": "sure"}, "'sure' is not a known status"),
        ("models/ecologits.csv", 4, {"architecture_from": "nobody"}, "'nobody' is not a known model"),
        ("models/ecologits.csv", 4, {"architecture_from": ""}, "the cell is empty"),
        (
            "models/ecologits.csv",
            4,
            {"architecture_from": "gpt-4o"},
            "must name an open model with dimensions of its own",
        ),
        ("models/models.csv", 3, {"layers": "6.5"}, "layers is '6.5': not a whole number"),
        ("models/models.csv", 3, {"params_active_b": "9"}, "params_total_b is '0.213': smaller than"),
        ("cloud/cloud_regions.csv", 2, {"region_id": "ATLANTIS"}, "'ATLANTIS' is not a known region"),
        ("prices/prices.csv", 2, {"key": "P200"}, "not category:key"),
        ("prices/prices.csv", 2, {"unit": "gold"}, "'gold' is not a known unit"),
        ("assumptions.csv", 2, {"low": "900"}, "central is '250': smaller than the column before it (900)"),
        ("provider_fleet.csv", 5, {"weight": "0.4"}, "the weights do not add up to 1"),
        ("projections/oecm.csv", 3, {"year": "2000"}, "year is '2000': does not come after"),
    ],
)
def test_a_bad_cell_is_named(copy: Path, file: str, line: int, cells: dict[str, str], reason: str) -> None:
    edit(copy / file, line, lambda row: row.update(cells))
    with pytest.raises(CatalogError) as caught:
        load(copy)
    assert str(caught.value).startswith(f"{file}, line {line}: ")
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            "sources.csv",
            "licence",
            "license",
            "sources.csv, line 1: column 'license' is not a known column; 'licence' is missing",
        ),
        ("precisions.csv", "label", "id", "precisions.csv, line 1: column 'label' is missing; 'id' stands there twice"),
        (
            "precisions.csv",
            "by definition\n",
            "by definition,extra\n",
            "precisions.csv, line 2: the row has 8 cells; it must have 7, one for each column",
        ),
        (
            "validation/fit_training.json",
            '"training":',
            '"trained":',
            "validation/fit_training.json: 'training' is missing",
        ),
    ],
)
def test_a_bad_shape_is_named(copy: Path, file: str, old: str, new: str, message: str) -> None:
    path = copy / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogError) as caught:
        load(copy)
    assert str(caught.value) == message


def test_a_missing_file_is_named(copy: Path) -> None:
    (copy / "regions" / "water.csv").unlink()
    with pytest.raises(CatalogError, match=r"^regions/water\.csv: cannot be read"):
        load(copy)


def test_a_region_without_water_is_named(copy: Path) -> None:
    path = copy / "regions" / "water.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("NA,")), encoding="utf-8")
    with pytest.raises(CatalogError, match=r"^regions/water\.csv: no row for 'NA' of regions/ember\.csv, line \d+"):
        load(copy)


def test_records_and_tables_are_read_only() -> None:
    catalog = load()
    with pytest.raises(FrozenInstanceError):
        catalog.regions["FR"].carbon_g_per_kwh = 0  # type: ignore[misc]
    with pytest.raises(TypeError):
        catalog.regions["FR"] = catalog.regions["DE"]  # type: ignore[index]
    with pytest.raises(TypeError):
        catalog.hardware["L4"].peak_tflops["fp8"] = 1  # type: ignore[index]
    with pytest.raises(TypeError):
        catalog.coefficients["inference"]["eta_weight"]["value"] = 1


def test_the_fit_is_passed_on_digit_for_digit() -> None:
    fit = load().coefficients
    assert fit["inference"]["eta_weight"]["value"] == 0.90528
    assert fit["training_interval_ln_80"]["hours"] == (-0.51337, 0.0037488, 0.46788)


def test_the_own_catalogue_is_read_once() -> None:
    assert load() is load()


def test_loading_is_fast() -> None:
    times = []
    for _ in range(5):
        start = time.process_time()  # a busy machine is slow, not wrong
        load(DATA)
        times.append(time.process_time() - start)
    assert min(times) < 0.15
