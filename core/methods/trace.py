"""From a result's column back to what it rests on: read out of the kernels' text, so that it cannot drift.

A kernel that fills a result writes `out.NAME[i] = ...`. Names are followed back through its assignments to the kernels
called, the columns read (`x.NAME[i]`) and the coefficients read (`c.NAME`), and through each kernel called likewise.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from core.methods.code import Function, functions

OUT = "out"
PARTS = frozenset({"inference", "training"})  # of the coefficients


@dataclass(frozen=True, slots=True)
class Trace:
    """What a value rests on: keys of formulas, names of columns, names of coefficients.

    `direct` are the formulas that the kernel itself calls; the others are called by those.
    """

    formulas: frozenset[str] = frozenset()
    columns: frozenset[str] = frozenset()
    coefficients: frozenset[str] = frozenset()
    direct: frozenset[str] = frozenset()

    def __or__(self, other: Trace) -> Trace:
        """Both together."""
        return Trace(
            self.formulas | other.formulas,
            self.columns | other.columns,
            self.coefficients | other.coefficients,
            self.direct | other.direct,
        )


def together(traces: Iterable[Trace]) -> Trace:
    """All of them."""
    found = Trace()
    for trace in traces:
        found |= trace
    return found


class Reader:
    """Follows one kernel's text, statement by statement. `names` holds what each local name rests on so far."""

    def __init__(self, function: Function, known: Mapping[str, Function]) -> None:
        self.known = known
        kinds = dict(function.arguments)
        self.columns = {name for name, kind in kinds.items() if kind.endswith("Columns")}
        self.fitted = {name for name, kind in kinds.items() if kind.endswith("Coefficients")}
        self.names: dict[str, Trace] = {}
        self.written: dict[str, Trace] = {}
        self.lines: dict[str, str] = {}
        self.whole = Trace()

    def of(self, node: ast.AST) -> Trace:
        """What an expression rests on."""
        found = Trace()
        for part in ast.walk(node):
            if isinstance(part, ast.Call) and isinstance(part.func, ast.Name):
                key = f"engine.{part.func.id}"
                if key in self.known and self.known[key].kernel:
                    called = frozenset({key})
                    found |= Trace(called, direct=called) | replace(summary(key), direct=frozenset())
            elif isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
                if part.value.id in self.columns:
                    found |= Trace(columns=frozenset({part.attr}))
                elif part.value.id in self.fitted and part.attr not in PARTS:
                    found |= Trace(coefficients=frozenset({part.attr}))
            elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load):
                found |= self.names.get(part.id, Trace())
        return found

    def read(self, body: Iterable[ast.stmt], because: Trace = Trace()) -> None:
        """Follow statements; `because` is what the conditions around them rest on."""
        for statement in body:
            if isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign) and statement.value is not None:
                self._assign(statement, because)
            elif isinstance(statement, ast.If | ast.While):
                condition = because | self.of(statement.test)
                self.whole |= condition
                self.read(statement.body, condition)
                self.read(statement.orelse, condition)
            elif isinstance(statement, ast.For):
                chosen = because | (Trace() if _counts(statement.iter) else self.of(statement.iter))
                self.read(statement.body, chosen)
            elif isinstance(statement, ast.Return | ast.Expr) and statement.value is not None:
                self.whole |= because | self.of(statement.value)

    def _assign(self, statement: ast.Assign | ast.AnnAssign | ast.AugAssign, because: Trace) -> None:
        assert statement.value is not None
        found = because | self.of(statement.value)
        self.whole |= found
        several = isinstance(statement, ast.Assign)
        for target in statement.targets if isinstance(statement, ast.Assign) else [statement.target]:
            pairs = [(target, statement.value)]
            if several and isinstance(target, ast.Tuple) and isinstance(statement.value, ast.Tuple):
                pairs = list(zip(target.elts, statement.value.elts, strict=True))
            for name, value in pairs:
                self._bind(name, because | self.of(value), value)

    def _bind(self, target: ast.expr, found: Trace, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            if _is_part_of(value, self.fitted):
                self.fitted.add(target.id)
            self.names[target.id] = self.names.get(target.id, Trace()) | found
        elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Attribute):
            where = target.value
            if isinstance(where.value, ast.Name) and where.value.id == OUT:
                self.written[where.attr] = self.written.get(where.attr, Trace()) | found
                self.lines.setdefault(where.attr, f"{where.attr} = {ast.unparse(value)}")
        elif isinstance(target, ast.Tuple):
            for part in target.elts:
                self._bind(part, found, value)


def _counts(loop: ast.expr) -> bool:
    """Whether a loop only counts its rows, as over range(...)."""
    return isinstance(loop, ast.Call) and isinstance(loop.func, ast.Name) and loop.func.id == "range"


def _is_part_of(value: ast.expr, fitted: set[str]) -> bool:
    """Whether a value is a part of the coefficients, as in `c = coefficients.inference`."""
    part = isinstance(value, ast.Attribute) and isinstance(value.value, ast.Name) and value.value.id in fitted
    return part and value.attr in PARTS  # type: ignore[attr-defined]


@cache
def summary(key: str) -> Trace:
    """What a kernel rests on, through every kernel it calls."""
    known = functions()
    reader = Reader(known[key], known)
    reader.read(known[key].node.body)
    return reader.whole


@dataclass(frozen=True, slots=True)
class Written:
    """Where a result's column is written: by which kernel, in which line, and what it rests on."""

    kernel: str
    line: str
    trace: Trace


@cache
def written() -> dict[str, tuple[Written, ...]]:
    """Name of a result's column -> the places that write it; energy has two, in answering and in training."""
    known = functions()
    found: dict[str, tuple[Written, ...]] = {}
    for key, function in known.items():
        if function.kernel and OUT in dict(function.arguments):
            reader = Reader(function, known)
            reader.read(function.node.body)
            for name, trace in reader.written.items():
                found[name] = (*found.get(name, ()), Written(key, reader.lines[name], trace))
    return found
