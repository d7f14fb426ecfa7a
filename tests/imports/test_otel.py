"""Spans of OpenTelemetry: leaf calls, old and new names, sampling, and spans of no model."""

import pytest

from core.imports.reading import RefusedError
from core.imports.usage.format import Head
from core.imports.usage.otel import ASK_SAMPLING, FORMAT
from core.imports.usage.otel_names import region_of, service_of
from core.imports.usage.record import Amounts, Subject
from tests.each import for_each
from tests.imports.entries import SAMPLES, documents, run

SAMPLE = documents(FORMAT, "otel_genai_spans.otlp.json")
USED = {"gen_ai.usage.input_tokens": "10", "gen_ai.usage.output_tokens": "5"}
CHAT = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "m", **USED}
START = 1772442000000000000


def span(attributes=CHAT, number=1, parent="", **more):
    return {
        "spanId": f"s{number}", "parentSpanId": parent, "startTimeUnixNano": str(START + number),
        "endTimeUnixNano": str(START + 1000 - number), "attributes": attributes,
    } | more  # fmt: skip


def sent(*spans):
    return {"resource": {"attributes": {"service.name": "desk"}}, "scopeSpans": [{"spans": list(spans)}]}


def test_the_sample_gives_the_totals_it_must():
    found = run(FORMAT, SAMPLE)
    assert found.known() == {
        "requests": 2.0, "input_tokens": 2_200.0, "cached_tokens": 360.0, "output_tokens": 410.0,
        "reasoning_tokens": 60.0,
    }  # fmt: skip
    assert found.left == {"agents, tools and workflows: they repeat what their model calls use": (1, 1410.0)}
    assert set(found.amounts) == {
        Subject("Azure OpenAI", "gpt-SYNTHETIC-2026-01-01", "", "SYNTHETIC-support", month="2026-03"),
        Subject("OpenAI", "", "", "SYNTHETIC-support", month="2026-03"),
    }


def test_spans_of_models_are_known_and_other_spans_are_not():
    assert FORMAT.recognises(Head("t.json", (SAMPLES / "otel_genai_spans.otlp.json").read_text()))
    assert not FORMAT.recognises(Head("t.json", '{"resourceSpans": [{"scopeSpans": []}]}'))


def test_prompts_answers_and_people_are_not_among_what_is_taken():
    private = {
        "gen_ai.input.messages",
        "gen_ai.output.messages",
        "gen_ai.prompt",
        "user.id",
        "input.value",
        "enduser.id",
    }
    assert not private & set(FORMAT.columns)


@for_each(
    "names",
    [
        ("gen_ai.usage.input_tokens", "gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.output_tokens",
         "gen_ai.usage.reasoning.output_tokens", "gen_ai.response.model", "gen_ai.provider.name"),
        ("gen_ai.usage.prompt_tokens", "gen_ai.usage.cache_read_input_tokens", "gen_ai.usage.completion_tokens",
         "gen_ai.usage.reasoning_tokens", "gen_ai.request.model", "gen_ai.system"),
        ("llm.token_count.prompt", "llm.token_count.prompt_details.cache_read", "llm.token_count.completion",
         "llm.token_count.completion_details.reasoning", "llm.model_name", "llm.provider"),
    ],
)  # fmt: skip
def test_names_new_and_old_say_the_same(names):
    cells = dict(zip(names, ("9", "4", "6", "2", "m", "openai"), strict=True))
    assert run(FORMAT, [sent(span(cells))]).amounts == {
        Subject("OpenAI", "m", "", "desk", month="2026-03"): Amounts(1.0, 9.0, 4.0, 6.0, 2.0)
    }


def test_a_name_in_force_goes_before_an_old_one():
    cells = CHAT | {"gen_ai.usage.prompt_tokens": "99", "gen_ai.response.model": "m-2026"}
    found = run(FORMAT, [sent(span(cells))])
    assert (found.total().input_tokens, [s.model for s in found.amounts]) == (10.0, ["m-2026"])


def test_a_call_that_wraps_another_is_not_counted_again():
    wrapped = sent(span(number=1), span(number=2, parent="s1"))
    found = run(FORMAT, [wrapped])
    assert found.total().requests == 1.0
    assert found.left == {"calls that wrap another model call: they repeat its usage": (1, 15.0)}
    assert run(FORMAT, [sent(span(number=2, parent="s1")), sent(span(number=1))]).total().requests == 1.0


