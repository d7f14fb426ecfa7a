"""How the worth of a whole is shared out among its players: Shapley values from the worth of every set of them."""

import math

import numpy as np
from numpy.typing import NDArray

from core.engine.jit import kernel

Worth = NDArray[np.float64]


@kernel
def run_shapley(worth: Worth, weights: Worth, out: Worth) -> None:
    """Fill the values, (players, columns), from the worth of every set, (2^players, columns); bit k is player k.

    `weights[s]` is the share of all orders in which s given others come before a player and no other does.
    """
    players, columns = out.shape
    for player in range(players):
        for column in range(columns):
            out[player, column] = 0.0
    for some in range(worth.shape[0]):
        size = 0
        for player in range(players):
            size += some >> player & 1
        for player in range(players):
            if some >> player & 1:
                weight = weights[size - 1]
                for column in range(columns):
                    out[player, column] += weight * (worth[some, column] - worth[some ^ (1 << player), column])


def shapley(worth: Worth) -> Worth:
    """Each player's mean over all orders of what it adds when it comes; the values sum to whole less nothing."""
    players = len(worth).bit_length() - 1
    weights = [
        math.factorial(size) * math.factorial(players - size - 1) / math.factorial(players) for size in range(players)
    ]
    out = np.empty((players, worth.shape[1]))
    run_shapley(np.require(worth, np.float64, ("C", "W")), np.array(weights), out)
    return out
