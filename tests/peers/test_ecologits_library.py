"""EcoLogits through its library: the sixty worked cases, and the list of closed services, row by row."""

from __future__ import annotations

import csv
import math
import sys

import pytest
from ecologits.electricity_mix_repository import electricity_mixes
from ecologits.impacts.llm import compute_llm_impacts, compute_llm_impacts_dag
from ecologits.model_repository import models as their_models
from ecologits.tracers.utils import llm_impacts
from ecologits.utils.range_value import RangeValue

from core import catalog as facts
from core.catalog.rows import CatalogError
from core.peers import ecologits_library
from core.peers.ecologits_library import Asked, Span
from core.peers.names import FILE, main_names, names
from tests.each import for_each

NEAR = 1e-12
NOT_RELEASED = "model-arch-not-released"


def table(file: str) -> list[dict[str, str]]:
    with (facts.FOLDER / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


VECTORS = table("validation/ecologits_vectors.csv")
IMPACTS = {
    "energy_kwh": "energy",
    "gwp_total_kg": "gwp",
    "gwp_usage_kg": "usage.gwp",
    "gwp_embodied_kg": "embodied.gwp",
    "adpe_total_kgsb": "adpe",
    "pe_total_mj": "pe",
    "wcf_l": "wcf",
}
INNER = {
    "gpu_required_count": "gpu_required_count",
    "generation_latency_s": "generation_latency",
    "gpu_energy_kwh_per_gpu": "gpu_energy",
    "server_energy_kwh": "server_energy",
}
ANSWERS = {*(f"{name}_{end}" for name in IMPACTS for end in ("min", "max")), *INNER}
ABOUT = {"case_id", "kind", "note", "provider", "model", "library_version", "source"}


def number(row: dict[str, str], name: str) -> float | None:
    return float(row[name]) if row[name] else None


def ranged(row: dict[str, str], name: str, end: str = "") -> object:
    low, high = (float(row[f"{name}_{which}{end}"]) for which in ("min", "max"))
    return low if low == high else RangeValue(min=low, max=high)


def asked_of(row: dict[str, str]) -> dict[str, object]:
    """A row as arguments of their function."""
    latency = number(row, "request_latency_s")
    return {
        "model_active_parameter_count": ranged(row, "active_b"),
        "model_total_parameter_count": ranged(row, "total_b"),
        "output_token_count": float(row["output_tokens"]),
        "if_electricity_mix_adpe": float(row["if_adpe_kgsb_per_kwh"]),
        "if_electricity_mix_pe": float(row["if_pe_mj_per_kwh"]),
        "if_electricity_mix_gwp": float(row["if_gwp_kg_per_kwh"]),
        "if_electricity_mix_wue": float(row["if_wue_l_per_kwh"]),
        "datacenter_pue": ranged(row, "pue"),
        "datacenter_wue": ranged(row, "dc_wue"),
        "request_latency": math.inf if latency is None else latency,
        "tps": number(row, "tps"),
        "ttft": number(row, "ttft_s"),
        "model_quantization_bits": int(row["quant_bits"]),
        "batch_size": int(row["batch_size"]),
    }


def part(impacts: object, path: str) -> object:
    for name in path.split("."):
        impacts = getattr(impacts, name)
    return impacts


def lowest(asked: dict[str, object]) -> dict[str, object]:
    return {name: getattr(value, "min", value) for name, value in asked.items()}


def test_there_are_sixty_cases_of_the_installed_edition() -> None:
    assert len(VECTORS) == 60
    assert {row["library_version"] for row in VECTORS} == {ecologits_library.edition()}


def test_every_column_of_a_case_is_either_asked_answered_or_about_it() -> None:
    asked = {
        "output_tokens", "request_latency_s", "tps", "ttft_s", "quant_bits", "batch_size", "zone", "if_gwp_kg_per_kwh",
        "if_adpe_kgsb_per_kwh", "if_pe_mj_per_kwh", "if_wue_l_per_kwh",
        *(f"{name}_{end}" for name in ("active_b", "total_b", "pue", "dc_wue") for end in ("min", "max")),
    }  # fmt: skip
    assert set(VECTORS[0]) == asked | ANSWERS | ABOUT


@for_each("row", VECTORS, ids=lambda row: row["case_id"])
def test_a_case_comes_out_of_the_library_as_written(row: dict[str, str]) -> None:
    asked = asked_of(row)
    found = compute_llm_impacts(**asked)  # type: ignore[arg-type]
    for name, path in IMPACTS.items():
        want = Span(float(row[f"{name}_min"]), float(row[f"{name}_max"]))
        assert ecologits_library.span(part(found, path)) == pytest.approx(want, rel=NEAR, abs=0), name
    inner = compute_llm_impacts_dag(**lowest(asked))  # type: ignore[arg-type]
    sized = all(row[f"{name}_min"] == row[f"{name}_max"] for name in ("active_b", "total_b"))
    for name, theirs in INNER.items():  # the steps on the way are written where the size is no range
        assert (row[name] != "") == sized
        assert not sized or inner[theirs] == pytest.approx(float(row[name]), rel=NEAR, abs=0), name


@for_each("row", VECTORS, ids=lambda row: row["case_id"])
def test_the_zone_of_a_case_has_the_mix_written(row: dict[str, str]) -> None:
    mix = electricity_mixes.find_electricity_mix(zone=row["zone"])
    assert mix is not None
    found = (mix.gwp, mix.adpe, mix.pe, mix.wue)
    names_ = ("if_gwp_kg_per_kwh", "if_adpe_kgsb_per_kwh", "if_pe_mj_per_kwh", "if_wue_l_per_kwh")
    assert found == tuple(float(row[name]) for name in names_)


@for_each("row", [r for r in VECTORS if r["kind"] == "registered"], ids=lambda row: row["case_id"])
def test_a_case_of_its_list_comes_out_of_its_own_way_in(row: dict[str, str]) -> None:
    found = llm_impacts(row["provider"], row["model"], int(row["output_tokens"]), float(row["request_latency_s"]))
    for name, path in IMPACTS.items():
        want = Span(float(row[f"{name}_min"]), float(row[f"{name}_max"]))
        assert ecologits_library.span(part(found, path)) == pytest.approx(want, rel=NEAR, abs=0), name


@for_each(
    "row",
    [r for r in VECTORS if not r["request_latency_s"] and (r["quant_bits"], r["batch_size"]) == ("16", "64")],
    ids=lambda row: row["case_id"],
)
def test_our_question_brings_the_same_answer(row: dict[str, str]) -> None:
    spans = {name: Span(float(row[f"{name}_min"]), float(row[f"{name}_max"])) for name in ("active_b", "total_b")}
    said = ecologits_library.says(
        Asked(
            params_active_b=spans["active_b"],
            params_total_b=spans["total_b"],
            output_tokens=float(row["output_tokens"]),
            zone=row["zone"],
            pue=Span(float(row["pue_min"]), float(row["pue_max"])),
            wue_l_per_kwh=Span(float(row["dc_wue_min"]), float(row["dc_wue_max"])),
            output_tokens_per_s=number(row, "tps"),
            first_token_s=number(row, "ttft_s"),
        )
    )
    for name, found in (
        ("energy_kwh", said.energy_facility_kwh),
        ("gwp_usage_kg", said.carbon_location_kg),
        ("gwp_embodied_kg", said.carbon_embodied_kg),
        ("gwp_total_kg", said.carbon_kg),
        ("wcf_l", said.water_l),
        ("pe_total_mj", said.primary_energy_mj),
        ("adpe_total_kgsb", said.minerals_kg),
    ):
        assert found == pytest.approx((float(row[f"{name}_min"]), float(row[f"{name}_max"])), rel=NEAR, abs=0), name
    if row["gpu_required_count"]:
        assert said.accelerators.low == float(row["gpu_required_count"])
        assert said.request_time_s.low == pytest.approx(float(row["generation_latency_s"]), rel=NEAR)


def test_its_constants_are_the_librarys_own() -> None:
    fixed = ecologits_library.fixed()
    row = next(row for row in VECTORS if row["case_id"] == "E018")
    held_s = float(row["generation_latency_s"]) / fixed.batch
    copy = float(row["gpu_required_count"])
    life_s = fixed.lifetime_years * 365 * 24 * 3600
    assert copy * fixed.embodied_kg * held_s / life_s == pytest.approx(float(row["gwp_embodied_kg_min"]), rel=NEAR)
    assert copy * fixed.host_w / 1000 * held_s / 3600 == pytest.approx(float(row["server_energy_kwh"]), rel=NEAR)
    assert (fixed.batch, fixed.weight_bits) == (float(row["batch_size"]), float(row["quant_bits"]))


def test_a_zone_it_does_not_have_is_told() -> None:
    one = Span(1.0, 1.0)
    with pytest.raises(ValueError, match="zone is 'XXX'; EcoLogits has no electricity mix of that name"):
        ecologits_library.says(Asked(one, one, 1.0, "XXX", one, one))


def test_a_missing_library_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ecologits.impacts.llm", None)
    assert "EcoLogits is not installed here" in ecologits_library.missing()


def closed() -> dict[tuple[str, str], object]:
    """The services whose sizes its list marks as not released."""
    marked = (m for m in their_models.list_models() if NOT_RELEASED in [warning.code for warning in m.warnings])
    return {(model.provider.value, model.name): model for model in marked}


def test_every_closed_service_of_its_list_has_a_model_of_ours_or_a_reason() -> None:
    ours = [(name.provider, name.name) for name in names()]
    assert len(ours) == len(set(ours))
    assert set(ours) == set(closed())


@pytest.mark.parametrize("name", [n for n in names() if n.model], ids=lambda n: n.name)
def test_our_range_of_a_closed_model_is_that_of_the_list(name) -> None:  # type: ignore[no-untyped-def]
    model = facts.load().models[name.model]
    listed = ecologits_library.listed(name.provider, name.name)
    assert listed is not None
    low, high = model.params_active_low_b, model.params_active_high_b
    assert (low, high) == listed.params_active_b
    assert model.params_active_b == listed.params_active_b.middle
    assert model.params_total_b == listed.params_total_b.middle
    assert listed.params_total_b.wide == (not model.is_moe)
    assert not model.disclosed
    assert "ecologits-0.11.3" in model.source


def test_every_range_that_names_the_list_as_its_source_is_on_it() -> None:
    found = {m.id for m in facts.load().models.values() if not m.disclosed and "ecologits" in m.source}
    assert found == {name.model for name in names() if name.model} == set(main_names())


def test_what_is_left_out_is_no_chat_model() -> None:
    reasons = {name.left_out for name in names() if not name.model}
    assert reasons == {"speech, not chat", "pictures, not chat"}


def test_a_name_with_neither_model_nor_reason_is_refused(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "models").mkdir()
    head = "provider,name,model,main,left_out,source\n"
    (tmp_path / FILE).write_text(f"{head}openai,planted,,0,,ecologits-0.11.3\n", encoding="utf-8")
    with pytest.raises(CatalogError, match="line 2: left_out is '': a name has a model, or a reason why it has none"):
        names(tmp_path)


def test_a_name_of_a_model_nobody_knows_is_refused(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "models").mkdir()
    head = "provider,name,model,main,left_out,source\n"
    (tmp_path / FILE).write_text(f"{head}openai,planted,nobody,0,,ecologits-0.11.3\n", encoding="utf-8")
    with pytest.raises(CatalogError, match="model is 'nobody': 'nobody' is not a known model"):
        names(tmp_path)
