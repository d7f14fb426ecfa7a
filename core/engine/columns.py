"""The engine's columns: one float64 array (n,) per name, a row per workload, year and draw.

Codes and yes/no columns are floats too. `0` means "work it out" in `accelerators`, `batch`, `installed`, `busy_share`,
`flop` and `mfu`. Counts of parameters are counts, not billions.
"""

from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float64]

ENGINE_VLLM, ENGINE_VLLM_2024, ENGINE_TRANSFORMERS = 0.0, 1.0, 2.0
PARALLEL_TP, PARALLEL_EP, PARALLEL_PP = 0.0, 1.0, 2.0
HOSTING_OWN, HOSTING_COLOCATION, HOSTING_CLOUD, HOSTING_API = 0.0, 1.0, 2.0, 3.0


class InferenceColumns(NamedTuple):
    """What one year of serving one workload depends on."""

    # the model
    params_total: Column
    params_active: Column
    experts: Column
    experts_per_token: Column  # 0: dense
    layers: Column
    d_model: Column
    heads: Column
    head_dim: Column
    kv_heads: Column
    kv_byte_per_token: Column
    kv_window_tokens: Column  # 0: none
    kv_global_share: Column
    recurrent_state_byte: Column
    latent_cache: Column  # 1: MLA, every accelerator holds the whole cache
    # its number format
    weight_byte: Column
    expert_4bit: Column
    fp8_compute: Column
    fp8_block: Column  # 1: block-scaled FP8
    # the accelerator
    peak_flop_per_s: Column  # of the arithmetic in use
    peak16_flop_per_s: Column
    bandwidth_byte_per_s: Column
    memory_byte: Column
    tdp_w: Column
    idle_w: Column
    link_byte_per_s: Column
    gddr: Column
    accelerators_per_server: Column
    measured: Column  # 1: a type the fit has seen
    kernel_time_factor: Column  # time in which kernels run, over the fitted; 1: as fitted
    power_factor: Column  # power of an accelerator at work, over the fitted; 1: as fitted
    # how it serves
    engine: Column
    parallel: Column
    accelerators: Column  # per replica; 0: fewest that fit
    batch: Column  # 0: from the load
    batch_cap: Column
    room_batch: Column  # requests a replica must have room for where its accelerators are worked out
    memory_reserve_share: Column
    # the load
    requests: Column  # a year
    input_tokens: Column
    output_tokens: Column
    cached_share: Column
    drafted_tokens: Column  # per step and sequence, for the model to check; 0: none
    draft_accepted_share: Column  # chance that the model takes a drafted token
    draft_size_share: Column  # parameters of the drafting over the model's active ones
    separate: Column  # 1: prompts are read on machines of their own
    service_h: Column  # hours a year in which requests arrive
    peak_to_mean: Column
    # the fleet
    shared: Column  # 1: a provider's fleet
    provider_utilization: Column
    installed: Column  # accelerators; 0: sized for the peak
    busy_share: Column  # 0: work it out
    held_h: Column  # hours a year a dedicated fleet is held
    host_w: Column  # per accelerator
    # the model error
    error_z: Column
    error_on: Column


class InferenceResult(NamedTuple):
    """What a year of serving takes. Shapes (n,)."""

    accelerators: Column  # per replica
    replicas: Column
    accelerators_installed: Column
    memory_weights_byte: Column  # per replica
    memory_cache_byte: Column  # per replica, at the batch
    batch: Column
    batch_limit: Column
    step_time_s: Column
    request_time_s: Column
    power_accelerator_w: Column
    energy_accelerator_j_per_output_token: Column
    utilization: Column  # hours busy over hours held
    busy_h: Column  # accelerator-hours
    held_h: Column  # accelerator-hours
    energy_accelerator_kwh: Column  # busy
    energy_idle_kwh: Column
    energy_host_kwh: Column
    overload: Column  # 1: the installed fleet cannot carry the load


class TrainingColumns(NamedTuple):
    """What one year of training runs depends on."""

    params_active: Column
    train_tokens: Column  # per run, every epoch counted
    sequence_tokens: Column
    runs: Column  # a year
    overhead_factor: Column  # sweeps, restarts
    flop: Column  # disclosed, per run; 0: 6 N D
    mfu: Column  # 0: the fitted model
    peak16_flop_per_s: Column
    tdp_w: Column
    system_w: Column  # measured accelerator plus host per chip; 0: none
    kernel_time_factor: Column  # hours over the fitted; 1: as fitted
    power_factor: Column  # power over the fitted; 1: as fitted
    peak_factor: Column  # peak of the number format over that of 16 bit
    mfu_factor: Column  # share of that peak reached over the share of the 16-bit peak
    utilization: Column  # hours used over hours held
    installed: Column  # accelerators that stand there all year; 0: hours held follow from the hours used
    idle_w: Column
    hours_z: Column
    energy_z: Column
    error_on: Column


