"""The real machine: NVML, PyTorch and the time of day, or a sentence for each that is missing."""

from __future__ import annotations

import ctypes
import importlib
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from core.headless.cases import UnusableError
from core.measure.command import Machine
from core.measure.meter import Board, WallClock
from core.measure.nvml import NvmlMeter
from core.measure.runner import RunnerError, TorchRunner
from core.plan.config_shape import Shape

DRIVER = "nvml.dll" if sys.platform == "win32" else "libnvidia-ml.so.1"
LEAST_TORCH = (2, 5)  # the first whose attention takes fewer key-value heads than heads


def missing() -> Iterator[str]:
    """What this machine lacks, a sentence each: the driver of an NVIDIA accelerator, the two packages."""
    try:
        ctypes.CDLL(DRIVER)
    except OSError:
        yield f"measure needs an NVIDIA accelerator: the driver's library {DRIVER} is not on this machine."
    for package, module, what in (
        ("nvidia-ml-py", "pynvml", "which reads the accelerator's energy"),
        ("torch", "torch", "PyTorch, which runs the model"),
    ):
        try:
            importlib.import_module(module)
        except (ImportError, OSError):
            yield f"measure needs the package {package}, {what}: pip install {package}"


def this_machine() -> Machine:
    """The means to measure here; UnusableError says everything that is missing, a line each."""
    lacking = list(missing())
    if lacking:
        raise UnusableError("\n".join(lacking))
    torch: Any = importlib.import_module("torch")
    pynvml: Any = importlib.import_module("pynvml")
    if (version := _version(torch.__version__)) < LEAST_TORCH:
        raise UnusableError(f"PyTorch is {version[0]}.{version[1]}; it must be at least 2.5: pip install -U torch")
    if not torch.cuda.is_available():
        raise UnusableError(
            "PyTorch sees no NVIDIA accelerator; it may be built for processors only, or the driver old."
        )
    return Machine(
        clock=WallClock(),
        meter=lambda device: NvmlMeter(pynvml, device),
        runner=lambda shape, precision, board: runner_on(torch, shape, precision, board),
        started=f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}",
    )


def runner_on(torch: Any, shape: Shape, precision: str, board: Board) -> TorchRunner:
    """The model on the board that is metered: PyTorch may count the boards in another order than NVML."""
    place = place_of(torch, board)
    return TorchRunner(torch, shape, f"cuda:{place}", precision)


def place_of(torch: Any, board: Board) -> int:
    """The board's place in PyTorch's list, found by its unique id."""
    for place in range(torch.cuda.device_count()):
        uuid = str(getattr(torch.cuda.get_device_properties(place), "uuid", ""))
        if uuid and uuid.removeprefix("GPU-") == board.uuid.removeprefix("GPU-"):
            return place
    raise RunnerError(
        f"{board.name} ({board.uuid}) is metered, but PyTorch does not see it; "
        "look at CUDA_VISIBLE_DEVICES and --device"
    )


def _version(text: str) -> tuple[int, int]:
    major, minor = text.split(".")[:2]
    return int(major), int(minor)
