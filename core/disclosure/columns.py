"""The columns of the disclosure file, from `columns.csv`: type, what is required, choices, bounds, unit, meaning."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

PRIMARY_KEY = ("scenario_id", "scenario_version", "workload_id", "year", "stage", "ghg_scope", "origin_correlation_id")
NUMBERS = ("number", "integer")


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `choices` is empty where any value is allowed; `low` and `high` are bounds that may be blank."""

    name: str
    type: str
    required: bool
    choices: tuple[str, ...]
    low: float | None
    high: float | None
    unit: str
    description: str


@lru_cache(maxsize=1)
def columns() -> tuple[Column, ...]:
    """Every column, in the order of the file."""
    with (Path(__file__).parent / "columns.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Column(
                name=row["name"],
                type=row["type"],
                required=row["required"] == "1",
                choices=tuple(word for word in row["choices"].split(";") if word),
                low=float(row["low"]) if row["low"] else None,
                high=float(row["high"]) if row["high"] else None,
                unit=row["unit"],
                description=row["description"],
            )
            for row in csv.DictReader(file)
        )


def schema() -> dict[str, object]:
    """The columns as a Table Schema of Frictionless."""
    return {
        "name": "scenario",
        "title": "A plan of language models: one row a workload, year, stage and scope (and category of scope 3)",
        "fields": [_field(column) for column in columns()],
        "missingValues": [""],
        "primaryKey": list(PRIMARY_KEY),
    }


def _field(column: Column) -> dict[str, object]:
    choices: list[object] = [int(word) if column.type == "integer" else word for word in column.choices]
    limits: dict[str, object] = {"required": True} if column.required else {}
    limits |= {"enum": choices} if choices else {}
    limits |= {"minimum": column.low} if column.low is not None else {}
    limits |= {"maximum": column.high} if column.high is not None else {}
    field: dict[str, object] = {"name": column.name, "type": column.type, "description": column.description}
    field |= {"unit": column.unit} if column.unit else {}
    field |= {"trueValues": ["true"], "falseValues": ["false"]} if column.type == "boolean" else {}
    return field | ({"constraints": limits} if limits else {})
