"""Valid plans over every field: odd words, numbers at their bounds, all choices."""

from datetime import date
from functools import cache

from hypothesis import strategies as st
from pydantic import ValidationError

from core import catalog
from core.plan import (
    Actual,
    Calibration,
    HoursFile,
    InventoryRow,
    Plan,
    Search,
    Target,
    Workload,
    choices,
    knobs,
    may_be_blank,
)
from core.plan.calibration import setting_of
from core.plan.lever import Lever
from core.plan.lines import clashes, unfit
from core.plan.own import OWN, OwnDevice, OwnModel, OwnPrice, OwnRegion, OwnSite, OwnSupplier

# What spreadsheets, CSV and links trip over: formula signs, quotes, separators, escapes, other scripts, spaces.
ODD = "=+-@'\"\t\n\r;,\\|&%_ .e1\u00a0\u202f\u2028äß漢字🌍العربية́\x00\x1f"
WORDS = ["=1+1", "'", "''", '"', "-5", "@x", "a;b", "a,b", "a\tb", "a\\tb", "a\nb", "W1", "0", "plan", " x ", "none"]


@cache
def words(longest):
    """Text a person may type, not longer than the field."""
    odd = st.text(st.sampled_from(ODD) | st.characters(codec="utf-8"), max_size=longest)
    return odd | st.sampled_from([word for word in WORDS if len(word) <= longest])


def visible(text):
    """Whether anything is left of a text once what cannot be printed is gone."""
    return bool("".join(c for c in text if c.isprintable()).strip())


@cache
def names(longest):
    """Text of which something is left to be seen."""
    return words(longest).filter(visible)


def numbers(knob):
    """Numbers between a knob's bounds, the bounds often."""
    if knob.kind == "whole":
        return st.integers(int(knob.low), int(knob.high)) | st.sampled_from([int(knob.low), int(knob.high)])
    return st.floats(knob.low, knob.high) | st.sampled_from([knob.low, knob.high])


def catalog_ids(knob):
    """Ids of the catalog, and now and then an id that it does not know."""
    return st.sampled_from(sorted(getattr(catalog.load(), knob.table, {})) or ["own:any"]) | words(knob.longest)


def points(knob):
    """A value in each of some years."""
    return st.dictionaries(st.integers(2000, 2100), numbers(knob), max_size=4).map(lambda d: tuple(d.items()))


def values(cls, name):
    """Values of one field."""
    knob = knobs(cls)[name]
    found = {
        "number": lambda: numbers(knob),
        "whole": lambda: numbers(knob),
        "text": lambda: words(knob.longest),
        "catalog": lambda: catalog_ids(knob),
        "choice": lambda: st.sampled_from(choices(cls, name)),
        "points": lambda: points(knob),
        "date": lambda: st.dates(date(2000, 1, 1), date(2100, 12, 31)).map(date.isoformat),
        "tags": lambda: st.lists(words(knob.longest), max_size=4).map(tuple),
    }[knob.kind]()
    return st.none() | found if may_be_blank(cls, name) else found


@cache  # made anew for every draw, a strategy takes longer to make than to draw from
def some(cls, leaving=()):
    """Values of some fields of a record; the others keep their defaults."""
    return st.fixed_dictionaries({}, optional={n: values(cls, n) for n in knobs(cls) if n not in leaving})


IDS = st.sampled_from(["W1", "W2", "W6", "W7", "bot"]) | names(24)
GROWTH = st.lists(numbers(knobs(Workload)["growth_low_pct"]), min_size=3, max_size=3)


@st.composite
def workloads(draw):
    """A valid workload. Fields that must go together are put in order."""
    fields = draw(some(Workload, leaving=("id", "growth_low_pct", "growth_central_pct", "growth_high_pct")))
    fields["id"] = draw(IDS)
    keys = ("growth_low_pct", "growth_central_pct", "growth_high_pct")
    fields |= dict(zip(keys, sorted(draw(GROWTH)), strict=True))
    years = [fields.get("first_year"), fields.get("last_year")]
    if None not in years:
        fields["first_year"], fields["last_year"] = sorted(years)
    if fields.get("hosting", "own") != "api" and not visible(fields.get("hardware", "x")):
        del fields["hardware"]
    return Workload(**fields)


# Fields of which nothing else of the entry depends, so that any value of theirs makes a valid one.
FREE = {
    OwnModel: {"params_total_b": 70.0, "based_on": "llama3.3-70b"},
    OwnDevice: {"based_on": "H100-SXM"},
    OwnRegion: {"carbon_g_per_kwh": ((2026, 380.0), (2030, 200.5))},
    OwnSite: {},
    OwnSupplier: {"carbon_g_per_kwh": ((2026, 20.0),)},
    OwnPrice: {"model": "gpt-5", "price_input_usd_per_m_tokens": 1.5, "price_output_usd_per_m_tokens": 6.0},
}


@st.composite
def own_entries(draw, cls):
    """A valid entry of one's own: sometimes bare, sometimes with any value that contradicts nothing."""
    key = draw(st.from_regex(r"own:[a-z0-9][a-z0-9.-]{0,12}", fullmatch=True))
    name, source = (draw(names(40)) for _ in range(2))
    fields = FREE[cls] | {"id": key, "name": name, "source": source, "source_date": "2026-11-22"}
    more = draw(some(cls, leaving=("id", "name", "source", "source_date")))
    try:
        return cls(**fields | more)
    except ValidationError:
        return cls(**fields)


