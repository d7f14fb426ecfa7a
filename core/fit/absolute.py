"""Least absolute deviations: the fit whose error is a median, so that one odd run does not turn it."""

from __future__ import annotations

import numpy as np

from core.results.draws import Floats

SOFT_LN = 0.025  # below this deviation the loss is a square: it makes the answer unique
ROUNDS = 200
CLOSE = 1e-9


def least_absolute(design: Floats, target: Floats, weights: Floats, prior_sd: Floats) -> Floats:
    """Coefficients of every fold, (folds, terms), by least squares that is weighted anew each round until it rests.

    `weights` are (folds, runs), 0 for a run left out; a term is drawn to 0 by its `prior_sd`, infinite for none.
    """
    pull = np.diag(SCALE_LN / prior_sd**2)
    squares = (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)
    sides = design * target[:, None]
    found, now = np.full((len(weights), design.shape[1]), np.inf), weights / SCALE_LN
    moving = np.arange(len(weights))
    for _ in range(ROUNDS):
        left = (now @ squares).reshape(-1, *pull.shape) + pull
        before, found[moving] = found[moving], np.linalg.solve(left, (now @ sides)[..., None])[..., 0]
        moving = moving[np.abs(found[moving] - before).max(axis=1) >= CLOSE]
        if not len(moving):
            break
        now = weights[moving] / np.hypot(target - found[moving] @ design.T, SOFT_LN)
    return found


SCALE_LN = 0.25  # the usual deviation, against which a prior weighs
