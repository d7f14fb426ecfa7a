"""The unit in a name, in words and as a sign; and a name as people read it."""

from __future__ import annotations

from core.units import UNITLESS, UNITS

SIGNS = {
    "kwh": "kWh",
    "mwh": "MWh",
    "wh": "Wh",
    "mj": "MJ",
    "w": "W",
    "kg": "kg",
    "km": "km",
    "g": "g",
    "t": "t",
    "l": "l",
    "m3": "m³",
    "usd": "USD",
    "eur": "EUR",
    "gbp": "GBP",
    "s": "s",
    "us": "µs",
    "ms": "ms",
    "h": "h",
    "day": "day",
    "days": "days",
    "years": "years",
    "year": "year",
    "pct": "%",
    "gb": "GB",
    "byte": "byte",
    "bytes": "byte",
    "b": "billion",
    "tokens": "tokens",
    "token": "token",
    "param": "parameter",
    "tflops": "TFLOP/s",
    "tops": "TOP/s",
    "flop": "FLOP",
    "j": "J",
    "mhz": "MHz",
    "c": "°C",
    "bit": "bit",
}
WHOLE = {
    "gb_s": "GB/s",
    "m_tokens": "million tokens",
    "tokens_per_run_m": "million tokens a run",
    "usd_per_m_tokens": "USD/million tokens",
    "j_per_output_token": "J/output token",
    "year": "",
}


def unit_of(name: str) -> str:
    """The unit a name ends in, as the glossary has it: the longest one; empty when it ends in none.

    >>> unit_of("carbon_location_kg"), unit_of("water_source_l_per_kwh"), unit_of("drive")
    ('kg', 'l_per_kwh', '')
    """
    words = name.removesuffix("_low").removesuffix("_high").split("_")
    ends = ("_".join(words[start:]) for start in range(len(words)))
    return next((end for end in ends if end in UNITS or end in UNITLESS), "")


def in_words(unit: str) -> str:
    """What the glossary says of a unit."""
    return UNITS.get(unit) or UNITLESS.get(unit, "")


def sign(unit: str) -> str:
    """The sign of a unit; empty for a count or a ratio.

    >>> sign("g_per_kwh"), sign("usd_per_m_tokens"), sign("pue")
    ('g/kWh', 'USD/million tokens', '')
    """
    if unit in WHOLE:
        return WHOLE[unit]
    if unit not in UNITS:
        return ""
    return "/".join(SIGNS[part] for part in unit.split("_per_"))


def heading(name: str) -> str:
    """A column's name as people read it, with its unit.

    >>> heading("carbon_low_g_per_kwh"), heading("release_year"), heading("pue"), heading("kv_heads")
    ('Carbon low, g/kWh', 'Release year', 'PUE', 'KV heads')
    """
    if name in READ_AS:
        return READ_AS[name]
    unit = unit_of(name)
    mark = sign(unit)
    words = name
    if mark:
        end = next((e for e in ("_low", "_high") if name.endswith(e)), "")
        words = name.removesuffix(end).removesuffix(unit).strip("_") + end
    text = " ".join(ABBREVIATIONS.get(word, word) for word in words.split("_"))
    text = text[:1].upper() + text[1:]
    return f"{text}, {mark}" if mark and text else mark or text


ABBREVIATIONS = {
    word: word.upper()
    for word in ("pue", "wue", "id", "kv", "mfu", "tdp", "fp8", "fp16", "bf16", "fp32", "fp4", "int8", "int4", "gddr")
} | {"params": "parameters", "unece": "UNECE", "url": "address", "iso3": "ISO code", "tf32": "TF32"}
READ_AS = {"d_model": "Width", "output_tokens_per_s": "Output tokens/s", "cited": "Rows that cite it"}
