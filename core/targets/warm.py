"""Compiles the kernel of targets, or loads it from the cache."""

from __future__ import annotations

import numpy as np

from core.targets.chance import chance


def warm_up() -> None:
    """Run it once, on a single draw."""
    chance(np.zeros((1, 1, 1)), np.zeros((1, 1)))
