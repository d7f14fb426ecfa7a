"""The catalog as it was before: some of its facts at the values that a saved plan was made with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from core import catalog as facts
from core.catalog import Catalog
from core.plan.plan import Fact

TABLES = ("models", "hardware", "regions", "cloud_regions", "prices", "assumptions", "precisions")
PEAK = "peak_tflops:"  # before the number format of a peak
PARAMETERS = "lever_parameters"  # whose key is lever|parameter|accelerator


@lru_cache(maxsize=1024)
def as_then(then: tuple[Fact, ...]) -> Catalog:
    """Today's catalog with these facts in place of its own; one that names no record of today changes nothing."""
    base = facts.load()
    if not then:
        return base
    changed: dict[str, dict[str, dict[str, Any]]] = {}
    for table, key, field, value in then:
        changed.setdefault(table, {}).setdefault(key, {})[field] = value
    tables: dict[str, Any] = {
        table: _with_fields(getattr(base, table), records) for table, records in changed.items() if table in TABLES
    }
    if PARAMETERS in changed:
        tables[PARAMETERS] = _with_parameters(base, changed[PARAMETERS])
    return replace(base, **tables)


def _with_fields(table: Mapping[str, Any], records: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    known = {key: _record(table[key], fields) for key, fields in records.items() if key in table}
    return MappingProxyType({**table, **known})


def _record(record: Any, fields: Mapping[str, Any]) -> Any:
    plain = {name: value for name, value in fields.items() if not name.startswith(PEAK)}
    peaks = {name.removeprefix(PEAK): value for name, value in fields.items() if name.startswith(PEAK)}
    if peaks:
        plain["peak_tflops"] = MappingProxyType({**record.peak_tflops, **peaks})
    return replace(record, **plain)


def _with_parameters(base: Catalog, changed: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    found = {}
    for lever, rows in base.lever_parameters.items():
        keys = (f"{lever}|{one.parameter}|{one.hardware}" for one in rows)
        found[lever] = tuple(
            replace(one, **changed[key]) if key in changed else one for key, one in zip(keys, rows, strict=True)
        )
    return MappingProxyType(found)
