"""The packages it stands on: their licences let it be passed on, and a known fault of one stops the checks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import Distribution
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest

from tests.audit import IGNORED, audit, faults_of, ignored, needed

ROOT = Path(__file__).parents[2]
# Words that a licence's name may hold, and packages that state theirs elsewhere: each was read.
MAY = ("MIT", "BSD", "APACHE", "PSF", "PYTHON SOFTWARE FOUNDATION", "MPL", "MOZILLA PUBLIC LICENSE 2.0", "ISC", "0BSD",
       "CC0-1.0", "ZLIB", "UNLICENSE", "HPND")  # fmt: skip
BY_HAND = {
    "axe-playwright-python": "MIT, in its file LICENSE; the rules it carries (axe-core) are MPL-2.0",
    "psycopg": "LGPL-3.0-only: installed and called, not changed nor passed on in one piece",
    "psycopg-binary": "LGPL-3.0-only: as psycopg",
    "text-unidecode": "Artistic License or GPL, the reader's choice; of the tests alone (frictionless)",
}
FAULT = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1"], "fixed_in": ["1.1"], "withdrawn": None}


def licence(package: Distribution) -> str:
    """What a package says of its licence."""
    told = package.metadata
    classified = [line.split(" :: ")[-1] for line in told.get_all("Classifier") or [] if line.startswith("License ::")]
    return told.get("License-Expression") or "; ".join(classified) or (told.get("License") or "").split("\n")[0]


def test_every_package_may_be_used_beside_apache_2() -> None:
    strange = []
    for package in needed():
        parts = re.split(r"\bAND\b|\bOR\b|;", licence(package).upper())
        known = all(any(word in part for word in MAY) for part in parts)
        if (not known or "GPL" in licence(package).upper()) and package.name.lower() not in BY_HAND:
            strange.append(f"{package.name}: {licence(package) or 'no licence told'}")
    assert strange == []


def test_all_that_is_installed_for_the_project_is_audited() -> None:
    names = {package.name.lower() for package in needed()}
    assert {"streamlit", "starlette", "uvicorn", "numba", "llvmlite", "pytest"} <= names


class Index(BaseHTTPRequestHandler):
    """An index that knows a sound package, a faulty one, and nothing of any other."""

    known: ClassVar = {
        "/sound/1.0/json": [],
        "/faulty/1.0/json": [FAULT],
        "/healed/1.0/json": [FAULT | {"withdrawn": "2026"}],
    }

    def do_GET(self) -> None:
        told = self.known.get(self.path)
        raw = json.dumps({"vulnerabilities": told}).encode() if told is not None else b"<html>"
        self.send_response(404 if told is None else 200)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def index() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Index)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_a_known_fault_stops_the_checks_and_is_named(index: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit([("sound", "1.0"), ("faulty", "1.0"), ("healed", "1.0"), ("own", "2.0")], index, {}) == 1
    said = capsys.readouterr()
    assert said.err == "audit: faulty 1.0: PYSEC-2026-1, CVE-2026-1, mended in 1.1\n"
    assert said.out == "audit: 3 packages, 1 known faults; nothing is known of 1\n"


def test_a_fault_that_was_judged_stops_nothing_until_its_day(
    index: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "ignored.csv"
    file.write_text("fault,reason,until\nCVE-2026-1,the part is not called,2026-12-31\n")
    assert audit([("faulty", "1.0")], index, ignored(file, date(2026, 12, 31))) == 0
    assert "(known: the part is not called)" in capsys.readouterr().err
    assert audit([("faulty", "1.0")], index, ignored(file, date(2027, 1, 1))) == 1


def test_an_index_that_says_nothing_is_told_in_one_line_and_stops_nothing(
    index: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for silent in (index, "http://127.0.0.1:9"):
        assert faults_of("own", "2.0", silent) is None
        assert audit([("own", "2.0")], silent, {}) == 0
        told = f"audit: not done: {silent} says nothing of any of 1 packages; run it on an open network\n"
        assert capsys.readouterr() == (told, "")


def test_the_checks_audit_before_they_test() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert lines.index("python -m tests.audit") < lines.index("pytest")
    assert IGNORED.read_text(encoding="utf-8").startswith("fault,reason,until\n")
