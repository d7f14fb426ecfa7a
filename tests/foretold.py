"""What was foretold beside what was measured, read from the raw files by plain code that shares none with `core`."""

import csv
import math
from pathlib import Path

DATA = Path(__file__).parents[1] / "data"
ENERGY, STEP = "energy_accelerator_j_per_output_token", "step_time_s"


def table(path, key="id"):
    with (DATA / path).open(encoding="utf-8", newline="") as file:
        return {row[key]: row for row in csv.DictReader(file)}


ROWS = table("validation/inference_measurements.csv")
HELD = table("validation/held_out.csv")
MODELS = table("models/models.csv")


def middle(values):
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def tenth(values, part):
    """The value a part of the way through, straight between neighbours in the logarithm."""
    ordered = [math.log(value) for value in sorted(values)]
    place = part * (len(ordered) - 1)
    left = int(place)
    right = min(left + 1, len(ordered) - 1)
    return math.exp(ordered[left] + (ordered[right] - ordered[left]) * (place - left))


def ratio(key, hold_out, quantity=ENERGY):
    """Foretold over measured, from the cells."""
    row, held = ROWS[key], HELD[key]
    if quantity == ENERGY:
        return float(held[f"predicted_{hold_out}_j_per_output_token"]) / float(row[ENERGY])
    if quantity == STEP:
        measured = float(row["batch"]) / float(row["output_tokens_per_s"])
        return float(held[f"predicted_{hold_out}_step_time_s"]) / measured
    measured = float(row["power_total_w"]) / float(row["accelerators"])
    return float(held[f"predicted_{hold_out}_power_accelerator_w"]) / measured
