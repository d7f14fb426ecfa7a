"""What the name of a billed item says: which tokens, of which model, and where they may have run.

Providers write it in words of their own. Seen in public price lists and bills: AWS `USE1-Claude4.6Sonnet-input-tokens`,
`USE1-Claude4.6Opus-cache-read-input-token-count-cross-region-global`, `USE1-MP:USE1_InputTokenCount_Global-Units`,
`USW2-anthropic.claude-opus-4-8-mantle-cache-write-tokens-global-standard`; Azure `gpt 4o 1120 cached Inp glbl Tokens`,
`5.4 opt Dz 1M Tokens`, `GPT 5 outpt Glbl 1M Tokens`; Google `Gemini 2.5 Flash GA Thinking Text Output - Predictions`,
`Gemini 3 Flash Text Input Caching Storage`, `Gemini 2.0 Flash Text Input (Long) - Predictions`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from core.imports.usage.record import Amounts
from core.units import MIN_PER_H, S_PER_H

Side = Literal["input", "cached", "written", "output", ""]
GLOBAL = "global"  # the region of what may have run anywhere
GLOBAL_SAID = "items named 'global' may have run in any region: their region is unknown"
BATCH_SAID = "batch usage counts like any other: its lower price is no lower use of energy"
REMEMBERED = 4096

AWS_REGION = re.compile(r"^(?:[A-Z]{2,4}\d?-)?(?:MP:[A-Z]{2,4}\d?_)?")
CAMEL = re.compile(r"(?<=[a-z])(?=(?:Input|Output|Token|Read|Write|Count|Image|Audio)[A-Z_-]|Count$|Tokens?$)")
GAP = r"(?:^|(?<=[\s_\-:/(,]))"  # words begin after a blank, a dash or the like, and end before one
END = r"(?=$|[\s_\-:/),])"


def _word(words: str) -> re.Pattern[str]:
    return re.compile(f"{GAP}(?:{words}){END}", re.IGNORECASE)


CACHE = _word("cached|cache|caching|cchd|cd")
WRITE = _word("write|writes|written|creation|storage write")
STORAGE = _word("storage")
INPUT = _word("input|inp|inpt|prompt")
OUTPUT = _word("output|outp|outpt|opt|completion|generated")
OTHER_OUTPUT = _word("image output|audio output|video output|output image|output audio|speech output")
ANYWHERE = _word("global|glbl|gl")
BATCH = _word("batch")
HOURLY = _word("provisioned|provisionedthroughput|ptu|ptus|modelunits?|reserved")
# Words with which what follows a model's name begins.
NOISE = _word(
    "cached|cache|caching|cchd|cd|write|writes|storage|input|inp|inpt|prompt|output|outp|outpt|opt|completion|generated"
    "|global|glbl|gl|regional|regnl|rgnl|data ?zone|dzone|dz|batch|mantle|standard|priority|flex|thinking|ga|shortco"
    "|longco|cross region|tokens?|on demand|inference|custom model|provisioned|ptus?|modelunits?|1k|1m"
    "|(?:text|image|audio|video|speech)(?=[\\s_-]+(?:input|output|inp|outp|outpt|opt|caching|prompt|tokens?))"
)
NO_LANGUAGE = re.compile(
    r"imagen|veo\b|lyria|chirp|\bdall-?e|gpt.image|\bsora|whisper|\btts\b|canvas|\breel\b|stability|stable.?(?:diffusion|"
    r"image)|rerank|guardrail|knowledge.?base|speech.?to|text.?to.?speech|translat|moderation|grounding|web.?search|flows?"
    r"\b|data.?automation|\bocr\b|code.?interpreter|file.?search|fine.?tun|\bft\b|customi[sz]ation|training|hosting",
    re.IGNORECASE,
)
# Machines with accelerators: Amazon EC2, Azure N series and Google Compute Engine, and accelerators by name.
MACHINE = re.compile(
    r"\b(?:ml\.)?(?:p[2-6]\w*|g[3-7]\w*|trn\d\w*|inf\d\w*|dl\d\w*)\.(?:\d*(?:x?large|metal|nano|micro|medium))\b"
    r"|\b(?:standard_)?n[cdgv]\d+\w*(?:[ _](?:a100|h100|h200|mi300x|a10|t4|v100|gb200|b200))?(?:[ _]v\d)?\b"
    r"|\b(?:a2|a3|a4|a4x|g2|g4)-(?:high|mega|ultra|edge|standard|max)gpu?-\w+\b"
    r"|\b(?:a100|h100|h200|b200|b300|gb200|gb300|l40s?|l4|a10g?|t4|v100|p100|mi[23]\d\d[xa]?|gpus?|tpu\w*|trainium|inferentia)\b"
    r"|\d+x(?:a100|h100|h200|b200|l40s?|l4|a10g?|t4|v100)",
    re.IGNORECASE,
)
ONE_ACCELERATOR = re.compile(r"\bgpus?\b.*\b(?:attached|running)\b|\bnvidia\b.*\bgpu\b|\btpu\w*", re.IGNORECASE)
# Hours that other rows count: of a commitment, of a reserved capacity whose use is billed apart, of a fee on top.
COUNTED_APART = re.compile(r"^commitment\b|\breservation:|ebsoptimized:|management fee", re.IGNORECASE)
HOURS = re.compile(r"^(\d+)?\s*(hours?|hrs?|h|seconds?|s|minutes?|min)$")
PER_H = {"h": 1.0, "s": 1 / S_PER_H, "m": 1 / MIN_PER_H}


@dataclass(frozen=True, slots=True)
class Item:
    """A billed item: whose tokens, which side, and what else its name tells. `side` is blank where it counts none."""

    side: Side
    model: str
    anywhere: bool
    batch: bool
    embedding: bool
    hourly: bool
    storage: bool
    no_language: bool

    def amounts(self, tokens: float, costs: dict[str, float]) -> Amounts:
        """Tokens and costs on the item's side; cached ones count as input too."""
        if self.side == "output":
            return Amounts(output_tokens=tokens, costs=costs)
        return Amounts(input_tokens=tokens, cached_tokens=tokens if self.side == "cached" else 0.0, costs=costs)


