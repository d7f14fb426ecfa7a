"""What the rows of many sets of levers take: energies, hours held, tokens; each row worked out once."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from core import engine
from core.engine import ActivityColumns, InferenceColumns, TrainingColumns
from core.levers import moved
from core.plan import Calibration, Workload
from core.results.calibrated import as_metered
from core.results.draws import Floats
from core.results.factored import Block, Factored, Flags, Rows, constant
from core.results.later import busy_share_after
from core.results.lever_columns import Moves
from core.results.lever_rows import Columns, LeverRows, shared
from core.results.memory import MOST_FULL_SHARE
from core.results.one import coefficients, metered
from core.results.restarts import carbon_share_of_hours, restarted
from core.results.under_levers import alone_s
from core.units import BYTES_PER_GB, H_PER_YEAR

THREADS = min(os.cpu_count() or 1, 4)
MOST_CELLS = 1 << 13  # of a block of rows, so that its columns stay near the processor
SERVING = ("energy_accelerator_kwh", "energy_idle_kwh", "energy_host_kwh", "held_h", "accelerators_installed",
           "request_time_s")  # fmt: skip
TRAINING = ("energy_accelerator_kwh", "energy_idle_kwh", "energy_host_kwh", "held_h")
FIRST = ("accelerators", "memory_weights_byte", "memory_cache_byte", "batch")
Values = dict[str, Floats]


@dataclass(frozen=True, slots=True)
class Activity:
    """Figures of each row by name, (rows, years, 1 + draws), and which rows leave no figure."""

    values: Values
    refused: Flags

    def columns(self) -> ActivityColumns:
        """What the footprint takes."""
        return ActivityColumns(*(self.values[name].reshape(-1) for name in ActivityColumns._fields))


def activity_of(moves: Moves, rows: LeverRows, calibration: Calibration | None) -> Activity:
    """The figures of the rows, by meter and hours where these act."""
    columns, shares, crowded = rows.columns, rows.of("share"), np.zeros(len(rows), dtype=bool)
    if moves.workload.kind == "inference":
        if moves.workload.busy_share is not None:
            columns = columns | {"busy_share": _busier(moves, rows)}
        values, crowded = _serve(moves, rows, shared(columns, shares))
    else:
        values = _train(moves, rows, shared(columns, shares))
    on_devices = rows.of("sold_share") >= 0
    said = metered(moves.catalog, moves.view, moves.workload, moves.draws, calibration) if calibration else None
    if said is not None and not said.reason:
        unknown = {"energy_accelerator_j_per_output_token": np.full_like(values["held_h"], np.nan)}
        found = as_metered(values | unknown, said)
        for name in (one for one in found if one in values):
            values[name] = np.where(on_devices[:, None, None], values[name], found[name])
    _at_hours(moves, rows, values)
    if moves.workload.kind != "inference":
        values["accelerators_installed"] = values["held_h"] / H_PER_YEAR
    values["accelerators_installed"][on_devices] = 0.0
    return Activity(values, crowded | (rows.of("refused") > 0))


def _in_blocks(columns: Columns, names: tuple[str, ...], count: int, fill: Callable[[slice, Block], None]) -> None:
    """Columns of all rows, (names, cells), some thousand cells at a time, on as many threads as there are processors.

    Each block fills rows of its own: threads share nothing that they write.
    """
    tables = [columns[name].values.reshape(len(columns[name].values), -1) for name in names]
    table, starts = np.concatenate(tables), np.cumsum([0, *map(len, tables)])
    where = np.array([columns[name].rows + start for name, start in zip(names, starts, strict=False)])
    step = max(MOST_CELLS // table.shape[1], 1)

    def block(first: int) -> None:
        part = slice(first, min(first + step, count))
        fill(part, table.take(where[:, part], axis=0).reshape(len(names), -1))

    if count <= step:
        block(0)
        return
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(block, range(0, count, step)))


def _serve(moves: Moves, rows: LeverRows, columns: Columns) -> tuple[Values, Flags]:
    """Figures of serving, and the rows for which memory does not suffice."""
    shape = (len(rows), *moves.shape)
    names = (*SERVING, *(("busy_h",) if rows.hours else ()))
    values = {
        name: np.empty(shape) for name in (*names, "input_tokens_year", "cached_tokens_year", "output_tokens_year")
    }
    first, nowhere = {name: np.empty(len(rows)) for name in FIRST}, np.empty(len(rows), dtype=bool)
    mine = (-1, *moves.shape)

    def fill(part: slice, block: Block) -> None:
        x = InferenceColumns(*block)
        found = engine.inference(x, coefficients())
        for name in names:
            values[name][part] = getattr(found, name).reshape(mine)
        read = x.requests * x.input_tokens
        values["input_tokens_year"][part] = read.reshape(mine)
        values["cached_tokens_year"][part] = (read * x.cached_share).reshape(mine)
        values["output_tokens_year"][part] = (x.requests * x.output_tokens).reshape(mine)
        for name in FIRST:
            first[name][part] = getattr(found, name).reshape(mine)[:, 0, 0]
        nowhere[part] = np.isnan(found.accelerators.reshape(mine)).any(axis=(1, 2))

    _in_blocks(columns, InferenceColumns._fields, len(rows), fill)
    return values, nowhere | _crowded(rows, first, rows.of("at_once") > 0)


def _crowded(rows: LeverRows, first: Values, at_once: Flags) -> Flags:
    """Where memory does not suffice, as `no_room` says it of one workload: central case of the first year."""
    held_gb = first["accelerators"] * rows.of("memory_gb")
    weights_gb, cache_gb = (first[f"memory_{what}_byte"] / BYTES_PER_GB for what in ("weights", "cache"))
    short = (rows.of("given") > 0) & (weights_gb + cache_gb / first["batch"] > held_gb)
    full = at_once & (weights_gb + cache_gb > MOST_FULL_SHARE * held_gb)
    return np.asarray(np.isnan(first["accelerators"]) | short | full)


def _train(moves: Moves, rows: LeverRows, columns: Columns) -> Values:
    """Figures of training, which answers nothing."""
    shape = (len(rows), *moves.shape)
    names = (*TRAINING, *(("used_h",) if rows.hours else ()))
    values = {name: np.empty(shape) for name in (*names, "input_tokens_year")}

    def fill(part: slice, block: Block) -> None:
        x = TrainingColumns(*block)
        found = engine.training(x, coefficients())
        for name in names:
            values[name][part] = getattr(found, name).reshape(-1, *moves.shape)
        values["input_tokens_year"][part] = (x.train_tokens * x.runs * x.overhead_factor).reshape(-1, *moves.shape)

    _in_blocks(columns, TrainingColumns._fields, len(rows), fill)
    nothing = np.zeros(shape)
    values |= dict.fromkeys(("cached_tokens_year", "output_tokens_year"), nothing)
    return values | {"request_time_s": np.full(shape, np.nan)}


def _busier(moves: Moves, rows: LeverRows) -> Factored:
    """What less or quicker work makes of a measured busy share in each row, as `figures_under` says it of one."""
    column, measured = rows.columns["busy_share"], rows.of("busy_share")
    before = alone_s(moves.view, moves.workload)
    if not before > 0:
        return column
    after, each, still = _alone_s(moves, rows), column.whole(), np.flatnonzero(~np.isnan(measured))
    busy = [busy_share_after(was, work) for was, work in zip(measured[still], after[still] / before, strict=True)]
    each[still] = moved("multiply", each[still], (busy / measured[still])[:, None, None])
    return Factored(each, np.arange(len(rows)))


def _alone_s(moves: Moves, rows: LeverRows) -> Floats:
    """Time of a year's answers, one at a time, in the first year in which any is asked, central case, (rows,) [s]."""
    after, shape = np.zeros(len(rows)), (len(moves.view.years()), 1)
    asked = rows.columns["requests"].values[:, :, 0] > 0
    years = np.where(asked.any(axis=1), asked.argmax(axis=1), -1)[rows.columns["requests"].rows]
    alone = rows.columns | {
        "busy_share": constant(0.0, len(rows), shape), "batch": constant(1.0, len(rows), shape),
    }  # fmt: skip
    for year in np.unique(years[years >= 0]):
        here = np.flatnonzero(years == year)
        cut = {n: Factored(one.values[:, year : year + 1, :1], one.rows[here]) for n, one in alone.items()}
        after[here] = _took_s(LeverRows(cut, {n: one.at(here) for n, one in rows.beside.items()}, [], [], here))
    return after


