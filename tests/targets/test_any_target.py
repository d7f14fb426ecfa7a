"""Whatever is asked of a target: no trace, and on track only where every line has a target that is known to be met."""

from math import isfinite

from hypothesis import given, settings
from hypothesis import strategies as st

from core.targets.closing import closing
from core.targets.gate_list import gate_list
from core.targets.track import track
from core.targets.track_table import write_track
from core.targets.warned import warned
from core.targets.wedges import wedges
from tests.targets.plans import PORTFOLIO, plan, rows

COMPANY = rows("company", s1=100.0, s2l=300.0, s2m=200.0, s3=900.0)


def may_be(*values):
    return st.sampled_from([None, *values])


USUAL_YEARS = st.fixed_dictionaries({"target_year": st.sampled_from([2030, 2031, 2032, 2036])})
ODD_YEARS = st.fixed_dictionaries(
    {
        "base_year": may_be(2014, 2015, 2025, 2026, 2028),
        "recent_year": may_be(2020, 2024, 2025, 2026, 2030),
        "submission_year": may_be(2020, 2026, 2027),
        "target_year": may_be(2024, 2030, 2031, 2045),
    }
)
CHOICES = st.fixed_dictionaries(
    {
        "mode": st.sampled_from(["portfolio", "company"]),
        "method": st.sampled_from(["dynamic", "superseded", "intensity", "own_rate", "v2_preview"]),
        "scopes12": st.sampled_from(["together", "apart"]),
        "scope2_basis": st.sampled_from(["location", "market"]),
        "submission_half": st.sampled_from(["H1", "H2"]),
        "net_zero_year": may_be(2025, 2030, 2050),
        "long_target_year": may_be(2030, 2050),
        "own_rate_pct": may_be(0.0, 5.0, 100.0),
        "validated_reduction_pct": may_be(42.0),
        "activity_growth_pct": may_be(-100.0, 0.0, 1000.0),
        "rest_change_pct": st.sampled_from([-99.0, 0.0, 1000.0]),
        "company_category": st.sampled_from(["unknown", "A"]),
    }
)


@settings(max_examples=60, deadline=None)
@given(CHOICES, st.one_of(USUAL_YEARS, ODD_YEARS), st.sampled_from([(), PORTFOLIO, (*COMPANY, *PORTFOLIO)]))
def test_any_target_is_answered_and_on_track_only_where_all_of_it_is_known_to_be_met(choices, years, inventory):
    one = plan(inventory, **choices, **years)
    found = track(one)
    for ask in (gate_list, warned, wedges, closing):
        ask(one)
    assert "nan" not in write_track(found)
    if found.questions:
        assert found.standing in ("asked", "incomplete", "refused")
    known = bool(found.lines) and all(line.has_target and line.milestones for line in found.lines)
    if found.standing in ("on track", "off track"):
        assert known
        last = [line.milestones[-1] for line in found.lines]
        assert {milestone.year for milestone in last} == {one.target.target_year}
        assert all(isfinite(milestone.gap_kg) and 0.0 <= milestone.met_share <= 1.0 for milestone in last)
        assert (found.standing == "on track") == all(milestone.gap_kg <= 0.0 for milestone in last)
    if any(
        finding.effect in ("refuse", "error", "incomplete") for line in found.lines for finding in line.outcome.findings
    ):
        assert not known
        assert found.all_scopes == ()