class TrainingResult(NamedTuple):
    """What a year of training takes. Shapes (n,)."""

    flop: Column
    mfu: Column
    used_h: Column  # accelerator-hours
    held_h: Column  # accelerator-hours
    power_accelerator_w: Column
    energy_accelerator_kwh: Column
    energy_idle_kwh: Column
    energy_host_kwh: Column


class TrainingMemoryColumns(NamedTuple):
    """What the memory of one training run depends on."""

    params_total: Column
    params_active: Column
    layers: Column
    d_model: Column
    state_byte_per_param: Column  # weights, gradients and optimiser
    sequence_tokens: Column
    micro_batch: Column  # sequences that an accelerator computes at a time
    memory_byte: Column
    memory_reserve_share: Column
    accelerators_per_server: Column
    installed: Column  # accelerators; 0: the fewest that hold the run


class TrainingMemoryResult(NamedTuple):
    """What a training run keeps in memory. Shapes (n,)."""

    memory_state_byte: Column  # of the whole run
    memory_activation_byte: Column  # on each accelerator
    training_accelerators: Column  # fewest
    memory_accelerator_byte: Column  # on each of those installed, else of the fewest


class ActivityColumns(NamedTuple):
    """What inference and training hand to the footprint, a year."""

    energy_accelerator_kwh: Column
    energy_idle_kwh: Column
    energy_host_kwh: Column
    held_h: Column
    input_tokens_year: Column  # cached ones included
    cached_tokens_year: Column
    output_tokens_year: Column


class CalibrationColumns(NamedTuple):
    """What a meter corrects, and by how much: measured over modelled, 1 where it measured nothing."""

    energy_accelerator_kwh: Column
    energy_idle_kwh: Column
    energy_host_kwh: Column
    energy_accelerator_j_per_output_token: Column
    calibration_busy_factor: Column
    calibration_idle_factor: Column
    calibration_host_factor: Column


class CalibrationResult(NamedTuple):
    """The energies as metered. Shapes (n,)."""

    energy_accelerator_kwh: Column
    energy_idle_kwh: Column
    energy_host_kwh: Column
    energy_accelerator_j_per_output_token: Column


class FootprintColumns(NamedTuple):
    """The site, the grid, the contract, the hardware's making and the prices. A price not known is NaN."""

    pue: Column
    wue_l_per_kwh: Column
    intensity_location_g_per_kwh: Column
    contract_g_per_kwh: Column
    procurement_share: Column
    residual_g_per_kwh: Column
    water_source_l_per_kwh: Column
    panels_ratio: Column  # peak of panels on site over the mean load; 0: none
    latitude: Column
    sunny_share: Column  # yield over that of a clear sky
    panel_loss_share: Column
    panels_g_per_kwh: Column  # making of the panels
    embodied_kg: Column  # per accelerator, with its share of the server
    lifetime_years: Column
    hired_utilization: Column  # share of its hours a provider hires out; 1 where nothing is hired
    price_hire_usd_per_h: Column
    price_electricity_usd_per_kwh: Column
    price_purchase_usd: Column  # per accelerator
    operations_usd_per_h: Column
    price_input_usd_per_m_tokens: Column
    price_cached_usd_per_m_tokens: Column
    price_output_usd_per_m_tokens: Column
    hosting: Column
    carbon_price_usd_per_t: Column


class FootprintResult(NamedTuple):
    """The ladder from the plug to the bill. Shapes (n,)."""

    energy_it_kwh: Column
    energy_overhead_kwh: Column
    energy_facility_kwh: Column
    energy_onsite_kwh: Column  # of it, from panels on site
    carbon_location_kg: Column
    carbon_market_kg: Column
    carbon_embodied_kg: Column
    carbon_embodied_panels_kg: Column  # of it, the panels'
    water_site_l: Column
    water_source_l: Column
    cost_energy_usd: Column
    cost_hardware_usd: Column
    cost_operations_usd: Column
    cost_hire_usd: Column
    cost_api_usd: Column
    cost_usd: Column
    carbon_cost_location_usd: Column
    carbon_cost_market_usd: Column


Columns = TypeVar("Columns", bound=tuple[Column, ...])


def empty(kind: type[Columns], rows: int) -> Columns:
    """Columns to be filled, every cell NaN until something writes it. One block of memory: fewer pages to walk.

    >>> len(empty(TrainingResult, 3).mfu)
    3
    """
    fields: tuple[str, ...] = kind._fields  # type: ignore[attr-defined]
    return kind(*np.full((len(fields), rows), np.nan))


def ready(columns: Columns) -> Columns:
    """The columns as the kernels were compiled for: contiguous, writeable float64. Any that differ are copied."""
    return type(columns)(*(column if _is_ready(column) else _made_ready(column) for column in columns))


def _is_ready(column: Column) -> bool:
    """Whether nothing needs to be copied: asked for each column of each call, so asked briefly."""
    flags = column.flags
    return column.dtype == np.float64 and flags.c_contiguous and flags.writeable and flags.aligned


def _made_ready(column: Column) -> Column:
    return np.require(column, np.float64, ("C", "W"))
