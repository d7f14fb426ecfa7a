"""Cloud Monitoring's serving metrics, and Cloudflare's gateway: kinds of tokens, places, own caches and failures."""

from core.imports.usage import cloudflare
from core.imports.usage.format import Head
from core.imports.usage.gcp_metrics import FORMAT, INVOCATIONS, TOKENS
from core.imports.usage.record import Amounts, Subject
from tests.each import for_each
from tests.imports.entries import documents, run

SAMPLE = documents(FORMAT, "gcp_monitoring_metrics.json")
GATEWAY = documents(cloudflare.FORMAT, "cloudflare_ai_gateway_logs.json")


def series(kind="input", value="5", name=TOKENS, metric_kind="DELTA", **labels):
    interval = {"startTime": "2026-03-02T08:00:00Z", "endTime": "2026-03-02T09:00:00Z"}
    return {
        "metric": {"type": name, "labels": {"type": kind} | labels}, "metricKind": metric_kind,
        "resource": {"labels": {"location": "us-central1", "model_user_id": "m"}},
        "points": [{"interval": interval, "value": {"int64Value": value}}],
    }  # fmt: skip


def test_the_sample_gives_the_totals_it_must():
    found = run(FORMAT, SAMPLE)
    assert found.amounts == {
        Subject("Vertex AI", "gemini-SYNTHETIC-flash", "europe-west4", month="2026-03"): Amounts(
            320.0, 400_000.0, None, 40_000.0
        )
    }
    assert found.left == {"requests that were refused or failed": (1, 0.0)}
    assert len(found.said) == 1


def test_cache_types_of_anthropic_stand_beside_the_input():
    found = run(FORMAT, [series(), series("cache_read_input_tokens", "70"), series("cache_write_input_tokens", "25")])
    assert found.known() == {"input_tokens": 100.0, "cached_tokens": 70.0}
    assert found.said[-1] == "cache reads and writes of Anthropic's models stand beside the input and are added"


@for_each(
    ("source", "region"),
    [("", "us-central1"), ("global", "global"), ("batch_us-east5", "us-east5"), ("us-east5", "us-east5")],
)
def test_the_place_that_served_goes_before_the_place_that_was_called(source, region):
    assert [subject.region for subject in run(FORMAT, [series(source=source)]).amounts] == [region]


@for_each(
    ("row", "sentence"),
    [
        (series(metric_kind="GAUGE"), "row 2: metricKind is 'GAUGE'; it must be DELTA: ask for sums, not rates"),
        (series("thinking"), "row 2: point 1: type is 'thinking'; it must be input, output or a kind of cached input"),
        (series(value=None), "row 2: point 1: value is blank; it must be a count"),
        (series(value="-1"), "row 2: point 1: int64Value is -1; it must be 0 or more"),
    ],
)
def test_a_series_that_counts_nothing_is_refused(row, sentence):
    assert run(FORMAT, [row]).refused == [sentence]


def test_other_metrics_are_left_out_and_other_answers_not_known():
    assert run(FORMAT, [series(name="other")]).left == {"other metrics": (1, 0.0)}
    assert FORMAT.recognises(Head("m.json", f'{{"timeSeries": [{{"metric": {{"type": "{INVOCATIONS}"}}}}]}}'))
    assert not FORMAT.recognises(Head("m.json", '{"timeSeries": [{"metric": {"type": "compute/cpu"}}]}'))


def test_what_cloudflare_answered_itself_ran_no_model():
    found = run(cloudflare.FORMAT, GATEWAY)
    assert found.amounts == {
        Subject("OpenAI", "gpt-SYNTHETIC", "", "support", month="2026-03"): Amounts(
            1.0, 1200.0, None, 210.0, costs={"USD": 0.0051}
        )
    }
    assert found.left == {
        "answered from the gateway's own cache: no model ran": (1, 1410.0), "failed: no model answered": (1, 0.0),
    }  # fmt: skip
