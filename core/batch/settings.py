"""What rows have in common: a model on an accelerator as served, and an accelerator in a place, each worked out once.

Their columns are those of `core/headless/estimate.py`, so that a row of a block and a row alone come to the same.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from core.batch.numbers import Floats
from core.catalog import Catalog
from core.engine import FootprintColumns, InferenceColumns
from core.headless.estimate import DRAWS, YEAR, checked_case, place_fields, request_fields
from core.plan import Workload
from core.results.columns import stack
from core.results.drawing import Drawing

MOST_KEPT = 2_048  # settings of each kind; one with its draws takes 25 kB


class Served(NamedTuple):
    """A model on an accelerator, in a number format, by a software: none of the numbers of a row."""

    model: str
    hardware: str
    precision: str
    serving: str
    parallel: str


class Placed(NamedTuple):
    """An accelerator in a region."""

    hardware: str
    region: str


@dataclass(frozen=True, slots=True)
class Setting:
    """Every column of a setting for the central case and its draws, (columns, 1 + draws): one `slot` of a table."""

    workload: Workload
    columns: Floats
    slot: int = 0
    memory_gb: float = 0.0
    weights_gb: float = 0.0


class Settings:
    """The settings met so far, for all threads of a process; None for one that has no figures."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._lock = threading.Lock()
        self._served: dict[Served, Setting | None] = {}
        self._table = _room(MOST_KEPT)
        self._placed: dict[Placed, Setting | None] = {}

    def served(self, asked: Sequence[Served]) -> list[Setting | None]:
        """The columns of inference of each, all in one table."""
        with self._lock:
            if len(self._served) + len(asked) > len(self._table):
                self._served.clear()
                self._table = _room(max(MOST_KEPT, len(asked)))  # whoever still reads the old one keeps it
            return _kept(self._served, asked, self._serve)

    def placed(self, asked: Sequence[Placed]) -> list[Setting | None]:
        """The columns of the footprint of each."""
        with self._lock:
            if len(self._placed) + len(asked) > MOST_KEPT:
                self._placed.clear()
            return _kept(self._placed, asked, self._place)

    def _serve(self, asked: Served) -> Setting | None:
        workload = checked_case(self.catalog, asked._asdict())
        if isinstance(workload, str):
            return None
        fields = request_fields(self.catalog, workload, Drawing(YEAR, DRAWS))
        slot = len(self._served)
        self._table[slot] = stack(InferenceColumns, [fields], 1, DRAWS)
        hardware = self.catalog.hardware[workload.hardware]
        model, number_format = self.catalog.models[workload.model], self.catalog.precisions[workload.precision]
        return Setting(
            workload, self._table[slot], slot, hardware.memory_gb, model.params_total_b * number_format.weight_byte
        )

    def _place(self, asked: Placed) -> Setting | None:
        if asked.region in self.catalog.premises:  # a building of one's own has its say in both kinds of columns
            return None
        case = asked._asdict() | {"model": _ANY_MODEL, "precision": _ANYWHERE}
        workload = checked_case(self.catalog, case)
        if isinstance(workload, str):
            return None
        columns = np.stack(stack(FootprintColumns, [place_fields(self.catalog, workload)], 1, 0))
        return Setting(workload, columns)


_ANY_MODEL, _ANYWHERE = str(Workload.model_fields["model"].default), "int4"  # weights of 4 bits run anywhere


def _room(settings: int) -> Floats:
    """A table for so many settings; memory is taken as it fills."""
    return np.empty((settings, len(InferenceColumns._fields), 1 + DRAWS))


def _kept(
    kept: dict[Any, Setting | None], asked: Sequence[Any], work_out: Callable[[Any], Setting | None]
) -> list[Setting | None]:
    for one in asked:
        if one not in kept:
            kept[one] = work_out(one)
    return [kept[one] for one in asked]
