"""How sure a plan is: the Targets page's own probability, quantiles that more simulations narrow, a tornado."""

from statistics import NormalDist

import numpy as np
import pytest

from core import results
from core.decide import uncertain as room
from core.decide.inputs import inputs, kind_of
from core.decide.tornado import tornado
from core.decide.uncertain import answer_year, fan, lower_share, met_by_year, quantile_error, share_error, uncertain
from core.decide.worlds import factors_of
from core.plan import Plan
from core.plan.example import example_plan
from core.plan.example_target import with_example_target
from core.plan.lever import Lever
from core.results.sample import Sample
from core.targets.judged import judged
from core.targets.track import track

LEVERS = (Lever(id="concise_output"), Lever(id="newer_gpu", choice="H200"))
PLAN = with_example_target(example_plan()).but(levers=LEVERS, points="256")
P90 = NormalDist().inv_cdf(0.9)


def test_the_probability_of_meeting_is_the_targets_pages_own_from_as_many_simulations():
    for points in ("256", "2048"):
        plan = PLAN.but(points=points, last_year=2031)
        assert met_by_year(plan) == {one.year: one.met_share for one in judged(plan).all_scopes}
        public = track.__wrapped__(plan, int(points)).all_scopes
        assert met_by_year(plan) == {one.year: one.met_share for one in public}


def test_emissions_in_a_world_are_those_of_the_targets_lines_there():
    """One block of this plan's points, handed to the public track as its sample."""
    found = uncertain(PLAN)
    shares = room.sobol_shares(PLAN.seed, len(found.factors), 256)
    sample = Sample(found.factors, np.array([[NormalDist().inv_cdf(u) for u in row] for row in shares.T]))
    public = track.__wrapped__(PLAN, sample)
    np.testing.assert_allclose(found.plan_kg, sum(line.plan.on(public.basis) for line in public.lines), rtol=1e-9)


def test_with_a_target_emissions_are_the_targets_and_the_year_is_its_year():
    found, without = uncertain(PLAN), uncertain(PLAN.but(target=Plan().target))
    assert (found.counted, answer_year(PLAN, found)) == (True, 2031)
    assert (without.counted, answer_year(PLAN.but(target=Plan().target), without)) == (False, 2030)
    usual = results.of(PLAN.but(target=Plan().target), 0)
    assert without.plan_kg[:, 0] == pytest.approx(usual.total(usual.carbon_kg())[:, 0], rel=1e-12)
    assert met_by_year(PLAN.but(target=Plan().target)) == {}


def test_what_changes_no_world_works_nothing_out_anew():
    assert uncertain(PLAN.but(name="Other", headline_year=2028, currency="EUR", exchange_rate=0.9,
                              currency_date="2026-01-01")) is uncertain(PLAN)  # fmt: skip
    assert uncertain(PLAN.but(seed=2)) is not uncertain(PLAN)


def test_another_seed_moves_the_probability_within_its_error():
    first, other = (met_by_year(PLAN.but(seed=seed))[2027] for seed in (1, 2))
    assert first != other
    assert abs(first - other) < 4 * share_error(first, 256)


def test_more_simulations_narrow_the_error_and_not_the_range():
    few, many = uncertain(PLAN), uncertain(PLAN.but(points="2048"))
    errors = [quantile_error(found.plan_kg[5], 0.9) for found in (few, many)]
    assert errors[1] < errors[0] / 2
    widths = [fan(found.plan_kg).p90[5] - fan(found.plan_kg).p10[5] for found in (few, many)]
    assert widths[0] == pytest.approx(widths[1], rel=0.15)
    assert (share_error(0.5, 256), share_error(0.5, 1024)) == (1 / 32, 1 / 64)


def test_a_fan_is_the_quantiles_of_the_draws_beside_the_central_case():
    values = np.array([[7.0, *np.arange(101.0)]])
    found = fan(values)
    assert [float(one[0]) for one in (found.central, found.p10, found.p25, found.median, found.p75, found.p90)] == [
        7, 10, 25, 50, 75, 90
    ]  # fmt: skip


def test_a_plan_wins_where_it_lies_below_and_an_unknown_world_is_not_counted():
    plan, usual = np.array([9.0, 1.0, 2.0, 3.0, 4.0]), np.array([0.0, 2.0, 2.0, 4.0, 3.0])
    assert lower_share(plan, usual) == 0.5
    assert np.isnan(lower_share(np.array([1.0, np.nan]), np.array([1.0, 2.0])))


@pytest.mark.parametrize("plan", [PLAN, PLAN.but(target=Plan().target, method="market")], ids=["target", "no target"])
def test_a_tornados_ends_are_the_public_figures_with_that_input_at_its_p10_and_p90(plan):
    year = 2031
    found = tornado(plan, "emissions", year)
    for bar in (found.bars[0], found.bars[5], found.bars[-1]):
        sample = Sample((bar.factor,), np.array([[-P90, P90]]))
        if plan.target.target_year:
            lines = track.__wrapped__(plan, sample).lines
            expected = sum(line.plan.on(plan.target.scope2_basis) for line in lines)[year - plan.first_year]
        else:
            public = results.of(plan, sample)
            expected = public.total(public.carbon_kg())[year - plan.first_year]
        assert [found.central, bar.at_low, bar.at_high] == pytest.approx(expected.tolist(), rel=1e-12)


def test_a_tornado_holds_every_input_once_the_widest_first():
    found = tornado(PLAN, "saving", 2031)
    widths = [bar.width for bar in found.bars]
    assert widths == sorted(widths, reverse=True)
    assert sorted([bar.factor for bar in found.bars] + list(found.still)) == sorted(factors_of(PLAN))
    assert found.central == pytest.approx(float((uncertain(PLAN).usual_kg - uncertain(PLAN).plan_kg)[5, 0]))


def test_an_entered_pue_moves_nothing():
    fixed = PLAN.with_workload("W2", pue=1.3).with_workload("W5", pue=1.3)
    assert "pue:DE:own" in {bar.factor for bar in tornado(PLAN, "emissions", 2031).bars}
    assert not [bar for bar in tornado(fixed, "emissions", 2031).bars if bar.factor.startswith("pue:W")]


def test_every_input_of_the_example_has_its_words_values_and_source():
    names = factors_of(PLAN)
    found = inputs(PLAN, names)
    moving = {bar.factor for measure in ("emissions", "saving") for bar in tornado(PLAN, measure, 2031).bars}
    assert found.keys() == set(names)
    assert [name for name in names if kind_of(name) is None] == []
    vague = {name for name, one in found.items() if one.low == "P10" or not one.status or not one.narrow}
    assert vague & moving == set()
    growth = found["growth:W3"]
    assert (growth.title, growth.low, growth.central, growth.high, growth.unit) == (
        "Growth: Developer code assistant", 30.0, 100.0, 300.0, "% a year",
    )  # fmt: skip
    assert found["api:hardware"].high == "B200 SXM (HGX) 180 GB"
    assert "meter" in found["inference:llama3.3-70b:H100-SXM"].narrow
    assert "meter" not in found["inference:claude-sonnet-5:api"].narrow


def test_a_quantile_of_a_thousand_draws_stands_to_the_ranks_that_an_80_pct_range_spans():
    """Of ranks 0 to 999 the tenth lies at 100, give or take 1.2816 times the root of 1,000 x 0.1 x 0.9, so 12 ranks."""
    values = np.concatenate(([5e6], np.arange(1000.0)[::-1]))
    assert [quantile_error(values, share) for share in (0.1, 0.5, 0.9)] == [12.0, 20.0, 12.0]
