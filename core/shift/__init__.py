"""Moving work to cleaner hours and places: exact optima on hourly carbon intensity, and what would be realised."""
