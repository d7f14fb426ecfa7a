"""Every table of the catalog as people search it: units in the headings, and on each row its sources and their age."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from core import catalog as facts
from core.catalog import hourly, live, published, targets
from core.catalog.aliases import read_aliases
from core.catalog.rows import lines_of
from core.methods.fitted import coefficients
from core.methods.naming import heading, sign
from core.methods.origin import origin
from core.units import UNITLESS, UNITS

CITING = ("source", "source_specs", "source_idle", "source_embodied", "source_host", "water_source")
STATUS_WORDS = {
    "verified": "seen in a primary source",
    "secondary": "seen in somebody's copy or report",
    "unverified": "not seen in a source",
    "rumour": "never confirmed",
    "undisclosed": "the maker says nothing: somebody's estimate",
    "assumption": "ours, or another tool's choice",
    "entered": "entered in the plan",
    "fitted": "fitted to measurements",
    "unknown": "not known: never counted as 0",
}

Cell = str | float | int | None
Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """A table that can be opened: its name, title, what it holds, the data files it shows, and how to read it."""

    name: str
    title: str
    about: str
    files: tuple[str, ...]
    read: Callable[[], Iterable[Record]]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is shown. `texts` holds each row in small letters, for the search."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    texts: tuple[str, ...]

    def matching(self, query: str) -> Table:
        """The rows that hold every word of a query, in any column."""
        words = query.lower().split()
        places = [place for place, text in enumerate(self.texts) if all(word in text for word in words)]
        return Table(
            self.headings, tuple(self.rows[place] for place in places), tuple(self.texts[place] for place in places)
        )

    def columns(self) -> dict[str, list[Cell]]:
        """The rows by column, for a data frame."""
        return {name: [row[place] for row in self.rows] for place, name in enumerate(self.headings)}


def _records(found: Iterable[Any]) -> Iterator[Record]:
    for record in found:
        assert is_dataclass(record)
        yield {field.name: getattr(record, field.name) for field in fields(record)}


def _catalog(field: str) -> Callable[[], Iterable[Record]]:
    def read() -> Iterable[Record]:
        found = getattr(facts.load(), field)
        return _records(found.values() if isinstance(found, Mapping) else found)

    return read


def _file(name: str) -> Callable[[], Iterable[Record]]:
    def read() -> Iterable[Record]:
        return [{key: _number(text) for key, text in row.cells.items()} for row in lines_of(facts.FOLDER, name)]

    return read


def _foretold(file: str) -> Callable[[], Iterator[Record]]:
    return lambda: (dict(row) | {"source": "own-fit-2026"} for row in _file(file)())


def _number(text: str) -> Cell:
    try:
        return float(text) if text else None
    except ValueError:
        return text


def _cases() -> Iterator[Record]:
    """The cases as they stand in their file, with the workloads, levers and own entries that each opens in words."""
    plans: dict[str, list[str]] = {}
    for row in (each for part in ("workloads", "levers", "own") for each in _file(f"cases/{part}.csv")()):
        fields = (f"{name} {value}" for name, value in row.items() if name != "case" and value not in (None, ""))
        plans.setdefault(str(row["case"]), []).append(", ".join(fields))
    for row in _file("cases/cases.csv")():
        yield dict(row) | {"plan": "; ".join(plans.get(str(row["id"]), []))}


def _projections() -> Iterator[Record]:
    for record in _records(facts.load().projections.values()):
        years = zip(record["years"], record["carbon_g_per_kwh"], strict=True)
        rest = {name: value for name, value in record.items() if name not in ("id", "years", "carbon_g_per_kwh")}
        yield from ({"scenario": rest["scenario"], "year": y, "carbon_g_per_kwh": g} | rest for y, g in years)


def _sources() -> Iterator[Record]:
    cited = _cited()
    for record in _records(facts.load().sources.values()):
        yield dict(record) | {"cited": cited.get(record["key"], 0)}


def _cited() -> dict[str, int]:
    """How many rows of the other tables cite each source."""
    found: dict[str, int] = {}
    for kind in KINDS.values():
        if kind.name not in ("sources", "units"):
            for record in kind.read():
                for key in set(_keys(record)):
                    found[key] = found.get(key, 0) + 1
    return found


def _of_levers(name: str) -> Callable[[], Iterable[Record]]:
    """Rows about levers, each under its lever's own sources; an amount may be a word, so every cell is text."""

    def read() -> Iterator[Record]:
        for row in lines_of(facts.FOLDER, name):
            yield row.cells | {"source": facts.load().levers[row.cells["lever"]].source}

    return read


def _units() -> Iterator[Record]:
    yield from ({"ends_in": name, "means": text, "kind": "unit"} for name, text in UNITS.items())
    yield from ({"ends_in": name, "means": text, "kind": "no unit"} for name, text in UNITLESS.items())


