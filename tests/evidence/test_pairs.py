"""The published pairs are read strictly, and their settings are those of the printed text and of the measurements."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pytest

from core import catalog as facts
from core.catalog.rows import CatalogError
from core.evidence.foretold import published, sides
from core.evidence.pairs import FILE, pairs
from core.fit.measurement import measurements

DATA = Path(__file__).parents[2] / "data"
CATALOG = facts.load()
MEASURED = {row.id: row for row in measurements(CATALOG, DATA)}
# As the leaderboards print an accelerator -> as the catalog calls it.
DEVICES = {
    "H100": "H100-SXM", "B200": "B200", "A100-SXM4-40GB": "A100-40-SXM", "H100 80GB HBM3": "H100-SXM",
}  # fmt: skip
MODELS = {row.model_as_published.split("/")[-1]: (row.model, row.precision) for row in MEASURED.values()} | {
    "DeepSeek-V3.1": ("deepseek-v3.1", "fp8")
}
PRINTED = re.compile(r"(\S+) (\d+)x(.+?) batch (\d+)( \(.*\))?")
LIMIT = re.compile(r"max_(?:num_seqs|bs)=(\d+)")
COMPUTED = [pair for pair in published() if sides(pair)]
TOLD = [(p, text, side) for p in COMPUTED for text, side in zip((p.baseline, p.treatment), sides(p), strict=True)]


def _raw() -> list[dict[str, str]]:
    with (DATA / FILE).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_published_pair_keeps_its_id() -> None:
    found = [row["id"] for row in _raw()]
    assert found[:72] == [f"L{number:03}" for number in range(1, 73)]
    assert found[-3:] == ["S001", "S002", "S003"]
    assert len(set(found)) == len(found)


def test_a_setting_is_what_the_published_text_names() -> None:
    """Model, accelerators and batch of each text of a leaderboard are read anew here."""
    checked = 0
    for pair, text, side in TOLD:
        found = PRINTED.fullmatch(text)
        if found is None:
            assert pair.source in ("quant-energy", "ml-energy-blog-engine"), pair.id
            continue
        model, accelerators, device, batch, _ = found.groups()
        assert (side.model, side.precision) == MODELS[model], pair.id
        assert (side.accelerators, side.hardware) == (int(accelerators), DEVICES[device]), pair.id
        limit = int(batch)
        if side.measurement:
            said = LIMIT.search(MEASURED[side.measurement].note)
            assert said is not None
            assert int(said[1]) == limit, pair.id
        else:
            assert side.batch == limit, pair.id
        checked += 1
    assert checked == 2 * 30


def test_a_setting_that_was_measured_is_that_row_of_the_measurements() -> None:
    names = (
        "model", "hardware", "accelerators", "parallel", "precision", "serving", "batch", "input_tokens",
        "output_tokens",
    )  # fmt: skip
    for _, _, side in TOLD:
        if side.measurement:
            row = MEASURED[side.measurement]
            assert {name: getattr(side, name) for name in names} == {name: getattr(row, name) for name in names}


def test_printed_energy_is_that_of_the_measurements() -> None:
    for pair in COMPUTED:
        for value, side in zip((pair.baseline_value, pair.treated_value), sides(pair), strict=True):
            if side.measurement:
                measured = MEASURED[side.measurement].energy_accelerator_j_per_output_token
                assert value == pytest.approx(measured, abs=6e-5), pair.id


def test_a_setting_without_a_measurement_says_what_was_assumed() -> None:
    for pair in COMPUTED:
        assert all(side.measurement for side in sides(pair)) == (pair.assumed == ""), pair.id


def test_a_pair_that_is_not_computed_says_why_and_no_other_does() -> None:
    for pair in published():
        assert bool(pair.not_computed) != bool(sides(pair)), pair.id
        assert len(pair.not_computed) == 0 or len(pair.not_computed.split()) > 4, pair.id


def test_only_energy_is_computed_and_throughput_cost_and_memory_stand_apart() -> None:
    assert {pair.kind for pair in COMPUTED} == {"energy"}
    apart = {pair.kind for pair in published() if pair.not_computed} - {"energy"}
    assert apart == {"throughput", "cost", "memory", "tokens", "requests", "carbon", "work per energy"}
    assert all(pair.measured for pair in COMPUTED)


def test_a_ratio_is_treated_over_baseline() -> None:
    for pair in published():
        if pair.ratio is not None and pair.baseline_value and pair.treated_value:
            assert pair.ratio == pytest.approx(pair.treated_value / pair.baseline_value, rel=2e-3), pair.id


def _planted(tmp_path: Path, key: str, **cells: str) -> Path:
    """The data with one row of the pairs changed."""
    copy = Path(shutil.copytree(DATA, tmp_path / "data"))
    rows = _raw()
    next(row for row in rows if row["id"] == key).update(cells)
    with (copy / FILE).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return copy


@pytest.mark.parametrize(
    ("key", "cells", "said"),
    [
        ("L001", {"lever": "batch"}, "line 2: lever is 'batch': 'batch' is not a known lever"),
        ("L001", {"ratio": "0.31"}, "line 2: ratio is '0.31': the figures beside it make 0.2608"),
        ("L001", {"not_computed": "because"}, "a pair has two settings or a reason, never both and never neither"),
        ("L002", {"treated_model": ""}, "line 3: treated_model is '': one side is a setting and the other is none"),
        ("L003", {"treated_hardware": "H1"}, "line 4: treated_hardware is 'H1': 'H1' is not a known hardware"),
        ("L003", {"treated_batch": "many"}, "line 4: treated_batch is 'many': not a number"),
        ("L004", {"baseline_measurement": "P9"}, "baseline_measurement is 'P9': 'P9' is not a known measurement"),
        ("L005", {"source": "nobody"}, "line 6: source is 'nobody': 'nobody' is not a known source"),
        ("L006", {"kind": "cost"}, "only energy, with a ratio and a lever, can be computed"),
        ("L030", {"not_computed": ""}, "a pair has two settings or a reason, never both and never neither"),
        ("L046", {"ratio_low": ""}, "ratio is '': neither a ratio nor both ends of a range"),
        ("L062", {"status": "sure"}, "status is 'sure': 'sure' is not a known status"),
        ("S002", {"part_of": "S009"}, "part_of is 'S009': 'S009' is not a known pair"),
    ],
)
def test_a_wrong_cell_stops_with_file_line_and_reason(
    tmp_path: Path, key: str, cells: dict[str, str], said: str
) -> None:
    with pytest.raises(CatalogError) as stopped:
        pairs(CATALOG, _planted(tmp_path, key, **cells))
    assert str(stopped.value).startswith(f"{FILE}, line ")
    assert said in str(stopped.value)
