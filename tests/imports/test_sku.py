"""Names of billed items as providers write them, each taken for what it is."""

from core.imports.usage.sku import hours_in, is_one_accelerator, item_of, machine_of
from tests.each import for_each


@for_each(
    ("name", "side", "model", "anywhere"),
    [
        ("EUC1-SYNTHETICmodel-input-tokens", "input", "SYNTHETICmodel", False),
        ("EUC1-SYNTHETICmodel-cache-read-input-token-count", "cached", "SYNTHETICmodel", False),
        ("EUC1-SYNTHETICmodel-cache-write-input-token-count", "written", "SYNTHETICmodel", False),
        ("USE1-Claude4.6Opus-input-tokens-cross-region-global", "input", "Claude4.6Opus", True),
        ("USE1-Claude4.6Opus-cache-read-input-token-count-cross-region-global", "cached", "Claude4.6Opus", True),
        ("USE1-Nova2.0Lite-input-tokens-flex", "input", "Nova2.0Lite", False),
        ("USE1-gpt-oss-120b-output-tokens-priority", "output", "gpt-oss-120b", False),
        ("USE1-KimiK2.5-mantle-input-tokens-standard", "input", "KimiK2.5", False),
        ("USW2-anthropic.claude-opus-4-8-mantle-cache-write-tokens-global-standard", "written",
         "anthropic.claude-opus-4-8", True),
        ("USE1-MP:USE1_InputTokenCount-Units", "input", "", False),
        ("USE2-MP:USE2_InputTokenCount_Global-Units", "input", "", True),
        ("USE1-MP:USE1_CacheReadInputTokenCount-Units", "cached", "", False),
        ("USE1-MP:USE1_CacheWriteInputTokenCount-Units", "written", "", False),
        ("USE1-MP:USE1_output_tokens_global_standard-Units", "output", "", True),
        ("USE1-output-tokens-cross-region-global", "output", "", True),
        ("APN1-Llama3-70B-output-tokens-batch", "output", "Llama3-70B", False),
        ("gpt 4o 1120 Inp glbl Tokens", "input", "gpt 4o 1120", True),
        ("gpt 4o 1120 cached Inp glbl Tokens", "cached", "gpt 4o 1120", True),
        ("gpt-oss-120B Outp glbl Tokens", "output", "gpt-oss-120B", True),
        ("o4-mini 0416 Inp glbl Tokens", "input", "o4-mini 0416", True),
        ("5.4 opt Dz 1M Tokens", "output", "5.4", False),
        ("5.5 ShortCo inp Gl 1M Tokens", "input", "5.5", True),
        ("GPT 5 outpt Glbl 1M Tokens", "output", "GPT 5", True),
        ("Grok 4.1 Inp DZone Tokens", "input", "Grok 4.1", False),
        ("Phi-4-Input Tokens", "input", "Phi-4", False),
        ("SYNTHETIC inp glbl Tokens", "input", "SYNTHETIC", True),
        ("SYNTHETIC model - Text Input", "input", "SYNTHETIC model", False),
        ("SYNTHETIC model - Text Output", "output", "SYNTHETIC model", False),
        ("Gemini 3.7 Flash Global Text Input - Predictions", "input", "Gemini 3.7 Flash", True),
        ("Gemini 2.5 Flash GA Text Input - Predictions", "input", "Gemini 2.5 Flash", False),
        ("Gemini 2.5 Flash GA Thinking Text Output - Predictions", "output", "Gemini 2.5 Flash", False),
        ("Gemini 2.5 Pro Input Text Caching (Long)", "cached", "Gemini 2.5 Pro", False),
        ("Gemini 3 Flash Text Input Caching", "cached", "Gemini 3 Flash", False),
        ("Gemini 2.0 Flash Text Input (Long) - Predictions", "input", "Gemini 2.0 Flash", False),
        ("text-embedding-3-small glbl Tokens", "input", "text-embedding-3-small", True),
        ("USE1-TitanEmbeddingsG1-Text-input-tokens", "input", "TitanEmbeddingsG1", False),
        ("Rounding", "", "Rounding", False),
        ("USE1-BoxUsage:m5.large", "", "BoxUsage:m5.large", False),
    ],
)  # fmt: skip
def test_a_billed_item_tells_its_tokens_and_its_model(name, side, model, anywhere):
    found = item_of(name)
    assert (found.side, found.model, found.anywhere) == (side, model, anywhere)


@for_each(
    ("name", "what"),
    [
        ("USE1-TitanEmbeddingsG1-Text-input-tokens", "embedding"), ("text-embedding-3-small glbl Tokens", "embedding"),
        ("Gemini 3 Flash Text Input Caching Storage", "storage"), ("USE1-Llama3-70B-input-tokens-batch", "batch"),
        ("Gemini 2.5 Flash Text Output (Thinking On) - Batch Predictions", "batch"),
        ("Vertex AI: Provisioned Throughput 1 month", "hourly"), ("Provisioned Managed Global Unit PTU", "hourly"),
        ("USE1-ModelUnits", "hourly"), ("USE1-NovaCanvas-T2I-1024-Standard", "no_language"),
        ("Gemini 2.5 Flash Image Output - Predictions", "no_language"),
        ("gpt-4o-mini ft training Tokens", "no_language"),
        ("USE1-Guardrail-ContentPolicyUnitsConsumed", "no_language"),
    ],
)  # fmt: skip
def test_what_is_no_answer_of_a_language_model_is_seen(name, what):
    flags = ("embedding", "storage", "batch", "hourly", "no_language")
    assert [flag for flag in flags if getattr(item_of(name), flag)] == [what]


@for_each(
    ("name", "found"),
    [
        ("SYNTHETIC 8xH100", True), ("USE1-BoxUsage:p5.48xlarge", True), ("Standard_ND96isr_H100_v5", True),
        ("NC24ads A100 v4", True), ("a3-highgpu-8g", True), ("SYNTHETIC Nvidia GPU attached", True),
        ("ml.g5.2xlarge", True), ("Cloud TpuV5e chip hours", True), ("Host:ml.p4d.24xlarge", True),
        ("Commitment v1: Nvidia H100 80GB GPU in Netherlands for 1 Year", False),
        ("USE1-Reservation:p5.48xlarge", False),
        ("Vertex AI: Training Management Fee on A2 GPU", False), ("A3 Instance Ram running in Iowa", False),
        ("trn1.32xlarge", True), ("USE1-BoxUsage:m5.large", False), ("D4s v5", False), ("Data Transfer Out", False),
        ("gp3 volume", False), ("E2 Instance Core", False), ("N2 Instance Ram", False), ("A4 v2", False),
    ],
)  # fmt: skip
def test_a_machine_with_accelerators_is_known_by_its_name(name, found):
    assert machine_of("", name) == (name if found else "")


def test_hours_of_one_accelerator_and_of_a_machine_are_told_apart():
    assert is_one_accelerator("SYNTHETIC Nvidia GPU attached")
    assert is_one_accelerator("Nvidia H100 80GB GPU running in Netherlands")
    assert not is_one_accelerator("SYNTHETIC 8xH100")


@for_each(
    ("unit", "hours"),
    [
        ("Hours", 1.0), ("Hrs", 1.0), ("hour", 1.0), ("100 Hours", 100.0), ("seconds", 1 / 3600), ("1 Hour", 1.0),
        ("minutes", 1 / 60), ("GB-Mo", None), ("count", None), ("", None), ("h", 1.0),
    ],
)  # fmt: skip
def test_hours_are_read_from_the_words_of_a_unit(unit, hours):
    assert hours_in(unit) == hours
