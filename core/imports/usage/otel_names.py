"""What OpenTelemetry calls a model call: the names in force, and the older ones of instrumentations still in use.

Verified: names in open-telemetry/semantic-conventions-genai (2026): cached tokens are inside the input, reasoning is
inside the output, also in the counters `gen_ai.client.inference.usage.*` that follow `gen_ai.client.token.usage`; in
public code `gen_ai.system` and `gen_ai.usage.prompt_tokens` of OpenLLMetry and `llm.token_count.*` of OpenInference.
"""

from __future__ import annotations

import re

from core.imports.usage.record import Entry

KIND = "OpenTelemetry"
INPUT = ("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "llm.token_count.prompt")
OUTPUT = ("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens", "llm.token_count.completion")
CACHED = (
    "gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens",
    "llm.token_count.prompt_details.cache_read",
)  # fmt: skip
REASONING = (
    "gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_tokens",
    "llm.token_count.completion_details.reasoning",
)  # fmt: skip
MODEL = ("gen_ai.response.model", "gen_ai.request.model", "llm.model_name")
PROVIDER = ("gen_ai.provider.name", "gen_ai.system", "llm.provider")
OPERATION = ("gen_ai.operation.name", "llm.request.type", "openinference.span.kind", "traceloop.span.kind")
SUBJECT = {
    **dict.fromkeys(MODEL, "model"),
    **dict.fromkeys(PROVIDER, "service"),
    "server.address": "region, where the address names one",
    "service.name": "group",
}
EMBEDDING = frozenset({"embeddings", "embedding"})
CALLS = frozenset({"chat", "generate_content", "text_completion", "completion", "llm", "responses", "generate", ""})
SERVICES = {
    "openai": "OpenAI", "azure.ai.openai": "Azure OpenAI", "az.ai.openai": "Azure OpenAI", "azure": "Azure OpenAI",
    "azure.ai.inference": "Azure AI", "az.ai.inference": "Azure AI", "aws.bedrock": "Amazon Bedrock",
    "aws_bedrock": "Amazon Bedrock", "bedrock": "Amazon Bedrock", "anthropic": "Anthropic",
    "gcp.vertex_ai": "Vertex AI", "vertex_ai": "Vertex AI", "gcp.gemini": "Gemini API", "gemini": "Gemini API",
    "gcp.gen_ai": "Google", "google": "Google", "mistral_ai": "Mistral", "mistralai": "Mistral", "cohere": "Cohere",
    "deepseek": "DeepSeek", "groq": "Groq", "ibm.watsonx.ai": "watsonx.ai", "x_ai": "xAI", "xai": "xAI",
    "perplexity": "Perplexity", "moonshot_ai": "Moonshot AI",
}  # fmt: skip
ADDRESS = re.compile(
    r"^bedrock-runtime(?:-fips)?\.([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com|^([a-z]+-[a-z]+\d+)-aiplatform\.googleapis\.com"
)


def first(entry: Entry, names: tuple[str, ...]) -> str:
    """The first of these attributes that a span or a point has; empty where it has none."""
    return next((name for name in names if entry.cells.get(name) not in (None, "")), "")


def service_of(provider: str) -> str:
    """A provider as its service is called elsewhere."""
    return SERVICES.get(provider.lower(), provider)


def region_of(address: str) -> str:
    """The region that an address of Bedrock or Vertex AI names; blank of any other."""
    found = ADDRESS.match(address.lower())
    return (found[1] or found[2]) if found else ""
