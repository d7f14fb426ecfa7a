"""The file of cases is read strictly: a broken row is refused with file, line, column and reason."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from core import cases
from core import catalog as facts
from core.cases.formulas import FORMULAS
from core.cases.opened import ENTRIES, LEVERS, WORKLOADS
from core.cases.records import arguments
from core.cases.rows import FILE, base_of
from core.cases.shown import SHOWN
from core.catalog import CatalogError
from core.units import UNITLESS, UNITS

OF_ONE_UNIT = {"first", "second", "part", "whole", "value"}  # inputs of which any unit will do, the same for both


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the files that cases are read from."""
    for name in (FILE, WORKLOADS, LEVERS, ENTRIES, "validation/anchors.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(facts.FOLDER / name, tmp_path / name)
    return tmp_path


def spoil(folder: Path, key: str, file: str = FILE, **cells: str) -> int:
    """Overwrite cells of the first row with that key; its line."""
    with (folder / file).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    place = next(n for n, row in enumerate(rows) if key in (row.get("id"), row.get("case")))
    rows[place] |= cells
    with (folder / file).open("w", encoding="utf-8", newline="") as lines:
        out = csv.DictWriter(lines, list(rows[0]), lineterminator="\n")
        out.writeheader()
        out.writerows(rows)
    return place + 2


BROKEN = [
    ({"verdict": "fine"}, "verdict is 'fine': 'fine' is not a known verdict"),
    ({"verdict": ""}, "verdict is '': the cell is empty"),
    ({"source": "nobody"}, "source is 'nobody': 'nobody' is not a known source"),
    ({"source": ""}, "source is '': the cell is empty"),
    ({"status": "sure"}, "status is 'sure': 'sure' is not a known status"),
    ({"article": "art9"}, "article is 'art9': 'art9' is not a known source"),
    ({"found": ""}, "found is '': the cell is empty"),
    ({"carry": ""}, "carry is '': the verdict is wrong; it must say what to carry instead"),
    ({"verdict": "ok"}, "verdict is 'ok': a claim that must not be carried as written cannot be ok"),
    ({"printed": "many"}, "printed is 'many': not a number"),
    ({"printed_high": "1"},
     "printed_high is '1': smaller than the column before it (581): printed, printed_high must rise"),
    ({"printed_unit": "MW"}, "printed_unit is 'MW': 'MW' is not a known unit"),
    ({"formula": "magic"}, "formula is 'magic': 'magic' is not a known formula"),
    ({"formula": ""}, "inputs is 'used_h=830000; power_w=700; pue=1': formula is empty"),
    ({"formula_unit": "GB"}, "formula_unit is 'GB': is a unit of byte, not of kwh"),
    ({"inputs": "used_h=830000; power_w=700"},
     "inputs is 'used_h=830000; power_w=700': hours_kwh takes used_h, power_w, pue"),
    ({"inputs": "used_h=8e5; power_w=x; pue=1"}, "inputs is 'used_h=8e5; power_w=x; pue=1': 'x' is not a number"),
    ({"inputs": "700"}, "inputs is '700': '700' is not one name=value"),
    ({"figure": "guess"}, "figure is 'guess': 'guess' is not a known figure"),
    ({"figure": "model_weights_byte"}, "figure_unit is 'MWh': is a unit of kwh, not of byte"),
    ({"figure": "output_j_per_token", "figure_unit": "J a token"},
     "figure is 'output_j_per_token': needs 1 of cases/workloads.csv, has 2"),
    ({"figure": "levers_saved_share", "figure_unit": "%"},
     "figure is 'levers_saved_share': compares with and without levers; cases/levers.csv has none of the case"),
    ({"figure_through": "speed"}, "figure_through is 'speed': it is no input of the formula 'hours_kwh'"),
    ({"opens": "methods"}, "opens is 'methods': 'methods' is not a known page"),
    ({"opens": "what-if"},
     "opens is 'what-if': what-if is for cases with lines in cases/levers.csv, and for no other"),
    ({"opens": "estimate"},
     "opens is 'estimate': an estimate is one workload, without levers, entries of its own or years"),
    ({"years": "1"}, "years is '1': it must lie in [2, 10]; one year is a blank"),
    ({"shows": ""},
     "shows is '': there must be one where, and only where, cases/workloads.csv has workloads of the case"),
    ({"nothing": "none"}, "nothing is 'none': the cell must be empty: the case opens something"),
    ({"maps_to": "model:gpt-99"}, "maps_to is 'model:gpt-99': 'gpt-99' is not a model of the catalog"),
    ({"maps_to": "lever"},
     "maps_to is 'lever': 'lever' is not one of model, device, lever, estimate, plan, none with its name"),
    ({"anchor": "A99"}, "anchor is 'A99': 'A99' is not a known row of validation/anchors.csv"),
    ({"claim": "C13"}, "claim is 'C13': 'C13' is not a known claim"),
    ({"id": "a0-01"}, "id is 'a0-01': repeats the key of cases/cases.csv, line 2"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "reason"), BROKEN, ids=[next(iter(cells.values())) or "blank" for cells, _ in BROKEN]
)
def test_a_broken_row_is_refused_with_its_place_and_reason(folder: Path, cells: dict[str, str], reason: str) -> None:
    line = spoil(folder, "a1-09", **cells)
    with pytest.raises(CatalogError) as refused:
        cases.load(folder)
    assert str(refused.value) == f"{FILE}, line {line}: {reason}"


OPENED = [
    (WORKLOADS, "a1-06", {"pue": "0.5"}, "pue is '0.5': pue is 0.5; it must lie in [1, 3] kWh/kWh"),
    (WORKLOADS, "a1-06", {"case": "a7-77"}, "case is 'a7-77': not an id of cases/cases.csv"),
    (LEVERS, "a4-03", {"case": "a9-02"}, "case is 'a9-02': not a case of cases/workloads.csv"),
    (LEVERS, "a4-03", {"value": "2"},
     "id is 'unstructured_sparsity': value of 'Single weights removed' is 2; it must lie in [0, 0.9] share"),
    (LEVERS, "a4-03", {"workloads": "W2"}, "workloads is 'W2': the case has W1 and no other"),
    (LEVERS, "a4-03", {"id": "routing", "value": ""},
     "id is 'routing': choice of 'Easy requests to a smaller model' is blank; name the model to change to"),
    (ENTRIES, "a3-06", {"source": "nobody"}, "source is 'nobody': 'nobody' is not a known source"),
    (ENTRIES, "a3-06", {"record": "custom_site"}, "based_on is 'gpt3-175b': a custom_site has no such field"),
    (ENTRIES, "a3-06", {"params_total_b": ""},
     "id is 'own:palm-2': params_total_b of 'PaLM 2 as leaked' is blank; every model has a size: say all its weights, "
     "in billions"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "key", "cells", "reason"), OPENED, ids=[f"{row[0][6:-4]} {row[2]}" for row in OPENED])
def test_what_a_case_opens_is_read_as_strictly(
    folder: Path, file: str, key: str, cells: dict[str, str], reason: str
) -> None:
    line = spoil(folder, key, file, **cells)
    with pytest.raises(CatalogError) as refused:
        cases.load(folder)
    assert str(refused.value) == f"{file}, line {line}: {reason}"


def test_a_missing_claim_is_refused(folder: Path) -> None:
    spoil(folder, "a1-09", claim="")
    with pytest.raises(CatalogError, match=f"{FILE}: no row for claim C4"):
        cases.load(folder)


def test_a_missing_column_is_refused(folder: Path) -> None:
    text = (folder / FILE).read_text(encoding="utf-8").replace("verdict", "judgement", 1)
    (folder / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(
        CatalogError, match=f"{FILE}, line 1: column 'judgement' is not a known column; 'verdict' is missing"
    ):
        cases.load(folder)


@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_and_its_inputs_say_their_units(name: str) -> None:
    ends = UNITS.keys() | UNITLESS.keys()
    assert name == "quoted" or base_of(name) in {base for base, _ in SHOWN.values()}
    for argument in set(arguments(name)) - OF_ONE_UNIT:
        parts = argument.split("_")
        assert any("_".join(parts[start:]) in ends for start in range(len(parts))), argument


def test_every_case_has_a_verdict_a_source_and_something_to_say() -> None:
    for case in cases.load():
        assert case.verdict in cases.VERDICTS
        assert case.source
        assert case.item.endswith(".")
        assert case.found.endswith(".")
        assert bool(case.opens) == bool(case.shows) != bool(case.nothing)
        assert (case.shows or case.nothing).endswith(".")


def test_only_what_has_no_language_model_in_it_does_not_open() -> None:
    assert {case.title for case in cases.load() if not case.opens} == {"Image generators"}


def test_the_twelve_claims_are_all_there_and_none_may_be_repeated() -> None:
    found = {case.claim: case for case in cases.load() if case.claim}
    assert sorted(found, key=lambda claim: int(claim[1:])) == list(cases.CLAIMS)
    assert all(cases.VERDICTS[case.verdict] is False and case.carry for case in found.values())
    assert all(case.corrected for case in found.values())
