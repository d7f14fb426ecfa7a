"""The plan as one short text for a link, and back.

`1.` + base64url(two check bytes + deflated lines). Each line is one field and the workloads that differ from the
built-in example (or, for new workloads, from the field's default): columns, because neighbouring values repeat.
A link also says which data it was made with and the headline it showed, so that a reader under newer data sees both.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from dataclasses import dataclass
from math import isfinite
from typing import Any

from core import results
from core.plan import Plan, Workload, knobs
from core.plan.cells import build, cells, checked
from core.plan.example import example_plan
from core.plan.plan import MOST_WORKLOADS

VERSION = "1"
MOST_BYTES = 400_000
MOST_CHARACTERS = 65_000
# Frozen with VERSION 1: words that links often hold, so that short links stay short.
DICTIONARY = (
    b"mixtral-8x7b\tqwen3-30b-a3b\tllama3.1-8b\tllama3.3-70b\tgpt-5\tclaude-\tH100-SXM\tfp8\tcloud\tapi\n"
    b"\n@\tW1\tW2\tW3\tW4\tW5\tW6\tW7\tW8\tW9\tW10\n&\t6=W\nm\t0=\nr\t0=aws:eu-\nq\t0="
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a link says about its making: data version, and the headline [kg] shown then."""

    data_version: str = ""
    headline_kg: float | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link held: the plan (its valid part), a sentence for each problem, and its stamp."""

    plan: Plan
    problems: tuple[str, ...] = ()
    stamp: Stamp = Stamp()


def stamp(plan: Plan) -> Stamp:
    """The stamp of a plan under today's data: its headline as the page shows it."""
    found = results.of(plan)
    kg = float(found.total(found.carbon_kg())[found.place(plan.shown_year()), 0])
    return Stamp(found.data_version, kg if isfinite(kg) else None)


def encode(plan: Plan, stamp: Stamp = Stamp()) -> str:
    """The plan as link text. Equal plans give equal text."""
    text = "\n".join(_lines(plan, stamp)).encode()
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, DICTIONARY)
    body = packer.compress(text) + packer.flush()
    return f"{VERSION}.{base64.urlsafe_b64encode(_check(body) + body).decode().rstrip('=')}"


def _check(body: bytes) -> bytes:
    return (zlib.crc32(body) & 0xFFFF).to_bytes(2, "big")


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", lambda m: {"t": "\t", "n": "\n"}.get(m[1], m[1]), text)


def _lines(plan: Plan, stamp: Stamp) -> list[str]:
    example = example_plan()
    headline = "" if stamp.headline_kg is None else f"{stamp.headline_kg:.4g}"
    lines = [f"!{stamp.data_version[:6]}\t{headline}"]
    if [w.id for w in plan.workloads] != [w.id for w in example.workloads]:
        lines.append("\t".join(["@", *(_escape(w.id) for w in plan.workloads)]))
    base = cells(example)
    for name, text in cells(plan).items():
        if text != base[name]:
            lines.append(f"*{knobs(Plan)[name].url}\t{_escape(text)}")
    return lines + _columns(plan, example)


def _nearest(example: Plan, workload: Workload) -> Workload | None:
    """The example workload that this one differs least from, its namesake first; None: the field defaults."""
    usual = example.workload(workload.id)
    mine = cells(workload)
    candidates = [usual, *(base for base in [None, *example.workloads] if base is not usual)]
    return min(candidates, key=lambda base: sum(mine[n] != text for n, text in _cells(base).items()))


def _cells(base: Workload | None) -> dict[str, str]:
    return cells(base or Workload(id="new"))


def _columns(plan: Plan, example: Plan) -> list[str]:
    found: dict[str, list[str]] = {}
    for place, workload in enumerate(plan.workloads):
        base = _nearest(example, workload)
        if base is not example.workload(workload.id):
            found.setdefault("&", []).append(f"{place}={_escape(base.id) if base else ''}")
        was = _cells(base)
        for name, text in cells(workload).items():
            if text != was[name] and name != "id":
                found.setdefault(knobs(Workload)[name].url, []).append(f"{place}={_escape(text)}")
    return ["\t".join([url, *entries]) for url, entries in found.items()]


def decode(text: str) -> Opened:
    """The plan in a link. Never raises: what cannot be read is left at the example's value and listed."""
    problems: list[str] = []
    lines = _unpack(text, problems)
    stamp = Stamp()
    plan_cells: dict[str, str] = {}
    columns: dict[str, dict[int, str]] = {}
    bases: dict[int, str] = {}
    order: list[str] | None = None
    plan_urls = {knob.url: name for name, knob in knobs(Plan).items()}
    urls = {knob.url: name for name, knob in knobs(Workload).items()}
    for line in lines:
        head, *entries = line.split("\t")
        if head.startswith("!"):
            stamp = _stamp(head, entries)
        elif head == "@":
            order = [_unescape(entry) for entry in entries][:1000]
        elif head == "&":
            bases = _places(entries)
        elif head[:1] == "*" and head[1:] in plan_urls and entries:
            plan_cells[plan_urls[head[1:]]] = _unescape(entries[0])
        elif head in urls:
            columns[urls[head]] = _places(entries)
        elif head:
            problems.append(f"the link names a field '{head[:20]}' that this version does not know; it was left out")
    workloads = _workloads(columns, order, bases, problems)
    return Opened(_plan(plan_cells, workloads, problems), tuple(problems), stamp)


