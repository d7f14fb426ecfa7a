"""How alike the settings of one group err: what a setting more of a pair already measured adds to what is known."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from core.results.draws import Floats

Names = npt.NDArray[np.str_]
OUTSIDE = 0.1  # of settings, beyond each end of an 80 % range


def correlation(values: Floats, groups: Names) -> float:
    """The intraclass correlation of values in groups, by the analysis of variance: 1 where a group is of one mind.

    >>> correlation(np.array([1.0, 1.0, 5.0, 5.0]), np.array(["a", "a", "b", "b"]))
    1.0
    """
    _, group, size = np.unique(groups, return_inverse=True, return_counts=True)
    if len(size) < 2 or len(size) == len(values):
        return 0.0
    means = np.bincount(group, values) / size
    between = float(np.sum(size * (means - values.mean()) ** 2)) / (len(size) - 1)
    within = float(np.sum((values - means[group]) ** 2)) / (len(values) - len(size))
    usual = (len(values) - float(np.sum(size**2)) / len(values)) / (len(size) - 1)
    whole = between + (usual - 1.0) * within
    return max((between - within) / whole, 0.0) if whole > 0 else 0.0


def alike(ln_error: Floats, groups: Names) -> float:
    """How alike the settings of a group fall beyond an end of the range, a number from 0 to 1.

    Of the share beyond an end, and not of the errors themselves: an end is a quantile, and a quantile is as sure as
    the share beyond it.
    """
    low, high = np.quantile(ln_error, (OUTSIDE, 1.0 - OUTSIDE))
    beyond = ((ln_error < low).astype(float), (ln_error > high).astype(float))
    return float(np.mean([correlation(here, groups) for here in beyond]))


def independent(groups: Names, share: float) -> float:
    """How many settings on their own say as much as these, whose groups err alike by a share (Kish's design effect).

    >>> independent(np.array(["a", "a", "a", "b"]), 0.0), independent(np.array(["a", "a", "a", "b"]), 1.0)
    (4.0, 2.0)
    """
    size = np.unique(groups, return_counts=True)[1]
    return float(np.sum(size / (1.0 + (size - 1.0) * share)))
