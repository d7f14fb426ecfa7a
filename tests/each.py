"""One test for a law of many things: tries them all and names every one that breaks it."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable

import pytest

Law = Callable[..., None]


def for_each(
    names: str | tuple[str, ...], cases: Iterable[object], ids: Callable[..., object] | None = None
) -> Callable[[Law], Law]:
    """As `pytest.mark.parametrize`, but in one test: thousands of tests take longer to run than their laws."""
    names = (names,) if isinstance(names, str) else names
    listed = list(cases)
    assert listed, "a law of nothing cannot fail"

    def decorated(law: Law) -> Law:
        signature = inspect.signature(law)

        @functools.wraps(law)
        def test(**others: object) -> None:
            broken = []
            for case in listed:
                values = dict(zip(names, case if len(names) > 1 else (case,), strict=True))  # type: ignore[call-overload]
                said = ids(case) if ids else case
                try:
                    law(**others, **values)
                except (AssertionError, pytest.fail.Exception) as error:
                    broken.append(f"{said}: {error}")
                except Exception as error:
                    error.add_note(f"for {said}")
                    raise
            assert not broken, "\n".join([f"{len(broken)} of {len(listed)}:", *broken])

        left = [parameter for name, parameter in signature.parameters.items() if name not in names]
        test.__signature__ = signature.replace(parameters=left)  # type: ignore[attr-defined]
        return test

    return decorated
