"""Every format of a usage file, one a line; the first that recognises a file reads it."""

from __future__ import annotations

from core.imports.usage import (
    anthropic,
    azure,
    azure_cost,
    bedrock,
    cur,
    deepseek,
    focus,
    gcp,
    helicone,
    langfuse,
    litellm,
    openai,
    openrouter,
    otel,
    otel_metrics,
    portkey,
    vllm,
)
from core.imports.usage.format import Format

FORMATS: tuple[Format, ...] = (
    openai.PAGES,
    openai.TABLE,
    openai.COST_TABLE,
    litellm.SPEND_LOGS,
    litellm.JSON_LOGS,
    litellm.DAILY,
    vllm.METRICS,
    anthropic.JSON,
    anthropic.TABLE,
    anthropic.COST_TABLE,
    openrouter.LOGS,
    openrouter.DAILY,
    openrouter.API,
    deepseek.AMOUNT_TABLE,
    deepseek.COST_TABLE,
    portkey.FORMAT,
    azure.FORMAT,
    azure_cost.FORMAT,
    bedrock.FORMAT,
    cur.FORMAT,
    focus.FORMAT,
    gcp.FORMAT,
    gcp.JSON_FORMAT,
    langfuse.FORMAT,
    helicone.FORMAT,
    otel.FORMAT,
    otel_metrics.FORMAT,
)
