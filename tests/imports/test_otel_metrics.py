"""Token metrics of OpenTelemetry: histograms and counters, totals and gains, restarts and months."""

from datetime import UTC, datetime, timedelta

from core.imports.usage.format import Head
from core.imports.usage.otel_metrics import FORMAT
from core.imports.usage.record import Amounts, Subject
from tests.each import for_each
from tests.imports.entries import run

BEGAN = datetime(2026, 3, 31, 22, tzinfo=UTC)
HISTOGRAM = "gen_ai.client.token.usage"
COUNTER = "gen_ai.client.inference.usage."


def ns(hours):
    return str(int((BEGAN + timedelta(hours=hours)).timestamp()) * 10**9)


def point(hours, tokens, calls=2, side="input", since=0, **more):
    return {
        "attributes": {"gen_ai.token.type": side, "gen_ai.request.model": "m", "gen_ai.provider.name": "openai"},
        "startTimeUnixNano": ns(since), "timeUnixNano": ns(hours), "sum": tokens, "count": str(calls),
    } | more  # fmt: skip


def sent(*points, temporality=2, name=HISTOGRAM):
    kept = {"aggregationTemporality": temporality, "dataPoints": list(points)}
    return {
        "resource": {"attributes": {"service.name": "desk"}},
        "scopeMetrics": [{"metrics": [{"name": name, "histogram" if name == HISTOGRAM else "sum": kept}]}],
    }


def test_a_total_since_its_start_counts_once_however_often_it_is_sent():
    found = run(FORMAT, [sent(point(1, 100), point(1, 30, side="output")), sent(point(1.5, 160, 3))])
    assert found.known() == {"requests": 3.0, "input_tokens": 160.0, "output_tokens": 30.0}
    assert list(found.amounts) == [Subject("OpenAI", "m", "", "desk", month="2026-03")]
    assert (BEGAN, BEGAN + timedelta(hours=1.5)) in found.times


def test_a_total_that_goes_on_into_the_next_month_is_parted_between_them():
    found = run(FORMAT, [sent(point(1, 100)), sent(point(3, 250, 5))])
    assert found.amounts == {
        Subject("OpenAI", "m", "", "desk", month="2026-03"): Amounts(2.0, 100.0),
        Subject("OpenAI", "m", "", "desk", month="2026-04"): Amounts(3.0, 150.0),
    }
    assert found.times == [
        (BEGAN, BEGAN + timedelta(hours=1)), (BEGAN + timedelta(hours=1), BEGAN + timedelta(hours=3))
    ]  # fmt: skip


def test_a_restart_begins_a_total_of_its_own():
    found = run(FORMAT, [sent(point(1, 100)), sent(point(1.9, 40, 1, since=1.5))])
    assert found.known() == {"requests": 3.0, "input_tokens": 140.0}


def test_gains_add_up():
    found = run(
        FORMAT, [sent(point(1, 100), temporality="AGGREGATION_TEMPORALITY_DELTA"), sent(point(2, 60), temporality=1)]
    )
    assert found.known() == {"requests": 4.0, "input_tokens": 160.0}


def test_counters_hold_cached_and_reasoning_tokens_inside_and_tell_no_requests():
    sides = {"input_tokens": 90, "cache_read.input_tokens": 40, "output_tokens": 20, "reasoning.output_tokens": 5}
    rows = [
        sent({**point(1, None), "asInt": str(tokens)}, {**point(1, None), "asDouble": 1.0, "attributes": {
            "gen_ai.token.modality": "image", "gen_ai.request.model": "m", "gen_ai.provider.name": "openai"}},
            name=COUNTER + side)
        for side, tokens in sides.items()
    ]  # fmt: skip
    assert run(FORMAT, rows).known() == {
        "input_tokens": 91.0, "cached_tokens": 41.0, "output_tokens": 21.0, "reasoning_tokens": 6.0
    }  # fmt: skip


def test_other_metrics_are_left_out_and_embeddings_kept_apart():
    row = sent(point(1, 7, attributes={"gen_ai.token.type": "input", "gen_ai.operation.name": "embeddings"}))
    found = run(FORMAT, [row, sent(name="gen_ai.client.operation.duration")])
    assert (found.known("embedding"), found.left) == (
        {"requests": 2.0, "input_tokens": 7.0}, {"other metrics": (1, 0.0)},
    )  # fmt: skip


@for_each(
    ("row", "sentence"),
    [
        (sent(point(1, 5, side="cached")), "gen_ai.token.type is 'cached'; it must be input or output"),
        (sent(point(1, 5), temporality=0), "aggregationTemporality is '0'; it must be 1 (delta) or 2 (cumulative)"),
        (sent(point(1, None)), "sum or count is missing; a histogram of tokens has both"),
        (sent(point(1, 5, timeUnixNano="")), "timeUnixNano is blank; it must be a time"),
        (sent(point(1, -5)), "sum is -5; it must be 0 or more"),
    ],
)
def test_a_point_that_cannot_be_read_is_refused(row, sentence):
    assert run(FORMAT, [row]).refused == [f"row 2: {HISTOGRAM}, point 1: {sentence}"]


def test_metrics_of_models_are_known_and_other_metrics_are_not():
    assert FORMAT.recognises(Head("m.json", f'{{"resourceMetrics": [{{"name": "{HISTOGRAM}"}}]}}'))
    assert not FORMAT.recognises(Head("m.json", '{"resourceMetrics": [{"name": "http.server.duration"}]}'))
