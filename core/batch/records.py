"""Where the records of a CSV end, in bytes: so that blocks are cut between rows and every worker reads its own.

A text with quotes is `plain` when each opens at the start of a cell and closes at its end; then a line break outside
quotes ends a record. Whatever else a file may hold is left to Python's reader, row by row.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

QUOTE, COMMA, LINE_FEED, RETURN = b'",\n\r'
MOST_LINE_BYTES = 131_072  # Python's limit of one cell
Places = npt.NDArray[np.int64]


def end_of_records(data: bytes, whole: bool) -> int:
    """Bytes up to the end of the last record in `data`, 0 where none ends; -1 where it is not plain.

    `whole`: nothing follows.

    >>> end_of_records(b'a,b\\n1,"x\\ny"\\n3', False), end_of_records(b'1,5" or 6"\\n', False)
    (12, -1)
    """
    found = np.frombuffer(data, np.uint8)
    breaks = np.flatnonzero(found == LINE_FEED)
    if b"\0" in data or _alone(found) or _longest(breaks, len(data)) > MOST_LINE_BYTES:
        return -1
    quotes = np.flatnonzero(found == QUOTE) if b'"' in data else np.zeros(0, np.int64)
    ends = breaks[np.searchsorted(quotes, breaks) % 2 == 0] if len(quotes) else breaks
    end = int(ends[-1]) + 1 if len(ends) else 0
    if whole:
        if len(quotes) % 2:
            return -1
        end = len(data)
    return end if _well_placed(found, quotes[: int(np.searchsorted(quotes, end))], end) else -1


def _alone(found: npt.NDArray[np.uint8]) -> bool:
    """Whether a carriage return stands without a line feed behind it."""
    returns = np.flatnonzero(found == RETURN)
    inner = returns[returns + 1 < len(found)]
    return bool((found[inner + 1] != LINE_FEED).any())


def _longest(breaks: Places, size: int) -> int:
    return int(np.diff(breaks, prepend=-1, append=size).max())


def _well_placed(found: npt.NDArray[np.uint8], quotes: Places, end: int) -> bool:
    """Whether quotes open where a cell begins and close where it ends; a doubled one closes and opens at once."""
    opening, closing = quotes[::2], quotes[1::2]
    before = np.where(opening > 0, found[opening - 1], LINE_FEED) if len(opening) else opening
    after = np.where(closing + 1 < end, found[np.minimum(closing + 1, end - 1)], LINE_FEED) if len(closing) else closing
    doubled = np.zeros(len(opening), bool)
    doubled[1:] = opening[1:] == closing[: len(opening) - 1] + 1
    opens = (before == COMMA) | (before == LINE_FEED) | doubled
    closes = (after == COMMA) | (after == LINE_FEED) | (after == RETURN) | (after == QUOTE)
    return bool(opens.all() and closes.all())
