"""Nothing that is computed looks at a clock, a zone or a language of the machine."""

import os
import time
from pathlib import Path

import pytest

from core import results
from core.headless import hours_file
from core.imports import meters
from core.imports.hourly_rows import Said
from core.imports.reading import Answers
from core.plan.example import example_plan
from core.ui import headline

ROOT = Path(__file__).parents[1]
# Rooms that stand where people and machines are: they say what day it is to the others.
WITH_A_CLOCK = {"ui", "commands", "headless", "live", "measure", "__main__"}
CLOCK = ("datetime.now(", "datetime.utcnow(", "date.today(", "datetime.today(", "time.time(", "time.localtime(")
NO_ENCODING = ("read_text()", "write_text(text)", 'open("r")', 'open("w")', "import locale")
TEXTS = {path: path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("core/**/*.py"))}
ZONES = ("UTC", "Pacific/Kiritimati", "America/St_Johns")
SAMPLES = ROOT / "tests" / "imports" / "samples"
HOURS = ("electricitymaps_hourly.csv", "neso_carbon_intensity.csv")
METERS = ("nvidia_smi_power.csv", "codecarbon_emissions.csv", "slurm_sacct.psv")


def test_only_rooms_beside_people_and_machines_ask_for_the_time():
    asking = {
        path.relative_to(ROOT / "core").parts[0] for path, text in TEXTS.items() if any(one in text for one in CLOCK)
    }
    assert {name.removesuffix(".py") for name in asking} == WITH_A_CLOCK


def test_no_text_is_opened_in_the_encoding_of_the_machine():
    opened = [path.name for path, text in TEXTS.items() if any(one in text for one in NO_ENCODING)]
    assert opened == []


def test_a_plan_whose_years_are_past_says_so_and_one_with_a_year_to_come_does_not():
    past = example_plan().but(first_year=2022, last_year=2024, headline_year=2024)
    said = "Every year of this plan is past: it ends in 2024. Its figures stay as they are; set its years anew."
    assert headline.scope_line(results.of(past)).endswith(f" :orange[{said}]")
    assert "past" not in headline.scope_line(results.of(example_plan()))


@pytest.fixture
def zone():
    """Sets the machine's zone, and back."""
    before = os.environ.get("TZ")

    def put(name):
        os.environ["TZ"] = name
        time.tzset()

    yield put
    if before is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = before
    time.tzset()


def test_files_of_hours_and_of_meters_read_the_same_in_every_zone(zone):
    told = []
    for name in ZONES:
        zone(name)
        found = []
        for file in HOURS:
            said = Said(
                zone="Europe/Berlin",
                gaps="longest whole part",
                twice="mean",
                basis="life_cycle",
            )
            found.append(hours_file.read(file, (SAMPLES / file).read_bytes(), said))
        answers = Answers(zone="Europe/Berlin", exclusive=True)
        found += [meters.read_meter([(file, (SAMPLES / file).read_bytes())], answers) for file in METERS]
        told.append([repr(one) for one in found])
    assert told[0] == told[1] == told[2]
