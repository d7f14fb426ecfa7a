"""The same engine without a browser: CSV in, CSV out, one command a file."""
