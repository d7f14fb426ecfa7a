"""Least absolute deviations: the fit whose error is a median, so that one odd run does not turn it."""

from __future__ import annotations

import numpy as np

from core.results.draws import Floats

SCALE_LN = 0.25  # the usual deviation, against which a prior weighs
SOFT_LN = 0.025  # below this deviation the loss is a square: it makes the answer unique
ROUNDS = 200
CLOSE = 1e-9


def least_absolute(design: Floats, target: Floats, weights: Floats, prior_sd: Floats) -> Floats:
    """Coefficients of every fold, (folds, terms), from least squares on, each round a step until it rests.

    `weights` are (folds, runs), 0 for a run left out; a term is drawn to 0 by its `prior_sd`, infinite for none.
    Of two steps the one is taken that leaves less: least squares weighted anew, which never goes astray, or Newton's,
    which near the end needs a handful of rounds where the other needs a hundred.
    """
    pull = SCALE_LN / prior_sd**2
    squares = (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)

    def solved(shares: Floats, sides: Floats) -> Floats:
        left = (shares @ squares).reshape(-1, len(pull), len(pull)) + np.diag(pull)
        return np.linalg.solve(left, sides[..., None])[..., 0].astype(np.float64, copy=False)

    def loss(found: Floats, weights: Floats) -> Floats:
        off = np.hypot(target - found @ design.T, SOFT_LN)
        lost: Floats = (weights * off).sum(axis=1) + found**2 @ pull / 2.0
        return lost

    found = solved(weights / SCALE_LN, weights / SCALE_LN @ (design * target[:, None]))
    moving = np.arange(len(weights))
    for _ in range(ROUNDS):
        now, mine = found[moving], weights[moving]
        off = target - now @ design.T
        soft = np.hypot(off, SOFT_LN)
        slope = mine / soft * off @ design - now * pull
        slow, fast = (now + solved(shares, slope) for shares in (mine / soft, mine * SOFT_LN**2 / soft**3))
        found[moving] = np.where((loss(fast, mine) <= loss(slow, mine))[:, None], fast, slow)
        moving = moving[np.abs(found[moving] - now).max(axis=1) >= CLOSE]
        if not len(moving):
            break
    return found
