"""Each data file, damaged in one of several ways: a refusal that names file and line, never an error of the reader."""

import shutil
from functools import partial
from pathlib import Path

import pytest

from core import cases, catalog
from core.catalog import CatalogError, aliases, hourly, live, measured, published, targets
from core.methods import tables
from core.plan import example, example_target

DATA = Path(__file__).parents[2] / "data"
FILES = sorted(path.relative_to(DATA).as_posix() for path in DATA.rglob("*.*") if path.suffix in {".csv", ".json"})
# Files that are shown and scored but from which nothing is computed: read as they are, by their own header.
SHOWN = {
    "levers/validation.csv", "validation/ecologits_vectors.csv", "validation/held_out.csv",
    "validation/llmcarbon_published.csv", "validation/nested_held_out.csv", "validation/own_measurements.csv",
    "validation/prompt_lengths.csv", "validation/training_held_out.csv",
}  # fmt: skip
EVERY = 8  # a run of the suite tries one way in so many, other files other ways; 1 tries all


def readers():
    """File -> what reads it from a folder; all others are the catalog's own."""
    good = catalog.load()
    sources, places = good.sources, {*good.cloud_regions, *good.regions}
    services, zones = live.read_services(DATA, sources), hourly.read_zones(DATA, sources)
    named = lambda folder: aliases.aliases(folder, sources, good.models, good.hardware, places)  # noqa: E731
    return {
        "aliases/aliases.csv": named,
        "models/ecologits_names.csv": named,
        "grid_hourly/zones.csv": lambda folder: hourly.read_zones(folder, sources),
        "grid_hourly/days.csv": lambda folder: hourly._days(folder, zones),
        "grid_hourly/shapes.csv": lambda folder: hourly._shapes(folder, zones),
        "live/services.csv": lambda folder: live.read_services(folder, sources),
        "live/zones.csv": lambda folder: live.read_zones(folder, sources, services, good.regions),
        "shifting/published.csv": lambda folder: published.read_published(folder, sources),
        "targets/rules.csv": lambda folder: targets.read_targets(folder, sources),
        "targets/pathways.csv": lambda folder: targets.read_targets(folder, sources),
        "validation/inference_measurements.csv": lambda folder: measured.read_measurements(folder, sources),
        "validation/training_runs.csv": lambda folder: measured.read_runs(folder, sources),
        "example/plan.csv": lambda folder: list(example.rows_of(folder / "example" / "plan.csv", "plan", "workload")),
        "example/target.csv": lambda folder: list(
            example.rows_of(folder / "example" / "target.csv", "target", "inventory")
        ),
        "example/reasons.csv": lambda folder: [
            row.text("workload") for row in example.read(folder, example.REASONS, REASONS)
        ],
        **dict.fromkeys((*(f"cases/{part}.csv" for part in CASES), "validation/anchors.csv"), cases.load),
    } | {file: partial(shown, file) for file in SHOWN}


CASES = ("cases", "workloads", "levers", "own")
REASONS = ("workload", "reason", "source")


def shown(file, folder):
    """The rows of a file as Methods shows it."""
    return list(tables.lines_of(folder, file))


def harmed(raw):
    """The bytes of a file, cut, blanked and in the wrong encoding."""
    lines = raw.split(b"\n")
    half = len(lines) // 2 if len(lines) > 3 else 1
    yield b"\n".join([*lines[:half], lines[half][:1]])  # ends within a line
    yield raw[: len(raw) // 2] + b"\xe9" + raw[len(raw) // 2 :]  # one letter of another encoding
    yield raw.decode().encode("utf-16")
    yield b"\n".join([lines[0].rpartition(b",")[0], *lines[1:]])  # the header lacks a column
    yield b"\n".join([*lines[:half], b"," + lines[half], *lines[half + 1 :]])  # a cell too many


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A copy of the data, to be damaged."""
    return Path(shutil.copytree(DATA, tmp_path_factory.mktemp("damaged") / "data"))


def test_each_damaged_file_is_refused_by_its_name_and_line(folder):
    by_file = readers()
    unread = []
    for number, file in enumerate(FILES):
        path = folder / file
        raw = path.read_bytes()
        ways = [*harmed(raw)]
        for way in range(number % EVERY, len(ways), EVERY):
            path.write_bytes(ways[way])
            try:
                by_file.get(file, catalog.load)(folder)
                unread.append((file, way, "nothing is said"))
            except CatalogError as error:
                if not str(error).startswith(f"{file}, line ") or len(str(error).splitlines()) > 1:
                    unread.append((file, way, str(error)))
        path.write_bytes(raw)
    assert unread == []


def test_a_blank_cell_where_one_must_not_be_is_told(folder):
    """The first cell of a line in the middle is a key nearly everywhere."""
    optional = {"models/ecologits_names.csv"}  # a service's name at times
    by_file = readers()
    for file in [file for file in FILES if file.endswith(".csv") and file not in SHOWN | optional][::4]:
        path = folder / file
        raw = path.read_bytes()
        lines = raw.split(b"\n")
        half = len(lines) // 2
        path.write_bytes(b"\n".join([*lines[:half], b"," + lines[half].partition(b",")[2], *lines[half + 1 :]]))
        with pytest.raises(CatalogError, match=rf"^{file}, line \d+: "):
            by_file.get(file, catalog.load)(folder)
        path.write_bytes(raw)


@pytest.mark.parametrize("one", [example.example_plan, example_target._records])
def test_a_wrong_number_in_the_example_is_told_by_its_line(one, tmp_path, monkeypatch):
    copy = Path(shutil.copytree(DATA / "example", tmp_path / "example"))
    where = example if one is example.example_plan else example_target
    path = copy / where.FILE.name
    path.write_text(path.read_text(encoding="utf-8").replace("2031", "soon").replace("2035", "soon"), encoding="utf-8")
    monkeypatch.setattr(where, "FILE", path)
    with pytest.raises(CatalogError, match=rf"^example/{path.name}, line 2: .*soon"):
        one.__wrapped__()
