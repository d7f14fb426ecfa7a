"""Columns of a whole cube of models, accelerators and places, built by broadcasting: one engine call for all of them.

Serving and training know no place, so they run over models and accelerators; the footprint runs over the whole cube.
The exception is a site of one's own that states its servers' power: each such figure adds a layer to serving.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from core import engine
from core.catalog import Catalog, Hardware, Model
from core.engine import ActivityColumns, FootprintColumns, InferenceColumns, TrainingColumns
from core.plan import Plan, Workload
from core.results.arithmetic import arithmetic_of, peak16_tflops
from core.results.columns import hardware_fields, host_w, inference_fields, model_fields, training_fields
from core.results.drawing import Drawing, Fields
from core.results.draws import Floats
from core.results.figures import coefficients
from core.results.memory import MOST_FULL_SHARE
from core.results.place_columns import footprint_fields
from core.results.site import find_region, site_of
from core.units import BYTES_PER_GB

Columns = TypeVar("Columns", bound=tuple[Any, ...])
Codes = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

# What belongs to the case's own machines, building and contract: each cell takes the catalog's, or works it out.
FREED: Mapping[str, Any] = {
    "accelerators": None, "installed_accelerators": None, "busy_share": None, "purchase_year": None, "pue": None,
    "wue_l_per_kwh": None, "lifetime_years": None, "contract_share": (), "supplier": "", "contract_g_per_kwh": None,
    "price_hire_usd_per_h": None, "price_electricity_usd_per_kwh": None, "price_purchase_usd": None,
    "price_operations_usd_per_h": None, "price_input_usd_per_m_tokens": None, "price_cached_usd_per_m_tokens": None,
    "price_output_usd_per_m_tokens": None,
}  # fmt: skip
COMPUTED, NO_SIZE, NO_ARITHMETIC, NO_ROOM, NO_PLACE, NO_REQUESTS = range(6)
REASONS = {
    NO_SIZE: "the model's size is not known",
    NO_ARITHMETIC: "the accelerator does not compute in the model's number format",
    NO_ROOM: "the model does not fit",
    NO_PLACE: "the place is not in the catalog",
    NO_REQUESTS: "nothing is asked, so a share of it has no figure",
}
FIGURES = (
    "energy_facility_kwh", "carbon_location_kg", "carbon_embodied_kg", "water_l", "cost_usd", "request_time_s",
    "accelerators", "batch",
)  # fmt: skip
BY_DEVICE = ("embodied_kg", "price_hire_usd_per_h")
BY_MODEL = ("price_input_usd_per_m_tokens", "price_cached_usd_per_m_tokens", "price_output_usd_per_m_tokens")
ONE = np.zeros(1)  # the central draw falls on the only device


@dataclass(frozen=True, slots=True)
class Cube:
    """What is asked: a case in the one year of `plan`, and every choice along the three sides."""

    catalog: Catalog
    plan: Plan
    case: Workload
    models: Sequence[Model]
    devices: Sequence[Hardware]
    regions: Sequence[str]
    precisions: Sequence[Sequence[str]]

    @property
    def shape(self) -> tuple[int, int, int]:
        """Lengths of the three sides."""
        return len(self.models), len(self.devices), len(self.regions)


def computed(cube: Cube) -> tuple[dict[str, Floats], Codes]:
    """Every figure of one request or run over the cube, and why a cell has none."""
    figures = {name: np.full(cube.shape, np.nan) for name in FIGURES}
    sides = (_has_size(cube), _computes(cube), _has_place(cube))
    why = np.full(cube.shape, COMPUTED)
    for code, missing in zip((NO_PLACE, NO_ARITHMETIC, NO_SIZE), reversed(_missing(cube, sides)), strict=True):
        why[missing] = code
    m, d, r = (np.flatnonzero(side.any(axis=1)).tolist() for side in sides)
    if m and d and r:
        part = Cube(
            cube.catalog, cube.plan, cube.case, [cube.models[i] for i in m], [cube.devices[i] for i in d],
            [cube.regions[i] for i in r], [[cube.precisions[i][j] for j in d] for i in m],
        )  # fmt: skip
        found, crowded, done = _figures(part)
        inner = np.ix_(m, d, r)
        why[inner] = np.where((why[inner] == COMPUTED) & crowded, NO_ROOM, why[inner])
        why[inner] = np.where((why[inner] == COMPUTED) & (done == 0.0), NO_REQUESTS, why[inner])
        for name, values in found.items():
            figures[name][inner] = np.where(why[inner] == COMPUTED, values, np.nan)
    return figures, why


def _has_size(cube: Cube) -> Flags:
    return np.array([[m.params_active_b is not None and m.computable] for m in cube.models], dtype=bool)


def _computes(cube: Cube) -> Flags:
    """By device and model: whether it computes in the model's number format."""
    able = {
        (p, h.id): arithmetic_of(cube.catalog, p, h) is not None
        for h in cube.devices
        for p in {row[place] for row in cube.precisions for place in range(len(row))}
    }
    return np.array([[able[row[j], h.id] for row in cube.precisions] for j, h in enumerate(cube.devices)], dtype=bool)


