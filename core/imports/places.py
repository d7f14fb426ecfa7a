"""Which region, accelerator or machine of the catalog a name in a file stands for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from core import catalog as facts
from core.catalog.aliases import read_aliases
from core.imports.named import Guess, Sure
from core.imports.plain_names import GEOGRAPHY, segments

UNKNOWN = "WORLD"
ZONE = re.compile(r"(?<=\d)-?[a-f]$")  # us-east-1a, europe-west4-b
COUNT = re.compile(r"(?<![a-z0-9.-])(\d{1,4})\s*[x×*]\s*(?=[a-z])")  # 8 x NVIDIA H100, 8xH100
MIG = re.compile(r"\bmig[\s-]+(\d)g(?:\.\d+gb)?")  # a slice of a board: MIG 3g.40gb
MIG_SLICES = 7.0
TOKEN = re.compile(r"[a-z]+|\d+")
LEAST_INSIDE = 2  # letters and digits of a name that may be found inside a longer one
PROVIDERS = {
    "aws": ("aws", "amazon", "bedrock"), "azure": ("azure", "microsoft"), "gcp": ("google", "gcp", "vertex", "gemini"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Board:
    """A known accelerator, or a machine with several: what it is called, and what is to say of it."""

    id: str
    accelerators: float
    called: str
    note: str = ""


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
    by_id = _by_name()
    alias = read_aliases().get(f"region:{said}")
    if alias is not None:
        return Guess(
            alias.id, alias.note or f"{alias.name}, as it is known", "sure" if alias.id != UNKNOWN else "unknown"
        )
    for text in (said, said.replace("_", "-")):
        if text in by_id:
            return Guess(by_id[text], f"{by_id[text]}, as in the catalog")
    return Guess(UNKNOWN, f"'{name[:40]}' is no region known here: the world's mean, a wide range", "unknown")


def called_from(model: str, region: str, service: str) -> tuple[Guess, tuple[str, ...]]:
    """Where a model was called, and what is to say where its name lets the call go further.

    >>> called_from("us.anthropic.claude-opus-5", "", "Amazon Bedrock")[0].id
    'US'
    """
    area = GEOGRAPHY.match(segments(model)[-1])
    if area is None:
        return region_of(region, service), ()
    said = f"the model's name lets a call go to any region of '{area[1]}'"
    return (
        (region_of(region, service), (f"{said}; the file's own is taken",)) if region else (region_of(area[1]), (said,))
    )


def _providers(service: str) -> tuple[str, ...]:
    words = service.lower()
    return tuple(key for key, names in PROVIDERS.items() if any(name in words for name in names))


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    """Places of the catalog by id, by name, and countries by their three letters."""
    catalog = facts.load()
    countries = {key: one for key, one in catalog.regions.items() if one.kind == "country"}
    found = {one.iso3.lower(): key for key, one in countries.items() if one.iso3}
    found |= {one.name.lower(): key for key, one in (*catalog.regions.items(), *countries.items())}
    return found | {key.lower(): key for key in (*catalog.regions, *catalog.cloud_regions)}


def board_tokens(name: str) -> tuple[str, ...]:
    """Letters and digits of a board's name apart, in small letters.

    >>> board_tokens("Tesla V100-SXM2-32GB")
    ('tesla', 'v', '100', 'sxm', '2', '32', 'gb')
    """
    return tuple(TOKEN.findall(name.lower()))


@lru_cache(maxsize=1)
def known_hardware() -> dict[tuple[str, ...], Board]:
    """Every known name of an accelerator or a machine, as tokens."""
    found: dict[tuple[str, ...], Board] = {}
    for alias in read_aliases().values():
        if alias.kind in ("hardware", "machine"):
            found[board_tokens(alias.name)] = Board(alias.id, alias.accelerators or 1.0, alias.name, alias.note)
    for key in facts.load().hardware:
        found[board_tokens(key)] = Board(key, 1.0, key)
    return found


def hardware_of(name: str) -> Guess:
    """The accelerator that a name stands for, and how many a machine of that name holds; blank where unknown.

    >>> hardware_of("NVIDIA H100 80GB HBM3").id, hardware_of("p5.48xlarge").accelerators
    ('H100-SXM', 8.0)
    >>> hardware_of("8 x NVIDIA A100-SXM4-80GB").accelerators, hardware_of("ml.g6.2xlarge").id
    (8.0, 'L4')
    """
    said = " ".join(name.split())
    if not said:
        return Guess("", "the file names no accelerator", "unknown")
    counted = COUNT.search(said.lower())
    slices = MIG.search(said.lower())
    count = (float(counted[1]) if counted else 1.0) * (float(slices[1]) / MIG_SLICES if slices else 1.0)
    words, known = board_tokens(MIG.sub(" ", COUNT.sub(" ", said.lower()))), known_hardware()
    for size in range(len(words), 0, -1):
        for at in range(len(words) - size + 1):
            found = known.get(words[at : at + size])
            if found is not None and (size == len(words) or len("".join(words[at : at + size])) >= LEAST_INSIDE):
                return _board(found, count, size == len(words), " ".join(words[:at] + words[at + size :]))
    return Guess("", f"'{said[:40]}' is no accelerator or machine known here", "unknown")


def _board(found: Board, count: float, whole: bool, rest: str) -> Guess:
    how = f"{found.called}, as it is known" if whole else f"{found.called}; '{rest}' beside it is left aside"
    how += f"; a slice, {found.accelerators * count:.2g} of a board" if count < 1.0 else ""
    more = f"; {found.note}" if found.note else ""
    sure: Sure = "sure" if whole and not found.note else "likely"
    return Guess(found.id, how + more, sure, accelerators=found.accelerators * count)
