"""Language models: own dimensions, borrowed ones, and what is not known."""

import pytest

from core.catalog import Catalog, load

EFFECTIVE_SIZE = {"gemma3n-e4b", "gemma3n-e2b", "gemma4-e4b", "gemma4-e2b"}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load()


def test_a_model_keeps_its_own_dimensions(catalog: Catalog) -> None:
    model = catalog.models["llama3.3-70b"]
    assert (model.layers, model.d_model, model.heads, model.kv_heads, model.head_dim) == (80, 8192, 64, 8, 128)
    assert (model.kv_bytes_per_token, model.kv_global_share, model.recurrent_state_byte) == (327680, 1, 0)
    assert model.architecture_from == ""
    assert not model.is_moe
    assert model.disclosed


def test_a_closed_model_borrows_and_stays_a_range(catalog: Catalog) -> None:
    model, lender = catalog.models["claude-sonnet-5"], catalog.models["glm-4.5"]
    assert model.architecture_from == lender.id
    assert (model.layers, model.experts, model.kv_bytes_per_token) == (
        lender.layers,
        lender.experts,
        lender.kv_bytes_per_token,
    )
    assert (model.params_active_low_b, model.params_active_b, model.params_active_high_b) == (29, 58.5, 88)
    assert not model.disclosed


def test_the_rumour_keeps_its_own_experts(catalog: Catalog) -> None:
    model = catalog.models["gpt4-rumour"]
    assert (model.status, model.experts, model.experts_per_token) == ("rumour", 16, 2)
    assert (model.params_active_low_b, model.params_active_b, model.params_active_high_b) == (176, 352, 528)


def test_only_models_without_active_parameters_cannot_be_computed(catalog: Catalog) -> None:
    assert {key for key, model in catalog.models.items() if not model.computable} == {"wudao-2", "kimi-k3"}


def test_lenders_are_open_and_have_dimensions_of_their_own(catalog: Catalog) -> None:
    borrowers = [model for model in catalog.models.values() if model.architecture_from]
    assert len(borrowers) == 79
    for model in borrowers:
        lender = catalog.models[model.architecture_from]
        assert lender.openness == "open", model.id
        assert lender.architecture_from == "", model.id


def test_a_mixture_borrows_from_a_mixture_and_a_dense_model_from_a_dense_one(catalog: Catalog) -> None:
    for model in catalog.models.values():
        if model.architecture_from and model.params_active_b and model.id not in EFFECTIVE_SIZE:
            assert catalog.models[model.architecture_from].is_moe == (model.params_active_b < model.params_total_b), (
                model.id
            )


def test_latent_caches_count_one_head(catalog: Catalog) -> None:
    latent = [model for model in catalog.models.values() if model.latent_cache]
    assert len([model for model in latent if not model.architecture_from]) == 9
    assert {model.kv_heads for model in latent} == {1}


def test_active_parameters_never_exceed_the_total(catalog: Catalog) -> None:
    assert [m.id for m in catalog.models.values() if (m.params_active_b or 0) > m.params_total_b] == []


def test_full_attention_reads_the_whole_context(catalog: Catalog) -> None:
    shares = {model.kv_global_share for model in catalog.models.values() if model.kv_window_tokens == 0}
    assert shares == {1.0}


def test_a_hybrid_without_a_published_state_says_so(catalog: Catalog) -> None:
    assert catalog.models["nemotron-nano-9b"].recurrent_state_byte == 141557760
    assert catalog.models["nemotron-nano-9b"].recurrent_state_known
    assert not catalog.models["qwen3.5-35b-a3b"].recurrent_state_known
    assert catalog.models["llama3.1-8b"].recurrent_state_known


def test_measured_models_are_in_the_catalogue(catalog: Catalog) -> None:
    assert {"qwen3-235b-a22b", "gpt-oss-120b", "deepseek-r1", "bloomz-7b"} <= catalog.models.keys()
    assert catalog.models["qwen3-235b-a22b"].fp8_block
    assert not catalog.models["llama3.1-8b"].fp8_block
