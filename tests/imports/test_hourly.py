"""Hourly files: true headers read to the value, what was found told, and the exact sentence of each broken file."""

import csv
import random
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from core import catalog
from core.imports.hourly import Said, read_hourly
from core.imports.reading import RefusedError, UnansweredError

HOURS, BROKEN = (Path(__file__).parent / name for name in ("hours", "hours_broken"))
FACTORS = {key: factor.carbon_g_per_kwh for key, factor in catalog.load().emission_factors.items()}
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
with (BROKEN / "expected.csv").open(encoding="utf-8", newline="") as file:
    EXPECTED = list(csv.DictReader(file))


def read(name, **said):
    return read_hourly(name, (HOURS / name).read_bytes(), Said(**said), FACTORS)


def of(*rows, head="utc,g_per_kwh", **said):
    return read_hourly("x.csv", "\n".join((head, *rows, "")).encode(), Said(**said), FACTORS)


@pytest.mark.parametrize("row", EXPECTED, ids=lambda row: row["file"])
def test_a_broken_file_earns_its_sentence(row):
    with pytest.raises(RefusedError) as caught:
        read_hourly(row["file"], (BROKEN / row["file"]).read_bytes(), Said(zone=row["zone"]), FACTORS)
    error = caught.value
    assert (str(error), error.question, ";".join(error.choices)) == (row["sentence"], row["question"], row["choices"])


def test_every_broken_file_has_its_sentence():
    assert {row["file"] for row in EXPECTED} == {path.name for path in BROKEN.glob("*.csv")} - {"expected.csv"}


@pytest.mark.parametrize(
    ("name", "said", "kind", "basis", "start", "values"),
    [
        ("electricity_maps.csv", {}, "Electricity Maps", "life_cycle", MONDAY, [345, 346, 347, 348, 349, 350]),
        (
            "electricity_maps.csv",
            {"basis": "direct"},
            "Electricity Maps",
            "direct",
            MONDAY,
            [300, 301, 302, 303, 304, 305],
        ),
        ("electricity_maps_old.csv", {}, "Electricity Maps", "life_cycle", MONDAY, [345, 346, 347, 348]),
        ("neso.csv", {}, "NESO carbon intensity (Great Britain)", "direct", MONDAY, [150.5, 152.5, 154.5]),
        ("neso_mix.csv", {}, "NESO generation mix (Great Britain)", "direct", MONDAY, [139.5, 137.5]),
        (
            "watttime.csv",
            {"unit": "lb/MWh"},
            "WattTime (marginal)",
            "marginal",
            MONDAY,
            [0.45359237 * sum(980 - 5 * n for n in range(first, first + 12)) / 12 for first in (0, 12)],
        ),
        (
            "entsoe_long.csv",
            {},
            "ENTSO-E generation by type",
            "life_cycle",
            MONDAY,
            [(8 * 490 + 20 * 11 + 10 * 820) / 38] * 2,
        ),
        (
            "entsoe_wide.csv",
            {},
            "ENTSO-E generation by type, one column a type",
            "life_cycle",
            datetime(2026, 10, 24, 22, tzinfo=UTC),
            [(100 * 230 + gas * 490 + 100 * 48) / (200 + gas) for gas in (300, 400, 500, 600, 700)],
        ),
        ("plain.csv", {}, "plain hours", "unknown", MONDAY - timedelta(hours=1), [200, 201, 202, 203, 204]),
        ("plain_comma.csv", {}, "plain hours", "unknown", MONDAY, [200.5, 201.5, 202.5, 203.5, 204.5]),
        ("newest_first.csv", {}, "plain hours", "unknown", MONDAY, [200, 201, 202, 203, 204]),
    ],
)
def test_a_true_header_is_read_to_the_value(name, said, kind, basis, start, values):
    found = read(name, **said)
    assert (found.kind, found.basis, found.start) == (kind, basis, start)
    assert found.intensity_g_per_kwh == pytest.approx(values, rel=1e-12)
    assert found.marginal == (basis == "marginal")
    assert found.file_sha256 == sha256((HOURS / name).read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("name", "said", "sentences"),
    [
        (
            "electricity_maps.csv",
            {},
            ["times are UTC", "1 of 6 rows were estimated by the publisher", "(direct), is not used"],
        ),
        (
            "neso.csv",
            {},
            [
                "rows without an actual value: 1, first row 9: missing, not 0",
                "steps of 30 minutes; 2 of them",
                "not the life cycle",
                "hours at the ends that are not whole: 1, left out",
            ],
        ),
        ("watttime.csv", {"unit": "lb/MWh"}, ['it feeds the line "scored on marginal" alone', "steps of 5 minutes"]),
        (
            "entsoe_long.csv",
            {},
            [
                "converted from generation with life-cycle factors",
                "no imports",
                "lignite by the factor of coal",
                "left out, no factor: Other 5.0 % of the energy",
            ],
        ),
        ("entsoe_wide.csv", {}, ["times are Europe/Brussels"]),
        ("plain_comma.csv", {}, ["[kg/MWh]", "5 hours from 2026-03-02 00:00 to 2026-03-02 04:00 UTC"]),
        ("newest_first.csv", {}, ["the newest row comes first: the order was turned round"]),
    ],
)
def test_what_was_found_is_told(name, said, sentences):
    told = "\n".join(read(name, **said).said)
    assert [sentence for sentence in sentences if sentence not in told] == []


