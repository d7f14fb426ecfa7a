"""How likely sets are to meet the target in the years asked, at most, from the plan's joint draws.

Each workload is drawn once under each row that anybody asks about; a set adds up its rows draw by draw, so that a draw
is one world for all workloads. Hardware of one's own is not in it (see `space`): no set is likelier than this.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.decide.pathway import BOOKED
from core.decide.rows import rows_of, view_of
from core.decide.space import ROUNDING, Space
from core.decide.tables import CARBON, work_there
from core.results.draws import DRAWS
from core.results.lever_work import parts
from core.results.set_figures import set_figures

Floats = NDArray[np.float64]


class Chances:
    """Draws of workloads under the rows asked about so far; `drawn` counts them."""

    def __init__(self, space: Space, draws: int = DRAWS) -> None:
        self.space, self.draws, self.drawn = space, draws, 0
        self._rows: list[dict[int, Floats]] = [{} for _ in space.tables]
        self._work = [self._own_work(place) for place in range(len(space.found.levers))]

    def met_share(self, sets: list[int]) -> Floats:
        """The share of draws in which each set meets every line at once, in the year where it is least, (sets,).

        It is 0 where the central case does not meet.
        """
        rows = [self.space.rows.of(some) for some in sets]
        for workload in range(len(self.space.tables)):
            self._draw(workload, sorted({row[workload] for row in rows} - self._rows[workload].keys()))
        allowed_kg = self.space.pathway.allowed_kg[..., None] * (1.0 + ROUNDING)
        beside_kg = self.space.pathway.beside_kg[..., None]
        found = []
        for some, mine in zip(sets, rows, strict=True):
            kg = beside_kg + sum(self._rows[workload][row] for workload, row in enumerate(mine))
            for place, work_kg in enumerate(self._work):
                if work_kg is not None and some >> place & 1:
                    kg = kg + work_kg
            met = np.asarray((kg <= allowed_kg).all(axis=0))
            found.append(met[:, 1:].mean(axis=1).min() if met[:, 0].all() else 0.0)
        return np.array(found)

    def _draw(self, place: int, rows: list[int]) -> None:
        """The draws of one workload under some of its rows, (lines, years asked, draws) each."""
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
        self.drawn += bought.prepare(rows, self.draws) if bought else 0
        third = [line for line, name in enumerate(space.pathway.lines) if "3" in name.split("+")]
        for n, row in enumerate(rows if bought else ()):
            for when, year in enumerate(space.pathway.places):
                booked_kg[third, n, when] += bought.least_kg(row, year, self.draws) if bought else 0.0
        self._rows[place] |= {row: booked_kg[:, n] for n, row in enumerate(rows)}
        self.drawn += len(rows)

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
