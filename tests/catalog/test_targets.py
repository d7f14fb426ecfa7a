"""The rules of targets are read strictly: a number that is computed with must be there, and name its source."""

import csv
import shutil
from pathlib import Path

import pytest

from core.catalog import CatalogError, load
from core.catalog.targets import COUNTED, facts, read_targets

DATA = Path(__file__).parents[2] / "data" / "targets"
KNOWN = load().sources.keys()


@pytest.fixture
def read_with(tmp_path):
    """Read the rules with one cell changed, or one row left out."""

    def read(file, key, column="", value=""):
        folder = tmp_path / "targets"
        shutil.copytree(DATA, folder, dirs_exist_ok=True)
        with (folder / file).open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        names = list(rows[0])
        changed = [row | ({column: value} if row["id"] == key else {}) for row in rows if column or row["id"] != key]
        with (folder / file).open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, names, lineterminator="\n")
            writer.writeheader()
            writer.writerows(changed)
        return read_targets(tmp_path, KNOWN)

    return read


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (("rules.csv", "floor_s12_pct"), "targets/rules.csv: no row for 'floor_s12_pct'"),
        (("rules.csv", "blend_weights", "amount", "1"), "unit is '': the cell is empty"),
        (("rules.csv", "floor_s12_pct", "amount", "much"), "amount is 'much': not a number"),
        (("rules.csv", "floor_s12_pct", "unit", "stones"), "'stones' is not a known unit"),
        (("rules.csv", "regime", "unit", "pct"), "unit is 'pct': a unit without an amount"),
        (("rules.csv", "regime", "source", "nobody"), "'nobody' is not a known source"),
        (("rules.csv", "regime", "status", "sure"), "'sure' is not a known status"),
        (("rules.csv", "regime", "worded", "freely"), "'freely' is not a known way of wording"),
        (("pathways.csv", "2", "scope", "4"), "'4' is not a known scope"),
        (("pathways.csv", "2", "reduction_pct", "101"), "it must lie over 0 and at most at 100 %"),
        (("pathways.csv", "2", "floor_rule", "none"), "'none' is not a known rule"),
    ],
)
def test_a_damaged_rule_stops_with_its_place(read_with, cell, reason):
    with pytest.raises(CatalogError) as told:
        read_with(*cell)
    assert reason in str(told.value)


def test_every_number_that_is_computed_with_is_there():
    assert [key for key in COUNTED if facts().rules[key].amount is None] == []


def test_what_is_second_hand_says_so():
    assert {path.status for path in facts().pathways.values()} == {"secondary"}
    assert facts().rules["growth_representative_ratio"].status == "assumption"
