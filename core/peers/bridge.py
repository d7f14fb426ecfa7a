"""From EcoLogits' figure to ours, one assumption at a time: each step worked out by its library or by our engine.

The steps are figures of one request after each change, so their differences add up to the whole and their ratios
multiply to it. In another order the same steps have other sizes; the two ends do not move.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from core import engine
from core.catalog import Catalog, Hardware
from core.engine import ActivityColumns, FootprintColumns, InferenceColumns
from core.peers import ecologits_library
from core.peers.ecologits_library import Asked, Fixed, Said
from core.peers.opinion import Opinion
from core.plan import Workload
from core.plan.own_catalog import catalog_of
from core.results.columns import PARALLEL, SERVING, hardware_fields, inference_fields, stack
from core.results.drawing import Drawing, Fields
from core.results.estimate import Answer
from core.results.figures import coefficients
from core.results.place_columns import footprint_fields
from core.results.site import site_of

THEIR_DEVICE = "H100-SXM"  # its constants are those of an 80 GB H100 server
THEIR_FORMAT = "bf16"
QUANTITIES = ("energy_facility_kwh", "carbon_kg", "water_l")
PARTS = {
    "carbon_kg": ("carbon_location_kg", "carbon_embodied_kg"),
    "water_l": ("water_site_l", "water_source_l"),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """The figures of one request after one more assumption is ours. `was` and `now` are that assumption's values."""

    key: str
    figures: Mapping[str, float]
    was: float | str = ""
    now: float | str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One change of one figure: what it was before and is after."""

    key: str
    before: float
    after: float
    was: float | str
    now: float | str

    @property
    def change(self) -> float:
        """How much the step adds; less than 0 where it takes away."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Bridge:
    """Every stage between the two figures, theirs first, ours last."""

    stages: tuple[Stage, ...]

    def steps(self, quantity: str) -> list[Step]:
        """The changes of one figure, in order; those that change nothing among them."""
        pairs = zip(self.stages, self.stages[1:], strict=False)
        return [Step(b.key, a.figures[quantity], b.figures[quantity], b.was, b.now) for a, b in pairs]

    def ends(self, quantity: str) -> tuple[float, float]:
        """Their figure and ours."""
        return self.stages[0].figures[quantity], self.stages[-1].figures[quantity]


@dataclass(frozen=True, slots=True)
class Change:
    """One assumption taken as ours: the columns that change, and its values in words or numbers."""

    key: str
    serving: Fields
    place: Fields
    was: float | str = ""
    now: float | str = ""


def bridge(answer: Answer, opinion: Opinion) -> Bridge:
    """All stages of the case's figures."""
    first = Stage("theirs", _theirs(opinion.said))
    middle = ecologits_library.says(opinion.middle)
    changes = list(_changes(answer, opinion, middle))
    names = ("middle", *(change.key for change in changes))
    figures = [_theirs(middle), *_ours(answer, changes)]
    values = [("", ""), *((change.was, change.now) for change in changes)]
    rest = [Stage(n, f, *v) for n, f, v in zip(names, figures, values, strict=True)]
    return Bridge((first, *rest, Stage("meter", _answered(answer))))


def _answered(answer: Answer) -> Mapping[str, float]:
    """Our central figures of one request as the page gives them, with what a meter of the reader's own says."""
    each = {name: float(answer.each(name)[0]) for name in PARTS["carbon_kg"] + PARTS["water_l"]}
    whole = {name: sum(each[part] for part in parts) for name, parts in PARTS.items()}
    return {"energy_facility_kwh": float(answer.each("energy_facility_kwh")[0]), **whole}


def _theirs(said: Said) -> Mapping[str, float]:
    return {name: getattr(said, name).middle for name in QUANTITIES}


