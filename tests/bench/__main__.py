"""`python -m tests.bench`: every figure of the project beside its aim, from the machine it runs on, as one table.

Each file of this folder measures something and can be run alone, `python -m tests.bench NAME ...`. What takes long
(`load`, `soak`, ...) runs only by name or with `--all`; the table says of it "not run". Figures are medians of repeated
runs. Machines are shared and clocks wander: what is compared runs in turns.
"""

import argparse
import importlib
import importlib.util
import sys
import traceback

from tests.bench.figure import Figure, table

USUAL = ("engine", "alternatives", "page", "browser", "levers", "shift", "targets", "uncertainty", "decide", "imports")
LONG = ("suite", "access", "load", "soak", "replicas", "batch", "fuzz", "sessions")


FAILED = "FAILED: "


def measured(name: str) -> list[Figure]:
    """Run a benchmark, telling each line as it comes; the figures among them. One that breaks off costs no other."""
    found = []
    try:
        for line in importlib.import_module(f"tests.bench.{name}").lines():
            print(line, flush=True)
            if isinstance(line, Figure):
                found.append(line)
    except Exception as error:  # noqa: BLE001 - whatever breaks, the other figures are wanted
        traceback.print_exc()
        found.append(Figure(name, None, "", note=f"{FAILED}{type(error).__name__}: {error}".partition("\n")[0]))
    return found


def main(words: list[str]) -> int:
    """Print every measurement, then the table; exit status 1 where a figure falls short or a benchmark breaks off."""
    there = [name for name in (*USUAL, *LONG) if importlib.util.find_spec(f"tests.bench.{name}")]
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"only these: {', '.join(there)}")
    parser.add_argument("--all", action="store_true", help="also what takes long")
    asked = parser.parse_args(words)
    if unknown := set(asked.names) - set(there):
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(there)}")
    figures: list[Figure] = []
    for name in there:
        if name in asked.names or (not asked.names and (asked.all or name in USUAL)):
            figures += measured(name)
        elif not asked.names:
            figures += importlib.import_module(f"tests.bench.{name}").NOT_RUN
    print(f"\n{table(figures)}")
    return int(any(figure.verdict() == "SHORT" or figure.note.startswith(FAILED) for figure in figures))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
