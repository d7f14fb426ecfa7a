"""Why something was not saved or not opened: each error's text is a sentence for the reader."""

from __future__ import annotations

from core.plan.told import one_line


class StoreError(Exception):
    """A sentence for the reader, on one line whatever it quotes."""

    def __init__(self, sentence: str) -> None:
        super().__init__(one_line(sentence))


class NotSavedError(StoreError):
    """Nothing was saved, and nothing of what was saved before is touched."""


class SavingOffError(NotSavedError):
    """There is no place here that may be written to."""


class MovedOnError(NotSavedError):
    """Somebody else saved meanwhile."""


class RefusedError(NotSavedError):
    """Against the rules of review, or a text that cannot be kept."""


class UncertainError(StoreError):
    """The answer to a save was lost: it may or may not have been saved, but never half."""


class NotFoundError(StoreError):
    """No saved plan of that id or name."""


class TamperedError(StoreError):
    """What was read is not what was sealed."""


class OtherSchemaError(StoreError):
    """The store was made by a newer version of the app, or is no store of this app."""


class UnreachableError(StoreError):
    """The database does not answer, or does not let the app in."""
