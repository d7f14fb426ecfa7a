"""Least squares of log errors over the engine itself: step time, power and energy of every measured setting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from scipy.optimize import least_squares

from core.catalog.measured import Measurement
from core.engine import Coefficients, InferenceColumns, InferenceResult, empty, run_inference
from core.engine.coefficients import InferenceCoefficients
from core.fit.columns import logs
from core.fit.guess import completed, fitted, guesses
from core.results.draws import Floats

# A pair counts as one observation of this error, however often it was measured: its settings err together.
PAIR_LN_SIGMA = 0.15
MOST_SHARE = 0.98  # a share reached of what is nominal ends here
STEPS = 200
INSIDE = 1e-6  # how far from a bound the search starts [ln]
QUANTITIES = ("step_time_s", "power_accelerator_w", "energy_accelerator_j_per_output_token")


def weights(rows: Sequence[Measurement]) -> Floats:
    """The weight of each row, (n,): the rows of a pair share one."""
    count = Counter(row.pair for row in rows)
    return np.array([1.0 / count[row.pair] for row in rows])


def with_values(base: Coefficients, ln_values: Floats, without: frozenset[str] = frozenset()) -> Coefficients:
    """The engine's coefficients with the fitted ones replaced, given as logarithms in the order of `fitted`."""
    values = {guess.name: guess.start for guess in guesses()}
    values |= {guess.name: float(np.exp(ln)) for guess, ln in zip(fitted(without), ln_values, strict=True)}
    values = completed(values, without)
    return base._replace(inference=InferenceCoefficients(**values, interval_ln_80=base.inference.interval_ln_80))


def predicted_ln(x: InferenceColumns, coefficients: Coefficients) -> Mapping[str, Floats]:
    """ln of what the engine says of each row, by the name of its result."""
    out = empty(InferenceResult, len(x.requests))
    run_inference(x, coefficients, out)
    return {name: np.log(getattr(out, name)) for name in QUANTITIES}


def residuals(
    x: InferenceColumns, measured: Mapping[str, Floats], weight: Floats, coefficients: Coefficients
) -> Floats:
    """Weighted log errors, one per row and quantity, the large ones held back."""
    predicted = predicted_ln(x, coefficients)
    return np.concatenate([np.sqrt(weight) * held_back(predicted[name] - measured[name]) for name in QUANTITIES])


def held_back(ln_error: Floats) -> Floats:
    """Errors in units of a pair's, whose squares grow with the logarithm only: half a dozen stalled hosts rule nothing.

    The square of what is returned is Cauchy's loss, ln(1 + error^2). Least squares would spoil a thousand good answers
    for a few settings in which a machine waited for something that no column tells.
    """
    unit = ln_error / PAIR_LN_SIGMA
    return np.sign(unit) * np.sqrt(np.log1p(unit**2))


def fit(
    rows: Sequence[Measurement],
    x: InferenceColumns,
    base: Coefficients,
    without: frozenset[str] = frozenset(),
    near: Coefficients | None = None,
    close: float = 1e-7,
) -> Coefficients:
    """The coefficients that these rows ask for, drawn weakly to the guesses. `base` lends what is not fitted.

    `without` are terms left out of the structure; the search starts `near` an answer where one is known,
    and ends where a step changes less than a `close` part.
    """
    measured, weight, free = logs(rows), weights(rows), fitted(without)
    guessed = np.log([guess.start for guess in free])
    sigma = np.array([guess.ln_sigma for guess in free])

    def errors(ln_values: Floats) -> Floats:
        found = residuals(x, measured, weight, with_values(base, ln_values, without))
        return np.concatenate([found, (ln_values - guessed) / sigma])

    most = np.array([np.log(MOST_SHARE) if guess.unit == "fraction" else np.inf for guess in free])
    start = guessed if near is None else np.log([getattr(near.inference, guess.name) for guess in free])
    start = np.minimum(start, most - INSIDE)
    solved = least_squares(errors, start, bounds=(-np.inf, most), x_scale=sigma, max_nfev=STEPS, xtol=close, ftol=close)
    return with_values(base, solved.x, without)
