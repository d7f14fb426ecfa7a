"""Nobody needs eyes for a chart: each has a sentence, the same as a table, and the table as a file."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOM = Path(__file__).parents[2] / "core" / "ui"
WHOLE = {"chart", "with_table", "as_csv"}  # what gives a drawing its table and file
ELSEWHERE = {  # a drawing whose table and file stand in another function, and the file's label there
    ("optimise_front.py", "front"): "All choices as CSV",
    ("actuals.py", "_chart"): "Measured beside planned as CSV",
}
DRAWS = {"vega_lite_chart", "altair_chart", "line_chart", "bar_chart", "area_chart", "scatter_chart", "pyplot"}


def called(node: ast.AST) -> set[str]:
    """Names of what is called within."""
    found = [one.func for one in ast.walk(node) if isinstance(one, ast.Call)]
    return {one.attr if isinstance(one, ast.Attribute) else getattr(one, "id", "") for one in found}


def drawings() -> list[tuple[Path, str, set[str]]]:
    """Each function that draws: its file, its name, and what it calls."""
    files = [*sorted(ROOM.glob("*.py")), *sorted(ROOM.parents[1].glob("pages/*/*.py"))]
    functions = [
        (file, node.name, called(node))
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    ]
    return [(file, name, calls) for file, name, calls in functions if calls & (DRAWS | {"drawn"})]


@pytest.mark.parametrize(("file", "name", "calls"), drawings(), ids=lambda one: getattr(one, "name", one))
def test_a_function_that_draws_gives_the_table_and_the_file_too(file: Path, name: str, calls: set[str]) -> None:
    if (file.name, name) == ("picture.py", "drawn"):
        assert calls >= {"vega_lite_chart"}
        return
    assert not calls & DRAWS, f"{file.name}: {name} draws past core.ui.picture"
    if label := ELSEWHERE.get((file.name, name)):
        assert label in file.read_text(encoding="utf-8")
    elif (file.name, name) != ("picture.py", "chart"):
        assert calls & WHOLE, f"{file.name}: {name} draws without a table and a file"


def test_every_drawing_with_its_file_elsewhere_is_still_drawn() -> None:
    assert {(file.name, name) for file, name, _ in drawings()} >= set(ELSEWHERE)
