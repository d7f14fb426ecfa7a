"""How much one asker, and all together, may take of a server: questions a minute, and tables worked out at once."""

from __future__ import annotations

import threading
from collections import OrderedDict

from core.door.ask import NoAnswerError
from core.units import MIN_PER_H, S_PER_H

S_PER_MIN = S_PER_H / MIN_PER_H
MOST_A_MINUTE = 300  # questions of one asker, who may save them up
MOST_ASKERS = 10_000  # kept in mind; whoever asked longest ago is forgotten
AT_ONCE = 2  # tables worked out, each on a core
WAITING = 8  # questions in line behind them
WAIT_S = 30.0  # for an answer


class Rate:
    """Questions of each asker: a bucket that holds a minute's worth and fills by itself."""

    def __init__(self, most_a_minute: int = MOST_A_MINUTE) -> None:
        self.most = float(most_a_minute)
        self.left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self.lock = threading.Lock()

    def take(self, asker: str, now_s: float) -> None:
        """Count a question; NoAnswerError with 429 where the asker's bucket is empty."""
        with self.lock:
            left, since_s = self.left.pop(asker, (self.most, now_s))
            left = min(self.most, left + (now_s - since_s) * self.most / S_PER_MIN)
            self.left[asker] = (left - 1.0 if left >= 1.0 else left, now_s)
            if len(self.left) > MOST_ASKERS:
                self.left.popitem(last=False)
        if left < 1.0:
            wait_s = (1.0 - left) * S_PER_MIN / self.most
            raise NoAnswerError(
                429, f"More than {self.most:.0f} questions in a minute came from here; ask again in a moment.", wait_s
            )


class Line:
    """Who waits for a table to be worked out, and who is at it: neither may grow without end."""

    def __init__(self, most: int = AT_ONCE + WAITING) -> None:
        self.most = most
        self.inside = 0
        self.lock = threading.Lock()

    def enter(self) -> None:
        """Take a place; NoAnswerError with 503 where there is none."""
        with self.lock:
            if self.inside >= self.most:
                raise NoAnswerError(
                    503,
                    f"{self.inside} tables are being worked out or wait for it, as many as this server takes.",
                    15.0,
                )
            self.inside += 1

    def leave(self) -> None:
        """Give the place back."""
        with self.lock:
            self.inside -= 1
