"""Prices of one workload as columns: what the plan says, else the catalog's with its range, else unknown."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.catalog import Catalog, price_electricity, price_hour
from core.plan import Workload
from core.results.drawing import Drawing, Fields
from core.results.draws import Floats, spread
from core.results.site import Site


def _ranged_price(price: Any, given: float | None, drawing: Drawing) -> float | Floats:
    if given is not None:
        return given
    if price is None:
        return np.nan
    return spread(price.low, price.central, price.high, drawing.z(f"price:{price.id}"))


def _known(given: float | None) -> float:
    return np.nan if given is None else given


def price_fields(catalog: Catalog, workload: Workload, site: Site, drawing: Drawing) -> Fields:
    """Prices; NaN where nobody said one. Unknown is never zero."""
    hire = price_hour(catalog, workload.hardware) if workload.hardware else None
    cached = workload.price_cached_usd_per_m_tokens
    return {
        "price_hire_usd_per_h": _ranged_price(hire, workload.price_hire_usd_per_h, drawing),
        "price_electricity_usd_per_kwh": _ranged_price(
            price_electricity(catalog, site.region), workload.price_electricity_usd_per_kwh, drawing
        ),
        "price_purchase_usd": _known(workload.price_purchase_usd),
        "operations_usd_per_h": workload.price_operations_usd_per_h or 0.0,
        "price_input_usd_per_m_tokens": _known(workload.price_input_usd_per_m_tokens),
        "price_cached_usd_per_m_tokens": 0.0 if workload.cached_share == 0 else _known(cached),
        "price_output_usd_per_m_tokens": _known(workload.price_output_usd_per_m_tokens),
    }
