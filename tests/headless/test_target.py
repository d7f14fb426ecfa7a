"""`python -m core target`: 76 worked cases, codes included, and one sentence for each cell that cannot be read.

`tests/golden/target_cases.csv` was worked out apart from this code, on 2026-11-22: `provenance` and
`source_or_derivation` say for each case whether it is an official example, a published rate or derived by hand.
"""

import csv
import io
from pathlib import Path

import pytest

from core.__main__ import main
from core.catalog.targets import facts
from core.headless import target
from core.headless.target_cells import KEYS
from core.units import KG_PER_T

GOLDEN = Path(__file__).parents[1] / "golden" / "target_cases.csv"
CASES = list(csv.DictReader(io.StringIO(GOLDEN.read_text(encoding="utf-8"))))
FIGURES = target.ADDED[:3]
USUAL = {
    "id": "A", "kind": "target", "method": "aca_dlarr_v131", "standard": "CNZS V1.3.1 / NT V5.3.1", "scope": "1",
    "base_year": "2025", "base_emissions_t": "1000", "most_recent_year": "2025", "mry_emissions_t": "1000",
    "target_year": "2031", "submission": "2026H2",
}  # fmt: skip


@pytest.fixture
def ask(tmp_path):
    """Answer rows: exit status and rows."""

    def answer(*cases):
        names = list(dict.fromkeys(name for case in cases for name in case))
        source, out = tmp_path / "cases.csv", tmp_path / "out.csv"
        out.unlink(missing_ok=True)
        with source.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(cases)
        status = main(["target", str(source), "-o", str(out)])
        return status, list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8")))) if out.exists() else None

    return answer


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_worked_case_comes_out_codes_included(case):
    found = target.outcome_of(facts(), {name: case[name] for name in target.ASKED})
    tonnes = None if found.target_kg is None else found.target_kg / KG_PER_T
    figures = (tonnes if found.ratio is None else found.ratio, found.reduction_pct, found.rate_pct)
    for name, figure in zip(FIGURES, figures, strict=True):
        expected = case[f"expected_{name}"]
        assert (figure is None) == (expected == ""), name
        assert figure is None or figure == pytest.approx(float(expected), rel=1e-6, abs=1e-6), name
    assert (found.valid, ";".join(found.codes)) == (case["valid"], case["codes"])


def test_the_file_is_answered_as_it_stands_and_with_the_asked_columns_alone(ask):
    asked = [{name: case[name] for name in target.ASKED} for case in CASES]
    (status, whole), (again, alone) = ask(*CASES), ask(*asked)
    assert status == again == 1
    columns = (*target.ADDED, *target.SAID, "error")
    assert [[row[name] for name in columns] for row in whole] == [[row[name] for name in columns] for row in alone]
    assert list(alone[0]) == [*target.ASKED, *columns]
    assert {row["id"] for row in whole if row["error"]} == {case["id"] for case in CASES if case["valid"] == "error"}
    assert [row["codes"] for row in whole] == [case["codes"] for case in CASES]
    assert float(whole[-1]["cumulative_overshoot_t"]) == pytest.approx(882.0)


def test_a_refused_case_is_answered_without_figures_and_says_why(ask):
    status, (row,) = ask(USUAL | {"base_year": "2014"})
    assert (status, row["error"], row["valid"], row["codes"]) == (0, "", "false", "BASE_YEAR_BEFORE_2015")
    assert [row[name] for name in FIGURES] == ["", "", ""]
    assert row["findings"] == "base_year is 2014; it must not be before 2015 (criterion C13)"


