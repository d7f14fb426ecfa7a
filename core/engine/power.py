"""Watts, energy, and how far measured energy may lie from the model's."""

from core.engine.jit import kernel
from core.engine.step import power_of
from core.units import W_PER_KW

H100_BYTE_PER_J = 3_350e9 / 700.0  # bandwidth and 16-bit peak per watt of TDP of the H100 SXM, the fit's reference
H100_FLOP_PER_J = 989e12 / 700.0
P90_Z = 1.2816  # the standard normal's 90th percentile


@kernel
def memory_power_factor(bandwidth_byte_per_s: float, tdp_w: float, gddr: float, p_gddr: float) -> float:
    """The memory's share of TDP relative to an H100 SXM's; GDDR costs more.

    More bandwidth per watt of TDP than an H100's costs the same joules per byte, so a larger share. Older memories
    take the same share for fewer bytes: more joules per byte.
    """
    relative = max(bandwidth_byte_per_s / (tdp_w * H100_BYTE_PER_J), 1.0)
    return relative * p_gddr if gddr == 1.0 else relative


@kernel
def flop_power_factor(peak16_flop_per_s: float, tdp_w: float, peak_flop_per_s: float, p_flop: float) -> float:
    """Drive per FLOP/s: constant joules per FLOP at 16 bit, relative to an H100 SXM, of the share of peak in use."""
    return p_flop * peak16_flop_per_s / (tdp_w * H100_FLOP_PER_J * peak_flop_per_s)


@kernel
def drive(power_s: float, step_time_s: float, p_floor: float) -> float:
    """How hard a step drives the accelerator: share of TDP - idle, before TDP limits it."""
    return p_floor + power_s / step_time_s


@kernel
def power_accelerator_w(drive_share: float, idle_w: float, tdp_w: float, p_knee: float) -> float:
    """Power of one accelerator while a batch runs [W]; it nears TDP smoothly and never passes it."""
    return idle_w + (tdp_w - idle_w) * drive_share * power_of(1.0 + drive_share ** int(p_knee), -1.0 / p_knee)


@kernel
def idle_power_w(idle_w: float, tdp_w: float, p_floor: float) -> float:
    """Power of an accelerator that waits with a model in memory [W]: awake, so above idle."""
    return idle_w + p_floor * (tdp_w - idle_w)


@kernel
def energy_j(accelerators: float, power_w: float, time_s: float) -> float:
    """Energy of a replica's accelerators over a time [J]."""
    return accelerators * power_w * time_s


@kernel
def energy_kwh(time_h: float, power_w: float) -> float:
    """Energy of accelerator-hours at a power [kWh]."""
    return time_h * power_w / W_PER_KW


@kernel
def utilization(busy_h: float, held_h: float) -> float:
    """Hours busy over hours held; 0 where none are held."""
    return 0.0 if held_h == 0.0 else busy_h / held_h


@kernel
def band(batch: float) -> int:
    """Batch band of the error interval: 1, 2-16, 17-128, more."""
    if batch < 2.0:
        return 0
    if batch < 17.0:
        return 1
    return 2 if batch < 129.0 else 3


@kernel
def two_piece_ln(z: float, low: float, middle: float, high: float) -> float:
    """ln of the error factor at a standard normal z: P10, P50 and P90 are met exactly."""
    return middle + z * ((middle - low) if z < 0.0 else (high - middle)) / P90_Z
