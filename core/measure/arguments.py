"""What `measure` takes on the command line; imports nothing that takes time."""

from __future__ import annotations

import argparse
from pathlib import Path

from core.measure.wish import ARGUMENTS

MEASURE = (
    "Builds a transformer with random weights and the dimensions of a model, answers batches of prompts with it and "
    "reads the accelerator's energy through NVML; nothing is subtracted. One row a setting, written at once. "
    "Needs an NVIDIA accelerator and: pip install nvidia-ml-py torch"
)


def add(added: argparse.ArgumentParser, own: Path) -> None:
    """The command's arguments; `own` is the file compared where none is named."""
    for name, (usual, help_text) in ARGUMENTS.items():
        told = f"{help_text}; usual: {usual}" if usual else help_text
        added.add_argument(f"--{name}", dest=name, default=usual, metavar="X", help=told)
    added.add_argument("-o", "--out", type=Path, help="file that rows are added to; needed to measure")
    added.add_argument(
        "--compare", type=Path, nargs="?", const=own, metavar="FILE",
        help="measure nothing: set the rows of a file beside what the engine predicts",
    )  # fmt: skip
