"""Readers who compute at once, as threads of one process, get the digits that each would get alone."""

from core.plan.example import example_plan
from core.results.figures import of
from core.results_table import write_results
from tests.bench.sessions import at_once, digits


def test_eight_sessions_at_once_get_the_digits_of_one_after_another():
    plans = [example_plan().but(seed=seed) for seed in range(900, 904)]
    asked = [(f"seed {plan.seed}", lambda plan=plan: write_results(of(plan))) for plan in plans]
    expected = [digits(ask()) for _, ask in asked]
    done, wrong, stuck = at_once(asked, expected, 0.3)
    assert (wrong, stuck) == ([], 0)
    assert done >= 8


def test_other_digits_are_seen():
    asked = [("odd", lambda: 0.1 + 0.2)]
    assert digits(0.1 + 0.2) != digits(0.3)
    done, wrong, _ = at_once(asked, [digits(0.3)], 0.0, 2)
    assert (done, wrong) == (2, ["odd", "odd"])
