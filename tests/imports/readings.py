"""Readings made by hand, as if files had been read."""

from datetime import UTC, datetime

from core.imports.usage.reading import Covered, FileRead, UsageReading
from core.imports.usage.record import Amounts, Subject

MARCH = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
APRIL = datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)


def reading(amounts, covered=MARCH, file="march.json", kind="OpenAI usage", service="OpenAI"):
    """What files of these amounts would say; `covered` is a start and an end, or one pair for each subject."""
    spans = covered if isinstance(covered, dict) else dict.fromkeys(amounts, covered)
    found = {subject: Covered(*span) for subject, span in spans.items()}
    whole = Covered(min(c.start for c in found.values()), max(c.end for c in found.values())) if found else None
    files = (FileRead(file, 1, "0" * 64),)
    return UsageReading(kind, service, files, {}, (), amounts, found, whole, 1, {}, (), 0, (), ())


def subject(model="gpt-5-mini", month="2026-03", **more):
    """Answers of a model in a month."""
    return Subject(more.pop("service", "OpenAI"), model, month=month, **more)


def chat(requests=138_000.0, read=261_600_000.0, cached=42_480_000.0, written=34_780_000.0, **more):
    """Amounts of answers."""
    return Amounts(requests, read, cached, written, **more)