ROWS = [f"2026-03-02 0{hour}:00,{200 + hour}" for hour in range(8)]


def test_a_gap_is_filled_or_cut_as_the_owner_says_and_told():
    holed = [*ROWS[:2], *ROWS[4:]]
    line, part = of(*holed, gaps="straight line"), of(*holed, gaps="longest whole part")
    assert line.intensity_g_per_kwh == pytest.approx([200, 201, 202, 203, 204, 205, 206, 207])
    assert line.said[-1] == "2 hours are missing in 1 place, first 2026-03-02 02:00 UTC (2 h): filled by straight lines"
    assert (part.start.hour, part.intensity_g_per_kwh) == (4, (204, 205, 206, 207))
    assert part.said[-1].endswith("the longest whole part is kept, 4 hours")


def test_a_long_gap_gets_no_straight_line():
    with pytest.raises(UnansweredError) as caught:
        of(*ROWS[:1], *ROWS[5:], gaps="straight line")
    assert str(caught.value) == (
        "x.csv: a gap of 4 h is too long for a straight line, the limit is 3 h: keep the longest whole part, or mend "
        "the file"
    )


@pytest.mark.parametrize(("which", "value"), [("first", 202), ("last", 300), ("mean", 251)])
def test_of_a_time_that_stands_there_twice_the_owner_says_which_counts(which, value):
    found = of(*ROWS[:3], "2026-03-02 02:00,300", *ROWS[3:], twice=which)
    assert found.intensity_g_per_kwh[2] == value
    assert f"first 2026-03-02 02:00 UTC in row 5: the {which} counts" in "\n".join(found.said)


def test_a_local_clock_is_read_through_both_changes_of_the_year():
    zone = "Europe/Berlin"
    spring = of(
        *(f"2026-03-29 {hour}:00,{hour}" for hour in ("00", "01", "03", "04")), head="timestamp,g_per_kwh", zone=zone
    )
    assert spring.start == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert spring.intensity_g_per_kwh == (0, 1, 3, 4)
    autumn = of(
        *(f"2026-10-25 {hour}:00,{value}" for hour, value in (("01", 1), ("02", 2), ("02", 9), ("03", 3))),
        head="timestamp,g_per_kwh", zone=zone,
    )  # fmt: skip
    assert autumn.intensity_g_per_kwh == (1, 2, 9, 3)


