"""The shifting problems again, slow and plain, from their statements: brute force and linear programmes.

Shares no code with `core`.
"""

import itertools

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array


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


def restart_cost(intensity, hours, hours_h, restart_h):
    """Cost of running in exactly these hours, the last in part: each one after a pause takes the restart's energy."""
    cost = 0.0
    for place, hour in enumerate(hours):
        resumed = place > 0 and hours[place - 1] != hour - 1
        cost += intensity[hour] * (min(hours_h - place, 1.0) + (restart_h if resumed else 0.0))
    return cost


def restarts(intensity, hours_h, slack, restart_h):
    """The least cost over every choice of hours, for each release."""
    return [cost for cost, _ in restarts_planned(intensity, intensity, hours_h, slack, restart_h)]


def restarts_planned(planned, came, hours_h, slack, restart_h):
    """(cost by the hours that came, restarts) of the choice of hours that is best as planned, for each release.

    `planned` is a series, or a list of what is foretold of each release's window.
    """
    steps = int(np.ceil(hours_h))
    found = []
    for release in range(len(came) - steps - slack + 1):
        window = planned[release] if isinstance(planned, list) else planned[release : release + steps + slack]
        choices = itertools.combinations(range(steps + slack), steps)
        best = min(choices, key=lambda hours: restart_cost(window, hours, hours_h, restart_h))
        pauses = sum(after - before > 1 for before, after in itertools.pairwise(best))
        found.append((restart_cost(came[release:], best, hours_h, restart_h), pauses))
    return found


def foretold(intensity, release, window, days):
    """What is foretold of each hour of a window: the mean of the same hour of the day over so many days."""
    by_hour = [np.mean([intensity[release - 24 * day + hour] for day in range(1, days + 1)]) for hour in range(24)]
    return [by_hour[ahead % 24] for ahead in range(window)]


def earliest(capacity, work, delay):
    """Whether work that is always served as soon as there is room is done in time: if not, no way is."""
    waiting = []
    for hour, room in enumerate(capacity.clip(0).sum(axis=1)):
        waiting.append([min(hour + delay, len(work) - 1), work[hour]])
        for entry in waiting:
            run = min(entry[1], room)
            entry[1] -= run
            room -= run
        if any(due <= hour and left > 1e-9 for due, left in waiting):
            return False
    return True


def deferrals(cases):
    """Least carbon of work that may wait, a list of (intensity, capacity, work, delay), as one programme by HiGHS."""
    cost, high, rows, columns, signs, bound = [], [], [], [], [], []
    for intensity, capacity, work, delay in cases:
        hours, places = intensity.shape
        first, base = len(cost), len(bound)
        cost += list(intensity.ravel())
        high += list(capacity.clip(0).ravel())
        arrived = np.cumsum(work)
        due = [arrived[-1] if h == hours - 1 else arrived[h - delay] if h >= delay else 0.0 for h in range(hours)]
        bound += [*arrived, *(1e-12 - np.array(due))]
        for hour in range(hours):
            for spot in range((hour + 1) * places):
                rows += [base + hour, base + hours + hour]
                columns += [first + spot] * 2
                signs += [1.0, -1.0]
    matrix = csr_array((signs, (rows, columns)), (len(bound), len(cost)))
    done = linprog(cost, A_ub=matrix, b_ub=bound, bounds=np.column_stack((np.zeros(len(cost)), high)), method="highs")
    assert done.status == 0
    ends = np.cumsum([intensity.size for intensity, *_ in cases])
    return [part.sum() for part in np.split(np.array(cost) * done.x, ends[:-1])]


def transports(value, allowed, capacity, work):
    """Least carbon of each hour's work, value (hours, origins, regions), by HiGHS; None where there is no way.

    Work that finds no room may be left at a price above all others: an hour that leaves some has no way. All hours are
    one programme, since none touches another.
    """
    hours, origins, regions = value.shape
    dear = 1e4 * value.max()
    cells = [(h, o, r) for h in range(hours) for o in range(origins) for r in range(regions) if allowed[o, r]]
    left = [(h, o) for h in range(hours) for o in range(origins)]
    spots = np.arange(len(cells))
    h, o, r = np.array(cells).T
    into = csr_array((np.ones(len(cells)), (h * regions + r, spots)), (hours * regions, len(cells) + len(left)))
    row, column = np.concatenate((h * origins + o, np.arange(len(left)))), np.arange(len(cells) + len(left))
    of = csr_array((np.ones(len(column)), (row, column)))
    cost = np.concatenate((value[h, o, r], np.full(len(left), dear)))
    done = linprog(cost, A_ub=into, b_ub=capacity.ravel(), A_eq=of, b_eq=work.ravel(), method="highs")
    assert done.status == 0
    undone = done.x[len(cells) :].reshape(hours, origins).sum(axis=1)
    carbon = np.bincount(h, value[h, o, r] * done.x[: len(cells)], hours)
    return [None if undone[hour] > 1e-7 else carbon[hour] for hour in range(hours)]


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


def placed_daily(table, work, delay, days):
    """Carbon of work that is placed and timed each midnight on the mean of so many days, with room for all."""
    waiting, carbon = [], 0.0
    for midnight in range(28 * 24, len(table), 24):
        by_hour = np.array([
            np.mean([table[midnight - 24 * day + hour] for day in range(1, days + 1)], axis=0) for hour in range(24)
        ])  # fmt: skip
        today = range(midnight, min(midnight + 24, len(table)))
        waiting += [(hour, min(hour + delay, len(table) - 1), work[hour]) for hour in today]
        kept = []
        for arrival, due, amount in waiting:
            choices = [(by_hour[(h - midnight) % 24, p], h, p) for h in range(max(arrival, midnight), due + 1)
                       for p in range(table.shape[1])]  # fmt: skip
            _, hour, place = min(choices)
            if hour in today:
                carbon += amount * table[hour, place]
            else:
                kept.append((arrival, due, amount))
        waiting = kept
    return carbon


def planned_daily(intensity, work, delay, days):
    """When waiting work runs, planned each midnight on the mean of so many days, without any limit of capacity."""
    load = np.zeros(len(intensity))
    waiting = []
    for midnight in range(28 * 24, len(intensity), 24):
        by_hour = [np.mean([intensity[midnight - 24 * day + hour] for day in range(1, days + 1)]) for hour in range(24)]
        today = range(midnight, min(midnight + 24, len(intensity)))
        waiting += [(hour, min(hour + delay, len(intensity) - 1), work[hour]) for hour in today]
        kept = []
        for arrival, due, amount in waiting:
            choices = range(max(arrival, midnight), due + 1)
            best = min(choices, key=lambda hour: (by_hour[(hour - midnight) % 24], hour))
            if best in today:
                load[best] += amount
            else:
                kept.append((arrival, due, amount))
        waiting = kept
    return load
