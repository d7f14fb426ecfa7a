"""A name from the wild without its wrapping: provider, publisher, date, build, and words that change no size.

Names are compared as tokens, letters and digits apart, so that `Llama-3.1-8B`, `llama3.1:8b` and `llama-v3p1-8b` are
the same.
"""

from __future__ import annotations

import re
from functools import lru_cache

LONGEST = 200  # characters of a name that are looked at
TOKEN = re.compile(r"[a-z]+|\d+")
VERSION = re.compile(r"(?:(?<![a-z])|(?<=sonnet)|(?<=haiku)|(?<=opus))v(?=\d)")  # llama-v3 is llama-3
EDITION = re.compile(r"\s*\([^()]*\)\s*$")  # (Amazon Bedrock Edition)
POINT = re.compile(r"(?<=\d)p(?=\d)")  # v3p1 is 3.1
BUILD = re.compile(r"-v?\d+:\d+$|-v\d+$|-\d{3}$|:latest$|:free$|:beta$")  # Bedrock's -v1:0, Google's -001
RELEASE = re.compile(r"[-_ ]v0[.p_]?\d(?![0-9])")  # mistral-7b-instruct-v0.3
DAY = re.compile(r"[-@.]?(20[2-9]\d)[-.]?(0[1-9]|1[0-2])[-.]?([0-2]\d|3[01])(?=$|[-@.:/_])")
SHORT_DAY = re.compile(r"-2[3-9](0[1-9]|1[0-2])([0-2]\d|3[01])(?=$|[-@:])")  # -251201
SHORT_DATE = re.compile(r"-((?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])|2[3-9](?:0[1-9]|1[0-2]))(?=$|[-@:])")  # -0613, -2411
AFTER_DATE = re.compile(r"-(?:0[1-9]|1[0-2])-(?:(?:20)?2[3-9]|[0-3]\d)(?=$|[-@:])")  # -05-2026, -05-20
GEOGRAPHY = re.compile(r"^(us-gov|us|eu|apac|global|jp|au|ca|sa|in|ap)\.(?=[a-z])")
ARN = re.compile(r"^arn:aws[a-z-]*:[a-z-]+:([a-z0-9-]*):\d*:")
PUBLISHER = re.compile(
    r"^(anthropic|meta|mistral|amazon|cohere|deepseek|openai|qwen|ai21|google|moonshotai|moonshot|minimax|nvidia|"
    r"writer|zai|stability|twelvelabs|luma|xai|microsoft)\.(?=[a-z])"
)
FINE_TUNED = re.compile(r"^ft:([^:]+)(?::.*)?$|^(.+?)\.ft-[0-9a-z]+$")
FORMAT = re.compile(
    r"(?<=\.)w\d+a\d+|"
    r"(?<![a-z0-9.])(?:(?:nv|mx)?fp(?:4|8|16|32)|bf16|int[48]|i?q\d(?:[_-][0-9a-z]){0,3}|w\d+a\d+|\d{1,4}k|"
    r"\d{1,2}m|[1-8]bit|[1-8]-bit|awq|gptq|gguf|bnb|mlx|exl2|marlin)(?![a-z0-9])"
)
# Words beside a name that leave the size of a model as it is.
SAME_SIZE = frozenset({
    "instruct", "chat", "it", "latest", "preview", "exp", "experimental", "beta", "alpha", "hf", "default",
    "online", "free", "nitro", "floor", "extended", "thinking", "reasoning", "maas", "batch", "api",
    "inference", "versatile", "instant", "serverless", "dedicated", "hosted", "standard", "global", "regional",
    "provisioned", "ptu", "prod", "production", "dev", "development", "test", "testing", "staging", "stage",
    "eu", "us", "uk", "de", "fr", "se", "emea", "apac", "aligned", "dynamic", "quantized", "quant", "original",
    "text", "generation", "search", "tools", "customtools", "context", "lora", "finetuned", "tuned", "sft",
    "dpo", "deployment", "endpoint", "primary", "secondary", "hd", "minimal", "low", "high",
})  # fmt: skip
# Those who host, sell or made it, where they stand before its name.
HOSTS = frozenset({
    "databricks", "meta", "openai", "nvidia", "cohere", "alibaba", "fw", "snowflake", "anthropic", "google", "azure",
    "bedrock", "vertex", "groq", "oci", "zai", "mistralai", "moonshotai", "cloud", "system", "ai", "gemini",
})  # fmt: skip
# Tiers at which others serve the same open weights.
TIERS = frozenset({"turbo", "fast", "highspeed", "spot", "priority", "lightning", "basic", "long"})
# Words that make another model of it: none of them may be dropped from a name.
OTHER_SIZE = frozenset({
    "mini", "nano", "micro", "tiny", "small", "medium", "large", "xlarge", "huge", "pro", "max", "plus",
    "ultra", "lite", "light", "flash", "air", "turbo", "fast", "opus", "sonnet", "haiku", "codex", "omni",
    "vision", "vl", "audio", "realtime", "image", "tts", "transcribe", "guard", "coder", "math", "code",
    "distill", "distilled", "distil", "draft", "super", "next", "scout", "maverick", "sol", "luna", "terra",
    "astra", "fable", "premier", "express", "titan", "nova", "deep", "research", "moe", "mamba", "hybrid",
    "nemo", "edge", "b", "v", "x", "h", "airx", "flashx", "multimodal", "spark",
})  # fmt: skip


