"""The report's tables, each cut to what fits on a page: years, workloads, levers, assumptions, sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core import words
from core.catalog import Source
from core.exports.answer import Answer, Part, Year
from core.exports.inputs import Assumption, assumptions
from core.exports.markup import Column, said, table
from core.exports.markup import cut_short as short
from core.exports.origins import cited, used
from core.exports.scales import amount, page_scale
from core.plan import Workload
from core.plan.knob import plain
from core.plan.lever import Lever
from core.results.site import find_region
from core.words.choices import BY_FIELD, HOSTINGS, KINDS

MOST_YEARS = 12
EVERY_YEARS = 5
MOST_WORKLOADS = 12
MOST_LEVERS = 8
MOST_ASSUMED = 14
MOST_SOURCES = 9


def years(answer: Answer) -> str:
    """Every year; of a long plan the first, the last, the answer's and every fifth."""
    rows = [one for one in answer.by_year if _is_told(one, answer)]
    left_out = len(answer.by_year) - len(rows)
    note = f"; {left_out} years between are in the workbook" if left_out else ""
    scale, energy = page_scale(answer.found), page_scale(answer.found, "kWh")
    fields = ("carbon_kg", "carbon_location_kg", "carbon_market_kg", "carbon_embodied_kg")
    texts = [amount([getattr(one, name) for one in rows], scale) for name in fields]
    kwh = amount([one.energy_facility_kwh for one in rows], energy)
    cells = [
        (str(one.year), texts[0][at], _range(one.carbon_kg, one.carbon_p10_kg, one.carbon_p90_kg, answer),
         *(text[at] for text in texts[1:]), kwh[at])
        for at, one in enumerate(rows)
    ]  # fmt: skip
    names = (
        "Carbon",
        "80 % range",
        "Electricity, location",
        "Electricity, market",
        "Hardware",
        f"Energy, {energy.label}",
    )
    columns = [Column("Year", 10), *(Column(name, 15, number=True) for name in names)]
    chosen = [at for at, one in enumerate(rows) if one.year == answer.year]
    caption = f"{scale.label} CO₂e a year; the first column is the answer's method and boundary{note}"
    return table(caption, columns, cells, chosen)


def _is_told(one: Year, answer: Answer) -> bool:
    years = answer.by_year
    ends = (years[0].year, years[-1].year, answer.year)
    return len(years) <= MOST_YEARS or one.year in ends or one.year % EVERY_YEARS == 0


def _range(mid: float, low: float, high: float, answer: Answer) -> str:
    return words.with_range(mid, low, high, page_scale(answer.found))[1] or "–"


def workloads(answer: Answer) -> str:
    """The largest workloads by carbon, the others together."""
    scale, parts = page_scale(answer.found), list(answer.largest(MOST_WORKLOADS))
    whole = answer.shown.carbon_kg
    kg = amount([part.carbon_kg for part in parts], scale)
    rows = [
        (*_named(part, answer), text, _range(part.carbon_kg, part.carbon_p10_kg, part.carbon_p90_kg, answer),
         words.percent(part.carbon_kg / whole if whole > 0 else None))
        for part, text in zip(parts, kg, strict=True)
    ]  # fmt: skip
    columns = (Column("Workload", 27), Column("What it is", 28), Column("Where", 14), Column("Carbon", 9, number=True),
               Column("80 % range", 14, number=True), Column("Share", 8, number=True))  # fmt: skip
    return table(f"{scale.label} CO₂e in {answer.year}, the largest first", columns, rows)


def _named(part: Part, answer: Answer) -> tuple[str, str, str]:
    if part.workload is None:
        return f"and {words.count(part.count, 'other')}", "", ""
    one, catalog = part.workload, answer.found.catalog
    model = catalog.models[one.model].name if one.model in catalog.models else one.model
    what = f"{KINDS[one.kind]}, {model}, {_lower(HOSTINGS[one.hosting])}"
    return short(one.name, 38), short(what, 62), short(_place(one, answer), 40)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _place(one: Workload, answer: Answer) -> str:
    region, cloud = find_region(answer.found.catalog, one.region)
    if cloud:
        return f"{cloud.provider.upper()} {cloud.region}"
    premises = answer.found.catalog.premises.get(one.region)
    return premises.name if premises else region.name if region else one.region


