"""The grid samples' totals, kinds of area and resolution codes of ENTSO-E."""

import csv
from pathlib import Path
from statistics import fmean

import pytest

from core import catalog
from core.imports.hourly import Said, read_hourly
from core.imports.hourly_plain import watttime
from core.imports.reading import RefusedError

SAMPLES = Path(__file__).parent / "samples"
FACTORS = {key: factor.carbon_g_per_kwh for key, factor in catalog.load().emission_factors.items()}
ENTSOE = "entsoe_AggregatedGenerationPerType_16.1.B_C_r3.csv"
COLUMNS = (
    "DateTime(UTC) ResolutionCode AreaDisplayName AreaTypeCode AreaMapCode ProductionType ActualGenerationOutput[MW]"
)
HEAD = COLUMNS.replace(" ", "\t")


def sample(name, **said):
    return read_hourly(name, (SAMPLES / name).read_bytes(), Said(**said), FACTORS)


def entsoe(*rows, head=HEAD):
    """Rows of (time, resolution, area, kind of area, code, type, megawatts)."""
    lines = ("\t".join(map(str, (f"2026-03-02 {row[0]}:00", *row[1:]))) for row in rows)
    return read_hourly("x.csv", "\n".join((head, *lines, "")).encode(), Said(), FACTORS)


def mixed(at, code="PT60M", gas=50, wind=50, kind="BZN", area="FR"):
    return [(at, code, f"Area ({area})", kind, area, "Fossil Gas", gas),
            (at, code, f"Area ({area})", kind, area, "Wind Onshore", wind)]  # fmt: skip


def test_electricity_maps_by_either_column():
    life, direct = (sample("electricitymaps_hourly.csv", basis=basis) for basis in ("life_cycle", "direct"))
    assert (len(life.intensity_g_per_kwh), fmean(life.intensity_g_per_kwh), life.basis) == (24, 333, "life_cycle")
    assert (len(direct.intensity_g_per_kwh), fmean(direct.intensity_g_per_kwh), direct.basis) == (24, 288, "direct")
    assert "1 of 24 rows were estimated by the publisher" in life.said


def test_neso_has_eight_rows_and_seven_actual_values():
    found = sample("neso_carbon_intensity.csv")
    assert "rows without an actual value: 1, first row 9: missing, not 0" in found.said
    assert found.intensity_g_per_kwh == (150.5, 152.5, 154.5)


def test_nesos_mix_has_34_columns_and_its_own_intensity_counts():
    with (SAMPLES / "neso_historic_generation_mix.csv").open(encoding="utf-8") as file:
        assert len(next(csv.reader(file))) == 34
    assert sample("neso_historic_generation_mix.csv").intensity_g_per_kwh == (138.5,)


def test_entsoes_megawatts_over_a_quarter_are_a_quarter_of_megawatt_hours():
    found = sample(ENTSOE)
    said = "generated over the file, MWh: Fossil Gas 8,000, Wind Onshore 20,000, Fossil Brown coal/Lignite 10,000"
    assert said in found.said
    assert found.intensity_g_per_kwh == (pytest.approx((8 * 490 + 20 * 11 + 10 * 820) / 38),)


def test_watttimes_pounds_a_megawatt_hour_are_grams_a_kilowatt_hour():
    name = "watttime_co2_moer.csv"
    parts = watttime(name, (SAMPLES / name).read_text(), ",", Said(unit="lb/MWh"), {})
    assert fmean(point.value for point in parts.points) == pytest.approx(438.85061797500003, rel=1e-12)
    with pytest.raises(RefusedError, match="no hour is whole"):
        sample(name, unit="lb/MWh")


# -- ENTSO-E


def test_an_area_under_several_kinds_counts_once():
    rows = [row for at in ("00:00", "01:00") for kind in ("CTA", "BZN", "CTY") for row in mixed(at, kind=kind)]
    once = entsoe(*(row for at in ("00:00", "01:00") for row in mixed(at)))
    found = entsoe(*rows)
    assert found.intensity_g_per_kwh == once.intensity_g_per_kwh
    assert "FR stands there as BZN and again as CTA, CTY: BZN counts, 8 rows are left out" in found.said


def test_kinds_that_stand_for_other_areas_are_refused():
    with pytest.raises(RefusedError, match="column AreaTypeCode: it holds BZN, CTY; give one area a file"):
        entsoe(*mixed("00:00", area="DE_LU"), *mixed("00:00", kind="CTY", area="DE"))


def test_an_hour_and_quarters_may_stand_in_one_file():
    quarters = [row for minute in (0, 15, 30, 45) for row in mixed(f"01:{minute:02d}", "PT15M", gas=minute, wind=60)]
    found = entsoe(*mixed("00:00"), *quarters)
    each = [(gas * 490 + 60 * 11) / (gas + 60) for gas in (0, 15, 30, 45)]
    assert found.intensity_g_per_kwh == pytest.approx(((490 + 11) / 2, fmean(each)))
    assert "steps of 15 and 60 minutes, as the file names them" in found.said


def test_an_hour_with_a_quarter_missing_is_not_whole():
    rows = [row for at in ("01:00", "01:15", "01:30") for row in mixed(at, "PT15M")]
    assert entsoe(*mixed("00:00"), *rows).intensity_g_per_kwh == (pytest.approx(250.5),)


def test_the_librarys_older_columns_are_known():
    head = "DateTime\tResolutionCode\tAreaName\tAreaTypeCode\tMapCode\tProductionType\tActualGenerationOutput"
    assert entsoe(*mixed("00:00"), *mixed("01:00"), head=head).intensity_g_per_kwh == pytest.approx((250.5, 250.5))


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (mixed("00:00", "P1D"), "x.csv, row 2, column ResolutionCode: 'P1D' is none of PT15M, PT30M, PT60M, PT1H"),
        (
            [mixed("00:00")[0], mixed("00:00", "PT15M")[1]],
            "x.csv, row 3, column ResolutionCode: it is 15 minutes, of another type at that time 60",
        ),
    ],
)
def test_a_resolution_that_does_not_fit_is_refused(rows, sentence):
    with pytest.raises(RefusedError) as caught:
        entsoe(*rows)
    assert str(caught.value) == sentence
