"""What runs the app for a team, `Dockerfile`, `compose.yaml`, nginx's settings, is true to the code and to itself."""

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from streamlit import config as streamlit_config

from core.store import place
from core.ui.guarded import MOST_QUERY
from tests.bench.replicas import CONFIG, config, nginx

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
NGINX = CONFIG.read_text()
REPLICAS = {name: one for name, one in COMPOSE["services"].items() if name.startswith("replica")}
README = (ROOT / "README.md").read_text()
MARK = "# checks and tests"
BYTES_A_KB = 1_024


def settings(service: dict[str, Any]) -> dict[str, str]:
    """The environment of a service, with what `.env` asks for filled in."""
    return {name: re.sub(r"\$\{(\w+):\?[^}]*\}", r"of_\1", str(text)) for name, text in service["environment"].items()}


def test_the_image_runs_the_python_that_the_checks_are_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    [version] = set(re.findall(r"^FROM python:(\d+\.\d+)\.\d+-slim", DOCKERFILE, re.MULTILINE))
    assert project["project"]["requires-python"] == f">={version}"
    assert project["tool"]["mypy"]["python_version"] == version
    assert len(re.findall(r"^FROM ", DOCKERFILE, re.MULTILINE)) == 2


def test_the_image_holds_what_the_app_runs_on_and_no_more() -> None:
    above, _, below = (ROOT / "requirements.txt").read_text().partition(f"{MARK}\n")
    assert f"sed '/^{MARK}/,$d' requirements.txt" in DOCKERFILE
    assert re.findall(r"^(streamlit|numba|sqlalchemy|psycopg\[binary\])==", above, re.MULTILINE)
    assert {"pytest", "playwright", "mypy"} <= set(re.findall(r"^(\w+)==", below, re.MULTILINE))
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    wanted = {part for line in copied for part in line.split()}
    let_through = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert wanted == let_through
    assert all((ROOT / part).exists() for part in wanted)
    assert {"core", "pages", "data", "app.py", ".streamlit/config.toml"} <= wanted


def test_every_image_is_pinned_and_no_secret_stands_in_a_file() -> None:
    images = [one["image"] for name, one in COMPOSE["services"].items() if "build" not in one]
    images += re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert len(images) == 4
    assert all(re.fullmatch(r"[a-z]+:\d+\.\d+(\.\d+)?-[a-z-]+", image) for image in images)
    for name, one in COMPOSE["services"].items():
        for key, text in one.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|URL", key):
                assert "${GLIDEPATH_" in text, f"{key} of {name}"
                assert ":?" in text, f"{key} of {name} has a default"
    assert ".env" in (ROOT / ".gitignore").read_text().splitlines()


def test_replicas_differ_in_their_port_alone_and_share_store_and_cookies() -> None:
    first, second = (settings(one) for one in REPLICAS.values())
    assert {name for name in first if first[name] != second.get(name)} == {"STREAMLIT_SERVER_PORT"}
    assert set(first) == set(second) >= {"STREAMLIT_SERVER_COOKIE_SECRET", place.NAME}
    url = place.store_url(first, ROOT / "nowhere")
    assert url == "postgresql+psycopg://glidepath:of_GLIDEPATH_STORE_PASSWORD@store:5432/glidepath"
    store = settings(COMPOSE["services"]["store"])
    assert url == (
        f"postgresql+psycopg://{store['POSTGRES_USER']}:{store['POSTGRES_PASSWORD']}@store:5432/{store['POSTGRES_DB']}"
    )


def test_every_setting_of_streamlit_is_one_that_it_knows() -> None:
    known = {f"STREAMLIT_{re.sub(r'(?<=[a-z])(?=[A-Z])', '_', key).replace('.', '_').upper()}" for key in options()}
    asked = set(re.findall(r"\b(STREAMLIT_\w+)=", DOCKERFILE)) | {
        name for one in REPLICAS.values() for name in one["environment"]
    }
    asked = {name for name in asked if name.startswith("STREAMLIT_")}
    assert len(asked) == 5
    assert asked <= known


def options() -> list[str]:
    """The settings of Streamlit."""
    return list(streamlit_config.get_config_options())


def test_nginx_and_compose_speak_of_the_same_ports() -> None:
    ports = {name: one["environment"]["STREAMLIT_SERVER_PORT"] for name, one in REPLICAS.items()}
    assert set(re.findall(r"server (replica-\w):(\d+)", NGINX)) == set(ports.items())
    assert [re.search(r'"~:(\d+)\$" (\w);', NGINX.splitlines()[at]).groups() for at in answered()] == [  # type: ignore[union-attr]
        (port, name[-1]) for name, port in ports.items()
    ]
    proxy = COMPOSE["services"]["proxy"]
    [listens] = re.findall(r"^ +listen (\d+);", NGINX, re.MULTILINE)
    assert [line.rpartition(":")[2] for line in proxy["ports"]] == [listens]
    assert proxy["healthcheck"]["test"][-1] == f"http://127.0.0.1:{listens}/_stcore/health"
    assert f"./{CONFIG.relative_to(ROOT)}:/etc/nginx/nginx.conf:ro" in proxy["volumes"]
    inside = {one["networks"]["inside"]["ipv4_address"] for one in REPLICAS.values()}
    assert len(inside) == 2


def answered() -> list[int]:
    """The lines of nginx's settings that tell which replica answered."""
    return [at for at, line in enumerate(NGINX.splitlines()) if '"~:' in line]


def test_nginx_lets_through_what_the_app_takes() -> None:
    app = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    [body_mb] = re.findall(r"client_max_body_size (\d+)m;", NGINX)
    assert int(body_mb) == app["server"]["maxUploadSize"] + 1
    [[count, kb]] = re.findall(r"large_client_header_buffers (\d+) (\d+)k;", NGINX)
    assert (int(count) >= 4, int(kb) * BYTES_A_KB > MOST_QUERY) == (True, True)


@pytest.mark.skipif(nginx() is None, reason="nginx is not installed here: apt-get install nginx-light")
def test_nginx_accepts_its_settings(tmp_path: Path) -> None:
    file = tmp_path / "nginx.conf"
    file.write_text(config(8080, 8501, 8502).replace("/tmp/nginx", f"{tmp_path}/nginx"))
    done = subprocess.run([str(nginx()), "-t", "-c", str(file)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr.replace(f"{tmp_path}", "")


def test_the_readme_tells_every_name_that_must_be_given() -> None:
    asked = set(re.findall(r"\$\{(GLIDEPATH_\w+)", (ROOT / "compose.yaml").read_text()))
    assert asked
    assert all(name in README for name in asked)
    assert "docker compose up" in README