def levers(answer: Answer) -> str:
    """The levers in use: value, share, start, and where."""
    plan = answer.plan
    rows = [_lever(one, answer) for one in plan.levers[:MOST_LEVERS]]
    rest = len(plan.levers) - len(rows)
    rows += [(f"and {words.count(rest, 'other')}, in plan.csv", "", "", "", "")] if rest else []
    numbers = (Column("Share", 9, number=True), Column("From", 8, number=True))
    columns = (Column("Lever", 36), Column("Set to", 22), *numbers, Column("On", 25))
    return table("Levers in use", columns, rows)


def _lever(one: Lever, answer: Answer) -> Sequence[str]:
    kind, catalog = one.kind(), answer.found.catalog
    tables = {"model": catalog.models, "hardware": catalog.hardware, "region": catalog.regions}
    chosen = tables.get(kind.choice, {}).get(one.choice)
    value = getattr(chosen, "name", one.choice) if one.choice else ""
    if one.value is not None or kind.central is not None:
        value = f"{plain(one.amount())} {kind.unit}".strip()
    names = [workload.name for workload in answer.plan.workloads if workload.id in one.workloads]
    where = _where(tuple(names)) if one.workloads else "all that can take it"
    start = str(one.start_year or answer.plan.first_year)
    return short(one.called, 60), short(str(value), 40), words.percent(one.share), start, where


def _where(names: tuple[str, ...]) -> str:
    """The first name, and how many more there are: one line of a table."""
    if len(names) == 1:
        return short(names[0], 34)
    return f"{short(names[0], 22)} and {len(names) - 1} more" if names else ""


def assumed(answer: Answer) -> str:
    """What departs from the usual; what does not fit is counted."""
    found = assumptions(answer.plan)
    if not found:
        return said("p", "None: every value beside what the workloads are is the usual one.", class_="note")
    rows = [_assumed(one) for one in found[:MOST_ASSUMED]]
    rest = len(found) - len(rows)
    rows += [(f"and {words.count(rest, 'other')}, in the workbook's sheet Plan", "", "", "")] if rest else []
    columns = (Column("Assumption", 27), Column("Here", 24), Column("Usual", 15), Column("For", 34))
    return table("Beside what each workload is", columns, rows)


def _assumed(one: Assumption) -> tuple[str, str, str, str]:
    value, usual = (_worded(one, text) for text in (one.text, one.usual))
    return one.label, f"{value} {one.unit}".strip(), usual or "worked out", _where(one.where)


def _worded(one: Assumption, text: str) -> str:
    """A value in the words of the page; a number with its thousands parted."""
    said_as = BY_FIELD.get(one.field, {}).get(text)
    if said_as is not None:
        return said_as
    try:
        number = one.is_number and not one.field.endswith("_year")
        return plain(float(text)).replace(",", words.THIN) if number else short(text, 50)
    except ValueError:
        return short(text, 50)


def sources(answer: Answer) -> str:
    """The publications that most factors rest on."""
    found = cited(list(used(answer.plan)))
    rows = list(_sources(found[:MOST_SOURCES]))
    rest = len(found) - len(rows)
    rows += [(f"and {words.count(rest, 'other')}, in the workbook's sheet Sources", "", "", "")] if rest else []
    columns = (Column("Publisher", 24), Column("Title", 46), Column("Year", 8), Column("Licence", 22))
    return table("Those that most factors rest on", columns, rows)


def _sources(found: Sequence[tuple[Source, int]]) -> Iterator[tuple[str, str, str, str]]:
    for source, _ in found:
        yield short(source.publisher, 40), short(source.title, 70), str(source.year), short(source.licence, 40)
