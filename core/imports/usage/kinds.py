"""Whose file it is, over everything that can be read here: usage, meters, hours of a grid, and Glidepath's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.imports import hourly, meters
from core.imports.hourly_rows import separator_of
from core.imports.reading import RefusedError
from core.imports.sheet import header_of
from core.imports.usage.decoding import head_of
from core.imports.usage.format import Head
from core.imports.usage.formats import FORMATS
from core.imports.usage.source import Source, is_packed
from core.imports.usage.table import TABLE, why_no_table
from core.plan.told import one_line

Family = Literal["usage", "meter", "hours", "own", "unknown"]
# Files that Glidepath writes or takes elsewhere: columns that tell one, what it is, and where it goes.
OWN = (
    (("record", "first_year", "last_year"), "a plan of Glidepath", "open it under Share"),
    (("scenario_id", "workload_id", "stage"), "results of Glidepath", "they are an answer, not usage: open their plan"),
    (("workload", "period"), "measurements of a plan's workloads", "add it on the page Targets"),
    (("year", "scope", "emissions_t"), "an inventory", "add it on the page Targets"),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A file's family, what it is in words, and where nothing here reads it, why not."""

    family: Family
    kind: str = ""
    why: str = ""


def kind_of(source: Source) -> Kind:
    """Whose file it is, by its beginning."""
    try:
        head = head_of(source)
    except RefusedError as error:
        return Kind("unknown", why=str(error))
    usage = next((one for one in FORMATS if one.recognises(head)), None)
    if usage is not None:
        return Kind("usage", usage.kind)
    meter = meters.recognised(head.text)
    if meter:
        return _unpacked(source, Kind("meter", meter))
    header = header_of(head.text, separator_of(head.text)) if head.columns else []
    hours = next((one.kind for one in hourly.FORMATS if one.recognises(header)), "") if header else ""
    if hours:
        return _unpacked(source, Kind("hours", hours))
    for columns, kind, where in OWN:
        if set(columns) <= set(head.columns):
            return Kind("own", kind, f"{source.name} is {kind}: {where}")
    return Kind("usage", TABLE.kind) if TABLE.recognises(head) else Kind("unknown", why=one_line(nobody_knows(head)))


def _unpacked(source: Source, kind: Kind) -> Kind:
    """That kind; of a packed file why it is not taken, as its hash must be that of the tool's own file."""
    if not is_packed(source):
        return kind
    return Kind("unknown", kind.kind, f"{source.name} is packed with gzip; unpack it, only usage files are read packed")


def nobody_knows(head: Head) -> str:
    """That no format has such a file, with the families that are known."""
    counts = f"{len(FORMATS)} kinds), meters' logs ({len(meters.FORMATS)}), hours of a grid ({len(hourly.FORMATS)})"
    why = f"; as a table it cannot be read: {no_table}" if (no_table := why_no_table(head)) else ""
    known = f"usage exports, bills and logs ({counts}, or a table of tokens"
    return f"{head.name} is none of the files known here: {known}{why}"


def known_kinds() -> dict[str, tuple[str, ...]]:
    """Every kind of file that is known, by family in words."""
    return {
        "usage exports, bills and logs": (*(one.kind for one in FORMATS), TABLE.kind),
        "meters' logs": tuple(one.kind for one in meters.FORMATS),
        "hours of a grid": tuple(one.kind for one in hourly.FORMATS),
    }