BROKEN = [
    (
        {"method": "geva_7pct", "standard": "CNZS V2.0"},
        "standard is CNZS V2.0; geva_7pct is a method of V1.3.1 / V5.3.1 and is not computed for it",
    ),
    (
        {"kind": "gate", "method": "combined_s12"},
        "standard is 'CNZS V1.3.1 / NT V5.3.1'; combined_s12 is a rule of CNZS V2.0 alone",
    ),
    ({"base_emissions_t": "much"}, "base_emissions_t is 'much'; it must be a number [t]"),
    ({"base_emissions_t": "-5"}, "base_emissions_t is -5; it must not be below 0 t"),
    ({"base_emissions_t": "inf"}, "base_emissions_t is 'inf'; it must be a number [t]"),
    ({"base_emissions_t": ""}, "base_emissions_t is blank; it must be a number"),
    ({"base_year": "25"}, "base_year is 25; it must be a year, 1990 to 2100"),
    ({"target_year": "2030.5"}, "target_year is 2030.5; it must be a year, 1990 to 2100"),
    ({"target_year": "2025"}, "target_year is 2025; it must be after the base year, 2025"),
    (
        {"mry_emissions_t": ""},
        "most_recent_year and mry_emissions_t are needed: the rate starts from the newest inventory",
    ),
    ({"scope": "1+2"}, "s1_share_mry is blank; scopes 1 and 2 together are blended by it"),
    ({"scope": "1+2", "s1_share_mry": "1.4"}, "s1_share_mry is 1.4; it must lie in [0, 1]"),
    ({"scope": "1+2", "s1_share_mry": "-0.1"}, "s1_share_mry is -0.1; it must lie in [0, 1]"),
    (
        {"method": "geva_7pct", "scope": "3", "other_inputs": "activity_growth_pct=-101"},
        "activity_growth_pct is -101; it must not be below -100 %",
    ),
    (
        {"scope": "1+2", "s1_share_mry": "0.5", "other_inputs": "mry_s1=1;mry_s2=3"},
        "s1_share_mry is 0.5; mry_s1 and mry_s2 make it 0.2500",
    ),
    ({"scope": "3"}, "scope is 3; it must say its ambition, 3 (1.5C) or 3 (WB2C)"),
    ({"scope": "7"}, "scope is '7'; it must be 1, 2, 1+2, 3, 3 (1.5C) or 3 (WB2C)"),
    ({"submission": "2026"}, "submission is '2026'; it must be a year and its half, as 2026H2"),
    ({"scope2_basis": "moon"}, "scope2_basis is 'moon'; it must be location, market or 'either, held constant'"),
    ({"kind": "gate"}, "kind is 'gate'; with aca_dlarr_v131 it must be target"),
    (
        {"method": "geva_7pct", "scope": "3"},
        "activity_growth_pct is blank; the tonnes that an intensity lets through need it",
    ),
    ({"other_inputs": "credits=1;credits=2"}, "other_inputs has credits twice"),
    (
        {"kind": "gate", "method": "scope3_coverage_near", "other_inputs": "coverage=101"},
        "coverage is 101; it must not be above 100 %",
    ),
    (
        {"kind": "gate", "method": "lce_only_target", "standard": "", "other_inputs": "growth=30;category=C"},
        "category is 'C'; it must be A or B",
    ),
    (
        {"kind": "gate", "method": "target_window", "submission": ""},
        "submission is blank; it must be a year and its half, as 2026H2",
    ),
    (
        {
            "kind": "budget",
            "method": "cumulative_overshoot",
            "other_inputs": "rate_pct=4;emissions_t=1;first_year=2030;last_year=2026",
        },
        "last_year is 2026; it must not be before the first year, 2030",
    ),
]


def test_a_row_that_cannot_be_read_gets_its_sentence_and_the_others_go_on(ask):
    status, rows = ask(*(USUAL | changes for changes, _ in BROKEN), USUAL)
    assert status == 1
    assert [row["error"] for row in rows] == [*(sentence for _, sentence in BROKEN), ""]
    assert float(rows[-1]["annual_linear_rate_pct"]) == pytest.approx(4.2)
    assert all(row[name] == "" for row in rows[:-1] for name in target.ADDED)


