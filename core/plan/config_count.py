"""Parameters of a model counted from its shape, part by part; every figure is a plain count of weights."""

from __future__ import annotations

from core.plan.config_shape import Latent, Routing, Shape


def total_params(shape: Shape) -> int:
    """All weights of the language model."""
    with_experts = shape.routing.layers if shape.routing else 0
    layers = shape.layers * (attention_params(shape) + norm_params(shape))
    layers += (shape.layers - with_experts) * mlp_params(shape, shape.mlp_width, shape.mlp_bias)
    if shape.routing:
        layers += with_experts * routing_params(shape, shape.routing)
    return layers + embedding_params(shape) + (_norm(shape) if shape.final_norm else 0)


def active_params(shape: Shape) -> int:
    """Weights that take part in one token: all but the experts it does not pass, both embeddings included."""
    routing = shape.routing
    if routing is None:
        return total_params(shape)
    idle = routing.experts - routing.experts_per_token
    return total_params(shape) - routing.layers * idle * mlp_params(shape, routing.expert_width, routing.biased)


def embedding_params(shape: Shape) -> int:
    """Input embedding, output layer where it has weights of its own, learned positions and projections."""
    table = shape.vocabulary * shape.embedding_width
    count = table if shape.tied else 2 * table
    count += shape.positions * shape.d_model + (shape.vocabulary if shape.head_bias else 0)
    if shape.embedding_width != shape.d_model:
        count += 2 * shape.embedding_width * shape.d_model
    return count + (_norm(shape) if shape.embedding_norm else 0)


def attention_params(shape: Shape) -> int:
    """One layer's attention: queries, keys, values, output, and their norms."""
    if shape.latent:
        return _latent_params(shape, shape.latent)
    query, cached = shape.heads * shape.head_dim, shape.kv_heads * shape.head_dim
    count = shape.d_model * (2 * query + 2 * cached)
    count += (query + 2 * cached if shape.qkv_bias else 0) + (shape.d_model if shape.out_bias else 0)
    if shape.qk_norm == "head":
        count += 2 * shape.head_dim * shape.norm_vectors
    if shape.qk_norm == "whole":
        count += query + cached
    return count + (shape.heads if shape.sinks else 0)


def _latent_params(shape: Shape, latent: Latent) -> int:
    query = shape.heads * (latent.plain_dim + latent.rotary_dim)
    count = shape.d_model * query
    if latent.query_rank:
        count = latent.query_rank * (shape.d_model + query + 1)
    down = latent.kv_rank + latent.rotary_dim
    count += shape.d_model * down + latent.kv_rank
    count += latent.kv_rank * shape.heads * (latent.plain_dim + latent.value_dim)
    count += shape.heads * latent.value_dim * shape.d_model
    count += (latent.query_rank + down if shape.qkv_bias else 0) + (shape.d_model if shape.out_bias else 0)
    return count + _index_params(shape, latent)


def _index_params(shape: Shape, latent: Latent) -> int:
    """The small network that picks which tokens attention reads: queries, one key and its norm, a weight for each head.

    Zero for models without one.
    """
    source = latent.query_rank or shape.d_model
    keys = latent.index_dim * (shape.d_model + 2)
    return source * latent.index_heads * latent.index_dim + keys + shape.d_model * latent.index_heads


def mlp_params(shape: Shape, width: int, biased: bool) -> int:
    """One feed-forward network of this width, dense or an expert."""
    matrices = 3 if shape.gated else 2
    return matrices * shape.d_model * width + ((matrices - 1) * width + shape.d_model if biased else 0)


def routing_params(shape: Shape, routing: Routing) -> int:
    """All experts of one layer, those for every token, and the router that chooses."""
    count = routing.experts * mlp_params(shape, routing.expert_width, routing.biased)
    count += mlp_params(shape, routing.shared_width, False)
    count += routing.experts * (shape.d_model + (1 if routing.router_values else 0))
    return count + (shape.d_model if routing.shared_gate else 0)


def norm_params(shape: Shape) -> int:
    """One layer's norms."""
    return shape.norms * _norm(shape) + (shape.d_model + shape.mlp_width if shape.inner_norms else 0)


def _norm(shape: Shape) -> int:
    return shape.norm_vectors * shape.d_model
