"""How near the nearest measurement is: the grades, and the spans and kinds of what was measured."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from core.catalog import Model
from core.engine.coefficients import BANDS
from core.engine.power import band
from core.plan.knob import plain

Grade = Literal["metered", "measured", "near", "extrapolated", "entered"]
GRADES: dict[Grade, str] = {
    "metered": "Metered",
    "measured": "Measured",
    "near": "Near a measurement",
    "extrapolated": "Extrapolated",
    "entered": "Entered",
}
KINDS = {"dense": "dense model", "moe": "mixture of experts", "moe_block_fp8": "block-FP8 mixture of experts"}


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near it is, in a clause and in whole sentences.

    `hold_out` names the rows that tell its error: those of pairs, or of accelerators, that the fit had not seen.
    `told` is false where the case lies outside what those rows can tell.
    """

    grade: Grade
    what: str
    reasons: tuple[str, ...]
    kind: str = ""
    band: str = ""
    hold_out: str = ""
    told: bool = True
    low_factor: float = 1.0  # of a meter, the ends of its own range
    high_factor: float = 1.0

    @property
    def line(self) -> str:
        """Grade and clause, as a page and a file show them."""
        return f"{GRADES[self.grade]}: {self.what}"


@dataclass(frozen=True, slots=True)
class Span:
    """The least and the most that was measured of a quantity."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Whether a value lies in it, ends included."""
        return self.low <= value <= self.high

    def __str__(self) -> str:
        """As in a sentence: one number where both ends read the same."""
        ends = number(self.low), number(self.high)
        return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def span_of(values: Iterable[float]) -> Span:
    """The span of some values, of which there must be one."""
    found = list(values)
    return Span(min(found), max(found))


def number(value: float) -> str:
    """A number inside a sentence: two digits of what is small, whole numbers above ten.

    >>> number(4095.02), number(7.45), number(1.0), number(0.000021)
    ('4,095', '7.5', '1', '0.000021')
    """
    return f"{value:,.0f}" if value >= 10 else plain(float(f"{value:.2g}"))


def listed(names: Iterable[str]) -> str:
    """Names in a sentence, each once, in order.

    >>> listed(["B200", "A40", "H100", "A40"])
    'A40, B200 and H100'
    """
    found = sorted(set(names))
    return " and ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found)


def kind_of(model: Model, precision: str) -> str:
    """The class of a model in a number format, as the ranges of the error have it."""
    if not model.is_moe:
        return "dense"
    return "moe_block_fp8" if model.fp8_block and precision == "fp8" else "moe"


def band_of(batch: float) -> str:
    """The band of requests at a time, as the ranges of the error have it.

    >>> band_of(1), band_of(16), band_of(17), band_of(500)
    ('b1', 'b2_16', 'b17_128', 'b129_up')
    """
    return BANDS[int(band(batch))]
