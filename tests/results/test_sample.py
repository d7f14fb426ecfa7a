"""A sample in place of a count of draws: the same figures for the same scores, the central case where a score is 0."""

import numpy as np
import pytest

from core import results
from core.plan.example import example_plan
from core.plan.lever import Lever
from core.results.draws import DRAWS, scores
from core.results.figures import NOT_IN_FIGURES
from core.results.sample import Noted, Sample, kept

PLAN = (
    example_plan()
    .with_workload("W5", mfu=None)
    .but(
        last_year=2028,
        levers=(
            Lever(id="concise_output"),
            Lever(id="spec_decode"),
            Lever(id="newer_gpu", choice="H200", start_year=2027),
        ),
    )
)


def asked(plan):
    noted = Noted()
    results.of(plan, noted)
    return tuple(noted.asked)


def test_the_scores_of_the_usual_draws_give_the_usual_figures():
    names = asked(PLAN)
    sample = Sample(names, np.array([scores(PLAN.seed, name, DRAWS)[1:] for name in names]))
    found, usual = results.of(PLAN, sample), results.of(PLAN, DRAWS)
    for name, values in usual.values.items():
        np.testing.assert_array_equal(found.values[name], values, err_msg=name)


def test_a_factor_without_scores_stays_at_its_central_case():
    """Every one of them: the draws of an empty sample are the central case, the fleet and the model's error too."""
    found = results.of(PLAN, Sample((), np.zeros((0, 2))))
    for name, values in found.values.items():
        np.testing.assert_array_equal(values, np.broadcast_to(values[..., :1], values.shape), err_msg=name)


@pytest.mark.parametrize("factor", ["training:hours", "training:energy", "api:hardware", "growth:W2", "grid:DE"])
def test_one_factor_alone_moves_the_figures_and_only_in_its_draws(factor):
    found = results.of(PLAN, Sample((factor,), np.array([[0.0, 1.5]]))).values["carbon_location_kg"]
    np.testing.assert_array_equal(found[..., 1], found[..., 0])
    assert not np.array_equal(found[..., 2], found[..., 0])


def test_a_sample_equals_itself_alone_and_its_figures_are_not_kept():
    first, second = (Sample(("grid:DE",), np.array([[z]])) for z in (-1.0, 1.0))
    assert len({first, second, 1, int(first)}) == 3
    kept = results.one.figures_of.cache_info().currsize
    view = PLAN.model_copy(update=NOT_IN_FIGURES)
    kg = [results.one.figures_of(view, PLAN.workloads[1], one).values["carbon_location_kg"] for one in (first, second)]
    assert (kg[0][:, 1] < kg[1][:, 1]).all()
    assert results.one.figures_of.cache_info().currsize == kept


def test_of_large_ones_few_are_kept() -> None:
    asked: list[int] = []

    @kept(16, lambda size: size > 10)
    def doubled(size: int) -> int:
        asked.append(size)
        return 2 * size

    assert [doubled(size) for size in (1, 11, 12, 13, 14, 1, 14, 11)] == [2, 22, 24, 26, 28, 2, 28, 22]
    assert asked == [1, 11, 12, 13, 14, 11]
    doubled.cache_clear()
    doubled(14)
    assert asked[-1] == 14
