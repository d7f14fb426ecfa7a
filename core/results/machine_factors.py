"""What a workload's machines put into its figures: accelerators, servers, the provider, and the fit to measurements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import exp

from core.catalog import Catalog, Hardware, Model
from core.plan import Workload
from core.results.arithmetic import arithmetic_of, peak16_tflops
from core.results.columns import candidates
from core.results.factor import Factor, assumption, entered, point, ranged, span
from core.results.site import Site, lifetime_years
from core.units import PERCENT

FIT = "own-fit-2026"
TRAINING_MEMORY = (
    ("training_state_byte_per_param", "Weights, gradients and optimiser, per parameter", "byte"),
    ("training_sequence_tokens", "Length of a training sequence", "tokens"),
    ("training_micro_batch", "Sequences trained on at a time", ""),
)
WHOLE_MACHINES = ("cpu", "laptop")


def devices(catalog: Catalog, workload: Workload) -> list[Hardware]:
    """The accelerators a workload may run on; empty when the catalog does not know the one it names."""
    if workload.hardware:
        device = catalog.hardware.get(workload.hardware)
        return [device] if device else []
    return [catalog.hardware[share.hardware_id] for share in candidates(catalog, workload)]


def machine_factors(catalog: Catalog, workload: Workload, site: Site) -> list[Factor]:
    """The factors of the machines, the accelerators first."""
    found = devices(catalog, workload)
    rows = [row for device in found for row in _device(catalog, workload, device, site)]
    parts = _serving if workload.kind == "inference" else _training
    rows += [*parts(catalog, workload, found), *_hired(catalog, workload)]
    if any(device.kind not in WHOLE_MACHINES for device in found):
        rows.append(assumption(catalog, "embodied_server_share_kg", "Making of the server, per accelerator", "kg CO₂e"))
    return [*rows, ranged("Life of the hardware", lifetime_years(catalog, workload, site), "years")]


def _known(workload: Workload, device: Hardware) -> str:
    if workload.kind != "inference":
        return "" if device.generation_measured else "no training run of this generation to check against"
    note = "measured in the fit" if device.inference_measured else "outside the measured range: no measurement of it"
    return note if workload.hardware else f"one of the accelerators the provider may use; {note}"


def _device(catalog: Catalog, workload: Workload, device: Hardware, site: Site) -> Iterator[Factor]:
    def spec(name: str, value: float, unit: str, note: str = "") -> Factor:
        name = f"{device.name}: {name}"
        return Factor(name, value, None, None, unit, device.status_specs, device.source_specs, note)

    yield spec("power limit", device.tdp_w, "W", _known(workload, device))
    yield spec("peak arithmetic", *peak_of(catalog, workload, device))
    yield spec("memory", device.memory_gb, "GB")
    if workload.kind == "inference":
        yield spec("memory bandwidth", device.bandwidth_gb_s, "GB/s")
        yield spec("link to the next accelerator", device.link_gb_s, "GB/s")
        yield _host(catalog, device, site)
    if workload.kind == "inference" or workload.installed_accelerators:
        low, high = span(device.idle_low_w, device.idle_high_w)
        name = f"{device.name}: power when idle"
        yield Factor(name, device.idle_w, low, high, "W", device.status_idle, device.source_idle)
    low, high = span(device.embodied_low_kg, device.embodied_high_kg)
    status, source = device.status_embodied, device.source_embodied
    yield Factor(f"{device.name}: making", device.embodied_kg, low, high, "kg CO₂e", status, source)


def peak_of(catalog: Catalog, workload: Workload, device: Hardware) -> tuple[float, str, str]:
    """The peak that a workload's arithmetic is measured against, its unit, and which one it is."""
    found = arithmetic_of(catalog, workload.precision, device)
    if workload.kind != "inference":
        return peak16_tflops(device) or 0.0, "TFLOP/s", "16-bit, dense: training is measured against it"
    if found is None:
        return peak16_tflops(device) or 0.0, "TFLOP/s", f"16-bit, dense: it does not compute in {workload.precision}"
    note = "16-bit, dense: only the weights are in 4 bit" if found.four_bit else f"{workload.precision}, dense"
    return found.peak_tflops, "TFLOP/s", note


