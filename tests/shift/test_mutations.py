"""Would the tests notice? Every kernel of shifting is broken on purpose, run as plain Python, and must disagree.

A mutant is the kernels' own text with one phrase changed, on a few fixed cases.
"""

import ast
import csv
import sys
import types
import warnings
from pathlib import Path

import numpy as np
import pytest

import core.shift
from tests import naive_shift
from tests.shift import test_fleets, test_places

FOLDER = Path(core.shift.__file__).parent
TEXTS = {name: (FOLDER / f"{name}.py").read_text(encoding="utf-8") for name in (
    "block", "pauses", "shared", "deferral", "place", "planned")}  # fmt: skip
with (Path(__file__).parent / "mutations.csv").open(encoding="utf-8", newline="") as file:
    MUTATIONS = list(csv.DictReader(file))
GENERATOR = np.random.default_rng(20260605)
SERIES = np.round(GENERATOR.lognormal(5, 0.6, (6, 30)), 1)
LONG = GENERATOR.lognormal(5, 0.4, 28 * 24 + 60)
MOST = 200_000  # steps of a loop that a mutant may take


def kernels(name):
    """Line span of each kernel of a file, by its name."""
    found = [node for node in ast.parse(TEXTS[name]).body if isinstance(node, ast.FunctionDef)]
    marked = [node for node in found if any(getattr(mark, "id", "") == "kernel" for mark in node.decorator_list)]
    return {
        node.name: (node.body[1].lineno - 1 if len(node.body) > 1 else node.lineno, node.end_lineno) for node in marked
    }


def plain(name, text):
    """A file's kernels as plain Python."""
    module = types.ModuleType(f"core.shift.{name}")  # dataclasses look their module up by name
    exec(
        compile(text.replace("from core.engine.jit import kernel", "kernel = lambda f: f"), name, "exec"),
        module.__dict__,
    )
    return module


def block_disagrees(found):
    for length in (3.0, 2.5):
        whole, part, window = 3 if length == 3.0 else 2, length % 1, 3 + 4
        for hours in SERIES:
            n = len(hours) - window + 1
            start, best, now, mean = np.empty(n, np.int64), np.empty(n), np.empty(n), np.empty(n)
            found.run_blocks(hours, whole, part, 4, start, best, now, mean)
            expected = list(zip(*naive_shift.blocks(hours, length, 4), strict=True))
            if not all(np.allclose(got, want) for got, want in zip((start, best, now, mean), expected, strict=True)):
                return True
    return False


def pauses_disagrees(found):
    for hours in SERIES[:3]:
        for whole, part in ((3, 0.0), (2, 0.5)):
            best = np.empty(len(hours) - 6)
            found.run_pauses(hours, np.argsort(hours, kind="stable"), whole, part, 7, best)
            if not np.allclose(best, naive_shift.pauses(hours, whole + part, 4)):
                return True
        for length, whole, part in ((3, 3, 0.0), (2.5, 2, 0.5)):
            best, more = np.empty(len(hours) - 6), np.empty(len(hours) - 6)
            found.run_restarts(hours, hours, False, 0, 1, whole, part, 4, 0.4, best, more)
            expected = naive_shift.restarts_planned(hours, hours, length, 4, 0.4)
            if not np.allclose(best, [cost for cost, _ in expected]):
                return True
            if not np.allclose(more, [0.4 * pauses for _, pauses in expected]):
                return True
    ahead = [naive_shift.foretold(LONG, release, 26, 1) for release in (24, 29)]
    out = np.empty(2)
    found.run_restarts(LONG, LONG, True, 24, 5, 2, 0.0, 24, 0.4, out, np.empty(2))
    expected = [
        naive_shift.restarts_planned([window], LONG[release : release + 26], 2, 24, 0.4)[0][0]
        for window, release in zip(ahead, (24, 29), strict=True)
    ]
    return not np.allclose(out, expected)


def shared_disagrees(found):
    for hours in SERIES[:3]:
        for length, whole, part, slack in ((3, 3, 0.0, 4), (2.5, 2, 0.5, 4), (2, 2, 0.0, 12), (0.5, 0, 0.5, 6)):
            best = np.empty(len(hours) - int(np.ceil(length)) - slack + 1)
            found.run_shared_restarts(hours, whole, part, slack, 0.4, best)
            if not np.allclose(best, naive_shift.restarts(hours, length, slack, 0.4)):
                return True
    return False


FLEETS = [test_fleets.case() for _ in range(150)]
FLEETS = [one for one in FLEETS if naive_shift.earliest(*one[1:])]
LEAST = naive_shift.deferrals(FLEETS)
WORK = GENERATOR.random(len(LONG))
DAILY = naive_shift.planned_daily(LONG, WORK, 9, 1)