def _changes(answer: Answer, opinion: Opinion, said: Said) -> Iterator[Change]:
    """Our engine under all of EcoLogits' assumptions, then one after the other as the case has it."""
    case, plan = answer.case, answer.found.plan
    catalog, drawing, fixed = catalog_of(plan), Drawing(plan, 0), ecologits_library.fixed()
    model, device, site = catalog.models[case.model], answer.device(), site_of(catalog, case)
    assert site is not None  # a case without a site has no figure
    ours = inference_fields(catalog, plan, case, model, drawing)
    place = footprint_fields(catalog, plan, case, site, [device], np.zeros(1), drawing)
    copy, batch = float(answer.year("accelerators")[0]), float(answer.year("batch")[0])
    theirs = _their_machine(catalog, case, drawing)
    yield Change(
        "formula",
        ours | theirs | _their_serving(fixed, said.accelerators.middle),
        place | _their_place(opinion.middle, opinion, fixed),
    )
    yield Change("prompt", _of(ours, "input_tokens", "cached_share"), {}, "0", case.input_tokens)
    yield Change("software", _of(ours, "engine", "parallel"), {}, "vllm, tp", f"{case.serving}, {case.parallel}")
    on_theirs = _machine(catalog, case, case.precision, catalog.hardware[THEIR_DEVICE], drawing) or theirs
    block = _of(ours, "fp8_block")
    yield Change("format", on_theirs | block, {}, THEIR_FORMAT, case.precision)
    yield Change("device", _of(ours, *theirs), {}, catalog.hardware[THEIR_DEVICE].name, device.name)
    yield Change("copy", {"accelerators": copy}, {}, said.accelerators.middle, copy)
    yield Change("batch", {"batch": batch}, {}, fixed.batch, batch)
    yield Change("server", _of(ours, "host_w"), {}, fixed.host_w, _one(ours["host_w"]))
    yield Change("fleet", ours, _of(place, "hired_utilization"), "", float(answer.year("utilization")[0]))
    yield Change("pue", {}, _of(place, "pue"), opinion.middle.pue.middle, _one(place["pue"]))
    grid = _of(place, "intensity_location_g_per_kwh", "contract_g_per_kwh", "residual_g_per_kwh", "procurement_share")
    intensity = _one(place["intensity_location_g_per_kwh"])
    yield Change("grid", {}, grid, opinion.mix.intensity_location_g_per_kwh, intensity)
    making = _of(place, "embodied_kg", "lifetime_years")
    a_year = _one(place["embodied_kg"]) / _one(place["lifetime_years"])
    yield Change("making", {}, making, fixed.embodied_kg / fixed.lifetime_years, a_year)
    yield Change(
        "wue", {}, _of(place, "wue_l_per_kwh"), opinion.middle.wue_l_per_kwh.middle, _one(place["wue_l_per_kwh"])
    )
    per_kwh = _one(place["water_source_l_per_kwh"])
    yield Change("water", {}, place, opinion.mix.water_source_l_per_kwh, per_kwh)


def _one(value: object) -> float:
    """The central case of a field in its first year."""
    return float(np.asarray(value).reshape(-1)[0])


def _of(fields: Fields, *names: str) -> Fields:
    return {name: fields[name] for name in names}


def _machine(catalog: Catalog, case: Workload, precision: str, device: Hardware, drawing: Drawing) -> Fields | None:
    """The accelerator's columns in a number format; None where it does not compute in it."""
    able = precision in device.supports or catalog.precisions[precision].weight_only
    asked = case.but(precision=precision)
    return hardware_fields(catalog, asked, [device], np.zeros(1), drawing) if able else None


def _their_machine(catalog: Catalog, case: Workload, drawing: Drawing) -> Fields:
    found = _machine(catalog, case, THEIR_FORMAT, catalog.hardware[THEIR_DEVICE], drawing)
    assert found is not None  # an H100 computes in 16 bits
    return found


def _their_serving(fixed: Fixed, accelerators: float) -> Fields:
    """No prompt, a full batch, current software, and no accelerator that waits."""
    return {
        "fp8_block": 0.0,
        "engine": SERVING["vllm"],
        "parallel": PARALLEL["tp"],
        "accelerators": accelerators,
        "batch": fixed.batch,
        "input_tokens": 0.0,
        "cached_share": 0.0,
        "host_w": fixed.host_w,
        "shared": 1.0,
        "provider_utilization": 1.0,
    }


def _their_place(asked: Asked, opinion: Opinion, fixed: Fixed) -> Fields:
    """Its site, its grid, and its making of the hardware."""
    return {
        "pue": asked.pue.middle,
        "wue_l_per_kwh": asked.wue_l_per_kwh.middle,
        "intensity_location_g_per_kwh": opinion.mix.intensity_location_g_per_kwh,
        "water_source_l_per_kwh": opinion.mix.water_source_l_per_kwh,
        "embodied_kg": fixed.embodied_kg,
        "lifetime_years": fixed.lifetime_years,
        "hired_utilization": 1.0,
    }


def _ours(answer: Answer, changes: list[Change]) -> list[Mapping[str, float]]:
    """Our engine's figures of one request after each change, all in one call of each kernel."""
    serving: list[Fields] = []
    place: list[Fields] = []
    for change in changes:
        serving.append({**(serving[-1] if serving else {}), **change.serving})
        place.append({**(place[-1] if place else {}), **change.place})
    columns = stack(InferenceColumns, serving, 1, 0)
    result = engine.inference(columns, coefficients())
    energy = (result.energy_accelerator_kwh, result.energy_idle_kwh, result.energy_host_kwh, result.held_h)
    nothing = np.zeros(len(changes))
    activity = ActivityColumns(*energy, nothing, nothing, nothing)
    found = engine.footprint(activity, stack(FootprintColumns, place, 1, 0))
    whole = {
        "energy_facility_kwh": found.energy_facility_kwh,
        "carbon_kg": found.carbon_location_kg + found.carbon_embodied_kg,
        "water_l": found.water_site_l + found.water_source_l,
    }
    done = float(answer.done[0])
    return [{name: float(values[i] / done) for name, values in whole.items()} for i in range(len(changes))]
