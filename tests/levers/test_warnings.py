"""Levers that published measurements say fail in the setting they meet: the sentence, and silence elsewhere."""

import pytest

from core.plan import Plan, Workload
from core.plan.lever import Lever
from core.results.lever_warnings import lever_warnings

OWN = Workload(id="W1", name="Help", hosting="own", model="llama3.3-70b", hardware="H100-SXM", region="DE",
               accelerators=8, input_tokens=1000, output_tokens=400)  # fmt: skip


def said(workload, *levers):
    return lever_warnings(Plan(workloads=(workload,), levers=levers))


@pytest.mark.parametrize(
    ("lever", "fails", "works", "sentence"),
    [
        (Lever(id="ptq_w4a16"), OWN.but(batch=128.0), OWN.but(batch=16.0),
         "“4-bit weights (AWQ, GPTQ)” on Help: at 128 requests at a time 4-bit kernels are no faster than 16-bit "
         "(measured on full A100s): only fewer accelerators save."),
        (Lever(id="ptq_fp8"), OWN.but(model="qwen3-235b-a22b", batch=8.0), OWN.but(batch=8.0),
         "“8-bit weights and arithmetic (FP8)” on Help: Qwen3 235B-A22B has block-scaled experts, and a copy answers "
         "8.0 requests at a time; at 8 on the same accelerators 56 % more energy was measured: only fewer accelerators "
         "make it a saving."),
        (Lever(id="kv_fp8"), OWN.but(batch=8.0), OWN.but(batch=8.0, input_tokens=20000),
         "“8-bit cache” on Help: no gain was measured below about 7,000 tokens of context; here it is 1,200."),
        (Lever(id="spec_decode"), OWN.but(batch=128.0), OWN.but(batch=1.0),
         "“Speculative decoding” on Help: at 128 requests at a time; with many, answers were measured 1.4 to 1.8 times "
         "slower."),
        (Lever(id="moe_vs_dense", choice="mixtral-8x7b"), OWN.but(batch=8.0), OWN.but(batch=512.0),
         "“Mixture-of-experts model” on Help: at 8.0 requests at a time nearly all experts are read and memory is "
         "still the limit: its saving is smallest here."),
    ],
)  # fmt: skip
def test_a_lever_says_where_it_is_known_to_fail_and_is_silent_elsewhere(lever, fails, works, sentence):
    assert said(fails, lever) == [sentence]
    assert said(works, lever) == []


def test_a_power_limit_above_the_draw_says_that_it_does_nothing():
    here = OWN.but(hardware="A100-80-PCIe", model="llama3.1-8b", accelerators=8, batch=1.0)
    warnings = said(here, Lever(id="power_cap_inference"))
    assert len(warnings) == 1
    assert "the limit of 175 W does nothing where an accelerator draws" in warnings[0]


def test_half_the_traffic_on_another_model_says_that_both_are_emptier():
    here = OWN.but(batch=None, requests_per_day=200000.0, accelerators=None)
    warnings = said(here, Lever(id="routing", choice="llama3.1-8b", share=0.5))
    assert [text for text in warnings if "part of the saving is lost to emptier machines" in text] == warnings != []


def test_reading_apart_says_that_it_was_measured_to_cost_energy():
    assert said(OWN, Lever(id="disagg")) == [
        "“Reading and writing on separate machines” on Help: the one energy comparison published found more energy at "
        "every batch up to 32: its gain is in even answer times, which are not shown here."
    ]


def test_no_lever_no_warning():
    assert said(OWN) == []
