"""All arithmetic of the cases again from plain numbers written here, beside the page's figure and the printed one."""

from __future__ import annotations

from math import log2

import pytest

from core.cases import Case, load

CASES = {case.id: case for case in load()}
# Case -> the sum from plain numbers, low to high, in the unit shown; then the decimal place the printed figure has.
# None: what is printed is in another unit, is the article's mistake, or is not there at all.
AGAIN: dict[str, tuple[float, float, int | None]] = {
    "a0-01": (70 * 2, 70 * 2, 0),
    "a0-02": (
        (32 * (2 * 4096 * 5120 + 8 * 3 * 4096 * 14336) + 2 * 32000 * 4096) / 1e9,
        (32 * (2 * 4096 * 5120 + 8 * 3 * 4096 * 14336) + 2 * 32000 * 4096) / 1e9,
        0,
    ),
    "a0-03": (46.7 * 2, 46.7 * 2, -1),
    "a0-04": (100 * 2 / 8, 25, 0),
    "a0-05": (
        (32 * (2 * 4096 * 5120 + 2 * 3 * 4096 * 14336) + 2 * 32000 * 4096) / 1e9,
        (32 * (2 * 4096 * 5120 + 2 * 3 * 4096 * 14336) + 2 * 32000 * 4096) / 1e9,
        None,  # 12.9, which the article rounds down
    ),
    "a0-06": (0.2859 / 0.9568, 0.2859 / 0.9568, None),  # the lower of the two ends that are printed
    "a0-07": (4 / 3, 4 / 3, None),
    "a1-05": (1287 / 10.8, 1287 / 10.5, None),
    "a1-06": (3552 * 0.33 * 1.1, 3552 * 0.33 * 1.1, None),  # the power is known to two digits: 0.2 % above
    "a1-07": (1287 / 10.8, 1287 / 10.5, -1),
    "a1-08": (58100 / 1287, 58100 / 1287, None),
    "a1-09": ((370 + 460) * 0.7, 581, 0),
    "a1-10": (581 * 3.6e9 / 43.15e6 / 7 / 1000, 581 * 3.6e9 / 43.15e6 / 7 / 1000, None),
    "a1-11": (107 + 133, 240, 0),
    "a1-12": (240e3 / 641.2, 240e3 / 581, None),
    "a1-13": (1.5 * 6.5 * 8.76, 1.5 * 10.2 * 8.76, 0),
    "a1-15": (250 * 4 / 3 * 4 / 3600, 250 * 4 / 3 * 4 / 3600, 2),
    "a1-16": (650 / 13, 700 / 13, None),
    "a1-17": (20 * 200 * 0.4, 1600, 0),
    "a1-18": (100 * 54067.2 / (54067.2 + 1600), 100 * 54067.2 / 55667.2, None),
    "a1-19": (1500 * 0.4, 600, 0),
    "a2-01": (175 / 13, 175 / 13, None),
    "a2-04": (1.41578 * 12 * 1.58, 1.41578 * 12 * 1.58, 0),
    "a2-05": (11.793 / 0.027, 11.793 / 0.027, None),
    "a2-06": (1287 / 1.1 * 0.429, 1287 / 1.1 * 0.429, 0),
    "a2-07": (0.9 / 0.1, 9, None),
    "a3-02": (6 * 175 * 500 / 1000, 525, None),
    "a3-03": (16 * 111, 1776, 0),
    "a3-04": (6 * 70 * 2, 840, None),
    "a3-05": (1720.32 * 0.4, 1720.32 * 0.4, 0),
    "a3-06": (6 * 340 * 3.6, 6 * 340 * 3.6, None),
    "a3-08": (1 / 0.6, 1 / 0.6, None),
    "a3-09": (620 - 460, 1050 - 460, 0),
    "a3-11": (0.512821 * 6.5 * 8.76, 0.512821 * 6.5 * 8.76, None),  # 29.2: the paper rounds up
    "a3-12": (1.5 * 6.5 * 8.76, 1.5 * 6.5 * 8.76, 1),
    "a3-17": (100 * (1 + 0.125) / 2, 56.25, None),
    "a3-19": (140 * 0.45, 140 * 0.55, None),
    "a3-21": (140 / 4 / 2, 17.5, 1),
    "a3-22": (2 * 70, 140, None),
    "a3-24": (log2(3), log2(3), 2),
    "a3-25": (140 / 7.16, 140 / 7.16, None),
    "a3-26": (2977 / 334, 2977 / 334, 1),
    "a3-30": (100 * 54.19 / 55.23, 100 * 54.19 / 55.23, None),
    "a3-32": (736.6 / 20, 736.6 / 20, None),
}
CORRECTED: dict[str, tuple[float, float]] = {
    "a0-05": (8 * (1 - 0.75**8), 8 * (1 - 0.75**8)),
    "a0-07": (4 / 3, 4 / 3),
    "a1-08": (100 * 916 * 0.7 / 1287, 100 * 641.2 / 1287),
    "a1-09": ((370 + 460 + 86) * 0.7, 641.2),
    "a1-11": (240, 240),
    "a1-14": (0.37, 3.76),
    "a1-16": (13 / 23.8, 13 / 23.8),
    "a1-17": (1600 + 135168 * 0.4, 55667.2),
    "a2-04": (1.41578 * 12 * 1.58, 26.8432),
    "a2-06": (1287 * 0.429, 552.123),
    "a2-07": (0.6 / 0.4, 0.9 / 0.1),
    "a3-02": (6 * 175 * 300 / 1000, 315),
    "a3-07": (1.5, 1.5),
    "a3-08": (1.09, 1.54),
    "a3-11": (29.3e6 / (6.5 * 8.76), 29.3e6 / (6.5 * 8.76)),
    "a3-21": (70 * 4.25 / 8 / 2, 70 * 4.25 / 16),
    "a3-22": (70, 140),
    "a3-27": (1 / (1 - 0.554), 1 / (1 - 0.822)),
    "a3-29": (68.45 * 2 / 8 + 0.524 * 2, 18.1605),
    "a3-32": (6, 14),
    "a4-03": (0, 0),
}


