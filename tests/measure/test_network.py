"""The model that is measured, on a processor: its cache, its parameters, its experts. Needs PyTorch."""

from dataclasses import replace

import pytest

from core import catalog
from core.measure.command import measure
from core.measure.network import Network
from core.measure.rows import read
from core.measure.runner import RunnerError, TorchRunner
from core.measure.shape import cache_byte_per_token, shape_of
from core.measure.sweep import Setting
from core.measure.wish import ARGUMENTS, wish_of
from core.plan.config_count import active_params, total_params
from core.plan.config_shape import Routing
from tests.measure.pretence import WORK_W, machine

torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install torch")

MODELS = catalog.load().models
SMALL = {"layers": 3, "d_model": 64, "heads": 8, "head_dim": 8, "vocabulary": 211}


def small(name, **change):
    """A model of the catalog in small: its kind of attention, tying and experts."""
    shape = replace(shape_of(MODELS[name]), **SMALL, embedding_width=64, mlp_width=96, **change)
    routing = shape.routing and replace(shape.routing, experts=6, experts_per_token=2, expert_width=40, layers=3)
    return replace(shape, routing=routing, mlp_width=0 if routing else 96)


SHAPES = {
    "grouped": small("llama3.1-8b", kv_heads=2),
    "multi-query": small("falcon-7b", kv_heads=1),
    "every head its own": small("llama2-7b", kv_heads=8),
    "tied": small("qwen3-0.6b", kv_heads=4),
    "experts": small("mixtral-8x7b", kv_heads=2),
}
SHAPES["a shared expert"] = replace(SHAPES["experts"], routing=replace(SHAPES["experts"].routing, shared_width=24))


@pytest.fixture(params=SHAPES)
def shape(request):
    return SHAPES[request.param]


def built(shape, dtype=torch.float32):
    with torch.inference_mode():
        network = Network(torch, shape, torch.device("cpu"), dtype)
        for layer in network.layers:  # larger weights, so that an error shows
            for weight in layer:
                if weight is not None and weight.dim() > 1:
                    weight.mul_(5.0)
    return network


