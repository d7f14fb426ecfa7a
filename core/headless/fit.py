"""`fit`: the coefficients anew from the measurements, and what they say of what was left out of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from core import catalog as facts
from core.catalog import Catalog
from core.fit import report, score, training_file, training_report
from core.fit.coverage import coverage
from core.fit.refit import FIT_FILE, differences, joined, refit, write


def run(full: bool, write_files: bool, told: Callable[[str], None]) -> Iterator[str]:
    """Refit, then: the table where asked for, the files where asked for, and by how much the coefficients differ."""
    catalog = facts.load()
    found = refit(catalog, told)
    held = joined(catalog, found)
    table = list(score.report(held))
    yield from report.lines(table if full else table[: len(score.HOLD_OUTS)])
    yield from report.coverage_lines(coverage(held))
    yield from _differences(differences(found), write_files)
    if write_files:
        write(found)
        yield f"written: {FIT_FILE}, {score.FILE}"
    yield from _training(catalog, full, write_files)


def _training(catalog: Catalog, full: bool, write_files: bool) -> Iterator[str]:
    """The same of training; the choice of its structure takes half a minute and is told with the regimes alone."""
    found = training_file.refit(catalog)
    yield ""
    yield from training_report.lines(found, full)
    for name in training_file.differences(found):
        yield f"written: {name}" if write_files else f"{name} differs from this refit, and stays as it is"
    if write_files:
        training_file.write(found)


def _differences(found: list[str], write_files: bool) -> Iterator[str]:
    if not found:
        yield f"every coefficient is that of {FIT_FILE}"
        return
    yield f"{len(found)} coefficients differ from {FIT_FILE}" + ("" if write_files else ", which stays as it is") + ":"
    yield from (f"  {line}" for line in found)
