"""Points over a plan's uncertain inputs: scrambled Sobol points, and what they are as scores of the standard normal."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

MOST_IN_BLOCK = 2048  # draws worked out at a time: their columns fit a processor's cache
HALF_STEP = 2.0**-33  # of the points' grid: no point lies at the end of the range, where a score is infinite

Shares = npt.NDArray[np.float64]
Scores = npt.NDArray[np.float64]


def sobol_shares(seed: int, factors: int, points: int) -> Shares:
    """Scrambled Sobol points, (points, factors), each coordinate inside (0, 1); the seed decides every digit.

    Powers of two fill the space evenly; another number takes the first of the next power's points.
    """
    from scipy.stats import qmc  # a third of a second to load: only who draws points waits for it

    if not factors:
        return np.empty((points, 0))
    power = max(points - 1, 1).bit_length()
    found = qmc.Sobol(factors, scramble=True, bits=32, rng=np.random.default_rng(seed)).random_base2(power)
    return np.asarray(found[:points]) + HALF_STEP


def scores_of(shares: Shares) -> Scores:
    """Standard normal scores of shares of probability: the inverse of its distribution function."""
    return np.asarray(ndtri(shares))
