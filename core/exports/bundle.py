"""A plan as one zip that brings back every figure: plan, results, disclosure, factors, sources, versions, checksums.

The same plan under the same data gives the same bytes. A saved version is bundled as it was sealed.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from core import APP_VERSION, disclosure, table
from core.disclosure.write import schema_text
from core.exports.answer import Answer
from core.exports.origins import cited, used
from core.results_table import cell, method_of, write_results
from core.store.content import headline_kg, write_factors
from core.store.records import Saved

BUNDLE_VERSION = 1
FILE = "glidepath_bundle.zip"
MANIFEST, PLAN, RESULTS, DISCLOSURE = "manifest.json", "plan.csv", "results.csv", "disclosure.csv"
FACTORS, SOURCES, SCHEMA, READ_ME = "factors.csv", "sources.csv", "disclosure.schema.json", "README.txt"
FILES = (PLAN, RESULTS, DISCLOSURE, FACTORS, SOURCES, SCHEMA, READ_ME)
STAMP = (1980, 1, 1, 0, 0, 0)  # a zip that depends on its content alone
SOURCE_COLUMNS = ("key", "publisher", "title", "year", "licence", "url", "retrieved", "note")
LEFT_OUT = (
    f"{DISCLOSURE} is left out: the version was sealed under other data or another method, and a disclosure of today's "
    "would not add up to its results."
)

TOLD = """A plan of Glidepath, and all that is needed to bring back its figures

plan.csv            the plan: every input; opens in Glidepath (Share, Open) and with each of its commands
results.csv         every figure, a row a workload, year, stage and scope
disclosure.csv      the same for a reporting tool or an auditor: rows that re-add; disclosure.schema.json says what each
                    column is
factors.csv         every factor that the figures rest on: value, 80 % range, unit, status, sources
sources.csv         the publications behind them, with year and licence
manifest.json       the versions of data, method and app that made this, the link, and SHA-256 of every file

Run it again, with Glidepath of the same version and no browser:

  python -m core bundle --check BUNDLE.zip       checks the sums, works out all anew, says what differs and why
  python -m core plan plan.csv -o again.csv      the results alone; again.csv is results.csv byte for byte
  python -m core disclose plan.csv -o again.csv  the disclosure alone

Under other data or another method figures may differ; the check says by how much. Hourly files that the plan names are
not in here, as they are yours or your supplier's: manifest.json names each with its SHA-256; give them with --hours.
A blank cell is not known; it is never 0. Figures are modelled, no meter readings. Sources keep their own licences.
"""


@dataclass(frozen=True, slots=True)
class Made:
    """The texts of a bundle by file name, and by which versions they were made."""

    texts: dict[str, str]
    app_version: str
    method_version: str
    data_version: str
    notes: tuple[str, ...] = ()


def write_bundle(answer: Answer, saved: Saved | None = None) -> bytes:
    """The bundle of a plan; of a saved version, as it was sealed."""
    made = _of_today(answer) if saved is None else _sealed(answer, saved)
    manifest = json.dumps(_manifest(answer, made, saved), indent=1, ensure_ascii=False) + "\n"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, text in {MANIFEST: manifest, **made.texts}.items():
            whole.writestr(zipfile.ZipInfo(name, STAMP), text.encode(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _of_today(answer: Answer) -> Made:
    found = answer.found
    texts = {
        PLAN: table.write_plan(answer.plan),
        RESULTS: write_results(found),
        DISCLOSURE: disclosure.write_disclosure(found),
        FACTORS: write_factors(answer.plan),
    }
    return Made(texts | _beside(answer), APP_VERSION, method_of(found), found.data_version)


def _sealed(answer: Answer, saved: Saved) -> Made:
    """What was sealed, untouched; the disclosure only where today's figures are those that were sealed."""
    then, today = saved.content, _of_today(answer)
    sealed = {PLAN: then.inputs, RESULTS: then.results, FACTORS: then.factors}
    same = today.texts[RESULTS] == then.results
    kept = {name: text for name, text in today.texts.items() if same or name not in (DISCLOSURE, SCHEMA)}
    notes = () if same else (LEFT_OUT,)
    return Made(kept | sealed, then.app_version, then.method_version, then.data_version, notes)


def _beside(answer: Answer) -> dict[str, str]:
    return {SOURCES: write_sources(answer), SCHEMA: schema_text(), READ_ME: TOLD}


def write_sources(answer: Answer) -> str:
    """The publications that the plan's factors cite as CSV text, in the order of their keys."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(SOURCE_COLUMNS)
    for source in sorted((source for source, _ in cited(list(used(answer.plan)))), key=lambda one: one.key):
        writer.writerow([cell(getattr(source, name)) for name in SOURCE_COLUMNS])
    return out.getvalue()


def _manifest(answer: Answer, made: Made, saved: Saved | None) -> dict[str, Any]:
    raw = {name: text.encode() for name, text in made.texts.items()}
    return {
        "bundle_version": BUNDLE_VERSION,
        "plan": answer.plan.name,
        "app_version": made.app_version,
        "method_version": made.method_version,
        "data_version": made.data_version,
        "headline": _headline(answer) if saved is None else {"carbon_kg": saved.content.headline_kg},
        "link": answer.link,
        "saved": None if saved is None else _version(saved),
        "hours_files": [{"region": one.region, "name": one.name, "sha256": one.file_sha256}
                        for one in answer.plan.hours_files],
        "notes": [*answer.notes, *made.notes],
        "files": {name: {"sha256": sha256(data).hexdigest(), "bytes": len(data)} for name, data in raw.items()},
    }  # fmt: skip


def _headline(answer: Answer) -> dict[str, Any]:
    plan, shown = answer.plan, answer.shown
    return {
        "year": answer.year, "method": plan.method, "boundary": plan.boundary, "carbon_kg": headline_kg(answer.found),
        "carbon_p10_kg": shown.carbon_p10_kg, "carbon_p90_kg": shown.carbon_p90_kg, "text": answer.headline,
    }  # fmt: skip


def _version(saved: Saved) -> dict[str, Any]:
    one = saved.version
    return {
        "id": one.id, "plan": one.plan, "number": one.number, "saved_by": one.by.said, "saved_at": one.at,
        "why": one.why, "seal": one.seal,
    }  # fmt: skip