def _took_s(rows: LeverRows) -> Floats:
    """Time of a year's answers of rows of one year and case, (rows,) [s]; 0 where they have no figure."""
    first = {name: np.empty(len(rows)) for name in (*FIRST, "took")}

    def fill(part: slice, block: Block) -> None:
        x = InferenceColumns(*block)
        found = engine.inference(x, coefficients())
        first["took"][part] = x.requests * found.request_time_s
        for name in FIRST:
            first[name][part] = getattr(found, name)

    _in_blocks(rows.columns, InferenceColumns._fields, len(rows), fill)
    crowded = _crowded(rows, first, np.ones(len(rows), dtype=bool))
    return np.where((first["took"] > 0) & ~crowded & ~(rows.of("refused") > 0), first["took"], 0.0)


def _at_hours(moves: Moves, rows: LeverRows, values: Values) -> None:
    """Carbon of a kWh at the hours of each row's work over the yearly mean, and what restarts take."""
    values["hours_ratio"] = np.ones_like(values["held_h"])
    numbers = rows.of("hours") if rows.hours else np.empty(0)
    for number, workload in enumerate(rows.hours):
        here = np.flatnonzero(numbers == number)
        if workload.kind == "inference" and len(here):
            _of_fleets(moves, workload, here, values)
        for row in here if workload.kind != "inference" else ():
            one = {name: figure[row] for name, figure in values.items()}
            values["hours_ratio"][row] = carbon_share_of_hours(moves.catalog, workload, one)
            for name, figure in restarted(moves.catalog, workload, one).items():
                values[name][row] = figure


def _of_fleets(moves: Moves, workload: Workload, here: Rows, values: Values) -> None:
    """The same of fleets that answer, which restart nothing: all rows at once, as if they were draws."""
    names = ("energy_accelerator_kwh", "energy_idle_kwh", "energy_host_kwh", "busy_h", "held_h")
    years, draws = moves.shape
    beside = {name: values[name][here].transpose(1, 0, 2).reshape(years, -1) for name in names}
    ratio = np.asarray(carbon_share_of_hours(moves.catalog, workload, beside))
    values["hours_ratio"][here] = ratio.reshape(years, len(here), draws).transpose(1, 0, 2)
