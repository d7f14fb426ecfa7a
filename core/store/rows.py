"""Rows of the tables as records, each checked against its seal; and records as rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row

from core.store.errors import TamperedError
from core.store.records import Content, Person, Saved, Version
from core.store.review import Event
from core.store.seal import LENGTH, Said, digest, sealed, short

PARTS = ("inputs", "factors", "results")
NOT_OPENED = "It is not opened."


def version_seal(version: Version) -> str:
    """The seal of a version: over all of it, its place in the plan, and the digests of its content."""
    said: list[tuple[str, Said]] = [
        ("plan", version.plan),
        ("number", version.number),
        ("previous", version.previous),
        ("by_name", version.by.name),
        ("by_subject", version.by.subject),
        ("at", version.at),
        ("why", version.why),
        ("inputs_sha256", version.inputs_sha256),
        ("factors_sha256", version.factors_sha256),
        ("results_sha256", version.results_sha256),
        ("data_version", version.data_version),
        ("method_version", version.method_version),
        ("app_version", version.app_version),
        ("headline_kg", version.headline_kg),
    ]
    return sealed("version", said)


def version_row(version: Version, name_key: str) -> dict[str, Any]:
    """A version as a row of its table."""
    same = ("id", "number", "previous", "at", "why", "data_version", "method_version", "app_version", "headline_kg")
    row = {name: getattr(version, name) for name in (*same, "seal", *(f"{part}_sha256" for part in PARTS))}
    return row | {"name_key": name_key, "by_name": version.by.name, "by_subject": version.by.subject}


def read_version(row: Row[Any]) -> Version:
    """A row, joined with its plan's name, as a version; TamperedError where it is not what was sealed."""
    cells = dict(row._mapping)
    by = Person(cells.pop("by_name"), cells.pop("by_subject"))
    cells.pop("name_key")
    found = Version(plan=cells.pop("name"), by=by, **cells)
    if version_seal(found) != found.seal or found.id != short(found.seal, max(len(found.id), LENGTH)):
        raise TamperedError(f"{_called(found)} is not as it was sealed: its row was changed afterwards. {NOT_OPENED}")
    return found


def read_saved(version: Version, texts: dict[str, str]) -> Saved:
    """A version with the texts it names by digest; TamperedError where one is missing or another."""
    for part in PARTS:
        key = getattr(version, f"{part}_sha256")
        if digest(texts.get(key, "")) != key:
            raise TamperedError(
                f"{_called(version)} is not as it was sealed: its {part} were changed afterwards. {NOT_OPENED}"
            )
    parts = {part: texts[getattr(version, f"{part}_sha256")] for part in PARTS}
    content = Content(
        **parts,
        data_version=version.data_version,
        method_version=version.method_version,
        app_version=version.app_version,
        headline_kg=version.headline_kg,
    )
    return Saved(version, content)


def event_seal(event: Event) -> str:
    """The seal of an event: over all of it, and the seal of the event before it."""
    said: list[tuple[str, Said]] = [
        ("plan", event.plan),
        ("number", event.number),
        ("version", event.version),
        ("version_id", event.version_id),
        ("kind", event.kind),
        ("row_key", event.row_key),
        ("old", event.old),
        ("new", event.new),
        ("text", event.text),
        ("by_name", event.by.name),
        ("by_subject", event.by.subject),
        ("at", event.at),
        ("previous", event.previous),
    ]
    return sealed("event", said)


def event_row(event: Event, name_key: str) -> dict[str, Any]:
    """An event as a row of its table."""
    same = ("number", "version", "version_id", "kind", "row_key", "old", "new", "text", "at", "previous", "seal")
    row = {name: getattr(event, name) for name in same}
    return row | {"name_key": name_key, "by_name": event.by.name, "by_subject": event.by.subject}


def read_events(found: Iterable[Row[Any]]) -> list[Event]:
    """The events of a plan, in order; TamperedError where one is not what was sealed, or one is missing before it."""
    events: list[Event] = []
    for row in found:
        cells = dict(row._mapping)
        by = Person(cells.pop("by_name"), cells.pop("by_subject"))
        cells.pop("name_key")
        event = Event(plan=cells.pop("name"), by=by, **cells)
        before = events[-1].seal if events else ""
        if event_seal(event) != event.seal or event.previous != before or event.number != len(events) + 1:
            raise TamperedError(
                f"The notes and sign-offs of '{event.plan}' are not as they were sealed: number {len(events) + 1} was "
                "changed or taken out afterwards."
            )
        events.append(event)
    return events


def check_chain(versions: list[Version]) -> None:
    """TamperedError where versions, in their order, do not follow one another without a gap."""
    before = ""
    for number, version in enumerate(versions, 1):
        if version.number != number or version.previous != before:
            raise TamperedError(
                f"The history of '{version.plan}' is not as it was sealed: what came before version {version.number} "
                f"was taken out or exchanged. {NOT_OPENED}"
            )
        before = version.seal


def _called(version: Version) -> str:
    return version.called[:1].upper() + version.called[1:]
