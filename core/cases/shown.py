"""The units in which cases print figures: what one holds in base units, and which base unit that is."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.units import (
    BYTES_PER_GB,
    FLOP_PER_GFLOP,
    FLOP_PER_ZFLOP,
    G_PER_KG,
    KG_PER_LB,
    KG_PER_T,
    KWH_PER_MWH,
    KWH_PER_TWH,
    PARAMS_PER_B,
    PERCENT,
    TOKENS_PER_B,
    WH_PER_KWH,
)

# Word on screen -> (base unit, how many of it one holds).
SHOWN: Mapping[str, tuple[str, float]] = MappingProxyType(
    {
        "GB": ("byte", BYTES_PER_GB),
        "billion parameters": ("params_total", PARAMS_PER_B),
        "billion tokens": ("tokens", TOKENS_PER_B),
        "of 8 experts": ("experts", 1.0),
        "billion operations a token": ("flop_per_token", FLOP_PER_GFLOP),
        "zettaFLOP": ("flop", FLOP_PER_ZFLOP),
        "bit a weight": ("bit", 1.0),
        "TWh": ("kwh", KWH_PER_TWH),
        "MWh": ("kwh", KWH_PER_MWH),
        "kWh": ("kwh", 1.0),
        "Wh": ("kwh", 1 / WH_PER_KWH),
        "J a token": ("j_per_token", 1.0),
        "W": ("w", 1.0),
        "t": ("kg", KG_PER_T),
        "lb": ("kg", KG_PER_LB),
        "g": ("kg", 1 / G_PER_KG),
        "g/kWh": ("g_per_kwh", 1.0),
        "t of fuel an hour": ("kg_per_h", KG_PER_T),
        "h": ("h", 1.0),
        "homes for a year": ("homes", 1.0),
        "servers": ("servers", 1.0),
        "times": ("ratio", 1.0),
        "%": ("share", 1 / PERCENT),
        "PUE": ("pue", 1.0),
        "tokens a word": ("tokens_per_word", 1.0),
        "examples": ("examples", 1.0),
        "billion visits": ("visits", 1e9),
        "miles a gallon": ("miles_per_gallon", 1.0),
    }
)


def in_unit(value: float, unit: str) -> float:
    """A value in base units, in a unit of the screen.

    >>> in_unit(581_000.0, "MWh")
    581.0
    """
    return value / SHOWN[unit][1]
