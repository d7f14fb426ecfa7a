"""Least absolute deviations: the fit whose error is a median, so that one odd run does not turn it."""

from __future__ import annotations

import numpy as np

from core.results.draws import Floats

SOFT_LN = 0.025  # below this deviation the loss is a square: it makes the answer unique
ROUNDS = 200
CLOSE = 1e-9


def least_absolute(design: Floats, target: Floats, weights: Floats, prior_sd: Floats) -> Floats:
    """Coefficients of every fold, (folds, terms), by least squares that is weighted anew each round.

    `weights` are (folds, runs), 0 for a run left out; a term is drawn to 0 by its `prior_sd`, infinite for none.
    """
    pull = np.diag(SCALE_LN / prior_sd**2)
    now, found = weights / SCALE_LN, np.full((len(weights), design.shape[1]), np.inf)
    for _ in range(ROUNDS):
        left = np.einsum("fn,np,nq->fpq", now, design, design, optimize=True) + pull
        before = found
        found = np.linalg.solve(left, np.einsum("fn,np,n->fp", now, design, target, optimize=True)[..., None])[..., 0]
        if np.abs(found - before).max() < CLOSE:
            break
        now = weights / np.hypot(target - found @ design.T, SOFT_LN)
    return found


SCALE_LN = 0.25  # the usual deviation, against which a prior weighs
