"""The `kernel` decorator: compile flags in one place, and a cache that cannot go stale or be tampered with."""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import numba
from numba.core.caching import FunctionCache

Args = ParamSpec("Args")
Result = TypeVar("Result")

PRIVATE = 0o700
BROKEN = (Exception,)  # a kept kernel that was cut short or overwritten raises whatever its bytes happen to say
ENGINE = Path(__file__).parent


def engine_text_hash() -> str:
    """A hash of all that a kernel bakes in: the engine's files and the conversions.

    numba looks only at the file that holds a kernel, so it would serve a stale one after an edit in another file.
    """
    digest = hashlib.sha256()
    for path in (*sorted(ENGINE.glob("*.py")), ENGINE.parent / "units.py"):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def cache_roots() -> Iterator[Path]:
    """Folders to try for compiled kernels, best first."""
    for name in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME"):
        if os.environ.get(name):
            yield Path(os.environ[name]) / "glidepath"
    home = os.path.expanduser("~")
    if home != "~":
        yield Path(home) / ".cache" / "glidepath"
    with contextlib.suppress(FileNotFoundError):  # no folder at all can be written to
        yield Path(tempfile.gettempdir()) / f"glidepath-{os.getuid() if hasattr(os, 'getuid') else 'user'}"


def is_private(folder: Path) -> bool:
    """Whether nobody else can write there. Cached kernels are pickles: loading one runs it."""
    found = folder.lstat()
    mine = not hasattr(os, "getuid") or found.st_uid == os.getuid()
    return mine and not folder.is_symlink() and (os.name == "nt" or found.st_mode & 0o077 == 0)


def private_folder(root: Path) -> Path | None:
    """The cache folder of this engine text under a root; None where it cannot be made, written or trusted."""
    folder = root / f"kernels-{engine_text_hash()}"
    try:
        root.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        folder.mkdir(mode=PRIVATE, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder if is_private(folder) and is_private(root) else None
    except OSError:
        return None


def cache_folder() -> Path | None:
    """The first root that works, or None: compile anew in every process."""
    return next(filter(None, map(private_folder, cache_roots())), None)


CACHE_FOLDER = cache_folder()
if CACHE_FOLDER is not None:
    numba.config.CACHE_DIR = str(CACHE_FOLDER)  # type: ignore[attr-defined]


def is_inner(function: Callable[..., object]) -> bool:
    """Whether a kernel works on row `i` of columns: only kernels call it, so it needs no entry for Python.

    Call one outside branches only: inside, numba would count the references to all columns anew for every row. Number
    the rows without a sign, range(np.uint64(...)): else each column read asks whether the row counts from the end.
    """
    return "i" in function.__code__.co_varnames[: function.__code__.co_argcount]


def is_formula(function: Callable[..., object]) -> bool:
    """Whether a kernel is a formula, compiled anew into each loop that uses it; loops are called run_ or _something.

    Left to itself, the compiler calls the longest formulas, and handing over their many values takes a tenth of a row.
    """
    return not function.__name__.startswith(("run_", "_"))


class Kept(FunctionCache):
    """Compiled forms of a kernel on disk; what cannot be read there is compiled anew, what cannot be kept is not."""

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The compiled form, None where there is none that can be read."""
        try:
            return super().load_overload(sig, target_context)  # type: ignore[no-untyped-call]
        except BROKEN:
            with contextlib.suppress(OSError):
                self.flush()  # type: ignore[no-untyped-call]  # begins the list of forms anew
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep a compiled form, where the disk takes it."""
        with contextlib.suppress(*BROKEN):
            super().save_overload(sig, data)  # type: ignore[no-untyped-call]


def kernel(function: Callable[Args, Result]) -> Callable[Args, Result]:
    """Compile a function on its first call. Division by zero gives inf or NaN; NaN stays NaN; threads may run it.

    >>> @kernel
    ... def halved(value: float) -> float:
    ...     return value / 2.0
    >>> halved(3.0)
    1.5
    """
    flags: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
    flags |= {"no_cpython_wrapper": is_inner(function), "forceinline": is_formula(function)}
    compiled = numba.njit(**flags)(function)
    if CACHE_FOLDER is not None:
        with contextlib.suppress(RuntimeError):  # a function that lies in no file has no place in the cache
            compiled._cache = Kept(function)  # type: ignore[no-untyped-call]
    return cast(Callable[Args, Result], compiled)
