"""Levers and their effects as text."""

from __future__ import annotations

from math import isfinite

from core import catalog as facts
from core import words
from core.catalog import LeverKind
from core.plan import Plan, knobs
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.results import lever_work
from core.results.devices import PART
from core.results.effects import Effect, Shares
from core.results.raised import Why
from core.ui import evidence as measured_pairs
from core.ui import options
from core.words import Change, Scale

CERTAIN = 0.995
LEFT = "what leaves the total runs on users' devices, told below the answer"
REBOUND = "Rebound: more use"
NO_COST = "no sourced cost"


def name(lever: Lever) -> str:
    """What the lever is called; a second use of it says so."""
    return lever.called


def leaves(lever: Lever) -> bool:
    """Whether it moves work out of the company's boundary: what leaves a total is no saving to advise."""
    return any(operation.part == PART for operation in facts.load().lever_operations.get(lever.key, ()))


def surely(share: float) -> str:
    """In how many simulations the plan is the lower one."""
    if share >= CERTAIN:
        return "Lower in every simulation." if share == 1.0 else "Lower in nearly every simulation."
    return f"Lower in {share * 100:.0f} of 100 simulations."


def signed(kg: float, scale: Scale) -> str:
    """A change with its sign and unit."""
    return scale.dress(words.signed_figure(kg / scale.divisor, 2))


def change_of(effect: Effect, scale: Scale) -> Change:
    """What a lever does alone, in words; a chance that it adds is said."""
    found = words.change(effect.before_kg, effect.after_kg, effect.low_kg, effect.high_kg, scale, "")
    chance = effect.adds_share
    if found.tone == "gray" and 0 < chance < 1:
        return Change("gray", f"{found.text}; adds in {chance * 100:.0f} of 100 simulations")
    return found


PARTS = {
    "work": "more energy at work",
    "waiting": "more energy spent waiting",
    "overhead": "more energy around the accelerators",
    "grid": "more carbon in each kilowatt-hour",
    "hardware": "more carbon in making the hardware",
    "taken": "what it takes itself, once or every year",
}
# Name in the figures -> label, unit, what to divide by.
TERMS = {
    "batch": ("requests at a time", "", 1.0),
    "accelerators": ("accelerators per copy", "", 1.0),
    "accelerators_installed": ("accelerators held", "", 1.0),
    "utilization": ("busy share", "\u00a0%", 0.01),
    "request_time_s": ("time per answer", "\u00a0s", 1.0),
    "power_accelerator_w": ("power of an accelerator", "\u00a0W", 1.0),
    "flop": ("arithmetic", "\u00a0ZFLOP", 1e21),
    "mfu": ("share of peak reached", "\u00a0%", 0.01),
    "used_h": ("accelerator-hours", "", 1.0),
}


def because(why: Why) -> str:
    """The physical terms behind what a lever adds; the part of the carbon that grows, where none is known."""
    lines = []
    for term in why.terms:
        label, unit, divisor = TERMS[term.name]
        before, after = (words.figure(value / divisor, 2) for value in (term.before, term.after))
        lines.append(f"{label} {before} → {after}{unit}")
    grown = {term.name: term.after > term.before for term in why.terms}
    if grown.get("accelerators_installed") and grown.get("batch") is False:
        lines.append("more copies with fewer requests each")
    return ", ".join(lines) or PARTS[why.part]


def against(why: Why) -> str:
    """What grows under the lever, on which workload, and the terms behind it."""
    terms = f" ({because(why)})" if why.terms else ""
    return f"- **Against it here:** {words.markdown_safe(f'{PARTS[why.part]}, {why.workload}{terms}')}."


GRADES = {
    "A": "measured by others",
    "B": "by its authors",
    "C": "simulated",
    "D": "by the vendor",
    "E": "not verified",
}
STATUSES = {"secondary": "read at second hand"}


def grade(kind: LeverKind) -> str:
    """Who says so, and whether it was verified."""
    return f"{GRADES[kind.grade]}, {STATUSES.get(kind.status, kind.status)}"


