"""One workload before and after a change: the physical terms that moved, and what moved them, in plain sentences."""

from __future__ import annotations

from dataclasses import dataclass

from core.results.draws import Floats
from core.results.figures import Results, interval
from core.results.training_memory import TrainingFit, training_fit
from core.units import BYTES_PER_GB


@dataclass(frozen=True, slots=True)
class Term:
    """One quantity of a workload in one year: its name, unit, digits-ready values (central) and their ranges."""

    label: str
    unit: str
    before: tuple[float, float, float] | None
    after: tuple[float, float, float]
    help: str


# name in the results, label, unit, divisor, help
SERVING = (
    ("memory_weights_byte", "Memory for weights", "GB", BYTES_PER_GB, "Bytes of all weights of one copy of the model."),
    (
        "memory_cache_byte",
        "Memory for running requests",
        "GB",
        BYTES_PER_GB,
        "Cache of the requests answered together.",
    ),
    ("accelerators", "Accelerators per copy", "", 1.0, "Accelerators over which one copy is spread."),
    ("accelerators_installed", "Accelerators held", "", 1.0, "All accelerators that stand there for it, busy or not."),
    ("batch", "Requests at a time", "", 1.0, "Mean number of requests one copy answers together."),
    ("utilization", "Busy share", "%", 0.01, "Share of held hours in which the accelerators work."),
    ("power_accelerator_w", "Power of an accelerator", "W", 1.0, "Mean of each while it works."),
    ("request_time_s", "Time per answer", "s", 1.0, "From the first to the last token of the answer."),
)
TRAINING = (
    ("flop", "Arithmetic", "ZFLOP", 1e21, "Floating-point operations a year, 1e21 each."),
    ("mfu", "Share of peak reached", "%", 0.01, "Of the accelerator's peak in 16 bit, or in FP8 under that lever."),
    ("used_h", "Accelerator-hours", "h", 1.0, "Hours of computing, a year."),
)
# name in the memory of a run, label, unit, divisor, help
TRAINING_MEMORY = (
    ("state_byte", "Memory for weights, gradients and optimiser", "GB", BYTES_PER_GB, "Of the whole run."),
    (
        "activation_byte",
        "Memory for activations, each accelerator",
        "GB",
        BYTES_PER_GB,
        "Of its own tokens; what a layer computes is worked out again on the way back.",
    ),
    ("accelerators", "Fewest accelerators that hold it", "", 1.0, "1, 2, 4, 8, then whole servers."),
)
LADDER = (
    ("energy_accelerator_kwh", "Energy at work", "kWh", 1.0, "Accelerators while they answer or train."),
    ("energy_idle_kwh", "Energy waiting", "kWh", 1.0, "Accelerators held but not at work, model in memory."),
    (
        "energy_facility_kwh",
        "Energy at the meter",
        "kWh",
        1.0,
        "With the rest of the server, cooling and power supply.",
    ),
    ("carbon_location_kg", "Carbon, location-based", "kg", 1.0, "Electricity at the grid's average."),
    ("carbon_market_kg", "Carbon, market-based", "kg", 1.0, "Electricity by your contracts."),
    ("carbon_embodied_kg", "Carbon of the hardware", "kg", 1.0, "Making of the hardware, spread over its life."),
    ("water_site_l", "Water on site", "l", 1.0, "Evaporated by the site's cooling."),
    ("water_source_l", "Water for electricity", "l", 1.0, "Used where the electricity is made."),
    ("cost_usd", "Cost", "USD", 1.0, "Hire, tokens, or electricity and hardware, by hosting."),
)


def terms(key: str, year: int, after: Results, before: Results | None) -> list[Term]:
    """The physical terms and the ladder of one workload in one year; `before` where that workload was in it too."""
    workload = next((w for w in after.workloads if w.id == key), None)
    if workload is None:
        return []
    rows = (SERVING if workload.kind == "inference" else TRAINING) + LADDER
    found_terms = [
        Term(label, unit, None if before is None else _at(before, key, year, name, divisor), found, text)
        for name, label, unit, divisor, text in rows
        if (found := _at(after, key, year, name, divisor)) is not None
    ]
    own = _seats(key, year, after, before) if workload.kind == "inference" else _memory(key, after, before)
    return [*own, *found_terms] if found_terms else []


def _memory(key: str, after: Results, before: Results | None) -> list[Term]:
    """What a training run keeps in memory, and the fewest accelerators that hold it."""
    now, was = _held(key, after), None if before is None else _held(key, before)
    return [
        Term(
            label,
            unit,
            None if was is None else _span(getattr(was, name), divisor),
            _span(getattr(now, name), divisor),
            text,
        )
        for name, label, unit, divisor, text in TRAINING_MEMORY
    ]


def _seats(key: str, year: int, after: Results, before: Results | None) -> list[Term]:
    """Requests a seat makes on an operating day: whether growth is still plausible."""
    found = _per_seat(after, key, year)
    if found is None:
        return []
    was = None if before is None else _per_seat(before, key, year)
    text = "Growth stops at the ceiling per seat, where one is set."
    return [Term("Requests per seat and day", "", was, found, text)]


def _per_seat(results: Results, key: str, year: int) -> tuple[float, float, float] | None:
    workload = results.plan.workload(key)
    if workload is None or workload.seats is None or workload.kind != "inference":
        return None
    return _at(results, key, year, "requests", workload.seats * workload.operating_days)


def _held(key: str, results: Results) -> TrainingFit | None:
    workload = next((w for w in results.workloads if w.id == key and w.kind != "inference"), None)
    return None if workload is None else training_fit(results.plan, workload, results.values["used_h"].shape[-1] - 1)


def _span(values: Floats, divisor: float) -> tuple[float, float, float]:
    low, mid, high = interval(values)
    return low / divisor, mid / divisor, high / divisor


def _at(results: Results, key: str, year: int, name: str, divisor: float) -> tuple[float, float, float] | None:
    place, when = results.of(key), results.place(year)
    if place is None or not 0 <= when < len(results.plan.years()):
        return None
    return _span(results.values[name][place, when], divisor)
