"""No formula and no figure without its row, unit, source and factors; what the code says is what the page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from core import cases, engine, results
from core import catalog as facts
from core.methods import code, told, trace
from core.methods.columns import columns, entries_of, factors_of
from core.methods.figures import SAME, figures, named
from core.methods.formulas import SECTIONS, Formula, formulas, gone, untold
from core.methods.naming import WHOLE, sign
from core.plan import Calibration
from core.plan.calibration import setting_of
from core.plan.example import example_plan
from core.results.factors import factors
from core.results.parts import CAUSES
from core.results.why import LADDER, SERVING, TRAINING
from core.results_table import COLUMNS
from core.units import UNITLESS, UNITS
from tests.each import for_each

SOURCES = facts.load().sources.keys()
RESULTS = (
    engine.InferenceResult,
    engine.TrainingResult,
    engine.TrainingMemoryResult,
    engine.ActivityColumns,
    engine.FootprintResult,
)
INPUTS = (
    engine.InferenceColumns,
    engine.TrainingColumns,
    engine.TrainingMemoryColumns,
    engine.CalibrationColumns,
    engine.FootprintColumns,
)
# Columns of the results file that are no figure: who, when and which.
IDENTITIES = {
    "scenario_id", "scenario_version", "workload_id", "year", "stage", "ghg_scope", "scope3_category", "case",
    "cost_currency", "sci_role", "sci_unit", "input_row_hash", "method_version", "data_version",
}  # fmt: skip


def test_every_formula_of_the_code_is_told() -> None:
    assert untold() == [], "give each a row in core/methods/formulas.csv"


def test_every_row_names_a_formula_of_the_code_once() -> None:
    assert gone() == []


@for_each("formula", formulas().values(), ids=lambda formula: formula.key)
def test_a_formula_has_a_title_an_equation_a_unit_and_a_known_source(formula: Formula) -> None:
    assert formula.title
    assert formula.equation
    assert formula.unit
    assert formula.section in SECTIONS
    assert formula.sources
    assert set(formula.sources) <= SOURCES


def test_every_kernel_is_found_by_its_mark() -> None:
    files = [file for room in ("engine", "shift", "targets", "decide") for file in (code.CORE / room).glob("*.py")]
    marked = sum(file.read_text(encoding="utf-8").count("\n@kernel") for file in files)
    assert sum(function.kernel for function in code.functions().values()) == marked


@for_each("name", sorted({name for kind in RESULTS for name in kind._fields}))
def test_every_result_of_the_engine_is_a_figure_with_formulas_and_factors(name: str) -> None:
    figure = figures()[name]
    assert figure.equation
    assert figure.unit_in_words
    assert figure.formulas()
    assert name in engine.ActivityColumns._fields or figure.trace().columns


@for_each("name", [name for name in COLUMNS if name not in IDENTITIES])
def test_every_figure_of_the_results_file_is_told(name: str) -> None:
    assert named(name) is not None


@for_each("name", [*(row[0] for row in (*SERVING, *TRAINING, *LADDER)), *CAUSES])
def test_every_figure_of_the_plan_page_is_told(name: str) -> None:
    assert named(name) is not None


def test_figures_name_only_figures_and_formulas_that_exist() -> None:
    assert {part for figure in figures().values() for part in figure.of} <= figures().keys()
    assert {key for figure in figures().values() for key in figure.trace().formulas} <= formulas().keys()
    assert set(SAME) <= set(COLUMNS)


def test_every_value_of_a_plans_results_is_a_figure() -> None:
    inventory = example_plan().but(hardware_view="purchase_year")
    names = {name for plan in (example_plan(), inventory) for name in results.of(plan).values}
    assert names - figures().keys() == set()


def test_every_formula_is_behind_a_figure() -> None:
    reached = {key for figure in figures().values() for key in figure.trace().formulas}
    assert formulas().keys() - reached == behind_cases()


def behind_cases() -> set[str]:
    """Keys of the formulas that checked cases use."""
    return {f"cases.{name}" for case in cases.load() for name in case.uses()}


def test_every_column_of_the_engine_is_told_once_and_no_other() -> None:
    told_of = [row["column"] for row in told.rows("columns.csv")]
    known = {name for kind in INPUTS for name in kind._fields} | set(engine.ActivityColumns._fields)
    assert len(told_of) == len(set(told_of))
    assert set(told_of) == known - {name for name in known if name.startswith("energy_") and name != "energy_z"}


def test_a_column_names_formulas_that_exist() -> None:
    assert {key for column in columns().values() for key in column.formulas} <= formulas().keys()


def test_every_factor_of_every_example_workload_fills_a_column() -> None:
    plan = example_plan().but(carbon_price_usd_per_t=100)
    more = plan.with_workload("W2", batch=4, contract_share="0.5", price_operations_usd_per_h=1, accelerators=8)
    found = {factor.name for p in (plan, more) for w in p.workloads for factor in factors(p, w)}
    assert [name for name in found if not any(column.filled_by(name) for column in columns().values())] == []


@pytest.mark.parametrize("name", ["carbon_location_kg", "cost_usd", "water_source_l", "energy_facility_kwh"])
@pytest.mark.parametrize("key", [w.id for w in example_plan().workloads])
def test_a_figure_of_a_workload_rests_on_some_of_its_factors(name: str, key: str) -> None:
    plan = example_plan()
    workload = plan.workload(key)
    assert workload is not None
    mine = factors_of(figures()[name].trace(workload.kind).columns, factors(plan, workload))
    assert mine
    assert all(source in {*SOURCES, "input", ""} for factor in mine for source in factor.source.split(";"))


def test_the_trace_finds_what_a_reader_of_the_kernel_would() -> None:
    place = trace.written()["carbon_location_kg"][0]
    assert place.kernel == "engine.run_footprint"
    called = ("energy_it_kwh", "energy_facility_kwh", "own_power", "energy_onsite_kwh", "carbon_location_kg")
    assert {f"engine.{name}" for name in called} == place.trace.direct
    assert {"pue", "intensity_location_g_per_kwh"} < place.trace.columns
    assert "wue_l_per_kwh" not in place.trace.columns
    assert "p_floor" in figures()["energy_idle_kwh"].trace().coefficients


def test_a_figure_of_a_metered_workload_leads_to_its_meter() -> None:
    plan = example_plan()
    workload = plan.workload("W2")
    assert workload is not None
    setting = setting_of(workload) | {"id": "W2", "metered_kwh": 3000.0, "served_requests": 200_000.0}
    days = {"first_day": "2026-03-01", "last_day": "2026-03-31", "source": "bill"}
    metered = plan.calibrating(Calibration(**setting, **days))
    energy = figures()["carbon_location_kg"].trace("inference")
    assert {"engine.run_calibration", "results.measured", "results.measurement_range"} <= energy.formulas
    mine = {factor.name: factor for factor in factors_of(energy.columns, factors(metered, workload))}
    assert mine["Energy, measured over estimated"].note.startswith("bill, 2026-03-01 to 2026-03-31")
    entries = {entry.label: entry.value for entry in entries_of(energy.columns, metered, workload)}
    assert entries["Metered energy"] == "3000"
    assert "Metered energy" not in {entry.label for entry in entries_of(energy.columns, plan, workload)}
    assert "Energy, measured over estimated" not in {f.name for f in factors(plan, workload)}


def test_training_does_not_show_what_only_serving_takes() -> None:
    energy = figures()["energy_accelerator_kwh"]
    assert "peak_to_mean" not in energy.trace("fine_tuning").columns
    assert "peak_to_mean" in energy.trace("inference").columns


def test_a_formula_that_nobody_told_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "engine").mkdir()
    (tmp_path / "results").mkdir()
    for told_too in code.FILES:
        (tmp_path / told_too).parent.mkdir(exist_ok=True)
        (tmp_path / told_too).write_text("", encoding="utf-8")
    text = '@kernel\ndef planted_kg(mass_kg: float) -> float:\n    """A planted mass [kg]."""\n    return mass_kg\n'
    (tmp_path / "engine" / "planted.py").write_text(text, encoding="utf-8")
    (tmp_path / "results" / "sum.py").write_text("def planted() -> Floats:\n    ...\n", encoding="utf-8")
    found = code.functions(tmp_path)
    assert [key for key, function in found.items() if function.formula] == ["engine.planted_kg", "results.planted"]


@for_each("unit", sorted(UNITS))
def test_every_unit_has_a_sign(unit: str) -> None:
    assert sign(unit) or unit in WHOLE


def test_a_pure_ratio_has_none() -> None:
    assert not [name for name in UNITLESS if sign(name)]
