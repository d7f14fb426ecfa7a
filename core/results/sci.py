"""Carbon per unit of use, as the SCI for AI has it: (electricity x grid + hardware) per token, location-based.

Consumers answer for running a model, providers for making it: two scores, never added. Hardware is spread over its
life, whichever way the plan books it. What levers take themselves is in neither; credits and contracts never are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.plan import Workload
from core.results.draws import Floats
from core.results.figures import Results
from core.units import G_PER_KG, TOKENS_PER_K, TOKENS_PER_M

Role = Literal["consumer", "provider"]


@dataclass(frozen=True, slots=True)
class Score:
    """One score of one year, all by draw, (1 + draws,); `requests` counts calls, and is 0 for a provider."""

    role: Role
    workloads: tuple[str, ...]
    operational_kg: Floats
    embodied_kg: Floats
    tokens: Floats
    requests: Floats

    def per_k_tokens(self) -> Floats:
        """Carbon of a thousand tokens: read and written, or trained on."""
        return sci_g(self.operational_kg, self.embodied_kg, self.tokens / TOKENS_PER_K)

    def per_m_tokens(self) -> Floats:
        """Carbon of a million tokens, as the results file has it."""
        return sci_g(self.operational_kg, self.embodied_kg, self.tokens / TOKENS_PER_M)

    def per_request(self) -> Floats:
        """Carbon of one call; unknown for a provider, who has none."""
        return sci_g(self.operational_kg, self.embodied_kg, self.requests)


def role_of(workload: Workload) -> Role:
    """Running a model is the consumer's; training one is the provider's, also where one company is both."""
    return "consumer" if workload.kind == "inference" else "provider"


def sci_g(operational_kg: Floats, embodied_kg: Floats, units: Floats) -> Floats:
    """Carbon per functional unit [g]: (electricity + hardware) / units; unknown where there is no unit."""
    none = np.full_like(operational_kg, np.nan)
    return np.divide((operational_kg + embodied_kg) * G_PER_KG, units, out=none, where=units > 0)


def sci_operational_kg(found: Results, place: int, year: int) -> Floats:
    """Location-based carbon of a workload's electricity in a year [kg]; users' devices are part of running a model."""
    at = (place, found.place(year))
    values, work = found.values, found.work
    taken = work["carbon_location_kg"][at] if work else 0.0
    elsewhere = values["carbon_devices_kg"][at] - values["carbon_devices_sold_kg"][at]
    return np.asarray(values["carbon_location_kg"][at] + elsewhere - taken)


def sci_embodied_kg(found: Results, place: int, year: int) -> Floats:
    """Making of a workload's hardware in a year, spread over its life [kg]."""
    at = (place, found.place(year))
    taken = found.work["carbon_embodied_amortised_kg"][at] if found.work else 0.0
    return np.asarray(found.values["carbon_embodied_amortised_kg"][at] - taken)


def score(found: Results, places: Sequence[int], year: int, role: Role) -> Score:
    """The score of some workloads of one role together: their carbon over their tokens."""
    when = found.place(year)

    def whole(name: str) -> Floats:
        return np.asarray(found.values[name][places, when].sum(axis=0))

    return Score(
        role,
        tuple(found.workloads[place].id for place in places),
        np.asarray(sum(sci_operational_kg(found, place, year) for place in places)),
        np.asarray(sum(sci_embodied_kg(found, place, year) for place in places)),
        whole("input_tokens_year") + whole("output_tokens_year"),
        whole("requests"),
    )


def scores_by_role(found: Results, year: int) -> list[Score]:
    """The shown workloads' scores: the consumer's, then the provider's; none for a role that has no tokens."""
    roles: tuple[Role, ...] = ("consumer", "provider")
    mine = {role: [p for p in found.shown() if role_of(found.workloads[p]) == role] for role in roles}
    every = [score(found, places, year, role) for role, places in mine.items() if places]
    return [one for one in every if one.tokens[0] > 0]
