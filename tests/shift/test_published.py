"""What studies printed: reproduced on their own hours where these lie beside the project; the rest says why not."""

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest

from core.catalog import CatalogError, hourly, load, published
from core.shift.fleet import deferred
from core.shift.job import Job, outcomes
from core.shift.realised import realised_fleet

DATA = Path(__file__).parents[2] / "data"
BESIDE = Path(__file__).parents[3] / "shared" / "data" / "grid"
HOURS_2022, HOURS_2023 = BESIDE / "hourly_2022_12zones.csv.gz", BESIDE / "hourly_2023_12zones_8760h.csv.gz"
PUBLISHED = published.published_shifts()
beside = pytest.mark.skipif(not HOURS_2022.exists(), reason="the hourly series do not lie beside the project")


def column(file, zone):
    with gzip.open(file, "rt", encoding="utf-8", newline="") as text:
        header, *rows = csv.reader(text)
    return np.array([float(row[header.index(zone)]) for row in rows])


@beside
@pytest.mark.parametrize("key", [key for key, one in PUBLISHED.items() if one.reproduced])
def test_a_printed_saving_is_reproduced_on_the_studys_own_hours(key):
    one = PUBLISHED[key]
    saving = outcomes(column(HOURS_2022, one.zone), Job(one.job_h, one.slack_h, one.pausing)).saving_pct
    assert saving == pytest.approx(one.ours_pct, abs=0.005)
    assert saving == pytest.approx(one.published_pct, abs=0.2)


@beside
@pytest.mark.parametrize("key", [key for key, one in PUBLISHED.items() if one.measure != "saving" and one.ours_pct])
def test_what_this_app_gives_beside_a_figure_not_reproduced_is_worked_out_anew(key):
    """A steady fleet of which 30 % may wait, room 1.3 times the mean, planned each midnight."""
    one = PUBLISHED[key]
    hours = column(HOURS_2022 if one.ours_basis == "hourly_2022" else HOURS_2023, one.zone)
    found = realised_fleet(
        hours, np.ones(len(hours)), flexible_share=one.flexible_share, delay_h=one.slack_h, capacity_kwh=1.3
    )
    whole = deferred(hours, np.ones(len(hours)), flexible_share=0.3, delay_h=one.slack_h, capacity_kwh=1.3)
    ours = {
        "yesterday_share": 100 * found.yesterday_share,
        "profile_share": 100 * found.profile_share,
        "average_by_average": whole.saving_pct,
    }[one.measure]
    assert ours == pytest.approx(one.ours_pct, abs=0.005)
    assert not one.reproduced


@beside
@pytest.mark.parametrize("zone", ["DE", "GB", "FR", "US-CAL-CISO"])
def test_the_reference_year_saves_nearly_what_the_hours_it_stands_for_do(zone):
    truth, reference = column(HOURS_2023, zone), np.array(hourly.reference_hours(zone))
    assert reference.mean() == pytest.approx(truth.mean(), rel=0.002)
    for job, within in ((Job(1, 23), 4), (Job(8, 16), 2.5), (Job(8, 16, True), 2.5), (Job(24, 144, True), 4)):
        assert outcomes(reference, job).saving_pct == pytest.approx(outcomes(truth, job).saving_pct, abs=within)


def test_the_reference_year_shows_what_the_studies_do():
    """A day's job with a day of slack gains almost nothing in one piece, and far more where it may pause."""
    whole, pausing = [], []
    for zone in hourly.zones().values():
        if not zone.flat:
            hours = np.array(hourly.reference_hours(zone.zone))
            whole.append(outcomes(hours, Job(24, 24)).saving_pct)
            pausing.append(outcomes(hours, Job(24, 24, True)).saving_pct)
    assert np.median(whole) < 4
    assert np.median(pausing) > 9
    assert np.mean(whole) == pytest.approx(PUBLISHED["mean-123-24h-24h-whole"].ours_pct, abs=0.005)
    assert np.mean(pausing) == pytest.approx(PUBLISHED["mean-123-24h-24h-pausing"].ours_pct, abs=0.005)
    assert np.mean(whole) == pytest.approx(PUBLISHED["mean-123-24h-24h-whole"].published_pct, abs=1)
    assert np.mean(pausing) == pytest.approx(PUBLISHED["mean-123-24h-24h-pausing"].published_pct, abs=1.5)


def test_what_is_not_reproduced_says_why():
    assert sum(one.reproduced for one in PUBLISHED.values()) == 8
    assert all(one.reason for one in PUBLISHED.values() if not one.reproduced)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (",not_reproduced,the hourly", ",maybe,the hourly", "outcome is 'maybe': 'maybe' is not a known outcome"),
        (",saving,", ",hope,", "measure is 'hope': 'hope' is not a known measure"),
        (",reference_year_2023,", ",guess,", "ours_basis is 'guess': 'guess' is not a known basis"),
        (",not_reproduced,the hourly", ",reproduced,the hourly", "what is reproduced rests on the study's own data"),
    ],
)
def test_a_damaged_row_is_named(tmp_path, old, new, message):
    text = (DATA / published.PUBLISHED).read_text(encoding="utf-8")
    (tmp_path / "shifting").mkdir()
    (tmp_path / published.PUBLISHED).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogError) as caught:
        published.read_published(tmp_path, load().sources)
    assert str(caught.value).startswith("shifting/published.csv, line 2: ")
    assert message in str(caught.value)
