"""The badge: every case says how near the nearest measurement is, in these very words."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from core import catalog as facts
from core import results
from core.catalog.measured import measurements, training_runs
from core.plan import Plan, Workload
from core.plan.example import example_plan
from core.plan.lever import Lever
from core.plan.own import OwnDevice, OwnModel
from core.plan.own_catalog import catalog_of
from core.results.near import near, near_all
from core.results.nearest import nearest
from core.results.nearest_run import nearest_run
from core.results.nearness import BANDS, band_of

VALIDATION = Path(__file__).parents[2] / "data" / "validation"
L70, L8 = {"model": "llama3.3-70b"}, {"model": "llama3.1-8b"}
KIMI = {"model": "kimi-k2", "hardware": "B200", "precision": "fp8"}
ON_L70 = "Measured: this model on this accelerator, 11 settings, 8 to 724 requests at a time"
BESIDE_L70 = "Near a measurement: this model on this accelerator was measured"
SCRIPTS = "was not measured with unbatched scripts"
NOT_NAMED = "the provider does not name its accelerators"

# fields of the workload, requests at a time, the line
SERVING = [
    (L70, 64, ON_L70),
    (
        L70 | {"precision": "fp16"},
        64,
        "Measured: this model on this accelerator, 11 settings, 8 to 724 requests at a time",
    ),
    (
        {"model": "llama1-7b", "hardware": "A40", "serving": "transformers"},
        1,
        "Measured: this model on this accelerator, 7 settings, 1 request at a time",
    ),
    (
        L70,
        5,
        f"{BESIDE_L70} at 8 to 724 requests at a time; here 5",
    ),
    (
        L70 | {"precision": "fp8"},
        64,
        f"{BESIDE_L70} in bf16; here fp8",
    ),
    (
        L70 | {"serving": "vllm-2024"},
        64,
        f"{BESIDE_L70} with a current engine; here an engine of 2024",
    ),
    (L8, 20, "Near a measurement: this model on another accelerator, A100 SXM4 40 GB and B200 SXM (HGX) 180 GB"),
    ({"model": "qwen2.5-72b"}, 20, "Near a measurement: Llama 3.1 70B on this accelerator, 20 settings"),
    (
        {"model": "mixtral-8x22b", "hardware": "V100-SXM2", "serving": "transformers"},
        1,
        "Near a measurement: this model on another accelerator, A100 SXM4 40 GB",
    ),
    (L70, 1, "Extrapolated: 1 request at a time was not measured with a current engine"),
    (
        L70,
        5_000,
        f"{BESIDE_L70} at 8 to 724 requests at a time; here 5,000",
    ),
    (
        L70 | {"serving": "transformers"},
        2,
        "Extrapolated: 2 requests at a time were not measured with unbatched scripts",
    ),
    (L70 | {"hardware": "H200"}, 64, "Extrapolated: H200 SXM 141 GB was never measured"),
    (L70 | {"hardware": "MI300X"}, 64, "Extrapolated: no accelerator of this kind was measured"),
    (L70 | {"hardware": "TPUv5e"}, 64, "Extrapolated: no accelerator of this kind was measured"),
    (L70 | {"precision": "int4"}, 64, "Extrapolated: int4 was never measured"),
    ({"model": "llama3.2-1b"}, 64, "Extrapolated: no dense model of this size was measured"),
    (
        {"model": "kimi-k2", "hardware": "B200", "precision": "fp8"},
        64,
        "Extrapolated: no mixture of experts of this size was measured",
    ),
    (
        L70 | {"input_tokens": 1_500},
        64,
        "Measured: this model on this accelerator, 11 settings, 8 to 724 requests at a time",
    ),
    (L70 | {"input_tokens": 1_501}, 64, "Extrapolated: prompts measured end at 1,500 tokens"),
    (L70 | {"output_tokens": 20_000}, 64, "Extrapolated: answers measured end at 11,861 tokens"),
    (
        {"model": "gpt-5-mini", "hardware": "", "hosting": "api", "precision": "fp8"},
        64,
        f"Extrapolated: the model's size is not published; {NOT_NAMED}",
    ),
    (L70 | {"hardware": "", "hosting": "api"}, 64, f"Extrapolated: {NOT_NAMED}"),
    (
        L70 | {"hardware": "H200", "precision": "int8", "input_tokens": 9_000, "output_tokens": 50_000},
        64,
        "Extrapolated: H200 SXM 141 GB was never measured; int8 was never measured, and 2 more reasons",
    ),
]


def serving(fields, batch, accelerators=4.0):
    return nearest(facts.load(), Workload(id="W", **fields), float(batch), accelerators)


@pytest.mark.parametrize(("fields", "batch", "line"), SERVING, ids=range(len(SERVING)))
def test_an_answering_workload_says_how_near_a_measurement_is(fields, batch, line):
    assert serving(fields, batch).line == line


@pytest.mark.parametrize(
    ("fields", "batch", "reasons"),
    [
        (L70, 64, ()),
        (L70, 5, ("Llama 3.3 70B on H100 SXM5 80 GB was measured at 8 to 724 requests at a time; here 5.",)),
        (
            L70 | {"hardware": "H200"},
            64,
            (
                "H200 SXM 141 GB was never measured; A100 SXM4 40 GB, A40 48 GB, B200 SXM (HGX) 180 GB, "
                "H100 SXM5 80 GB and Tesla V100 SXM2 32 GB were. The error below is that of accelerator types left out "
                "of the fit.",
                "Llama 3.3 70B itself was measured on B200 SXM (HGX) 180 GB and H100 SXM5 80 GB.",
                "The nearest in kind and size is Llama 3.3 70B on H100 SXM5 80 GB, 11 settings.",
            ),
        ),
        (
            {"model": "mixtral-8x22b", "hardware": "A40", "serving": "transformers"},
            1,
            (
                "Mixtral 8x22B itself was measured on A100 SXM4 40 GB.",
                "On this accelerator no mixture of experts was measured, but on A100 SXM4 40 GB, "
                "B200 SXM (HGX) 180 GB and H100 SXM5 80 GB.",
                "The nearest in kind and size is LLaMA 13B on this accelerator, 6 settings.",
            ),
        ),
        (
            {"model": "gpt-5-mini", "hardware": "H100-SXM", "precision": "fp8"},
            64,
            (
                "The maker of GPT-5 mini does not publish its size: it is drawn over a range of estimates, and no "
                "measurement tells how good they are.",
            ),
        ),
    ],
)  # fmt: skip
def test_the_reasons_are_whole_sentences(fields, batch, reasons):
    assert serving(fields, batch).reasons == reasons


@pytest.mark.parametrize(
    ("fields", "batch", "hold_out", "told"),
    [
        (L70, 64, "pair", True),  # measured on other accelerators too
        ({"model": "qwen2.5-72b"}, 64, "family", True),  # the model was measured nowhere
        (L70 | {"hardware": "H200"}, 64, "gpu", True),  # what leaving a type out tells
        (L70 | {"hardware": "MI300X"}, 64, "gpu", False),  # nothing tells
        (L70 | {"input_tokens": 9_000}, 64, "pair", False),
    ],
)
def test_the_error_is_that_of_the_rows_left_out_in_the_same_way(fields, batch, hold_out, told):
    found = serving(fields, batch)
    assert (found.hold_out, found.told) == (hold_out, told)


def test_copies_over_more_accelerators_than_measured_are_extrapolated():
    assert serving(L70, 64, 16.0).grade == "measured"
    assert serving(L70, 64, 32.0).line == "Extrapolated: copies over at most 16 accelerators were measured"


def test_every_measured_setting_is_graded_measured():
    """Each row of the file, asked for as a workload of its own, is found on its own pair."""
    for row in measurements():
        asked = {name: getattr(row, name) for name in ("model", "hardware", "precision", "serving")}
        more = {"input_tokens": row.input_tokens, "output_tokens": row.output_tokens}
        found = serving(asked | more, row.batch, float(row.accelerators))
        assert found.grade == "measured", (row.id, found.line)


PRE = {"kind": "pre_training", "model": "llama3.1-8b", "tokens_per_run_m": 1e6, "mfu": None}
TRAINING = [
    (PRE, "Near a measurement: 9 published runs on this accelerator, H100 SXM5 80 GB"),
    (PRE | {"hardware": "H200"}, "Near a measurement: 10 published runs on this generation, H100"),
    (PRE | {"hardware": "B200"}, "Extrapolated: no run on this generation of accelerators was published"),
    (PRE | {"tokens_per_run_m": 50.0}, "Extrapolated: no run so small was published"),
    (PRE | {"tokens_per_run_m": 1e9}, "Extrapolated: no run so large was published"),
    (PRE | {"model": "gpt-5-mini"}, "Extrapolated: the model's size is not published"),
    (PRE | {"kind": "fine_tuning"}, "Extrapolated: no fine-tuning was published with its hours"),
    (
        PRE | {"kind": "fine_tuning", "hardware": "MI300X", "tokens_per_run_m": 10.0},
        "Extrapolated: no run on this generation of accelerators was published; "
        "no fine-tuning was published with its hours, and 1 more reason",
    ),
    (PRE | {"mfu": 0.4}, "Entered: the share of peak reached is entered, so the hours carry no error of the model's"),
]


@pytest.mark.parametrize(("fields", "line"), TRAINING, ids=range(len(TRAINING)))
def test_a_training_workload_says_how_near_a_published_run_is(fields, line):
    assert nearest_run(facts.load(), Workload(id="W", **fields)).line == line


def test_a_model_larger_than_any_that_was_trained_in_public_is_extrapolated():
    catalog = facts.load()
    large = replace(catalog.models["llama3.1-405b"], params_active_b=900.0)
    found = nearest_run(catalog, Workload(id="W", **PRE), large)
    assert "no model of this size was published" in found.what
    assert "Runs of models with 0.07 to 540 billion active parameters were published" in " ".join(found.reasons)


def test_a_model_and_an_accelerator_of_ones_own_were_never_measured():
    plan = example_plan().with_own(
        OwnModel(
            id="own:m", name="Ours", source="us", source_date="2026-10-01", based_on="llama3.3-70b", params_total_b=60.0
        )
    )
    plan = plan.with_own(
        OwnDevice(id="own:d", name="Our card", source="us", source_date="2026-10-01", based_on="H100-SXM", tdp_w=500.0)
    )
    own = nearest(catalog_of(plan), Workload(id="W", model="own:m"), 64.0, 2.0)
    assert own.line == "Near a measurement: Llama 2 70B on this accelerator, 6 settings"
    capped = nearest(catalog_of(plan), Workload(id="W", model="llama3.3-70b", hardware="own:d"), 64.0, 2.0)
    assert capped.line == "Extrapolated: Our card was never measured"


def test_a_plan_says_it_of_every_workload_that_has_figures():
    plan = example_plan().with_workload("W2", accelerators=1)  # which cannot hold its model
    found = results.of(plan)
    year = plan.shown_year()
    shown = near_all(found, year)
    assert list(shown) == ["W1", "W3", "W4", "W5", "W6"]
    assert near(found, plan.workloads[1], year) is None
    assert shown["W6"].grade == "entered"


def test_the_grade_follows_the_requests_at_a_time_of_the_year_shown():
    plan = example_plan().with_workload("W2", input_tokens=1_000.0, batch=64.0)
    found = results.of(plan)
    assert near(found, plan.workloads[1], 2030).grade == "measured"
    plan = plan.with_workload("W2", batch=1.0)
    assert near(results.of(plan), plan.workloads[1], 2030).grade == "extrapolated"


@pytest.mark.parametrize(("batch", "band"), [(1, 0), (1.99, 0), (2, 1), (16.9, 1), (17, 2), (128.5, 2), (129, 3)])
def test_the_bands_are_those_of_the_engine(batch, band):
    assert band_of(batch) == BANDS[band]


def test_the_records_hold_what_the_files_say():
    for records, file in ((measurements(), "inference_measurements.csv"), (training_runs(), "training_runs.csv")):
        with (VALIDATION / file).open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        assert [record.id for record in records] == [row["id"] for row in rows]
        names = [name for name in rows[0] if any(row[name] for row in rows)]
        for record, row in zip(records, rows, strict=True):
            for name in names:
                value = getattr(record, name)
                same = str(value or "") == row[name] if isinstance(value, str) else row[name] in ("", f"{value}")
                assert same or float(row[name]) == float(value), (record.id, name)


def test_a_machine_that_a_lever_brings_in_place_of_an_unknown_one_has_no_badge():
    plan = Plan(workloads=(Workload(id="W1", hardware="own:gone"),), levers=(Lever(id="newer_gpu", choice="B200"),))
    found = results.of(plan, 4)
    assert [w.id for w in found.workloads] == ["W1"]
    assert near(found, plan.workloads[0], 2030) is None
    assert near_all(found, 2030) == {}
