"""Settings and the memory they need, counted again by hand."""

import pytest

from core import catalog
from core.measure.shape import shape_of
from core.measure.sweep import (
    NoRoomError,
    Setting,
    check_setting,
    check_weights,
    chunk_sequences,
    setting_byte,
    settings,
    weights_byte,
)

GIB = 2**30
MODELS = catalog.load().models
LLAMA, SHAPE = MODELS["llama3.1-8b"], shape_of(MODELS["llama3.1-8b"])


def point(batch, input_tokens, output_tokens=256):
    return Setting(batch=batch, input_tokens=input_tokens, output_tokens=output_tokens)


def test_every_batch_meets_every_prompt_once_small_ones_first():
    found = list(settings((8, 1, 8), (1500, 150), 256))
    assert found == [point(1, 150), point(1, 1500), point(8, 150), point(8, 1500)]


@pytest.mark.parametrize(("batch", "tokens", "together"), [(64, 150, 54), (8, 150, 8), (64, 1500, 5), (4, 9000, 1)])
def test_prompts_pass_together_up_to_8192_tokens(batch, tokens, together):
    assert chunk_sequences(point(batch, tokens)) == together


def test_weights_and_cache_of_llama_8b_are_those_of_its_dimensions():
    assert weights_byte(SHAPE, 2) == 2 * 8_030_261_248  # as its maker counts them
    cache = 8 * (1500 + 256) * 32 * 2 * 8 * 128 * 2
    values = 3 * (5 * 1500) * (2 * 14336 + 4096 + (32 + 16) * 128) * 2
    scores = 8 * 128256 * (4 + 2)
    assert setting_byte(SHAPE, point(8, 1500), 2) == cache + values + scores


def test_a_model_larger_than_the_memory_says_what_it_needs_and_what_there_is():
    check_weights(SHAPE, 2, 17 * GIB, LLAMA.name)
    with pytest.raises(NoRoomError) as caught:
        check_weights(SHAPE, 2, 14 * GIB, LLAMA.name)
    assert str(caught.value) == (
        "Llama 3.1 8B needs 16.0 GiB for its weights and one sequence; 14.0 GiB are available. Take a smaller model, "
        "or build only its first layers with --layers; its rows then say so"
    )


def test_a_setting_larger_than_the_memory_says_what_it_needs_and_what_there_is():
    check_setting(SHAPE, LLAMA, point(1, 1500), 2, 20 * GIB)
    with pytest.raises(NoRoomError) as caught:
        check_setting(SHAPE, LLAMA, point(64, 1500), 2, 20 * GIB)
    assert str(caught.value) == "batch 64, 1,500 in, 256 out: weights and cache need 31.4 GiB; 20.0 GiB are available"


def test_a_context_beyond_a_sliding_window_is_not_built():
    gemma = MODELS["gemma2-9b"]
    shape = shape_of(gemma)
    check_setting(shape, gemma, point(1, 4096 - 256), 2, 80 * GIB)
    with pytest.raises(NoRoomError) as caught:
        check_setting(shape, gemma, point(1, 4096), 2, 80 * GIB)
    assert str(caught.value) == (
        "batch 1, 4,096 in, 256 out: the context is 4,352 tokens; some layers of gemma2-9b keep only the last 4,096, "
        "which is not built here, so it must be at most 4,096 tokens"
    )
