"""The fit: measurements in, coefficients of the engine out, with the errors on what was left out of it."""
