"""Headlines, changes, dates and text alternatives, sign by sign."""

import subprocess
import sys
from datetime import date
from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import words

T = words.mass_scale(74_000)
NB, DASH, MINUS = "\u00a0", "\u2060–\u2060", "\u2212"
tonnes = st.floats(min_value=1, max_value=1e9)


def test_the_headline_and_its_range_read():
    answer, phrase = words.headline(74_000, 41_000, 150_000, T, "CO₂e", "a year in 2030")
    assert (answer, phrase) == (f"74{NB}t{NB}CO₂e a year in{NB}2030", f"80{NB}%{NB}range{NB}41{DASH}150{NB}t")


def test_a_headline_in_dollars_puts_the_sign_before_the_range():
    scale = words.money_scale(1_200_000)
    answer, phrase = words.headline(900_000, 700_000, 1_300_000, scale, "", "a year in 2030")
    assert (answer, phrase) == (f"$0.90{NB}m a year in{NB}2030", f"80{NB}%{NB}range{NB}$0.70{DASH}1.3{NB}m")


def test_a_headline_without_a_range_claims_none():
    assert words.headline(74_000, 74_000, 74_000, T, "CO₂e", "in 2030")[1] == ""


@given(tonnes, tonnes, tonnes)
def test_the_range_of_a_headline_never_breaks_over_lines(mid, low, high):
    assert " " not in words.headline(mid, min(low, high), max(low, high), T, "CO₂e", "a year in 2030")[1]


@pytest.mark.parametrize(
    ("numbers", "tone", "text"),
    [
        ((174, 143, -55, -12), "blue", f"saves 31{NB}t a{NB}year (12{DASH}55), 18{NB}%"),
        ((143, 174, 12, 55), "orange", f"adds 31{NB}t a{NB}year (12{DASH}55), 22{NB}%"),
        ((174, 143, -55, 3), "gray", "no clear difference"),
        ((174, 143, -55, 0), "gray", "no clear difference"),
        ((174, 174, 0, 0), "gray", "no clear difference"),
        ((174, 175, -5, -1), "gray", "no clear difference"),
        ((174, nan, nan, nan), "gray", "unknown"),
        ((0, 31, 12, 55), "orange", f"adds 31{NB}t a{NB}year (12{DASH}55)"),
    ],
)
def test_a_change_reads(numbers, tone, text):
    before, after, low, high = (number * 1_000 for number in numbers)
    assert words.change(before, after, low, high, T) == words.Change(tone, text)


@given(tonnes, tonnes, tonnes, tonnes)
def test_a_range_over_zero_is_never_called_a_saving(before, after, below, above):
    assert words.change(before, after, -below, above, T).tone == "gray"


@given(tonnes, tonnes, st.floats(0.1, 0.9))
def test_a_saving_one_way_is_an_addition_the_other_way(before, after, spread):
    low, high = sorted(((after - before) * (1 - spread), (after - before) * (1 + spread)))
    tones = {words.change(before, after, low, high, T).tone, words.change(after, before, -high, -low, T).tone}
    assert tones == ({"blue", "orange"} if before != after else {"gray"})


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 6, 26), f"data from 26{NB}June{NB}2026, 149{NB}days{NB}old"),
        (date(2026, 11, 21), f"data from 21{NB}November{NB}2026, 1{NB}day{NB}old"),
        (date(2026, 11, 22), f"data from 22{NB}November{NB}2026, today"),
        (date(2027, 1, 1), f"data from 1{NB}January{NB}2027, dated ahead of today"),
    ],
)
def test_data_say_their_age(day, text):
    assert words.days_old(day, date(2026, 11, 22)) == text


def test_years_stand_around_an_en_dash():
    assert words.years(2026, 2035) == f"2026{DASH}2035"


def test_a_name_that_someone_types_cannot_become_markup():
    typed = "**bold** [link](x) :red[a] :material/home: $x$ <b> `c` # h | t"
    safe = words.markdown_safe(typed)
    assert safe.replace("\\", "").replace("\u2060", "") == typed
    assert all(f"\\{sign}" in safe for sign in "*[]()$<>`#|")
    assert ":red" not in safe
    assert ":material" not in safe


def by_year(*values):
    return [{"year": year, "part": part, "value": value} for year, part, value in values]


def test_bars_by_year_are_told_in_one_sentence():
    rows = by_year((2026, "Idle accelerators", 100.0), (2026, "Host", 110.0), (2035, "Idle accelerators", 340.0))
    rows += by_year((2035, "Host", 200.0))
    told = words.by_year_summary(rows, T).replace(NB, " ")
    assert told == "From 210 t in 2026 to 540 t in 2035; the largest part in 2035 is idle accelerators (63 %)."


def test_a_single_year_is_not_told_as_a_run():
    told = words.by_year_summary(by_year((2026, "Host", 110.0)), T).replace(NB, " ")
    assert told == "110 t in 2026; the largest part in 2026 is host (100 %)."
    assert "is Host (100 %)" in words.by_year_summary(by_year((2026, "Host", 110.0)), T, as_typed=True).replace(NB, " ")


def test_lines_tell_where_they_start_and_end():
    rows = [{"year": year, "line": "a", "value": value} for year, value in ((2035, 110.0), (2026, 55.0))]
    told = words.lines_summary(rows, {"a": "This plan", "b": "Absent"}, T).replace(NB, " ")
    assert told == "This plan goes from 55 t in 2026 to 110 t in 2035."


def test_summaries_of_nothing_say_so():
    told = [words.by_year_summary([], T), words.lines_summary([], {}, T), words.ladder_summary([])]
    assert told == ["No years to show.", "No years to show.", "No steps to show."]


def test_words_load_without_pandas_and_altair():
    code = "import sys, core.words; sys.exit('pandas' in sys.modules or 'altair' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