def _has_place(cube: Cube) -> Flags:
    return np.array([[find_region(cube.catalog, key)[0] is not None] for key in cube.regions], dtype=bool)


def _missing(cube: Cube, sides: tuple[Flags, Flags, Flags]) -> list[Flags]:
    size, computes, place = sides
    lacks = (~size[:, :, None], ~computes.T[:, :, None], ~place[:, 0][None, None, :])
    return [np.broadcast_to(lack, cube.shape) for lack in lacks]


def _figures(cube: Cube) -> tuple[dict[str, Floats], Flags, float]:
    """Figures of one request or run, which cells have no room, and the requests or runs of the year."""
    serving = cube.case.kind == "inference"
    activity, done, crowded, more = _serve(cube) if serving else _train(cube)
    result = engine.footprint(activity, _flat(FootprintColumns, _footprint_fields(cube), cube.shape))
    values = {name: getattr(result, name).reshape(cube.shape) for name in result._fields}
    per = done if done else np.nan
    found = {name: values[name] / per for name in FIGURES if name in values}
    found["water_l"] = (values["water_site_l"] + values["water_source_l"]) / per
    return found | more, crowded, done


def _serve(cube: Cube) -> tuple[ActivityColumns, float, Flags, dict[str, Floats]]:
    layers, layer_of = _layers(cube)
    fields = _inference_fields(cube, layers)
    served = engine.inference(_flat(InferenceColumns, fields, (len(layers), *cube.shape[:2])), coefficients())

    def spread(column: Floats) -> Floats:
        """A column by layer, model and device, over the places."""
        return np.moveaxis(column.reshape(len(layers), *cube.shape[:2])[layer_of], 0, 2)

    requests = float(fields["requests"])
    tokens_in, tokens_out = requests * float(fields["input_tokens"]), requests * float(fields["output_tokens"])
    energy = [spread(getattr(served, name)) for name in ActivityColumns._fields[:4]]
    tokens = [np.full(cube.shape, v) for v in (tokens_in, tokens_in * float(fields["cached_share"]), tokens_out)]
    activity = ActivityColumns(*(column.reshape(-1) for column in (*energy, *tokens)))
    accelerators = spread(served.accelerators)
    crowded = np.isnan(accelerators)
    if cube.case.batch is not None:
        memory_byte = np.array([h.memory_gb * BYTES_PER_GB for h in cube.devices])[None, :, None]
        held = spread(served.memory_weights_byte) + spread(served.memory_cache_byte)
        crowded |= held > MOST_FULL_SHARE * accelerators * memory_byte
    return activity, requests, crowded, {
        "request_time_s": spread(served.request_time_s), "accelerators": accelerators, "batch": spread(served.batch)
    }  # fmt: skip


def _layers(cube: Cube) -> tuple[list[str], list[int]]:
    """A region for each distinct power of the rest of the server, and for every region which of them it takes."""
    premises = (cube.catalog.premises.get(key) for key in cube.regions)
    stated = [place.host_w if place else None for place in premises]
    distinct = list(dict.fromkeys(stated))
    return [cube.regions[stated.index(power)] for power in distinct], [distinct.index(power) for power in stated]


def _inference_fields(cube: Cube, layers: Sequence[str]) -> Fields:
    """Every column, in shapes that broadcast to (layers, models, devices)."""
    drawing, first = Drawing(cube.plan, 0), _first(cube)
    base = inference_fields(cube.catalog, cube.plan, first, cube.models[0], drawing)
    rows = [model_fields(model, drawing) for model in cube.models]
    by_model = {name: np.array([_number(row[name]) for row in rows])[:, None] for name in rows[0]}
    hosts = [
        [_number(host_w(cube.catalog, _on(first, region=region), [h], ONE, drawing)) for h in cube.devices]
        for region in layers
    ]
    block = [
        [float(m.fp8_block and p == "fp8") for p in row] for m, row in zip(cube.models, cube.precisions, strict=True)
    ]
    own = {"host_w": np.array(hosts)[:, None, :], "fp8_block": np.array(block)}
    return {name: _number(value) for name, value in base.items()} | by_model | _by_machine(cube, drawing) | own


