"""The slow, obvious twin of explaining a difference: one factor changes after another, in every order."""

from itertools import permutations


def parts(planned, measured):
    """Each factor's mean step over all orders, for rungs as (requests, kWh, kg)."""
    before, after = quotients(planned, measured), quotients(measured, planned)
    orders = list(permutations(range(len(planned))))
    total = [0.0] * len(planned)
    for order in orders:
        now = list(before)
        for place in order:
            was = product(now)
            now[place] = after[place]
            total[place] += product(now) - was
    return [part / len(orders) for part in total]


def quotients(rungs, others):
    """The first rung, then each over the one before; what is 0 over 0 stays as it is on the other side."""
    found = [rungs[0]]
    for below, rung, other_below, other in zip(rungs, rungs[1:], others, others[1:], strict=False):
        if below:
            found.append(rung / below)
        else:
            found.append(other / other_below if other_below else 0.0)
    return found


def product(factors):
    """All factors multiplied."""
    result = 1.0
    for factor in factors:
        result *= factor
    return result
