"""What somebody asks to have measured, read from the words of a command line and checked one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import TypeVar

from core.headless.cases import UnusableError
from core.measure.shape import WEIGHT_BYTE
from core.plan.knob import plain

# Name on the command line: what is usual, what it means.
ARGUMENTS: Mapping[str, tuple[str, str]] = {
    "model": ("llama3.1-8b", "id of the model whose dimensions are built (data/models/models.csv)"),
    "precision": ("bf16", "number format: bf16, fp16 or fp32"),
    "batch": ("1,8,64", "requests side by side; several with commas between"),
    "input": ("150,1500", "tokens of each prompt; several with commas between"),
    "output": ("256", "tokens of each answer"),
    "seconds": ("20", "least length of each measurement, in seconds"),
    "device": ("0", "which accelerator, as nvidia-smi counts them"),
    "memory-share": ("0.9", "share of the accelerator's memory that may be used"),
    "layers": ("", "build only the first so many layers, and say so in the rows; usual: all"),
    "hardware": ("", "the accelerator's id (data/hardware/hardware.csv); usual: by the name of the board"),
}

Number = TypeVar("Number", int, float)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be measured. `layers` of 0 means all, an empty `hardware` the one of the board's name."""

    model: str
    precision: str
    batches: tuple[int, ...]
    inputs: tuple[int, ...]
    output_tokens: int
    seconds_s: float
    device: int
    memory_share: float
    layers: int
    hardware: str
    out: Path


def wish_of(words: Mapping[str, str], out: Path | None) -> Wish:
    """The wish in these words, by the names of ARGUMENTS; UnusableError says what is wrong with the first bad one."""
    if out is None:
        raise UnusableError("out is missing; name the file that rows are added to, as in -o measured.csv")
    if words["precision"] not in WEIGHT_BYTE:
        raise UnusableError(f"precision is '{words['precision']}'; it must be one of {', '.join(WEIGHT_BYTE)}")

    def one(name: str, kind: Callable[[str], Number], low: float, high: float, unit: str) -> Number:
        return _number(name, words[name], kind, low, high, unit)

    def several(name: str, high: float, unit: str) -> tuple[int, ...]:
        return tuple(_number(name, word, int, 1, high, unit) for word in words[name].split(","))

    return Wish(
        model=words["model"],
        precision=words["precision"],
        batches=several("batch", 4_096, "requests"),
        inputs=several("input", 10_000_000, "tokens"),
        output_tokens=one("output", int, 1, 1_000_000, "tokens"),
        seconds_s=one("seconds", float, 1, 3_600, "s"),
        device=one("device", int, 0, 1_023, "as a place in nvidia-smi's list"),
        memory_share=one("memory-share", float, 0.1, 1, "as a share"),
        layers=one("layers", int, 1, 10_000, "layers") if words["layers"] else 0,
        hardware=words["hardware"],
        out=out,
    )


def _number(name: str, word: str, kind: Callable[[str], Number], low: float, high: float, unit: str) -> Number:
    whole = "a whole number in " if kind is int else ""
    must = f"it must lie in {whole}[{plain(low)}, {plain(high)}] {unit}"
    must = must.replace("lie in a whole", "be a whole")
    try:
        found = kind(word.strip())
    except ValueError as error:
        raise UnusableError(f"{name} is '{word.strip()}', not a number; {must}") from error
    if not isfinite(found) or not low <= found <= high:
        raise UnusableError(f"{name} is {word.strip()}; {must}")
    return found
