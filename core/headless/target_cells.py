"""The cells of one row of `target`, read strictly: each complaint names column, value, limit and unit."""

from __future__ import annotations

import math
from dataclasses import dataclass

from core.headless.cases import Case
from core.targets.ask import AMBITIONS, SCOPES, Submission
from core.units import KG_PER_T, PERCENT

FIRST_YEAR, LAST_YEAR = 1990, 2100
BASES = {"": "", "n/a": "", "either, held constant": "", "location": "location", "market": "market"}
# Keys of `other_inputs`, with the unit of their value; None: a word.
KEYS: dict[str, str | None] = {
    "base_s1": "t", "base_s2": "t", "mry_s1": "t", "mry_s2": "t", "activity_growth_pct": "%", "i_base": "",
    "i_sec_base": "", "i_sec_t": "", "i_2050": "", "co_base": "", "co_t": "", "sec_base": "", "sec_t": "", "s12": "t",
    "s3": "t", "coverage": "%", "excluded": "%", "reduction": "%", "share": "%", "growth": "%", "category": None,
    "change": "%", "gross": "t", "target": "t", "credits": "t", "avoided": "t", "kg_per_kwh": "kg/kWh", "year": "",
    "emissions_t": "t", "first_year": "", "last_year": "", "rate_pct": "%", "expected_net_overshoot_t": "t",
    "tracking_basis": None,
}  # fmt: skip
SIGNED = frozenset({"activity_growth_pct", "growth", "change", "expected_net_overshoot_t"})
SHARES = frozenset({"s1_share_mry"})
LOST_AT_MOST = frozenset({"activity_growth_pct"})  # nothing falls by more than all of it
AT_MOST_100 = frozenset({"coverage", "excluded", "reduction", "share", "rate_pct"})


class CellError(ValueError):
    """A row that cannot be answered, in one sentence."""


@dataclass(frozen=True, slots=True)
class Cells:
    """One row: its columns, and the parts of `other_inputs`."""

    case: Case
    other: dict[str, str]

    @classmethod
    def read(cls, case: Case) -> Cells:
        """A row with `other_inputs` taken apart."""
        other: dict[str, str] = {}
        for part in filter(None, (text.strip() for text in case.get("other_inputs", "").split(";"))):
            key, equals, value = (text.strip() for text in part.partition("="))
            if not equals or key not in KEYS:
                raise CellError(f"other_inputs has '{part[:24]}'; it must be key=value, and keys are {', '.join(KEYS)}")
            if key in other:
                raise CellError(f"other_inputs has {key} twice")
            other[key] = value
        return cls(case, other)

    def text(self, name: str) -> str:
        """A column's text, or that of a key; empty where there is none or it says n/a."""
        found = self.other.get(name, "") if name in KEYS else self.case.get(name, "")
        return "" if found == "n/a" else found

    def maybe(self, name: str) -> float | None:
        """A finite number, or None where it is blank."""
        text = self.text(name)
        if not text:
            return None
        unit = KEYS[name] if name in KEYS else "t" if name.endswith("_t") else ""
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise CellError(f"{name} is '{text[:24]}'; it must be a number{f' [{unit}]' if unit else ''}")
        if name in SHARES and not 0.0 <= value <= 1.0:
            raise CellError(f"{name} is {text[:24]}; it must lie in [0, 1]")
        if name in LOST_AT_MOST and value < -PERCENT:
            raise CellError(f"{name} is {text[:24]}; it must not be below -100 %")
        if value < 0.0 and name not in SIGNED:
            raise CellError(f"{name} is {text[:24]}; it must not be below 0 {unit}".rstrip())
        if name in AT_MOST_100 and value > PERCENT:
            raise CellError(f"{name} is {text[:24]}; it must not be above 100 %")
        return value

    def number(self, name: str) -> float:
        """A finite number that must be there."""
        value = self.maybe(name)
        if value is None:
            raise CellError(f"{name} is blank; it must be a number")
        return value

    def maybe_kg(self, name: str) -> float | None:
        """Tonnes as kg, or None."""
        value = self.maybe(name)
        return None if value is None else value * KG_PER_T

    def kg(self, name: str) -> float:
        """Tonnes that must be there, as kg."""
        return self.number(name) * KG_PER_T

    def maybe_year(self, name: str) -> int | None:
        """A calendar year, or None where it is blank."""
        value = self.maybe(name)
        if value is None:
            return None
        if not value.is_integer() or not FIRST_YEAR <= value <= LAST_YEAR:
            raise CellError(f"{name} is {self.text(name)[:24]}; it must be a year, {FIRST_YEAR} to {LAST_YEAR}")
        return int(value)

    def year(self, name: str) -> int:
        """A calendar year that must be there."""
        value = self.maybe_year(name)
        if value is None:
            raise CellError(f"{name} is blank; it must be a year, {FIRST_YEAR} to {LAST_YEAR}")
        return value

    def scope(self) -> tuple[str, str]:
        """The scope and its ambition, as in `3 (WB2C)`; the ambition is empty where none is said."""
        scope, _, rest = self.text("scope").partition(" ")
        ambition = rest.strip("()")
        if scope not in SCOPES or (rest and (scope != "3" or ambition not in AMBITIONS)):
            known = "1, 2, 1+2, 3, 3 (1.5C) or 3 (WB2C)"
            raise CellError(f"scope is '{self.text('scope')[:24]}'; it must be {known}")
        return scope, ambition

    def basis(self, name: str) -> str:
        """Location, market, or empty where it does not matter."""
        text = self.text(name)
        if text not in BASES:
            raise CellError(f"{name} is '{text[:24]}'; it must be location, market or 'either, held constant'")
        return BASES[text]

    def submission(self) -> Submission | None:
        """The half-year of submission, or None."""
        text = self.text("submission")
        return Submission.read(text) if text else None

    def standard_v2(self) -> bool:
        """Whether the row asks by the rules of V2.0."""
        return self.text("standard").startswith("CNZS V2")
