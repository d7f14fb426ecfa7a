"""Plans beside each other without a browser, and a plan saved under one data folder opened under another."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core import catalog as facts
from core import link, table
from core.__main__ import main
from core.compare_table import COLUMNS, Item, write_comparison
from core.decide.between import QUANTITIES, between
from core.decide.shares import shared
from core.plan.example import example_plan
from core.store import NAME, Person, Version
from core.store.content import content_of
from core.store.store import Store, open_store

ROOT = Path(__file__).parents[2]
ONE = example_plan().but(name="Our plan")
TWO = ONE.with_workload("W2", requests_per_day=30_000.0).without("W5")
THREE = ONE.but(grid_path="percent", grid_change_pct=-3.0)
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
Rows = list[dict[str, str]]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """An empty store that the commands use."""
    monkeypatch.setenv(NAME, f"sqlite:///{tmp_path / 'plans.sqlite'}")
    return open_store(f"sqlite:///{tmp_path / 'plans.sqlite'}")


def _saved(store: Store) -> Version:
    return store.save(ONE.name, content_of(ONE), Person("Ann"), NOON)


def _rows(text: str, record: str) -> Rows:
    return [row for row in csv.DictReader(io.StringIO(text)) if row["record"] == record]


def test_a_file_a_link_and_a_saved_plan_stand_beside_each_other(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made, file, out = _saved(store), tmp_path / "two.csv", tmp_path / "out.csv"
    file.write_text(table.write_plan(TWO), encoding="utf-8")
    bare = link.encode(THREE)
    asked = [made.id, str(file), f"https://x.example/compare?s={bare}"]
    assert main(["compare", *asked, "-o", str(out)]) == 0
    assert capsys.readouterr().err == ""
    text = out.read_text(encoding="utf-8")
    assert main(["compare", *asked[:2], bare]) == 0
    assert capsys.readouterr().out == text
    assert text == write_comparison([Item(ONE), Item(TWO), Item(THREE)])  # what the page's button gives
    assert text.splitlines()[0] == ",".join(COLUMNS)
    assert [(row["plan"], row["name"]) for row in _rows(text, "plan")] == [(key, "Our plan") for key in "ABC"]
    figures = _rows(text, "figure")
    assert len(figures) == 2 * len(ONE.years()) * len(QUANTITIES)
    seen = between(ONE, TWO)
    assert seen is not None
    wanted = seen.compared("water_l", 2031)
    row = next(r for r in figures if (r["plan"], r["year"], r["quantity"]) == ("B", "2031", "water_l"))
    assert tuple(float(row[f"difference{end}"]) for end in ("_p10", "", "_p90")) == wanted.difference
    assert (float(row["value"]), float(row["against_value"]), row["told_apart"]) == (
        wanted.second[1], wanted.first[1], str(wanted.told_apart).lower(),
    )  # fmt: skip
    assert {row["difference"] for row in figures if row["quantity"] == "cost_usd"} == {""}  # unknown is never 0


def test_the_effects_add_up_to_the_difference_in_the_file() -> None:
    text = write_comparison([Item(ONE), Item(TWO)])
    effects, found = _rows(text, "effect"), shared(ONE, TWO)
    assert found is not None
    assert [(row["input_record"], row["input_id"], row["input_field"]) for row in effects] == [
        (step.inputs[0].record, step.inputs[0].id, ";".join(step.inputs[0].fields)) for step in found.steps
    ]
    row = next(r for r in _rows(text, "figure") if (r["year"], r["quantity"]) == (effects[0]["year"], "carbon_kg"))
    assert sum(float(one["effect_kg"]) for one in effects) == pytest.approx(float(row["difference"]), rel=1e-9)
    assert {(one["input_id"], one["input_field"]) for one in _rows(text, "input")} >= {("W2", "requests_per_day")}


def test_a_plan_alone_stands_beside_itself_without_levers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "one.csv"
    file.write_text(table.write_plan(ONE), encoding="utf-8")
    assert main(["compare", str(file)]) == 0
    assert {row["difference"] for row in _rows(capsys.readouterr().out, "figure")} == {"0.0", ""}


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["nowhere.csv"], "nowhere.csv: No such file or directory"),
        (["0123456789ab"], "No plan is saved here under the id 0123456789ab: it may be of another installation."),
        (["?p=zzz"], "'zzz' is no id of a saved plan"),
        (["?s=1.zzz"], "nothing of this link could be read: the link is damaged or was cut short"),
        (["?s=9.zzz"], "nothing of this link could be read: the link says version '9'; this app reads version 1"),
        (["a.csv"] * 7, "7 plans are named; the limit is 6 plans"),
        ([str(ROOT / "data" / "sources.csv")], "the column 'record' is missing; this is not a plan CSV"),
    ],
)
def test_what_is_no_plan_is_told_in_a_sentence(
    store: Store, capsys: pytest.CaptureFixture[str], asked: list[str], told: str
) -> None:
    assert main(["compare", *asked]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert told in said.err
    assert "Traceback" not in said.err


def test_plans_without_a_year_in_common_have_no_figures_and_the_others_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    late = ONE.but(first_year=2040, last_year=2045)
    asked = [f"?s={link.encode(plan)}" for plan in (ONE, late, THREE)]
    assert main(["compare", *asked]) == 1
    said = capsys.readouterr()
    assert said.err == "plans A and B have no year in common\n"
    assert {row["plan"] for row in _rows(said.out, "figure")} == {"C"}


def test_names_that_a_spreadsheet_would_run_are_disarmed() -> None:
    text = write_comparison([Item(ONE.but(name="=1+1")), Item(ONE.with_workload("W2", name="@SUM(A1)"))])
    assert _rows(text, "plan")[0]["name"] == "'=1+1"
    assert {row["now_value"] for row in _rows(text, "input")} >= {"'@SUM(A1)"}


def _edit(file: Path, key: str, change: Callable[[dict[str, str]], dict[str, str]]) -> None:
    """Change the row of an id in a CSV file."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(row | change(row) if row["id"] == key else row for row in rows)


