"""How close a kernel's result must come to its slow twin's."""

import math

TOLERANCE = 1e-9
# A difference of two quantities is as exact as they are, not as it is small.
SCALES = {"energy_overhead_kwh": "energy_facility_kwh", "energy_idle_kwh": "idle_scale"}


def differences(got, expected, row):
    """Names and values that differ by more than the tolerance."""
    expected = dict(expected)
    if "held_h" in expected and "idle_w" in row:
        expected["idle_scale"] = expected["held_h"] * row["tdp_w"] / 1000
    found = []
    for name, value in got.items():
        wanted = expected[name]
        scale = max(abs(wanted), abs(expected.get(SCALES.get(name, ""), 0)))
        same = (math.isnan(value) and math.isnan(wanted)) or abs(value - wanted) <= TOLERANCE * scale
        if not same and value != wanted:
            found.append(f"{name}: {value!r}, the twin says {wanted!r}")
    return found


def row_of(result, i):
    """One row of a result, by name."""
    return {name: float(column[i]) for name, column in zip(result._fields, result, strict=True)}
