"""How likely sets are to meet the target in the years asked, at most, from the plan's joint draws.

Each workload is drawn once under each row that anybody asks about; a set adds up its rows draw by draw, so that a draw
is one world for all workloads. Of hardware of one's own only what must be bought is in it (see `purchases`): no set is
likelier than this.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.decide.pathway import BOOKED
from core.decide.rows import rows_of, view_of
from core.decide.space import ROUNDING, Space
from core.decide.tables import CARBON, work_there
from core.engine.jit import kernel
from core.results.counted import Block
from core.results.lever_work import parts
from core.results.set_figures import set_figures

FIRST = 256  # draws; every block after it doubles what is drawn
MOST_DRAWN = 3_000  # rows of workloads, in one search
MOST_CELLS = 1 << 25  # of lines, years and draws in them: a quarter of a gigabyte
Floats = NDArray[np.float64]
Places = NDArray[np.int64]


@kernel
def run_met(
    sets: Places, places: Places, rows: Floats, works: Places, work_kg: Floats, allowed_kg: Floats, met_share: Floats
) -> None:
    """The share of draws in which each set meets every line in every year asked; 0 if the first does not.

    `places` are the rows of each set, (sets, workloads), among `rows`, (rows, lines, years, 1 + draws); `work_kg` is
    what the candidates of `works` take themselves, each (lines, years, 1 + draws); draw 0 is the central case.
    """
    lines, years, draws = rows.shape[1:]
    for one in range(sets.shape[0]):
        count = 0
        for draw in range(draws):
            met = True
            for year in range(years):
                for line in range(lines):
                    kg = 0.0
                    for workload in range(places.shape[1]):
                        kg += rows[places[one, workload], line, year, draw]
                    for work in range(works.shape[0]):
                        if sets[one] >> works[work] & 1:
                            kg += work_kg[work, line, year, draw]
                    met = met and kg <= allowed_kg[line, year]
                if not met:
                    break
            if draw == 0 and not met:
                break
            count += draw > 0 and met
        met_share[one] = count / max(draws - 1, 1)


class Chances:
    """How likely sets meet in all of a plan's draws, a block of them after another: most sets fail in the first."""

    def __init__(self, space: Space) -> None:
        self.draws = int(space.found.plan.points)
        ends = [0, *(FIRST << power for power in range(self.draws.bit_length()) if FIRST << power < self.draws)]
        self._blocks = [
            Drawn(space, Block(space.found.plan.seed, self.draws, first, last))
            for first, last in zip(ends, [*ends[1:], self.draws], strict=True)
        ]
        cells = space.pathway.allowed_kg.size * self.draws
        self.most_drawn = min(MOST_DRAWN, MOST_CELLS // cells)

    @property
    def drawn(self) -> float:
        """How many rows were drawn, those of a block as its part of all draws."""
        return sum(one.drawn * int(one.draws) for one in self._blocks) / self.draws

    def met_share(self, sets: Sequence[int], least: float = 0.0) -> Floats:
        """The share of draws in which each set meets every line in every year asked at once, (sets,).

        It is 0 where the central case does not meet. A set that can no longer reach `least` is drawn no further: its
        share is then what it would be at most.
        """
        met, alive, known = np.zeros(len(sets)), np.arange(len(sets)), 0
        some = np.array(sets, dtype=np.int64)
        missed = np.zeros(len(sets))
        for block in self._blocks if len(sets) else ():
            met[alive] += block.met_share(some[alive].tolist()) * int(block.draws)
            known += int(block.draws)
            missed[alive] = known - met[alive]
            alive = alive[self.draws - missed[alive] >= least * self.draws - ROUNDING]
            if not len(alive):
                break
        return np.asarray(1.0 - missed / self.draws)

    def over_share(self, sets: Sequence[int]) -> list[Floats]:
        """How far each set is over its lines at least, where it is most, as a share of them, (1 + draws,)."""
        first, *more = (block.over_share(sets) for block in self._blocks)
        return [np.concatenate([one, *(others[place][1:] for others in more)]) for place, one in enumerate(first)]


class Drawn:
    """Some draws of workloads under the rows asked about so far; `drawn` counts those."""

    def __init__(self, space: Space, draws: int) -> None:
        self.space, self.draws, self.drawn, self._held = space, draws, 0, 0
        self._stack = np.zeros((64, *space.pathway.allowed_kg.shape, 1 + draws))
        self._places = [np.full(table.fine.size, -1) for table in space.tables]
        work = {place: self._own_work(place) for place in range(len(space.found.levers))}
        self._works = np.array([place for place, kg in work.items() if kg is not None], dtype=np.int64)
        self._work_kg = np.array([kg for kg in work.values() if kg is not None]).reshape(-1, *self._stack.shape[1:])

    def met_share(self, sets: Sequence[int]) -> Floats:
        """The share of draws in which each set meets every line in every year asked at once, (sets,).

        It is 0 where the central case does not meet.
        """
        some, places = np.array(sets, dtype=np.int64), self._drawn(sets)
        allowed_kg = self.space.pathway.allowed_kg * (1.0 + ROUNDING) - self.space.pathway.beside_kg
        found = np.empty(len(some))
        run_met(some, places, self._stack, self._works, self._work_kg, allowed_kg, found)
        return found

    def over_share(self, sets: Sequence[int]) -> list[Floats]:
        """How far each set is over its lines at least, where it is most, as a share of them, (1 + draws,)."""
        pathway, found = self.space.pathway, []
        allowed_kg = np.maximum(pathway.allowed_kg, ROUNDING)[..., None]
        for one, places in zip(sets, self._drawn(sets), strict=True):
            kg = self._stack[places].sum(axis=0) + pathway.beside_kg[..., None]
            kg += self._work_kg[[bool(one >> int(work) & 1) for work in self._works]].sum(axis=0)
            found.append(np.asarray((kg / allowed_kg - 1.0).max(axis=(0, 1))))
        return found

    def _drawn(self, sets: Sequence[int]) -> Places:
        """Where the row of each workload under each set is, (sets, workloads); what is not there yet is drawn."""
        rows = self.space.rows.places(np.array(sets, dtype=np.int64))
        for workload, mine in enumerate(rows.T):
            asked = np.unique(mine)
            self._draw(workload, asked[self._places[workload][asked] < 0].tolist())
        return np.column_stack([held[mine] for held, mine in zip(self._places, rows.T, strict=True)])

    def _draw(self, place: int, rows: list[int]) -> None:
        """The draws of one workload under some of its rows, (lines, years asked, 1 + draws) each."""
        if not rows:
            return
        space, workload = self.space, self.space.tables[place].workload
        base = space.found.base
        levers, sets = rows_of(space.found, workload)
        calibration = base.calibration(workload.id)
        got = set_figures(
            view_of(base), workload, levers, sets[rows], (*CARBON, *BOOKED), self.draws, calibration
        ).values
        booked_kg = space.pathway.booked_kg(workload, got)
        bought = space.tables[place].bought
        self.drawn += len(rows) + (bought.prepare(rows, self.draws) if bought else 0)
        third = [line for line, name in enumerate(space.pathway.lines) if "3" in name.split("+")]
        for n, row in enumerate(rows if bought else ()):
            for when, year in enumerate(space.pathway.places):
                booked_kg[third, n, when] += bought.least_kg(row, year, self.draws) if bought else 0.0
        self._keep(place, rows, np.moveaxis(booked_kg, 0, 1))

    def _keep(self, place: int, rows: list[int], booked_kg: Floats) -> None:
        end = self._held + len(rows)
        if end > len(self._stack):
            more = np.zeros((max(end, 2 * len(self._stack)), *self._stack.shape[1:]))
            more[: self._held] = self._stack[: self._held]
            self._stack = more
        self._stack[self._held : end] = booked_kg
        self._places[place][rows] = np.arange(self._held, end)
        self._held = end

    def _own_work(self, place: int) -> Floats | None:
        """What a candidate takes itself on each line in each year asked, in every draw; None where it is nothing."""
        space, lever = self.space, self.space.found.levers[place]
        base = space.found.base
        first = (lever.start_year or 0) - base.first_year
        if not space.takes.booked_kg[:, place, first].any():
            return None
        share = parts(base.model_copy(update={"levers": (*base.levers, lever)})).get(lever.id, 0.0)
        total = np.zeros((*space.pathway.allowed_kg.shape, 1 + self.draws))
        for table in space.tables:
            if place not in table.mine:
                continue
            taken = work_there(space.found, view_of(base), table.workload, lever, share, self.draws)
            if taken:
                zero = np.zeros_like(taken["cost_usd"])
                values = {name: taken.get(name, zero)[None] for name in (*CARBON, *BOOKED)}
                total += space.pathway.booked_kg(table.workload, values)[:, 0]
        return total