@pytest.mark.parametrize(
    ("unit", "value"), [("g/kWh", 400.0), ("kg/MWh", 400.0), ("kg/kWh", 400_000.0), ("lb/MWh", 400 * 0.45359237)]
)
def test_a_unit_that_is_said_counts(unit, value):
    assert of("2026-03-02 00:00,400", "2026-03-02 01:00,400", head="utc,value", unit=unit).intensity_g_per_kwh[0] == (
        pytest.approx(value)
    )


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"unit": "tons"}, "x.csv: the unit 'tons' is not known; it must be one of g/kWh, kg/MWh, kg/kWh, lb/MWh"),
        ({"zone": "Mars"}, "x.csv: 'Mars' is not a time zone; name one like Europe/Berlin, or UTC"),
    ],
)
def test_an_answer_that_means_nothing_is_refused(said, sentence):
    with pytest.raises(RefusedError) as caught:
        of(*ROWS, head="timestamp,value", **({"unit": "g/kWh"} | said))
    assert str(caught.value) == sentence


def test_hours_that_begin_at_half_past_are_told():
    found = of(
        *(f"2026-03-02 0{hour}:00,{hour + 1}" for hour in range(3)), head="timestamp,g_per_kwh", zone="Asia/Kolkata"
    )
    assert (found.start.hour, found.intensity_g_per_kwh) == (18, (1, 2, 3))
    assert "its hours begin 30 minutes past the hour of UTC: each counts as the hour it begins in" in found.said


@pytest.mark.parametrize(
    ("rows", "said", "sentence"),
    [
        (("0001-01-01 00:00,5",), {}, "x.csv, row 2, column utc: the year is 1; it must lie in [1990, 2100]"),
        (("9999-12-31 23:00,5",), {}, "x.csv, row 2, column utc: the year is 9999; it must lie in [1990, 2100]"),
        (
            ("1999-01-01 00:00,5", "1999-01-01 01:00,5", "2050-01-01 00:00,5"), {},
            "x.csv spans 1999-01-01 to 2050-01-01; the limit is 100,000 hours",
        ),
    ],
)  # fmt: skip
def test_times_beyond_reason_are_refused(rows, said, sentence):
    with pytest.raises(RefusedError) as caught:
        of(*rows, **said)
    assert str(caught.value) == sentence


def test_a_zone_that_is_only_part_of_a_name_is_refused():
    with pytest.raises(RefusedError, match="'America' is not a time zone"):
        of(*ROWS, head="timestamp,g_per_kwh", zone="America")


def test_a_leap_year_keeps_all_its_hours():
    rows = (f"{datetime(2024, 1, 1) + timedelta(hours=hour)},{100 + hour % 24}" for hour in range(8784))
    assert len(of(*rows).intensity_g_per_kwh) == 8784


def test_any_edit_is_read_or_refused_in_a_sentence():
    chance = random.Random(20260606)
    files = [path.read_bytes() for path in (*HOURS.glob("*.csv"), *BROKEN.glob("*.csv"))]
    bits = [
        b"",
        b",",
        b"\n",
        b'"',
        b"nan",
        b"-1",
        b"1e400",
        b"2026-03-29 02:30",
        b"+14:00",
        b"24:00",
        b"n/e",
        b"\t",
        b" - ",
    ]
    told, sentences = set(), set()
    for _ in range(400):
        raw = bytearray(chance.choice(files))
        at = chance.randint(0, len(raw))
        raw[at : at + chance.randint(0, 12)] = chance.choice(bits)
        said = Said(chance.choice(["", "UTC", "Europe/Berlin"]), chance.choice(["", "lb/MWh"]), twice="mean")
        try:
            told |= set(read_hourly("x.csv", bytes(raw), said, FACTORS).said)
        except RefusedError as error:
            sentences.add(str(error))
    assert [text for text in sentences if not text.startswith("x.csv") or "\n" in text] == []
    assert len(told) > 10
