"""How near the nearest measurement of answering is to a workload: same model and accelerator, like it, or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from math import log

from core import catalog as facts
from core.catalog import Catalog
from core.catalog.measured import Measurement, measurements
from core.plan import Workload
from core.results.asked import Asked, asked
from core.results.nearness import KINDS, Grade, Nearness, band_of, kind_of, listed, number, span_of
from core.results.spans import SERVED_BY, batches, sizes, span_in

MOST_KEPT = 512


def nearest(catalog: Catalog, workload: Workload, batch: float, accelerators: float, shown: str = "") -> Nearness:
    """How near it is, with the requests at a time and accelerators per copy that the figures rest on.

    Where `shown` is given it stands in the sentences where the number of requests at a time would.
    """
    return _nearest(asked(catalog, workload, batch, accelerators, shown))


@lru_cache(maxsize=MOST_KEPT)
def _nearest(case: Asked) -> Nearness:
    beyond = list(_beyond(case))
    unseen = any(device.id not in _seen("hardware") for device in case.devices)
    hold_out = "gpu" if unseen else "pair" if case.model in _seen("model") else "family"
    told = not [reason for reason in beyond if reason[0] != _unmeasured(case)]
    beside = list(_beside(case)) if case.disclosed else []
    reasons = tuple(full for _, full in (*beyond, *beside))
    grade, what = _graded(case, [short for short, _ in beyond], [short for short, _ in beside])
    return Nearness(grade, what, reasons, case.kind, band_of(case.batch), hold_out, told)


def _graded(case: Asked, beyond: Sequence[str], beside: Sequence[str]) -> tuple[Grade, str]:
    if beyond:
        return "extrapolated", _first(beyond)
    if beside:
        return "near", beside[0]
    own = _own(case)
    batches = span_of(row.batch for row in own)
    return "measured", f"this model on this accelerator, {_settings(own)}, {batches} {_at_a_time(batches.high)}"


def _first(shorts: Sequence[str]) -> str:
    more = len(shorts) - 2
    counted = f", and {more} more {'reason' if more == 1 else 'reasons'}" if more > 0 else ""
    return "; ".join(shorts[:2]) + counted


def _own(case: Asked) -> tuple[Measurement, ...]:
    """The rows of this model on this accelerator; none where no accelerator is named."""
    return _rows_of(case.model, case.devices[0].id if case.named else "")


@lru_cache(maxsize=MOST_KEPT)
def _rows_of(model: str, hardware: str) -> tuple[Measurement, ...]:
    return tuple(row for row in measurements() if row.model == model and row.hardware == hardware)


@lru_cache(maxsize=8)
def _seen(field: str) -> frozenset[str]:
    """Every value of one column of the measurements."""
    return frozenset(getattr(row, field) for row in measurements())


def _settings(rows: Sequence[Measurement]) -> str:
    return f"{len(rows)} {'setting' if len(rows) == 1 else 'settings'}"


def _at_a_time(requests: float) -> str:
    return f"{'request' if number(requests) == '1' else 'requests'} at a time"


def _were(requests: float) -> str:
    return "was" if number(requests) == "1" else "were"


# What lies beyond every measurement: (short clause, whole sentence).


def _beyond(case: Asked) -> Iterator[tuple[str, str]]:
    if not case.disclosed:
        yield (
            "the model's size is not published",
            f"The maker of {case.name} does not publish its size: it is drawn over a range of estimates, "
            "and no measurement tells how good they are.",
        )
    yield from _beyond_devices(case)
    yield from _beyond_model(case)
    yield from _beyond_use(case)


def _unmeasured(case: Asked) -> str:
    return f"{case.devices[0].name} was never measured"


def _beyond_devices(case: Asked) -> Iterator[tuple[str, str]]:
    known = _seen("hardware")
    catalog = facts.load().hardware
    if not case.named:
        seen = listed(d.name for d in case.devices if d.id in known)
        yield (
            "the provider does not name its accelerators",
            f"The provider names no accelerators: the figures draw among {listed(d.name for d in case.devices)}. "
            f"Measured of these: {seen or 'none'}.",
        )
        return
    device = case.devices[0]
    if device.id in known:
        return
    makers = {(catalog[key].vendor, catalog[key].kind) for key in known}
    if (device.vendor, device.kind) not in makers:
        yield (
            "no accelerator of this kind was measured",
            f"{device.name} is by {device.vendor}; all {len(measurements())} measured settings ran on GPUs by "
            f"{listed(vendor for vendor, _ in makers)}, so nothing tells how far off the estimate is.",
        )
        return
    yield (
        _unmeasured(case),
        f"{device.name} was never measured; {listed(catalog[key].name for key in known)} were. "
        "The error below is that of accelerator types left out of the fit.",
    )


def _beyond_model(case: Asked) -> Iterator[tuple[str, str]]:
    formats = _seen("precision")
    if not case.formats() & formats:
        yield (
            f"{case.precision} was never measured",
            f"Number formats measured: {listed(formats)}; not {case.precision}.",
        )
    spans = sizes()[case.kind.split("_")[0]]
    what = KINDS[case.kind.split("_")[0]]
    outside = [
        f"{spanned} billion {which} parameters were measured; {case.name} has {number(value)} billion"
        for which, spanned, value in (
            ("active", spans[0], case.params_active_b),
            ("in all", spans[1], case.params_total_b),
        )
        if not spanned.holds(value)
    ]
    if outside:
        plural = "mixtures of experts" if what == KINDS["moe"] else "dense models"
        yield (
            f"no {what} of this size was measured",
            f"Of {plural}, {outside[0].replace('in all parameters', 'parameters in all')}.",
        )


def _beyond_use(case: Asked) -> Iterator[tuple[str, str]]:
    for name, value, field in (
        ("prompts", case.input_tokens, "input_tokens"),
        ("answers", case.output_tokens, "output_tokens"),
    ):
        if value > span_in(field).high:
            end = f"{name} measured end at {number(span_in(field).high)} tokens"
            yield end, f"{end[0].upper()}{end[1:]}; this workload has {number(value)}."
    spread = span_in("accelerators")
    if case.accelerators > spread.high:
        most = f"copies over at most {number(spread.high)} accelerators were measured"
        yield most, f"{most[0].upper()}{most[1:]}; here {number(case.accelerators)}."
    requests, bands = batches()[case.serving]
    if not requests.holds(case.batch) and band_of(case.batch) not in bands:
        here = f"{case.here} {_at_a_time(case.batch)}"
        yield (
            f"{here} {_were(case.batch)} not measured with {SERVED_BY[case.serving]}",
            f"With {SERVED_BY[case.serving]}, {requests} {_at_a_time(requests.high)} {_were(requests.high)} measured; "
            f"here {case.here}.",
        )


# What differs from the nearest rows within what was measured.


def _beside(case: Asked) -> Iterator[tuple[str, str]]:
    own = _own(case)
    if own:
        yield from _beside_own(case, own)
    else:
        unloaded = replace(case, batch=0.0, shown="", accelerators=0.0, input_tokens=0.0, output_tokens=0.0)
        yield from _beside_others(replace(unloaded, precision="", serving=""))


@lru_cache(maxsize=MOST_KEPT)
def _beside_others(case: Asked) -> tuple[tuple[str, str], ...]:
    """Beside what others it stands: the same for every load, number format and software, so asked without these."""
    return tuple(_others(case))


def _others(case: Asked) -> Iterator[tuple[str, str]]:
    itself = {row.hardware for row in measurements() if row.model == case.model}
    names = facts.load().hardware
    keys = {device.id for device in case.devices}
    rows = [row for row in measurements() if row.hardware in keys] or list(measurements())
    other = min(rows, key=lambda row: (_kind(row) != case.kind, *_distances(case, row), row.id))
    near = [row for row in rows if (row.model, row.hardware) == (other.model, other.hardware)]
    name, where = facts.load().models[other.model].name, names[other.hardware].name
    here = "this accelerator" if case.named and other.hardware in keys else where
    told = f"{name} on {here}, {_settings(near)}"
    if itself and not itself & keys:
        where = listed(names[key].name for key in itself)
        yield f"this model on another accelerator, {where}", f"{case.name} itself was measured on {where}."
    if _kind(other) != case.kind:
        seen = listed(names[row.hardware].name for row in measurements() if _kind(row) == case.kind)
        yield told, f"On {here} no {KINDS[case.kind]} was measured, but on {seen}."
    yield told, f"The nearest in kind and size is {told}."


def _beside_own(case: Asked, own: Sequence[Measurement]) -> Iterator[tuple[str, str]]:
    before = "this model on this accelerator was measured"
    whole = f"{case.name} on {case.devices[0].name} was measured"
    batches = span_of(row.batch for row in own)
    if not batches.holds(case.batch):
        told = f"at {batches} {_at_a_time(batches.high)}; here {case.here}"
        yield f"{before} {told}", f"{whole} {told}."
    for name, mine, there in (
        ("in", case.formats(), {row.precision for row in own}),
        ("with", {case.serving}, {row.serving for row in own}),
    ):
        if not mine & there:
            shown = listed(SERVED_BY.get(key, key) for key in there)
            here = case.precision if name == "in" else SERVED_BY[case.serving]
            yield f"{before} {name} {shown}; here {here}", f"{whole} {name} {shown}; here {here}."


def _kind(row: Measurement) -> str:
    return kind_of(facts.load().models[row.model], row.precision)


def _distances(case: Asked, row: Measurement) -> tuple[float, bool, float]:
    """How far a row is: its model's size, then whether it is another model, then its accelerator; in logarithms."""
    model, device = facts.load().models[row.model], facts.load().hardware[row.hardware]
    pairs = ((case.params_active_b, model.params_active_b or 0.0), (case.params_total_b, model.params_total_b))
    size = sum(abs(log(mine / there)) for mine, there in pairs)
    return size, row.model != case.model, abs(log(case.devices[0].bandwidth_gb_s / device.bandwidth_gb_s))
