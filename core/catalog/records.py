"""The records of the catalogue: one row of a data file each, read-only.

A field bears the name of its column. A text without a default must not be empty; a `| None` may be, and then means
"not known".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

UNDISCLOSED = frozenset({"undisclosed", "rumour"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A publication that figures come from, under the key that rows cite."""

    key: str
    title: str
    publisher: str
    url: str
    year: int
    licence: str
    retrieved: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A language model. Where `architecture_from` names another model, missing dimensions are that model's."""

    id: str
    name: str
    organisation: str
    release_year: int
    params_total_b: float
    params_active_b: float | None
    params_active_low_b: float | None
    params_active_high_b: float | None
    layers: int
    d_model: int
    heads: int
    kv_heads: int
    head_dim: int
    experts: int
    experts_per_token: int
    attention: str
    kv_bytes_per_token: float
    kv_window_tokens: int
    kv_global_share: float
    recurrent_state_byte: float
    fp8_block: bool
    vocabulary: int | None
    train_tokens_b: float | None
    native_precision: str = ""
    licence: str
    openness: str
    status: str
    architecture_from: str = ""
    source: str
    note: str = ""
    basis_architecture: str
    basis_training: str

    @property
    def is_moe(self) -> bool:
        """Whether tokens pass through a choice of experts."""
        return self.experts > 0

    @property
    def disclosed(self) -> bool:
        """Whether the size is published by its maker; otherwise it is an estimate and never a fact."""
        return self.status not in UNDISCLOSED

    @property
    def computable(self) -> bool:
        """Whether the active parameters are known or estimated, without which there is no energy."""
        return self.params_active_b is not None

    @property
    def latent_cache(self) -> bool:
        """Whether the KV cache is one latent vector, copied to every accelerator (MLA)."""
        return self.attention == "MLA"

    @property
    def recurrent_state_known(self) -> bool:
        """Whether 0 means "none": a hybrid has a recurrent state, and for most its size is not published."""
        return self.attention != "hybrid" or self.recurrent_state_byte > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardware:
    """An accelerator or a whole CPU server. Peaks are dense, by precision; `generation` picks the training offset."""

    id: str
    name: str
    vendor: str
    kind: str
    release_year: int
    peak_tflops: Mapping[str, float]
    memory_gb: float
    bandwidth_gb_s: float
    tdp_w: float
    idle_w: float
    idle_low_w: float
    idle_high_w: float
    link_gb_s: float
    embodied_kg: float
    embodied_low_kg: float
    embodied_high_kg: float
    supports: frozenset[str]
    accelerators_per_server: int
    host_w: float | None
    inference_measured: bool
    generation: str
    generation_measured: bool
    gddr: bool
    status_specs: str
    status_idle: str
    status_embodied: str
    source_specs: str
    source_idle: str
    source_embodied: str
    source_host: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A grid: location-based yearly mean, its range over every publication. `status` and `source` are the carbon's."""

    id: str
    kind: str
    name: str
    country_code: str = ""
    iso3: str = ""
    latitude: float | None
    longitude: float | None
    timezone: str = ""
    carbon_g_per_kwh: float
    carbon_low_g_per_kwh: float
    carbon_high_g_per_kwh: float
    carbon_year: int
    carbon_basis: str
    renewable_pct: float | None
    carbon_free_pct: float | None
    water_l_per_kwh: float
    water_is_world_default: bool
    water_status: str
    water_source: str
    hourly_zone: str = ""
    status: str
    licence: str
    source: str
    note: str = ""

    @property
    def direct(self) -> bool:
        """Whether the intensity leaves the life cycle out: never rank it beside one that does not."""
        return self.carbon_basis == "direct"

    @property
    def caution(self) -> str:
        """What to say beside every figure of this region; empty when there is nothing to say."""
        return self.note


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudRegion:
    """A provider's region, the grid it stands on, and what the provider publishes about it."""

    provider: str
    region: str
    location: str
    city: str
    country_code: str
    region_id: str
    region_id_alternative: str = ""
    latitude: float
    longitude: float
    pue: float | None
    pue_year: int | None
    wue_l_per_kwh: float | None
    wue_year: int | None
    carbon_free_share: float | None
    carbon_free_year: int | None
    status: str
    source: str
    note: str = ""

    @property
    def id(self) -> str:
        """The key, as in `aws:us-east-1`."""
        return f"{self.provider}:{self.region}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """A published PUE, WUE or off-site water figure of one operator, survey or method in one year."""

    id: str
    quantity: str
    entity: str
    year: int
    low: float
    central: float
    high: float
    unit: str
    status: str
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """A price of an accelerator-hour, electricity or carbon. Without a published range both ends are the centre."""

    id: str
    category: str
    key: str
    item: str
    low: float
    central: float
    high: float
    unit: str
    period: str
    status: str
    source: str
    basis: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """A default the engine uses where a plan is silent, with its range and where it comes from."""

    id: str
    label: str
    low: float
    central: float
    high: float
    unit: str
    source: str
    status: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """A number format: bytes a weight takes, and whether only the weights are in it (arithmetic stays 16-bit)."""

    id: str
    label: str
    weight_byte: float
    weight_only: bool
    status: str
    source: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetShare:
    """An accelerator that an API may run on, and how likely that is, weights adding up to 1."""

    hardware_id: str
    weight: float
    status: str
    source: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EmissionFactor:
    """Life-cycle carbon of one way to generate electricity; the UNECE range need not hold the IPCC median."""

    id: str
    label: str
    carbon_g_per_kwh: float
    unece_low_g_per_kwh: float | None
    unece_high_g_per_kwh: float | None
    status: str
    source: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """A grid's carbon intensity over future years. Use it as an index: bases differ from today's figures."""

    id: str
    scenario: str
    region: str
    years: tuple[int, ...]
    carbon_g_per_kwh: tuple[float, ...]
    carbon_basis: str
    status: str
    source: str
    note: str = ""
