"""A protected installation in a real browser, with a real provider: one link, three people, each in their role."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import WebSocket, expect

from core import link
from core.plan.example import example_plan
from tests.browser.chromium import Reader, serve
from tests.browser.conftest import NewReader
from tests.browser.test_access import violations
from tests.door.provider import Provider, serving

OURS = example_plan().but(name="Confidential plan").with_workload("W2", model="mixtral-8x7b")
DOOR = {"claim": "groups", "viewer": ["staff"], "editor": ["carbon"], "reviewer": ["audit"]}
USERS = {
    "ann": {"sub": "1", "name": "Ann", "groups": ["carbon"]},
    "ben": {"sub": "2", "name": "Ben", "groups": ["audit", "staff"]},
    "vic": {"sub": "3", "name": "Vic", "groups": "staff"},
}


@pytest.fixture(scope="module")
def protected(kernels: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Provider]]:
    """An installation that lets in who signs in with the provider."""
    folder = tmp_path_factory.mktemp("protected")
    file = folder / "secrets.toml"
    with serving(USERS) as provider:
        _write(file, provider.secrets("http://127.0.0.1:{port}", **DOOR))
        with serve(folder / "log.txt", secrets_files=str(file)) as address:
            provider.redirect_uri = f"{address}/oauth2callback"
            yield address, provider


def _write(file: Path, secrets: dict[str, dict[str, object]]) -> None:
    lines = [
        [f"[{name}]", *(f"{key} = {json.dumps(one)}" for key, one in said.items())] for name, said in secrets.items()
    ]
    file.write_text("\n".join(line for section in lines for line in section), encoding="utf-8")


def _sign_in(reader: Reader, user: str) -> Reader:
    reader.button("Sign in").click()
    reader.page.get_by_role("link", name=user, exact=True).click()
    return reader


def test_one_link_three_people_each_in_their_role(new_reader: NewReader, protected: tuple[str, Provider]) -> None:
    address, _ = protected
    heard: list[bytes] = []
    reader = new_reader(address, alone=True)
    page = reader.page

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: heard.append(frame if isinstance(frame, bytes) else frame.encode()))

    page.on("websocket", listen)
    page.goto(f"{address}/compare?s={link.encode(OURS)}")
    expect(page.get_by_text("Sign in to see the plans that are kept here.")).to_be_visible()
    expect(reader.button("Sign in")).to_be_enabled()
    assert violations(reader) == []
    assert heard
    told = b"".join(heard)
    assert not [word for word in (b"Confidential", b"mixtral", b"Employee knowledge", b"Saved plans") if word in told]

    _sign_in(reader, "ann")  # comes back to the very link
    page.wait_for_url("**/compare?s=*")
    expect(page.get_by_role("button", name="Confidential plan")).to_be_visible()
    assert link.decode(reader.link()).plan == OURS
    reader.settle().button("Save").click()
    expect(page.get_by_text("Signed in as Ann, editor.").first).to_be_visible()
    reader.button("Save this plan").click()
    page.wait_for_url("**/compare?p=*")
    asked = page.url.rpartition("?")[2]
    reader.settle().button("Ask for review").click()
    expect(page.get_by_text("somebody else approves it.")).to_be_visible()
    expect(reader.button("Approve")).to_have_count(0)
    _sign_out(reader, "Ann")

    page.goto(f"{address}/compare?{asked}")
    _sign_in(reader, "ben")
    page.wait_for_url(f"**/compare?{asked}")
    expect(reader.button("Approve")).to_be_enabled()
    reader.settle().button("Approve").click()
    expect(page.get_by_text("signed off by Ben,").first).to_be_visible()
    _sign_out(reader, "Ben")

    page.goto(f"{address}/compare?{asked}")
    _sign_in(reader, "vic")
    expect(page.get_by_text("signed off by Ben,").first).to_be_visible()
    expect(reader.button("Change log as CSV")).to_be_enabled()
    reader.settle()
    offered = [one for one in ("Lock", "Withdraw approval", "Archive", "Add note") if reader.button(one).count()]
    assert offered == []
    data = page.request.get(f"{address}/data/results.csv?{asked}")
    assert (data.status, data.text().count("\n") > 50) == (200, True)
    assert page.request.get(f"{address}/data/results.csv?{asked}", headers={"Cookie": "none=1"}).status == 401


def _sign_out(reader: Reader, name: str) -> None:
    reader.page.evaluate("sessionStorage.setItem('glidepath_draft', 'a plan with its prices')")
    reader.button(name).click()
    reader.button("Sign out").click()
    reader.page.wait_for_url(f"{reader.address}/")
    expect(reader.button("Sign in")).to_be_enabled()
    assert reader.page.evaluate("sessionStorage.getItem('glidepath_draft')") is None
