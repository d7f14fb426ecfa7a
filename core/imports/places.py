"""Which region, accelerator or machine of the catalog a name in a file stands for."""

from __future__ import annotations

import re
from functools import lru_cache

from core import catalog as facts
from core.catalog.aliases import read_aliases
from core.imports.named import Guess
from core.imports.plain_names import tokens

UNKNOWN = "WORLD"
ZONE = re.compile(r"(?<=\d)-?[a-f]$")  # us-east-1a, europe-west4-b
PROVIDERS = {
    "aws": ("aws", "amazon", "bedrock"), "azure": ("azure", "microsoft"), "gcp": ("google", "gcp", "vertex", "gemini"),
}  # fmt: skip


@lru_cache(maxsize=1)
def known_regions() -> dict[str, list[str]]:
    """Cloud regions by their bare name; a name may be several providers' own."""
    found: dict[str, list[str]] = {}
    for key, region in facts.load().cloud_regions.items():
        found.setdefault(region.region.lower(), []).append(key)
    return found


def region_of(name: str, service: str = "") -> Guess:
    """The place that a name stands for; the world's mean where the file says none, or several.

    >>> region_of("us-east-1").id, region_of("East US 2").id, region_of("europe-west4-b").id, region_of("global").id
    ('aws:us-east-1', 'azure:eastus2', 'gcp:europe-west4', 'WORLD')
    """
    said = " ".join(name.split()).lower()
    if not said:
        return Guess(UNKNOWN, "the file names no region: the world's mean, a wide range", "unknown")
    for text in dict.fromkeys((said, ZONE.sub("", said), said.replace(" ", "").replace("-", ""))):
        keys = known_regions().get(text, [])
        if keys:
            mine = [key for key in keys if key.split(":")[0] in _providers(service)] or keys
            return Guess(
                mine[0], f"{text}, the provider's region", "sure" if len(mine) == 1 else "likely", tuple(mine[1:])
            )
    catalog = facts.load()
    by_id = {key.lower(): key for key in (*catalog.cloud_regions, *catalog.regions)}
    alias = read_aliases().get(f"region:{said}")
    if alias is not None:
        return Guess(
            alias.id, alias.note or f"{alias.name}, as it is known", "sure" if alias.id != UNKNOWN else "unknown"
        )
    if said in by_id:
        return Guess(by_id[said], f"{by_id[said]}, as in the catalog")
    return Guess(UNKNOWN, f"'{name[:40]}' is no region known here: the world's mean, a wide range", "unknown")


def _providers(service: str) -> tuple[str, ...]:
    words = service.lower()
    return tuple(key for key, names in PROVIDERS.items() if any(name in words for name in names))


@lru_cache(maxsize=1)
def known_hardware() -> dict[tuple[str, ...], tuple[str, float, str]]:
    """Every known name of an accelerator or a machine, as tokens: its id, how many it holds, and the name."""
    found: dict[tuple[str, ...], tuple[str, float, str]] = {}
    for alias in read_aliases().values():
        if alias.kind in ("hardware", "machine"):
            found[tokens(alias.name)] = (alias.id, alias.accelerators or 1.0, alias.name)
    for key in facts.load().hardware:
        found[tokens(key)] = (key, 1.0, key)
    return found


def hardware_of(name: str) -> Guess:
    """The accelerator that a name stands for, and how many a machine of that name holds; blank where unknown."""
    said = " ".join(name.split())
    if not said:
        return Guess("", "the file names no accelerator", "unknown")
    found = known_hardware().get(tokens(said))
    if found is not None:
        return Guess(found[0], f"{found[2]}, as it is known", "sure", accelerators=found[1])
    return Guess("", f"'{said[:40]}' is no accelerator or machine known here", "unknown")
