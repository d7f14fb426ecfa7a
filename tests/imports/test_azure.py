"""Azure Monitor's metrics: points, deployments, metrics that count twice, and where deployments run."""

from datetime import UTC, datetime

from core.imports.usage.azure import ASK_REGION, FORMAT
from core.imports.usage.format import Head
from core.imports.usage.record import Amounts, Subject
from tests.each import for_each
from tests.imports.entries import SAMPLES, documents, run

SAMPLE = documents(FORMAT, "azure_monitor_metrics.json")


def metric(name, *totals, **dimensions):
    points = [
        {"timeStamp": f"2026-03-02T0{place}:00:00Z"} | ({} if total is None else {"total": total})
        for place, total in enumerate(totals)
    ]
    said = [{"name": {"value": key}, "value": value} for key, value in dimensions.items()]
    return {"name": {"value": name}, "timeseries": [{"metadatavalues": said, "data": points}]}


def answer(*metrics, **more):
    return {"interval": "PT1H", "resourceregion": "swedencentral", "value": list(metrics)} | more


def test_the_sample_gives_the_totals_it_must():
    found = run(FORMAT, SAMPLE)
    assert found.known() == {"requests": 10_100.0, "input_tokens": 12_120_000.0, "output_tokens": 2_121_000.0}
    assert list(found.amounts) == [
        Subject("Azure OpenAI", "", "swedencentral", "SYNTHETIC-support-chat", month="2026-03")
    ]
    assert found.left == {
        f"{name}: points without a total are missing, not nought": (1, 0.0)
        for name in ("AzureOpenAIRequests", "ProcessedPromptTokens", "GeneratedTokens")
    }
    assert (found.times[0][0], found.times[-1][1]) == (
        datetime(2026, 3, 2, 8, tzinfo=UTC), datetime(2026, 3, 2, 12, tzinfo=UTC),
    )  # fmt: skip


def test_metrics_of_azure_are_known_and_those_of_another_service_are_not():
    head = Head("m.json", (SAMPLES / "azure_monitor_metrics.json").read_text())
    assert FORMAT.recognises(head)
    assert not FORMAT.recognises(Head("m.json", '{"timeseries": [], "namespace": "Microsoft.Storage"}'))


@for_each(
    ("name", "why"),
    [
        ("TokenTransaction", "TokenTransaction counts tokens again that other metrics count"),
        ("ProcessedInferenceTokens", "ProcessedInferenceTokens counts tokens again that other metrics count"),
        ("AzureOpenAIContextTokensCacheMatchRate",
         "AzureOpenAIContextTokensCacheMatchRate counts no requests and no tokens"),
        ("FineTunedTrainingHours", "FineTunedTrainingHours counts no requests and no tokens"),
    ],
)  # fmt: skip
def test_metrics_that_count_again_or_count_else_are_left_out(name, why):
    found = run(FORMAT, [answer(metric("GeneratedTokens", 5), metric(name, 7))])
    assert (found.total().output_tokens, list(found.left)) == (5.0, [why])


def test_the_older_and_the_newer_name_of_a_count_are_not_added():
    rows = answer(
        metric("ProcessedPromptTokens", 10, ModelDeploymentName="a"),
        metric("InputTokens", 10, ModelDeploymentName="a"),
        {"name": {"value": "OutputTokens"}, "timeseries": metric("x", 3, ModelDeploymentName="b")["timeseries"]},
    )  # fmt: skip
    found = run(FORMAT, [rows])
    assert (found.total().input_tokens, found.total().output_tokens) == (10.0, 3.0)
    assert found.left == {"InputTokens counts again what ProcessedPromptTokens counts": (1, 0.0)}


def test_a_deployment_without_the_older_name_is_counted_by_the_newer():
    rows = answer(
        metric("ProcessedPromptTokens", 10, ModelDeploymentName="a"), metric("InputTokens", 7, ModelDeploymentName="b")
    )
    assert run(FORMAT, [rows]).total().input_tokens == 17.0


def test_totals_over_all_deployments_are_not_added_to_one_of_them():
    rows = answer(metric("ProcessedPromptTokens", 10, ModelDeploymentName="a"), metric("InputTokens", 17))
    assert run(FORMAT, [rows]).total().input_tokens == 10.0


def test_requests_that_were_refused_ran_no_model():
    rows = answer(metric("AzureOpenAIRequests", 9, StatusCode="200"), metric("ModelRequests", 4, StatusCode="429"))
    rows["value"][0]["timeseries"] += metric("x", 4, StatusCode="429")["timeseries"]
    found = run(FORMAT, [rows])
    assert found.total().requests == 9.0
    assert found.left["AzureOpenAIRequests: requests that were refused or failed"] == (1, 0.0)


def test_metrics_of_one_deployment_stand_together_under_its_model():
    rows = answer(
        metric("AzureOpenAIRequests", 2, modeldeploymentname="chat"),
        metric("GeneratedTokens", 5, ModelDeploymentName="chat", ModelName="gpt-4o", ModelVersion="2024-11-20"),
    )
    assert run(FORMAT, [rows]).amounts == {
        Subject("Azure OpenAI", "gpt-4o 2024-11-20", "swedencentral", "chat", month="2026-03"): Amounts(
            requests=2.0, output_tokens=5.0
        )
    }


def test_where_global_deployments_run_is_asked():
    found = run(FORMAT, SAMPLE)
    assert found.asks == [ASK_REGION]
    told = run(FORMAT, SAMPLE, {"azure_region": "global"})
    assert {subject.region for subject in told.amounts} == {"global"}
    spread = run(FORMAT, [answer(metric("GeneratedTokens", 5, Region="West Europe"))])
    assert {subject.region for subject in spread.amounts} == {"westeurope"}


def test_a_batch_of_answers_is_read_one_by_one():
    batch = {"values": [answer(metric("GeneratedTokens", 5)), answer(metric("GeneratedTokens", 6), interval="P1D")]}
    found = run(FORMAT, [batch])
    assert found.total().output_tokens == 11.0
    assert found.times[-1][1] == datetime(2026, 3, 3, tzinfo=UTC)


@for_each(
    ("row", "sentence"),
    [
        (answer(metric("GeneratedTokens", -1)), "row 2: total is -1; it must be 0 or more"),
        (answer(metric("GeneratedTokens", "x")), "row 2: total is 'x', not a number"),
        (answer(metric("GeneratedTokens", 1), interval="hourly"),
         "row 2: interval is 'hourly'; it must be a length such as PT1H"),
    ],
)  # fmt: skip
def test_what_is_no_count_and_no_length_is_refused(row, sentence):
    assert run(FORMAT, [row]).refused == [sentence]
