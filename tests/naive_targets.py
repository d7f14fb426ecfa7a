"""The probability of meeting targets again, slow and plain, draw by draw. Shares no code with `core`."""

import math


def chances(emissions, allowed):
    """Met by scope and year, all scopes by year, and sums by scope, as shares of draws; nan where one is unknown.

    The second and fourth are of the year and of every one before it.
    """
    scopes, years, draws = len(emissions), len(allowed[0]), len(emissions[0][0])
    met = [[share([under(emissions[s][y][d], allowed[s][y]) for d in range(draws)]) for y in range(years)]
           for s in range(scopes)]  # fmt: skip
    every = [share([together([under(emissions[s][y][d], allowed[s][y]) for s in range(scopes)]) for d in range(draws)])
             for y in range(years)]  # fmt: skip
    lasting = [[share([together([under(emissions[s][past][d], allowed[s][past]) for past in range(y + 1)])
                       for d in range(draws)]) for y in range(years)] for s in range(scopes)]  # fmt: skip
    all_lasting = [share([together([under(emissions[s][past][d], allowed[s][past]) for past in range(y + 1)
                                    for s in range(scopes)]) for d in range(draws)]) for y in range(years)]  # fmt: skip
    sums = [share([under(total(emissions[s][y][d] for y in range(years)), total(allowed[s])) for d in range(draws)])
            for s in range(scopes)]  # fmt: skip
    return met, lasting, every, all_lasting, sums


def total(values):
    found = 0.0
    for value in values:
        found += value
    return found


def under(value, limit):
    """1, 0, or nan where either is unknown."""
    return math.nan if math.isnan(value) or math.isnan(limit) else float(value <= limit)


def together(flags):
    return math.nan if any(math.isnan(flag) for flag in flags) else float(all(flags))


def share(flags):
    return sum(flags) / len(flags)
