"""`python -m tests.bench`: how fast the engine is, next to the same formulas in C and to EcoLogits, in one run.

Every figure is the median of repeated runs (in brackets the best). Machines are shared and clocks wander, so trust the
ratios: what is compared runs in turns. The files `alternatives.py`, `page.py`, `levers.py`, `shift.py`,
`targets.py` and `imports.py` add their own lines.
"""

import importlib.util

from tests.bench import engine


def main() -> None:
    """Print every measurement."""
    for line in engine.lines():
        print(line, flush=True)
    for name in ("alternatives", "page", "levers", "shift", "targets", "uncertainty", "decide", "imports"):
        if importlib.util.find_spec(f"tests.bench.{name}"):
            for line in importlib.import_module(f"tests.bench.{name}").lines():
                print(line, flush=True)


if __name__ == "__main__":
    main()
