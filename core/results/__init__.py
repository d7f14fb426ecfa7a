"""Plan -> columns -> kernels -> figures: the one way."""

from core.results.figures import DRAWS, Results, interval, of

__all__ = ["DRAWS", "Results", "interval", "of"]
