"""A file of hours as a record: what makes one, what link and CSV carry, and what its hours do when they are here."""

from datetime import UTC, datetime

import numpy as np
import pytest
from pydantic import ValidationError

from core import results
from core.link import decode, encode
from core.plan import HoursFile, sentences
from core.plan.example import example_plan
from core.plan.own_catalog import catalog_of
from core.results.hour_factors import hour_factors
from core.results.hours import hour_savings
from core.results.marginal import scored_on_marginal
from core.shift.check import ShiftError
from core.shift.files import LEAST_H, FileHours, at_hand, in_common, keep
from core.shift.job import Job
from core.shift.realised import realised
from core.shift.reference import hours_of, reference_year
from core.table import read_plan, write_plan

START = datetime(2023, 1, 1, tzinfo=UTC)
SHA = "3a7c9baf" * 8
EXAMPLE = example_plan().with_workload(
    "W2", region="DE", hours_chosen="foresight", deferrable_h=12, deferrable_share=0.5
)
W2 = EXAMPLE.workload("W2")
DAYS = np.where(np.arange(8_760) % 24 < 12, 100.0, 500.0)  # cleaner by night


def of(key="DE", **fields):
    return HoursFile(**{"id": key, "name": "a.csv", "file_sha256": SHA, "first_hour": "2023-01-01 00:00"} | fields)


