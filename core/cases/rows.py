"""Strict reading of `data/cases`: each complaint names file, line, column and value."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from core import catalog as facts
from core.cases.figures import FIGURES
from core.cases.formulas import FORMULAS
from core.cases.opened import LEVERS, WORKLOADS, Opened, opened
from core.cases.records import CLAIMS, KINDS_OF_OBJECT, PAGES, VERDICTS, Case, Printed, Sum, arguments
from core.cases.shown import SHOWN
from core.catalog import Catalog, CatalogError
from core.catalog.rows import STATUSES, Row, keyed, read
from core.units import UNITLESS, UNITS

FILE, ANCHORS = "cases/cases.csv", "validation/anchors.csv"
COLUMNS = (
    "id", "claim", "article", "rank", "title", "item", "anchor", "printed", "printed_high", "printed_unit", "formula",
    "inputs", "formula_unit", "corrected_formula", "corrected_inputs", "corrected_unit", "figure", "figure_through",
    "figure_unit", "figure_of", "verdict", "status", "found", "carry", "maps_to", "opens", "years", "shows", "nothing",
    "source",
)  # fmt: skip
ANCHOR_COLUMNS = ("id", "kind", "subject", "metric", "value", "unit", "boundary", "status", "source", "note")
OF_ANY_UNIT = "quoted"
MOST_YEARS = 10


@lru_cache(maxsize=2)
def load(folder: Path = facts.FOLDER) -> tuple[Case, ...]:
    """Every case in the file's order; CatalogError with file and line where one cannot be trusted."""
    catalog = facts.load()
    anchors = {row.text("id"): row for row in read(folder, ANCHORS, ANCHOR_COLUMNS)}
    rows = keyed(read(folder, FILE, COLUMNS), lambda row: row.text("id"), "id")
    found = opened(folder, catalog, rows)
    cases = tuple(_case(row, catalog, anchors, found.get(key, Opened())) for key, row in rows.items())
    _every_claim_once(list(rows.values()))
    return cases


def _every_claim_once(rows: list[Row]) -> None:
    claims = [row for row in rows if row.cells["claim"]]
    keyed(claims, lambda row: row.text("claim"), "claim")
    missing = [claim for claim in CLAIMS if claim not in {row.cells["claim"] for row in claims}]
    if missing:
        raise CatalogError(f"{FILE}: no row for claim {missing[0]}")


def _case(row: Row, catalog: Catalog, anchors: Mapping[str, Row], plan: Opened) -> Case:
    """One case, every cell checked."""
    _words(row, catalog)
    _opens(row, plan)
    return Case(
        id=row.text("id"),
        claim=row.cells["claim"],
        article=row.cells["article"],
        rank=row.whole("rank") if row.cells["rank"] else None,
        title=row.text("title"),
        item=row.text("item"),
        printed=_printed(row, anchors),
        checked=_sum(row, "formula", "inputs", "formula_unit"),
        corrected=_sum(row, "corrected_formula", "corrected_inputs", "corrected_unit"),
        figure=row.cells["figure"],
        figure_through=row.cells["figure_through"],
        figure_unit=row.cells["figure_unit"],
        figure_of=row.cells["figure_of"],
        verdict=row.cells["verdict"],
        status=row.cells["status"],
        found=row.text("found"),
        carry=row.cells["carry"],
        maps_to=_objects(row, catalog),
        opens=row.cells["opens"],
        years=int(row.cells["years"] or 1),
        shows=row.cells["shows"],
        nothing=row.cells["nothing"],
        source=tuple(row.cells["source"].split(";")),
        workloads=plan.workloads,
        levers=plan.levers,
        own=plan.own,
    )


def _words(row: Row, catalog: Catalog) -> None:
    row.one_of("source", catalog.sources, "source")
    row.one_of("status", STATUSES, "status")
    row.one_of("verdict", VERDICTS, "verdict")
    if row.cells["article"]:
        row.one_of("article", catalog.sources, "source")
    if row.cells["claim"]:
        row.one_of("claim", CLAIMS, "claim")
    if VERDICTS[row.cells["verdict"]] is False and not row.cells["carry"]:
        row.fail("carry", f"the verdict is {row.cells['verdict']}; it must say what to carry instead")
    if row.cells["claim"] and VERDICTS[row.cells["verdict"]] is not False:
        row.fail("verdict", "a claim that must not be carried as written cannot be ok")


def _opens(row: Row, plan: Opened) -> None:
    """A case opens something, has a figure and says what it shows, or says why there is nothing to open."""
    if bool(plan.workloads) == bool(row.cells["nothing"]):
        reason = "the cell must be empty: the case opens something" if plan.workloads else "the cell is empty"
        row.fail("nothing", reason)
    for column in ("figure", "figure_unit", "figure_of", "opens", "shows"):
        if bool(plan.workloads) != bool(row.cells[column]):
            row.fail(column, f"there must be one where, and only where, {WORKLOADS} has workloads of the case")
    if plan.workloads:
        _page(row, plan)
        _figure(row, plan)