REGIONS = ("china_mee", "electricity_maps", "electricity_maps_alternative", "ember", "epa_egrid", "places", "water")
KINDS: dict[str, Kind] = {
    name: Kind(name, title, about, files, read)
    for name, title, about, files, read in (
        ("models", "Models", "Dimensions, sizes and licences of language models.",
         ("models/models.csv", "models/ecologits.csv"), _catalog("models")),
        ("ecologits_names", "Closed models by EcoLogits' names", "Which of its services each closed model is.",
         ("models/ecologits_names.csv",), _file("models/ecologits_names.csv")),
        ("aliases", "Names in files", "What services, bills, meters and clouds call the entries of this catalog.",
         ("aliases/aliases.csv",), lambda: _records(read_aliases().values())),
        ("hardware", "Accelerators", "Accelerators and CPU servers: peaks, memory, power, making.",
         ("hardware/hardware.csv",), _catalog("hardware")),
        ("regions", "Grids", "Carbon and water of electricity by country, state or zone.",
         tuple(f"regions/{name}.csv" for name in (*REGIONS, "world")), _catalog("regions")),
        ("cloud_regions", "Cloud regions", "Which grid a provider's region stands on, and what it publishes.",
         ("cloud/cloud_regions.csv", "cloud/gcp_carbon_free.csv"), _catalog("cloud_regions")),
        ("hourly_zones", "Grids by the hour",
         "Zones with a reference year of hours: 2023 in a few figures, and how far its hours can be trusted.",
         ("grid_hourly/zones.csv", "grid_hourly/days.csv", "grid_hourly/shapes.csv"),
         lambda: _records(hourly.zones().values())),
        ("published_shifts", "Published savings of shifting", "Beside ours; what was not reproduced says why.",
         ("shifting/published.csv",), lambda: _records(published.published_shifts().values())),
        ("live_services", "Live intensity: services", "What each service that can be switched on counts. No figures.",
         ("live/services.csv",), lambda: _records(live.live_services().values())),
        ("live_zones", "Live intensity: zones", "What services call regions, where their documentation says so.",
         ("live/zones.csv",), lambda: _records(live.live_zones().values())),
        ("facilities", "Sites", "Published PUE, WUE and off-site water.",
         ("facilities/facilities.csv",), _catalog("facilities")),
        ("prices", "Prices", "Accelerator-hours, electricity and carbon.", ("prices/prices.csv",), _catalog("prices")),
        ("assumptions", "Assumptions", "What the engine takes where a plan is silent, with its 80 % range.",
         ("assumptions.csv",), _catalog("assumptions")),
        ("precisions", "Number formats", "Bytes a weight takes.", ("precisions.csv",), _catalog("precisions")),
        ("provider_fleet", "Providers' fleet", "What a bought service may run on, and how likely.",
         ("provider_fleet.csv",), _catalog("provider_fleet")),
        ("emission_factors", "Ways of generating", "Carbon by way of generating; for files of generation you bring.",
         ("emission_factors.csv",), _catalog("emission_factors")),
        ("equivalents", "Everyday equivalents", "What the Estimate page sets carbon beside.",
         ("equivalents.csv",), _catalog("equivalents")),
        ("projections", "Grid scenarios", "Carbon over future years; grids of a plan that picks one move in step.",
         ("projections/nrel.csv", "projections/oecm.csv"), _projections),
        ("projection_areas", "Areas of grid scenarios", "Which countries the areas of the scenarios hold.",
         ("projections/areas.csv",), _file("projections/areas.csv")),
        ("coefficients", "Fitted coefficients", "What was fitted to measurements, with 80 % ranges of the error.",
         ("validation/fit.json", "validation/fit_training.json"), coefficients),
        ("inference_measurements", "Measurements of answering", "The 712 settings the engine was fitted to.",
         ("validation/inference_measurements.csv",), _file("validation/inference_measurements.csv")),
        ("own_measurements", "Our own measurements", "Plain PyTorch on two boards: beside the fit, never part of it.",
         ("validation/own_measurements.csv",), _file("validation/own_measurements.csv")),
        ("held_out", "Measurements foretold",
         "What the engine says of each setting, fitted with it and without its pair, accelerator type or maker.",
         ("validation/held_out.csv",), _foretold("validation/held_out.csv")),
        ("nested_held_out", "Measurements foretold, terms chosen anew",
         "The energy of each setting by a structure that was chosen without it, and the terms that it leaves out.",
         ("validation/nested_held_out.csv",), _foretold("validation/nested_held_out.csv")),
        ("prompt_lengths", "Prompts of other lengths",
         "Errors where the chat prompts that nobody printed had half or twice the assumed length, fitted anew.",
         ("validation/prompt_lengths.csv",), _foretold("validation/prompt_lengths.csv")),
        ("training_runs", "Published training runs", "Hours and energy as published.",
         ("validation/training_runs.csv",), _file("validation/training_runs.csv")),
        ("training_held_out", "Training runs foretold",
         "Hours and energy of each run: by the fit, by one without it, by one without its developer.",
         ("validation/training_held_out.csv",), _foretold("validation/training_held_out.csv")),
        ("anchors", "Published footprints", "Figures of others for whole queries and runs, to compare with.",
         ("validation/anchors.csv",), _file("validation/anchors.csv")),
        ("ecologits_vectors", "EcoLogits' worked cases", "Sixty questions to its library, with the answers.",
         ("validation/ecologits_vectors.csv",), _file("validation/ecologits_vectors.csv")),
        ("llmcarbon_published", "LLMCarbon's training runs", "Reported figures and its predictions.",
         ("validation/llmcarbon_published.csv",), _file("validation/llmcarbon_published.csv")),
        ("cases", "Checked cases", "Claims of five articles: figures, arithmetic, verdicts, and what each opens.",
         ("cases/cases.csv", "cases/workloads.csv", "cases/levers.csv", "cases/own.csv"), _cases),
        ("levers", "Levers", "What can be changed: term, published range, where it works and where it fails.",
         ("levers/levers.csv",), _catalog("levers")),
        ("lever_operations", "What levers move", "Fields of workloads and columns of the engine.",
         ("levers/operations.csv",), _of_levers("levers/operations.csv")),
        ("lever_parameters", "What levers bring", "Quantities that nobody chooses, drawn over their range.",
         ("levers/parameters.csv",), _of_levers("levers/parameters.csv")),
        ("lever_costs", "What levers take", "Work, electricity and money, once or every year: estimates to start from.",
         ("levers/costs.csv",), _file("levers/costs.csv")),
        ("lever_quality", "What levers take off quality", "Share of the task's score lost; without a row: unknown.",
         ("levers/quality.csv",), _file("levers/quality.csv")),
        ("lever_thresholds", "How far models can be pruned", "The most a family of models takes.",
         ("levers/thresholds.csv",), _catalog("lever_thresholds")),
        ("lever_validation", "Before and after a lever", "Published pairs, and the settings of those we predict.",
         ("levers/validation.csv",), _file("levers/validation.csv")),
        ("lever_presets", "Presets of levers", "A few levers at once, as a start.",
         ("levers/presets.csv",), _of_levers("levers/presets.csv")),
        ("target_rules", "Rules of targets", "Rules of the SBTi in our words, each with its number and criterion.",
         ("targets/rules.csv",), lambda: _records(targets.facts().rules.values())),
        ("target_pathways", "Pathways of targets", "How much each scope must fall by when. Second-hand.",
         ("targets/pathways.csv",), lambda: _records(targets.facts().pathways.values())),
        ("example", "Example's reasons", "Why the example portfolio has its values.",
         ("example/reasons.csv",), _file("example/reasons.csv")),
        ("example_target", "Example's target", "Settings and inventory that the Targets page can be filled with.",
         ("example/target.csv",), _file("example/target.csv")),
        ("sources", "Sources", "Every publication, and how many rows cite it.", ("sources.csv",), _sources),
        ("units", "Units", "The last words of a quantity's name.", (), _units),
    )
}  # fmt: skip