def _by_machine(cube: Cube, drawing: Drawing) -> Fields:
    """The accelerator's columns in each number format in use, (models, devices)."""
    first = _first(cube)
    pairs: dict[tuple[str, str], tuple[int, Hardware]] = {}
    for row in cube.precisions:
        for name, device in zip(row, cube.devices, strict=True):
            pairs.setdefault((name, device.id), (len(pairs), device))
    in_format = {name: _on(first, precision=name) for name, _ in pairs}
    rows = []
    for (name, _), (_, device) in pairs.items():
        able = in_format[name] if arithmetic_of(cube.catalog, name, device) else first
        rows.append(hardware_fields(cube.catalog, able, [device], ONE, drawing))
    place = np.array([[pairs[n, h.id][0] for n, h in zip(r, cube.devices, strict=True)] for r in cube.precisions])
    return {name: np.array([_number(row[name]) for row in rows])[place] for name in rows[0]}


def _train(cube: Cube) -> tuple[ActivityColumns, float, Flags, dict[str, Floats]]:
    fields = _training_fields(cube)
    trained = engine.training(_flat(TrainingColumns, fields, cube.shape[:2]), coefficients())

    def spread(column: Floats) -> Floats:
        return np.broadcast_to(column.reshape(*cube.shape[:2], 1), cube.shape)

    runs = float(fields["runs"])
    tokens = float(fields["train_tokens"]) * runs * float(fields["overhead_factor"])
    energy = [spread(getattr(trained, name)).reshape(-1) for name in ActivityColumns._fields[:4]]
    nothing = np.zeros(int(np.prod(cube.shape)))
    activity = ActivityColumns(*(*energy, np.full_like(nothing, tokens), nothing, nothing))
    unknown = np.full(cube.shape, np.nan)
    served = dict.fromkeys(("request_time_s", "accelerators", "batch"), unknown)
    return activity, runs, np.zeros(cube.shape, dtype=bool), served


def _training_fields(cube: Cube) -> Fields:
    drawing, first = Drawing(cube.plan, 0), _first(cube)
    rows = [
        training_fields(cube.catalog, cube.plan, _on(first, hardware=h.id), cube.models[0], drawing)
        for h in cube.devices
    ]
    by_device: Fields = {name: np.array([_number(row[name]) for row in rows]) for name in rows[0]}
    active = [_number(model_fields(model, drawing)["params_active"]) for model in cube.models]
    by_model: Fields = {"params_active": np.array(active)[:, None]}
    alike = ("train_tokens", "runs", "overhead_factor")
    return by_device | by_model | {name: _number(rows[0][name]) for name in alike}


def _footprint_fields(cube: Cube) -> Fields:
    """Every column of the footprint, in shapes that broadcast to the cube."""
    drawing, first = Drawing(cube.plan, 0), _first(cube)

    def fields(**changes: str) -> Fields:
        workload = _on(first, **changes)
        site = site_of(cube.catalog, workload)
        assert site is not None  # the cube holds known places only
        device = cube.catalog.hardware[workload.hardware]
        return footprint_fields(cube.catalog, cube.plan, workload, site, [device], ONE, drawing)

    places = [fields(region=key) for key in cube.regions]
    machines = [fields(hardware=device.id) for device in cube.devices]
    plain = fields()
    priced = [fields(model=m.id) if m.id in cube.catalog.token_prices else plain for m in cube.models]
    found: Fields = {name: np.array([_number(row[name]) for row in places]) for name in plain}
    found |= {name: np.array([_number(row[name]) for row in machines])[:, None] for name in BY_DEVICE}
    return found | {name: np.array([_number(row[name]) for row in priced])[:, None, None] for name in BY_MODEL}


def _first(cube: Cube) -> Workload:
    """A workload on the first of every side, in a format that every accelerator computes in."""
    device = next(h for h in cube.devices if peak16_tflops(h) is not None)
    start = {"model": cube.models[0].id, "hardware": device.id, "region": cube.regions[0], "precision": "bf16"}
    return cube.case.but(**start, **FREED)


def _on(workload: Workload, **changes: str) -> Workload:
    """The workload elsewhere. Unchecked: the ids are the catalog's, and checks would take most of the time."""
    return workload.model_copy(update=changes)


def _flat(kind: type[Columns], fields: Fields, shape: tuple[int, ...]) -> Columns:
    names: tuple[str, ...] = kind._fields  # type: ignore[attr-defined]
    return kind(*(np.broadcast_to(fields[name], shape).reshape(-1) for name in names))


def _number(value: float | Floats) -> float:
    """The central case of a field."""
    return float(np.asarray(value).reshape(-1)[0])
