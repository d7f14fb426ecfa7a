"""What is run: batches and prompt lengths, as far as they fit into the memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.catalog import Model
from core.measure.shape import cache_byte_per_token
from core.plan.config_count import total_params
from core.plan.config_shape import Shape
from core.units import BYTES_PER_GIB

MOST_PROMPT_TOKENS = 8_192  # prompts go through together up to so many tokens, as in a server
RUNTIME_BYTE = int(BYTES_PER_GIB)  # CUDA's context and its libraries
SCORE_BYTE = 4  # probabilities of the next token are worked out in 32 bit
COPIES = 3  # of a layer's widest values that stand in memory at once


class NoRoomError(Exception):
    """Something does not fit, with needed and available memory in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One point of the sweep: sequences side by side, tokens of each prompt, tokens of each answer."""

    batch: int
    input_tokens: int
    output_tokens: int

    @property
    def context_tokens(self) -> int:
        """Tokens of a sequence at its end."""
        return self.input_tokens + self.output_tokens

    def __str__(self) -> str:
        """The setting in words."""
        return f"batch {self.batch:,}, {self.input_tokens:,} in, {self.output_tokens:,} out"


def settings(batches: Sequence[int], inputs: Sequence[int], output_tokens: int) -> Iterator[Setting]:
    """Every batch with every prompt length, each once, small ones first."""
    for batch in sorted(set(batches)):
        for tokens in sorted(set(inputs)):
            yield Setting(batch=batch, input_tokens=tokens, output_tokens=output_tokens)


def chunk_sequences(setting: Setting) -> int:
    """How many prompts pass through the model together: at least one."""
    return max(1, min(setting.batch, MOST_PROMPT_TOKENS // setting.input_tokens))


def weights_byte(shape: Shape, value_byte: int) -> int:
    """All weights [byte]."""
    return total_params(shape) * value_byte


def setting_byte(shape: Shape, setting: Setting, value_byte: int) -> int:
    """What a setting adds to the weights: its cache, a layer's values while prompts pass, scores of the next tokens."""
    cache = setting.batch * setting.context_tokens * cache_byte_per_token(shape, value_byte)
    passing = max(chunk_sequences(setting) * setting.input_tokens, setting.batch)
    width = shape.routing.shared_width + shape.routing.expert_width if shape.routing else shape.mlp_width
    widest = 2 * width + shape.d_model + (shape.heads + 2 * shape.kv_heads) * shape.head_dim
    scores = setting.batch * shape.vocabulary * (SCORE_BYTE + value_byte)
    return cache + COPIES * passing * widest * value_byte + scores


def check_weights(shape: Shape, value_byte: int, available_byte: float, name: str) -> None:
    """NoRoomError where even one token of one sequence finds no room."""
    least = Setting(batch=1, input_tokens=1, output_tokens=1)
    needed = RUNTIME_BYTE + weights_byte(shape, value_byte) + setting_byte(shape, least, value_byte)
    if needed > available_byte:
        raise NoRoomError(
            f"{name} needs {needed / BYTES_PER_GIB:,.1f} GiB for its weights and one sequence; "
            f"{available_byte / BYTES_PER_GIB:,.1f} GiB are available. Take a smaller model, or build only its first "
            "layers with --layers; its rows then say so"
        )


def check_setting(shape: Shape, model: Model, setting: Setting, value_byte: int, available_byte: float) -> None:
    """NoRoomError where a setting does not fit, or where the model would keep less than the whole context."""
    window = model.kv_window_tokens
    if window and model.kv_global_share < 1 and setting.context_tokens > window:
        raise NoRoomError(
            f"{setting}: the context is {setting.context_tokens:,} tokens; some layers of {model.id} keep only the "
            f"last {window:,}, which is not built here, so it must be at most {window:,} tokens"
        )
    needed = RUNTIME_BYTE + weights_byte(shape, value_byte) + setting_byte(shape, setting, value_byte)
    if needed > available_byte:
        raise NoRoomError(
            f"{setting}: weights and cache need {needed / BYTES_PER_GIB:,.1f} GiB; "
            f"{available_byte / BYTES_PER_GIB:,.1f} GiB are available"
        )
