"""What the choices of a target and of an inventory's row are called."""

TARGET_CHOICES = {
    "mode": {"portfolio": "AI portfolio", "company": "Whole company"},
    "scope3_ambition": {"1.5C": "1.5 °C", "WB2C": "Well below 2 °C"},
    "scopes12": {"together": "One target", "apart": "One each"},
    "submission_half": {"H1": "January to June", "H2": "July to December"},
    "scope2_basis": {"location": "Location", "market": "Market"},
    "company_category": {"unknown": "Not said", "A": "Category A", "B": "Category B"},
    "sold_products": {"left_out": "Left out", "counted": "Counted"},
    "covers": {"company": "The whole company", "portfolio": "The AI portfolio"},
    "scope": {"1": "Scope 1", "2": "Scope 2", "3": "Scope 3"},
    "basis": {"unknown": "Not said", "direct": "Stack and exhaust alone", "life_cycle": "Life cycle"},
}
# Other choices of a field that the plan has too.
TARGET_METHODS = {
    "dynamic": "In force since 14 April 2026",
    "superseded": "Before 14 April 2026 (legacy)",
    "intensity": "Intensity, scope 3 alone (legacy)",
    "own_rate": "Own percentage",
    "v2_preview": "V2.0, rules without tonnes (preview)",
    "": "None",
}