NAMED = EXAMPLE.with_hours_file(of())


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "name is blank; say which file it is"),
        ({"file_sha256": "abc"}, "file_sha256 is 'abc'; it must be 64 digits of 0 to 9 and a to f"),
        ({"hours_basis": "marginal"},
         "id is 'DE'; it must end in ':marginal' where hours_basis is 'marginal', and only there"),
        ({"first_hour": "soon"}, "first_hour is 'soon'; it must be a time in UTC, as 2023-01-01 00:00"),
        ({"covered_h": 1_000}, "covered_h is 1,000; it must lie in [1,440, 100,000] hours"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_no_file_of_hours(changes, sentence):
    with pytest.raises(ValidationError) as caught:
        of(**changes)
    assert sentence in sentences(caught.value)


def test_a_region_has_one_file_at_most_and_a_new_one_takes_its_place():
    assert NAMED.with_hours_file(of(name="b.csv")).hours_files == (of(name="b.csv"),)
    with pytest.raises(ValidationError, match="two files of hours stand for 'DE'; the limit is 1"):
        EXAMPLE.but(hours_files=(of(), of()))


def test_link_and_csv_carry_the_record_and_never_the_word_that_the_hours_are_here():
    held = keep(FileHours(of().key, START, DAYS.copy()))
    here = NAMED.with_hours([held.key])
    assert here != NAMED
    assert decode(encode(here)).plan == read_plan(write_plan(here)).plan == NAMED


def test_where_the_file_is_not_at_hand_the_reference_year_stands_in():
    assert (
        results.of(NAMED).values["carbon_location_kg"].sum() == results.of(EXAMPLE).values["carbon_location_kg"].sum()
    )
    assert NAMED.hours_missing() == (of(),)


def test_the_file_gives_the_shape_and_the_plan_keeps_the_regions_mean():
    held = keep(FileHours(of().key, START, DAYS.copy()))
    plan = NAMED.with_hours([held.key])
    assert plan.hours_missing() == ()
    region = catalog_of(plan).regions["DE"]
    curve = hours_of(region)
    assert curve.mean_g_per_kwh == pytest.approx(region.carbon_g_per_kwh, rel=1e-12)
    assert curve.intensity_g_per_kwh == pytest.approx(DAYS * region.carbon_g_per_kwh / 300.0)
    assert "your file a.csv (SHA-256 3a7c9baf…), 8,760 from 2023-01-01" in curve.note
    assert reference_year(region).note == ""
    told = {factor.name: factor for factor in hour_factors(catalog_of(plan), plan, W2)}
    assert (told["Hours of Germany"].value, told["Hours of Germany"].note) == ("your own file", curve.note)
    # Half of the steady load waits up to 12 h: by day it all goes into the night, as its room of the peak allows.
    room = W2.peak_to_mean
    moved = min(0.5, room - 1.0)
    found = hour_savings(catalog_of(plan), W2)
    assert found.bound_pct == pytest.approx(100 * moved * (500 - 100) / 600, rel=0.01)
    before, after = (
        results.of(each).values["carbon_location_kg"][1, 4, 0] for each in (EXAMPLE.with_workload(
            "W2", hours_chosen="as_they_come"), plan)
    )  # fmt: skip
    assert after < results.of(NAMED).values["carbon_location_kg"][1, 4, 0] < before
    assert results.of(plan).values["carbon_market_kg"].sum() == results.of(NAMED).values["carbon_market_kg"].sum()


def test_hours_are_kept_as_long_as_somebody_holds_them():
    held = keep(FileHours("x|||", START, DAYS.copy()))
    assert at_hand("x|||") is keep(FileHours("x|||", START, DAYS.copy())) is held
    del held
    with pytest.raises(KeyError):
        at_hand("x|||")


@pytest.mark.parametrize(
    ("hours", "sentence"),
    [
        (DAYS[:1_000].copy(), "the file holds 1,000 hours; the limit is 1,440 hours, 60 days, at least"),
        (np.zeros(2_000), "the file's mean is 0 g/kWh; its hours say nothing of cleaner and dirtier ones"),
        (np.full(2_000, 250.0), "each of its 2,000 hours is 250 g/kWh; hours must differ, for none is cleaner"),
    ],
)
def test_hours_of_no_use_are_refused(hours, sentence):
    with pytest.raises(ShiftError, match=sentence):
        keep(FileHours("y|||", START, hours))


def test_two_series_are_cut_to_the_moments_they_share():
    one, other = np.arange(3_000.0), np.arange(3_000.0)
    later = datetime(2023, 1, 2, tzinfo=UTC)
    left, right = in_common((START, one), (later, other))
    assert (left[0], right[0], len(left), len(right)) == (24.0, 0.0, 2_976, 2_976)
    with pytest.raises(ShiftError, match=f"the two series have 1,000 hours in common; the limit is {LEAST_H:,}"):
        in_common((START, one[:1_024]), (later, other))


def test_a_marginal_file_feeds_the_line_scored_on_marginal_and_nothing_else():
    marginal = of("DE:marginal", hours_basis="marginal", file_sha256="b" * 64)
    average, opposite = (keep(FileHours(f.key, START, h)) for f, h in ((of(), DAYS.copy()), (marginal, 600.0 - DAYS)))
    both = NAMED.with_hours_file(marginal).with_hours([average.key, opposite.key])
    alone = NAMED.with_hours([average.key])
    assert hour_savings(catalog_of(both), W2) == hour_savings(catalog_of(alone), W2)
    found = scored_on_marginal(catalog_of(both), W2, float("nan"))
    assert found is not None
    for saved, scored in zip(found.average_pct, found.marginal_pct, strict=True):  # each day is as the one before
        assert saved == pytest.approx(100 * 400 / 600, rel=0.02)
        assert scored == pytest.approx(-saved, rel=0.02)  # what is clean on average is as dirty at the margin
    assert scored_on_marginal(catalog_of(alone), W2, float("nan")) is None


def test_without_an_own_average_the_reference_year_is_scored_at_the_dates_of_the_marginal_file():
    marginal = of("DE:marginal", hours_basis="marginal", file_sha256="c" * 64)
    average = reference_year(catalog_of(EXAMPLE).regions["DE"]).intensity_g_per_kwh
    same = keep(FileHours(marginal.key, datetime(2026, 3, 1, tzinfo=UTC), average[59 * 24 : 59 * 24 + 3_000].copy()))
    plan = EXAMPLE.with_hours_file(marginal).with_hours([same.key])
    found = scored_on_marginal(catalog_of(plan), W2, float("nan"))
    assert found is not None
    assert found.marginal_pct == pytest.approx(found.average_pct)
    mine = realised(average[59 * 24 : 59 * 24 + 3_000], Job(1, 12))
    assert found.average_pct == (mine.bound_pct, mine.yesterday_pct, mine.profile_pct)


@pytest.mark.parametrize(
    ("was", "now", "sentence"),
    [
        ("fh=2023-01-01 00:00", "fh=soon", "hours file 'DE': first_hour is 'soon'; it must be a time in UTC"),
        ("\tw=a.csv", "", "hours file 'DE': name is blank; say which file it is; it was left out"),
    ],
)
def test_a_broken_line_of_a_link_is_left_out_with_a_word(was, now, sentence):
    from core.link.pack import pack, unpack

    lines = [line.replace(was, now) for line in unpack(encode(NAMED), [])]
    opened = decode(pack(lines))
    assert opened.plan == EXAMPLE
    assert any(problem.startswith(sentence) for problem in opened.problems), opened.problems


def test_a_second_row_of_one_region_in_a_csv_is_left_out_with_a_word():
    text = write_plan(NAMED)
    reading = read_plan(text + text.splitlines()[-1] + "\n")
    assert reading.plan == NAMED
    assert reading.problems[0].endswith("column id: hours_file 'DE' is used twice; the second row was left out")
