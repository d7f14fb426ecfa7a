"""Sums over the parts of many sets: the plain twin says the same, and notices each broken phrase."""

import types
from pathlib import Path

import numpy as np
import pytest

from core.engine import sets as engine_sets
from core.engine.sets import PartColumns, SetSums, Use
from tests import naive
from tests.engine.rows import columns, fixed_rows, footprint_columns, footprint_row

CELLS, PARTS, PLACES, SETS = 3, 16, 16, 24
TEXT = Path(engine_sets.__file__).read_text(encoding="utf-8")


def question():
    """Rows of parts and of places, what parts have beside, and uses of them by sets; two sets use nothing late."""
    rng, rows = np.random.default_rng(4), fixed_rows(footprint_row, (PARTS + PLACES) * CELLS, seed=3)
    beside = [
        {"hours_ratio": ratio, "request_time_s": time_s, "sold_share": sold}
        for ratio, time_s, sold in zip(
            rng.uniform(0.5, 1.0, PARTS * CELLS), rng.uniform(1.0, 9.0, PARTS * CELLS),
            np.repeat([-1.0, -1.0, 0.0, 0.25, -1.0, -1.0, -1.0, -1.0] * 2, CELLS), strict=True,
        )
    ]  # fmt: skip
    late = np.delete(np.arange(SETS), [1, 4])
    uses = [
        Use(np.arange(SETS), rng.integers(PARTS, size=SETS), rng.integers(PLACES, size=SETS), 0, 1, 1.0),
        Use(late, rng.integers(PARTS, size=len(late)), rng.integers(PLACES, size=len(late)), 1, CELLS, 0.3),
        Use(late, rng.integers(PARTS, size=len(late)), rng.integers(PLACES, size=len(late)), 1, CELLS, 0.7),
    ]
    return rows[: PARTS * CELLS], rows[PARTS * CELLS :], beside, uses


def told(parts, places, beside, uses):
    """Sums by set and cell, each part's own footprint in its place, added one by one."""
    found = {name: [[0.0] * CELLS for _ in range(SETS)] for name in SetSums._fields}
    for use in uses:
        for some, part, place in zip(use.sets, use.parts, use.places, strict=True):
            for cell in range(use.first, use.end):
                one, here = beside[part * CELLS + cell], places[place * CELLS + cell]
                energies = {name: parts[part * CELLS + cell][name] for name in engine_sets.ActivityColumns._fields}
                hours = {"intensity_location_g_per_kwh": here["intensity_location_g_per_kwh"] * one["hours_ratio"]}
                step = naive.footprint(here | energies | hours) | {"carbon_devices_sold_kg": 0.0}
                if one["sold_share"] >= 0:
                    sold_kg = step["carbon_location_kg"] * one["sold_share"]
                    energy = {"energy_facility_kwh": step["energy_facility_kwh"] * one["sold_share"]}
                    names = ("carbon_location_kg", "carbon_market_kg", "carbon_devices_sold_kg")
                    step = dict.fromkeys(step, 0.0) | dict.fromkeys(names, sold_kg) | energy
                step["request_time_s"] = use.share * one["request_time_s"]
                for name, rows in found.items():
                    rows[some][cell] += step[name]
    return found


QUESTION = question()
TOLD = told(*QUESTION)
STANDING = np.random.default_rng(5).uniform(0.0, 9.0, PARTS * CELLS)
DEVICES = np.random.default_rng(6).integers(2, size=PARTS)


def summed(module, asked=SetSums._fields):
    """What a module makes of the question, by name."""
    parts, places, beside, uses = QUESTION
    sums = SetSums(*(np.zeros((SETS if name in asked else 1, CELLS)) for name in SetSums._fields))
    activity, x = footprint_columns(parts)[0], footprint_columns(places)[1]
    module.set_sums(uses, CELLS, activity, columns(PartColumns, beside), x, sums)
    return sums._asdict()


def agrees(module):
    """Whether a module's sums and fleets are those of the plain loops."""
    with np.errstate(all="ignore"):
        sums = summed(module)
        needed, places, firsts = module.set_fleets(QUESTION[3], CELLS, STANDING, DEVICES, (SETS, 2))
    same = all(np.allclose(sums[name], TOLD[name], rtol=1e-9, equal_nan=True) for name in TOLD)
    wanted = np.zeros((SETS, 2, CELLS))
    first: dict[tuple[int, int], tuple[int, int]] = {}
    for use in QUESTION[3]:
        for some, part, place in zip(use.sets, use.parts, use.places, strict=True):
            first.setdefault((some, DEVICES[part]), (place, use.first))
            for cell in range(use.first, use.end):
                wanted[some, DEVICES[part], cell] += STANDING[part * CELLS + cell]
    came = all(first.get((s, d), (-1, 0)) == (places[s, d], firsts[s, d]) for s in range(SETS) for d in range(2))
    return same and came and np.allclose(needed, wanted)


def plain(old="", new=""):
    """The module as plain Python, with one phrase changed."""
    module = types.ModuleType("plain")
    text = TEXT.replace("from core.engine.jit import kernel", "kernel = lambda function: function")
    exec(compile(text.replace(old, new) if old else text, "sets.py", "exec"), module.__dict__)
    return module


def test_sums_and_fleets_are_those_of_the_plain_loops():
    assert agrees(engine_sets)
    assert agrees(plain())


def test_a_figure_that_nobody_asks_for_moves_no_other():
    alone, whole = summed(engine_sets, ("cost_usd",)), summed(engine_sets)
    assert alone["carbon_market_kg"].shape == (1, CELLS)
    np.testing.assert_array_equal(alone["cost_usd"], whole["cost_usd"])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("* beside.hours_ratio[i]", "* 1.0"),
        ("use.share * beside", "beside"),
        ("use.places[k] * cells", "use.parts[k] * cells"),
        ("facility_kwh - energy_onsite_kwh(facility_kwh, used[place])", "facility_kwh"),
        ("sums.carbon_devices_sold_kg[some * devices, cell] += location_kg * sold", "pass"),
        ("carbon_embodied_kg(worn, x.embodied_kg[place]) + panels_kg", "panels_kg"),
        ("a.input_tokens_year[i] - a.cached_tokens_year[i]", "a.input_tokens_year[i]"),
        ("generated[i] = own.generated_share", "generated[i] = own.used_share"),
        ("if places[some, device] < 0:", "if True:"),
        ("+= standing[first_of_part + cell]", "= standing[first_of_part + cell]"),
    ],
)
def test_a_broken_phrase_is_noticed(old, new):
    assert TEXT.count(old) == 1
    assert not agrees(plain(old, new))
