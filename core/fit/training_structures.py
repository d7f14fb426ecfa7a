"""Which terms the share of peak deserves: every structure by cross-validation, and the choice itself inside each fold.

A term that only one developer's runs carry (TPU, V100, distilled models) is no candidate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import log

import numpy as np

from core.engine.training import unfilled, used_h
from core.fit.absolute import least_absolute
from core.fit.training_runs import Run, developer_weights
from core.results.draws import Floats
from core.units import PARAMS_PER_B

COUNTINGS: dict[str, Callable[[Run], float]] = {
    "no attention": lambda run: run.parameters_flop,
    "attention halved": lambda run: (run.parameters_flop + run.flop) / 2.0,  # each token sees those before it alone
    "attention by dimensions": lambda run: run.dimensions_flop,
    "attention": lambda run: run.flop,
}
USUAL_PARAMS_B, USUAL_FLOP_PER_S, SOFTWARE_YEARS = 30.0, 312e12, 4.0
UNFILLED_SD = 0.3


@dataclass(frozen=True, slots=True)
class Structure:
    """Terms beside the constant, and how much of attention's arithmetic counts."""

    terms: tuple[str, ...]
    counting: str

    @property
    def size(self) -> int:
        """Number of coefficients."""
        return 1 + sum(len(TERMS[term]) for term in self.terms)

    @property
    def name(self) -> str:
        """Its words in the report."""
        return f"{' + '.join(('one share', *self.terms))}, {self.counting}"


@dataclass(frozen=True, slots=True)
class Scored:
    """A structure's ln(predicted / measured) hours on what was left out."""

    structure: Structure
    error_ln: Floats

    @property
    def mean(self) -> float:
        """Mean deviation [ln]."""
        return float(np.mean(np.abs(self.error_ln)))

    @property
    def doubt(self) -> float:
        """Standard error of that mean [ln]."""
        return float(np.std(np.abs(self.error_ln), ddof=1) / len(self.error_ln) ** 0.5)

    @property
    def median(self) -> float:
        """Median of |predicted / measured - 1|."""
        return float(np.median(np.abs(np.expm1(self.error_ln))))


def _unfilled(run: Run) -> float:
    return float(unfilled(run.params_active_b * PARAMS_PER_B, run.peak16_flop_per_s))


def _relative(run: Run) -> float:
    return log(run.params_active_b / USUAL_PARAMS_B) - log(run.peak16_flop_per_s / USUAL_FLOP_PER_S)


# Of each term, its columns: what it reads of a run, and how far from 0 its coefficient is expected.
TERMS: dict[str, tuple[tuple[Callable[[Run], float], float], ...]] = {
    "small on fast": ((_unfilled, UNFILLED_SD),),
    "size": ((lambda run: min(_relative(run), 0.0), 0.1), (lambda run: max(_relative(run), 0.0), 0.1)),
    "peak": ((lambda run: log(run.peak16_flop_per_s / USUAL_FLOP_PER_S), 0.5),),
    "software years": ((lambda run: min(max(run.years_since_release, 0.0), SOFTWARE_YEARS), 0.1),),
    "experts, 8 bit": ((lambda run: float(run.experts), 0.25), (lambda run: float(run.eight_bit), 0.25)),
}


CHOSEN = Structure(("small on fast",), "attention")


def structures() -> list[Structure]:
    """Every set of terms with every counting of attention, the fewest terms first."""
    sets = [terms for count in range(len(TERMS) + 1) for terms in combinations(TERMS, count)]
    return [Structure(terms, counting) for terms in sets for counting in COUNTINGS]


def columns(structure: Structure, runs: Sequence[Run]) -> tuple[Floats, Floats, Floats]:
    """Design, target and expected sizes of the coefficients."""
    found = [column for term in structure.terms for column in TERMS[term]]
    design = np.array([[1.0, *(read(run) for read, _ in found)] for run in runs])
    flop = [COUNTINGS[structure.counting](run) for run in runs]
    ideal_h = [float(used_h(done, run.peak16_flop_per_s, 1.0)) for run, done in zip(runs, flop, strict=True)]
    target = np.log(ideal_h) - np.log([run.said_h for run in runs])
    return design, target, np.array([np.inf, *(sd for _, sd in found)])


def _errors_ln(structure: Structure, runs: Sequence[Run], weights: Floats) -> Floats:
    """ln(predicted / measured) hours of every run, by each fold's weights of the runs, (folds, runs)."""
    design, target, sd = columns(structure, runs)
    return target - least_absolute(design, target, weights, sd) @ design.T


def scored(structure: Structure, runs: Sequence[Run], groups: Sequence[str]) -> Scored:
    """The structure on every group, each foretold by the others."""
    labels, place = np.unique(groups, return_inverse=True)
    kept = place != np.arange(len(labels))[:, None]
    errors_ln = _errors_ln(structure, runs, kept * developer_weights(runs))
    return Scored(structure, errors_ln[place, np.arange(len(runs))])


def chosen(found: Sequence[Scored]) -> Scored:
    """The fewest coefficients within one standard error of the least mean deviation; of equals, the least."""
    least = min(found, key=lambda one: one.mean)
    near = [one for one in found if one.mean <= least.mean + least.doubt]
    return min(near, key=lambda one: (one.structure.size, one.mean))


def nested(candidates: Sequence[Structure], runs: Sequence[Run], groups: Sequence[str]) -> Iterator[Scored]:
    """Of every group: the structure that the others choose by the same kind of hold-out, and its error there."""
    names = list(dict.fromkeys(groups))
    place = np.array([names.index(name) for name in groups])
    kept = place != np.arange(len(names))[:, None]
    weights = np.zeros((len(names), len(runs)))
    for label, inside in enumerate(kept):
        weights[label, inside] = developer_weights([run for run, one in zip(runs, inside, strict=True) if one])
    both = (weights[:, None] * kept).reshape(-1, len(runs))  # of every group left out, every second one left out too
    shape, own = (len(names), len(names), len(runs)), (place, np.arange(len(runs)))
    found = {one: _errors_ln(one, runs, both).reshape(shape)[:, *own] for one in candidates}
    for label, inside in enumerate(kept):
        pick = chosen([Scored(one, errors_ln[label, inside]) for one, errors_ln in found.items()]).structure
        yield Scored(pick, scored(pick, runs, groups).error_ln[~inside])
