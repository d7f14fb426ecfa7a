"""The arithmetic of an import: amounts of a covered time as rates of a year, one small formula after another."""

from __future__ import annotations

from core.units import H_PER_DAY, H_PER_YEAR, TOKENS_PER_M


def year_share(covered_h: float) -> float:
    """Share of a year of 365 days that files cover; above 1 where it is more than one.

    >>> year_share(73 * 24.0)
    0.2
    """
    return covered_h / H_PER_YEAR


def requests_per_day(requests: float, covered_share: float, growth: float, operating_days: float) -> float:
    """Requests on an operating day of the first year, by those of a covered time in which demand is `growth` times it.

    >>> requests_per_day(1_000.0, 0.2, 1.25, 200.0)
    20.0
    """
    return requests / covered_share / growth / operating_days


def tokens_a_request(tokens: float, requests: float) -> float:
    """Mean tokens of a request."""
    return tokens / requests


def cached_share(cached_tokens: float, input_tokens: float) -> float:
    """Share of the input that a prompt cache held."""
    return cached_tokens / input_tokens


def usd_per_m_tokens(cost_usd: float, read: float, cached: float, written: float, dear: float, cheap: float) -> float:
    """Price of a million input tokens out of one cost: an output token costs `dear` times one, a cached one `cheap`.

    >>> usd_per_m_tokens(3.0, 500_000.0, 0.0, 100_000.0, 5.0, 0.1)
    3.0
    """
    return cost_usd / ((read - cached) + cheap * cached + dear * written) * TOKENS_PER_M


def mean_accelerators(accelerator_h: float, covered_h: float) -> float:
    """Accelerators that were held on average over a covered time."""
    return accelerator_h / covered_h


def held_days(accelerator_h: float, covered_h: float) -> float:
    """Days a year on which one accelerator is held for as many hours as were hired, at the rate of the covered time.

    >>> held_days(12.0, 8760.0)
    0.5
    """
    return accelerator_h / year_share(covered_h) / H_PER_DAY
