"""What an import proposes: volumes that re-add to the file, choices that stay, months that are kept as measured."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.imports.proposed import applied, proposals
from core.imports.usage.read import read_usage
from core.imports.usage.record import Amounts
from core.imports.usage.source import of_path
from core.plan import Actual, Plan, Workload
from core.plan.cells import build
from core.plan.example import example_plan
from core.plan.lever import Lever
from core.plan.own import OwnModel
from core.results.figures import of
from core.units import H_PER_DAY, H_PER_YEAR
from tests.imports.readings import APRIL, MARCH, chat, reading, subject
from tests.strategies import some

EMPTY = Plan(workloads=())
COUNTS = st.floats(1.0, 1e12)
FOLDER = Path(__file__).parent / "samples"
SAMPLES = (
    "openai_usage_completions.json", "openai_usage_completions_flat.csv", "azure_monitor_metrics.json",
    "aws_bedrock_invocation_log.jsonl", "aws_cur2_bedrock.csv", "gcp_billing_export_flat.csv",
    "focus_1_2_cost_and_usage.csv", "litellm_spend_logs.csv", "litellm_daily_user_spend.csv",
    "langfuse_observations_v2.csv", "helicone_export.csv", "otel_genai_spans.otlp.json", "vllm_metrics_t1.prom",
)  # fmt: skip


def imported(plan, found, answers=None):
    """The plan after everything proposed."""
    return applied(plan, proposals(found, plan, answers or {}))


def of_year(workload):
    """Requests, input, cached and output tokens of a year."""
    requests = workload.requests_per_day * workload.operating_days
    read = requests * workload.input_tokens
    return requests, read, read * workload.cached_share, requests * workload.output_tokens


def test_a_month_of_usage_becomes_a_workload_whose_year_re_adds_to_it():
    plan = imported(EMPTY, reading({subject(group="Support"): chat()}))
    one = plan.workloads[0]
    assert (one.model, one.hosting, one.precision, one.region) == ("gpt-5-mini", "api", "fp8", "WORLD")
    assert (one.business_unit, one.name, one.tags) == ("Support", "Support: GPT-5 mini", ("OpenAI",))
    share = 31 * H_PER_DAY / H_PER_YEAR
    assert [value * share for value in of_year(one)] == pytest.approx(
        [138_000, 261_600_000, 42_480_000, 34_780_000], rel=1e-12
    )
    assert plan.actuals == (
        Actual(
            id="A1", workload="W1", year=2026, month=3, requests=138_000, output_tokens=34_780_000, source="march.json"
        ),
    )


@settings(max_examples=25, deadline=None)
@given(requests=COUNTS, each_read=st.floats(0, 1e6), each_written=st.floats(1.001, 1e5), cached=st.floats(0, 1),
       days=st.integers(1, 31))  # fmt: skip
def test_whatever_the_file_holds_its_totals_are_those_of_the_plan(requests, each_read, each_written, cached, days):
    requests = min(requests, 1e10 * days)
    amounts = chat(requests, requests * each_read, requests * each_read * cached, requests * each_written)
    end = datetime(2026, 4, 1, tzinfo=UTC) if days == 31 else datetime(2026, 3, days + 1, tzinfo=UTC)
    one = proposals(reading({subject(): amounts}, (MARCH[0], end)), EMPTY)[0]
    assert one.covered_share == days / 365
    found = [value * one.covered_share for value in of_year(one.workload)]
    told = [amounts.requests, amounts.input_tokens, amounts.cached_tokens, amounts.output_tokens]
    assert found == pytest.approx(told, rel=1e-12, abs=1e-300)


def test_the_same_file_twice_is_the_same_plan():
    found = reading({subject(): chat(), subject("gpt-5"): chat(10, 20, 0, 30)})
    once = imported(example_plan(), found)
    again = proposals(found, once)
    assert {one.action for one in again} == {"update"}
    assert [one.differences for one in again] == [(), ()]
    assert applied(once, again) == once


def test_workloads_that_no_file_filled_stay_as_they_are():
    plan = imported(example_plan(), reading({subject(): chat()}))
    assert plan.workloads[:-1] == example_plan().workloads
    assert plan.workloads[-1].id == "W7"


def test_the_next_month_changes_the_volume_and_no_choice():
    plan = imported(EMPTY, reading({subject("gpt-5-mini-2025-08-07"): chat()}))
    chosen = {
        "name": "Ours", "model": "gpt-4o", "region": "SE", "precision": "bf16", "operating_days": 250, "owner": "Me",
        "peak_to_mean": 5, "tags": ("kept",), "business_unit": "Sales", "hosting": "own", "hardware": "H200",
    }  # fmt: skip
    plan = plan.with_workload("W1", **chosen)
    later = reading({subject("gpt-5-mini-2026-04-02", "2026-04"): chat(200_000, 5e8, 1e8, 6e7)}, APRIL, "april.json")
    (one,) = proposals(later, plan)
    assert [name for name, _, _ in one.differences] == [
        "requests_per_day",
        "input_tokens",
        "output_tokens",
        "cached_share",
    ]
    after = applied(plan, [one])
    same = after.workloads[0].but(**{name: getattr(plan.workloads[0], name) for name, _, _ in one.differences})
    assert same == plan.workloads[0]
    share = 30 * H_PER_DAY / H_PER_YEAR
    assert [v * share for v in of_year(after.workloads[0])] == pytest.approx([200_000, 5e8, 1e8, 6e7], rel=1e-12)
    assert [(row.period, row.requests) for row in after.actuals] == [("2026-03", 138_000), ("2026-04", 200_000)]


def test_a_later_months_difference_is_told_against_the_plan_with_its_growth():
    plan = imported(EMPTY.but(first_year=2025), reading({subject(): chat()}))
    plan = plan.with_workload("W1", first_year=2025, growth_low_pct=10, growth_central_pct=50, growth_high_pct=90)
    (one,) = proposals(reading({subject(month="2026-04"): chat(270_000, 5e8, 1e8, 6e7)}, APRIL), plan)
    planned = 138_000 / 31 * 1.5 * 30
    assert one.against[0].quantity == "requests"
    assert one.against[0].planned == pytest.approx(planned, rel=1e-12)
    assert one.against[0].difference_pct == pytest.approx((270_000 / planned - 1) * 100)
    assert "requests: 270,000 in the files, 200,323 in the plan for that time: 34.8 % more" in one.said
    after = applied(plan, [one]).workloads[0]
    assert of_year(after)[0] * 1.5 * 30 / 365 == pytest.approx(270_000, rel=1e-12)
    assert after.growth_central_pct == 50


def test_parts_of_a_month_are_annualised_and_no_measured_month_is_kept():
    span = datetime(2026, 3, 10, tzinfo=UTC), datetime(2026, 3, 20, tzinfo=UTC)
    (one,) = proposals(reading({subject(): chat()}, span), EMPTY)
    assert one.workload.requests_per_day == 13_800
    assert one.actuals == ()
    assert "2026-03 is covered in part: its volume counts, no measured month is kept" in one.said
    (said,) = proposals(reading({subject(): chat()}, span), EMPTY, {"covered_days": "31"})
    assert said.workload.requests_per_day == 138_000 / 31
    assert [row.period for row in said.actuals] == ["2026-03"]


def test_several_months_make_one_yearly_mean():
    both = {subject(): chat(), subject(month="2026-04"): chat(60_000, 6e7, 0, 1e7)}
    (one,) = proposals(reading(both, {key: (MARCH, APRIL)[n] for n, key in enumerate(both)}), EMPTY)
    assert of_year(one.workload)[:2] == pytest.approx((198_000 * 365 / 61, 321_600_000 * 365 / 61), rel=1e-12)
    assert [row.period for row in one.actuals] == ["2026-03", "2026-04"]


def test_snapshots_of_a_model_are_one_workload_and_groups_are_several():
    some = {subject("gpt-5-mini-2025-08-07"): chat(), subject("gpt-5-mini"): chat(2, 4, 0, 6),
            subject("gpt-5-mini", group="Sales"): chat(3, 3, 3, 3)}  # fmt: skip
    found = proposals(reading(some), EMPTY)
    assert [(one.subject.group, one.amounts.requests) for one in found] == [("", 138_002), ("Sales", 3)]


def test_the_order_of_rows_does_not_matter():
    some = {subject(f"m-{n}", group=f"g{n % 3}"): chat(n + 1, 10 * n, n, n + 1) for n in range(7)}
    backwards = dict(reversed(some.items()))
    assert applied(EMPTY, proposals(reading(some), EMPTY)) == applied(EMPTY, proposals(reading(backwards), EMPTY))


def test_a_bill_without_requests_keeps_its_tokens_and_says_what_is_assumed():
    amounts = chat(None, 24_000_000, None, 2_400_000)
    (one,) = proposals(reading({subject(): amounts}), EMPTY)
    assert one.workload.input_tokens == 1_200
    assert of_year(one.workload)[1] * one.covered_share == pytest.approx(24_000_000, rel=1e-12)
    assert of_year(one.workload)[3] * one.covered_share == pytest.approx(2_400_000, rel=1e-12)
    assert (
        "the file counts no requests; 1,200 input tokens a request are assumed, the tokens stay the file's" in one.said
    )
    assert [ask.key for ask in one.asks] == ["covered_days", "input_tokens_a_request"]
    assert one.actuals[0].requests is None
    assert one.actuals[0].output_tokens == 2_400_000
    (said,) = proposals(reading({subject(): amounts}), EMPTY, {"input_tokens_a_request": "6000"})
    assert said.workload.input_tokens == 6_000
    assert of_year(said.workload)[1] == pytest.approx(of_year(one.workload)[1], rel=1e-12)


@pytest.mark.parametrize("answer", ["", "many", "-3", "0", "60,000"])
def test_an_answer_that_is_no_number_leaves_what_was_found(answer):
    (one,) = proposals(reading({subject(): chat()}), EMPTY, {"covered_days": answer})
    assert one.covered_days == 31
    told = f"covered_days is '{answer}', no number above 0; what was found is taken"
    assert (told in one.said) == bool(answer)


def test_a_file_silent_on_cached_tokens_leaves_the_plans_share():
    silent = reading({subject(): chat(10, 100, None, 10)})
    (new,) = proposals(silent, EMPTY)
    assert new.workload.cached_share == 0
    assert "the file says nothing of cached input" in new.said
    plan = applied(EMPTY, [new]).with_workload("W1", cached_share=0.4)
    assert proposals(silent, plan)[0].workload.cached_share == 0.4


@pytest.mark.parametrize(
    ("one", "amounts", "why"),
    [
        (subject("text-embedding-3-small"), chat(), "embeddings are no answers of a language model: not in the plan"),
        (subject("gpt-5", stage="embedding"), chat(), "embeddings are no answers of a language model: not in the plan"),
        (subject("whisper-1"), chat(), "speech, no answers of a language model: not in the plan"),
        (subject(), chat(0, 0, 0, 0), "nothing was used"),
        (subject(), chat(None, None, None, None), "nothing was used"),
        (subject(), chat(10, 100, 0, 0), "output_tokens is 0; it must lie in [1, 1,000,000] tokens"),
        (subject(), chat(-5, -50, 0, -10),
         "corrections outweigh what was used: the amounts add up to less than nothing"),
        (subject(), chat(10, 100, 200, 10), "cached_share is 2; it must lie in [0, 1]"),
        (subject("", stage="hire", hardware="m5.large"), chat(None, None, None, None, machine_h=8.0),
         "8 hours of 'm5.large', no accelerator that is known here"),
        (subject("gpt-5", stage="training"), chat(3, None, None, None),
         "training without a count of tokens: enter it on the Plan page"),
    ],
)  # fmt: skip
def test_what_makes_no_workload_is_left_with_its_reason(one, amounts, why):
    (left,) = proposals(reading({one: amounts}), EMPTY)
    assert (left.action, left.why, left.workload, left.actuals) == ("leave", why, None, ())
    assert applied(EMPTY, [left]) == EMPTY


def test_hired_machines_stand_there_with_as_many_accelerators_as_their_hours_make():
    held = {
        subject("", stage="hire", hardware="p5.48xlarge", service="AWS", region="eu-west-1"): Amounts(machine_h=1_488.0)
    }
    (one,) = proposals(reading(held), EMPTY)
    w = one.workload
    assert (w.hosting, w.hardware, w.installed_accelerators, w.region) == ("cloud", "H100-SXM", 16, "aws:eu-west-1")
    assert w.installed_accelerators * one.covered_share * H_PER_YEAR == pytest.approx(1_488 * 8, rel=1e-12)
    assert (w.busy_share, one.guess.sure, one.actuals) == (0.2, "unknown", ())
    plan = applied(EMPTY, [one]).with_workload("W1", model="llama3.3-70b", requests_per_day=5_000, busy_share=0.5)
    fewer = {replace(key, month="2026-04"): Amounts(machine_h=720.0) for key in held}
    (again,) = proposals(reading(fewer, APRIL), plan)
    assert again.differences == (("installed_accelerators", 16, 8),)
    assert (again.workload.model, again.workload.requests_per_day) == ("llama3.3-70b", 5_000)


def test_a_machine_hired_for_hours_is_held_on_as_many_days():
    held = {subject("", stage="hire", hardware="NVIDIA L4", service="Google"): Amounts(gpu_h=62.0)}
    (one,) = proposals(reading(held), EMPTY)
    assert (one.workload.installed_accelerators, one.workload.accelerators) == (None, 1)
    assert one.workload.operating_days * H_PER_DAY * one.covered_share == pytest.approx(62, rel=1e-12)
    plan = applied(EMPTY, [one])
    found = of(plan, 0)
    assert float(found.values["held_h"][0, 0, 0]) * one.covered_share == pytest.approx(62, rel=1e-9)
    more = {replace(key, month="2026-04"): Amounts(gpu_h=1_440.0) for key in held}
    (after,) = proposals(reading(more, APRIL), plan)
    assert after.workload.but(installed_accelerators=None) == one.workload.but(
        id="W1", accelerators=None, operating_days=365
    )
    assert after.differences[0] == ("installed_accelerators", None, 2)
    again = applied(plan, [after])
    (back,) = proposals(reading(held), again)
    assert applied(again, [back]).workloads == plan.workloads


def test_training_of_a_later_year_takes_the_plans_growth_back():
    plan = applied(
        EMPTY, proposals(reading({subject("gpt-4o-mini", stage="training"): Amounts(input_tokens=3.1e9)}), EMPTY)
    )
    plan = plan.but(first_year=2025).with_workload("W1", growth_low_pct=0, growth_central_pct=25, growth_high_pct=50)
    (one,) = proposals(reading({subject("gpt-4o-mini", stage="training"): Amounts(input_tokens=3.1e9)}), plan)
    assert one.workload.tokens_per_run_m * 1e6 * 1.25 * one.covered_share == pytest.approx(3.1e9, rel=1e-12)


def test_tokens_of_training_are_one_run_a_year():
    (one,) = proposals(reading({subject("gpt-4o-mini", stage="training"): Amounts(input_tokens=3.1e9)}), EMPTY)
    w = one.workload
    assert (w.kind, w.hosting, w.model, w.runs_per_year) == ("fine_tuning", "api", "gpt-4o-mini", 1)
    assert w.tokens_per_run_m * 1e6 * one.covered_share == pytest.approx(3.1e9, rel=1e-12)


def test_what_else_was_measured_of_a_month_stays_beside_the_import():
    found = reading({subject(): chat()})
    plan = applied(EMPTY, proposals(found, EMPTY))
    metered = plan.but(actuals=[plan.actuals[0].but(requests=1, energy_facility_kwh=77.5, source="meter")])
    after = applied(metered, proposals(found, metered))
    assert [(a.requests, a.energy_facility_kwh, a.source) for a in after.actuals] == [
        (138_000, 77.5, "meter; march.json")
    ]
    assert applied(after, proposals(found, after)) == after


def test_a_month_beside_a_measured_year_is_told_and_not_kept():
    found = reading({subject(): chat()})
    plan = applied(EMPTY, proposals(found, EMPTY))
    whole = plan.but(actuals=[Actual(id="A1", workload="W1", year=2026, requests=5, source="log")])
    (one,) = proposals(found, whole)
    assert one.actuals == ()
    assert "2026-03: the plan holds a measurement of all 2026; the month is not kept beside it" in one.said
    assert applied(whole, [one]).actuals == whole.actuals


def test_files_from_before_or_after_the_plan_are_told():
    (early,) = proposals(reading({subject(): chat()}), EMPTY.but(first_year=2028))
    assert "the files are of 2026; the plan begins in 2028, with this volume" in early.said
    (late,) = proposals(reading({subject(): chat()}), EMPTY.but(first_year=2020, last_year=2025))
    assert "the files are of 2026; the plan ends in 2025 and has this volume before" in late.said
    plan = applied(EMPTY, [early]).with_workload("W1", first_year=2029)
    (again,) = proposals(reading({subject(): chat()}), plan)
    assert "the workload has no demand in the files' years; its volume is that of its first" in again.said
    assert [one.planned for one in again.against] == [0, 0, 0, 0]


def test_a_new_workload_begins_in_the_year_of_its_files():
    (one,) = proposals(reading({subject(): chat()}), EMPTY.but(first_year=2024))
    assert one.workload.first_year == 2026
    assert "it begins in 2026, the year of the files; change it where it ran before" in one.said
    assert proposals(reading({subject(): chat()}), EMPTY)[0].workload.first_year is None


def test_a_lever_on_the_volume_is_in_what_the_plan_said():
    plan = applied(EMPTY, proposals(reading({subject(): chat()}), EMPTY)).with_lever(
        Lever(id="concise_output", value=0.5, start_year=2026)
    )
    (one,) = proposals(reading({subject(): chat()}), plan)
    by_name = {each.quantity: each for each in one.against}
    assert by_name["requests"].difference_pct == pytest.approx(0, abs=1e-9)
    assert by_name["output_tokens"].measured == 34_780_000
    assert by_name["output_tokens"].planned < 0.9 * 34_780_000


def test_a_lever_that_was_measured_already_is_told_before_it_counts_twice():
    plan = applied(EMPTY, proposals(reading({subject(): chat()}), EMPTY))
    assert not any("count twice" in said for said in proposals(reading({subject(): chat()}), plan)[0].said)
    plan = plan.with_lever(Lever(id="concise_output", value=0.5, start_year=2026))
    (one,) = proposals(reading({subject(): chat()}), plan)
    told = [said for said in one.said if "a lever or a ceiling of the plan acts" in said]
    assert len(told) == 1
    assert "output tokens" in told[0]
    later = plan.with_lever(Lever(id="concise_output", value=0.5, start_year=2028))
    assert not any("count twice" in said for said in proposals(reading({subject(): chat()}), later)[0].said)


def test_months_beyond_the_room_for_measurements_are_told():
    rows = [
        Actual(id=f"A{w}{n}", workload=f"W{w}", year=1990 + n // 12, month=n % 12 + 1, runs=1, source="log")
        for w, n in product((0, 1), range(1_000))
    ][1:]
    plan = EMPTY.but(workloads=[Workload(id="W0"), Workload(id="W1")]).but(actuals=rows)
    both = {subject(): chat(), subject(month="2026-04"): chat()}
    (one,) = proposals(reading(both, {key: (MARCH, APRIL)[n] for n, key in enumerate(both)}), plan)
    assert [row.period for row in one.actuals] == ["2026-03"]
    assert one.said[-1] == "a plan holds 2,000 measurements: 1 months are not kept as measured"
    assert len(applied(plan, [one]).actuals) == 2_000


def test_a_plan_that_is_full_leaves_the_rest():
    full = EMPTY.but(workloads=[Workload(id=f"W{n}") for n in range(1, 500)])
    found = proposals(reading({subject("gpt-5"): chat(), subject("gpt-4o"): chat(1, 1, 0, 1)}), full)
    assert [one.action for one in found] == ["new", "leave"]
    assert found[1].why == "the plan holds 500 workloads, as many as it can"
    assert len(applied(full, found).workloads) == 500


def test_a_profile_over_regions_is_told():
    name = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
    (one,) = proposals(reading({subject(name, service="Amazon Bedrock", region="us-east-1"): chat()}), EMPTY)
    assert (one.workload.region, one.workload.model) == ("aws:us-east-1", "claude-sonnet-4.5")
    assert "the model's name lets a call go to any region of 'us'; the file's own is taken" in one.said
    (blank,) = proposals(reading({subject(name, service="Amazon Bedrock"): chat()}), EMPTY)
    assert blank.workload.region == "US"


def test_software_that_one_runs_oneself_is_hosted_by_oneself():
    (far,) = proposals(reading({subject("openai/gpt-5", service="LiteLLM"): chat()}), EMPTY)
    (near,) = proposals(reading({subject("hosted_vllm/openai/gpt-oss-20b", service="LiteLLM"): chat()}), EMPTY)
    assert (far.workload.hosting, near.workload.hosting, near.workload.model) == ("api", "own", "gpt-oss-20b")
    (one,) = proposals(reading({subject("meta-llama/Llama-3.1-8B-Instruct", service="vLLM"): chat()}), EMPTY)
    assert "the file names no accelerator: H100-SXM stands in until you choose" in one.said
    assert (one.workload.hosting, one.workload.hardware, one.workload.model) == ("own", "H100-SXM", "llama3.1-8b")


@pytest.mark.parametrize("file", sorted(SAMPLES))
def test_every_sample_re_adds_and_taken_twice_is_taken_once(file):
    found = read_usage([of_path(FOLDER / file)])
    some = proposals(found, EMPTY)
    plan = applied(EMPTY, some)
    answered = [one for one in some if one.workload is not None and one.subject.stage == "inference"]
    left = [one for one in some if one.workload is None]
    for place, name in ((1, "input_tokens"), (3, "output_tokens")):
        said = sum(getattr(one.amounts, name) or 0 for one in left)
        held = sum(of_year(one.workload)[place] * one.covered_share for one in answered)
        assert held + said == pytest.approx(getattr(found.total(), name) or 0, rel=1e-12)
    assert applied(plan, proposals(found, plan)) == plan
    assert of(plan, 0).refused == {}


def test_a_model_chosen_for_a_name_is_offered_for_the_next_group_of_that_name():
    plan = applied(EMPTY, proposals(reading({subject("acme-chat-v2", group="A"): chat()}), EMPTY))
    assert plan.workloads[0].model == "undisclosed"
    plan = plan.with_workload("W1", model="llama3.3-70b", name="Ours")
    found = proposals(reading({subject("acme-chat-v2", group=group): chat() for group in "AB"}), plan)
    new = next(one for one in found if one.action == "new")
    assert (new.workload.model, new.guess.sure) == ("llama3.3-70b", "likely")
    assert new.guess.how == "as chosen for 'Ours', which has the same name in its file"
    kept = next(one for one in found if one.action == "update")
    assert kept.workload.model == "llama3.3-70b"


def test_a_model_of_ones_own_is_found_by_its_name():
    own = OwnModel(
        id="own:desk",
        name="Desk 13B",
        params_total_b=13,
        based_on="llama2-13b",
        source="ours",
        source_date="2026-01-01",
    )
    plan = EMPTY.but(models=(own,))
    (one,) = proposals(reading({subject("desk-13b"): chat()}), plan)
    assert (one.workload.model, one.guess.sure) == ("own:desk", "sure")


def test_a_copy_of_a_workload_takes_no_volume_of_the_next_file():
    plan = applied(EMPTY, proposals(reading({subject(): chat()}), EMPTY)).duplicating("W1")
    more = applied(plan, proposals(reading({subject(): chat(276_000)}), plan))
    assert [w.import_key == "" for w in more.workloads] == [False, True]
    assert more.workloads[1] == plan.workloads[1]
    assert more.workloads[0].requests_per_day == 2 * plan.workloads[0].requests_per_day


KEPT = {"id", "import_key", "operating_days", "growth_low_pct", "growth_central_pct", "growth_high_pct", "first_year",
        "last_year", "kind", "input_tokens", "output_tokens", "cached_share", "requests_per_day"}  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(some(Workload, tuple(sorted(KEPT))))
def test_whatever_was_chosen_stays_and_taken_twice_is_taken_once(fields):
    plan = applied(EMPTY, proposals(reading({subject(): chat()}), EMPTY))
    workload, _ = build(Workload, {name: getattr(plan.workloads[0], name) for name in Workload.model_fields} | fields)
    assume(workload is not None)
    plan = plan.but(workloads=(workload,))
    later = reading({subject(month="2026-04"): chat(7, 700, 70, 77)}, APRIL)
    once = applied(plan, proposals(later, plan))
    changed = {n for n in Workload.model_fields if getattr(once.workloads[0], n) != getattr(workload, n)}
    assert changed <= {"requests_per_day", "input_tokens", "output_tokens", "cached_share"}
    assert applied(once, proposals(later, once)) == once


TOKENS = st.floats(2, 1e5)
SUBJECTS = st.builds(
    subject, st.sampled_from(["gpt-5", "gpt-5-mini-2025-08-07", "llama3.3:70b", "who-knows-1", ""]),
    st.sampled_from(["2026-03", "2026-04"]), group=st.sampled_from(["", "A", "B"]),
    service=st.sampled_from(["OpenAI", "vLLM"]), region=st.sampled_from(["", "eu-west-1"]),
)  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(st.dictionaries(SUBJECTS, st.tuples(TOKENS, TOKENS, st.floats(0, 1), TOKENS), min_size=1, max_size=6))
def test_whatever_files_hold_every_token_of_them_is_in_the_plan(counts):
    amounts = {
        key: chat(n, n * read, n * read * share, n * written) for key, (n, read, share, written) in counts.items()
    }
    spans = {key: MARCH if key.month == "2026-03" else APRIL for key in amounts}
    found = reading(amounts, spans)
    offered = proposals(found, EMPTY)
    plan = applied(EMPTY, offered)
    assert len(plan.workloads) == len(offered)
    held = [[value * one.covered_share for value in of_year(w)] for one, w in zip(offered, plan.workloads, strict=True)]
    total = found.total()
    told = [total.requests, total.input_tokens, total.cached_tokens, total.output_tokens]
    assert [sum(each) for each in zip(*held, strict=True)] == pytest.approx(told, rel=1e-12, abs=1e-300)
    assert applied(plan, proposals(found, plan)) == plan
