"""What is built has the catalog's parameters, and says so where it cannot have them."""

from dataclasses import replace

import pytest

from core import catalog
from core.measure.shape import NotBuiltError, as_model, cache_byte_per_token, cut, gap_share, shape_of
from core.plan.config_count import active_params, total_params

MODELS = catalog.load().models


def buildable():
    for model in MODELS.values():
        try:
            yield model, shape_of(model)
        except NotBuiltError:
            continue


BUILT = {model.id: (model, shape) for model, shape in buildable()}


# Widths as the makers' config.json files give them (tests/plan/configs).
@pytest.mark.parametrize(
    ("name", "width", "tied"),
    [
        ("llama3.1-8b", 14336, False),
        ("llama3.3-70b", 28672, False),
        ("llama3.1-405b", 53248, False),
        ("qwen2.5-7b", 18944, False),
        ("qwen3-0.6b", 3072, True),
        ("qwen3-32b", 25600, False),
        ("gemma-7b", 24576, True),
        ("phi-4", 17920, False),
        ("mistral-7b", 14336, False),
    ],
)
def test_a_dense_models_width_is_found_again_from_its_parameters(name, width, tied):
    shape = shape_of(MODELS[name])
    assert (shape.mlp_width, shape.tied, shape.routing) == (width, tied, None)


@pytest.mark.parametrize(
    ("name", "expert", "shared"),
    [("mixtral-8x7b", 14336, 0), ("qwen3-30b-a3b", 768, 0), ("dbrx", 10752, 0), ("qwen1.5-moe-a2.7b", 1408, 5760)],
)
def test_an_experts_width_is_found_again_from_total_and_active_parameters(name, expert, shared):
    routing = shape_of(MODELS[name]).routing
    assert (routing.expert_width, routing.experts) == (expert, MODELS[name].experts)
    assert routing.shared_width == pytest.approx(shared, rel=0.03)


def test_most_models_with_plain_attention_and_known_dimensions_can_be_built():
    assert len(BUILT) >= 100


@pytest.mark.parametrize("name", BUILT)
def test_what_is_built_has_the_catalogs_parameters_within_two_per_cent(name):
    model, shape = BUILT[name]
    assert total_params(shape) == pytest.approx(model.params_total_b * 1e9, rel=0.02)
    assert active_params(shape) == pytest.approx(model.params_active_b * 1e9, rel=0.02)
    assert gap_share(shape, model) <= 0.02


@pytest.mark.parametrize("name", BUILT)
def test_its_cache_is_the_catalogs(name):
    model, shape = BUILT[name]
    assert cache_byte_per_token(shape, 2) == model.kv_bytes_per_token


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("deepseek-v3", "its attention is MLA; known are plain and grouped"),
        ("transformer-big", "it has an encoder beside its decoder"),
        (
            "gemma3n-e2b",
            "its cache is 40,960 bytes a token, where the same heads in every layer would take 61,440",
        ),
        (
            "jetmoe-8b",
            "attention, embeddings and gated layers of its dimensions do not add up to its 8.52 billion parameters, "
            "2.2 billion active, within 2 %",
        ),
    ],
)
def test_a_model_that_cannot_be_built_says_why(name, reason):
    with pytest.raises(NotBuiltError) as caught:
        shape_of(MODELS[name])
    assert str(caught.value) == f"{name} cannot be built: {reason}"


def test_a_closed_model_is_not_built_from_a_guess():
    closed = next(model for model in MODELS.values() if not model.disclosed)
    with pytest.raises(NotBuiltError, match="its dimensions are not published"):
        shape_of(closed)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"vocabulary": None}, "its vocabulary is not known"),
        ({"head_dim": 127, "kv_bytes_per_token": 127 * 8 * 32 * 4}, "rotary positions need an even head size"),
        ({"kv_heads": 5}, "its heads do not divide evenly among its key-value heads"),
        ({"params_active_b": 4.0}, "attention, embeddings and gated layers of its dimensions do not add up to its"),
        ({"params_total_b": 1.0, "params_active_b": 1.0}, "attention, embeddings and gated layers of its dimensions"),
    ],
)
def test_dimensions_at_odds_are_refused(change, reason):
    with pytest.raises(NotBuiltError, match=reason):
        shape_of(replace(MODELS["llama3.1-8b"], **change))


@pytest.mark.parametrize("name", ["llama3.1-8b", "mixtral-8x7b"])
def test_a_cut_takes_its_layers_and_nothing_else(name):
    model, shape = BUILT[name]
    half, quarter = cut(shape, model.layers // 2), cut(shape, model.layers // 4)
    per_layer = (total_params(half) - total_params(quarter)) / (model.layers // 4)
    assert total_params(shape) == pytest.approx(total_params(half) + per_layer * model.layers // 2)
    assert cache_byte_per_token(half, 2) * 2 == cache_byte_per_token(shape, 2)
    assert (half.mlp_width, half.vocabulary) == (shape.mlp_width, shape.vocabulary)


@pytest.mark.parametrize("layers", [-1, 33])
def test_more_layers_than_there_are_are_refused(layers):
    with pytest.raises(NotBuiltError) as caught:
        cut(shape_of(MODELS["llama3.1-8b"]), layers)
    assert str(caught.value) == f"layers is {layers}; it must lie in [1, 32] layers"


def test_a_whole_model_is_predicted_as_the_catalog_has_it():
    model, shape = BUILT["llama3.1-8b"]
    assert as_model(model, shape) is model


def test_a_cut_model_is_predicted_with_its_own_parameters_and_cache():
    model, shape = BUILT["mixtral-8x7b"]
    built = as_model(model, cut(shape, 8))
    assert (built.layers, built.kv_bytes_per_token) == (8, model.kv_bytes_per_token / 4)
    assert built.params_total_b == total_params(cut(shape, 8)) / 1e9
    assert built.params_active_b == active_params(cut(shape, 8)) / 1e9
