"""Small plans that the tests of results share."""

from core.plan import Plan, Workload
from core.plan.example import example_plan

EXAMPLE = example_plan()
API = Workload(id="api", name="Bought", hosting="api", model="llama3.3-70b", region="FR", input_tokens=900.0)
OWN = Workload(id="own", name="Own", hosting="own", model="llama3.3-70b", region="DE", requests_per_day=20_000.0)
CLOUD = Workload(id="cloud", name="Cloud", hosting="cloud", model="llama3.1-8b", region="aws:eu-west-1")
TRAIN = Workload(id="train", name="Tune", kind="fine_tuning", hosting="cloud", region="SE", tokens_per_run_m=400.0)
ALL = (API, OWN, CLOUD, TRAIN)
DRAWS = 64


def plan(*workloads, **fields):
    """A plan of two years."""
    return Plan(**{"first_year": 2026, "last_year": 2027} | fields, workloads=workloads)
