"""Numbers inside the sentences of targets: few digits, thousands parted, never in powers of ten."""

from __future__ import annotations

from core.units import KG_PER_T

LEAST = 1e-4  # below it a number is told as less than it


def figure(value: float) -> str:
    """Three digits, or all of a whole number.

    >>> figure(28.44), figure(2310.4), figure(0.0), figure(0.00001)
    ('28.4', '2,310', '0', 'under 0.0001')
    """
    return _short(value, 3)


def tonnes(kg: float) -> str:
    """Mass in tonnes, four digits.

    >>> tonnes(30_000.0), tonnes(12_345_678.0), tonnes(51_231.6)
    ('30', '12,346', '51.23')
    """
    return _short(kg / KG_PER_T, 4)


def _short(value: float, digits: int) -> str:
    if abs(value) >= 10 ** (digits - 1):
        return f"{value:,.0f}"
    return f"under {LEAST:g}" if 0.0 < abs(value) < LEAST else f"{value:.{digits}g}"
