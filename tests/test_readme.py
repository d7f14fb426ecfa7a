"""The README and the pages it leads to keep their word: files exist, commands run, every requirement is named."""

from __future__ import annotations

import importlib.util
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from core import catalog as facts
from core.__main__ import main
from core.methods import accuracy

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
TEXTS = (
    *(
        "README.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "pages/README.md",
        "core/commands/README.md",
        "core/door/README.md",
    ),
    "core/methods/README.md",
)
FOLDERS = ("core/", "data/", "tests/", "pages/", ".ci/", ".github/")
HEADLESS = [line for line in README.splitlines() if line.startswith("python -m core ")]
# Where there is an accelerator it would be at work for minutes; where there is none it says so.
MEASURE = [line for line in HEADLESS if line.split()[3] == "measure"]


def _named_files() -> list[str]:
    whole = "\n".join((ROOT / name).read_text(encoding="utf-8") for name in TEXTS)
    quoted = re.findall(r"`([^`\s]+)`|\]\(([^)\s]+)\)", whole)
    names = [name for pair in quoted for name in pair if name]
    return sorted({n for n in names if n.startswith(FOLDERS) or n in ("LICENSE", "CHANGELOG.md", "app.py")})


def test_it_names_files() -> None:
    assert len(_named_files()) > 10


@pytest.mark.parametrize("name", _named_files())
def test_every_file_it_names_exists(name: str) -> None:
    assert (ROOT / name).exists()


def test_every_requirement_is_in_the_table_with_its_reason() -> None:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    required = [re.split(r"\[|==", line)[0] for line in lines if "==" in line]
    assert re.findall(r"^\| ([a-z0-9-]+) \| \w", README.split("## Built on")[1], re.MULTILINE)[1:] == required


def test_every_command_of_the_engine_is_shown() -> None:
    shown = {line.split()[3] for line in HEADLESS}
    told = subprocess.run(
        [sys.executable, "-m", "core", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert shown == set(re.findall(r"^    ([a-z-]+)(?: |$)", told.stdout, re.MULTILINE))


def _words(command: str, folder: Path) -> list[str]:
    """What stands after `python -m core`; a file is written into the folder."""
    words = shlex.split(command)[3:]
    if "-o" in words:
        words[words.index("-o") + 1] = str(folder / "out.csv")
    return words


@pytest.mark.parametrize("command", [line for line in HEADLESS if line not in MEASURE])
def test_every_example_without_a_browser_runs(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = _words(command, tmp_path)
    monkeypatch.chdir(ROOT)
    status = main(words)
    assert status in (0, 1), capsys.readouterr().err
    assert status == 0 or "golden" in command, capsys.readouterr().err
    assert "-o" not in words or (tmp_path / "out.csv").read_bytes().count(b"\n") > 1


@pytest.mark.skipif(importlib.util.find_spec("torch") is not None, reason="PyTorch is here: it may run for minutes")
@pytest.mark.parametrize("command", MEASURE)
def test_the_example_that_needs_an_accelerator_says_what_is_missing(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(_words(command, tmp_path))
    said = capsys.readouterr()
    assert (status, said.out) == (2, "")
    assert "measure needs the package torch, PyTorch, which runs the model: pip install torch" in said.err
    assert all(line.startswith("measure needs ") for line in said.err.splitlines())


def test_ci_runs_the_readmes_own_test_command() -> None:
    tests = next(line for line in README.splitlines() if line.endswith("&& pytest"))
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").rstrip().splitlines()[-1] == tests.split(" && ")[-1]


def test_the_error_it_names_is_that_of_the_files() -> None:
    rows = [accuracy.overall(hold_out) for hold_out in ("unseen_pair", "unseen_gpu", "unseen_family")]
    told = re.search(
        r"on (\d+) measured settings the median error is (\d+) % .*?; (\d+) in 100", " ".join(README.split())
    )
    assert told is not None
    assert {row.n for row in rows} == {int(told[1])}
    assert {round(100 * row.median_share) for row in rows} == {int(told[2])}
    assert int(100 * min(row.within_twice_share for row in rows)) == int(told[3])


def test_it_says_how_many_levers_act() -> None:
    kinds = facts.load().levers.values()
    acting = sum(not kind.missing for kind in kinds)
    assert f"Of {len(kinds)} levers {acting} act" in README
    assert f"The What-if page: {acting} levers" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
