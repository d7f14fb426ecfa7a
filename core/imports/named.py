"""Which model of the catalog a name in a file stands for: a rule for each answer, and no answer without one.

A name is looked up as it is, then without its wrapping, its snapshot's date and its number format. Beyond that the
longest known name inside it counts, unless what is left names another size, version or kind: `gpt-7` and
`gpt-5-ultra` are no `gpt-5`. What no rule answers is of an undisclosed size.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from core import catalog as facts
from core.catalog.aliases import read_aliases
from core.imports.plain_names import FORMAT, OTHER_SIZE, SAME_SIZE, tokens, undated, unwrapped

Sure = Literal["sure", "likely", "unknown"]
UNDISCLOSED = "undisclosed"
CLASSES = ("undisclosed-small", "undisclosed-medium", "undisclosed-large")
MOST_ALTERNATIVES = 5
LEAST_INSIDE = 4  # letters and digits of a name that may be found inside a longer one: not o1
SMALL_WORDS = frozenset(["mini", "nano", "micro", "tiny", "small", "lite", "flash", "haiku"])
# Words of services that answer no chat, where no alias names them.
SERVICE_WORDS = {
    "embed": "embedding", "embedding": "embedding", "embeddings": "embedding", "rerank": "ranking",
    "reranker": "ranking", "whisper": "speech", "tts": "speech", "transcribe": "speech", "image": "image",
    "imagen": "image", "dall": "image", "diffusion": "image", "sora": "video", "veo": "video",
    "moderation": "moderation",
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
    """A known name: the id it stands for or the service it is, and whose word that is."""

    id: str
    service: str
    called: str


NONE = Guess("", "", "unknown")


@lru_cache(maxsize=1)
def known_models() -> Mapping[tuple[str, ...], Known]:
    """Every known name of a model, as tokens. An id of the catalog counts before an alias."""
    found: dict[tuple[str, ...], Known] = {}
    for alias in read_aliases().values():
        if alias.kind in ("model", "service"):
            of_model = alias.kind == "model"
            found[tokens(alias.name)] = Known(alias.id if of_model else "", "" if of_model else alias.id, alias.name)
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
    bare = unwrapped(said)
    plain, day = undated(bare)
    known = known_models()
    for text, how, sure in _readings(said, bare, plain, day):
        if (found := known.get(tokens(text))) is not None:
            return _as(found, how.format(found.called), sure)
    return _inside(bare, plain, day) or _service(plain) or _unknown(said, plain, usd_per_m_tokens)


def _readings(said: str, bare: str, plain: str, day: str) -> tuple[tuple[str, str, Sure], ...]:
    """A name from whole to bare, what is said of each reading, and how sure it is."""
    dated: Sure = "likely" if day else "sure"
    return (
        (said, "{}, as it is known", "sure"),
        (bare, "{}, without the names of provider and publisher", "sure"),
        (plain, f"{{}}, read as its snapshot {day}" if day else "{}, without the mark of its build", dated),
    )


def _as(found: Known, how: str, sure: Sure) -> Guess:
    if found.service:
        return Guess("", f"{how}: {found.service}, no chat", sure, (), found.service)
    return Guess(found.id, how, sure, _beside(found.id))


def _inside(bare: str, plain: str, day: str) -> Guess | None:
    """The longest known name inside a name, where what stands beside it makes no other model of it."""
    text = FORMAT.sub(" ", plain)
    words, known = tokens(text), known_models()
    for size in range(len(words), 0, -1):
        hits = [at for at in range(len(words) - size + 1) if words[at : at + size] in known]
        if len("".join(words[hits[0] : hits[0] + size] if hits else ())) < LEAST_INSIDE:
            continue
        if len({known[words[at : at + size]].id for at in hits}) > 1:
            return None
        rest = words[: hits[0]] + words[hits[0] + size :]
        found = known[words[hits[0] : hits[0] + size]]
        if any(word.isdecimal() or word in OTHER_SIZE or word in SERVICE_WORDS for word in rest):
            return None
        same = all(word in SAME_SIZE for word in rest) and not day
        left = f"; '{' '.join(rest)}' leaves its size as it is" if rest else ", in another number format"
        more = f", read as its snapshot {day}" if day else ""
        return _as(found, f"{found.called}{more}{left}", "sure" if same else "likely")
    return None


def _service(plain: str) -> Guess | None:
    word = next((word for word in tokens(plain) if word in SERVICE_WORDS), "")
    return (
        Guess("", f"'{word}' in its name: {SERVICE_WORDS[word]}, no chat", "likely", (), SERVICE_WORDS[word])
        if word
        else None
    )


def _unknown(said: str, plain: str, usd_per_m_tokens: float | None) -> Guess:
    """A size class: by price, else by a word of the name, else every size there is."""
    others = (UNDISCLOSED, *CLASSES)
    if usd_per_m_tokens is not None and usd_per_m_tokens > 0:
        assumptions = facts.load().assumptions
        small, large = assumptions["import_price_small"].central, assumptions["import_price_large"].central
        found = CLASSES[0 if usd_per_m_tokens < small else 2 if usd_per_m_tokens > large else 1]
        price = f"by its price of {usd_per_m_tokens:,.2f} USD a million tokens"
        how = f"'{said[:60]}' is not known; of an undisclosed size, {price}"
        return Guess(found, how, "unknown", tuple(key for key in others if key != found))
    if SMALL_WORDS & set(tokens(plain)):
        how = f"'{said[:60]}' is not known; its name says that it is a small one"
        return Guess(CLASSES[0], how, "unknown", tuple(key for key in others if key != CLASSES[0]))
    return Guess(UNDISCLOSED, f"'{said[:60]}' is not known; of an undisclosed size", "unknown", CLASSES)


def _beside(key: str) -> tuple[str, ...]:
    """Other models of the same family, by how many tokens their ids share from the front."""
    mine = tokens(key)

    def shared(other: str) -> int:
        theirs = tokens(other)
        return next(
            (n for n, (a, b) in enumerate(zip(mine, theirs, strict=False)) if a != b), min(len(mine), len(theirs))
        )

    others = [(shared(other), other) for other in facts.load().models if other != key]
    near = sorted((pair for pair in others if pair[0] > 0), key=lambda pair: (-pair[0], pair[1]))
    return tuple(other for _, other in near[:MOST_ALTERNATIVES])
