"""The slow, obvious twin of sharing out: every order of the players, plain Python, no code of `core`."""

from itertools import permutations


def shapley(worth):
    """Each player's mean gain over all orders; `worth[some]` is a set's, bit k of `some` stands for player k."""
    players = len(worth).bit_length() - 1
    orders = list(permutations(range(players)))
    total = [0.0] * players
    for order in orders:
        some = 0
        for player in order:
            total[player] += worth[some | 1 << player] - worth[some]
            some |= 1 << player
    return [gained / len(orders) for gained in total]
