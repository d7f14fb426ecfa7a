"""Sobol indices and elementary effects again, in plain loops."""


def mean(values):
    return sum(values) / len(values)


def indices(a, b, mixed):
    """First-order and total index of each factor: `a`, `b` are figures, `mixed` those of a with one column of b."""
    both = a + b
    middle = mean(both)
    variance = mean([(value - middle) ** 2 for value in both])
    every = mean(a + b + [value for row in mixed for value in row])
    first = [mean([(y - every) * (m - x) for x, y, m in zip(a, b, row, strict=True)]) / variance for row in mixed]
    total = [mean([(x - m) ** 2 for x, m in zip(a, row, strict=True)]) / 2 / variance for row in mixed]
    return first, total


def effects(walks, values):
    """Elementary effects by factor: each step of each walk moves one factor."""
    found = {}
    for walk, figures in zip(walks, values, strict=True):
        for (before, was), (after, now) in zip(
            zip(walk, figures, strict=True), list(zip(walk, figures, strict=True))[1:], strict=False
        ):
            moved = [place for place, (x, y) in enumerate(zip(before, after, strict=True)) if x != y]
            assert len(moved) == 1
            found.setdefault(moved[0], []).append((now - was) / (after[moved[0]] - before[moved[0]]))
    return found
