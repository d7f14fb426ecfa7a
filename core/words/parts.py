"""Why something measured differs from what was planned, as text."""

from collections.abc import Sequence
from math import isfinite

from core.words.figures import Scale, percent, quantity, signed_figure

CAUSES = {
    "volume": "volume",
    "length": "length of answers",
    "efficiency": "efficiency",
    "grid": "grid",
}


def causes(names: Sequence[str], market: bool = False) -> str:
    """One cause, or several that cannot be told apart; where contracts count, the grid's part is theirs too.

    >>> causes(["volume"]), causes(["volume", "efficiency"]), causes(["grid"], market=True)
    ('volume', 'volume and efficiency together', 'grid and contracts')
    >>> causes(["volume", "efficiency", "grid"])
    'volume, efficiency and grid together'
    """
    said = [("grid and contracts" if market and name == "grid" else CAUSES[name]) for name in names]
    if len(said) == 1:
        return said[0]
    return f"{', '.join(said[:-1])} and {said[-1]} together"


def signed_quantity(value: float, scale: Scale, digits: int = 2) -> str:
    """A difference with its sign and unit.

    >>> from core.words.figures import MASS
    >>> signed_quantity(320.0, MASS[1]), signed_quantity(-0.0, MASS[1])
    ('+320\\xa0kg', '0\\xa0kg')
    """
    return scale.dress(signed_figure(value / scale.divisor, digits))


def why(parts: Sequence[tuple[str, float]], scale: Scale) -> str:
    """The parts of a difference in a row.

    >>> from core.words.figures import MASS
    >>> why([("volume", 320.0), ("efficiency", -287.0)], MASS[1])
    'volume +320\\xa0kg, efficiency −290\\xa0kg'
    """
    return ", ".join(f"{cause} {signed_quantity(value, scale)}" for cause, value in parts)


def measured_said(measured: float, planned: float, inside: bool | None, scale: Scale) -> str:
    """What was measured beside what was planned, in a sentence without its end.

    >>> from core.words.figures import MASS
    >>> measured_said(1_500.0, 1_200.0, False, MASS[1])
    '1\\u202f500\\xa0kg measured where the plan says 1\\u202f200\\xa0kg: 25\\xa0% more, outside its 80 % range'
    >>> measured_said(5.0, 5.0, None, MASS[1])
    '5.00\\xa0kg measured where the plan says 5.00\\xa0kg: as planned'
    """
    place = {True: ", inside its 80 % range", False: ", outside its 80 % range", None: ""}[inside]
    text = f"{quantity(measured, scale)} measured where the plan says {quantity(planned, scale)}"
    share = measured / planned - 1.0 if planned else float("nan")
    if not isfinite(share):
        return f"{text}{place}"
    more = "as planned" if not share else f"{percent(abs(share))} {'more' if share > 0 else 'less'}"
    return f"{text}: {more}{place}"
