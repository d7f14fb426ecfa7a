"""A small plan with a target and an inventory, from which the tests start."""

from core.plan import InventoryRow, Plan, Target
from core.plan.example import example_plan

SAID = Target(
    base_year=2025,
    recent_year=2025,
    submission_year=2026,
    target_year=2031,
    net_zero_year=2050,
    long_target_year=2050,
    long_reduction_pct=90.0,
)
LINES = {"1": {}, "2l": {"method": "location"}, "2m": {"method": "market"}, "3": {"category": 1}}


def row(scope, emissions_t, covers="portfolio", year=2025, **more):
    """One row of an inventory; `2l` and `2m` are scope 2 location- and market-based."""
    fields = {"scope": scope[0], **LINES[scope], **more}
    key = "-".join(map(str, (covers, year, *fields.values())))
    return InventoryRow(id=key, covers=covers, year=year, emissions_t=emissions_t, source="Test", **fields)


def rows(covers="portfolio", year=2025, **t):
    """Rows by scope: `s1`, `s2l`, `s2m`, `s3` in tonnes."""
    return tuple(row(name[1:], amount, covers, year) for name, amount in t.items())


PORTFOLIO = rows(s2l=100.0, s2m=60.0, s3=50.0)


def plan(inventory=PORTFOLIO, levers=(), workloads=("W1", "W2"), last_year=2032, **target) -> Plan:
    """Own servers and a bought service, 2026 to 2032."""
    example = example_plan()
    return example.but(
        last_year=last_year,
        workloads=tuple(w for w in example.workloads if w.id in workloads),
        target=SAID.but(**target),
        inventory=tuple(inventory),
        levers=tuple(levers),
    )
