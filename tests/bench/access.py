"""Whether everybody can use it: what axe-core finds on every page, at both sizes and in both schemes.

`python -m tests.bench access` tells each view; `python -m tests.browser.look --out FOLDER` also takes its picture.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.figure import Figure, at_most

NAME = "accessibility: serious violations"
NOT_RUN = (Figure(NAME, None, "found", at_most(0)),)


def lines() -> Iterator[str | Figure]:
    """Each view with what is wrong with it, and how many faults there are in all."""
    from tests.browser.look import SCHEMES, SIGNED_OUT, SIZES, VIEWS, walk

    seen = []
    for one in walk((*VIEWS, SIGNED_OUT)):
        seen.append(one)
        yield str(one)
    looks = f"{len(SIZES)} sizes, {' and '.join(SCHEMES)}"
    note = f"{len(seen)} views, {looks}; axe-core by WCAG 2.2 A and AA, no sideways scrolling, no error of the console"
    yield Figure(NAME, float(sum(len(one.wrong) for one in seen)), "found", at_most(0), note)
