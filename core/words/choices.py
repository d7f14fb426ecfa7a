"""What the choices of a plan are called: a field's value -> the words people pick by."""

KINDS = {"inference": "Answers requests", "fine_tuning": "Fine-tuning", "pre_training": "Pre-training"}
HOSTINGS = {"own": "Own servers", "colocation": "Own, colocated", "cloud": "Cloud, hired", "api": "Bought as API"}
SERVINGS = {"vllm": "Current engine (vLLM)", "vllm-2024": "Engine of 2024", "transformers": "Scripts, unbatched"}
PARALLELS = {"tp": "Tensors", "ep": "Experts", "pp": "Layers"}
METHODS = {"location": "Location", "market": "Market"}
BOUNDARIES = {"operation": "Electricity only", "with_hardware": "With hardware"}
STACKS = {"boundary": "By cause", "workload": "By workload"}
HARDWARE_VIEWS = {"amortised": "Spread over its life", "purchase_year": "In the year of purchase"}
BASES = {
    "life_cycle_consumption": "Life cycle, of electricity used there",
    "life_cycle_production": "Life cycle, of electricity made there",
    "direct": "Stack emissions only",
}
CACHES = {"GQA": "A key and a value per head", "MLA": "One latent vector (MLA)"}
MEMORIES = {"hbm": "HBM", "gddr": "GDDR"}
METERED_AT = {"board": "At the accelerators alone", "server": "At the servers", "facility": "At the site's meter"}
METERED_WHILE = {"always": "Around the clock, waiting too", "at_work": "Only while training ran"}
METERS = {
    "billing": "Meter a bill is based on",
    "rack": "Rack or power strip",
    "server_sensor": "Sensor in the server",
    "board_sensor": "Sensor on the accelerator",
    "software": "Worked out by software",
}
PAUSINGS = {"whole": "Runs in one go", "paused": "Can pause and resume"}
HOURS_CHOSEN = {
    "as_they_come": "As work comes",
    "yesterday": "By yesterday's hours",
    "profile": "By the last 28 days",
    "foresight": "Perfect foresight (upper bound)",
}
RESIDENCIES = {
    "anywhere": "Anywhere",
    "eea_gb_ch": "EEA, UK, Switzerland",
    "eea": "EEA: EU, Iceland, Norway, Liechtenstein",
    "eu": "EU",
    "country": "Same country",
    "listed": "A list of countries",
}
GRID_PATHS = {
    "flat": "Flat",
    "percent": "A yearly change of yours",
    "nrel-2023-mid-case": "US: NREL 2023, mid-case",
    "nrel-2023-mid-case-100-by-2035": "US: NREL 2023, 100 % clean by 2035",
    "oecm-2022-1.5c": "World: OECM 2022, 1.5 °C",
}
POINTS = {"256": "256", "512": "512", "1024": "1 024", "2048": "2 048", "4096": "4 096", "8192": "8 192"}
IT_CONTROLS = {"own": "You", "landlord": "The hall's owner"}
HOURS_BASES = {
    "life_cycle": "Life cycle: fuel and plants too",
    "direct": "What leaves the stack",
    "marginal": "Marginal",
    "unknown": "Not said",
}
SERVED_FROM = {"counted": "As counted", "plan": "At the plan's own rate"}
# Field -> its values in words.
BY_FIELD = {
    "hours_basis": HOURS_BASES,
    "served_from": SERVED_FROM,
    "grid_path": GRID_PATHS,
    "it_control": IT_CONTROLS,
    "pausing": PAUSINGS,
    "hours_chosen": HOURS_CHOSEN,
    "residency": RESIDENCIES,
    "metered_at": METERED_AT,
    "metered_while": METERED_WHILE,
    "meter": METERS,
    "hardware_view": HARDWARE_VIEWS,
    "carbon_basis": BASES,
    "attention": CACHES,
    "memory_kind": MEMORIES,
    "kind": KINDS,
    "hosting": HOSTINGS,
    "serving": SERVINGS,
    "parallel": PARALLELS,
    "method": METHODS,
    "boundary": BOUNDARIES,
    "stack_by": STACKS,
    "points": POINTS,
}
