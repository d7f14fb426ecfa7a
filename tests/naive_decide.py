"""The search again, slow and plain: written from its definitions, sharing no code with `core`."""

from itertools import product
from math import inf


def members(some):
    return {place for place in range(some.bit_length()) if some >> place & 1}


def summed(some, mine, rows):
    """Sums over workloads of the row whose bits are those of its own candidates that are in the set."""
    total = 0.0
    for candidates, table in zip(mine, rows, strict=True):
        row = sum(1 << place for place, candidate in enumerate(candidates) if candidate in members(some))
        total += table[row]
    return total


def worst(some, mine, rows):
    return max(
        [
            table[sum(1 << place for place, candidate in enumerate(candidates) if candidate in members(some))]
            for candidates, table in zip(mine, rows, strict=True)
        ]
        + [0.0]
    )


def cheapest_starts(candidates, cost, takes, years):
    """The least cost of all start years by the set that acts in the last year, and the start years that cost it.

    `cost[year][set]` is what a set costs in a year, `takes[candidate][year]` what a candidate takes that starts then;
    `years` stands for never.
    """
    best = {}
    for starts in product(range(years + 1), repeat=candidates):
        total = sum(takes[one][start] for one, start in enumerate(starts) if start < years)
        for year in range(years):
            total += cost[year][sum(1 << one for one, start in enumerate(starts) if start <= year)]
        last = sum(1 << one for one, start in enumerate(starts) if start < years)
        if total < best.get(last, (inf,))[0]:
            best[last] = (total, starts)
    return best


def grown(before, takes):
    """Of each set the least, over the sets within it, of their cost and what each candidate takes that they lack."""
    return [
        min(
            before[part] + sum(takes[one] for one in members(some & ~part))
            for part in range(some + 1)
            if part & ~some == 0
        )
        for some in range(len(before))
    ]


def ahead(after, takes):
    """Of each set the least, over the sets that hold it, of their cost and what each candidate takes that it lacks."""
    return [
        min(
            after[more] + sum(takes[one] for one in members(more & ~some))
            for more in range(some, len(after))
            if some & ~more == 0
        )
        for some in range(len(after))
    ]


def front(points):
    """Places of the points that none betters: none is as good in all three and better in one, nor alike and before."""
    kept = []
    for place, one in enumerate(points):
        beaten = any(
            all(theirs <= mine for theirs, mine in zip(other, one, strict=True)) and (other != one or at < place)
            for at, other in enumerate(points)
            if at != place
        )
        if not beaten:
            kept.append(place)
    return sorted(kept, key=lambda place: (points[place], place))


def met_share(some, places, rows, work, allowed):
    """The share of draws after the first in which every line is met in every year; none if the first misses."""
    lines, years, draws = rows.shape[1:]
    met = []
    for draw in range(draws):
        totals = {
            (line, year): sum(rows[place][line][year][draw] for place in places)
            + sum(kg[line][year][draw] for one, kg in work.items() if one in members(int(some)))
            for line in range(lines)
            for year in range(years)
        }
        met.append(all(kg <= allowed[line][year] for (line, year), kg in totals.items()))
    return sum(met[1:]) / (draws - 1) if met[0] else 0.0
