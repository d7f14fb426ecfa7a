"""From the tokens of a file to a workload's volume: what is counted in a period, as a rate of the year.

    requests a day × operating days × growth to the file's year = requests of the file / covered share of a year
    input tokens a request = input tokens / requests,  output alike,  cached share = cached tokens / input tokens

so that requests a day × operating days × tokens a request adds up to the file's tokens over the covered share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core import catalog as facts
from core.imports import rates
from core.imports.usage.record import Amounts
from core.plan.knob import plain


@dataclass(frozen=True, slots=True)
class Volume:
    """The fields of a workload that a file fills, what was assumed beside it, and whether requests were."""

    fields: Mapping[str, Any]
    said: tuple[str, ...]
    requests: float
    requests_assumed: bool


def volume(
    amounts: Amounts, year_share: float, operating_days: float, growth: float = 1.0, input_tokens: float | None = None
) -> Volume | None:
    """The volume of a period of `year_share` years, in which demand is `growth` times that of the first year.

    `input_tokens` is what its owner says a request has, where the file counts none. None where nothing was used.
    """
    read, written = amounts.input_tokens, amounts.output_tokens
    said: list[str] = []
    requests = amounts.requests
    assumed = not requests
    if not requests:
        requests = _requests(read, written, input_tokens, said)
    if not requests:
        return None
    per_day = rates.requests_per_day(requests, year_share, growth, operating_days)
    fields: dict[str, Any] = {"requests_per_day": per_day}
    for name, tokens in (("input_tokens", read), ("output_tokens", written)):
        if tokens is None:
            said.append(f"the file does not count {name.replace('_', ' ')}")
        else:
            fields[name] = rates.tokens_a_request(tokens, requests)
    if read and amounts.cached_tokens is not None:
        fields["cached_share"] = rates.cached_share(amounts.cached_tokens, read)
    else:
        said.append("the file says nothing of cached input")
    return Volume(fields, tuple(said), requests, assumed)


def _requests(read: float | None, written: float | None, answered: float | None, said: list[str]) -> float | None:
    """How many requests the tokens make at the length that is assumed or answered."""
    assumptions = facts.load().assumptions
    if read:
        each = answered or assumptions["import_input_tokens"].central
        said.append(
            f"the file counts no requests; {plain(each)} input tokens a request are "
            f"{'as you say' if answered else 'assumed'}, the tokens stay the file's"
        )
        return read / each
    if written:
        each = assumptions["import_output_tokens"].central
        said.append(f"the file counts neither requests nor input; {plain(each)} output tokens a request are assumed")
        return written / each
    return None


def usd_per_m_input_tokens(amounts: Amounts) -> float | None:
    """The price of a million input tokens that a cost for all tokens comes to; None without one in US dollars."""
    cost = amounts.costs.get("USD", 0.0)
    if cost <= 0 or set(amounts.costs) - {"USD"}:
        return None
    assumptions = facts.load().assumptions
    read, cached = amounts.input_tokens or 0.0, amounts.cached_tokens or 0.0
    dear, cheap = assumptions["import_price_output_ratio"].central, assumptions["import_price_cached_ratio"].central
    written = amounts.output_tokens or 0.0
    if read - cached < 0 or read + written <= 0:
        return None
    return rates.usd_per_m_tokens(cost, read, cached, written, dear, cheap)
