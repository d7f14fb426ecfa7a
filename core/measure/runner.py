"""What does the work that is measured: a model that answers, behind an interface; PyTorch, or a test's pretence."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

from core.measure.network import Network
from core.measure.sweep import Setting, chunk_sequences
from core.plan.config_shape import Shape

ATTENTION = ("FLASH_ATTENTION", "CUDNN_ATTENTION", "EFFICIENT_ATTENTION", "MATH")  # quickest first
TRIAL = Setting(batch=2, input_tokens=16, output_tokens=2)


class RunnerError(Exception):
    """The model cannot run, with the reason in a sentence."""


class Runner(Protocol):
    """A model in memory."""

    @property
    def engine(self) -> str:
        """The software that runs, with its version and how it attends."""

    def prepare(self, setting: Setting) -> None:
        """Make room for a setting; RunnerError where there is none."""

    def answer(self) -> int:
        """Answer one batch of prompts, from the first prompt token to the last output token; how many tokens came out.

        It returns when the accelerator has finished.
        """

    def parameters(self) -> int:
        """How many weights are in memory."""


class TorchRunner:
    """A `Network` on one device of PyTorch.

    Each batch starts together and ends together. The next token is picked from the scores, as in greedy decoding, but
    the one put in is drawn beforehand: random weights soon repeat themselves, and all sequences would then take the
    same experts.
    """

    def __init__(self, torch: Any, shape: Shape, device: Any, precision: str) -> None:
        self._torch, self._device = torch, torch.device(device)
        dtype = {"bf16": torch.bfloat16, "fp16": torch.float16, "fp32": torch.float32}[precision]
        with torch.inference_mode(), self._in_words("the weights"):
            self._network = Network(torch, shape, self._device, dtype)
        self._setting = TRIAL
        self._tokens: Any = None
        self._cache: list[tuple[Any, Any]] = []
        self._attention = self._quickest()

    @property
    def engine(self) -> str:
        """PyTorch's version, that nothing is compiled, and the kernel of attention that ran."""
        attention = self._attention.removesuffix("_ATTENTION").lower()
        return f"PyTorch {self._torch.__version__}, eager, {attention} attention"

    def parameters(self) -> int:
        """How many weights are in memory."""
        return self._network.parameters()

    def prepare(self, setting: Setting) -> None:
        """Make room for a setting's cache, and draw its tokens."""
        self._setting, self._cache, self._tokens = setting, [], None
        if self._device.type == "cuda":
            self._torch.cuda.empty_cache()
        size = (setting.batch, setting.context_tokens)
        with self._torch.inference_mode(), self._in_words(str(setting)):
            self._tokens = self._torch.randint(self._network.shape.vocabulary, size, device=self._device)
            self._cache = self._network.cache(*size)

    def answer(self) -> int:
        """Answer one batch: the prompts, a few at a time, then one token more for all until the last."""
        with (
            self._torch.inference_mode(),
            self._in_words(str(self._setting)),
            self._attending(self._attention),
        ):
            self._answer()
        return self._setting.batch * self._setting.output_tokens

    def _answer(self) -> None:
        setting, network, tokens = self._setting, self._network, self._tokens
        step = chunk_sequences(setting)
        for first in range(0, setting.batch, step):
            some = slice(first, first + step)
            kept = [(keys[some], values[some]) for keys, values in self._cache]
            network.scores(tokens[some, : setting.input_tokens], kept, 0).argmax(-1)
        for place in range(setting.input_tokens, setting.context_tokens - 1):
            picked = network.scores(tokens[:, place : place + 1], self._cache, place).argmax(-1)
            picked[0].item()  # a server hands every token on before it starts the next
        self._finish()

    def _finish(self) -> None:
        if self._device.type == "cuda":
            self._torch.cuda.synchronize(self._device)

    def _quickest(self) -> str:
        """The first kernel of attention that runs this model, prompts and further tokens both."""
        for name in ATTENTION:
            self._attention = name
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # PyTorch warns at length of each kernel that does not fit
                    self.prepare(TRIAL)
                    self.answer()
            except RunnerError as error:
                if name == ATTENTION[-1] or isinstance(error.__cause__, self._torch.OutOfMemoryError):
                    raise
            else:
                break
        return self._attention

    def _attending(self, name: str) -> AbstractContextManager[None]:
        attention = self._torch.nn.attention
        context: AbstractContextManager[None] = attention.sdpa_kernel(getattr(attention.SDPBackend, name))
        return context

    @contextmanager
    def _in_words(self, what: str) -> Iterator[None]:
        """What PyTorch throws, as a sentence."""
        try:
            yield
        except self._torch.OutOfMemoryError as error:
            raise RunnerError(f"{what}: the accelerator's memory is full; take a smaller batch") from error
        except RuntimeError as error:
            said = str(error).partition("\n")[0]
            raise RunnerError(f"{what}: PyTorch cannot go on ({said})") from error
