"""How many records of each kind a plan may hold."""

MOST_WORKLOADS = 500
MOST_OWN = 200  # of each kind
MOST_LEVERS = 100
MOST_CANDIDATES = 20
MOST_HOURS_FILES = 20
MOST_INVENTORY = 500
MOST_ACTUALS = 2_000
CASE_ID = "case"
# By field of the plan.
MOST_LISTED = {
    "levers": MOST_LEVERS, "candidates": MOST_CANDIDATES, "hours_files": MOST_HOURS_FILES,
    "inventory": MOST_INVENTORY, "actuals": MOST_ACTUALS,
}  # fmt: skip
