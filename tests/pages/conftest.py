"""What all tests of pages share."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import pytest
from streamlit.components.v2 import manifest_scanner


@pytest.fixture(scope="session", autouse=True)
def packages_are_looked_through_once() -> Iterator[None]:
    """Streamlit looks for components in all installed packages whenever an AppTest starts: most of what it takes."""
    scan = manifest_scanner.scan_component_manifests
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", lru_cache(scan))
        yield
