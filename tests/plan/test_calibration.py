"""A calibration as a record: what makes one, what CSV and link carry of it, and what they say of a broken one."""

import pytest
from pydantic import ValidationError

from core.link import decode, encode
from core.link.pack import pack, unpack
from core.plan import Calibration, Plan, Workload, sentences
from core.plan.calibration import SETTING, setting_of
from core.plan.example import example_plan
from core.table import read_plan, write_plan

EXAMPLE = example_plan()
FIELDS = {"metered_kwh": 3_000.0, "first_day": "2026-03-01", "last_day": "2026-03-31", "source": "bill"}


def of(key="W2", **fields):
    workload = EXAMPLE.workload(key)
    served = {"served_requests": 200_000.0} if workload.kind == "inference" else {"served_runs": 1.0}
    return Calibration(**setting_of(workload) | {"id": key} | FIELDS | served | fields)


METERED = EXAMPLE.calibrating(of())


def test_the_setting_is_the_workloads_fields_with_their_types_and_defaults():
    for name in SETTING:
        ours, theirs = Calibration.model_fields[name], Workload.model_fields[name]
        assert ours.annotation == theirs.annotation
        if name not in ("model", "hardware"):  # a calibration must name them
            assert ours.default == theirs.default


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"last_day": "2026-02-01"}, "last_day is 2026-02-01; it must not be before first_day, 2026-03-01"),
        ({"first_day": ""}, "first_day is blank; say which days the meter covers"),
        ({"metered_h": 800.0}, "metered_h is 800; 31 days have 744 h"),
        ({"metered_kwh": 0.0}, "metered_kwh is 0; it must lie in [0.000001, 1,000,000,000,000] kWh"),
        ({"metered_kwh": -5.0}, "metered_kwh is -5; it must lie in [0.000001, 1,000,000,000,000] kWh"),
        ({"served_requests": None}, "served_requests is blank; say how many requests were answered meanwhile"),
        ({"source": ""}, "source is blank; a calibration says what was metered, on what, and where the figure is from"),
        (
            {"metered_while": "at_work"},
            "metered_while is 'at_work'; servers that answer requests are metered around the clock: 'always'",
        ),
        (
            {"hosting": "api"},
            "hosting is 'api'; the machines of a bought service are its provider's, so no meter of yours reads them",
        ),
        ({"metered_at": "rack"}, "metered_at is 'rack'; it must be one of board, server, facility"),
    ],
)
def test_what_contradicts_itself_is_no_calibration(changes, sentence):
    with pytest.raises(ValidationError) as caught:
        of(**changes)
    assert sentence in sentences(caught.value)


def test_a_training_workload_says_its_runs():
    with pytest.raises(ValidationError, match="served_runs is blank; say how many training runs the meter saw"):
        of("W5", served_runs=None)


def test_csv_and_link_carry_it_to_the_byte():
    text, linked = write_plan(METERED), encode(METERED)
    assert read_plan(text).plan == METERED
    assert write_plan(read_plan(text).plan) == text
    assert decode(linked).plan == METERED
    assert encode(decode(linked).plan) == linked


def test_a_link_holds_the_setting_only_where_it_differs():
    (line,) = (line for line in unpack(encode(METERED), []) if line.startswith("%"))
    assert line.split("\t")[1:] == ["W2", "mk=3000", "fd=2026-03-01", "ld=2026-03-31", "sq=200000", "so=bill"]
    moved = METERED.with_workload("W2", input_tokens=900)
    (line,) = (line for line in unpack(encode(moved), []) if line.startswith("%"))
    assert "i=5000" in line.split("\t")
    assert decode(encode(moved)).plan == moved


def test_a_workload_that_goes_takes_its_calibration_along_and_a_copy_has_none():
    assert METERED.without("W2").calibrations == ()
    assert METERED.duplicating("W2").calibrations == METERED.calibrations
    assert METERED.without_calibration("W2") == EXAMPLE


def test_a_workload_has_one_calibration_at_most():
    assert METERED.calibrating(of(metered_kwh=1.0)).calibrations == (of(metered_kwh=1.0),)
    with pytest.raises(ValidationError, match="workload 'W2' has two calibrations; the limit is 1"):
        EXAMPLE.but(calibrations=(of(), of()))
    with pytest.raises(ValidationError, match="the calibration of 'W2' has no workload in this plan"):
        Plan(calibrations=(of(),))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ((",3000,server,", ",lots,server,"), "line 9, column metered_kwh: metered_kwh is 'lots', not a number"),
        ((",2026-03-31,", ",2026-02-01,"), "line 9: last_day is 2026-02-01; it must not be before first_day"),
        ((",W2,", ",W9,"), "line 9: the calibration of 'W9' has no workload here; it was left out"),
    ],
)
def test_a_broken_row_is_left_out_with_its_line_and_the_plan_opens(change, sentence):
    lines = write_plan(METERED).split("\n")
    assert change[0] in lines[8]
    lines[8] = lines[8].replace(*change)
    reading = read_plan("\n".join(lines))
    assert any(problem.startswith(sentence) for problem in reading.problems)
    assert reading.plan == EXAMPLE


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("W2", "W9", "calibration of 'W9' has no workload in this link; it was left out"),
        ("mk=3000", "mk=-1", "calibration of 'W2': metered_kwh is -1; it must lie in"),
        ("ld=2026-03-31", "ld=2026-02-01", "calibration of 'W2': last_day is 2026-02-01; it must not be before"),
        ("so=bill", "zz=1", "calibration of 'W2': a field 'zz' is not known to this version; it was left out"),
    ],
)
def test_a_broken_line_of_a_link_is_left_out_with_a_word(old, new, sentence):
    lines = unpack(encode(METERED), [])
    opened = decode(pack([line.replace(old, new) if line.startswith("%") else line for line in lines]))
    assert any(problem.startswith(sentence) for problem in opened.problems)
    assert opened.plan == EXAMPLE


def test_two_lines_of_one_workload_are_told():
    lines = unpack(encode(METERED), [])
    opened = decode(pack([*lines, *(line for line in lines if line.startswith("%"))]))
    assert opened.problems == ("calibration of 'W2' stands in the link twice; it was left out",)
    assert opened.plan == METERED
