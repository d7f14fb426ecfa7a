"""The C twin of the inference kernel: built when asked for, called on the same columns."""

import ctypes
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np

from core.engine.coefficients import Coefficients
from core.engine.columns import InferenceColumns, InferenceResult

SOURCE = Path(__file__).with_name("inference.c")
FLAGS = ("-O3", "-march=native", "-shared", "-fPIC")

Run = Callable[[InferenceColumns, InferenceResult], None]


def build(folder: Path, coefficients: Coefficients) -> Run:
    """Compile the C file into a folder and return it as a function of columns and result."""
    library = folder / "inference.so"
    subprocess.run(["gcc", *FLAGS, str(SOURCE), "-o", str(library), "-lm"], check=True)
    c_run = ctypes.CDLL(str(library)).run_inference
    *fitted, interval = coefficients.inference
    flat = np.concatenate([np.array(fitted), np.asarray(interval).ravel()])

    def run(columns: InferenceColumns, out: InferenceResult) -> None:
        c_run(
            pointers(columns), ctypes.c_void_p(flat.ctypes.data), pointers(out), ctypes.c_ssize_t(len(columns.requests))
        )

    return run


def pointers(columns: InferenceColumns | InferenceResult) -> ctypes.Array[ctypes.c_void_p]:
    """The address of each column."""
    return (ctypes.c_void_p * len(columns))(*(column.ctypes.data for column in columns))
