"""The training fit as text: errors by hold-out and regime, energy, and what the choice of structure rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from statistics import median

import numpy as np

from core.fit import training_score as score
from core.fit.training import Held
from core.fit.training_file import TrainingRefit
from core.fit.training_runs import Run
from core.fit.training_structures import chosen, nested, scored, structures
from core.units import PERCENT

HEAD = (
    f"{'hours of training':<26}{'regime':<20}{'':<24}{'runs':>5}{'developers':>12}{'median':>9}{'2x':>8}"
    f"{'in range':>18}"
)
ENERGIES: dict[str, Callable[[Held], float]] = {
    "hours known, the run left out": lambda one: one.energy_hours_known_mwh,
    "hours and power foretold, the run left out": lambda one: one.energy_run_left_out_mwh,
    "hours and power foretold, the developer left out": lambda one: one.energy_developer_left_out_mwh,
}
USUAL_TOKENS = 4_096.0  # the centre of the assumption
OLD = ("transformer-base-strubell", "bert-base-strubell")


def lines(found: TrainingRefit, full: bool) -> Iterator[str]:
    """The table; with `full` the regimes, the energy and the choice of structure."""
    yield HEAD
    rows = list(score.report(found.held))
    for row in rows if full else rows[: len(score.HOLD_OUTS)]:
        yield (
            f"{row.hold_out:<26}{row.regime:<20}{row.name:<24}{row.runs:>5}{row.developers:>12}"
            f"{row.median_error_pct:>8.1f}%{row.within_twice_pct:>7.1f}%{_covered(row):>18}"
        )
    yield f"in range, each developer counted once: {score.covered_by_developer_pct(found.held):.0f}%"
    if full:
        for hold_out, error_pct in score.unknown_length(found.held, USUAL_TOKENS):
            yield f"{hold_out}, {USUAL_TOKENS:,.0f} tokens taken for every training sequence: median {error_pct:.1f}%"
        yield from energy(found.held)
        yield from choice(found.held)


def _covered(row: score.Accuracy) -> str:
    if row.hold_out != score.COVERED_IN:
        return ""
    return score.NOT_CALIBRATABLE if row.covered_pct is None else f"{row.covered_pct:.0f}%"


def energy(held: Sequence[Held]) -> Iterator[str]:
    """Errors of the metered runs: with their hours known, and with hours and power foretold."""
    for name, of in ENERGIES.items():
        found = score.energy_errors(held, of)
        each = ", ".join(f"{key} {PERCENT * error:+.0f}%" for key, error in found)
        recent = [abs(error) for key, error in found if key not in OLD]
        yield f"energy, {name}: median {PERCENT * median(recent):.1f}% of {len(recent)} runs since 2020 ({each})"
    yield f"range of the energy of known hours: {score.NOT_CALIBRATABLE}, a judgement"


def choice(held: Sequence[Held]) -> Iterator[str]:
    """Every structure under both hold-outs, and the error where the choice itself is made without the run."""
    runs = [one.run for one in score.fitted(held)]
    ways = {"run": [run.id for run in runs], "developer": [run.developer for run in runs]}
    found = {way: [scored(one, runs, groups) for one in structures()] for way, groups in ways.items()}
    yield f"{'structure of the share of peak':<84}{'terms':>6}{'run out':>10}{'developer out':>15}"
    for alone, many in zip(*found.values(), strict=True):
        errors = f"{PERCENT * alone.median:>9.1f}%{PERCENT * many.median:>14.1f}%"
        yield f"{alone.structure.name:<84}{alone.structure.size:>6}{errors}"
    for way, groups in ways.items():
        yield f"chosen with each {way} left out in turn: {chosen(found[way]).structure.name}"
        yield _nested(way, runs, groups)


def _nested(way: str, runs: Sequence[Run], groups: Sequence[str]) -> str:
    """What the choice itself costs: it never sees the run that is scored."""
    picked = list(nested(structures(), runs, groups))
    order = [place for label in dict.fromkeys(groups) for place, name in enumerate(groups) if name == label]
    error = np.abs(np.expm1(np.concatenate([one.error_ln for one in picked])))
    hours = error[[runs[place].measured_h > 0 for place in order]]
    names = Counter(one.structure.name for one in picked)
    told = "; ".join(f"{name} ({count})" for name, count in names.most_common())
    return f"chosen anew without the {way}: median {PERCENT * float(np.median(hours)):.1f}% of the hours, by {told}"