@st.composite
def calibrations(draw, workload):
    """A valid calibration of a workload: its setting as it stands, and now and then as it never stood."""
    of_a_period = ("id", "hosting", "first_day", "last_day", "metered_h", "metered_while", "kind", "metered_kwh")
    fields = {"id": workload.id, "first_day": "2026-03-01", "last_day": "2026-03-31", "source": "=typed"}
    fields |= {"metered_kwh": draw(numbers(knobs(Calibration)["metered_kwh"])), "kind": workload.kind}
    fields |= {"served_requests": 5.0} if workload.kind == "inference" else {"served_runs": 0.5}
    fields |= {"metered_h": draw(st.none() | st.floats(0.01, 744))}
    fields |= setting_of(workload) | {"hosting": draw(st.sampled_from(["own", "colocation", "cloud"]))}
    fields["hardware"] = fields["hardware"] or "H100-SXM"
    more = draw(some(Calibration, leaving=of_a_period)) if draw(st.booleans()) else {}
    try:
        return Calibration(**fields | more)
    except ValidationError:
        return Calibration(**fields)


@st.composite
def levers(draw):
    """A valid lever in use, of any that can be used: a second use of one has a number."""
    kind = draw(st.sampled_from([kind for kind in catalog.load().levers.values() if not kind.missing]))
    fields = draw(some(Lever, leaving=("id", "value", "choice")))
    fields["id"] = kind.id + draw(st.sampled_from(["", ".2", ".x"]))
    if kind.floor is not None and draw(st.booleans()):
        fields["value"] = draw(st.floats(kind.floor, kind.ceiling))
    if kind.choice:
        fields["choice"] = draw(st.sampled_from([kind.usual_choice, "gpt-5", "no such thing"]))
    return Lever(**fields)


@st.composite
def hours_files(draw):
    """A valid file of hours of any region, marginal or not."""
    fields = draw(some(HoursFile, leaving=("id", "name", "file_sha256", "hours_basis", "first_hour")))
    basis = draw(st.sampled_from(choices(HoursFile, "hours_basis")))
    region = draw(st.sampled_from(["DE", "own:grid", "no such"]))
    return HoursFile(**fields | {
        "id": region + (":marginal" if basis == "marginal" else ""), "name": draw(names(40)),
        "file_sha256": draw(st.text("0123456789abcdef", min_size=64, max_size=64)), "hours_basis": basis,
        "first_hour": "2023-01-01 00:00",
    })  # fmt: skip


@st.composite
def inventories(draw):
    """A few valid rows of an inventory, none of which counts another's line again."""
    rows = []
    for number in range(draw(st.integers(0, 3))):
        scope = draw(st.sampled_from("123"))
        fields = draw(
            some(InventoryRow, leaving=("id", "year", "scope", "category", "method", "emissions_t", "source"))
        )
        rows.append(InventoryRow(**fields | {
            "id": f"I{number}", "year": draw(st.integers(1990, 2100)), "scope": scope, "source": "a report",
            "category": draw(st.integers(1, 15)) if scope == "3" else None,
            "method": draw(st.sampled_from(["location", "market"])) if scope == "2" else "",
            "emissions_t": draw(st.floats(0, 1e12)),
        }))  # fmt: skip
    wrong = clashes(rows)
    return tuple(row for place, row in enumerate(rows) if place not in wrong)


@st.composite
def actuals(draw, ids):
    """A few valid measurements of workloads of those ids."""
    rows = []
    for number in range(draw(st.integers(0, 3)) if ids else 0):
        fields = draw(some(Actual, leaving=("id", "workload", "year", "requests", "source")))
        rows.append(Actual(**fields | {
            "id": f"A{number}", "workload": draw(st.sampled_from(ids)), "year": draw(st.integers(1990, 2100)),
            "requests": draw(st.floats(0, 1e15)), "source": draw(names(40)),
        }))  # fmt: skip
    wrong = unfit(rows, ids)
    return tuple(row for place, row in enumerate(rows) if place not in wrong)


@st.composite
def plans(draw, most=4):
    """A valid plan."""
    fields = draw(some(Plan, leaving=("first_year", "last_year", "currency", "exchange_rate", "currency_date")))
    first = draw(st.integers(2020, 2050))
    fields |= {"first_year": first, "last_year": draw(st.integers(first, min(first + 30, 2060)))}
    if draw(st.booleans()):
        fields |= {"currency": "EUR", "exchange_rate": draw(st.floats(0.1, 2.0)), "currency_date": "2026-06-30"}
    fields["workloads"] = tuple(draw(st.lists(workloads(), max_size=most, unique_by=lambda w: w.id)))
    if draw(st.booleans()):
        fields["case"] = draw(workloads()).but(id="case")
    taken = set()
    for field in draw(st.lists(st.sampled_from(sorted(OWN)), max_size=3, unique=True)):
        entries = draw(st.lists(own_entries(OWN[field]), max_size=2, unique_by=lambda e: e.id))
        fields[field] = tuple(e for e in entries if e.id not in taken)
        taken |= {e.id for e in entries}
    some_of_them = (
        draw(st.lists(st.sampled_from(fields["workloads"]), max_size=2, unique=True)) if fields["workloads"] else []
    )
    fields["levers"] = tuple(draw(st.lists(levers(), max_size=3, unique_by=lambda lever: lever.id)))
    if not draw(st.integers(0, 3)):
        fields["candidates"] = tuple(draw(st.lists(levers(), max_size=3, unique_by=lambda lever: lever.id)))
        fields["search"] = Search(**draw(some(Search)))
    fields["hours_files"] = tuple(draw(st.lists(hours_files(), max_size=2, unique_by=lambda file: file.id)))
    if not draw(st.integers(0, 3)):
        fields["target"] = Target(**draw(some(Target)))
        fields["inventory"] = draw(inventories())
        fields["actuals"] = draw(actuals([w.id for w in fields["workloads"]]))
    fields["calibrations"] = tuple(draw(calibrations(w)) for w in some_of_them)
    return Plan(**fields)