def _page(row: Row, plan: Opened) -> None:
    """The page suits what is opened: an estimate is one workload and nothing else, levers stand on What-if."""
    row.one_of("opens", PAGES, "page")
    page = row.cells["opens"]
    if page == "estimate" and (len(plan.workloads) > 1 or plan.levers or plan.own or row.cells["years"]):
        row.fail("opens", "an estimate is one workload, without levers, entries of its own or years")
    if (page == "what-if") != bool(plan.levers):
        row.fail("opens", f"what-if is for cases with lines in {LEVERS}, and for no other")
    if row.cells["years"] and not 2 <= row.whole("years") <= MOST_YEARS:
        row.fail("years", f"it must lie in [2, {MOST_YEARS}]; one year is a blank")


def _figure(row: Row, plan: Opened) -> None:
    """The engine's figure: of a known name, its unit, as many workloads as it needs, levers where it compares them."""
    row.one_of("figure", FIGURES, "figure")
    figure, through = FIGURES[row.cells["figure"]], row.cells["figure_through"]
    _unit(row, "figure_unit", _base_through(row, through) if through else figure.unit)
    if figure.workloads and len(plan.workloads) != figure.workloads:
        row.fail("figure", f"needs {figure.workloads} of {WORKLOADS}, has {len(plan.workloads)}")
    if figure.compares and not plan.levers:
        row.fail("figure", f"compares with and without levers; {LEVERS} has none of the case")


def _base_through(row: Row, through: str) -> str:
    """The base unit of the case's own sum, in which the engine's figure takes the place of an input."""
    formula = row.cells["formula"]
    if formula not in FORMULAS or through not in arguments(formula):
        row.fail("figure_through", f"it is no input of the formula {formula!r}")
    return base_of(formula)


def _unit(row: Row, column: str, base: str) -> str:
    """A unit of the screen; of that base unit where one is given."""
    row.one_of(column, SHOWN, "unit")
    unit = row.cells[column]
    if base and SHOWN[unit][0] != base:
        row.fail(column, f"is a unit of {SHOWN[unit][0]}, not of {base}")
    return unit


def _printed(row: Row, anchors: Mapping[str, Row]) -> Printed | None:
    """The published figure, from the row itself or from the table of published footprints."""
    if row.cells["anchor"]:
        row.one_of("anchor", anchors, "row of " + ANCHORS)
        anchor = anchors[row.cells["anchor"]]
        unit = next((shown for shown in SHOWN if shown.lower() == anchor.text("unit")), "")
        value = anchor.text("value")
        return Printed(low=value, high="", unit=unit) if unit else row.fail("anchor", "its unit is not known here")
    if not row.cells["printed"]:
        return None
    row.number("printed")
    if row.cells["printed_high"]:
        row.rising("printed", "printed_high")
    return Printed(low=row.cells["printed"], high=row.cells["printed_high"], unit=_unit(row, "printed_unit", ""))


def _sum(row: Row, formula: str, inputs: str, unit: str) -> Sum | None:
    """A formula with exactly its inputs; none where the cell is empty."""
    name = row.cells[formula]
    if not name:
        for column in (inputs, unit):
            if row.cells[column]:
                row.fail(column, f"{formula} is empty")
        return None
    row.one_of(formula, FORMULAS, "formula")
    given = _inputs(row, inputs)
    wanted = arguments(name)
    if sorted(given) != sorted(wanted):
        row.fail(inputs, f"{name} takes {', '.join(wanted)}")
    result = Sum(name, tuple((each, *given[each]) for each in wanted), _unit(row, unit, base_of(name)))
    return result


def base_of(formula: str) -> str:
    """The base unit a formula gives: the last words of its name; empty for a quotation.

    >>> base_of("implied_g_per_kwh"), base_of("quoted")
    ('g_per_kwh', '')
    """
    if formula == OF_ANY_UNIT:
        return ""
    parts = formula.split("_")
    return next(
        end for start in range(len(parts)) if (end := "_".join(parts[start:])) in UNITS.keys() | UNITLESS.keys()
    )


def _inputs(row: Row, column: str) -> dict[str, tuple[float, float]]:
    """`name=value; name=low..high` as numbers."""
    found: dict[str, tuple[float, float]] = {}
    for part in row.text(column).split(";"):
        name, equals, text = (piece.strip() for piece in part.partition("="))
        low, dots, high = text.partition("..")
        if not equals or name in found:
            row.fail(column, f"{part.strip()!r} is not one name=value")
        found[name] = (_number(row, column, low), _number(row, column, high if dots else low))
    return found


def _number(row: Row, column: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        row.fail(column, f"{text!r} is not a number")


def _objects(row: Row, catalog: Catalog) -> tuple[tuple[str, str], ...]:
    """What of the app it maps to: `kind:name`, parted by semicolons."""
    found = []
    known = {"model": catalog.models, "device": catalog.hardware}
    for part in row.text("maps_to").split(";"):
        kind, _, name = part.strip().partition(":")
        if kind not in KINDS_OF_OBJECT or (kind in ("model", "device", "lever") and not name):
            row.fail("maps_to", f"{part!r} is not one of {', '.join(KINDS_OF_OBJECT)} with its name")
        if kind in known and name not in known[kind]:
            row.fail("maps_to", f"{name!r} is not a {kind} of the catalog")
        found.append((kind, name))
    return tuple(found)
