"""The families of language models whose config is understood: how each names its sizes and which parts it has.

Where a family's word stands for something the file may override, it is a `Switch`: the key, and what silence means.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from core.plan.config_values import Switch

KvRule = Literal["heads", "needed", "one", "falcon", "chatglm"]
QkNorm = Literal["none", "head", "whole"]
Dense = Literal["none", "first", "step", "interleave"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Experts:
    """How a family chooses among experts. `dense` says which layers have none; `shared` which experts all tokens take.

    The router is one matrix; `router_values` says whether it also keeps one value for each expert.
    """

    dense: Dense = "none"
    first_dense: int = 0
    shared: Literal["none", "count", "width", "one"] = "none"
    shared_key: str = ""
    shared_gate: bool = False
    router_values: Switch | bool = False
    biased: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Which layers see only the last tokens: all, all but every n-th, or those from a given layer on (Qwen)."""

    pattern: Literal["all", "every", "upper"]
    every: int = 0
    every_key: str = "sliding_window_pattern"
    key: str = "sliding_window"
    tokens: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """What models of one `model_type` have in common. A layer norm has `norm_vectors` vectors: weight, or and bias."""

    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    defaults: Mapping[str, int] = field(default_factory=dict)
    tied: bool = False
    gated: bool = True
    kv: KvRule = "heads"
    qkv_bias: Switch | bool = False
    out_bias: Switch | bool = False
    mlp_bias: Switch | bool = False
    head_bias: Switch | bool = False
    norms: int = 2
    single_norm: Switch | bool = False
    norm_vectors: int = 1
    final_norm: Switch | bool = True
    qk_norm: QkNorm = "none"
    qk_norm_if: Switch | bool = True
    learned_positions: bool = False
    extra_positions: int = 0
    embedding_norm: bool = False
    projected_embedding: bool = False
    sinks: bool = False
    inner_norms: bool = False
    wide_mlp: bool = False
    latent: bool = False
    indexed: bool = False
    experts: Experts | None = None
    window: Window | None = None


BIASED = Switch("attention_bias", False)
QK_SWITCH = Switch("use_qk_norm", False)
WIDTH_OF_EXPERTS = {"expert_width": ("intermediate_size",)}
QWEN_WINDOW = Window(pattern="upper")

LLAMA = Family(qkv_bias=BIASED, out_bias=BIASED, mlp_bias=Switch("mlp_bias", False))
PLAIN = Family()
MISTRAL = Family(kv="needed", window=Window(pattern="all", tokens=4096))
QWEN2 = Family(kv="needed", qkv_bias=True, window=QWEN_WINDOW)
QWEN3 = replace(QWEN2, qkv_bias=BIASED, out_bias=BIASED, qk_norm="head", defaults={"head_dim": 128})
QWEN_STEPS = Experts(dense="step")
GEMMA = Family(kv="needed", tied=True, defaults={"head_dim": 256}, qkv_bias=BIASED, out_bias=BIASED)
GEMMA2 = replace(GEMMA, norms=4, window=Window(pattern="every", every=2, tokens=4096))
GEMMA3 = replace(
    GEMMA2,
    qk_norm="head",
    window=Window(pattern="every", every=6, tokens=4096),
    # The files of the multimodal Gemma 3 leave these out.
    defaults={"head_dim": 256, "heads": 8, "kv_heads": 4, "vocabulary": 262_208},
)
GPT2 = Family(
    tied=True, gated=False, qkv_bias=True, out_bias=True, mlp_bias=True, norm_vectors=2, learned_positions=True,
    wide_mlp=True,
)  # fmt: skip
FALCON = Family(
    tied=True, gated=False, kv="falcon", norm_vectors=2, wide_mlp=True, qkv_bias=Switch("bias", False),
    out_bias=Switch("bias", False), mlp_bias=Switch("bias", False),
)  # fmt: skip
COHERE = Family(
    tied=True, norms=1, qkv_bias=BIASED, out_bias=BIASED, qk_norm="whole", qk_norm_if=QK_SWITCH,
)  # fmt: skip
MIXTRAL = Family(kv="needed", keys=WIDTH_OF_EXPERTS, experts=Experts(), window=Window(pattern="all"))
OLMO2 = replace(LLAMA, mlp_bias=False, qk_norm="whole")
GRANITE_MOE = Family(keys=WIDTH_OF_EXPERTS, qkv_bias=BIASED, out_bias=BIASED, experts=Experts())
GLM = Family(kv="needed", qkv_bias=Switch("attention_bias", True), defaults={"head_dim": 128})
DEEPSEEK_V2 = Family(
    latent=True, qkv_bias=BIASED, out_bias=BIASED,
    experts=Experts(dense="first", shared="count", shared_key="n_shared_experts"),
)  # fmt: skip
DEEPSEEK_V3 = replace(
    DEEPSEEK_V2,
    experts=Experts(dense="first", first_dense=3, shared="count", shared_key="n_shared_experts", router_values=True),
)
STARCODER2_BIAS = Switch("use_bias", True)
NEOX_BIAS = Switch("attention_bias", True)

