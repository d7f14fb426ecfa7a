"""`python -m tests.audit`: no installed package that the project needs has a known fault. Exit status 1 where one has.

It asks the package index for the faults of each name and version that is installed, in the JSON that pip-audit reads
too, and nothing else. Where the index does not answer, it says so in one line, and that nothing was audited.
"""

from __future__ import annotations

import csv
import json
import re
import sys
import urllib.request
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
INDEX = "https://pypi.org/pypi"
IGNORED = ROOT / ".ci" / "audit_ignored.csv"
TIMEOUT_S = 4.0
AT_ONCE = 12


@dataclass(frozen=True, slots=True)
class Fault:
    """A known fault of a package at a version."""

    package: str
    version: str
    names: tuple[str, ...]
    mended_in: tuple[str, ...]

    @property
    def said(self) -> str:
        """In one line."""
        way = f"mended in {', '.join(self.mended_in)}" if self.mended_in else "not mended yet"
        return f"{self.package} {self.version}: {', '.join(self.names)}, {way}"


def needed(root: Path = ROOT) -> list[Distribution]:
    """Every installed package that the requirements need, directly or by way of others, by name."""
    lines = (root / "requirements.txt").read_text(encoding="utf-8").splitlines()
    waiting = [Requirement(line.split("#")[0]) for line in lines if re.match(r"[A-Za-z]", line)]
    found: dict[tuple[str, frozenset[str]], Distribution] = {}
    while waiting:
        one = waiting.pop()
        key = (canonicalize_name(one.name), frozenset(one.extras))
        if key in found:
            continue
        try:
            found[key] = distribution(one.name)
        except PackageNotFoundError:
            continue  # not for this system
        for text in found[key].requires or []:
            more = Requirement(text)
            extras = one.extras or {""}
            if more.marker is None or any(more.marker.evaluate({"extra": extra}) for extra in extras):
                waiting.append(more)
    return sorted({key[0]: each for key, each in found.items()}.values(), key=lambda each: each.name.lower())


def faults_of(package: str, version: str, index: str = INDEX) -> list[Fault] | None:
    """What is known of a version; None where the index does not say."""
    try:
        with urllib.request.urlopen(f"{index}/{package}/{version}/json", timeout=TIMEOUT_S) as answer:
            told = json.load(answer)["vulnerabilities"]
    except (OSError, ValueError, KeyError):
        return None
    return [
        Fault(package, version, (one["id"], *one.get("aliases", ())), tuple(one.get("fixed_in") or ()))
        for one in told
        if not one.get("withdrawn")
    ]


def ignored(path: Path = IGNORED, today: date | None = None) -> Mapping[str, str]:
    """Reasons by a fault's name, of those that are not acted on yet; each until its day."""
    today = today or date.today()
    with path.open(encoding="utf-8", newline="") as file:
        rows: list[dict[str, Any]] = list(csv.DictReader(file))
    return {row["fault"]: row["reason"] for row in rows if date.fromisoformat(row["until"]) >= today}


def audit(packages: Iterable[tuple[str, str]], index: str = INDEX, waived: Mapping[str, str] | None = None) -> int:
    """Say what is known of packages; 1 where a fault is not waived."""
    asked = list(packages)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda one: faults_of(*one, index), asked))
    answered = [each for each in answers if each is not None]
    if not answered:
        print(f"audit: not done: {index} says nothing of any of {len(asked)} packages; run it on an open network")
        return 0
    found = [fault for each in answered for fault in each]
    waived = ignored() if waived is None else waived
    open_ones = [fault for fault in found if not set(fault.names) & waived.keys()]
    for fault in found:
        reason = next((waived[one] for one in fault.names if one in waived), "")
        print(f"audit: {fault.said}{f' (known: {reason})' if reason else ''}", file=sys.stderr)
    silent = len(asked) - len(answered)
    rest = f"; nothing is known of {silent}" if silent else ""
    print(f"audit: {len(answered)} packages, {len(open_ones)} known faults{rest}")
    return 1 if open_ones else 0


if __name__ == "__main__":
    sys.exit(audit((each.name, each.version) for each in needed()))