def evidence(lever: Lever) -> str:
    """What was published on the lever, where it works and where it fails, with its grade and sources."""
    kind = lever.kind()
    said = (
        ("Published", kind.effect), ("Works for", kind.applies), ("Quality", kind.quality), ("Mind", kind.caveat),
    )  # fmt: skip
    lines = [f"- **{what}:** {words.markdown_safe(text)}." for what, text in said if text]
    lines.append(f"- **Evidence:** {grade(kind)}.")
    measured = measured_pairs.line(lever.key)
    if measured:
        lines.append(f"- **Published pairs:** {words.markdown_safe(measured)}")
    if kind.low is not None and kind.high is not None:
        ends = f"{words.figure(kind.low, 3)} to {words.figure(kind.high, 3)} {kind.unit}".rstrip()
        lines.append(f"- **Published range of the value:** {ends}.")
    return "\n".join(lines)


def target(lever: Lever) -> str:
    """What a lever changes to, as its option is called."""
    tables = {"model": "models", "hardware": "hardware", "region": "regions"}
    return options.brief(tables[lever.kind().choice], lever.choice) if lever.choice else ""


def cost_of(effect: Effect, plan: Plan) -> str:
    """What a tonne avoided costs, in words; empty where nothing is avoided."""
    if not effect.is_priced:
        return NO_COST
    if not effect.carbon_all_years_kg < 0:
        return ""
    if not isfinite(effect.usd_per_t):
        return "cost unknown"
    amount = effect.usd_per_t * plan.exchange_rate
    told = f"{words.signed_figure(amount, 2)}\u00a0{plan.currency}/t"
    return f"{told}: saves money" if amount < 0 else told


def takes(plan: Plan, lever: Lever) -> list[str]:
    """What a lever takes, an item a line, with its range and who says so; or that nobody has said."""
    catalog, lines = catalog_of(plan), []
    for name in lever_work.ITEMS:
        found = lever_work.item(catalog, lever, name)
        if found is not None:
            knob = knobs(Lever)[name]
            ends = f" ({words.figure(found.low, 3)} to {words.figure(found.high, 3)})" if found.low < found.high else ""
            said = "entered" if found.status == "entered" else "estimate, yours to change"
            lines.append(f"- {knob.label}: {words.figure(found.central, 3)} {knob.unit}{ends}, {said}.")
    return lines or [f"- {words.capital(NO_COST)}: enter yours."]


def how_to_read(split: Shares) -> str:
    """What the bars are, and what stands beside them."""
    told = (
        "Each bar is what a lever changes on average over all orders in which the levers could come: what two would "
        "both save is split between them. Blue saves, orange adds."
    )
    if split.rebound_kg:
        told += " Rebound is the use that grows because answers get cheaper, by the elasticities you entered."
    return told


def table(split: Shares, plan: Plan, scale: Scale) -> dict[str, list[str]]:
    """Each lever's part of the change beside what it does alone."""
    levers = sorted(plan.levers, key=lambda one: split.shapley_kg[one.id])
    rebound = [split.rebound_kg] if split.rebound_kg else []
    return {
        "Lever": [*(name(lever) for lever in levers), *(REBOUND for _ in rebound)],
        "Part of the change": [
            *(signed(split.shapley_kg[lever.id], scale) for lever in levers), *(signed(kg, scale) for kg in rebound)
        ],
        "Alone": [*(signed(split.alone_kg[lever.id], scale) for lever in levers), *("–" for _ in rebound)],
    }  # fmt: skip


def overlap(split: Shares, ends_kg: tuple[float, float, float], scale: Scale) -> str:
    """How far the sum of the levers taken alone misses the whole, with the range of that."""
    change, summed = split.after_kg - split.rebound_kg - split.before_kg, sum(split.alone_kg.values())
    if len(split.alone_kg) < 2 or abs(split.overlap_kg) < 0.005 * max(abs(summed), 1e-9):
        return "Nothing overlaps: what the levers do alone adds up to the whole."
    told = f"Each alone would sum to {signed(summed, scale)}; together they make {signed(change, scale)}."
    what = "counted twice by such a sum" if split.overlap_kg > 0 else "gained because the levers help each other"
    low, _, high = ends_kg if split.overlap_kg > 0 else [-kg for kg in reversed(ends_kg)]
    middle, ends = words.with_range(abs(split.overlap_kg), low, high, scale)
    spread = f" (80\u00a0% range {ends})" if ends else ""
    unsure = " In some simulations it is the other way round." if low < 0 else ""
    return f"{told} **{middle}**{spread} {what}.{unsure}"
