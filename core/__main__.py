"""`python -m core COMMAND`: the same engine without a browser. CSV in, CSV out.

Exit status: 0 when every row was answered, 1 when some row failed (its `error` cell says why), 2 for bad arguments,
130 when somebody stopped it, 141 when whoever read its output went away.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from core.commands import batch, exports, import_files
from core.commands.batch import estimate
from core.commands.compare import add as compare_arguments
from core.commands.compare import compare
from core.commands.output import warn, written
from core.commands.plans import actuals, calibrate, disclose, link, optimise, place, plan, track
from core.commands.saved import add as saved_arguments
from core.commands.saved import saved
from core.commands.uncertain import uncertain
from core.headless import meter_arguments, shift_arguments
from core.headless.cases import UnusableError, run
from core.measure import arguments as measure_arguments

OWN = Path(__file__).resolve().parents[1] / "data" / "validation" / "own_measurements.csv"
INVENTORY = "hardware in the year of purchase, and every workload, as targets book them"
HOURS = "an hourly file that the plan names; once for each; the reference year stands in for one that is missing"

TAKES = {estimate: "a CSV file, or Parquet", plan: "a CSV file, a link, or many plans: CSV or Parquet with plan_id"}
OF_PLANS = (plan, disclose, track, optimise, place, actuals, uncertain)


def train(arguments: argparse.Namespace) -> int:
    """Accelerator-hours, energy and carbon of one training run for each row of CASES.csv."""
    from core.headless import train as command

    with written(arguments.out) as out:
        return min(run(arguments.cases, out, command.KNOWN, (*command.ADDED, *command.SAID), command.answer), 1)


def target(arguments: argparse.Namespace) -> int:
    """Targets, gates and budgets by the SBTi's method for each row of CASES.csv."""
    from core.headless import target as command

    with written(arguments.out) as out:
        return min(run(arguments.cases, out, command.KNOWN, (*command.ADDED, *command.SAID), command.answer), 1)


def data(arguments: argparse.Namespace) -> int:
    """Check every data file, and what the data does to the built-in example's figures."""
    from datetime import UTC, datetime

    from core.catalog import CatalogError
    from core.headless import data as command

    try:
        for line in command.report(datetime.now(UTC).date()):
            print(line)
    except CatalogError as error:
        print(error, file=sys.stderr)
        return 1
    if arguments.why:
        print(command.tell(datetime.now(UTC).date(), arguments.why.strip()))
    return 0