def test_a_complaint_names_a_column_or_key_of_the_users_own(ask):
    own = {*target.ASKED, *KEYS}
    for number in ("1e9", "-1e9", "0", "x"):
        for name in ("base_emissions_t", "mry_emissions_t", "s1_share_mry", "net_zero_year", "target_year"):
            _, (row,) = ask(USUAL | {"scope": "1+2", "s1_share_mry": "0.5"} | {name: number})
            assert row["error"] == "" or row["error"].split(" ")[0] in own, row["error"]


@pytest.mark.parametrize("cells", [{"method": "magic"}, {"other_inputs": "base=1"}])
def test_an_unknown_method_or_input_is_answered_with_those_known(ask, cells):
    status, (row,) = ask(USUAL | cells)
    assert status == 1
    assert "aca_dlarr_v131" in row["error"] or "key=value" in row["error"]


def test_an_unknown_column_ends_the_command_with_status_2(ask, capsys):
    assert ask(USUAL | {"mood": "good"}) == (2, None)
    assert "column 'mood' is not known" in capsys.readouterr().err


# -- Codes that no worked case raises


@pytest.mark.parametrize(
    ("cells", "code", "valid"),
    [
        ({"credits": "credits=30"}, "OFFSETS_NOT_COUNTED", "false"),
        ({"avoided": "avoided=30"}, "AVOIDED_NOT_COUNTED", "false"),
        ({"basis": "tracking_basis=location", "scope2_basis": "market"}, "SCOPE2_BASIS_MIXED", "false"),
    ],
)
def test_a_netted_or_mixed_inventory_is_refused(ask, cells, code, valid):
    other = next(value for name, value in cells.items() if name != "scope2_basis")
    status, (row,) = ask(USUAL | {"scope": "2", "other_inputs": other, "scope2_basis": cells.get("scope2_basis", "")})
    assert (status, row["codes"], row["valid"], row["target_emissions_t"]) == (0, code, valid, "")


@pytest.mark.parametrize(
    ("method", "cells", "code", "valid"),
    [
        ("exclusions_s12", {"standard": "CNZS V2.0", "other_inputs": "excluded=1"}, "V2_NO_EXCLUSIONS", "false"),
        ("base_year", {"standard": "CNZS V2.0", "base_year": "2024"}, "V2_BASE_YEAR_NOT_MOST_RECENT", "false"),
        ("long_term", {"target_year": "2051", "other_inputs": "reduction=95"}, "LT_YEAR_AFTER_2050", "false"),
        ("mry_age", {"most_recent_year": "2023"}, "MRY_TOO_OLD", "false"),
        ("inputs", {"base_year": "2026", "scope": ""}, "MRY_BEFORE_BASE_YEAR", "error"),
        ("scope3_materiality", {"other_inputs": "s12=700;s3=300"}, "SCOPE3_TARGET_NOT_REQUIRED", "true"),
        (
            "scope3_materiality",
            {"standard": "CNZS V2.0", "other_inputs": "category=A"},
            "SCOPE3_TARGET_REQUIRED",
            "true",
        ),
        (
            "lce_threshold",
            {"standard": "CNZS V2.0", "other_inputs": "kg_per_kwh=0.03;year=2035"},
            "NOT_LOW_CARBON",
            "false",
        ),
        ("recalculation", {"other_inputs": "change=-4.9"}, "", "no_recalc"),
        ("recalculation", {"other_inputs": "change=-5"}, "RECALC_REQUIRED", "recalc"),
        ("progress", {"other_inputs": "gross=100;target=110;avoided=5"}, "AVOIDED_NOT_COUNTED", "met"),
    ],
)
def test_a_gate_raises_its_code(ask, method, cells, code, valid):
    _, (row,) = ask(USUAL | {"kind": "gate", "method": method} | cells)
    assert (row["codes"], row["valid"]) == (code, valid)
