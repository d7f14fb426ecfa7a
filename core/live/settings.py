"""Whether live intensity is on, and with which services and keys: the environment, else `.streamlit/secrets.toml`."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from core.catalog import Region
from core.catalog.live import LiveService, live_services, live_zones
from core.live.electricity_maps import ElectricityMaps
from core.live.great_britain import GreatBritain
from core.live.record import LiveError, Service
from core.live.secret import Secret
from core.live.watttime import WattTime
from core.live.web import safe_address

NAME = "GLIDEPATH_LIVE"
ZONES = "GLIDEPATH_LIVE_ZONES"
ZONE = re.compile(r"[A-Za-z0-9_.-]{1,60}")  # it stands in a file's name
FOLDER = Path(__file__).resolve().parents[2]
SECRETS = Path(".streamlit") / "secrets.toml"
MAKERS: Mapping[str, Callable[[Callable[[str], Secret]], Service]] = {
    "electricity-maps": lambda key: ElectricityMaps(key("GLIDEPATH_ELECTRICITY_MAPS_KEY")),
    "watttime": lambda key: WattTime(key("GLIDEPATH_WATTTIME_USER"), key("GLIDEPATH_WATTTIME_PASSWORD")),
    "uk-carbon-intensity": lambda key: GreatBritain(),
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """A service that is on, where it is asked, and the zones that its user named."""

    about: LiveService
    service: Service
    address: str
    named: Mapping[str, str]

    def zone(self, region: Region) -> str:
        """What the service calls a region; empty where nobody said."""
        if region.id in self.named:
            return self.named[region.id]
        known = live_zones().get((self.about.id, region.id))
        if known is not None:
            return known.zone
        return region.hourly_zone if self.about.zones == "hourly" else ""


def chosen(environment: Mapping[str, str] = os.environ, folder: Path = FOLDER) -> tuple[Chosen, ...]:
    """The services that are on, none by default; LiveError where a setting cannot be understood."""
    secrets: Mapping[str, object] = {}
    if NAME not in environment or environment[NAME].strip():
        secrets = _secrets(folder / SECRETS)

    def setting(name: str) -> str:
        return environment[name].strip() if name in environment else str(secrets.get(name, "")).strip()

    names = [name.strip() for name in setting(NAME).split(",") if name.strip()]
    unknown = [name for name in names if name not in MAKERS]
    if unknown:
        raise LiveError(f"{NAME} names '{unknown[0][:40]}'; it must be one or more of {', '.join(MAKERS)}")
    zones = _zones(setting(ZONES)) if names else {}
    return tuple(_one(name, setting, zones.get(name, {})) for name in dict.fromkeys(names))


def _one(name: str, setting: Callable[[str], str], named: Mapping[str, str]) -> Chosen:
    about = live_services()[name]
    key = f"GLIDEPATH_{name.upper().replace('-', '_')}_URL"
    address = setting(key) or about.address
    if not safe_address(address):
        raise LiveError(f"{key} must begin with https:// and hold no password")
    return Chosen(about, MAKERS[name](lambda each: Secret(_header(each, setting(each)))), address.rstrip("/"), named)


def _header(name: str, text: str) -> str:
    """A key as it may stand in a header."""
    if not text.isprintable() or not text.isascii():
        raise LiveError(f"{name} holds a sign that a key cannot have")
    return text


def _zones(text: str) -> dict[str, dict[str, str]]:
    """Zones by service and region, from `watttime:US-CAL-CISO=CAISO_NORTH; ...`."""
    found: dict[str, dict[str, str]] = {}
    for each in filter(None, (one.strip() for one in text.split(";"))):
        place, parted, zone = (one.strip() for one in each.partition("="))
        service, colon, region = (one.strip() for one in place.partition(":"))
        if not parted or not colon or not ZONE.fullmatch(zone) or not region or service not in MAKERS:
            raise LiveError(
                f"{ZONES}: '{each[:40]}' must read service:region=zone, as watttime:US-CAL-CISO=CAISO_NORTH"
            )
        found.setdefault(service, {})[region] = zone
    return found


def _secrets(path: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise LiveError(f"{SECRETS} cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise LiveError(f"{SECRETS} is not valid TOML") from None
