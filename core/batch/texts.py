"""Columns as the bytes of a CSV, letter for letter as Python writes them: its shortest digits, its quotes."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

LEAST_PLAIN, MOST_PLAIN = 1e-4, 1e10  # between them pyarrow writes a float as Python does
# Below 1e-6 pyarrow writes 2e-7 where Python writes 2e-07; from there to 1e-4 it writes 0.000002 and 0.00002.
SMALL = (
    (r"e-(\d)$", r"e-0\1"),
    (r"^0\.0000([1-9])(\d+)$", r"\1.\2e-05"),
    (r"^0\.0000([1-9])$", r"\1e-05"),
    (r"^0\.00000([1-9])(\d+)$", r"\1.\2e-06"),
    (r"^0\.00000([1-9])$", r"\1e-06"),
)


def float_texts(values: npt.NDArray[np.float64]) -> Any:
    """Each number as `repr` writes it.

    >>> float_texts(np.array([0.1, 2e-07, 2.5e-05, 3e-05, 1.2e-06, 1e10, 5.0, float("nan")])).to_pylist()
    ['0.1', '2e-07', '2.5e-05', '3e-05', '1.2e-06', '10000000000.0', '5.0', 'nan']
    """
    found = pc.cast(pa.array(values), pa.string())
    with np.errstate(invalid="ignore"):
        odd = (values <= 0) | (values >= MOST_PLAIN) | (values == np.rint(values))  # both write nan as nan
        small = (values < LEAST_PLAIN) & ~odd
    if small.any():
        mended = found.filter(pa.array(small))
        for pattern, replacement in SMALL:
            mended = pc.replace_substring_regex(mended, pattern, replacement)
        found = pc.replace_with_mask(found, pa.array(small), mended)
    if odd.any():
        found = pc.replace_with_mask(
            found, pa.array(odd), pa.array([repr(v) for v in values[odd].tolist()], pa.string())
        )
    return found


def _set_in_quotes() -> str:
    """The signs for whose sake Python's writer puts a cell in quotes, as a regular expression; versions differ."""
    found = []
    for sign in ',"\n\r':
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerow([f"a{sign}a"])
        found += [sign] if out.getvalue().startswith('"') else []
    return f"[{''.join(found)}]"


NEEDS_QUOTES = _set_in_quotes()


def quoted(texts: Any) -> Any:
    """Texts with the quotes that a CSV needs, as Python's writer sets them.

    >>> quoted(pa.array(["a", "a,b", '5" disk'])).to_pylist()
    ['a', '"a,b"', '"5"" disk"']
    """
    found = pc.match_substring_regex(texts, NEEDS_QUOTES)
    if not pc.any(found).as_py():
        return texts
    doubled = pc.replace_substring(texts.filter(found), '"', '""')
    return pc.replace_with_mask(texts, found, pc.binary_join_element_wise('"', doubled, '"', ""))


def lines(columns: Sequence[Any]) -> bytes:
    """Rows of a CSV from columns of finished texts.

    >>> lines([pa.array(["1", "2"]), pa.array(["a", ""])])
    b'1,a\\n2,\\n'
    """
    last = pc.binary_join_element_wise(columns[-1], "\n", "")
    rows = pc.binary_join_element_wise(*columns[:-1], last, ",")
    whole = pc.binary_join(pa.ListArray.from_arrays(pa.array([0, len(rows)], pa.int32()), rows), "")[0]
    joined: bytes = whole.as_buffer().to_pybytes()
    return joined
