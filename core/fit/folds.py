"""What is left out of a fit: groups of rows that share a secret, so that no row is foretold by its own kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256

import numpy as np
import numpy.typing as npt

from core.catalog import Catalog
from core.catalog.measured import Measurement

PAIR_FOLDS = 8
SEED = 0

Mask = npt.NDArray[np.bool_]
Key = Callable[[Measurement], str]


def keys(catalog: Catalog) -> Mapping[str, Key]:
    """What each kind of hold-out leaves out at once: a model on an accelerator, a type of it, a maker's models."""
    return {
        "unseen_pair": lambda row: row.pair,
        "unseen_gpu": lambda row: row.hardware,
        "unseen_family": lambda row: catalog.models[row.model].organisation,
    }


def folds(
    rows: Sequence[Measurement], hold_out: str, key: Key, seed: int = SEED, pair_folds: int = PAIR_FOLDS
) -> Iterator[Mask]:
    """The rows left out of each fold, (n,); every row is left out once, together with all of its key.

    Pairs are dealt to a few folds in an order that the seed and their names alone decide; accelerator types and makers
    are left out one at a time.
    """
    names = sorted({key(row) for row in rows}, key=lambda name: sha256(f"{seed}:{name}".encode()).digest())
    parts = pair_folds if hold_out == "unseen_pair" else len(names)
    fold_of = {name: place % parts for place, name in enumerate(names)}
    of_row = np.array([fold_of[key(row)] for row in rows])
    yield from (of_row == fold for fold in range(parts))