def test_no_sum_is_left_out() -> None:
    assert {key for key, case in CASES.items() if case.checked} == AGAIN.keys()
    assert {key for key, case in CASES.items() if case.corrected} == CORRECTED.keys()


@pytest.mark.parametrize("key", AGAIN)
def test_what_is_added_up_again_agrees_with_plain_numbers(key: str) -> None:
    case = CASES[key]
    assert case.checked is not None
    assert case.checked.ends() == pytest.approx(AGAIN[key][:2], rel=1e-3)


@pytest.mark.parametrize("key", CORRECTED)
def test_what_is_corrected_agrees_with_plain_numbers(key: str) -> None:
    case = CASES[key]
    assert case.corrected is not None
    assert case.corrected.ends() == pytest.approx(CORRECTED[key], rel=1e-3)


@pytest.mark.parametrize("key", [key for key, (_, _, digits) in AGAIN.items() if digits is not None])
def test_the_printed_figure_is_the_sum_rounded(key: str) -> None:
    case, digits = CASES[key], AGAIN[key][2]
    assert case.printed is not None
    assert case.checked is not None
    assert case.printed.unit == case.checked.unit
    assert [round(end, digits) for end in case.checked.ends()] == list(case.printed.ends)


def test_gpt_3s_power_explains_its_energy_to_two_parts_in_a_thousand() -> None:
    case = CASES["a1-06"]
    assert case.checked is not None
    assert case.checked.ends()[0] == pytest.approx(1287, rel=2e-3)


def test_the_printed_operations_are_too_few_by_a_factor_of_almost_five() -> None:
    case = CASES["a3-22"]
    assert case.checked is not None
    assert case.printed is not None
    assert case.checked.ends()[1] / case.printed.ends[1] == pytest.approx(4.67, abs=0.01)


def published_hours(case: Case) -> dict[str, float]:
    """Model -> accelerator-hours that the utilisation of its workload stands for."""
    hours = {}
    for workload in case.workloads:
        params = {"llama3.2-1b": 1.24e9, "llama3.2-3b": 3.21e9}[workload.model]
        hours[workload.model] = 6 * params * workload.tokens_per_run_m * 1e6 / ((workload.mfu or 0) * 989e12) / 3600
    return hours


@pytest.mark.parametrize("key", ["a1-09", "a1-11"])
def test_the_runs_of_llama_3_2_open_with_the_published_hours(key: str) -> None:
    expected = {"llama3.2-1b": 370_000, "llama3.2-3b": 460_000}
    assert published_hours(CASES[key]) == pytest.approx(expected, rel=1e-4)
