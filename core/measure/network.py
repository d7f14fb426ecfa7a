"""A decoder with random weights: rotary positions, grouped attention over a real cache, gated feed-forward, experts.

Plain PyTorch, one function after another. `torch` is handed in as an object, so that importing this file needs none.
Weights are normal with a standard deviation of 0.02. The power of a matrix product depends on its values: trained
weights may draw another.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from core.plan.config_shape import Shape

SPREAD = 0.02
ROTARY_BASE = 10_000.0
NORM_EPSILON = 1e-6


class Layer(NamedTuple):
    """Weights of one layer; without experts the last three are None, without a shared or dense network `up` is."""

    norm_attention: Any
    queries_keys_values: Any
    attention_out: Any
    norm_mlp: Any
    up: Any  # gate and up, (2 width, d_model)
    down: Any
    router: Any
    expert_up: Any  # (experts, 2 width, d_model)
    expert_down: Any


class Network:
    """The weights, and the two passes: prompts, and one token more for every sequence."""

    def __init__(self, torch: Any, shape: Shape, device: Any, dtype: Any, seed: int = 0) -> None:
        self.torch, self.shape, self._place = torch, shape, {"device": device, "dtype": dtype}
        torch.manual_seed(seed)
        self.embedding = self._normal(shape.vocabulary, shape.d_model)
        self.head = self.embedding if shape.tied else self._normal(shape.vocabulary, shape.d_model)
        self.norm = self._ones(shape.d_model)
        self.layers = [self._layer() for _ in range(shape.layers)]
        halves = torch.arange(0, shape.head_dim, 2, device=device, dtype=torch.float32) / shape.head_dim
        self._frequency = ROTARY_BASE**-halves

    def parameters(self) -> int:
        """How many weights there are; shared ones count once."""
        own = [self.embedding, self.norm, *(weight for layer in self.layers for weight in layer if weight is not None)]
        return sum(int(weight.numel()) for weight in own) + (0 if self.shape.tied else int(self.head.numel()))

    def cache(self, batch: int, tokens: int) -> list[tuple[Any, Any]]:
        """Room for keys and values of every layer, (batch, key-value heads, tokens, head size)."""
        size = (batch, self.shape.kv_heads, tokens, self.shape.head_dim)
        empty = self.torch.empty
        return [(empty(size, **self._place), empty(size, **self._place)) for _ in self.layers]

    def scores(self, tokens: Any, cache: list[tuple[Any, Any]], start: int, every: bool = False) -> Any:
        """Scores of the next token after the last of these tokens, or after every one; they are written to the cache.

        Tokens are (batch, n), at the positions from `start`: with a start of 0 a prompt, later one token a sequence.
        """
        functional = self.torch.nn.functional
        values = functional.embedding(tokens, self.embedding)
        turn = self._rotation(start, tokens.shape[1])
        for layer, kept in zip(self.layers, cache, strict=True):
            values = values + self._attention(layer, self._normed(values, layer.norm_attention), kept, start, turn)
            values = values + self._feed_forward(layer, self._normed(values, layer.norm_mlp))
        values = values if every else values[:, -1:]
        return functional.linear(self._normed(values, self.norm), self.head)

    def route(self, layer: Layer, values: Any) -> tuple[Any, Any]:
        """The experts each token takes and their weights, which add up to 1; both (tokens, experts per token)."""
        assert self.shape.routing
        chances = self.torch.nn.functional.linear(values, layer.router).float().softmax(-1)
        weight, chosen = chances.topk(self.shape.routing.experts_per_token, dim=-1)
        return chosen, (weight / weight.sum(-1, keepdim=True)).to(values.dtype)

    def _layer(self) -> Layer:
        shape, routing = self.shape, self.shape.routing
        d, queries, cached = shape.d_model, shape.heads * shape.head_dim, shape.kv_heads * shape.head_dim
        always = routing.shared_width if routing else shape.mlp_width
        return Layer(
            norm_attention=self._ones(d),
            queries_keys_values=self._normal(queries + 2 * cached, d),
            attention_out=self._normal(d, queries),
            norm_mlp=self._ones(d),
            up=self._normal(2 * always, d) if always else None,
            down=self._normal(d, always) if always else None,
            router=self._normal(routing.experts, d) if routing else None,
            expert_up=self._normal(routing.experts, 2 * routing.expert_width, d) if routing else None,
            expert_down=self._normal(routing.experts, d, routing.expert_width) if routing else None,
        )

    def _attention(self, layer: Layer, values: Any, kept: tuple[Any, Any], start: int, turn: tuple[Any, Any]) -> Any:
        shape, functional = self.shape, self.torch.nn.functional
        batch, count, _ = values.shape
        sizes = [shape.heads * shape.head_dim, *(2 * [shape.kv_heads * shape.head_dim])]
        parts = functional.linear(values, layer.queries_keys_values).split(sizes, dim=-1)
        query, key, value = (part.view(batch, count, -1, shape.head_dim).transpose(1, 2) for part in parts)
        end = start + count
        kept[0][:, :, start:end] = self._turned(key, turn)
        kept[1][:, :, start:end] = value
        found = functional.scaled_dot_product_attention(
            self._turned(query, turn),
            kept[0][:, :, :end],
            kept[1][:, :, :end],
            is_causal=start == 0 and count > 1,
            enable_gqa=shape.kv_heads != shape.heads,
        )
        return functional.linear(found.transpose(1, 2).reshape(batch, count, -1), layer.attention_out)

    def _feed_forward(self, layer: Layer, values: Any) -> Any:
        flat = values.reshape(-1, values.shape[-1])
        found = self.torch.zeros_like(flat) if layer.up is None else self._gated(flat, layer.up, layer.down)
        if layer.router is not None:
            found = self._experts(layer, flat, found)
        return found.view(values.shape)

    def _experts(self, layer: Layer, values: Any, found: Any) -> Any:
        """Adds what the chosen experts make of each token, one expert after another, only those that are chosen."""
        chosen, weight = self.route(layer, values)
        for expert in chosen.unique().tolist():
            token, place = self.torch.where(chosen == expert)
            made = self._gated(values[token], layer.expert_up[expert], layer.expert_down[expert])
            found.index_add_(0, token, made * weight[token, place, None])
        return found

    def _gated(self, values: Any, up: Any, down: Any) -> Any:
        functional = self.torch.nn.functional
        gate, wide = functional.linear(values, up).chunk(2, dim=-1)
        return functional.linear(functional.silu(gate) * wide, down)

    def _normed(self, values: Any, weight: Any) -> Any:
        return self.torch.nn.functional.rms_norm(values, (values.shape[-1],), weight, NORM_EPSILON)

    def _rotation(self, start: int, count: int) -> tuple[Any, Any]:
        positions = self.torch.arange(start, start + count, device=self._place["device"], dtype=self.torch.float32)
        angles = positions[:, None] * self._frequency
        return angles.cos().to(self._place["dtype"]), angles.sin().to(self._place["dtype"])

    def _turned(self, values: Any, turn: tuple[Any, Any]) -> Any:
        first, second = values.chunk(2, dim=-1)
        cosine, sine = turn
        return self.torch.cat((first * cosine - second * sine, second * cosine + first * sine), dim=-1)

    def _normal(self, *size: int) -> Any:
        return self.torch.empty(size, **self._place).normal_(0.0, SPREAD)

    def _ones(self, size: int) -> Any:
        return self.torch.ones(size, **self._place)