def deferral_disagrees(found):
    stuck = found.run_deferral(np.ones((3, 1)), np.ones((3, 1)), np.full(3, 2.0), 1, np.zeros((3, 1)))
    if stuck != 2:
        return True
    for (intensity, capacity, work, delay), least in zip(FLEETS, LEAST, strict=True):
        load = np.zeros(intensity.shape)
        if found.run_deferral(intensity, capacity, work, delay, load) != -1:
            return True
        if not np.isclose((load * intensity).sum(), least) or not test_fleets.lawful(load, capacity, work, delay):
            return True
    load = np.zeros((len(LONG), 1))
    room = np.full((len(LONG), 1), 99.0)
    stopped = found.run_replanned(LONG[:, None], room, WORK, 9, 28 * 24, 24, load)
    return stopped != -1 or not np.allclose(load[:, 0], DAILY)


PLACES = [test_places.case(3) for _ in range(25)]
FULL = [test_places.full(home, allowed, share) for _, _, _, home, allowed, share in PLACES]
COSTS = [
    intensity[:, None, :] + share * (intensity[:, home, None] + intensity[:, None, :]) / 2
    for (intensity, _, _, home, _, _), (_, share) in zip(PLACES, FULL, strict=True)
]
CHEAPEST = [
    naive_shift.transports(cost, may, capacity, work)
    for (_, work, capacity, *_), (may, _), cost in zip(PLACES, FULL, COSTS, strict=True)
]


def place_disagrees(found):
    for (intensity, work, capacity, home, *_), (may, share), cost, least in zip(
        PLACES, FULL, COSTS, CHEAPEST, strict=True
    ):
        for hour in range(len(intensity)):
            one, flow = slice(hour, hour + 1), np.zeros((1, *may.shape))
            stuck = np.zeros(len(home), bool)
            stopped = found.run_places(intensity[one], capacity[one], work[one], home, may, share, flow, stuck)
            if (stopped < 0) != (least[hour] is not None):
                return True
            if stopped < 0 and not (
                np.isclose((flow[0] * cost[hour]).sum(), least[hour])
                and (flow[0].sum(axis=0) <= capacity[hour] + 1e-9).all()
                and np.allclose(flow[0].sum(axis=1), work[hour])
            ):
                return True
    return False


def planned_disagrees(found):
    for pausing in (False, True):
        for days in (1, 28):
            known, out = np.empty(len(LONG)), np.empty(60 - 30 + 1)
            found.run_profile(LONG, days, known)
            if not np.isclose(known[700], np.mean([LONG[700 - 24 * day] for day in range(days)])):
                return True
            run = found.run_planned_pauses if pausing else found.run_planned
            run(known, LONG, 28 * 24, 3, 0.5, 26, out)
            if not np.allclose(out, naive_shift.planned(LONG, 3.5, 26, pausing, days)):
                return True
        out = np.empty(len(LONG[:60]) - 7 + 1)
        found.run_scored(LONG[:60], LONG[::-1][:60].copy(), 3, 0.0, 4, pausing, out)
        starts = [release for release, *_ in naive_shift.blocks(LONG[:60], 3, 4)]
        cheap = [release + np.argsort(LONG[release : release + 7], kind="stable")[:3] for release in range(54)]
        ran = cheap if pausing else [np.arange(start, start + 3) for start in starts]
        if not np.allclose(out, [LONG[::-1][hours].sum() for hours in ran]):
            return True
    return False


CHECKS = {name: globals()[f"{name}_disagrees"] for name in TEXTS}


def disagrees(name, text):
    """Whether a mutant gives something else, stops with an error, or does not stop."""
    steps = 0

    def counted(frame, event, argument):
        nonlocal steps
        steps += event == "line"
        if steps > MOST:
            raise ArithmeticError("it does not stop")
        return counted

    before = sys.gettrace()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            module = plain(name, text)
            if "while" in text:
                sys.settrace(lambda frame, event, argument: counted if frame.f_code.co_filename == name else None)
            return CHECKS[name](module)
    except (ArithmeticError, ValueError, IndexError):
        return True
    finally:
        sys.settrace(before)


@pytest.mark.parametrize("name", TEXTS)
def test_the_plain_kernels_agree_with_the_twins_while_nothing_is_broken(name):
    assert not CHECKS[name](plain(name, TEXTS[name]))


@pytest.mark.parametrize("name", TEXTS)
def test_every_kernel_is_broken_at_least_once(name):
    assert {row["function"] for row in MUTATIONS if row["file"] == name} == set(kernels(name))


@pytest.mark.parametrize("row", MUTATIONS, ids=lambda row: f"{row['function']}: {row['old']}")
def test_a_broken_kernel_is_noticed(row):
    first, last = kernels(row["file"])[row["function"]]
    lines = TEXTS[row["file"]].splitlines(keepends=True)
    body = "".join(lines[first:last])
    assert body.count(row["old"]) >= 1, f"{row['function']} does not hold {row['old']!r}"
    changed = "".join(lines[:first]) + body.replace(row["old"], row["new"], 1) + "".join(lines[last:])
    assert disagrees(row["file"], changed)