FAMILIES: dict[str, Family] = {
    "llama": LLAMA,
    "internlm2": replace(PLAIN, qkv_bias=Switch("bias", True), out_bias=Switch("bias", True)),
    "baichuan": PLAIN,
    "mistral": MISTRAL,
    "ministral": MISTRAL,
    "ministral3": replace(MISTRAL, window=Window(pattern="all")),
    "smollm3": replace(LLAMA, tied=True, kv="needed", window=QWEN_WINDOW),
    "seed_oss": replace(
        LLAMA, qkv_bias=Switch("attention_bias", True), out_bias=Switch("attention_out_bias", False),
        defaults={"head_dim": 128}, kv="needed",
    ),
    "granite": LLAMA,
    "bitnet": replace(PLAIN, inner_norms=True),
    "qwen2": QWEN2,
    "qwen3": QWEN3,
    "gemma": GEMMA,
    "gemma2": GEMMA2,
    "gemma3_text": GEMMA3,
    "phi": Family(
        gated=False, qkv_bias=True, out_bias=True, mlp_bias=True, head_bias=True, norms=1, norm_vectors=2,
        qk_norm="head", qk_norm_if=Switch("qk_layernorm", False),
    ),
    "phi3": replace(PLAIN, window=Window(pattern="all")),
    "phimoe": replace(
        MIXTRAL, qkv_bias=BIASED, out_bias=BIASED, head_bias=Switch("lm_head_bias", False), norm_vectors=2,
    ),
    "falcon": FALCON,
    "gpt2": GPT2,
    "gpt_bigcode": replace(GPT2, kv="one"),
    "gptj": Family(
        gated=False, mlp_bias=True, head_bias=True, norms=1, norm_vectors=2, wide_mlp=True,
    ),
    "gpt_neox": Family(gated=False, qkv_bias=NEOX_BIAS, out_bias=NEOX_BIAS, mlp_bias=True, norm_vectors=2),
    "opt": replace(
        GPT2, qkv_bias=Switch("enable_bias", True), out_bias=Switch("enable_bias", True),
        mlp_bias=Switch("enable_bias", True), keys={"positions": ("max_position_embeddings",)}, extra_positions=2,
        projected_embedding=True, wide_mlp=False, final_norm=Switch("do_layer_norm_before", True),
    ),
    "bloom": replace(GPT2, learned_positions=False, embedding_norm=True),
    "starcoder2": Family(
        tied=True, gated=False, kv="needed", qkv_bias=STARCODER2_BIAS, out_bias=STARCODER2_BIAS,
        mlp_bias=STARCODER2_BIAS, norm_vectors=2, window=Window(pattern="all"),
    ),
    "stablelm": Family(
        qkv_bias=Switch("use_qkv_bias", False), norm_vectors=2, single_norm=Switch("use_parallel_residual", False),
        qk_norm="whole", qk_norm_if=Switch("qk_layernorm", False),
    ),
    "nemotron": replace(LLAMA, gated=False, norm_vectors=2),
    "olmo": replace(LLAMA, mlp_bias=False, norm_vectors=0),
    "olmo2": OLMO2,
    "olmo3": replace(OLMO2, window=Window(pattern="every", every=4, tokens=4096)),
    "olmoe": replace(OLMO2, keys=WIDTH_OF_EXPERTS, experts=Experts()),
    "cohere": COHERE,
    "cohere2": replace(COHERE, qk_norm="none", window=Window(pattern="every", every=4, tokens=4096)),
    "mixtral": MIXTRAL,
    "granitemoe": GRANITE_MOE,
    "granitemoeshared": replace(
        GRANITE_MOE, experts=Experts(shared="width", shared_key="shared_intermediate_size")
    ),
    "dbrx": Family(
        kv="needed", experts=Experts(),
        keys={
            "kv_heads": ("attn_config.kv_n_heads",),
            "experts": ("ffn_config.moe_num_experts",),
            "experts_per_token": ("ffn_config.moe_top_k",),
            "expert_width": ("ffn_config.ffn_hidden_size",),
        },
    ),
    "qwen2_moe": replace(
        QWEN2, experts=replace(
            QWEN_STEPS, shared="width", shared_key="shared_expert_intermediate_size", shared_gate=True
        ),
    ),
    "qwen3_moe": replace(QWEN3, defaults={}, experts=QWEN_STEPS),
    "gpt_oss": Family(
        kv="needed", defaults={"head_dim": 64}, keys=WIDTH_OF_EXPERTS, sinks=True,
        qkv_bias=Switch("attention_bias", True), out_bias=Switch("attention_bias", True),
        experts=Experts(router_values=True, biased=True), window=Window(pattern="every", every=2, tokens=128),
    ),
    "llama4_text": Family(
        kv="needed", defaults={"head_dim": 128}, qkv_bias=BIASED, out_bias=BIASED,
        keys={**WIDTH_OF_EXPERTS, "mlp_width": ("intermediate_size_mlp",)},
        experts=Experts(dense="interleave", shared="one"),
        window=Window(pattern="every", every=4, every_key="no_rope_layer_interval", key="attention_chunk_size",
                      tokens=8192),
    ),
    "deepseek": Family(
        qkv_bias=BIASED, out_bias=BIASED,
        experts=Experts(dense="first", shared="count", shared_key="n_shared_experts"),
    ),
    "deepseek_v2": DEEPSEEK_V2,
    "deepseek_v3": DEEPSEEK_V3,
    "kimi_k2": DEEPSEEK_V3,
    "deepseek_v32": replace(DEEPSEEK_V3, indexed=True),
    "glm_moe_dsa": replace(DEEPSEEK_V3, indexed=True),
    "glm": GLM,
    "glm4": replace(GLM, norms=4),
    "glm4_moe": Family(
        kv="needed", qkv_bias=BIASED, qk_norm="head", qk_norm_if=QK_SWITCH,
        experts=Experts(
            dense="first", first_dense=1, shared="count", shared_key="n_shared_experts", router_values=True
        ),
    ),
    "glm4_moe_lite": replace(
        DEEPSEEK_V3, experts=Experts(
            dense="first", first_dense=1, shared="count", shared_key="n_shared_experts", router_values=True
        ),
    ),
    "chatglm": Family(
        kv="chatglm", qkv_bias=Switch("add_qkv_bias", False), out_bias=Switch("add_bias_linear", False),
        mlp_bias=Switch("add_bias_linear", False),
        keys={"head_dim": ("kv_channels",), "vocabulary": ("padded_vocab_size",)},
    ),
    "minimax_m2": Family(
        kv="needed", keys=WIDTH_OF_EXPERTS, qk_norm="whole", qk_norm_if=Switch("use_qk_norm", True),
        experts=Experts(
            shared="width", shared_key="shared_intermediate_size", router_values=Switch("use_routing_bias", True)
        ),
    ),
}  # fmt: skip

# Other names of the same families: older files, and the language parts of multimodal models.
ALSO = {
    "refinedweb": "falcon",
    "refinedwebmodel": "falcon",
    "gemma3": "gemma3_text",
    "llama4": "llama4_text",
    "kimi_k25": "kimi_k2",
    "qwen2_vl": "qwen2",
    "qwen2_vl_text": "qwen2",
    "qwen2_5_vl": "qwen2",
    "qwen2_5_vl_text": "qwen2",
    "qwen3_vl_text": "qwen3",
    "qwen3_vl_moe_text": "qwen3_moe",
    "glm4v_text": "glm4",
    "glm4v_moe_text": "glm4_moe",
}


def family_of(model_type: str) -> Family | None:
    """The family of a `model_type`, if it is understood."""
    key = model_type.lower().replace("-", "_")
    return FAMILIES.get(ALSO.get(key, key))
