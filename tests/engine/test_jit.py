"""Where compiled kernels are kept, and what happens where they cannot be."""

import errno
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core.engine import TrainingColumns, jit, run_training, training, warm_up
from tests.engine.rows import COEFFICIENTS

ROOT = Path(__file__).parents[2]
PROGRAM = """
from core.engine import jit
from core.engine.footprint import energy_facility_kwh
assert energy_facility_kwh(10.0, 1.5) == 15.0
print(jit.CACHE_FOLDER)
"""


def run(before="", **environment):
    """The cache folder that a fresh process ends up with."""
    command = [sys.executable, "-c", before + PROGRAM]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_cache_folder_is_named_after_the_engine_and_closed_to_others(tmp_path):
    folder = jit.private_folder(tmp_path / "cache")
    assert folder.name == f"kernels-{jit.engine_text_hash()}"
    assert folder.stat().st_mode & 0o077 == 0


def test_a_folder_others_may_write_to_is_not_trusted(tmp_path):
    root = tmp_path / "cache"
    jit.private_folder(root).chmod(0o777)
    assert jit.private_folder(root) is None


def test_a_root_that_is_a_file_is_passed_over(tmp_path):
    (tmp_path / "cache").write_text("in the way")
    assert jit.private_folder(tmp_path / "cache") is None


def test_where_nothing_may_be_written_not_even_a_temporary_file_there_is_no_cache(tmp_path, monkeypatch):
    def none():
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")

    (tmp_path / "file").write_text("no folder can be made below a file")
    for name in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "file"))
    monkeypatch.setattr(jit.tempfile, "gettempdir", none)
    assert jit.cache_folder() is None


def test_an_edit_of_the_conversions_changes_the_folder(tmp_path, monkeypatch):
    before = jit.engine_text_hash()
    engine = tmp_path / "engine"
    engine.mkdir()
    for path in jit.ENGINE.glob("*.py"):
        (engine / path.name).write_bytes(path.read_bytes())
    units = (jit.ENGINE.parent / "units.py").read_bytes()
    (tmp_path / "units.py").write_bytes(units)
    monkeypatch.setattr(jit, "ENGINE", engine)
    assert jit.engine_text_hash() == before
    (tmp_path / "units.py").write_bytes(units + b"\n")
    assert jit.engine_text_hash() != before


def test_odd_columns_are_brought_into_the_one_form_that_is_compiled():
    warm_up(COEFFICIENTS)
    rows = np.zeros((4, len(TrainingColumns._fields)))
    frozen = TrainingColumns(*rows[::2].T)  # neither contiguous
    frozen.runs.flags.writeable = False  # nor all writeable
    training(frozen, COEFFICIENTS)
    assert len(run_training.signatures) == 1


@pytest.mark.parametrize("name", ["NUMBA_CACHE_DIR", "XDG_CACHE_HOME"])
def test_kernels_are_kept_where_the_user_says(tmp_path, name):
    others = {"NUMBA_CACHE_DIR": "", "XDG_CACHE_HOME": ""}
    assert run(**(others | {name: str(tmp_path)})).startswith(str(tmp_path / "glidepath"))
    assert list(tmp_path.rglob("*.nbi"))


def test_without_a_folder_to_write_to_the_kernels_run_all_the_same(tmp_path):
    (tmp_path / "file").write_text("in the way")
    nowhere = str(tmp_path / "file")
    before = f"import tempfile; tempfile.tempdir = {nowhere!r}"
    assert run(before, NUMBA_CACHE_DIR=nowhere, XDG_CACHE_HOME=nowhere, HOME=nowhere) == "None"


@pytest.fixture
def third(tmp_path, monkeypatch):
    """A function in a file of its own, whose compiled forms are kept in an empty folder."""
    monkeypatch.setattr(jit.numba.config, "CACHE_DIR", str(tmp_path / "kept"))
    path = tmp_path / "thirds.py"
    path.write_text("def run_third(value):\n    return value / 3.0\n", encoding="utf-8")
    spec = importlib.util.spec_from_file_location("thirds", path)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "thirds", module)
    spec.loader.exec_module(module)
    return module.run_third


@pytest.mark.parametrize("harmed", ["*.nbi", "*.nbc"])
@pytest.mark.parametrize("bytes_left", [b"", b"\x80\x04\x95\xff", b"none of ours at all"])
def test_kept_kernels_that_cannot_be_read_are_compiled_anew_and_kept_again(third, tmp_path, harmed, bytes_left):
    assert jit.kernel(third)(6.0) == 2.0
    for path in (tmp_path / "kept").rglob(harmed):
        path.write_bytes(bytes_left)
    again = jit.kernel(third)
    assert again(6.0) == 2.0
    assert sum(again.stats.cache_hits.values()) == 0
    last = jit.kernel(third)
    assert last(6.0) == 2.0
    assert sum(last.stats.cache_hits.values()) == 1


def test_a_full_disk_keeps_no_kernel_and_stops_none(third, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(jit.FunctionCache, "save_overload", full)
    assert jit.kernel(third)(6.0) == 2.0
