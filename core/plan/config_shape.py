"""The dimensions of one model, read from a config as its family words them."""

from __future__ import annotations

from dataclasses import dataclass

from core.plan.config_families import Experts, Family
from core.plan.config_values import SIZES, Size, Switch, Values

MLP_WIDENING = 4
RANK = Size(("kv_lora_rank",), 1, 1_000_000, "values")
EXPERT_KEYS = (*SIZES["experts"].keys, "moe_num_experts", "ffn_config.moe_num_experts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Latent:
    """Latent attention (MLA): queries and cache pass through narrow matrices; a rank of 0 means a full-width query."""

    query_rank: int
    kv_rank: int
    plain_dim: int
    rotary_dim: int
    value_dim: int
    index_heads: int = 0
    index_dim: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """The experts of a model: how many, how wide, in how many layers, and what stands beside them."""

    experts: int
    experts_per_token: int
    expert_width: int
    shared_width: int
    layers: int
    shared_gate: bool
    router_values: bool
    biased: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Everything the parameters and the cache of a model are counted from."""

    vocabulary: int
    d_model: int
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    mlp_width: int
    tied: bool
    gated: bool
    qkv_bias: bool
    out_bias: bool
    mlp_bias: bool
    head_bias: bool
    norms: int
    norm_vectors: int
    final_norm: bool
    qk_norm: str
    sinks: bool
    inner_norms: bool
    embedding_norm: bool
    positions: int
    embedding_width: int
    latent: Latent | None
    routing: Routing | None


def read_shape(values: Values, family: Family) -> Shape | None:
    """The shape; None, and why in the problems, where something is missing, wrong or at odds."""
    _refuse_foreign_parts(values, family)
    d_model, layers, heads = (_size(values, family, name) for name in ("d_model", "layers", "heads"))
    head_dim = _head_dim(values, family, d_model, heads)
    kv_heads = _kv_heads(values, family, heads)
    routing = _routing(values, family, family.experts, layers) if family.experts else None
    dense = routing is None or routing.layers < layers
    shape = Shape(
        vocabulary=_size(values, family, "vocabulary"),
        d_model=d_model,
        layers=layers,
        heads=heads,
        kv_heads=kv_heads,
        head_dim=head_dim,
        mlp_width=_mlp_width(values, family, d_model) if dense else 0,
        tied=_tied(values, family),
        gated=family.gated,
        qkv_bias=values.yes(family.qkv_bias),
        out_bias=values.yes(family.out_bias),
        mlp_bias=values.yes(family.mlp_bias),
        head_bias=values.yes(family.head_bias),
        norms=_norms(values, family),
        norm_vectors=family.norm_vectors,
        final_norm=values.yes(family.final_norm),
        qk_norm=family.qk_norm if values.yes(family.qk_norm_if) else "none",
        sinks=family.sinks,
        inner_norms=family.inner_norms,
        embedding_norm=family.embedding_norm,
        positions=_positions(values, family),
        embedding_width=_embedding_width(values, family, d_model),
        latent=_latent(values, family) if family.latent else None,
        routing=routing,
    )
    if not values.problems and shape.heads % shape.kv_heads:
        values.problems.append(
            f"The {shape.heads:,} attention heads do not divide evenly among {shape.kv_heads:,} key-value heads."
        )
    return None if values.problems else shape


def _size(values: Values, family: Family, name: str) -> int:
    size = SIZES[name]
    size = size._replace(keys=family.keys.get(name, size.keys))
    return values.number(size, family.defaults.get(name))


def _refuse_foreign_parts(values: Values, family: Family) -> None:
    """A part that the family does not have would go uncounted."""
    if family.experts is None:
        many = [key for key in EXPERT_KEYS if isinstance(raw := values.get(key), int) and raw > 1]
        values.problems.extend(f"{key} is given, but this family is known here without experts." for key in many[:1])
    if not family.latent and values.get("kv_lora_rank") is not None:
        values.problems.append("kv_lora_rank is given, but this family is known here without latent attention.")


def _head_dim(values: Values, family: Family, d_model: int, heads: int) -> int:
    size = SIZES["head_dim"]._replace(keys=family.keys.get("head_dim", SIZES["head_dim"].keys))
    if family.latent:
        return 1  # the latent's own dimensions say it
    if values.given(size) or "head_dim" in family.defaults:
        return _size(values, family, "head_dim")
    if values.problems:
        return 1
    if d_model % heads:
        values.problems.append(f"hidden_size is {d_model:,}; it must be a multiple of its {heads:,} attention heads.")
    else:
        values.said.append(f"head_dim is not in the file; it is hidden_size / heads, {d_model // heads:,} values.")
    return max(1, d_model // heads)


def _kv_heads(values: Values, family: Family, heads: int) -> int:
    size = SIZES["kv_heads"]
    if family.latent or (family.kv == "one" and values.yes(Switch("multi_query", True))):
        return 1
    if family.kv == "falcon":
        return _kv_heads_falcon(values, heads)
    if family.kv == "chatglm":
        grouped = values.yes(Switch("multi_query_attention", False))
        return values.number(size._replace(keys=("multi_query_group_num",))) if grouped else heads
    if family.kv == "needed" or values.given(size):
        return _size(values, family, "kv_heads")
    if not values.problems:
        values.said.append(f"{size.keys[0]} is not in the file; each of the {heads:,} heads keeps its own cache.")
    return heads


def _kv_heads_falcon(values: Values, heads: int) -> int:
    """The first Falcons wrote a number of key-value heads that only the new kind of layer obeys."""
    size = SIZES["kv_heads"]
    if values.yes(Switch("new_decoder_architecture", values.get("n_head_kv") is not None)):
        return values.number(size) if values.given(size) else heads
    return 1 if values.yes(Switch("multi_query", True)) else heads


def _mlp_width(values: Values, family: Family, d_model: int) -> int:
    keys = family.keys.get("mlp_width", SIZES["mlp_width"].keys)
    if family.wide_mlp and not values.given(SIZES["mlp_width"]._replace(keys=keys)):
        return MLP_WIDENING * d_model
    return _size(values, family, "mlp_width")


def _tied(values: Values, family: Family) -> bool:
    raw = values.anywhere("tie_word_embeddings")
    if isinstance(raw, bool):
        return raw
    if raw is not None:
        return values.yes(Switch("tie_word_embeddings", family.tied))
    what = "shares the input embedding's weights" if family.tied else "has weights of its own"
    values.said.append(f"tie_word_embeddings is not in the file; the output layer {what}, as usual in this family.")
    return family.tied


def _norms(values: Values, family: Family) -> int:
    """Layer norms in a layer; where attention and the rest run side by side one may serve both."""
    if family.kv != "falcon":
        return family.norms - values.yes(family.single_norm)
    new = values.yes(Switch("new_decoder_architecture", values.get("n_head_kv") is not None))
    if new:
        return values.quiet("num_ln_in_parallel_attn", 2, 1, 2, "norms")
    return 1 if values.yes(Switch("parallel_attn", True)) else 2


def _positions(values: Values, family: Family) -> int:
    return _size(values, family, "positions") + family.extra_positions if family.learned_positions else 0


def _embedding_width(values: Values, family: Family, d_model: int) -> int:
    if not family.projected_embedding:
        return d_model
    return values.quiet("word_embed_proj_dim", d_model, 1, SIZES["d_model"].high, "values")


def _latent(values: Values, family: Family) -> Latent:
    def dim(key: str) -> int:
        return values.number(Size((key,), 1, 10_000, "values"))

    return Latent(
        query_rank=values.quiet("q_lora_rank", 0, 0, RANK.high, "values"),
        kv_rank=values.number(RANK),
        plain_dim=dim("qk_nope_head_dim"),
        rotary_dim=dim("qk_rope_head_dim"),
        value_dim=dim("v_head_dim"),
        index_heads=values.number(Size(("index_n_heads",), 1, 10_000, "heads")) if family.indexed else 0,
        index_dim=dim("index_head_dim") if family.indexed else 0,
    )


def _routing(values: Values, family: Family, experts: Experts, layers: int) -> Routing:
    count = _size(values, family, "experts")
    used = _size(values, family, "experts_per_token")
    width = _size(values, family, "expert_width")
    if used > count and not values.problems:
        values.problems.append(
            f"Each token takes {used:,} experts; it must be at most the {count:,} experts there are."
        )
    with_experts = _layers_with_experts(values, experts, layers)
    if not with_experts and not values.problems:
        values.problems.append(f"None of the {layers:,} layers is left for the {count:,} experts; at least 1 must be.")
    return Routing(
        experts=count,
        experts_per_token=used,
        expert_width=width,
        shared_width=_shared_width(values, experts, width),
        layers=with_experts,
        shared_gate=experts.shared_gate,
        router_values=values.yes(experts.router_values),
        biased=experts.biased,
    )


def _shared_width(values: Values, experts: Experts, width: int) -> int:
    """Width of the experts that every token takes, taken together."""
    if experts.shared == "one":
        return width
    if experts.shared == "none":
        return 0
    if experts.shared == "width":
        return values.quiet(experts.shared_key, 0, 0, SIZES["expert_width"].high, "values")
    return width * values.quiet(experts.shared_key, 0, 0, 1_000, "experts")


def _layers_with_experts(values: Values, experts: Experts, layers: int) -> int:
    most = SIZES["layers"].high
    kinds = values.per_layer("mlp_layer_types", ("dense", "sparse"), layers, "'dense' or 'sparse'")
    if kinds:
        return kinds.count("sparse")
    if experts.dense == "first":
        first = values.quiet("first_k_dense_replace", experts.first_dense, 0, most, "layers")
        every = values.quiet("moe_layer_freq", 1, 1, most, "layers")
        return sum(layer % every == 0 for layer in range(first, layers))
    if experts.dense == "step":
        step = values.quiet("decoder_sparse_step", 1, 1, most, "layers")
        without = values.listed("mlp_only_layers", range(most), most, "whole numbers of layers")
        return sum((layer + 1) % step == 0 and layer not in without for layer in range(layers))
    if experts.dense == "interleave":
        return layers // values.quiet("interleave_moe_layer_step", 1, 1, most, "layers")
    return layers
