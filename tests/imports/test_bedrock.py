"""Bedrock's log: cached tokens beside the input, regions that answered, calls that no model answered, and privacy."""

from core.imports.usage.bedrock import FORMAT
from core.imports.usage.format import Head
from core.imports.usage.record import Amounts, Subject
from tests.each import for_each
from tests.imports.entries import documents, run

SAMPLE = documents(FORMAT, "aws_bedrock_invocation_log.jsonl")
NOVA = "amazon.nova-lite-v1:0"


def call(plain=10, output=5, **cells):
    asked = {} if plain is None else {"inputTokenCount": plain}
    answered = {} if output is None else {"output": {"outputTokenCount": output}}
    return {
        "timestamp": "2026-03-02T09:00:01Z", "region": "eu-central-1", "modelId": NOVA, "input": asked
    } | answered | cells  # fmt: skip


def test_the_sample_gives_the_totals_it_must():
    found = run(FORMAT, SAMPLE)
    assert found.known() == {
        "requests": 2.0, "input_tokens": 40_500.0, "cached_tokens": 34_400.0, "output_tokens": 780.0,
    }  # fmt: skip
    assert found.left == {"failed or throttled: no model answered": (1, 0.0)}
    assert [(s.region, s.group, s.model) for s in found.amounts] == [
        ("eu-central-1", "code_assistant", "anthropic.SYNTHETIC-v1:0"),
        ("eu-west-1", "code_assistant", "anthropic.SYNTHETIC-v1:0"),
    ]
    assert found.said[-1] == "calls that another region answered count in that region (inferenceRegion)"


def test_bodies_people_and_accounts_are_not_among_what_is_taken():
    private = {"inputBodyJson", "outputBodyJson", "identity", "arn", "accountId", "requestId", "messages", "prompt"}
    assert not private & set(FORMAT.columns)


def test_the_log_is_known_by_its_name_or_its_fields():
    assert FORMAT.recognises(Head("a.json", '{"schemaType":"ModelInvocationLog"}'))
    assert FORMAT.recognises(Head("a.json", '{"modelId":"x","input":{"inputTokenCount":1}}'))
    assert not FORMAT.recognises(Head("a.json", '{"modelId":"x"}'))


@for_each(
    ("row", "why", "tokens"),
    [
        (call(errorCode="ThrottlingException"), "failed or throttled: no model answered", 15.0),
        (call(status=429), "failed or throttled: no model answered", 15.0),
        (call(None, None), "calls without a count of tokens: missing, not nought", 0.0),
        (call(10, None), "calls without a count of tokens: missing, not nought", 10.0),
        (call(modelId="amazon.nova-canvas-v1:0"),
         "images, video, speech, ranking or safety: no answer of a language model", 15.0),
        (call(modelId="cohere.rerank-v3-5:0"),
         "images, video, speech, ranking or safety: no answer of a language model", 15.0),
    ],
)  # fmt: skip
def test_calls_that_no_language_model_answered_are_left_out(row, why, tokens):
    found = run(FORMAT, [row])
    assert (found.left, found.amounts) == ({why: (1, tokens)}, {})


def test_a_call_of_no_tokens_is_a_request_all_the_same():
    assert run(FORMAT, [call(0, 0, status=200)]).known() == {"requests": 1.0, "input_tokens": 0.0, "output_tokens": 0.0}


def test_an_embedding_has_no_output_and_stands_apart():
    found = run(FORMAT, [call(7, None, modelId="amazon.titan-embed-text-v2:0"), call()])
    assert (found.known("embedding"), found.total().input_tokens) == ({"requests": 1.0, "input_tokens": 7.0}, 10.0)


def test_a_profile_keeps_its_name_and_loses_its_account():
    arn = "arn:aws:bedrock:us-east-1:000000000000:inference-profile/global.anthropic.claude-opus-4-8-v1:0"
    found = run(FORMAT, [call(modelId=arn)])
    assert found.amounts == {
        Subject("Amazon Bedrock", "global.anthropic.claude-opus-4-8-v1:0", "global", month="2026-03"): Amounts(
            1.0, 10.0, None, 5.0
        )
    }


@for_each(
    ("row", "sentence"),
    [
        (call(modelId=""), "row 2: modelId is blank; it must name a model"),
        (call(-3), "row 2: inputTokenCount is -3; it must be 0 or more"),
        (call(timestamp="soon"), "row 2: timestamp is 'soon', not a time"),
    ],
)
def test_a_call_that_cannot_be_read_is_refused(row, sentence):
    assert run(FORMAT, [row]).refused == [sentence]
