"""Every formula, input, table and source, read from the code and the data, so that what is said cannot drift."""
