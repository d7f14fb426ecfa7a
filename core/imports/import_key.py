"""The key by which next month's file finds its workload: what an amount is of, in the file's own words."""

from __future__ import annotations

from hashlib import sha256

from core.imports.plain_names import ARN, plainest, segments
from core.imports.usage.record import Subject

LONGEST = 200  # as the plan's field has it
KEPT = 180
DIGEST = 12
MODEL = 2  # its place among the parts


def import_key(subject: Subject) -> str:
    """Service, stage, model, region, group and machine of an amount. Its month and a model's snapshot leave it alone.

    A provider before the model's name stays: who serves it decides the grid.

    >>> import_key(Subject("OpenAI", "gpt-5-mini-2025-08-07", group="Support", month="2026-03"))
    'OpenAI|inference|gpt-5-mini||Support|'
    """
    model = f"{provider(subject.model)}{plainest(subject.model)}"
    parts = (subject.service, subject.stage, model, subject.region, subject.group, subject.hardware)
    key = "|".join(_plain(part) for part in parts)
    return key if len(key) <= LONGEST else f"{key[:KEPT].rstrip()}#{sha256(key.encode()).hexdigest()[:DIGEST]}"


def _plain(part: str) -> str:
    """A part on one line, as the plan keeps a text, without the sign that parts them."""
    text = "".join(" " if c.isspace() else c for c in part if c.isprintable() or c.isspace())
    return " ".join(text.replace("|", "/").split())


def provider(model: str) -> str:
    """What stands before a model's name, as far as it tells who serves it; with its slash, blank where nothing does.

    >>> provider("hosted_vllm/openai/gpt-oss-20b"), provider("gpt-5")
    ('hosted_vllm/', '')
    """
    steps = segments(model)
    return f"{steps[0]}/" if len(steps) > 1 and not ARN.match(steps[0]) else ""


def model_in(key: str) -> str:
    """The model's plain name in a key; blank where it has none.

    >>> model_in("OpenAI|inference|gpt-5-mini||Support|"), model_in("")
    ('gpt-5-mini', '')
    """
    parts = key.split("|")
    return parts[MODEL] if len(parts) > MODEL else ""
