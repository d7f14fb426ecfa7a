"""Amazon Bedrock's model invocation log: a call a line, with its tokens, model, region and error.

Verified: field names in a public schema and in many public readers; AWS on prompt caching: the input count is of tokens
that were neither read from nor written to the cache, total input = input + cache read + cache write. Bodies, identities
and accounts are never read. `inferenceRegion` says where a cross-region call ran.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.imports.usage.cells import amount, at, inner, month, text
from core.imports.usage.format import Ask, Format, Head, RowByRow
from core.imports.usage.record import Amounts, Entry, LeftOut, RowError, Stage, Subject, Taken
from core.imports.usage.sku import GLOBAL, NO_LANGUAGE
from core.imports.usage.tags import GROUP_TAGS, added, group_of

SERVICE = "Amazon Bedrock"
COLUMNS = {
    "timestamp": "time",
    "region": "region that was called",
    "inferenceRegion": "region that answered",
    "modelId": "model",
    "errorCode": "whether the call failed",
    "status": "whether the call failed",
    "input": "",
    "inputTokenCount": "input tokens beside the cached ones",
    "cacheReadInputTokenCount": "cached tokens",
    "cacheWriteInputTokenCount": "input tokens written to the cache",
    "output": "",
    "outputTokenCount": "output tokens",
    "requestMetadata": "",
    **dict.fromkeys(GROUP_TAGS, "use, from the request's metadata"),
}


def recognises(head: Head) -> bool:
    """Whether a line of the log stands there."""
    return '"ModelInvocationLog"' in head.text or ('"inputTokenCount"' in head.text and '"modelId"' in head.text)


class BedrockReader(RowByRow):
    """Reads calls one by one."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.said = ["input = input + cache read + cache write tokens, as Bedrock counts them side by side"]
        self.asks: list[Ask] = []

    def take(self, entry: Entry) -> Iterator[Taken | LeftOut]:
        """The tokens of a call, or why it has none."""
        asked, answered = inner(entry, "input"), inner(entry, "output")
        plain, read = amount(asked, "inputTokenCount"), amount(asked, "cacheReadInputTokenCount")
        whole = added(plain, read, amount(asked, "cacheWriteInputTokenCount"))
        output = amount(answered, "outputTokenCount")
        tokens = added(whole, output) or 0.0
        model = text(entry, "modelId").rpartition("/")[2]
        embedding = "embed" in model.lower()
        status = text(entry, "status")
        if text(entry, "errorCode") or (status.isdecimal() and not status.startswith("2")):
            yield LeftOut("failed or throttled: no model answered", tokens)
        elif NO_LANGUAGE.search(model):
            yield LeftOut("images, video, speech, ranking or safety: no answer of a language model", tokens)
        elif whole is None or (output is None and not embedding):
            yield LeftOut("calls without a count of tokens: missing, not nought", tokens)
        elif not model:
            raise RowError("modelId is blank; it must name a model")
        else:
            yield self._call(entry, model, Amounts(1.0, whole, read, output), "embedding" if embedding else "inference")

    def _call(self, entry: Entry, model: str, amounts: Amounts, stage: Stage) -> Taken:
        called, ran = text(entry, "region"), text(entry, "inferenceRegion")
        if ran and ran != called:
            self._say("calls that another region answered count in that region (inferenceRegion)")
        if not ran and model.startswith("global."):
            ran = GLOBAL
            self._say("calls of a global profile whose log names no inferenceRegion may have run in any region")
        start = at(entry, "timestamp")
        group = group_of(entry, "requestMetadata")
        return Taken(Subject(SERVICE, model, ran or called, group, stage, month=month(start)), amounts, start)


FORMAT = Format(
    kind="Amazon Bedrock invocation log", service=SERVICE, layout="json_lines", columns=COLUMNS,
    recognises=recognises, reader=BedrockReader,
)  # fmt: skip
