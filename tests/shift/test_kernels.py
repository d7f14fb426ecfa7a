"""A compiled kernel is kept beside the file that holds it, so it may call no kernel of another file."""

import ast
from pathlib import Path

import pytest

import core.shift

FILES = sorted(Path(core.shift.__file__).parent.glob("*.py"))


def kernels(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {
        node.name: node for node in found if any(getattr(mark, "id", "") == "kernel" for mark in node.decorator_list)
    }


EVERY = {name for file in FILES for name in kernels(file)}


@pytest.mark.parametrize("file", [file for file in FILES if kernels(file)], ids=lambda file: file.name)
def test_a_kernel_calls_kernels_of_its_own_file_alone(file):
    mine = kernels(file)
    called = {part.id for node in mine.values() for part in ast.walk(node) if isinstance(part, ast.Name)}
    assert called & EVERY <= mine.keys()


def test_there_are_kernels_to_check():
    assert {"run_blocks", "run_pauses", "run_deferral", "run_places", "run_planned"} <= EVERY