@for_each(
    ("attributes", "why"),
    [
        ({"gen_ai.operation.name": "invoke_agent", **USED},
         "agents, tools and workflows: they repeat what their model calls use"),
        ({"gen_ai.operation.name": "execute_tool"},
         "agents, tools and workflows: they repeat what their model calls use"),
        ({"traceloop.span.kind": "workflow", **USED},
         "agents, tools and workflows: they repeat what their model calls use"),
        ({"openinference.span.kind": "CHAIN", "llm.token_count.prompt": 3},
         "agents, tools and workflows: they repeat what their model calls use"),
        ({}, "spans of no model call"),
        ({"gen_ai.operation.name": "chat", "gen_ai.request.model": "m"},
         "model calls without a count of tokens: missing, not nought"),
    ],
)  # fmt: skip
def test_what_is_no_leaf_call_is_left_out_by_name(attributes, why):
    found = run(FORMAT, [sent(span(attributes))])
    assert (list(found.left), found.amounts) == ([why], {})


def test_a_failed_call_without_tokens_is_left_out_as_failed():
    failed = span({"gen_ai.operation.name": "chat", "gen_ai.request.model": "m"}, status={"code": 2})
    assert run(FORMAT, [sent(failed)]).left == {"failed calls": (1, 0.0)}


def test_embeddings_are_kept_apart():
    cells = {"gen_ai.operation.name": "embeddings", "gen_ai.request.model": "e", "gen_ai.usage.input_tokens": 7}
    found = run(FORMAT, [sent(span(cells))])
    assert (found.known("embedding"), found.known()) == ({"requests": 1.0, "input_tokens": 7.0}, {})


def test_more_cached_than_input_is_taken_as_beside_it_and_said():
    cells = CHAT | {"gen_ai.usage.cache_read.input_tokens": "30"}
    found = run(FORMAT, [sent(span(cells))])
    assert (found.total().input_tokens, found.total().cached_tokens) == (40.0, 30.0)
    assert found.said[-1] == "calls with more cached tokens than input are taken to count them beside the input"


@for_each(
    ("state", "answer", "requests"),
    [
        ("", "", 1.0), ("", "1", 1.0), ("", "0.1", 10.0), ("ot=th:8", "", 2.0), ("ot=th:c", "", 4.0),
        ("other=1,ot=rv:abcdef0123456;th:c", "", 4.0), ("ot=th:c", "0.5", 2.0), ("ot=th:0", "", 1.0),
        ("ot=p:8", "", 1.0),
    ],
)  # fmt: skip
def test_a_sampled_span_stands_for_its_share(state, answer, requests):
    found = run(FORMAT, [sent(span(traceState=state))], {"sampling": answer})
    assert found.total().requests == pytest.approx(requests, rel=1e-12)
    assert found.total().input_tokens == pytest.approx(10.0 * requests, rel=1e-12)
    assert found.asks == [ASK_SAMPLING]


@for_each("answer", ["0", "1.5", "all", "-1", "nan"])
def test_a_share_must_lie_in_its_bounds(answer):
    with pytest.raises(RefusedError) as caught:
        FORMAT.reader({"sampling": answer})
    assert str(caught.value) == f"sampling is '{answer}'; it must be a share above 0 and at most 1"


def test_one_broken_span_is_refused_and_the_others_count():
    broken = span({**CHAT, "gen_ai.usage.input_tokens": "many"}, number=7)
    found = run(FORMAT, [sent(broken, span())])
    assert found.refused == ["row 2: span s7: gen_ai.usage.input_tokens is 'many', not a number"]
    assert found.total().requests == 1.0


@for_each(
    ("address", "region"),
    [
        ("bedrock-runtime.eu-west-1.amazonaws.com", "eu-west-1"),
        ("europe-west4-aiplatform.googleapis.com", "europe-west4"),
        ("bedrock-runtime.us-gov-west-1.amazonaws.com", "us-gov-west-1"), ("api.openai.com", ""), ("10.0.0.1", ""),
        ("", ""),
        ("aiplatform.googleapis.com", ""),
    ],
)  # fmt: skip
def test_only_the_region_is_read_from_an_address(address, region):
    assert region_of(address) == region


def test_services_are_called_as_elsewhere():
    assert [service_of(one) for one in ("aws.bedrock", "AZURE.AI.OPENAI", "own-server")] == [
        "Amazon Bedrock", "Azure OpenAI", "own-server",
    ]  # fmt: skip
