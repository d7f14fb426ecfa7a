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
    tokens = token_prices(catalog, workload)
    place = site.premises
    return {
        "price_hire_usd_per_h": _ranged_price(hire, workload.price_hire_usd_per_h, drawing),
        "price_electricity_usd_per_kwh": _ranged_price(
            price_electricity(catalog, site.region),
            first(workload.price_electricity_usd_per_kwh, getattr(place, "price_electricity_usd_per_kwh", None)),
            drawing,
        ),
        "price_purchase_usd": _known(first(workload.price_purchase_usd, getattr(place, "price_purchase_usd", None))),
        "operations_usd_per_h": first(
            workload.price_operations_usd_per_h, getattr(place, "price_operations_usd_per_h", None), 0.0
        ),
        "price_input_usd_per_m_tokens": _known(tokens[0]),
        "price_cached_usd_per_m_tokens": 0.0 if workload.cached_share == 0 else _known(tokens[1]),
        "price_output_usd_per_m_tokens": _known(tokens[2]),
    }


def token_prices(catalog: Catalog, workload: Workload) -> tuple[float | None, float | None, float | None]:
    """Prices of input, cached and output tokens [USD per million]: as typed, else from an entry of one's own."""
    listed = catalog.token_prices.get(workload.model)
    return (
        first(workload.price_input_usd_per_m_tokens, getattr(listed, "price_input_usd_per_m_tokens", None)),
        first(workload.price_cached_usd_per_m_tokens, getattr(listed, "price_cached_usd_per_m_tokens", None)),
        first(workload.price_output_usd_per_m_tokens, getattr(listed, "price_output_usd_per_m_tokens", None)),
    )


def first(*values: float | None) -> Any:
    """The first value that is known; None when none is."""
    return next((value for value in values if value is not None), None)
