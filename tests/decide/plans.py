"""A plan small enough to try every set of its candidates by the plan's own evaluation."""

from core.plan.lever import Lever
from tests.targets.plans import plan, rows


def on(workload, key, **fields):
    """A candidate for one workload, from 2027 on."""
    return Lever(id=key, workloads=(workload,), start_year=2027, **fields)


TWELVE = (
    on("W2", "concise_output"), on("W2", "ptq_fp8"), on("W2", "semantic_cache"), on("W2", "geo_shift", choice="SE"),
    on("W4", "concise_output.2"), on("W4", "ptq_w4a16"), on("W4", "batch_size"),
    on("W4", "semantic_cache.2"),
    on("W3", "prompt_trim"), on("W3", "prefix_cache", value=0.95), on("W3", "concise_output.3"),
    on("W3", "semantic_cache.3"),
)  # fmt: skip
FOUR = tuple(
    lever.but(start_year=2028, once_days=days, running_usd_per_year=running)
    for lever, days, running in (
        (TWELVE[1], 40.0, 0.0), (TWELVE[3], 10.0, 900.0), (TWELVE[8], 30.0, 5_000.0), (TWELVE[10], 60.0, 0.0),
    )
)  # fmt: skip


def searched_plan(candidates, last_year=2031, **search):
    """Own servers, hired machines and a bought service, with an inventory that some sets of the candidates meet."""
    made = plan(rows(s2l=6.0, s3=34.0), workloads=("W2", "W3", "W4"), last_year=last_year)
    return made.but(candidates=tuple(candidates), points="256").with_search(**search)
