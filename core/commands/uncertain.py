"""The command that says how sure a plan is."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from core.commands.output import say, warn, written
from core.commands.plans import read_plan

if TYPE_CHECKING:
    from core.decide.indices import Index
    from core.plan import Plan


def uncertain(arguments: argparse.Namespace) -> int:
    """Quantiles and probabilities of a plan by year, and the inputs its answer hangs on, as the page exports them."""
    from core.decide.uncertain import uncertain as worked_out
    from core.decide.uncertain_table import write_uncertain
    from core.headless import hours_file

    found, problems = read_plan(arguments.plan)
    given = hours_file.given(found, arguments.hours or [])  # holds the hours while they are used
    computed = worked_out(given.plan)
    problems += [f"{key}: {why}" for key, why in computed.worlds.refused.items()]
    say([*given.told, *problems])
    with written(arguments.out) as out:
        out.write(write_uncertain(given.plan, _shares(given.plan) if arguments.shares else ()))
    return 1 if problems else 0


def _shares(plan: Plan) -> tuple[Index, ...]:
    """Sobol indices of the answer's year, from as many points as the plan has simulations."""
    from core.decide.study import Study
    from core.decide.uncertain import answer_year
    from core.decide.uncertain import uncertain as worked_out

    study = Study(plan, "emissions", answer_year(plan, worked_out(plan)))
    study.work()
    progress = study.progress()
    if progress.wrong:
        warn(f"no shares of the variance: {progress.wrong}")
    return study.found()
