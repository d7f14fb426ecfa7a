"""A name from the wild without its wrapping: provider, publisher, date, build, and words that change no size.

Names are compared as tokens, letters and digits apart, so that `Llama-3.1-8B`, `llama3.1:8b` and `llama-v3p1-8b` are
the same.
"""

from __future__ import annotations

import re
from functools import lru_cache

LONGEST = 200  # characters of a name that are looked at
TOKEN = re.compile(r"[a-z]+|\d+")
VERSION = re.compile(r"(?<![a-z])v(?=\d)")  # llama-v3 is llama-3
POINT = re.compile(r"(?<=\d)p(?=\d)")  # v3p1 is 3.1
BUILD = re.compile(r"[-:]v\d+(?::\d+)?$|-\d{3}$")  # Bedrock's -v1:0, Google's -001
DAY = re.compile(r"[-@.]?(20[2-9]\d)[-.]?(0[1-9]|1[0-2])[-.]?([0-2]\d|3[01])(?=$|[-@.:/_])")
SHORT_DATE = re.compile(r"-((?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])|2[3-9](?:0[1-9]|1[0-2]))(?=$|[-@:])")  # -0613, -2411
AFTER_DATE = re.compile(r"-(?:0[1-9]|1[0-2])-(?:20)?2[3-9](?=$|[-@:])")  # -05-2026
GEOGRAPHY = re.compile(r"^(us-gov|us|eu|apac|global|jp|au|ca|sa)\.(?=[a-z])")
ARN = re.compile(r"^arn:aws[a-z-]*:[a-z-]+:([a-z0-9-]*):\d*:")
PUBLISHER = re.compile(
    r"^(anthropic|meta|mistral|amazon|cohere|deepseek|openai|qwen|ai21|google|moonshotai|moonshot|minimax|nvidia|"
    r"writer|zai|stability|twelvelabs|luma|xai|microsoft)\.(?=[a-z])"
)
FINE_TUNED = re.compile(r"^ft:([^:]+)(?::.*)?$|^(.+?)\.ft-[0-9a-z]+$")
FORMAT = re.compile(
    r"(?<![a-z0-9])(?:(?:nv|mx)?fp(?:4|8|16|32)|bf16|int[48]|i?q\d(?:[_-][0-9a-z]){0,3}|w\d+a\d+|\d{1,4}k|\d{1,2}m|[1-8]bit|"
    r"[1-8]-bit|awq|gptq|gguf|bnb|mlx|exl2|marlin)(?![a-z0-9])"
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
# Words that make another model of it: none of them may be dropped from a name.
OTHER_SIZE = frozenset({
    "mini", "nano", "micro", "tiny", "small", "medium", "large", "xlarge", "huge", "pro", "max", "plus",
    "ultra", "lite", "light", "flash", "air", "turbo", "fast", "opus", "sonnet", "haiku", "codex", "omni",
    "vision", "vl", "audio", "realtime", "image", "tts", "transcribe", "guard", "coder", "math", "code",
    "distill", "distilled", "distil", "draft", "super", "next", "scout", "maverick", "sol", "luna", "terra",
    "astra", "fable", "premier", "express", "titan", "nova", "deep", "research", "moe", "mamba", "hybrid",
    "nemo", "edge", "b",
})  # fmt: skip


@lru_cache(maxsize=4096)
def tokens(name: str) -> tuple[str, ...]:
    """Letters and digits apart, in small letters.

    >>> tokens("Llama-3.1_8B"), tokens("llama-v3p1-8b")
    (('llama', '3', '1', '8', 'b'), ('llama', '3', '1', '8', 'b'))
    """
    text = POINT.sub("-", VERSION.sub("", name[:LONGEST].lower()))
    return tuple(part.lstrip("0") or "0" if part.isdecimal() else part for part in TOKEN.findall(text))


def unwrapped(name: str) -> str:
    """The name without service, publisher, resource path and a fine-tune's suffix.

    >>> unwrapped("us.anthropic.claude-sonnet-4-5-20250929-v1:0"), unwrapped("ft:gpt-4o:me::x")
    ('claude-sonnet-4-5-20250929-v1:0', 'gpt-4o')
    """
    text = ARN.sub("", " ".join(name[:LONGEST].lower().split()))
    if (found := FINE_TUNED.match(text)) is not None:
        text = found[1] or found[2]
    text = text.rstrip("/").rpartition("/")[2] or text
    return PUBLISHER.sub("", GEOGRAPHY.sub("", text))


def undated(name: str) -> tuple[str, str]:
    """The name without a snapshot's date and build, and that date as it is written; blank without one.

    >>> undated("gpt-5-nano-2026-01-01"), undated("claude-sonnet-4-5-20250929-v1:0"), undated("gpt-4-0613")
    (('gpt-5-nano', '2026-01-01'), ('claude-sonnet-4-5', '20250929'), ('gpt-4', '0613'))
    """
    text = BUILD.sub("", name.partition("@")[0] if "@" in name else name)
    after = name.partition("@")[2]
    for pattern in (DAY, AFTER_DATE, SHORT_DATE):
        found = pattern.search(text)
        if found is not None and found.start() > 0:
            return BUILD.sub("", text[: found.start()] + text[found.end() :]), found[0].strip("-@.")
    return text, after if after.isdecimal() else ""


def fine_tuned(name: str) -> bool:
    """Whether the name says that a model was adapted."""
    return FINE_TUNED.match(name.strip().lower().rpartition("/")[2]) is not None