def test_answers_with_a_cache_are_those_of_one_full_pass(shape):
    network = built(shape)
    tokens = torch.randint(shape.vocabulary, (3, 12), generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        full = network.scores(tokens, network.cache(3, 12), 0, every=True)
        cache = network.cache(3, 12)
        steps = [network.scores(tokens[:, :7], cache, 0)]
        steps += [network.scores(tokens[:, place : place + 1], cache, place) for place in range(7, 12)]
    torch.testing.assert_close(torch.cat(steps, dim=1), full[:, 6:], rtol=1e-4, atol=1e-5)
    assert full.std() > 0.1


def test_a_later_token_changes_no_earlier_score_and_every_earlier_one_does_count(shape):
    network = built(shape)
    tokens = torch.randint(shape.vocabulary, (1, 9), generator=torch.Generator().manual_seed(2))
    with torch.inference_mode():
        before = network.scores(tokens, network.cache(1, 9), 0, every=True)
        for place in range(9):
            other = tokens.clone()
            other[0, place] = (tokens[0, place] + 1) % shape.vocabulary
            after = network.scores(other, network.cache(1, 9), 0, every=True)
            torch.testing.assert_close(after[:, :place], before[:, :place], rtol=1e-5, atol=1e-6)
            assert not torch.allclose(after[:, -1], before[:, -1], rtol=1e-5, atol=1e-6)


def test_the_order_of_earlier_tokens_matters(shape):
    network = built(shape)
    tokens = torch.tensor([[5, 9, 33, 7]])
    swapped = torch.tensor([[9, 5, 33, 7]])
    with torch.inference_mode():
        first, second = (network.scores(t, network.cache(1, 4), 0) for t in (tokens, swapped))
    assert not torch.allclose(first, second, rtol=1e-4, atol=1e-5)


def test_sequences_of_a_batch_do_not_touch_each_other(shape):
    network = built(shape)
    tokens = torch.randint(shape.vocabulary, (4, 6), generator=torch.Generator().manual_seed(3))
    with torch.inference_mode():
        together = network.scores(tokens, network.cache(4, 6), 0)
        alone = torch.cat([network.scores(tokens[k : k + 1], network.cache(1, 6), 0) for k in range(4)])
    torch.testing.assert_close(together, alone, rtol=1e-4, atol=1e-5)


def test_attention_is_the_textbooks(shape):
    """One layer's attention written out for each head, with its own rotation."""
    network = built(shape)
    layer, count, size = network.layers[0], 5, shape.head_dim
    values = torch.randn(1, count, shape.d_model, generator=torch.Generator().manual_seed(4))
    with torch.inference_mode():
        found = network._attention(layer, values, network.cache(1, count)[0], 0, network._rotation(0, count))[0]
        rows = (layer.queries_keys_values @ values[0].T).T.split(size, dim=1)
        queries, keys = rows[: shape.heads], rows[shape.heads : shape.heads + shape.kv_heads]
        vectors = rows[shape.heads + shape.kv_heads :]
        heads = [
            _head(queries[h], keys[h * shape.kv_heads // shape.heads], vectors[h * shape.kv_heads // shape.heads])
            for h in range(shape.heads)
        ]
        expected = torch.cat(heads, dim=1) @ layer.attention_out.T
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-5)


def _head(query, key, vector):
    query, key = _turn(query), _turn(key)
    out = []
    for place in range(len(query)):
        chance = torch.softmax(query[place] @ key[: place + 1].T / query.shape[1] ** 0.5, dim=0)
        out.append(chance @ vector[: place + 1])
    return torch.stack(out)


def _turn(rows):
    """Rotary positions: the pair (k, k + half) turns by place / 10,000^(2k / size)."""
    half = rows.shape[1] // 2
    turned = rows.clone()
    for place, row in enumerate(rows):
        for k in range(half):
            angle = torch.tensor(place / 10_000.0 ** (2 * k / rows.shape[1]))
            turned[place, k] = row[k] * angle.cos() - row[k + half] * angle.sin()
            turned[place, k + half] = row[k + half] * angle.cos() + row[k] * angle.sin()
    return turned


def test_the_weights_in_memory_are_those_that_the_shape_counts(shape):
    assert built(shape).parameters() == total_params(shape)


@pytest.mark.parametrize("name", ["qwen3-0.6b", "llama3.1-8b", "llama3.1-405b", "mixtral-8x7b", "qwen1.5-moe-a2.7b"])
def test_a_catalog_model_is_built_with_its_parameters(name):
    """On PyTorch's device without memory, so that the largest can be built here, too."""
    model = MODELS[name]
    with torch.inference_mode():
        network = Network(torch, shape_of(model), torch.device("meta"), torch.bfloat16)
    assert network.parameters() == pytest.approx(model.params_total_b * 1e9, rel=0.02)


def test_the_cache_takes_the_bytes_that_the_plan_of_the_sweep_counts(shape):
    cache = built(shape).cache(3, 11)
    taken = sum(part.numel() * part.element_size() for kept in cache for part in kept)
    assert taken == 3 * 11 * cache_byte_per_token(shape, 4)


# -- experts


@pytest.mark.parametrize("name", ["experts", "a shared expert"])
def test_every_token_takes_its_k_best_experts_and_no_other(name):
    network, shape = built(SHAPES[name]), SHAPES[name]
    routing: Routing = shape.routing
    layer = network.layers[0]
    values = torch.randn(50, shape.d_model, generator=torch.Generator().manual_seed(5))
    with torch.inference_mode():
        chosen, weight = network.route(layer, values)
        found = network._feed_forward(layer, values[None])[0]
    assert chosen.shape == (50, routing.experts_per_token)
    assert all(len(set(row)) == routing.experts_per_token for row in chosen.tolist())
    torch.testing.assert_close(weight.sum(1), torch.ones(50))
    scores = values @ layer.router.T
    for place in range(50):
        best = scores[place].argsort(descending=True)[: routing.experts_per_token]
        assert chosen[place].tolist() == best.tolist()
        chances = torch.softmax(scores[place][best], dim=0)
        parts = [_gated(values[place], layer.expert_up[e], layer.expert_down[e]) for e in best]
        expected = sum(c * part for c, part in zip(chances, parts, strict=True))
        if routing.shared_width:
            expected = expected + _gated(values[place], layer.up, layer.down)
        torch.testing.assert_close(found[place], expected, rtol=1e-4, atol=1e-5)


def _gated(values, up, down):
    gate, wide = up[: len(up) // 2] @ values, up[len(up) // 2 :] @ values
    return down @ (gate * torch.sigmoid(gate) * wide)


def test_all_but_the_idle_experts_are_active():
    shape = SHAPES["experts"]
    idle = shape.layers * 4 * 3 * shape.d_model * 40
    assert active_params(shape) == built(shape).parameters() - idle


# -- the runner


@pytest.mark.parametrize("precision", ["bf16", "fp16", "fp32"])
def test_a_batch_is_answered_to_its_last_token(shape, precision, monkeypatch):
    runner = TorchRunner(torch, shape, "cpu", precision)
    passed = []
    scores = runner._network.scores

    def counted(tokens, cache, start):
        passed.append((tuple(tokens.shape), start))
        return scores(tokens, cache, start)

    monkeypatch.setattr(runner._network, "scores", counted)
    runner.prepare(Setting(batch=3, input_tokens=4000, output_tokens=3))
    assert runner.answer() == 9
    assert passed == [((2, 4000), 0), ((1, 4000), 0), ((3, 1), 4000), ((3, 1), 4001)]


def test_an_answer_of_one_token_comes_from_the_prompt_alone():
    runner = TorchRunner(torch, SHAPES["grouped"], "cpu", "fp32")
    runner.prepare(Setting(batch=2, input_tokens=5, output_tokens=1))
    assert runner.answer() == 2


def test_the_engine_says_its_version_and_which_attention_ran():
    engine = TorchRunner(torch, SHAPES["grouped"], "cpu", "bf16").engine
    assert engine.startswith(f"PyTorch {torch.__version__}, eager, ")
    assert engine.endswith((" flash attention", " math attention"))


def test_a_catalog_model_is_measured_from_its_words_to_its_row(tmp_path):
    """The whole command with PyTorch on the processor; time and board are pretended."""
    means, said, wrong = machine(), [], []

    class OnTheProcessor(TorchRunner):
        def answer(self):
            means.clock.work(1.0, WORK_W)
            return super().answer()

    means = replace(means, runner=lambda shape, precision, board: OnTheProcessor(torch, shape, "cpu", precision))
    words = {"model": "qwen3-0.6b", "layers": "1", "batch": "2", "input": "6", "output": "4", "seconds": "2"}
    usual = {name: value for name, (value, _) in ARGUMENTS.items()}
    wish = wish_of(usual | words, tmp_path / "m.csv")
    assert (measure(wish, lambda: means, said.append, wrong.append), wrong) == (0, [])
    (row,) = read(tmp_path / "m.csv")
    assert float(row["energy_accelerator_j_per_output_token"]) == pytest.approx(WORK_W * 2 / (2 * 2 * 4))
    assert row["engine"].startswith("PyTorch ")
    assert row["model_as_published"].endswith(", first 1 of 28 layers")


@pytest.mark.parametrize("name", ["grouped", "experts"])
def test_the_next_kernel_of_attention_is_taken_where_the_quickest_does_not_run(name, monkeypatch):
    tried = []
    attending = TorchRunner._attending

    def choosy(runner, kernel):
        tried.append(kernel)
        if kernel != "MATH":
            raise RuntimeError("No available kernel. Aborting execution.\nmore")
        return attending(runner, kernel)

    monkeypatch.setattr(TorchRunner, "_attending", choosy)
    assert TorchRunner(torch, SHAPES[name], "cpu", "bf16").engine.endswith(", eager, math attention")
    assert tried == ["FLASH_ATTENTION", "CUDNN_ATTENTION", "EFFICIENT_ATTENTION", "MATH"]


def test_where_no_attention_runs_a_sentence_says_so(monkeypatch):
    def never(*_):
        raise RuntimeError("No available kernel. Aborting execution.\nmore")

    monkeypatch.setattr(TorchRunner, "_attending", never)
    with pytest.raises(RunnerError) as caught:
        TorchRunner(torch, SHAPES["grouped"], "cpu", "bf16")
    assert str(caught.value) == (
        "batch 2, 16 in, 2 out: PyTorch cannot go on (No available kernel. Aborting execution.)"
    )


def test_a_full_memory_is_a_sentence(monkeypatch):
    runner = TorchRunner(torch, SHAPES["grouped"], "cpu", "bf16")

    def full(*_):
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(runner._network, "cache", full)
    with pytest.raises(RunnerError) as caught:
        runner.prepare(Setting(batch=8, input_tokens=5, output_tokens=1))
    assert str(caught.value) == "batch 8, 5 in, 1 out: the accelerator's memory is full; take a smaller batch"
