"""What a damaged installation does: one sentence with file and line, on the page and from a command, and no figure."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import catalog
from core.catalog import CatalogError
from core.catalog.rows import read, text_of
from core.ui import frame

ROOT = Path(__file__).parents[2]
SOURCES = ("key", "title")


@pytest.fixture
def damaged(tmp_path, monkeypatch):
    """The installation's data with one byte of the regions that is no text."""
    folder = Path(shutil.copytree(ROOT / "data", tmp_path / "data"))
    path = folder / "regions" / "ember.csv"
    raw = path.read_bytes()
    place = raw.index(b"\nFR,") + 4
    path.write_bytes(raw[:place] + b"\xe9" + raw[place + 1 :])
    monkeypatch.setattr(catalog, "_own", lambda: catalog.load(folder))  # what others read stays the one they share
    line = raw.count(b"\n", 0, place) + 1
    return f"regions/ember.csv, line {line}: byte {place + 1:,} of the file is no UTF-8"


def test_a_command_tells_file_and_line_and_computes_nothing(damaged, tmp_path):
    out, plan = tmp_path / "results.csv", ROOT / "data" / "example" / "plan.csv"
    words = ["plan", str(plan), "-o", str(out)]
    start = f"import core.catalog as facts, pathlib; facts.FOLDER = pathlib.Path({str(tmp_path / 'data')!r})"
    run = f"import sys; from core.__main__ import main; sys.exit(main({words!r}))"
    # a new process: this one has worked the example out by sound data
    told = subprocess.run([sys.executable, "-c", f"{start}; {run}"], cwd=ROOT, capture_output=True, text=True)
    assert (told.returncode, told.stderr) == (2, f"{damaged}; put the data file back as it was installed\n")
    assert not out.exists()


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "x.csv, line 1: column 'key' is missing; 'title' is missing"),
        (b"key,title\na,b\nc", "x.csv, line 3: the row has 1 cells; it must have 2, one for each column"),
        (b'key,title\na,b\nc,"d', "x.csv, line 3: cannot be read: unexpected end of data"),
        (b"key,title\na,b\nc,\xff", "x.csv, line 3: byte 17 of the file is no UTF-8"),
        ("key,title\na,b\n".encode("utf-16"), "x.csv, line 1: byte 1 of the file is no UTF-8"),
        (b"key,title\na,b\0\nc", "x.csv, line 3: the row has 1 cells; it must have 2, one for each column"),
    ],
)
def test_a_file_that_is_cut_or_no_text_is_told_by_its_line(tmp_path, raw, told):
    (tmp_path / "x.csv").write_bytes(raw)
    with pytest.raises(CatalogError) as caught:
        read(tmp_path, "x.csv", SOURCES)
    assert str(caught.value) == told


def test_a_file_that_may_not_be_read_is_told(tmp_path):
    (tmp_path / "x.csv").mkdir()
    with pytest.raises(CatalogError, match=r"^x\.csv: cannot be read: .*Is a directory"):
        text_of(tmp_path, "x.csv")


def test_the_page_tells_file_and_line_and_shows_no_trace(damaged, monkeypatch):
    monkeypatch.chdir(ROOT)
    frame._ready.clear()
    monkeypatch.setattr(frame, "coefficients", catalog.load)  # a new process has none at hand
    shown = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert [error.value.replace("\u2060", "") for error in shown.error] == [
        f"Nothing can be computed: {damaged}. Whoever runs this installation must put that data file back."
    ]
    assert not shown.exception
    assert not shown.title