def fit(arguments: argparse.Namespace) -> int:
    """Fit the engine to the measurements anew, and show its error on what was left out of the fit."""
    from core.catalog import CatalogError
    from core.headless import fit as command

    def told(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    try:
        for line in command.run(arguments.report, arguments.write, arguments.nested, told):
            print(line)
    except CatalogError as error:
        print(error, file=sys.stderr)
        return 1
    return _own_rows_apart() if arguments.report and OWN.exists() else 0


def evidence(arguments: argparse.Namespace) -> int:
    """What others measured before and after a lever, beside what this engine predicts of it."""
    from core.catalog import CatalogError
    from core.headless import evidence as command

    try:
        for line in command.run():
            print(line)
    except CatalogError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _own_rows_apart() -> int:
    """The project's own measurements under the report of the fit, which does not know them."""
    from core.measure import command

    print("\nOwn measurements")
    return command.beside_the_fit(OWN, print)


def shift(arguments: argparse.Namespace) -> int:
    """What the cleanest time saves a job, over all the hours it may start, as JSON."""
    from core.headless import shift as command

    print(command.answer(arguments))
    return 0


def measure(arguments: argparse.Namespace) -> int:
    """Joules per token of an NVIDIA accelerator in this machine, for a random-weight model of the catalog."""
    from core.measure import command
    from core.measure.machine import this_machine
    from core.measure.wish import wish_of

    if arguments.compare:
        return command.beside_the_fit(arguments.compare, print)
    wish = wish_of(vars(arguments), arguments.out)
    return command.measure(wish, this_machine, lambda line: print(line, flush=True), warn)


def warm_up(arguments: argparse.Namespace) -> int:
    """Compile the engine once, so that the first page is fast."""
    from core import engine
    from core.decide import warm as deciding
    from core.results.figures import coefficients
    from core.shift import warm as shifting
    from core.targets import warm as targets

    print("Compiling the engine; this is needed once.", flush=True)
    engine.warm_up(coefficients())
    shifting.warm_up()
    targets.warm_up()
    deciding.warm_up()
    return 0


def parser() -> argparse.ArgumentParser:
    """Every command with its help."""
    top = argparse.ArgumentParser(prog="python -m core", description=__doc__.split("\n")[0])
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command, argument, kind in (
        (estimate, "cases", Path),
        (train, "cases", Path),
        (target, "cases", Path),
        (plan, "plan", str),
        (disclose, "plan", str),
        (track, "plan", str),
        (optimise, "plan", str),
        (place, "plan", str),
        (actuals, "plan", str),
        (uncertain, "plan", str),
        (link, "plan", str),
    ):
        added = commands.add_parser(command.__name__, help=command.__doc__, description=command.__doc__)
        added.add_argument(
            argument,
            type=kind,
            help=TAKES.get(command, "a CSV file, or a link" if command in OF_PLANS else "a CSV file"),
        )
        if command in (estimate, plan):
            batch.add(added)
        if command in OF_PLANS:
            added.add_argument("--hours", type=Path, action="append", metavar="FILE", help=HOURS)
        if command is actuals:
            said = "a CSV of measurements beside those of the plan; once for each"
            added.add_argument("--add", type=Path, action="append", metavar="FILE", help=said)
        if command is uncertain:
            said = "work out Sobol indices too: some seconds"
            added.add_argument("--shares", action="store_true", help=said)
        if command is place:
            added.add_argument(
                "--weeks", type=int, default=52, metavar="N", help="weeks, evenly over the year; 52: all"
            )
        if command is optimise:
            added.add_argument("--json", action="store_true", help="the whole answer as JSON, reasons included")
        if command is disclose:
            added.add_argument("--inventory", action="store_true", help=INVENTORY)
        if command is link:
            added.add_argument("--prices", action="store_true", help="prices that somebody typed travel along")
        else:
            added.add_argument("-o", "--out", type=Path, help="file to write; standard output when missing")
        added.set_defaults(run=command)
    added = commands.add_parser("data", help=data.__doc__, description=data.__doc__)
    added.add_argument("action", choices=["check"], help="what to do with the data files")
    added.add_argument("--why", default="", help="one sentence for the Methods page: what moved, and why")
    added.set_defaults(run=data)
    added = commands.add_parser("fit", help=fit.__doc__, description=fit.__doc__)
    added.add_argument("--report", action="store_true", help="the error of every regime, not of the whole alone")
    added.add_argument("--write", action="store_true", help="replace the files of data/validation by this fit's")
    added.add_argument("--nested", action="store_true", help="choose the terms anew, try other prompts: minutes")
    added.set_defaults(run=fit)
    commands.add_parser("evidence", help=evidence.__doc__, description=evidence.__doc__).set_defaults(run=evidence)
    added = commands.add_parser("measure", help=measure.__doc__, description=measure_arguments.MEASURE)
    measure_arguments.add(added, OWN)
    added.set_defaults(run=measure)
    added = commands.add_parser("compare", help=compare.__doc__, description=compare.__doc__)
    compare_arguments(added)
    added.set_defaults(run=compare)
    added = commands.add_parser("saved", help=saved.__doc__, description=saved.__doc__)
    saved_arguments(added)
    added.add_argument("-o", "--out", type=Path, help="file to write; standard output when missing")
    added.set_defaults(run=saved)
    for command, add in ((calibrate, meter_arguments.add), (shift, shift_arguments.add)):
        added = commands.add_parser(command.__name__, help=command.__doc__, description=command.__doc__)
        add(added)
        added.set_defaults(run=command)
    what = import_files.import_files.__doc__
    added = commands.add_parser("import", help=what, description=what)
    import_files.add(added)
    added.set_defaults(run=import_files.import_files)
    exports.add(commands)
    commands.add_parser("warm-up", help=warm_up.__doc__, description=warm_up.__doc__).set_defaults(run=warm_up)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    try:
        arguments = parser().parse_args(argv)
        status: int = arguments.run(arguments)
        sys.stdout.flush()
    except UnusableError as error:
        print(error, file=sys.stderr)
        return 2
    except ValueError as error:
        from core.catalog import CatalogError

        if not isinstance(error, CatalogError):
            raise
        print(f"{error}; put the data file back as it was installed", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(
            os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
        )  # what is left has no reader: no trace at the end
        return 141
    return status


if __name__ == "__main__":
    sys.exit(main())
