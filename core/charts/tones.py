"""Which colour a part of a stack has: its own in every chart, whatever its size and whatever stands beside it."""

from collections.abc import Mapping, Sequence

from core.charts.theme import MOST_SERIES, OTHER, Palette

REST = MOST_SERIES  # the grey after the five series: what is left over, or a sixth part
TONES = MOST_SERIES + 1
HARDWARE = 4  # its place among the causes of carbon, for charts that show it beside all others in one


def tones_of(every: Sequence[str], held: Sequence[str], shown: Sequence[str]) -> dict[str, int]:
    """The place in the row of tones of each part shown.

    A part has the place at which it stands among `every` part there is, or the next that is free. Those `held` by the
    unfiltered stack come first, so that a filter changes no colour.

    >>> tones_of("ABCDEFG", ["A", "C", "D", "F", "Other"], ["A", "C", "D", "F", "Other"])
    {'A': 0, 'C': 2, 'D': 3, 'F': 1, 'Other': 5}
    >>> tones_of("ABCDEFG", ["A", "C", "D", "F", "Other"], ["F", "G"])
    {'F': 1, 'G': 0}
    """
    whole = _settled(every, held, {})
    kept = {part: whole[part] for part in shown if part in whole}
    return _settled(every, shown, kept)


def _settled(every: Sequence[str], parts: Sequence[str], taken: Mapping[str, int]) -> dict[str, int]:
    places = {**taken, **({OTHER: REST} if OTHER in parts else {})}
    for part in parts:
        if part not in places:
            home = every.index(part) if part in every else 0
            wanted = [(home + step) % TONES for step in range(TONES)]
            places[part] = next(place for place in wanted if place not in places.values())
    return {part: places[part] for part in parts}


def colours(places: Mapping[str, int], parts: Sequence[str], ink: Palette) -> list[str]:
    """The colours of the parts in their order; without places by their order alone."""
    row = (*ink.series, ink.baseline)
    return [row[places.get(part, REST if part == OTHER else place)] for place, part in enumerate(parts)]
