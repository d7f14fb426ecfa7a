"""A sample: a count of draws that brings its scores along, and what is kept of figures that rest on one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from functools import _lru_cache_wrapper

Result = TypeVar("Result")
MOST_LARGE = 3  # results that are kept of those that are large


class Sample(int):
    """A count of draws with the scores of every factor by its name: it stands wherever a count of draws does.

    `scores` are (factors, draws); a factor without any has score 0, the central case, in every draw. A sample equals
    itself alone, whatever it holds.
    """

    def __new__(cls, names: Sequence[str], scores: npt.NDArray[np.float64]) -> Sample:
        """As many draws as the scores have columns."""
        return super().__new__(cls, scores.shape[1])

    def __init__(self, names: Sequence[str], scores: npt.NDArray[np.float64]) -> None:
        self._places = {name: place for place, name in enumerate(names)}
        self._scores = np.zeros((len(names) + 1, 1 + scores.shape[1]))
        self._scores[:-1, 1:] = scores
        self._scores.setflags(write=False)

    def of(self, factor: str) -> npt.NDArray[np.float64]:
        """Scores of a factor, (1 + draws,), read-only; the first is the central case."""
        row: npt.NDArray[np.float64] = self._scores[self._places.get(factor, -1)]
        return row

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    def __hash__(self) -> int:
        return id(self)


class Noted(Sample):
    """One draw of the central case that notes which factors are asked for, in the order of asking."""

    def __new__(cls) -> Noted:
        """One draw."""
        return cast(Noted, super().__new__(cls, (), np.zeros((0, 1))))

    def __init__(self) -> None:
        super().__init__((), np.zeros((0, 1)))
        self.asked: dict[str, None] = {}

    def of(self, factor: str) -> npt.NDArray[np.float64]:
        """The central case, twice."""
        self.asked[factor] = None
        return super().of(factor)


def kept(
    most: int, large: Callable[..., bool] | None = None
) -> Callable[[Callable[..., Result]], _lru_cache_wrapper[Result]]:
    """Keep the last results of a function, of large ones few; those of a sample are asked for once, and not kept."""

    def keeping(function: Callable[..., Result]) -> _lru_cache_wrapper[Result]:
        cached, few = lru_cache(maxsize=most)(function), lru_cache(maxsize=MOST_LARGE)(function)

        @wraps(function)
        def found(*args: Any, **named: Any) -> Result:
            for one in (*args, *named.values()) if named else args:  # asked for every figure: so asked briefly
                if isinstance(one, Sample):
                    return function(*args, **named)
            if large is not None and large(*args):
                return few(*args, **named)
            return cached(*args, **named)

        def clear() -> None:
            cached.cache_clear()
            few.cache_clear()

        found.cache_clear = clear  # type: ignore[attr-defined]
        found.cache_info = cached.cache_info  # type: ignore[attr-defined]
        return cast("_lru_cache_wrapper[Result]", found)

    return keeping
