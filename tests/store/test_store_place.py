"""Where saved plans are kept: beside the app by default, elsewhere by one URL, nowhere where it is switched off."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from core import APP_VERSION
from core.store import NAME, SavingOffError, store_url

ROOT = Path(__file__).parents[2]


def _secrets(folder: Path, text: str) -> Path:
    (folder / ".streamlit").mkdir()
    (folder / ".streamlit" / "secrets.toml").write_text(text, encoding="utf-8")
    return folder


def test_without_a_word_it_is_a_file_beside_the_app(tmp_path: Path) -> None:
    assert store_url({}, tmp_path) == f"sqlite:///{tmp_path}/.glidepath/plans.sqlite"
    assert store_url({NAME: "  "}) == f"sqlite:///{ROOT}/.glidepath/plans.sqlite"


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u:p@h:5432/d", "postgresql+psycopg://u:p@h:5432/d"),
        ("postgresql://u:p@h/d?sslmode=require", "postgresql+psycopg://u:p@h/d?sslmode=require"),
        ("sqlite:////srv/plans.sqlite", "sqlite:////srv/plans.sqlite"),
    ],
)
def test_one_url_names_another_place_in_the_environment_or_the_secrets(tmp_path: Path, given: str, used: str) -> None:
    assert store_url({NAME: given}, tmp_path) == used
    folder = _secrets(tmp_path, f'{NAME} = "{given}"\n')
    assert store_url({}, folder) == used
    assert store_url({NAME: "sqlite:///x"}, folder) == "sqlite:///x"  # the environment goes first


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("off", f"Saving is switched off on this server ({NAME} is 'off')."),
        ("mysql://u:secret@h/d", f"Saving is off: {NAME} begins with 'mysql'; it must be postgresql://"),
        ("secret", f"Saving is off: {NAME} is no URL; it must be postgresql://"),
    ],
)
def test_a_place_that_cannot_be_is_told_without_what_was_given(tmp_path: Path, given: str, told: str) -> None:
    with pytest.raises(SavingOffError) as caught:
        store_url({NAME: given}, tmp_path)
    assert str(caught.value).startswith(told)
    assert "secret" not in str(caught.value)


def test_secrets_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    folder = _secrets(tmp_path, "this = is = no toml")
    with pytest.raises(SavingOffError, match=r"^Saving is off: \.streamlit/secrets\.toml is not valid TOML\.$"):
        store_url({}, folder)


def test_what_is_saved_and_what_is_secret_stays_out_of_git() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {".glidepath/", ".streamlit/secrets.toml"} <= set(ignored)


def test_the_apps_version_is_the_projects() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == APP_VERSION