def _newer(folder: Path) -> None:
    """A copy of the data with another grid, another PUE and another embodied carbon."""
    shutil.copytree(facts.FOLDER, folder)
    _edit(folder / "regions" / "ember.csv", "DE", lambda row: {"carbon_g_per_kwh": "301.5"})
    _edit(folder / "assumptions.csv", "pue_own", lambda row: {"central": "1.5"})
    _edit(folder / "hardware" / "hardware.csv", "H100-SXM", lambda row: {"embodied_kg": "170"})


UNDER = """import sys
from pathlib import Path
from core import catalog
catalog.FOLDER = Path(sys.argv[1])
from core.__main__ import main
sys.exit(main(sys.argv[2:]))
"""


def test_a_plan_saved_under_one_data_folder_tells_under_another_what_moved_it(store: Store, tmp_path: Path) -> None:
    """Also a link that was made then, which takes the factors of then from the saved plan."""
    made, folder = _saved(store), tmp_path / "newer"
    _newer(folder)
    given = f"?s={link.encode(TWO, link.stamp(TWO))}"
    ran = subprocess.run(
        [sys.executable, "-c", UNDER, str(folder), "compare", made.id, given],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert ran.stderr == ""
    text, today = ran.stdout, facts.load()
    assert _rows(text, "plan")[0]["data_version"] != today.data_version
    for letter, headline_kg in (("A", content_of(ONE).headline_kg), ("B", content_of(TWO).headline_kg)):
        then, rest = (_rows_of(text, record, letter)[0] for record in ("then", "rest"))
        moved = {row["name"]: row for row in _rows_of(text, "factor", letter)}
        assert today.data_version.startswith(then["data_version"])
        assert float(then["against_value"]) == pytest.approx(headline_kg, rel=1e-3)  # a link rounds its headline
        assert set(moved) == {"Grid of Germany", "Facility overhead (PUE)", "H100 SXM5 80 GB: making"}
        grid = moved["Grid of Germany"]
        old = today.regions["DE"].carbon_g_per_kwh
        assert (float(grid["then_value"]), float(grid["now_value"]), grid["unit"]) == (old, 301.5, "g CO₂e/kWh")
        assert float(moved["Facility overhead (PUE)"]["now_value"]) == 1.5
        assert float(moved["H100 SXM5 80 GB: making"]["now_value"]) == 170.0
        assert float(grid["effect_kg"]) < 0 < float(moved["H100 SXM5 80 GB: making"]["effect_kg"])
        parts_kg = sum(float(row["effect_kg"]) for row in moved.values())
        assert parts_kg + float(rest["effect_kg"]) == pytest.approx(float(then["difference"]), rel=1e-9)
        told_kg = float(then["against_value"])  # as exact as a link has it
        assert float(rest["effect_kg"]) == pytest.approx(headline_kg - told_kg, abs=1e-6)


def _rows_of(text: str, record: str, letter: str) -> Rows:
    return [row for row in _rows(text, record) if row["plan"] == letter]
