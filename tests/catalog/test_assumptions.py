"""No default stands in the data that the engine does not use, and none is missing where it is looked for."""

import re
from pathlib import Path
from typing import get_args

import pytest

from core.catalog import load
from core.plan import Workload
from core.plan.calibration import Meter
from core.plan.workload import Hosting
from core.results.site import site_of

CORE = Path(__file__).parents[2] / "core"
TEXT = "\n".join(path.read_text(encoding="utf-8") for path in CORE.rglob("*.py"))
CATALOG = load()
PROVIDERS = sorted({region.provider for region in CATALOG.cloud_regions.values()})
LOOKED_UP = re.compile(
    r"""(?:facts|assumptions)\[["'](\w+)["']\]"""
    r"""|(?:assumption|point)\(\s*catalog,\s*["'](\w+)["']"""
    r"""|MARGIN = ["'](\w+)["']"""
)


def used() -> set[str]:
    """Assumptions that the code names, and those it puts together from a quantity and who runs the site."""
    named = {name for found in LOOKED_UP.findall(TEXT) for name in found if name}
    places = [*PROVIDERS, *get_args(Hosting)]
    meters = {f"meter_{kind}" for kind in get_args(Meter)}
    return named | meters | {f"{quantity}_{place}" for quantity in ("pue", "wue") for place in places}


def test_every_assumption_is_used() -> None:
    assert CATALOG.assumptions.keys() - used() == set()


def test_every_assumption_the_code_names_is_there() -> None:
    assert {name for found in LOOKED_UP.findall(TEXT) for name in found if name} <= CATALOG.assumptions.keys()


@pytest.mark.parametrize("hosting", get_args(Hosting))
@pytest.mark.parametrize("provider", ["", *PROVIDERS])
def test_every_provider_and_hosting_has_a_site(provider: str, hosting: Hosting) -> None:
    region = next((key for key, found in CATALOG.cloud_regions.items() if found.provider == provider), "FR")
    site = site_of(CATALOG, Workload(id="w", hosting=hosting, region=region))
    assert site is not None
    assert 1.0 <= site.pue.low <= site.pue.central <= site.pue.high
    assert 0.0 <= site.wue_l_per_kwh.low <= site.wue_l_per_kwh.central <= site.wue_l_per_kwh.high
    assert all(key in CATALOG.sources for key in f"{site.pue.source};{site.wue_l_per_kwh.source}".split(";"))


@pytest.mark.parametrize("hosting", get_args(Hosting))
def test_a_place_without_a_default_of_its_own_takes_that_of_its_hosting(hosting: Hosting) -> None:
    region = next(
        key for key, found in CATALOG.cloud_regions.items() if f"pue_{found.provider}" not in CATALOG.assumptions
    )
    site = site_of(CATALOG, Workload(id="w", hosting=hosting, region=region))
    assert site is not None
    assert site.pue.central == CATALOG.assumptions[f"pue_{hosting}"].central