@lru_cache(REMEMBERED)
def item_of(name: str) -> Item:
    """What the name of a billed item says."""
    bare = CAMEL.sub(" ", AWS_REGION.sub("", name.strip()))
    embedding = "embed" in bare.lower()
    no_language = bool(NO_LANGUAGE.search(bare) or OTHER_OUTPUT.search(bare))
    return Item(
        side=_side(bare, embedding), model=_model(bare), anywhere=bool(ANYWHERE.search(bare)),
        batch=bool(BATCH.search(bare)), embedding=embedding, hourly=bool(HOURLY.search(bare)),
        storage=bool(CACHE.search(bare) and STORAGE.search(bare)), no_language=no_language,
    )  # fmt: skip


def _side(bare: str, embedding: bool) -> Side:
    if CACHE.search(bare):
        return "written" if WRITE.search(bare) else "cached"
    if OUTPUT.search(bare):
        return "output"
    return "input" if INPUT.search(bare) or embedding else ""


def _model(bare: str) -> str:
    found = NOISE.search(bare)
    return (bare[: found.start()] if found else bare).strip(" -_:/(,")


@lru_cache(REMEMBERED)
def machine_of(*names: str) -> str:
    """The first of these names of one item that is of a machine with accelerators, or of one; blank where none is."""
    if any(COUNTED_APART.search(name) for name in names):
        return ""
    return next((name.strip() for name in names if MACHINE.search(name)), "")


def is_one_accelerator(name: str) -> bool:
    """Whether hours of this item are hours of accelerators, not of machines that hold several."""
    return bool(ONE_ACCELERATOR.search(name))


def hours_in(unit: str) -> float | None:
    """How many hours one unit holds; None where it is none of time."""
    found = HOURS.match(unit.strip().lower())
    return None if found is None else float(found[1] or 1) * PER_H[found[2][0]]
