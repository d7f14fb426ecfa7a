"""What the choices of a search are called."""

SEARCH_CHOICES = {
    "milestones": {"target_year": "The target year", "every_year": "Every year up to it"},
    "certificates": {"allowed": "Allowed", "excluded": "None"},
    "unpriced": {"left_out": "Left out", "searched": "Searched, without a claim of cost"},
}
# A choice of a field that workloads have too.
KEPT_RESIDENCY = {"kept": "Kept", "ignored": "Ignored"}
