"""Plans for exports: one that fills every list of a report, with names that are markup and formulas."""

from __future__ import annotations

from core.catalog import load
from core.plan import Plan
from core.plan.example import example_plan
from core.results.effects import usual

HOSTILE = '<img src=x onerror=alert(1)>=HYPERLINK("http://a.b")&|**[a](b)Wünsche-ohne-Ende-xxxxxxxxxxxx'[:80]


def crowded(workloads: int = 16, levers: int = 12, last_year: int = 2056) -> Plan:
    """More workloads, levers, years and assumptions than any list of the report holds, under hostile names."""
    some = example_plan().workloads
    made = tuple(
        some[place % 6].but(
            id=f"W{place + 1}", name=f"{place} {HOSTILE}"[:80], cached_share=0.1 + place / 1_000,
            peak_to_mean=1.5 + place / 100, business_unit=HOSTILE[:40],
        )
        for place in range(workloads)
    )  # fmt: skip
    able = [usual(kind) for kind in load().levers.values() if not kind.missing and not kind.choice]
    return example_plan().but(workloads=made, name=HOSTILE, levers=tuple(able[:levers]), last_year=last_year)
