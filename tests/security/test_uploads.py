"""A file longer than its page takes is refused by the server, whatever the browser let through."""

from __future__ import annotations

import pytest

from core import table
from core.plan.example import example_plan
from core.ui import dropped, state

MOST_MB = 5


class File:
    """What Streamlit hands on of a file; a long one says how long it is."""

    def __init__(self, name: str, raw: bytes, size: int | None = None) -> None:
        self.name, self.raw, self.size = name, raw, size or len(raw)

    def getvalue(self) -> bytes:
        assert self.size <= MOST_MB * dropped.MB, "never read"
        return self.raw


@pytest.mark.parametrize(
    ("sizes", "taken", "refused"),
    [
        ((5_242_880,), ["0.csv"], []),
        ((5_242_881,), [], ["0.csv: longer than 5 MB, the limit here; it was not read."]),
        ((9, 6_000_000, 9), ["0.csv", "2.csv"], ["1.csv: longer than 5 MB, the limit here; it was not read."]),
    ],
)
def test_what_is_too_long_is_not_read(
    sizes: tuple[int, ...], taken: list[str], refused: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = table.write_plan(example_plan()).encode()
    found: list[str] = []
    said: list[str] = []
    given = [File(f"{number}.csv", raw, size) for number, size in enumerate(sizes)]
    monkeypatch.setattr(dropped.st, "session_state", {"field": given})
    monkeypatch.setattr(dropped.st, "file_uploader", lambda *args, on_change, **more: on_change())
    monkeypatch.setattr(state, "refuse", said.extend)
    dropped.field("A plan", "field", ("csv",), MOST_MB, "", lambda files: found.extend(n for n, _ in files), True)
    assert (found, said) == (taken, refused)
