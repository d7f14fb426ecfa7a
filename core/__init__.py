"""Glidepath: the footprint of a company's language models, planned by year."""

METHOD_VERSION = "0.1.0"
