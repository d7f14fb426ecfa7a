"""The hours of grids: read strictly and only when asked for, true to their means, never negative."""

import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.catalog import CatalogError, hourly, load

DATA = Path(__file__).parents[2] / "data"
FOLDER = "grid_hourly"
FILES = ("zones.csv", "days.csv", "shapes.csv")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The first two zones, in a folder that may be damaged."""
    (tmp_path / FOLDER).mkdir()
    for name in FILES:
        lines = (DATA / FOLDER / name).read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if line.startswith(("zone,", "AT,", "AU-NSW,"))]
        (tmp_path / FOLDER / name).write_text("".join(kept), encoding="utf-8")
    return tmp_path


def damage(path: Path, line: int, old: str, new: str) -> None:
    """Change a phrase of one line of a file; a new phrase of nothing takes the line out."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new, 1) if new else ""
    path.write_text("".join(lines), encoding="utf-8")


def read(folder: Path) -> None:
    hourly.read_hours(folder, hourly.read_zones(folder, load().sources))


@pytest.mark.parametrize(
    ("file", "line", "old", "new", "message"),
    [
        ("zones.csv", 2, "Europe/Vienna", "Europe/Wien", "line 2: timezone is 'Europe/Wien': not a time zone"),
        ("zones.csv", 2, ",ok,", ",fine,", "line 2: quality is 'fine': 'fine' is not a known quality"),
        ("zones.csv", 3, "AU-NSW", "AT", "zone is 'AT': repeats the key of grid_hourly/zones.csv, line 2"),
        ("zones.csv", 2, "43.9", "443.9", "mean_g_per_kwh is '154.2': smaller than the column before it (443.9)"),
        ("zones.csv", 2, "electricity-maps-2023-hourly", "hearsay", "source is 'hearsay': 'hearsay' is not a known"),
        ("days.csv", 1, "day_of_year", "day", "line 1: the columns must be zone, day_of_year, mean"),
        ("days.csv", 3, "AT,2", "XX,2", "line 3: zone is 'XX': 'XX' is not a known zone"),
        ("days.csv", 3, "AT,2", "AT,3", "line 3: day_of_year is '3': day 2 of AT must come next, up to 365"),
        ("days.csv", 3, "233.3", "-1", "line 3: mean_g_per_kwh is '-1': not above 0"),
        ("days.csv", 3, "233.3", "nan", "line 3: mean_g_per_kwh is 'nan': not a finite number"),
        ("days.csv", 3, "233.3", "many", "line 3: mean_g_per_kwh is 'many': not a number"),
        ("days.csv", 3, "233.3,1", "233.3,5", "line 3: shape is '5': not 1 to 4"),
        ("days.csv", 3, "233.3,1", "233.3", "line 3: the row has 3 cells; it must have 4, one for each column"),
        ("days.csv", 731, "AU-NSW,365", "", "days.csv: 364 days of 'AU-NSW'; a year has 365"),
        ("shapes.csv", 2, "0.836", "-0.836", "line 2: h00 is '-0.836': negative"),
        ("shapes.csv", 2, "0.836", "0.936", "line 2: h00 is '0.936': the 24 hours must have a mean of 1"),
        ("shapes.csv", 3, "AT,1,2", "AT,1,1", "shape is '1': this shape of the month stands there twice"),
        ("shapes.csv", 2, ",1.023", "", "grid_hourly/shapes.csv: no shape 1 of month 1 for 'AT'"),
    ],
)  # fmt: skip
def test_a_damaged_hour_is_named(copy: Path, file: str, line: int, old: str, new: str, message: str) -> None:
    damage(copy / FOLDER / file, line, old, new)
    with pytest.raises(CatalogError) as caught:
        read(copy)
    assert message in str(caught.value)
    assert str(caught.value).startswith(f"{FOLDER}/{file}")


def test_a_missing_file_is_named(copy: Path) -> None:
    (copy / FOLDER / "days.csv").unlink()
    with pytest.raises(CatalogError, match=r"^grid_hourly/days\.csv: cannot be read"):
        read(copy)


def test_every_zone_has_a_year_of_hours_above_zero_that_means_what_its_figures_say() -> None:
    zones = hourly.zones()
    assert len(zones) == len(hourly.load()) == 158
    for key, hours in hourly.load().items():
        assert len(hours) == 8760
        assert min(hours) > 0
        assert sum(hours) / 8760 == pytest.approx(zones[key].mean_g_per_kwh, abs=0.2)
        assert ZoneInfo(zones[key].timezone)


def test_every_region_that_names_a_zone_names_one_with_hours() -> None:
    named = {region.hourly_zone for region in load().regions.values()} - {""}
    assert named <= hourly.zones().keys()
    assert len(named) == 158


def test_hours_that_cannot_be_trusted_say_so() -> None:
    found: dict[str, set[str]] = {}
    for zone in hourly.zones().values():
        found.setdefault(zone.quality, set()).add(zone.zone)
    assert found["flat"] == {"HK", "IS"}
    assert found["estimated"] == {"IN-WE", "JP-TK"}
    assert found["partly_estimated"] == {"SG"}
    assert found["suspect"] == {z for z in hourly.zones() if z[:3] in ("IN-", "JP-")} - found["estimated"]
    assert hourly.zones()["DE"].caution == ""
    assert hourly.zones()["JP-TK"].caution == (
        "Every hour of JP-TK was estimated by a model, none measured: take the result as a hint."
    )
    with pytest.raises(CatalogError, match="no row for 'XX'"):
        hourly.reference_hours("XX")


def test_the_first_two_zones_read_as_they_should(copy: Path) -> None:
    found = hourly.read_hours(copy, hourly.read_zones(copy, load().sources))
    assert dict(found) == {zone: hourly.load()[zone] for zone in ("AT", "AU-NSW")}


def test_importing_the_core_reads_no_hour() -> None:
    program = (
        "import core.catalog.hourly as h, core.results, core.shift.reference, core.shift.fleet;"
        "from core import catalog; catalog.load();"
        "assert h.load.cache_info().currsize == h.zones.cache_info().currsize == 0"
    )
    subprocess.run([sys.executable, "-c", program], cwd=DATA.parent, check=True)
