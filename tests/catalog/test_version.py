"""The data version names exactly the facts."""

import shutil
from pathlib import Path

import pytest

from core.catalog import data_version, load
from core.catalog.version import fact_files

DATA = Path(__file__).parents[2] / "data"
VERSION = data_version(DATA)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def test_a_version_is_twelve_hexadecimal_digits() -> None:
    assert len(VERSION) == 12
    assert int(VERSION, 16) >= 0
    assert load().data_version == VERSION


@pytest.mark.parametrize("file", fact_files(DATA))
def test_one_byte_of_any_fact_changes_the_version(copy: Path, file: str) -> None:
    path = copy / file
    facts = bytearray(path.read_bytes())
    facts[len(facts) // 2] ^= 1
    path.write_bytes(facts)
    assert data_version(copy) != VERSION


def test_the_fit_has_a_version_that_only_the_fit_changes(copy: Path) -> None:
    (copy / "precisions.csv").write_bytes(
        (copy / "precisions.csv").read_bytes() + b"fp6,6-bit,1,0,verified,unece-2021,six bits\n"
    )
    assert load(copy).fit_version == load().fit_version
    fit = copy / "validation" / "fit.json"
    fit.write_bytes(fit.read_bytes().replace(b'"value": 0.90528', b'"value": 0.7'))
    assert load(copy).fit_version != load().fit_version


def test_a_renamed_file_changes_the_version(copy: Path) -> None:
    (copy / "sources.csv").rename(copy / "origins.csv")
    assert data_version(copy) != VERSION


def test_line_endings_do_not_change_the_version(copy: Path) -> None:
    for file in fact_files(copy):
        path = copy / file
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert data_version(copy) == VERSION


def test_windows_line_endings_load_the_same_catalogue(copy: Path) -> None:
    for file in fact_files(copy):
        path = copy / file
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert load(copy).models == load().models
    assert load(copy).regions == load().regions


def test_prose_and_the_example_plan_are_not_facts(copy: Path) -> None:
    (copy / "models" / "LICENSE.md").write_text("other words", encoding="utf-8")
    (copy / "example" / "plan.csv").write_text("another plan", encoding="utf-8")
    assert data_version(copy) == VERSION
