"""The least and the most that a workload's machines can draw, against which a meter's file is held."""

from __future__ import annotations

from dataclasses import dataclass

from core.catalog import Catalog, Hardware


@dataclass(frozen=True, slots=True)
class Limits:
    """Watts of one accelerator when idle and at its limit, and of a whole server at most."""

    idle_low_w: float
    tdp_w: float
    server_most_w: float


def power_limits(catalog: Catalog, hardware: Hardware) -> Limits:
    """What one accelerator and a server full of them draw; the rest of the server at most what one was built for.

    >>> from core import catalog
    >>> power_limits(catalog.load(), catalog.load().hardware["H100-SXM"])
    Limits(idle_low_w=65.0, tdp_w=700.0, server_most_w=10200.0)
    """
    rest_w = max(catalog.assumptions["host_w"].high, hardware.host_w or 0.0)
    return Limits(hardware.idle_low_w, hardware.tdp_w, hardware.accelerators_per_server * (hardware.tdp_w + rest_w))
