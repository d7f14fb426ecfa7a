"""FOCUS bills of any provider: meters, units, corrections, commitments, machines, and what is no usage."""

from datetime import UTC, datetime

from core.imports.usage.focus import FORMAT
from core.imports.usage.format import Head
from core.imports.usage.record import Amounts, Subject
from tests.each import for_each
from tests.imports.entries import run, table

SAMPLE = table(FORMAT, "focus_1_2_cost_and_usage.csv")


def charge(meter="gpt 4o 1120 Inp glbl Tokens", amount="10", unit="1K Tokens", **cells):
    return {
        "ChargeCategory": "Usage", "SkuMeter": meter, "ConsumedQuantity": amount, "ConsumedUnit": unit,
        "ServiceCategory": "AI and Machine Learning", "ServiceName": "Azure OpenAI", "RegionId": "swedencentral",
        "ChargePeriodStart": "2026-03-02T00:00:00Z", "ChargePeriodEnd": "2026-03-03T00:00:00Z",
        "EffectiveCost": "2", "BilledCost": "0", "BillingCurrency": "EUR", "ResourceName": "chat-prod",
    } | cells  # fmt: skip


def test_the_sample_gives_the_totals_it_must():
    found = run(FORMAT, SAMPLE)
    assert found.known() == {
        "input_tokens": 71_500_000.0, "cached_tokens": 0.0, "output_tokens": 12_600_000.0, "USD": 304.75,
    }  # fmt: skip
    assert found.known("hire") == {"machine_h": 24.0, "USD": 1680.0}
    assert found.left == {"Tax rows of the bill: no usage": (1, 0.0)}
    assert {subject.hardware for subject in found.amounts} == {"", "SYNTHETIC 8xH100"}


def test_a_correction_counts_in_its_own_month_and_widens_no_period():
    found = run(FORMAT, SAMPLE)
    february = [amounts for subject, amounts in found.amounts.items() if subject.month == "2026-02"]
    assert february == [Amounts(input_tokens=-500_000.0, cached_tokens=0.0, costs={"USD": -1.25})]
    assert [start for start, _ in found.times] == [datetime(2026, 3, 2, tzinfo=UTC)] * 3 + [None]
    assert found.said[-1] == "correction rows count in the month they correct (2026-02)"


def test_the_columns_of_1_2_and_of_1_3_are_known():
    renamed = (*SAMPLE[0], "ServiceProviderName", "HostProviderName")
    assert FORMAT.recognises(Head("f.csv", "", tuple(SAMPLE[0])))
    assert FORMAT.recognises(Head("f.csv", "", renamed))
    assert not FORMAT.recognises(Head("f.csv", "", ("BilledCost", "ServiceCategory")))


def test_cached_meters_stand_beside_the_input():
    found = run(
        FORMAT, [charge(), charge("gpt 4o 1120 cached Inp glbl Tokens", "30"), charge("gpt 4o 1120 Outp glbl Tokens")]
    )
    assert found.known() == {"input_tokens": 40_000.0, "cached_tokens": 30_000.0, "output_tokens": 10_000.0, "EUR": 6.0}
    assert list(found.amounts) == [Subject("Azure OpenAI", "gpt 4o 1120", "global", "chat-prod", month="2026-03")]


def test_a_regional_meter_keeps_its_region_and_a_bare_number_its_family():
    row = charge("5.4 opt Dz 1M Tokens", "2", "1M", x_SkuMeterSubcategory="Azure OpenAI GPT5", Tags='{"app": "desk"}')
    found = run(FORMAT, [row])
    assert found.amounts == {
        Subject("Azure OpenAI", "GPT 5.4", "swedencentral", "desk", month="2026-03"): Amounts(
            output_tokens=2_000_000.0, costs={"EUR": 2.0}
        )
    }


def test_meters_of_aws_and_google_read_the_same_way():
    rows = [
        charge("USE1-Claude4.6Sonnet-cache-read-input-token-count", "5", "1K tokens", ServiceName="Amazon Bedrock"),
        charge("", "5", "count", ChargeDescription="Gemini 2.5 Flash GA Text Output - Predictions",
               ServiceName="Vertex AI"),
    ]  # fmt: skip
    found = run(FORMAT, rows)
    assert {(s.service, s.model) for s in found.amounts} == {
        ("Amazon Bedrock", "Claude4.6Sonnet"), ("Vertex AI", "Gemini 2.5 Flash"),
    }  # fmt: skip
    assert found.known() == {"input_tokens": 5_000.0, "cached_tokens": 5_000.0, "output_tokens": 5.0, "EUR": 4.0}


def test_the_priced_quantity_is_taken_where_nothing_says_what_was_consumed():
    row = charge(amount="", unit="", PricingQuantity="7", PricingUnit="1M Tokens")
    assert run(FORMAT, [row]).total().input_tokens == 7_000_000.0


def test_a_unit_that_says_no_number_of_tokens_refuses_the_row():
    found = run(FORMAT, [charge(unit="Units"), charge(amount="x")])
    assert found.refused == [
        "row 2: ConsumedUnit is 'Units'; it must say how many tokens it holds, such as 1K Tokens",
        "row 3: ConsumedQuantity is 'x', not a number",
    ]


def test_commitments_make_the_billed_cost_nought_and_the_effective_one_counts():
    assert run(FORMAT, [charge()]).total().costs == {"EUR": 2.0}
    assert run(FORMAT, [charge(EffectiveCost="", BilledCost="3")]).total().costs == {"EUR": 3.0}


@for_each(
    ("row", "why"),
    [
        (charge(ChargeCategory="Credit"), "Credit rows of the bill: no usage"),
        (charge(ChargeCategory="Purchase"), "Purchase rows of the bill: no usage"),
        (charge(ChargeCategory=""), "untyped rows of the bill: no usage"),
        (charge("Provisioned Managed Global Unit", "24", "1 Hour"),
         "provisioned throughput by the hour: it tells no tokens"),
        (charge("Gemini 3 Flash Text Input Caching Storage"), "cache storage: no model runs"),
        (charge("Custom Vision Training"), "AI services counted in no tokens"),
        (charge("D4s v5", "24", "Hours", ServiceCategory="Compute"), "services other than AI"),
        (charge("gpt-4o ft training Inp Tokens"),
         "no answers of a language model (images, video, speech, ranking, training)"),
        (charge(amount="", CommitmentDiscountStatus="Unused"), "commitments that went unused: no model ran"),
    ],
)  # fmt: skip
def test_what_is_no_usage_of_a_language_model_is_left_out_by_name(row, why):
    found = run(FORMAT, [row])
    assert (list(found.left), found.amounts, found.refused) == ([why], {}, [])


def test_accelerators_are_counted_where_the_bill_counts_them():
    row = charge("Virtual Machine", "2", "Hours", ServiceCategory="Compute", ServiceName="Virtual Machines",
                 SkuPriceDetails='{"InstanceType": "ND96isr_H100_v5", "GpuCount": 8}')  # fmt: skip
    assert run(FORMAT, [row]).amounts == {
        Subject("Virtual Machines", "", "swedencentral", "", "hire", "ND96isr_H100_v5", "2026-03"): Amounts(
            gpu_h=16.0, costs={"EUR": 2.0}
        )
    }


def test_embeddings_are_kept_apart():
    found = run(FORMAT, [charge("text-embedding-3-small glbl Tokens"), charge()])
    assert (found.total("embedding").input_tokens, found.total().input_tokens) == (10_000.0, 10_000.0)