def _host(catalog: Catalog, device: Hardware, site: Site) -> Factor:
    fact, name = catalog.assumptions["host_w"], f"{device.name}: rest of the server"
    if site.premises and site.premises.host_w is not None:
        return Factor(name, site.premises.host_w, None, None, "W", "entered", site.premises.source, "of this site")
    if device.host_w is None:
        return Factor(name, fact.central, fact.low, fact.high, "W", fact.status, fact.source, fact.note)
    if device.host_w == 0:
        return Factor(name, 0.0, None, None, "W", fact.status, device.source_host, "the device is the whole machine")
    low, high = (device.host_w * end / fact.central for end in (fact.low, fact.high))
    return Factor(name, device.host_w, low, high, "W", fact.status, device.source_host, "per accelerator")


def _serving(catalog: Catalog, workload: Workload, found: Sequence[Hardware]) -> Iterator[Factor]:
    yield point(catalog, "memory_reserve_share", "Memory kept free of weights and requests")
    if workload.accelerators is None:
        yield point(catalog, "room_batch", "Requests a copy must have room for")
    if workload.batch is not None:
        yield entered("Requests at a time", workload.batch)
    elif workload.hosting == "api":
        yield assumption(catalog, "api_batch", "Requests the provider answers at a time")
    else:
        yield point(catalog, "batch_cap", "Most requests at a time")
    if found:
        yield _energy_error(catalog, workload, catalog.models[workload.model], found)


def _energy_error(catalog: Catalog, workload: Workload, model: Model, found: Sequence[Hardware]) -> Factor:
    kind = "dense"
    if model.is_moe:
        kind = "moe_block_fp8" if model.fp8_block and workload.precision == "fp8" else "moe"
    bands = [
        ends
        for seen in {device.inference_measured for device in found}
        for band, ends in catalog.coefficients["interval_ln_80"]["seen_gpu" if seen else "unseen_gpu"].items()
        if band.split("|")[0] == kind
    ]
    count = len(catalog.coefficients["inference"])
    return _fitted(
        "Energy at work, measured over estimated",
        (min(band[0] for band in bands), max(band[-1] for band in bands)),
        f"{count} coefficients of time and power, version {catalog.fit_version}; four in five measurements left out of "
        "the fit lie in this range, the widest over the numbers of requests at a time",
    )


def _fitted(name: str, ln: tuple[float, float], note: str) -> Factor:
    return Factor(name, 1.0, exp(ln[0]), exp(ln[1]), "times", "fitted", FIT, note)


def _training(catalog: Catalog, workload: Workload, found: Sequence[Hardware]) -> Iterator[Factor]:
    spans = catalog.coefficients["training_interval_ln_80"]
    count = len(catalog.coefficients["training"])
    note = f"{count} coefficients of training, version {catalog.fit_version}; four in five runs left out of the fit"
    if workload.mfu is None:
        hours = (spans["hours"][0], spans["hours"][-1])
        yield _fitted("Hours of computing, measured over estimated", hours, f"{note} lie in this range")
    else:
        yield entered("Share of peak reached", workload.mfu * PERCENT, "%")
    energy = (spans["energy_given_hours"][0], spans["energy_given_hours"][-1])
    yield _fitted("Energy of those hours, measured over estimated", energy, f"version {catalog.fit_version}")
    own = catalog.coefficients["training_system_W_per_chip"]
    for device in found:
        if device.id in own:
            name = f"{device.name}: measured power in training, host included"
            yield Factor(name, own[device.id]["value"], None, None, "W", "fitted", FIT)
    if not workload.installed_accelerators:
        yield assumption(catalog, "training_utilization", "Share of held hours spent training")
    yield from (assumption(catalog, key, name, unit) for key, name, unit in TRAINING_MEMORY)
    yield point(catalog, "memory_reserve_share", "Memory kept free")


def _hired(catalog: Catalog, workload: Workload) -> Iterator[Factor]:
    if workload.hosting in ("api", "cloud"):
        yield assumption(catalog, "provider_utilization", "Share of the provider's hours at work")
