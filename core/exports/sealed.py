"""A saved version's headline as it was sealed, beside what its plan comes to by today's data."""

from __future__ import annotations

from core import words
from core.exports.scales import scale_for
from core.results import Results
from core.results_table import method_of
from core.store.content import headline_kg
from core.store.records import Content, Version

NEWS_SHARE = 0.005  # a headline that moved by less than this is not news


def since_sealed(then: Content | Version, found: Results) -> tuple[str, ...]:
    """Both headlines in a sentence, where they differ; `found` is of the same plan."""
    was_kg, now_kg = then.headline_kg, headline_kg(found)
    if was_kg is None or now_kg is None or abs(now_kg - was_kg) <= NEWS_SHARE * abs(was_kg):
        return ()
    scale = scale_for("kg", (was_kg, now_kg))
    was, now = (words.quantity(kg, scale) for kg in (was_kg, now_kg))
    return (
        f"Saved with data {then.data_version[:6]} and method {then.method_version}, it showed {was}; worked out anew "
        f"with data {found.data_version[:6]} and method {method_of(found)}, {now}. What was saved is kept as it was.",
    )
