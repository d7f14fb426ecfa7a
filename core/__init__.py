"""Glidepath: the footprint of a company's language models, planned by year."""

import os

# Before numpy is loaded: on small matrices like ours, two threads take seven times as long as one.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

METHOD_VERSION = "0.1.0"
APP_VERSION = "0.1.0"  # as in pyproject.toml
