"""Sentences of the plan in the words of the page: fields by their labels."""

from __future__ import annotations

import re

from core.plan import Plan, Record, Workload, knobs


def by_label(sentence: str, *classes: type[Record]) -> str:
    """A sentence in the words of the page: fields by their labels, with a capital where one opens it.

    >>> by_label("last_year is 2025; it must not be before first_year, 2027")
    'Last year is 2025; it must not be before first year, 2027'
    """
    said = [knobs(cls) for cls in (*classes, Workload, Plan)]
    labels = {name: found[name].label for found in reversed(said) for name in found}
    name, space, rest = sentence.partition(" ")
    first = labels.get(name, name) if space else name

    def label(found: re.Match[str]) -> str:
        text = labels.get(found[0], found[0])
        return text[:1].lower() + text[1:]

    return f"{first}{space}{re.sub(r'[a-z]+(?:_[a-z]+)+', label, rest)}"
