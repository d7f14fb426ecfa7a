"""The link that an export bears: to the saved version where it is one, else to all that the plan holds."""

from __future__ import annotations

from core import link
from core.plan import Plan

NO_PRICES = "The link leaves out the prices that were typed; the plan in the bundle, and plan.csv, hold them."
TOO_LARGE = "The plan is too large for a link; send the bundle or plan.csv."
ADDRESS = "Put the address of your Glidepath in front of the link."


def link_of(plan: Plan, address: str = "", prices: bool = False, saved: str = "") -> tuple[str, tuple[str, ...]]:
    """The link behind an app's address, and what a reader must know of it. `saved` is the id of a saved version."""
    notes = () if address else (ADDRESS,)
    if saved:
        return f"{address}?p={saved}", notes
    shown = plan if prices else plan.without_prices()
    text = link.encode(shown, link.stamp(shown))
    if link.decode(text).plan != shown.with_hours(()):
        return "", (TOO_LARGE,)
    return f"{address}?s={text}", (*notes, *([] if shown == plan else [NO_PRICES]))
