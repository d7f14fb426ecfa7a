"""Figures, units and ranges as text.

Signs: true minus, en dash between word joiners, narrow no-break space between thousands, no-break space before a unit.
A number that is missing reads "unknown"; it never reads 0.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import floor, isfinite

from core.units import (
    G_PER_KG,
    KG_PER_T,
    KWH_PER_MWH,
    KWH_PER_TWH,
    L_PER_M3,
    M_PER_KM,
    MG_PER_KG,
    MILLIWH_PER_KWH,
    ML_PER_L,
    PERCENT,
    WH_PER_KWH,
)

THIN = "\u202f"  # between thousands
GLUE = "\u00a0"  # between words that stay on one line
JOINER = "\u2060"  # keeps a line from breaking at a dash
MINUS = "−"
DASH = f"{JOINER}–{JOINER}"
UNKNOWN = "unknown"

SMALLEST = 0.001  # of the unit in use: no figure goes below milli
WIDE_SHARE = 0.1  # a range that leaves the middle by more than this is worth two digits, not three
STEP = 1_000.0  # from one prefix to the next
LEAST_PERCENT, MOST_PERCENT = 0.1, 99.5  # beyond these a share says "under" or "over"


@dataclass(frozen=True, slots=True)
class Scale:
    """A display unit for a whole page: how many base units one of it holds, and what stands around the figure."""

    label: str
    divisor: float
    before: str = ""
    after: str = ""

    def dress(self, text: str) -> str:
        """The figure or range with its unit; a text without a digit, like "unknown", stays bare."""
        at = next((place for place, sign in enumerate(text) if sign.isdigit()), None)
        return text if at is None else f"{text[:at]}{self.before}{text[at:]}{self.after}"


def _unit(label: str, divisor: float) -> Scale:
    return Scale(label, divisor, after=GLUE + label)


MASS = (_unit("t", KG_PER_T), _unit("kg", 1.0), _unit("g", 1 / G_PER_KG))
ENERGY = (
    _unit("TWh", KWH_PER_TWH),
    _unit("GWh", KWH_PER_MWH * STEP),
    _unit("MWh", KWH_PER_MWH),
    _unit("kWh", 1.0),
    _unit("Wh", 1 / WH_PER_KWH),
)
VOLUME = (_unit("m³", L_PER_M3), _unit("l", 1.0))
LENGTH = (_unit("km", 1.0), _unit("m", 1 / M_PER_KM))
# Of one request: a thousandth of the unit is worth a name of its own.
MILLIGRAM = _unit("mg", 1 / MG_PER_KG)
MILLIWATT_HOUR = _unit("mWh", 1 / MILLIWH_PER_KWH)
MILLILITRE = _unit("ml", 1 / ML_PER_L)
WORTH_MILLI = 0.1  # of the smallest plain unit: 0.39 g stays, 0.039 g is 39 mg
MONEY = (
    Scale("$bn", STEP**3, "$", GLUE + "bn"),
    Scale("$m", STEP**2, "$", GLUE + "m"),
    Scale("$k", STEP, "$", "k"),
    Scale("$", 1.0, "$"),
)

COUNTS = (_unit("tn", STEP**4), _unit("bn", STEP**3), _unit("m", STEP**2), Scale("", 1.0))


def _largest_below(value: float, scales: Sequence[Scale]) -> Scale:
    size = abs(value) if isfinite(value) else 0.0
    return next((scale for scale in scales if size >= scale.divisor), scales[-1])


def _or_milli(value: float, scales: Sequence[Scale], milli: Scale) -> Scale:
    """The display unit, its thousandth for what is small beside the smallest."""
    tiny = isfinite(value) and 0 < abs(value) < WORTH_MILLI * scales[-1].divisor
    return milli if tiny else _largest_below(value, scales)


def mass_scale(kg_max: float, small: bool = False) -> Scale:
    """g, kg or t, chosen once from the largest mass on the page; mg too for the `small` figures of one request.

    >>> mass_scale(74_000).label, mass_scale(0.2).label, mass_scale(0.00002, small=True).label
    ('t', 'g', 'mg')
    """
    return _or_milli(kg_max, MASS, MILLIGRAM) if small else _largest_below(kg_max, MASS)


def energy_scale(kwh_max: float, small: bool = False) -> Scale:
    """Wh, kWh, MWh, GWh or TWh, chosen once from the largest energy on the page; mWh too for one request.

    >>> energy_scale(240_000).label
    'MWh'
    """
    return _or_milli(kwh_max, ENERGY, MILLIWATT_HOUR) if small else _largest_below(kwh_max, ENERGY)


def volume_scale(l_max: float, small: bool = False) -> Scale:
    """l or m³, chosen once from the largest volume on the page; ml too for one request.

    >>> volume_scale(410_000).label
    'm³'
    """
    return _or_milli(l_max, VOLUME, MILLILITRE) if small else _largest_below(l_max, VOLUME)


def length_scale(km_max: float) -> Scale:
    """m or km.

    >>> quantity(0.0024, length_scale(0.0024), digits=2)
    '2.4\\xa0m'
    """
    return _largest_below(km_max, LENGTH)


def money_scale(usd_max: float, currency: str = "USD", exchange_rate: float = 1.0) -> Scale:
    """$, $k, $m or $bn, chosen once from the largest amount on the page; or another currency at its rate per dollar.

    >>> quantity(1_200_000, money_scale(1_200_000), digits=2)
    '$1.2\\xa0m'
    >>> quantity(1_200_000, money_scale(1_200_000, "EUR", 0.9), digits=2)
    'EUR\\xa01.1\\xa0m'
    """
    found = _largest_below(usd_max * exchange_rate, MONEY)
    if currency == "USD":
        return found
    label = found.label.replace("$", f"{currency} ").strip()
    return Scale(label, found.divisor / exchange_rate, currency + GLUE, found.after)


def count_scale(largest: float) -> Scale:
    """Millions, billions (bn) or trillions (tn) of things too many to write out.

    >>> count_scale(7.2e10).label, quantity(7.2e10, count_scale(7.2e10))
    ('bn', '72.0\\xa0bn')
    """
    return _largest_below(largest, COUNTS)


def figure(value: float | None, digits: int = 3) -> str:
    """The value to so many significant digits, written out in full.

    >>> figure(1_234.5), figure(-0.047, 2), figure(None), figure(0)
    ('1\\u202f230', '−0.047', 'unknown', '0')
    >>> figure(0.0004), figure(-0.0004)
    ('under 0.001', 'above −0.001')
    """
    if value is None or not isfinite(value):
        return UNKNOWN
    if value == 0:
        return "0"
    if abs(value) < SMALLEST:
        return f"under {SMALLEST}" if value > 0 else f"above {MINUS}{SMALLEST}"
    rounded = Decimal(f"{value:.{digits - 1}e}")
    return f"{rounded:,f}".replace(",", THIN).replace("-", MINUS)


def signed_figure(value: float | None, digits: int = 3) -> str:
    """The figure with its sign in front, for differences.

    >>> signed_figure(22.0, 2), signed_figure(-34.0, 2), signed_figure(0)
    ('+22', '−34', '0')
    """
    text = figure(value, digits)
    return f"+{text}" if value is not None and value >= SMALLEST and isfinite(value) else text


def quantity(value: float | None, scale: Scale, digits: int = 3) -> str:
    """A value in base units, as a figure with the page's unit.

    >>> quantity(74_300, mass_scale(74_300))
    '74.3\\xa0t'
    """
    return scale.dress(figure(None if value is None else value / scale.divisor, digits))


def digits_for(mid: float, low: float, high: float) -> int:
    """How many digits a middle deserves: two when its range leaves it by more than a tenth, else three.

    >>> digits_for(74, 41, 150), digits_for(100, 95, 105)
    (2, 3)
    """
    return 2 if max(high - mid, mid - low) > WIDE_SHARE * abs(mid) else 3


def span(low: float, high: float, scale: Scale, digits: int = 2) -> str:
    """The two ends of a range without their unit: an en dash between plain figures, else "to".

    >>> span(41_000, 150_000, MASS[0])
    '41\\u2060–\\u2060150'
    >>> span(-5_000, 12_000, MASS[0])
    '−5.0\\xa0to\\xa012'
    """
    first, last = (figure(end / scale.divisor, digits) for end in (low, high))
    if UNKNOWN in (first, last):
        return UNKNOWN
    if low == high:
        return ""
    plain = first[0].isdigit() and last[0].isdigit()
    ends = f"{first}{DASH}{last}" if plain else f"{first} to {last}".replace(" ", GLUE)
    return "within rounding".replace(" ", GLUE) if first == last else ends


def with_range(mid: float, low: float, high: float, scale: Scale) -> tuple[str, str]:
    """The middle with its unit, and the range without; both to the digits that the range allows.

    >>> with_range(74_000, 41_000, 150_000, MASS[0])
    ('74\\xa0t', '41\\u2060–\\u2060150')
    """
    digits = digits_for(mid, low, high)
    return quantity(mid, scale, digits), span(low, high, scale, digits)


def thousands(text: str) -> str:
    """A sentence from a room that knows no words: its thousands stand apart as in figures.

    >>> thousands("up to 11,861 tokens, 4")
    'up to 11\\u202f861 tokens, 4'
    """
    return re.sub(r"(?<=\d),(?=\d{3}\b)", THIN, text)


def _whole(value: float) -> str:
    return f"{value:,.0f}".replace(",", THIN).replace("-", MINUS)


def percent(share: float | None) -> str:
    """A share of one, in per cent; nearly none and nearly all never read as none and all.

    >>> percent(0.18), percent(0.056), percent(0.9993)
    ('18\\xa0%', '5.6\\xa0%', 'over 99\\xa0%')
    """
    if share is None or not isfinite(share):
        return UNKNOWN
    value = share * PERCENT
    if 0 < abs(value) < LEAST_PERCENT:
        return f"{'under ' if value > 0 else f'above {MINUS}'}{LEAST_PERCENT}{GLUE}%"
    if MOST_PERCENT <= value < PERCENT:
        return f"over 99{GLUE}%"
    if -PERCENT < value <= -MOST_PERCENT:
        return f"{MINUS}{floor(-value * 10) / 10}{GLUE}%"
    return f"{figure(value, 2) if abs(round(value, 1)) < 10 else _whole(value)}{GLUE}%"


def signed_percent(share: float | None) -> str:
    """A relative change, with its sign.

    >>> signed_percent(-0.042), signed_percent(0.14)
    ('−4.2\\xa0%', '+14\\xa0%')
    """
    text = percent(share)
    return f"+{text}" if share is not None and share > 0 and text[0].isdigit() else text


def plural(number: float, one: str, many: str | None = None) -> str:
    """The noun that fits the number.

    >>> plural(1, "server"), plural(0, "server"), plural(2, "batch", "batches")
    ('server', 'servers', 'batches')
    """
    return one if number == 1 else many or f"{one}s"


def tenths(pct: float) -> str:
    """Per cent to a tenth, as tables of savings have it.

    >>> tenths(12.34), tenths(-0.96), tenths(-1e-9)
    ('12.3\\xa0%', '−1.0\\xa0%', '0.0\\xa0%')
    """
    return f"{round(pct, 1) + 0.0:.1f}{GLUE}%".replace("-", MINUS) if isfinite(pct) else UNKNOWN


def count(number: float, one: str, many: str | None = None) -> str:
    """A number of things; whole numbers are written in full.

    >>> count(8, "accelerator"), count(1, "accelerator"), count(12_345, "request")
    ('8\\xa0accelerators', '1\\xa0accelerator', '12\\u202f345\\xa0requests')
    """
    text = _whole(number) if isfinite(number) and number == round(number) else figure(number)
    return f"{text}{GLUE}{plural(number, one, many)}"
