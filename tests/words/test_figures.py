"""Figures, ranges and shares, sign by sign."""

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import words

T = words.mass_scale(74_000)
USD_M = words.money_scale(1_200_000)
NB, THIN, DASH, MINUS = "\u00a0", "\u202f", "\u2060–\u2060", "\u2212"

sizes = st.floats(min_value=0.001, max_value=1e15, allow_nan=False)
signs = st.sampled_from([1.0, -1.0])
anything = st.floats(allow_nan=True, allow_infinity=True)


def read_back(text: str) -> float:
    return float(text.replace(THIN, "").replace(MINUS, "-"))


@given(anything, st.integers(1, 6))
def test_a_figure_is_never_in_e_notation(value, digits):
    assert "e" not in words.figure(value, digits).replace("under", "").replace("above", "")


@given(sizes, signs, st.integers(1, 6))
def test_a_figure_read_back_is_the_value_within_its_digits(size, sign, digits):
    shown = read_back(words.figure(sign * size, digits))
    assert shown == pytest.approx(sign * size, rel=0.5 * 10.0 ** (1 - digits) + 1e-12)


@given(sizes, sizes, st.integers(2, 4))
def test_a_larger_value_never_shows_a_smaller_figure(one, other, digits):
    low, high = sorted((one, other))
    assert read_back(words.figure(low, digits)) <= read_back(words.figure(high, digits))


@given(sizes)
def test_a_negative_figure_is_the_positive_one_after_a_true_minus(size):
    assert words.figure(-size) == MINUS + words.figure(size)


@pytest.mark.parametrize("missing", [None, nan, inf, -inf])
def test_what_is_unknown_never_reads_zero(missing):
    texts = [words.figure(missing), words.quantity(missing, T), words.percent(missing), words.quantity(missing, USD_M)]
    assert texts == [words.UNKNOWN] * 4


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0, 2, "0"),
        (-0.0, 2, "0"),
        (1_234_567, 3, f"1{THIN}230{THIN}000"),
        (999.6, 3, f"1{THIN}000"),
        (0.9, 2, "0.90"),
        (0.00099, 2, "under 0.001"),
        (-0.00099, 2, f"above {MINUS}0.001"),
        (-4.2, 2, f"{MINUS}4.2"),
        (1e9, 3, f"1{THIN}000{THIN}000{THIN}000"),
    ],
)
def test_a_figure_reads(value, digits, text):
    assert words.figure(value, digits) == text


@pytest.mark.parametrize(
    ("scale", "label"),
    [
        (words.mass_scale(0.4), "g"),
        (words.mass_scale(999), "kg"),
        (words.mass_scale(1_000), "t"),
        (words.energy_scale(0.2), "Wh"),
        (words.energy_scale(12), "kWh"),
        (words.energy_scale(240_000), "MWh"),
        (words.energy_scale(2_400_000), "GWh"),
        (words.volume_scale(12), "l"),
        (words.volume_scale(1_200), "m³"),
        (words.money_scale(12), "$"),
        (words.money_scale(62_000), "$k"),
        (words.money_scale(1_200_000), "$m"),
        (words.money_scale(3e9), "$bn"),
        (words.mass_scale(nan), "g"),
    ],
)
def test_the_largest_value_chooses_the_unit_of_the_page(scale, label):
    assert scale.label == label


@given(st.floats(min_value=1, max_value=1e9))
def test_a_page_shows_its_largest_mass_as_at_least_one_unit(kg):
    assert kg / words.mass_scale(kg).divisor >= 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (words.quantity(62_000, words.money_scale(62_000), 2), "$62k"),
        (words.quantity(-900_000, USD_M, 2), f"{MINUS}$0.90{NB}m"),
        (words.quantity(0.2, USD_M), f"under $0.001{NB}m"),
        (words.quantity(410_000, words.volume_scale(410_000), 2), f"410{NB}m³"),
        (words.quantity(0, T), f"0{NB}t"),
    ],
)
def test_a_quantity_carries_its_unit(text, expected):
    assert text == expected


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ((74_000, 41_000, 150_000), (f"74{NB}t", f"41{DASH}150")),
        ((100_000, 95_000, 105_000), (f"100{NB}t", f"95.0{DASH}105")),
        ((3_000, -5_000, 12_000), (f"3.0{NB}t", f"{MINUS}5.0{NB}to{NB}12")),
        ((100, 0.4, 900), (f"0.10{NB}t", f"under{NB}0.001{NB}to{NB}0.90")),
        ((74_000, 74_000, 74_000), (f"74.0{NB}t", "")),
        ((74_000, 74_000.1, 74_000.2), (f"74.0{NB}t", f"within{NB}rounding")),
        ((nan, nan, nan), ("unknown", "unknown")),
        ((0, 0, 5_000), (f"0{NB}t", f"0{DASH}5.0")),
    ],
)
def test_a_wide_range_leaves_two_digits_and_a_narrow_one_three(ends, expected):
    assert words.with_range(*ends, T) == expected


@given(sizes, sizes, sizes)
def test_the_middle_shown_lies_within_the_range_shown(one, two, three):
    low, mid, high = sorted((one, two, three))
    digits = words.digits_for(mid, low, high)
    shown = [read_back(words.figure(value, digits)) for value in (low, mid, high)]
    assert shown == sorted(shown)


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0"),
        (0.0004, "under 0.1"),
        (-0.0004, f"above {MINUS}0.1"),
        (0.056, "5.6"),
        (0.18, "18"),
        (0.9996, "over 99"),
        (1, "100"),
        (12.345, f"1{THIN}234"),
        (-0.042, f"{MINUS}4.2"),
        (-0.9996, f"{MINUS}99.9"),
    ],
)
def test_a_share_reads_in_per_cent(share, text):
    assert words.percent(share) == f"{text}{NB}%"


@given(st.floats(min_value=1e-9, max_value=1 - 1e-9))
def test_a_share_between_none_and_all_never_reads_as_either(share):
    assert words.percent(share) not in (f"0{NB}%", f"100{NB}%")


def test_signs_stand_before_differences():
    shown = [
        words.signed_figure(22, 2),
        words.signed_figure(-34, 2),
        words.signed_percent(0.14),
        words.signed_figure(0),
    ]
    assert shown == ["+22", f"{MINUS}34", f"+14{NB}%", "0"]


def test_counts_agree_with_their_nouns():
    shown = [words.count(1, "accelerator"), words.count(8, "accelerator"), words.count(0.5, "server")]
    assert shown == [f"1{NB}accelerator", f"8{NB}accelerators", f"0.500{NB}servers"]
