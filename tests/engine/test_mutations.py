"""Would the tests notice? Every kernel is broken on purpose, and its twin must disagree.

A mutant is the engine's own text with one phrase changed, run as plain Python (no compiler) on a fixed set of rows.
"""

import ast
import csv
import sys
import types
import warnings
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from core.engine import CalibrationColumns, InferenceColumns, TrainingColumns, coefficients, empty
from core.engine import columns as engine_columns
from tests import naive, naive_memory
from tests.engine.agreement import differences, row_of
from tests.engine.rows import (
    COEFFICIENTS,
    FIT,
    calibration_row,
    columns,
    fixed_rows,
    footprint_columns,
    footprint_row,
    inference_row,
    training_memory_row,
    training_row,
)

FOLDER = Path(engine_columns.__file__).parent
ORDER = (
    "step", "power", "room", "fleet", "terms", "pools", "inference", "training", "training_memory", "solar",
    "footprint", "purchases", "calibration",
)  # fmt: skip
SOURCES = {name: (FOLDER / f"{name}.py").read_text(encoding="utf-8") for name in ORDER}
MUTATIONS = list(csv.DictReader((Path(__file__).parent / "mutations.csv").open(encoding="utf-8", newline="")))
CHUNK = 10
FLEETS = (
    ([8] * 6, 4, 1),
    ([8] * 6, 3.4, -1),
    ([0, 2, 5, 3, 5, 6], 2.6, 0),
    ([0, 0, 0], 4, 0),
    ([1, 2, 9, 9, 1], 0.3, 7),
)


def kernels():
    """Module and line span of each kernel, by name."""
    found = {}
    for module, text in SOURCES.items():
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef) and any(getattr(d, "id", "") == "kernel" for d in node.decorator_list):
                found[node.name] = (module, node.lineno - 1, node.end_lineno)
    return found


KERNELS = kernels()


def mutated(function, old, new):
    """The engine's text with one phrase of one kernel changed, after its docstring."""
    module, first, last = KERNELS[function]
    lines = SOURCES[module].splitlines(keepends=True)
    body = "".join(lines[first:last])
    assert body.count(old) == 1, f"{function} holds {old!r} {body.count(old)} times; it must once"
    return SOURCES | {module: "".join(lines[:first]) + body.replace(old, new) + "".join(lines[last:])}


def plain_engine(sources):
    """The engine's modules as plain Python, under a name of their own."""
    stub = types.ModuleType("mutant.jit")
    stub.kernel = lambda function: function
    modules = {"jit": stub, "columns": engine_columns, "coefficients": coefficients}
    sys.modules |= {f"mutant.{name}": module for name, module in modules.items()}
    for name in ORDER:
        module = sys.modules[f"mutant.{name}"] = types.ModuleType(f"mutant.{name}")
        exec(compile(sources[name].replace("core.engine.", "mutant."), f"mutant/{name}.py", "exec"), module.__dict__)
        modules[name] = module
    for name in (*modules,):
        del sys.modules[f"mutant.{name}"]
    return modules


@lru_cache(maxsize=1)
def cases():
    """Rows of each kind with what the twins say of them, worked out once."""
    told = {
        "inference": [(row, naive.inference(row, FIT)) for row in fixed_rows(inference_row, 600)],
        "training": [(row, naive.training(row, FIT)) for row in fixed_rows(training_row)],
        "training_memory": [(row, naive_memory.training_memory(row)) for row in fixed_rows(training_memory_row, 60)],
        "footprint": [(row, naive.footprint(row)) for row in fixed_rows(footprint_row)],
        "calibration": [(row, naive.calibration(row)) for row in fixed_rows(calibration_row)],
    }
    return {kind: [(row, expected) for row, expected in rows if expected] for kind, rows in told.items()}


def run(modules, kind, rows):
    """The plain engine's results, filled into fresh columns."""
    if kind == "footprint":
        out = empty(engine_columns.FootprintResult, len(rows))
        modules[kind].run_footprint(*footprint_columns(rows), out)
        return out
    if kind == "training_memory":
        out = empty(engine_columns.TrainingMemoryResult, len(rows))
        modules[kind].run_training_memory(columns(engine_columns.TrainingMemoryColumns, rows), out)
        return out
    if kind == "calibration":
        out = empty(engine_columns.CalibrationResult, len(rows))
        modules[kind].run_calibration(columns(CalibrationColumns, rows), out)
        return out
    source, result, name = {
        "inference": (InferenceColumns, engine_columns.InferenceResult, "run_inference"),
        "training": (TrainingColumns, engine_columns.TrainingResult, "run_training"),
    }[kind]
    out = empty(result, len(rows))
    getattr(modules[kind], name)(columns(source, rows), COEFFICIENTS, out)
    return out


def first_disagreement(modules):
    """The first thing in which the plain engine differs from the twins; empty when nothing does."""
    for kind, told in cases().items():
        for start in range(0, len(told), CHUNK):
            chunk = told[start : start + CHUNK]
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", RuntimeWarning)
                    out = run(modules, kind, [row for row, _ in chunk])
            except (ArithmeticError, ValueError) as error:
                return f"{kind} stops: {error}"
            for i, (row, expected) in enumerate(chunk):
                if found := differences(row_of(out, i), expected, row):
                    return f"{kind} row {start + i}: {found[0]}"
    return purchases_disagree(modules)


def purchases_disagree(modules):
    """The first fleet whose purchases differ from the twin's; empty when none do."""
    for needed, life_years, age_years in FLEETS:
        out = np.empty((1, len(needed)))
        given = (np.array([column], dtype=float) for column in (life_years, age_years))
        modules["purchases"].run_purchases(np.array([needed], dtype=float), *given, out)
        if not np.allclose(out[0], naive.purchases(needed, life_years, age_years)):
            return f"purchases of {needed}, life {life_years}, age {age_years}: {out[0]}"
    return ""


def test_the_plain_engine_agrees_with_the_twins_while_nothing_is_broken():
    assert first_disagreement(plain_engine(SOURCES)) == ""


def test_every_kernel_is_broken_at_least_once():
    assert {mutation["function"] for mutation in MUTATIONS} == set(KERNELS)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: f"{m['function']}: {m['old']}")
def test_a_broken_kernel_is_noticed(mutation):
    assert first_disagreement(plain_engine(mutated(mutation["function"], mutation["old"], mutation["new"])))
