"""Where saved plans are kept: a URL of the environment or of `.streamlit/secrets.toml`, else a file beside the app."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

from core.store.errors import SavingOffError

NAME = "GLIDEPATH_STORE_URL"
FOLDER = Path(__file__).resolve().parents[2]
FILE = Path(".glidepath") / "plans.sqlite"
SECRETS = Path(".streamlit") / "secrets.toml"
OFF = "off"
DRIVERS = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
    "sqlite": "sqlite",
}


def store_url(environment: Mapping[str, str] = os.environ, folder: Path = FOLDER) -> str:
    """The URL with its driver; SavingOffError where it is switched off or cannot be understood."""
    given = environment.get(NAME, "").strip() or _secret(folder / SECRETS)
    if not given:
        return f"sqlite:///{folder / FILE}"
    if given.lower() == OFF:
        raise SavingOffError(f"Saving is switched off on this server ({NAME} is '{OFF}').")
    kind, parted, rest = given.partition("://")
    if not parted or kind not in DRIVERS:
        told = f"begins with '{kind[:20]}'" if parted else "is no URL"
        raise SavingOffError(
            f"Saving is off: {NAME} {told}; it must be postgresql://user:password@host:5432/database or "
            "sqlite:///path, or 'off'."
        )
    return f"{DRIVERS[kind]}://{rest}"


def _secret(path: Path) -> str:
    """The URL among Streamlit's secrets; empty where there is none."""
    try:
        secrets = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise SavingOffError(f"Saving is off: {SECRETS} cannot be read ({error.strerror}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SavingOffError(f"Saving is off: {SECRETS} is not valid TOML.") from error
    return str(secrets.get(NAME, "")).strip()
