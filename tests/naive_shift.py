"""The shifting problems again, slow and plain, from their statements: brute force and linear programmes.

Shares no code with `core`.
"""

import itertools

import numpy as np
from scipy.optimize import linprog


def span(hours_h):
    """Whole hours and what is left of one."""
    whole = int(hours_h)
    return whole, hours_h - whole


def block_cost(intensity, start, hours_h):
    """Carbon of a 1 kW job that starts there and does not stop."""
    whole, part = span(hours_h)
    return sum(intensity[start : start + whole]) + (part * intensity[start + whole] if part else 0.0)


def blocks(intensity, hours_h, slack):
    """(best start, its cost, cost now, mean over starts) for each release whose window fits."""
    window = int(np.ceil(hours_h)) + slack
    found = []
    for release in range(len(intensity) - window + 1):
        costs = [block_cost(intensity, release + wait, hours_h) for wait in range(slack + 1)]
        found.append((release + int(np.argmin(costs)), min(costs), costs[0], sum(costs) / len(costs)))
    return found


def pauses(intensity, hours_h, slack):
    """The cost of the cheapest hours of each window, the dearest of them in part."""
    whole, part = span(hours_h)
    window = int(np.ceil(hours_h)) + slack
    found = []
    for release in range(len(intensity) - window + 1):
        cheap = sorted(intensity[release : release + window])
        found.append(sum(cheap[:whole]) + (part * cheap[whole] if part else 0.0))
    return found


def restart_cost(intensity, hours, restart_h):
    """Cost of running in exactly these hours: each one after a pause takes the restart's energy too."""
    cost = 0.0
    for place, hour in enumerate(hours):
        resumed = place > 0 and hours[place - 1] != hour - 1
        cost += intensity[hour] * (1 + (restart_h if resumed else 0.0))
    return cost


def restarts(intensity, whole, slack, restart_h):
    """The least cost over every choice of hours, for each release."""
    found = []
    for release in range(len(intensity) - whole - slack + 1):
        choices = itertools.combinations(range(release, release + whole + slack), whole)
        found.append(min(restart_cost(intensity, hours, restart_h) for hours in choices))
    return found


def deferral(intensity, capacity, work, delay):
    """Least carbon of work that may wait, (hours, places), by HiGHS; None where there is no way."""
    hours, places = intensity.shape
    cells = [(hour, place) for hour in range(hours) for place in range(places)]
    arrived = np.cumsum(work)
    upto = np.array([[1.0 if cell[0] <= hour else 0.0 for cell in cells] for hour in range(hours)])
    due = [arrived[-1] if h == hours - 1 else arrived[h - delay] if h >= delay else 0.0 for h in range(hours)]
    slack = 1e-12 * max(arrived[-1], 1.0)
    done = linprog(
        [intensity[cell] for cell in cells],
        A_ub=np.vstack((upto, -upto)),
        b_ub=np.concatenate((arrived, -(np.array(due) - slack))),
        bounds=[(0.0, max(capacity[cell], 0.0)) for cell in cells],
        method="highs",
    )
    return done.fun if done.status == 0 else None


def transport(value, allowed, capacity, work):
    """Least carbon of one hour's work, (origins, regions), by HiGHS; None where there is no way."""
    origins, regions = value.shape
    cells = [(o, r) for o in range(origins) for r in range(regions) if allowed[o, r]]
    if not cells:
        return 0.0 if work.sum() == 0 else None
    of = np.array([[1.0 if cell[0] == o else 0.0 for cell in cells] for o in range(origins)])
    to = np.array([[1.0 if cell[1] == r else 0.0 for cell in cells] for r in range(regions)])
    done = linprog(
        [value[cell] for cell in cells], A_ub=to, b_ub=capacity, A_eq=of, b_eq=work, method="highs",
    )  # fmt: skip
    return done.fun if done.status == 0 else None


def planned(intensity, hours_h, slack, pausing, days):
    """Cost of each release with 28 days behind it, planned on the mean of so many days and scored on the truth."""
    whole, part = span(hours_h)
    window = int(np.ceil(hours_h)) + slack
    found = []
    for release in range(28 * 24, len(intensity) - window + 1):
        by_hour = [np.mean([intensity[release - 24 * day + hour] for day in range(1, days + 1)]) for hour in range(24)]
        foretold = [by_hour[ahead % 24] for ahead in range(window)]
        if pausing:
            order = sorted(range(window), key=lambda ahead: (foretold[ahead], ahead))
            shares = [1.0] * whole + ([part] if part else [])
            cost = sum(s * intensity[release + ahead] for s, ahead in zip(shares, order, strict=False))
        else:
            costs = [block_cost(foretold, wait, hours_h) for wait in range(slack + 1)]
            best = next(wait for wait, cost in enumerate(costs) if cost <= min(costs) * (1 + 1e-12))
            cost = block_cost(intensity, release + best, hours_h)
        found.append(cost)
    return found
