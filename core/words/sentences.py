"""Headlines, changes and dates as text."""

from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Literal

from core.words.figures import DASH, GLUE, JOINER, UNKNOWN, Scale, count, percent, with_range

Tone = Literal["blue", "orange", "gray"]

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
SPECIAL_IN_MARKDOWN = frozenset("\\`*_{}[]()<>#$~|!")


@dataclass(frozen=True, slots=True)
class Change:
    """A difference in words, and the colour of its first word: blue is better, orange worse, gray undecided."""

    tone: Tone
    text: str


def headline(mid: float, low: float, high: float, scale: Scale, what: str, period: str) -> tuple[str, str]:
    """The page's answer, and its range as a phrase that wraps whole. A value without a range has an empty phrase.

    >>> from core.words.figures import mass_scale
    >>> headline(74_000, 41_000, 150_000, mass_scale(150_000), "CO₂e", "a year in 2030")
    ('74\\xa0t\\xa0CO₂e a year in\\xa02030', '80\\xa0%\\xa0range\\xa041\\u2060–\\u2060150\\xa0t')
    """
    middle, ends = with_range(mid, low, high, scale)
    answer = f"{middle}{GLUE}{what}" if what else middle
    phrase = f"80 % range {scale.dress(ends)}".replace(" ", GLUE) if ends else ""
    return f"{answer} {period.replace('in ', 'in' + GLUE)}".rstrip(), phrase


def change(before: float, after: float, low: float, high: float, scale: Scale, period: str = "a year") -> Change:
    """What going from `before` to `after` saves or adds; `low` and `high` are the ends of the range of after - before.

    >>> from core.words.figures import mass_scale
    >>> change(174_000, 143_000, -55_000, -12_000, mass_scale(174_000)).text
    'saves 31\\xa0t a\\xa0year (12\\u2060–\\u206055), 18\\xa0%'
    >>> change(174_000, 143_000, -55_000, 3_000, mass_scale(174_000))
    Change(tone='gray', text='no clear difference')
    """
    difference = after - before
    if not all(map(isfinite, (difference, low, high))):
        return Change("gray", UNKNOWN)
    if difference == 0 or low * high <= 0 or difference * low <= 0:
        return Change("gray", "no clear difference")
    least, most = sorted((abs(low), abs(high)))
    size, ends = with_range(abs(difference), least, most, scale)
    text = f"{'saves' if difference < 0 else 'adds'} {size} {period.replace(' ', GLUE)}".rstrip()
    text += f" ({ends})" if ends else ""
    text += f", {percent(abs(difference / before))}" if before > 0 else ""
    return Change("blue" if difference < 0 else "orange", text)


def capital(text: str) -> str:
    """The text with a capital first letter; the rest stays as it is, and a name with its own capitals too.

    >>> capital("saves 31 t CO₂e"), capital("vLLM metrics")
    ('Saves 31 t CO₂e', 'vLLM metrics')
    """
    return text if text[1:2].isupper() else text[:1].upper() + text[1:]


def years(first: int, last: int) -> str:
    """A run of calendar years.

    >>> years(2026, 2035), years(2026, 2026)
    ('2026\\u2060–\\u20602035', '2026')
    """
    return str(first) if first == last else f"{first}{DASH}{last}"


def days_old(day: date, today: date) -> str:
    """When the data were made, and how long ago that is.

    >>> days_old(date(2026, 6, 26), date(2026, 11, 22))
    'data from 26\\xa0June\\xa02026, 149\\xa0days\\xa0old'
    """
    age = (today - day).days
    made = f"data from {day.day}{GLUE}{MONTHS[day.month - 1]}{GLUE}{day.year}"
    if age < 0:
        return f"{made}, dated ahead of today"
    return f"{made}, {count(age, 'day')}{GLUE}old" if age else f"{made}, today"


def markdown_safe(text: str) -> str:
    """Text in which no sign works as markup: names that people type, and amounts (two "$" would start a formula).

    >>> markdown_safe("*$2* :red[x]")
    '\\\\*\\\\$2\\\\* :\\u2060red\\\\[x\\\\]'
    """
    escaped = "".join(f"\\{sign}" if sign in SPECIAL_IN_MARKDOWN else sign for sign in text)
    return escaped.replace("&", "&amp;").replace(":", f":{JOINER}")


def plan_is_past(last_year: int, today: date) -> str:
    """What to say of a plan that has no year to come; empty of all others.

    >>> plan_is_past(2035, date(2035, 12, 31)), plan_is_past(2035, date(2036, 1, 1))
    ('', 'Every year of this plan is past: it ends in 2035. Its figures stay as they are; set its years anew.')
    """
    if last_year >= today.year:
        return ""
    return f"Every year of this plan is past: it ends in {last_year}. Its figures stay as they are; set its years anew."
