"""Every figure the app shows or writes, and what it rests on: formulas, columns, coefficients, other figures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from core.engine import ActivityColumns
from core.methods import told
from core.methods.columns import columns
from core.methods.formulas import SECTIONS, Formula, formulas
from core.methods.naming import in_words, sign
from core.methods.trace import Trace, Written, together, written

SERVING, TRAINING, FOOTPRINT = "engine.run_inference", "engine.run_training", "engine.run_footprint"
ACTIVITY = frozenset(ActivityColumns._fields)  # figures of the first kernels that this one reads
# Columns of the results file that say the same figure again, under a name of the file's own.
SAME = {
    "carbon_location_p10_kg": "carbon_location_kg",
    "carbon_location_p90_kg": "carbon_location_kg",
    "cost_amount": "cost_usd",
    "carbon_cost_amount": "carbon_cost_location_usd",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: the equation in words, where it is written, and other figures that it adds up."""

    name: str
    title: str
    unit: str
    equation: str
    of: tuple[str, ...]
    named: tuple[str, ...]
    written: tuple[Written, ...]

    @property
    def unit_in_words(self) -> str:
        """Its unit, of one year."""
        return in_words(self.unit) or self.unit

    @property
    def sign(self) -> str:
        """The sign of its unit; empty for a count."""
        return sign(self.unit)

    def trace(self, kind: str = "") -> Trace:
        """All it rests on, through the figures it is made of; for one kind of workload where one is named."""
        other = "" if not kind else TRAINING if kind == "inference" else SERVING
        return _trace(self.name, other)

    def formulas(self, kind: str = "") -> list[Formula]:
        """Every formula behind it, in the order of the ladder."""
        keys = self.trace(kind).formulas
        return [formula for key, formula in formulas().items() if key in keys]

    def last_steps(self, kind: str = "") -> list[Formula]:
        """The formulas that make it, without those that these call."""
        keys = self.trace(kind).direct
        return [formula for key, formula in formulas().items() if key in keys]

    def made_of(self) -> list[Figure]:
        """The figures it is made of, as the code and the table name them."""
        known = figures()
        return [known[name] for name in known if name in _parts(self.name)]


@cache
def figures() -> dict[str, Figure]:
    """Every figure, by name."""
    places = written()
    return {
        row["figure"]: Figure(
            name=row["figure"],
            title=row["title"],
            unit=row["unit"],
            equation=row["equation"],
            of=told.keys(row["of"]),
            named=told.keys(row["formulas"]),
            written=places.get(row["figure"], ()),
        )
        for row in told.rows("figures.csv")
    }


def named(text: str) -> Figure | None:
    """The figure of that name, or of the name that the results file gives it; None when there is none."""
    return figures().get(SAME.get(text, text))


@cache
def _parts(name: str) -> frozenset[str]:
    """Figures that this one reads or is said to be made of. A result of the engine's first kernels is its own input."""
    figure = figures()[name]
    read = together(place.trace for place in figure.written).columns
    handed_on = read & ACTIVITY if any(place.kernel == FOOTPRINT for place in figure.written) else frozenset()
    return frozenset(figure.of) | handed_on


@cache
def _trace(name: str, without: str) -> Trace:
    """What a figure rests on; what the kernel `without` writes is left out."""
    figure = figures()[name]
    places = [place for place in figure.written if place.kernel != without]
    own = together(place.trace for place in places)
    steps = frozenset(figure.named) | {place.kernel for place in places}
    known = columns()
    filling = frozenset(key for column in own.columns if column in known for key in known[column].formulas)
    before = together(_trace(part, without) for part in sorted(_parts(name)))
    direct = own.direct | frozenset(figure.named) or steps
    return replace(Trace(steps | filling) | own | before, direct=direct)


def by_section(found: list[Formula]) -> dict[str, list[Formula]]:
    """Formulas under the step of the ladder they stand in, in order."""
    return {words: mine for section, words in SECTIONS.items() if (mine := [f for f in found if f.section == section])}
