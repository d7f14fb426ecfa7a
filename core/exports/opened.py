"""A bundle that somebody hands in, opened with care: what is damaged, forged, foreign or too large is refused."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from math import isfinite
from typing import Any

from core.exports.bundle import BUNDLE_VERSION, FACTORS, FILES, MANIFEST, PLAN, RESULTS
from core.plan import Plan
from core.table import read_plan

BYTES_PER_MB = 1_000_000
MOST_MB = 50  # packed
MOST_UNPACKED_MB = 200
MOST_MANIFEST_MB = 1
MUST = (PLAN, RESULTS, FACTORS)
SHOWN = 60  # signs of a name from outside
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError,
          ArithmeticError)  # fmt: skip


class BundleError(Exception):
    """Why a bundle is refused, in one sentence."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A bundle whose sums are right: its texts, the plan in them, what was not understood of it, and its versions."""

    plan: Plan
    problems: tuple[str, ...]
    texts: Mapping[str, str]
    app_version: str
    method_version: str
    data_version: str
    link: str
    headline_kg: float | None


def is_bundle(raw: bytes) -> bool:
    """Whether a file is a zip, as a bundle is and no CSV."""
    return raw[:2] == b"PK"


def open_bundle(raw: bytes) -> Opened:
    """The bundle in these bytes; BundleError in one sentence where it cannot be trusted."""
    if len(raw) > MOST_MB * BYTES_PER_MB:
        raise BundleError(f"it has {len(raw):,} bytes; the limit is {MOST_MB} MB")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as whole:
            return _opened(whole)
    except BROKEN as error:
        raise BundleError("it is damaged, or no zip that this app can read") from error


def _opened(whole: zipfile.ZipFile) -> Opened:
    _must_fit(whole)
    said = _manifest(_bytes(whole, MANIFEST))
    texts = {name: _text(whole, name, said["files"].get(name)) for name in whole.namelist() if name != MANIFEST}
    gone = [name for name in [*said["files"], *MUST] if name not in texts]
    if gone:
        raise BundleError(f"'{shown(gone[0])}' is missing from it")
    reading = read_plan(texts[PLAN])
    if reading.plan is None:
        raise BundleError(f"its {PLAN} holds no plan: {'; '.join(reading.problems)}")
    problems = tuple(f"{PLAN}, {problem}" for problem in reading.problems)
    versions = (said["app_version"], said["method_version"], said["data_version"])
    return Opened(reading.plan, problems, texts, *versions, said["link"], _headline_kg(said))


def shown(text: object) -> str:
    """A text from outside as a sentence may show it: short, and without signs that cannot be seen."""
    return "".join(sign if sign.isprintable() else "?" for sign in str(text)[:SHOWN])


def _must_fit(whole: zipfile.ZipFile) -> None:
    """Nothing is unpacked before names, number and sizes are those of a bundle; BundleError otherwise."""
    names = whole.namelist()
    if MANIFEST not in names:
        raise BundleError(f"it holds no {MANIFEST}, so it is no bundle of Glidepath")
    strange = [name for name in names if name not in (MANIFEST, *FILES)]
    if strange:
        raise BundleError(f"it holds '{shown(strange[0])}', which no bundle of version {BUNDLE_VERSION} has")
    if len(set(names)) < len(names):
        raise BundleError("it holds a file of the same name twice")
    unpacked = sum(one.file_size for one in whole.infolist())
    if unpacked > MOST_UNPACKED_MB * BYTES_PER_MB:
        raise BundleError(f"unpacked it has {unpacked:,} bytes; the limit is {MOST_UNPACKED_MB} MB")


def _bytes(whole: zipfile.ZipFile, name: str) -> bytes:
    """A file, never more of it than its size as told."""
    told = whole.getinfo(name).file_size
    if name == MANIFEST and told > MOST_MANIFEST_MB * BYTES_PER_MB:
        raise BundleError(f"its {MANIFEST} has {told:,} bytes; the limit is {MOST_MANIFEST_MB} MB")
    with whole.open(name) as file:
        return file.read(told + 1)


def _manifest(raw: bytes) -> dict[str, Any]:
    """The manifest, its parts of the right kinds."""
    try:
        said: Any = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise BundleError(f"its {MANIFEST} cannot be read") from error
    version = said.get("bundle_version") if isinstance(said, dict) else None
    if type(version) is not int or version != BUNDLE_VERSION:
        told = "none" if version is None else f"'{shown(version)}'"
        raise BundleError(f"its bundle_version is {told}; this app reads version {BUNDLE_VERSION}")
    texts = ("app_version", "method_version", "data_version", "link")
    files = said.get("files")
    if not isinstance(files, dict) or not all(isinstance(said.get(name), str) for name in texts):
        raise BundleError(f"its {MANIFEST} is not complete: versions, link and files must stand in it")
    return dict(said)


def _headline_kg(said: dict[str, Any]) -> float | None:
    headline = said.get("headline")
    kg = headline.get("carbon_kg") if isinstance(headline, dict) else None
    return float(kg) if isinstance(kg, int | float) and isfinite(kg) else None


def _text(whole: zipfile.ZipFile, name: str, told: object) -> str:
    """A file whose digest is the manifest's, as text."""
    raw = _bytes(whole, name)
    if not isinstance(told, dict) or told.get("sha256") != sha256(raw).hexdigest():
        raise BundleError(f"{name} is not the file that {MANIFEST} names: its SHA-256 differs; it was changed since")
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise BundleError(f"{name}: byte {error.start} is not UTF-8") from error
