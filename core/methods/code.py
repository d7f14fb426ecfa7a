"""The functions that make figures, read from the program text: what they are called, take, call and say."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CORE = Path(__file__).resolve().parents[1]
ROOMS = (
    "engine",
    "levers",
    "shift",
    "results",
    "cases",
    "targets",
    "decide",
)  # every formula of these rooms must be told
FILES = ("results_table.py", "disclosure/readd.py", "imports/rates.py")  # formulas here may be told
KERNEL = "kernel"
# What a public function of these rooms gives back when it is a formula: numbers, not records or sentences.
NUMBERS = frozenset(
    {
        "float",
        "float | None",
        "Floats",
        "float | Floats",
        "tuple[float, float, float]",
        "dict[str, Floats]",
        "list[Step]",
        "Fields",
    }
)


@dataclass(frozen=True, slots=True)
class Function:
    """One function as it stands in a file. `key` is its room and name, as in `engine.energy_it_kwh`.

    The key of a private one names its file too: two files may have their own.
    """

    key: str
    file: str
    line: int
    arguments: tuple[tuple[str, str], ...]
    returns: str
    about: str
    more: str
    text: str
    kernel: bool
    public: bool
    node: ast.FunctionDef

    @property
    def name(self) -> str:
        """The last word of the key."""
        return self.key.rpartition(".")[2]

    @property
    def formula(self) -> bool:
        """Whether it must be told: a kernel, or a public function that gives back numbers.

        The private kernels of shifting (heaps, a tree, paths) search; what they find is told.
        """
        counted = (
            self.key.startswith(("levers.", "shift.", "results.", "cases.", "targets.", "decide.")) and self.public
        )
        computes = self.kernel and (self.public or not self.key.startswith("shift."))
        return computes or (counted and self.returns in NUMBERS)


@cache
def functions(core: Path = CORE) -> dict[str, Function]:
    """Every function of the rooms that compute, by key; the private ones too, since a formula may be private."""
    found: dict[str, Function] = {}
    files = [file for room in ROOMS for file in sorted((core / room).glob("*.py"))]
    for file in [*files, *(core / name for name in FILES)]:
        for function in _read(file, core):
            if function.key in found:
                raise ValueError(f"{function.file}, line {function.line}: {function.key} is the name of two functions")
            found[function.key] = function
    return found


def _read(file: Path, core: Path) -> Iterator[Function]:
    text = file.read_text(encoding="utf-8")
    place = file.relative_to(core)
    room = place.parts[0].removesuffix(".py")
    tree, lines = ast.parse(text), text.splitlines()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            private = node.name.startswith("_") and len(place.parts) > 1
            where = f"{room}.{place.stem}" if private else room
            yield _function(node, f"{where}.{node.name}", f"core/{place.as_posix()}", lines)
        elif isinstance(node, ast.ClassDef):
            for method in node.body:
                if isinstance(method, ast.FunctionDef) and not method.name.startswith("__"):
                    key = f"{room}.{node.name}.{method.name}"
                    yield _function(method, key, f"core/{place.as_posix()}", lines)


def _function(node: ast.FunctionDef, key: str, file: str, lines: list[str]) -> Function:
    about, _, more = (ast.get_docstring(node) or "").partition("\n")
    arguments = tuple(
        (argument.arg, ast.unparse(argument.annotation) if argument.annotation else "")
        for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        if argument.arg not in ("self", "cls")
    )
    marks = {ast.unparse(mark) for mark in node.decorator_list}
    return Function(
        key=key,
        file=file,
        line=node.lineno,
        arguments=arguments,
        returns=ast.unparse(node.returns) if node.returns else "",
        about=about,
        more=more.split(">>>")[0].strip(),
        text=_text(node, lines),
        kernel=KERNEL in marks,
        public=not node.name.startswith("_"),
        node=node,
    )


def _text(node: ast.FunctionDef, lines: list[str]) -> str:
    """As `ast.get_source_segment`, which parts the whole file into lines anew for each function."""
    *most, last = lines[node.lineno - 1 : node.end_lineno]
    last = last.encode()[: node.end_col_offset].decode()
    return "\n".join((*most, last)).lstrip()