def _keys(record: Record) -> list[str]:
    cells = [str(record[name]) for name in CITING if record.get(name)]
    return list(dict.fromkeys(key for cell in cells for key in cell.split(";") if key))


@lru_cache(maxsize=64)
def table(name: str, today: date) -> Table:
    """One table, as of a day: the age of its rows' sources counts to then."""
    found = [dict(record) for record in KINDS[name].read()]
    cites = any(column in record for record in found[:1] for column in CITING)
    shown = [column for column in (found[0] if found else ()) if column not in CITING]
    headings = tuple(heading(column) for column in shown)
    rows = []
    for record in found:
        cells = tuple(
            sign(record[column]) or record[column] if column == "unit" else cell(record[column]) for column in shown
        )
        if cites:
            keys = tuple(_keys(record))
            where = origin(keys)
            cells += (where.titles, where.licences, where.age_days(today), ";".join(keys))
        elif name == "sources":
            cells += ((today - date.fromisoformat(record["retrieved"])).days,)
        rows.append(cells)
    if cites:
        headings += ("Sources", "Licence of the sources", "Read, days ago", "Keys")
    elif name == "sources":
        headings += ("Read, days ago",)
    texts = tuple(" ".join(str(part) for part in row if part is not None).lower() for row in rows)
    return Table(headings, tuple(rows), texts)


def cell(value: Any) -> Cell:
    """A value as a cell: numbers stay numbers, groups become text, what is not known is empty.

    >>> cell(True), cell(frozenset({"bf16", "fp8"})), cell({"bf16": 989.0}), cell("")
    ('yes', 'bf16, fp8', 'bf16 989', None)
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, frozenset | tuple):
        return ", ".join(sorted(str(part) for part in value))
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {part:g}" for key, part in value.items())
    return None if value == "" else value
