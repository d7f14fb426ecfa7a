"""A key or password that shows itself to nobody by accident: neither in a log nor in the words of an error."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A text that is read by its `value` alone.

    >>> print(Secret("k3y"), [Secret("k3y")], f"{Secret('k3y')}")
    *** [***] ***
    """

    value: str

    def __repr__(self) -> str:
        """Nothing of it."""
        return "***"

    def __reduce__(self) -> str:
        """It is never stored or sent: a TypeError says so."""
        raise TypeError("a secret is not stored")
