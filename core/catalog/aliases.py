"""Names in the wild: what services, bills and meters call a model, an accelerator, a machine or a region."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.catalog.records import Hardware, Model
from core.catalog.rows import Row, columns_of, frozen, keyed, read, record
from core.catalog.tables import checked

FILE = "aliases/aliases.csv"
ECOLOGITS = "models/ecologits_names.csv"
ECOLOGITS_COLUMNS = ("provider", "name", "model", "main", "left_out", "source")
KINDS = ("model", "service", "hardware", "machine", "region")
# What a name of kind `service` answers with where no chat is answered.
SERVICES = ("embedding", "image", "speech", "video", "moderation", "ranking")
LEFT_OUT = {"pictures, not chat": "image", "speech, not chat": "speech"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """A name and the catalog id it stands for; a machine holds several accelerators, or a share of one."""

    kind: str
    name: str
    id: str
    accelerators: float | None
    status: str
    source: str
    note: str = ""


def aliases(
    folder: Path,
    sources: Collection[str],
    models: Mapping[str, Model],
    hardware: Mapping[str, Hardware],
    places: Collection[str],
) -> Mapping[str, Alias]:
    """Every alias by `kind:name`, its id known to the catalog."""
    known: Mapping[str, Collection[str]] = {
        "model": models, "service": SERVICES, "hardware": hardware, "machine": hardware, "region": places,
    }  # fmt: skip
    rows = checked(read(folder, FILE, columns_of(Alias)), sources)
    rows += [closed_name(row) for row in checked(read(folder, ECOLOGITS, ECOLOGITS_COLUMNS), sources, statuses=())]
    return frozen({key: alias(row, known) for key, row in keyed(rows, alias_key, "name").items()})


def closed_name(row: Row) -> Row:
    """A name of EcoLogits' list as an alias."""
    model = row.cells["model"]
    if not model and row.cells["left_out"] not in LEFT_OUT:
        row.fail("left_out", f"must be one of {', '.join(LEFT_OUT)} where no model is named")
    kind, key = ("model", model) if model else ("service", LEFT_OUT[row.cells["left_out"]])
    cells = {"kind": kind, "name": row.text("name"), "id": key, "accelerators": "", "status": "secondary"}
    return Row(row.file, row.line, {**cells, "source": row.text("source"), "note": ""})


def alias_key(row: Row) -> str:
    """The key, as in `model:gpt-4o`; small and capital letters are the same name."""
    row.one_of("kind", KINDS, "kind of name")
    return f"{row.text('kind')}:{row.text('name').lower()}"


def alias(row: Row, known: Mapping[str, Collection[str]]) -> Alias:
    """One name whose id is in the catalog; machines, and no others, count accelerators."""
    kind = row.text("kind")
    row.one_of("id", known[kind], kind)
    if (kind == "machine") != bool(row.cells["accelerators"]):
        row.fail("accelerators", "a machine names how many it holds, and no other kind does")
    if kind == "machine" and row.number("accelerators") <= 0:
        row.fail("accelerators", "not above 0")
    return record(Alias, row)


@lru_cache(maxsize=1)
def read_aliases() -> Mapping[str, Alias]:
    """The project's own aliases, read once."""
    from core import catalog

    found = catalog.load()
    places = {*found.cloud_regions, *found.regions}
    return aliases(catalog.FOLDER, found.sources, found.models, found.hardware, places)
