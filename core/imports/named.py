"""Which model of the catalog a name in a file stands for: a rule for each answer, and no answer without one.

A name is looked up as it is, then without its wrapping, its build and its snapshot's date. Beyond that the longest
known name inside it counts, unless what is left names another size, version or kind: `gpt-7` and `gpt-5-ultra` are
no `gpt-5`. A name that says how many parameters it has is taken as an open model of that size; any other is of an
undisclosed size, by its price where the file has one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from core import catalog as facts
from core.catalog.aliases import read_aliases
from core.imports.plain_names import (
    FORMAT,
    HOSTS,
    OTHER_SIZE,
    RELEASE,
    SAME_SIZE,
    TIERS,
    segment,
    squeezed,
    tokens,
    undated,
    unwrapped,
    without_build,
)
from core.imports.sized_names import of_that_size

Sure = Literal["sure", "likely", "unknown"]
UNDISCLOSED = "undisclosed"
CLASSES = ("undisclosed-small", "undisclosed-medium", "undisclosed-large")
SIZES = (UNDISCLOSED, *CLASSES)
MOST_ALTERNATIVES = 5
LEAST_INSIDE = 4  # letters and digits of a name that may be found inside a longer one: not o1
LONGEST_SHOWN = 60
SMALL_WORDS = frozenset({"mini", "nano", "micro", "tiny", "small", "lite", "haiku"})
MOVING = frozenset({"latest"})
# Words of services that answer no chat, where no alias names them.
SERVICE_WORDS = {
    "embed": "embedding", "embedding": "embedding", "embeddings": "embedding", "bge": "embedding",
    "gte": "embedding", "voyage": "embedding", "nomic": "embedding", "rerank": "ranking",
    "reranker": "ranking", "whisper": "speech", "tts": "speech", "transcribe": "speech", "audio": "speech",
    "realtime": "speech", "image": "image", "imagen": "image", "dall": "image", "diffusion": "image", "flux": "image",
    "sora": "video", "veo": "video", "video": "video", "lyria": "speech", "moderation": "moderation",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Guess:
    """What a name stands for: a catalog id, how it was found in a sentence, how sure, and what else it may be.

    `service` is set where no chat is answered, as an embedding. A machine holds `accelerators`.
    """

    id: str
    how: str
    sure: Sure = "sure"
    alternatives: tuple[str, ...] = ()
    service: str = ""
    accelerators: float = 1.0


@dataclass(frozen=True, slots=True)
class Known:
    """A known name: the id it stands for or the service it is, what it is called, and what is to say of it."""

    id: str
    service: str
    called: str
    note: str = ""


NONE = Guess("", "", "unknown")


@lru_cache(maxsize=1)
def known_squeezed() -> dict[tuple[str, ...], Known]:
    """The same names with words run together, where that leaves no doubt."""
    found: dict[tuple[str, ...], Known] = {}
    twice: set[tuple[str, ...]] = set()
    for words, known in known_models().items():
        key = squeezed(words)
        if key in found and (found[key].id, found[key].service) != (known.id, known.service):
            twice.add(key)
        found[key] = known
    return {key: known for key, known in found.items() if key not in twice}


@lru_cache(maxsize=1)
def known_models() -> dict[tuple[str, ...], Known]:
    """Every known name of a model, as tokens. An id of the catalog counts before an alias."""
    found: dict[tuple[str, ...], Known] = {}
    for alias in read_aliases().values():
        if alias.kind == "model":
            found[tokens(alias.name)] = Known(alias.id, "", alias.name, alias.note)
        elif alias.kind == "service":
            found[tokens(alias.name)] = Known("", alias.id, alias.name, alias.note)
    for key in facts.load().models:
        found[tokens(key)] = Known(key, "", key)
    return found


def model_of(name: str, usd_per_m_tokens: float | None = None) -> Guess:
    """The model that a name stands for; where none is known, a size class by its price for a million tokens.

    >>> model_of("azure/gpt-4o-mini").id, model_of("gpt-7").id, model_of("gpt-5-nano-2026-01-01").how
    ('gpt-4o-mini', 'undisclosed', 'gpt-5-nano, read as its snapshot 2026-01-01')
    """
    said = " ".join(name.split())
    if not said:
        return Guess(UNDISCLOSED, "the file names no model", "unknown", CLASSES)
    for text, how, sure in _readings(said):
        words = tokens(text)
        found = known_models().get(words) or known_squeezed().get(squeezed(words))
        if found is not None:
            return _as(found, f"{found.called}{how}", sure)
    bare, day = undated(unwrapped(said))
    return (
        _inside(bare, day)
        or _inside(without_build(bare), day)
        or _service(bare)
        or _sized(said, bare)
        or _unknown(said, bare, usd_per_m_tokens)
    )


def model_in_group(group: str) -> Guess | None:
    """The model that a deployment is called after, where a file names deployments and no models; None where none is.

    >>> model_in_group("gpt-4o-mini-prod").id, model_in_group("support-chat")
    ('gpt-4o-mini', None)
    """
    found = model_of(group) if group else NONE
    if found.sure == "unknown" or not found.id:
        return None
    return replace(found, how=f"the file names no model; its deployment is called after {found.how}", sure="likely")


def _readings(said: str) -> Iterator[tuple[str, str, Sure]]:
    """A name from whole to bare, what is said of each reading, and how sure it is."""
    yield said, ", as it is known", "sure"
    for text in dict.fromkeys((segment(said), unwrapped(said))):
        yield text, ", without the names of provider and publisher", "sure"
        yield without_build(text), ", without the mark of its build", "sure"
        plain, day = undated(text)
        if day:
            yield plain, f", read as its snapshot {day}", "likely"
            yield without_build(plain), f", read as its snapshot {day}", "likely"


def _as(found: Known, how: str, sure: Sure) -> Guess:
    """A known name as a guess; one that moves, or stands for an undisclosed size, is never sure."""
    noted = f"{how}; {found.note}" if found.note else how
    if found.service:
        return Guess("", f"{noted}; {found.service}, no chat", sure, (), found.service)
    words = set(tokens(found.called))
    if found.id in SIZES or words & MOVING or (found.note and sure == "sure"):
        sure = "likely"
    return Guess(found.id, noted, sure, _beside(found.id, found.called if found.id in SIZES else found.id))


def _inside(text: str, day: str) -> Guess | None:
    """The longest known name inside a name, where what stands beside it makes no other model of it."""
    words, known = tokens(FORMAT.sub(" ", RELEASE.sub(" ", text))), known_models()
    for size in range(len(words), 0, -1):
        hits = [at for at in range(len(words) - size + 1) if words[at : at + size] in known]
        if not hits or len("".join(words[hits[0] : hits[0] + size])) < LEAST_INSIDE:
            continue
        found = known[words[hits[0] : hits[0] + size]]
        if not any(word.isdecimal() for word in words[hits[0] : hits[0] + size]) and found.called != found.id:
            continue
        if any(known[words[at : at + size]].id != found.id for at in hits):
            return None
        rest = words[: hits[0]] + words[hits[0] + size :]
        return None if _another(found, rest) else _with_rest(found, rest, day)
    return None


def _another(found: Known, rest: tuple[str, ...]) -> bool:
    """Whether the words beside a known name make another model of it."""
    model = facts.load().models.get(found.id)
    tiers = TIERS if model is not None and model.openness == "open" else frozenset()
    other = (OTHER_SIZE | SERVICE_WORDS.keys()) - tiers
    return any(word.isdecimal() or word in other for word in rest)


def _with_rest(found: Known, rest: tuple[str, ...], day: str) -> Guess:
    same = all(word in SAME_SIZE or word in HOSTS for word in rest) and not day and not MOVING & set(rest)
    left = f"; '{' '.join(rest)}' leaves its size as it is" if rest else ", in another number format"
    more = f", read as its snapshot {day}" if day else ""
    return _as(found, f"{found.called}{more}{left}", "sure" if same else "likely")


def _service(plain: str) -> Guess | None:
    word = next((word for word in tokens(plain) if word in SERVICE_WORDS), "")
    if not word:
        return None
    return Guess("", f"'{word}' in its name: {SERVICE_WORDS[word]}, no chat", "likely", (), SERVICE_WORDS[word])


def _sized(said: str, plain: str) -> Guess | None:
    """An open model of the size that a name says it has."""
    found = of_that_size(plain)
    if found is None:
        return None
    near, size = found
    name = facts.load().models[near[0]].name
    how = f"'{said[:LONGEST_SHOWN]}' is not known; its name says {size}: taken as {name}, an open model of that size"
    return Guess(near[0], how, "unknown", (*near[1:MOST_ALTERNATIVES], UNDISCLOSED))


def _unknown(said: str, plain: str, usd_per_m_tokens: float | None) -> Guess:
    """A size class: by price, else by a word of the name, else every size there is."""
    family = _beside("", plain)
    how = f"'{said[:LONGEST_SHOWN]}' is not known; of an undisclosed size"
    found = UNDISCLOSED
    if usd_per_m_tokens is not None and usd_per_m_tokens > 0:
        assumptions = facts.load().assumptions
        small, large = assumptions["import_price_small"].central, assumptions["import_price_large"].central
        found = CLASSES[0 if usd_per_m_tokens < small else 2 if usd_per_m_tokens > large else 1]
        how += f", by its price of {usd_per_m_tokens:,.2f} USD a million input tokens"
    elif SMALL_WORDS & set(tokens(plain)):
        found = CLASSES[0]
        how += ", a small one by its name"
    return Guess(found, how, "unknown", (*(key for key in SIZES if key != found), *family)[: 3 + MOST_ALTERNATIVES])


@lru_cache(maxsize=1024)
def _beside(key: str, called: str) -> tuple[str, ...]:
    """Other models of the same family, by how many tokens their ids share from the front."""
    mine = tokens(called)

    def shared(other: str) -> int:
        pairs = zip(mine, tokens(other), strict=False)
        return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(mine), len(tokens(other))))

    others = [(shared(other), other) for other in facts.load().models if other not in (key, *SIZES)]
    near = sorted((pair for pair in others if pair[0] > 0), key=lambda pair: (-pair[0], pair[1]))
    return tuple(other for _, other in near[:MOST_ALTERNATIVES])
