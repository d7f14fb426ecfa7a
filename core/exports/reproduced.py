"""Whether a bundle's plan brings back its figures, worked out anew: byte for byte, or which differ and why."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

from core import APP_VERSION, disclosure, link
from core.exports.bundle import DISCLOSURE, FACTORS, RESULTS
from core.exports.opened import Opened, shown
from core.plan import Plan
from core.results import Results, of
from core.results_table import method_of, write_results
from core.store.content import headline_kg, write_factors
from core.units import PERCENT

ROUNDING = 1e-9  # relative: other processors round the last digits otherwise
MOST_TOLD = 12
VERSIONS = frozenset({"method_version", "data_version", "gwp_basis"})
Table = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Again:
    """What came of working a bundle out anew: whether it is the same, and the sentences that say so or what differs."""

    same: bool
    said: tuple[str, ...]


def again(bundle: Opened, plan: Plan) -> Again:
    """The bundle's figures beside today's; `plan` is its own, with the hours at hand."""
    found = of(plan)
    today = {RESULTS: write_results(found), FACTORS: write_factors(plan)}
    if DISCLOSURE in bundle.texts:
        today[DISCLOSURE] = disclosure.write_disclosure(found)
    other = [name for name, text in today.items() if bundle.texts[name] != text]
    versions = f"data {found.data_version}, method {method_of(found)}, app {APP_VERSION}"
    beside = (*_headline(bundle, found), *_link(bundle))
    if not other:
        told = f"reproduced, byte for byte: {', '.join(today)} ({versions})"
        return Again(not beside, (told, *beside))
    lines = [line for name in other for line in _differences(name, bundle.texts[name], today[name])]
    if not lines:
        told = f"reproduced to nine digits: {', '.join(other)}; processors round the last ones differently ({versions})"
        return Again(not beside, (told, *beside))
    more = [f"and {len(lines) - MOST_TOLD} more"] if len(lines) > MOST_TOLD else []
    why = _why(bundle, found.data_version, method_of(found), plan)
    return Again(False, (f"not reproduced: {', '.join(other)}", *lines[:MOST_TOLD], *more, why, *beside))


def _why(bundle: Opened, data_version: str, method_version: str, plan: Plan) -> str:
    """Whether versions, or hours that are not here, explain a difference."""
    then = (bundle.data_version, bundle.method_version, bundle.app_version)
    now = (data_version, method_version, APP_VERSION)
    if then != now:
        named = [
            f"{name} {shown(old)} then, {new} now"
            for name, old, new in zip(("data", "method", "app"), then, now, strict=True)
            if old != new
        ]
        return f"the versions explain it: {'; '.join(named)}"
    missing = [file.called for file in plan.hours_missing()]
    if missing:
        return f"hours that are not here may explain it: {'; '.join(missing)}; give them with --hours"
    return "data, method and app are the same, so versions do not explain it: a file and its sum were changed together"


def _headline(bundle: Opened, found: Results) -> tuple[str, ...]:
    """That the manifest's headline is not that of its plan, under the versions that it names."""
    then, now = bundle.headline_kg, headline_kg(found)
    if (bundle.data_version, bundle.method_version) != (found.data_version, method_of(found)):
        return ()
    same = then is now if then is None or now is None else abs(then - now) <= ROUNDING * abs(now)
    told = tuple("no figure" if kg is None else f"{kg:,.6g} kg" for kg in (then, now))
    return () if same else (f"the headline in its manifest is {told[0]}; its plan comes to {told[1]}",)


def _link(bundle: Opened) -> tuple[str, ...]:
    """That the link opens another plan than the bundle's, where it does; prices may be left out of it."""
    _, mark, text = bundle.link.partition("?s=")
    if not mark:
        return ()
    opened, plan = link.decode(text).plan, bundle.plan.with_hours(())
    return () if opened in (plan, plan.without_prices()) else ("its link opens another plan than its plan.csv holds",)


def _differences(name: str, then: str, now: str) -> Iterator[str]:
    """A line for each column whose cells differ by more than rounding: how many, and the sums of numbers."""
    old, new = _rows(then), _rows(now)
    if len(old) != len(new):
        yield f"{name} has {len(old)} rows in the bundle, {len(new)} worked out anew"
        return
    for column in dict.fromkeys([*(old[0] if old else {}), *(new[0] if new else {})]):
        pairs = [(one.get(column) or "", other.get(column) or "") for one, other in zip(old, new, strict=True)]
        differ = [pair for pair in pairs if not _alike(*pair)]
        if differ and column not in VERSIONS:
            yield f"{name}, {shown(column)}: {len(differ)} of {len(pairs)} rows differ{_sums(pairs)}"


def _sums(pairs: list[tuple[str, str]]) -> str:
    """Both sums of a column of numbers; nothing for texts."""
    numbers = [(_number(old), _number(new)) for old, new in pairs]
    if any(isinstance(one, str) for pair in numbers for one in pair):
        old, new = next(pair for pair in pairs if not _alike(*pair))
        return f" ('{shown(old)}' is '{shown(new)}' anew)"
    before, after = (sum(float(pair[side]) for pair in numbers) for side in (0, 1))
    share = f", {PERCENT * (after / before - 1.0):+.3g} %" if before and isfinite(after / before) else ""
    return f"; their sum is {before:,.6g} in the bundle, {after:,.6g} anew{share}"


def _number(text: str) -> float | str:
    """The number in a cell, 0 where it is blank; the text where it is none."""
    try:
        return float(text or 0.0)
    except ValueError:
        return text


def _alike(old: str, new: str) -> bool:
    """Whether two cells say the same, rounding of the last digits aside."""
    if old == new:
        return True
    first, second = _number(old), _number(new)
    if isinstance(first, str) or isinstance(second, str) or not old or not new:
        return False
    return abs(first - second) <= ROUNDING * max(abs(first), abs(second))


def _rows(text: str) -> Table:
    """Rows by column; a row with too many or too few cells differs by their number. No rows where it is no CSV."""
    try:
        head, *rows = [*csv.reader(io.StringIO(text))] or [[]]
    except csv.Error:
        return []
    return [dict(zip(head, row, strict=False)) | {"cells in the row": str(len(row))} for row in rows]
