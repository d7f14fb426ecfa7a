"""The recogniser: which tool wrote a meter's file, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from core.imports import codecarbon, dcgm, kepler, mlflow, nvidia_smi, slurm, wandb, zeus
from core.imports.reading import Answers, MeterReading, RefusedError
from core.imports.sheet import MOST_BYTES, text_of, unspread

File = tuple[str, bytes]
HEAD_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Format:
    """One tool's file: how it is called, known and read."""

    kind: str
    recognises: Callable[[str], bool]
    read: Callable[[str, str, Answers], MeterReading]


FORMATS = tuple(
    Format(module.KIND, module.recognises, module.read)
    for module in (codecarbon, zeus, nvidia_smi, dcgm, kepler, slurm, mlflow, wandb)
)
NOTHING_SAID = Answers()
SEVERAL = (dcgm.KIND, kepler.KIND)  # those whose scrapes may come in files of their own


def read_meter(files: Sequence[File], answers: Answers = NOTHING_SAID) -> MeterReading:
    """What the meter's file says; RefusedError in one sentence, UnansweredError where its owner must say more first."""
    if not files:
        raise RefusedError("no file was given")
    texts = [(name, unspread(text_of(name, raw))) for name, raw in files]
    name, text = texts[0]
    found = next((one for one in FORMATS if one.recognises(text)), None)
    if found is None:
        raise RefusedError(f"{name} is none of the files known here: {', '.join(one.kind for one in FORMATS)}")
    if len(files) > 1:
        name, text = _together(found, texts)
    reading = found.read(name, text, answers)
    if reading.energy_kwh <= 0:
        raise RefusedError(f"{name}: the energy adds up to 0; a meter that ran counts some")
    digest = sha256(b"".join(raw for _, raw in files)).hexdigest()
    return replace(reading, files=tuple(name for name, _ in files), file_sha256=digest)


def recognised(text: str) -> str:
    """Which tool wrote it, by its beginning; empty for none of those known here."""
    plain = unspread(text)
    return next((one.kind for one in FORMATS if one.recognises(plain)), "")


def together(files: Sequence[File]) -> list[tuple[File, ...]]:
    """Files that are read together: scrapes of one tool; any other stands alone.

    >>> [[name for name, _ in group] for group in together([("a", b"kepler_x 1"), ("b", b"_timestamp,gpu.0"),
    ...                                                     ("c", b"kepler_x 2")])]
    [['a', 'c'], ['b']]
    """
    found: dict[str, list[File]] = {}
    for name, raw in files:
        kind = recognised(raw[:HEAD_BYTES].decode(errors="replace"))
        found.setdefault(kind if kind in SEVERAL else f"{kind}:{name}", []).append((name, raw))
    return [tuple(some) for some in found.values()]


def _together(found: Format, texts: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Scrapes of several files as one text."""
    if found.kind not in SEVERAL:
        raise RefusedError(f"{len(texts)} files; a {found.kind} is read one at a time")
    if sum(len(text) for _, text in texts) > MOST_BYTES:
        raise RefusedError(f"the files have over {MOST_BYTES:,} bytes together; thin out the scrapes")
    other = next((name for name, text in texts if not found.recognises(text)), "")
    if other:
        raise RefusedError(f"{other} is no {found.kind}")
    return " and ".join(name for name, _ in texts), "\n".join(text for _, text in texts)
