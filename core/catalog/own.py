"""Records that only a plan brings: places, supply and prices of a company's own. The catalogue's files hold none."""

from __future__ import annotations

from dataclasses import dataclass

from core.catalog.records import Region

# (calendar year, value) pairs; straight lines between them, level outside.
CarbonPath = tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Premises:
    """A building of one's own on a grid. None means the default of the hosting."""

    id: str
    name: str
    region_id: str
    pue: float | None
    wue_l_per_kwh: float | None
    host_w: float | None
    lifetime_years: float | None
    purchase_year: int | None
    price_purchase_usd: float | None
    price_electricity_usd_per_kwh: float | None
    price_operations_usd_per_h: float | None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """Electricity under a contract: its carbon by year."""

    id: str
    name: str
    carbon_g_per_kwh: CarbonPath
    carbon_basis: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPrice:
    """What a provider charges for one model's tokens."""

    id: str
    name: str
    model_id: str
    price_input_usd_per_m_tokens: float
    price_cached_usd_per_m_tokens: float | None
    price_output_usd_per_m_tokens: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionWithHours(Region):
    """A grid for which hourly files of one's own are at hand: the keys they are kept under, blank where there is none.

    `average` gives the shape of its hours, `called` is that file's name; `marginal` is for one line alone.
    """

    average: str = ""
    called: str = ""
    marginal: str = ""
