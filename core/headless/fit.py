"""`fit`: the coefficients anew from the measurements, and what they say of what was left out of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from core import catalog as facts
from core.catalog import FOLDER, Catalog
from core.fit import nested_file, prompts, report, score, training_file, training_report
from core.fit.columns import columns
from core.fit.coverage import coverage
from core.fit.nested import nested
from core.fit.nested_file import HOLD_OUTS
from core.fit.prompts_tried import tried_anew
from core.fit.refit import FIT_FILE, Refit, differences, joined, refit, write


def run(full: bool, write_files: bool, nest: bool, told: Callable[[str], None]) -> Iterator[str]:
    """Refit, then: the table where asked for, the files where asked for, and by how much the coefficients differ.

    To `nest` is to choose the terms anew without the rows they are scored on, and to try other lengths of prompts;
    otherwise what the files keep of both is told.
    """
    catalog = facts.load()
    found = refit(catalog, told)
    held = joined(catalog, found)
    table = list(score.report(held))
    yield from report.lines(table if full else table[: len(score.HOLD_OUTS)])
    yield from report.coverage_lines(coverage(held))
    if full:
        yield from report.time_lines(held)
    if nest:
        yield from _nested(catalog, found, write_files, told)
        yield from _prompts(catalog, found, write_files, told)
    elif full:
        yield from nested_file.lines(catalog, nested_file.held(catalog), nested_file.left_out())
        yield from _prompt_lines(catalog, found, prompts.tried())
    yield from _differences(differences(found), write_files)
    if write_files:
        write(found)
        yield f"written: {FIT_FILE}, {score.FILE}"
    yield from _training(catalog, full, write_files)


def _nested(catalog: Catalog, found: Refit, write_file: bool, told: Callable[[str], None]) -> Iterator[str]:
    """The terms chosen anew in every fold: some two thousand fits."""
    x = columns(catalog, found.rows)
    folds = [
        one for name in HOLD_OUTS for one in nested(catalog, found.rows, x, found.coefficients, name, told)
    ]  # in the order of the file
    yield from nested_file.lines(catalog, *nested_file.of(catalog, found.rows, folds))
    if write_file:
        nested_file.write(found.rows, folds)
        yield f"written: {nested_file.FILE}"


def _prompts(catalog: Catalog, found: Refit, write_file: bool, told: Callable[[str], None]) -> Iterator[str]:
    """The prompt length that is assumed, and what others would change."""
    tried = list(tried_anew(catalog, found.rows, found.coefficients, told))
    yield from _prompt_lines(catalog, found, tried)
    if write_file:
        (FOLDER / prompts.FILE).write_text(prompts.text_of(tried), encoding="utf-8", newline="\n")
        yield f"written: {prompts.FILE}"


def _prompt_lines(catalog: Catalog, found: Refit, tried: Sequence[prompts.Tried]) -> Iterator[str]:
    return prompts.lines(catalog, found.rows, found.coefficients.inference.eta_compute, tried)


def _training(catalog: Catalog, full: bool, write_files: bool) -> Iterator[str]:
    """The same of training; the choice of its structure takes some seconds and is told with the regimes alone."""
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