@lru_cache(maxsize=4096)
def tokens(name: str) -> tuple[str, ...]:
    """Letters and digits apart, in small letters.

    >>> tokens("Llama-3.1_8B"), tokens("llama-v3p1-8b")
    (('llama', '3', '1', '8', 'b'), ('llama', '3', '1', '8', 'b'))
    """
    text = POINT.sub("-", VERSION.sub("", name[:LONGEST].lower()))
    return tuple(part.lstrip("0") or "0" if part.isdecimal() else part for part in TOKEN.findall(text))


def squeezed(words: tuple[str, ...]) -> tuple[str, ...]:
    """Tokens with neighbouring words as one: KimiK2.5 has no space where kimi-k2.5 has a dash.

    >>> squeezed(tokens("kimi-k2.5")) == squeezed(tokens("KimiK2.5"))
    True
    """
    found: list[str] = []
    for word in words:
        if found and not word.isdecimal() and not found[-1].isdecimal():
            found[-1] += word
        else:
            found.append(word)
    return tuple(found)


def segment(name: str) -> str:
    """The last step of a path, an address or a fine-tune's base, in small letters.

    >>> segment("arn:aws:bedrock:us-east-1::foundation-model/us.meta.llama3-8b-instruct-v1:0")
    'meta.llama3-8b-instruct-v1:0'
    >>> segment("ft:gpt-4o:me::x")
    'gpt-4o'
    """
    text = ARN.sub("", "-".join(EDITION.sub("", name[:LONGEST].lower()).split()))
    if (found := FINE_TUNED.match(text)) is not None:
        text = found[1] or found[2]
    return GEOGRAPHY.sub("", segments(text)[-1])


def segments(name: str) -> list[str]:
    """The steps of a path, in small letters; the last of them names the model."""
    return name.strip().lower().rstrip("/").split("/")


def unwrapped(name: str) -> str:
    """The name without service, publisher, resource path and a fine-tune's suffix.

    >>> unwrapped("us.anthropic.claude-sonnet-4-5-20250929-v1:0"), unwrapped("azure/gpt-4o")
    ('claude-sonnet-4-5-20250929-v1:0', 'gpt-4o')
    """
    return PUBLISHER.sub("", segment(name))


def without_build(name: str) -> str:
    """The name without the mark of a build.

    >>> without_build("llama3-8b-instruct-v1:0"), without_build("gemini-2.5-pro-001")
    ('llama3-8b-instruct', 'gemini-2.5-pro')
    """
    return BUILD.sub("", name)


def undated(name: str) -> tuple[str, str]:
    """The name without a snapshot's date, and that date as it is written; blank without one.

    >>> undated("gpt-5-nano-2026-01-01"), undated("claude-sonnet-4-5-20250929-v1:0"), undated("gpt-4-0613")
    (('gpt-5-nano', '2026-01-01'), ('claude-sonnet-4-5-v1:0', '20250929'), ('gpt-4', '0613'))
    """
    text, _, after = name.partition("@")
    if after and not after.isdecimal():
        after = ""
    for pattern in (DAY, SHORT_DAY, AFTER_DATE, SHORT_DATE):
        found = pattern.search(text)
        if found is not None and found.start() > 0:
            return text[: found.start()] + text[found.end() :], found[0].strip("-@.")
    return text, after


def plainest(name: str) -> str:
    """The name without any of these.

    >>> plainest("azure/gpt-5-mini-2025-08-07"), plainest("eu.anthropic.claude-haiku-4-5-20251001-v1:0")
    ('gpt-5-mini', 'claude-haiku-4-5')
    """
    return without_build(undated(unwrapped(name))[0])