def _stamp(head: str, entries: list[str]) -> Stamp:
    try:
        headline_kg = float(entries[0])
    except (IndexError, ValueError):
        return Stamp(head[1:13])
    return Stamp(head[1:13], headline_kg if isfinite(headline_kg) else None)


def _places(entries: list[str]) -> dict[int, str]:
    pairs = (entry.partition("=") for entry in entries)
    return {
        int(place): _unescape(value)
        for place, equals, value in pairs
        if equals and place.isdecimal() and len(place) < 5
    }


def _workloads(
    columns: dict[str, dict[int, str]], order: list[str] | None, bases: dict[int, str], problems: list[str]
) -> tuple[Workload, ...]:
    example = example_plan()
    keys = [w.id for w in example.workloads] if order is None else order
    workloads: dict[str, Workload] = {}
    if any(place >= len(keys) for values in columns.values() for place in values):
        problems.append(f"the link changes a workload beyond its {len(keys)}; that change was left out")
    for place, key in enumerate(keys):
        changed = {name: values[place] for name, values in columns.items() if place in values}
        _add(workloads, example.workload(bases.get(place, key)), key, changed, problems)
    return tuple(workloads.values())


def _plan(plan_cells: dict[str, str], workloads: tuple[Workload, ...], problems: list[str]) -> Plan:
    example = example_plan()
    fields = _changed(Plan, example, plan_cells, "plan", problems)
    if len(workloads) > MOST_WORKLOADS:
        problems.append(
            f"the link has {len(workloads)} workloads; the limit is {MOST_WORKLOADS}; the rest was left out"
        )
    kept = {"workloads": workloads[:MOST_WORKLOADS]}
    plan, wrong = build(Plan, fields | kept)
    problems += [f"plan: {sentence}; its years are as in the example" for sentence in wrong]
    years = {"first_year": example.first_year, "last_year": example.last_year}
    return plan or Plan.model_validate(fields | kept | years)


def _changed(
    cls: type[Plan] | type[Workload], base: Any, changed: dict[str, str], where: str, problems: list[str]
) -> dict[str, Any]:
    fields, wrong = checked(cls, changed)
    problems += [f"{where}: {sentence}" for sentence in wrong.values()]
    blanked = {name for name, text in changed.items() if not text.strip()}
    kept = {name: getattr(base, name) for name in knobs(cls) if name not in blanked} if base is not None else {}
    return kept | fields


def _add(
    workloads: dict[str, Workload], base: Workload | None, key: str, changed: dict[str, str], problems: list[str]
) -> None:
    where = f"workload '{key[:24]}'"
    fields = _changed(Workload, base, changed, where, problems) | {"id": key}
    workload, wrong = build(Workload, fields)
    problems += [f"{where}: {sentence}" for sentence in wrong]
    if workload is None and base is not None:
        workload, _ = build(Workload, {name: getattr(base, name) for name in knobs(Workload)} | {"id": key})
    if workload is None:
        return
    if workload.id in workloads:
        problems.append(f"{where} stands in the link twice; the second was left out")
        return
    workloads[workload.id] = workload


def _unpack(text: str, problems: list[str]) -> list[str]:
    """The lines of a link; what a damaged or cut link still holds."""
    version, dot, body = text.partition(".")
    if not dot or version != VERSION:
        problems.append(
            f"the link says version '{version[:12]}'; this app reads version {VERSION}; the example was opened"
        )
        return []
    if len(text) > MOST_CHARACTERS:
        problems.append(
            f"the link has {len(text):,} characters; the limit is {MOST_CHARACTERS:,}; the example was opened"
        )
        return []
    clean = re.sub(r"[^A-Za-z0-9_-]", "", body)
    try:
        raw = base64.urlsafe_b64decode(clean[: len(clean) - (len(clean) % 4 == 1)] + "=" * (-len(clean) % 4))
    except (binascii.Error, ValueError):
        raw = b""
    damaged = len(raw) < 3 or _check(raw[2:]) != raw[:2]
    lines, complete = _inflate(raw[2:])
    if damaged or not complete:
        problems.append(
            "the link is damaged or was cut short; what could be read was opened, the rest is as in the example"
        )
        lines = lines[:-1]
    return lines


def _inflate(body: bytes) -> tuple[list[str], bool]:
    unpacker = zlib.decompressobj(-15, DICTIONARY)
    out = b""
    try:
        for start in range(0, len(body), 256):
            out += unpacker.decompress(body[start : start + 256], MOST_BYTES - len(out))
            if len(out) >= MOST_BYTES:
                return [], False
    except zlib.error:
        pass
    return out.decode("utf-8", errors="replace").split("\n"), unpacker.eof
