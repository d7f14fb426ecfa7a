"""A workload: one use of language models in the company, as typed by a user.

Labels, bounds, units, help and short names of the fields stand in `knobs.csv`; a test holds the two together.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from core.plan.knob import plain
from core.plan.points import Points
from core.plan.record import Record

Kind = Literal["inference", "fine_tuning", "pre_training"]
Hosting = Literal["own", "colocation", "cloud", "api"]
Precision = Literal["fp32", "tf32", "bf16", "fp16", "fp8", "int8", "int4", "mxfp4", "nf4", "ternary"]
Serving = Literal["vllm", "vllm-2024", "transformers"]
Parallel = Literal["tp", "ep", "pp"]
Pausing = Literal["whole", "paused"]
HoursChosen = Literal["as_they_come", "yesterday", "profile", "foresight"]
ItControl = Literal["own", "landlord"]
Residency = Literal["anywhere", "eea_gb_ch", "eea", "eu", "country", "listed"]

OWN_HARDWARE = "H100-SXM"


def usual_hardware(fields: dict[str, Any]) -> str:
    """What a blank accelerator means: a bought service keeps its own to itself, anything else takes the usual one.

    >>> usual_hardware({"hosting": "api"}), usual_hardware({"hosting": "own"})
    ('', 'H100-SXM')
    """
    return "" if fields.get("hosting") == "api" else OWN_HARDWARE


class Workload(Record):
    """One workload. Shares are 0 to 1; None means the default that the knob's `blank` names."""

    record: ClassVar[str] = "workload"

    id: str
    name: str = "New workload"
    kind: Kind = "inference"
    hosting: Hosting = "own"
    model: str = "llama3.1-8b"
    precision: Precision = "bf16"
    hardware: str = Field(default_factory=usual_hardware)
    accelerators: int | None = None
    batch: float | None = None
    serving: Serving = "vllm"
    parallel: Parallel = "tp"
    region: str = "WORLD"

    requests_per_day: float = 10_000.0
    input_tokens: float = 500.0
    output_tokens: float = 300.0
    cached_share: float = 0.0
    operating_days: float = 365.0
    seats: float | None = None
    requests_per_seat_day: float | None = None
    peak_to_mean: float = 2.0

    growth_low_pct: float = 0.0
    growth_central_pct: float = 0.0
    growth_high_pct: float = 0.0
    growth_decay_pct: float = 0.0
    first_year: int | None = None
    last_year: int | None = None

    runs_per_year: float = 1.0
    tokens_per_run_m: float = 50.0
    epochs: float = 1.0
    overhead_factor: float = 1.0
    mfu: float | None = None

    installed_accelerators: int | None = None
    busy_share: float | None = None
    purchase_year: int | None = None
    lifetime_years: float | None = None
    deferrable_h: float = 0.0
    deferrable_share: float = 1.0
    hours_chosen: HoursChosen = "as_they_come"
    job_h: float | None = None
    pausing: Pausing = "whole"
    restart_h: float = 0.0
    residency: Residency = "anywhere"
    residency_countries: tuple[str, ...] = ()
    latency_ms: float | None = None
    room_home_ratio: float | None = None
    room_away_ratio: float = 1.0
    moving_share: float = 0.0
    it_control: ItControl = "own"
    pue: float | None = None
    wue_l_per_kwh: float | None = None
    contract_share: Points = ()
    supplier: str = ""
    contract_g_per_kwh: float | None = None
    price_hire_usd_per_h: float | None = None
    price_electricity_usd_per_kwh: float | None = None
    price_purchase_usd: float | None = None
    price_operations_usd_per_h: float | None = None
    price_input_usd_per_m_tokens: float | None = None
    price_cached_usd_per_m_tokens: float | None = None
    price_output_usd_per_m_tokens: float | None = None
    business_unit: str = ""
    owner: str = ""
    tags: tuple[str, ...] = ()
    import_key: str = ""

    def impossible(self) -> str:
        """Why these fields cannot stand together, in one sentence; empty when they can."""
        return _impossible(self)


def _impossible(w: Workload) -> str:
    if not w.id:
        return "id is blank; every workload needs one"
    if w.growth_low_pct > w.growth_high_pct:
        high = plain(w.growth_high_pct)
        return f"growth_low_pct is {plain(w.growth_low_pct)}; it must be at most growth_high_pct, {high} % a year"
    if not w.growth_low_pct <= w.growth_central_pct <= w.growth_high_pct:
        return (
            f"growth_central_pct is {plain(w.growth_central_pct)}; it must lie in "
            f"[{plain(w.growth_low_pct)}, {plain(w.growth_high_pct)}] % a year, "
            "between growth_low_pct and growth_high_pct"
        )
    if w.first_year and w.last_year and w.last_year < w.first_year:
        return f"last_year is {w.last_year}; it must not be before first_year, {w.first_year}"
    if not w.hardware and w.hosting != "api":
        return f"hardware is blank; hosting '{w.hosting}' needs a catalog accelerator (only 'api' may leave it open)"
    return ""
