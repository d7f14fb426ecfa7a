"""A server of its own, a Chromium, and a reader who uses the page as a person does."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Error, Locator, Page, Playwright, expect

from core import link, results, words
from core.plan import Plan
from core.results import interval
from core.ui.shown import page_scale

ROOT = Path(__file__).parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Playwright's own list, which this one takes the place of, and the popups of the address bar: two pages of the browser
# that each window loads for nobody, in half a second.
LEFT_OUT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,"
    "LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,"
    "OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch,"
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup"
)
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={LEFT_OUT}",
)
# A visit of a test is too short for scripts to be compiled anew for speed: opening, editing and looking through four
# pages takes the processors a fifth less time without (all threads together, 11.5 s and 14.5 s, runs taking turns).
BRIEF = "--js-flags=--no-opt --no-maglev"
STREAMLIT = ("streamlit", "run")
START_S = 60.0
WAIT_MS = 20_000
expect.set_options(timeout=WAIT_MS)  # a busy machine is slow, not wrong
DESKTOP, PHONE = (1440, 900), (390, 844)
# What a click or a key sets off has begun: the page has drawn, and has nothing left to do. Not in the grid, which
# waits 150 ms: who types there waits for the headline.
# A browser that draws nothing for a second is not waited for.
BEGUN = """() => Promise.race([
  new Promise(done => requestAnimationFrame(() => requestIdleCallback(done))),
  new Promise(done => setTimeout(done, 1000)),
])"""
SOON_MS = 25  # between two looks at the address
QUIET_MS = 75  # between two messages of one run passes less, and what was heard is drawn
# What the page says to its server and hears: how often, and when last.
LISTEN = """(() => {
  if (window.talk) return;
  const talk = window.talk = {unanswered: 0, at: 0};
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    if (!this.heard) this.heard = !this.addEventListener('message', () => {
      talk.unanswered = 0; talk.at = performance.now();
    });
    talk.unanswered += 1;
    talk.at = performance.now();
    return send.call(this, data);
  };
})()"""
# The page is at rest: nothing it said is unanswered, no run goes on, and it is seen so for a moment, in several looks.
# Not since it last heard something: while a busy page draws that, nobody looks, and that a run has begun shows later.
AT_REST = f"""() => {{
  const app = document.querySelector('[data-testid=stApp]'), talk = window.talk, now = performance.now();
  const still = app && app.dataset.testScriptState === 'notRunning' && document.querySelector('h2')
    && document.fonts.status === 'loaded' && talk.unanswered === 0;
  if (!still || talk.seen !== talk.at) {{ talk.seen = still ? talk.at : -1; talk.since = now; }}
  return still && now - talk.since > {QUIET_MS};
}}"""


def executable() -> str | None:
    """The Chromium of this machine; CHROME_PATH goes first."""
    named = os.environ.get("CHROME_PATH")
    return named or next((found for name in NAMES if (found := shutil.which(name))), None)


def launch(playwright: Playwright, *flags: str) -> Browser:
    """A headless Chromium that talks to nobody but the page."""
    return playwright.chromium.launch(executable_path=executable(), args=[*FLAGS, *flags])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def serve(log: Path, program: Sequence[str] = STREAMLIT, **more: str) -> Iterator[str]:
    """A fresh server of the app, with more options (`secrets_files`); yields its address."""
    port = _free_port()
    options: dict[str, int | str] = {
        "server.port": port,
        "server.address": "127.0.0.1",
        "server.headless": "true",
        "server.fileWatcherType": "none",
    }
    options |= {name.replace("_", "."): text for name, text in more.items()}
    command = [sys.executable, "-m", *program, "app.py"]
    command += [f"--{name}={value}" for name, value in options.items()]
    with log.open("w") as out:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)
        try:
            _wait(f"http://127.0.0.1:{port}/_stcore/health", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()  # it keeps nothing
            process.wait()


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=2):
            return
        time.sleep(0.05)
    raise RuntimeError(f"the server did not start:\n{log.read_text()[-2000:]}")


def expected_headline(plan: Plan) -> str:
    """The headline that the engine's own figures make."""
    found = results.of(plan)
    low, mid, high = interval(found.total(found.carbon_kg())[found.place(plan.shown_year())])
    answer, phrase = words.headline(mid, low, high, page_scale(found), "CO₂e", f"a year in {plan.shown_year()}")
    return f"{answer}, {phrase}" if phrase else answer


class Reader:
    """One person at one tab: opens pages, types, reads."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        page.set_default_timeout(WAIT_MS)
        page.add_init_script(LISTEN)
        page.on("console", self._note)
        page.on("pageerror", self._note_fault)

    def _note_fault(self, error: Error) -> None:
        self.complaints.append(str(error))

    def _note(self, message: ConsoleMessage) -> None:
        """Keep an error of the console. Streamlit looks for its server below a page's path before `/`: no error."""
        below_a_page = (
            f"{self.address}/_stcore/" not in message.location["url"] and "/_stcore/" in message.location["url"]
        )
        if message.type == "error" and not below_a_page:
            self.complaints.append(f"{message.text} ({message.location['url']})")

    def leave(self) -> Page:
        """End the visit; the tab is free for the next reader."""
        self.page.remove_listener("console", self._note)
        self.page.remove_listener("pageerror", self._note_fault)
        self.page.evaluate(
            "localStorage.clear(); sessionStorage.clear()"
        )  # an opened list of pages would be open for the next reader
        self.page.goto("about:blank")
        return self.page

    def open(self, path: str = "/") -> Reader:
        """Go to a page of the app and wait until it is at rest.

        Chromium draws what it loads behind another tab once a second: each click there would wait for that.
        """
        self.page.bring_to_front()
        self.page.goto(path if path.startswith("http") else self.address + path)
        return self.settle()

    def settle(self) -> Reader:
        """Wait until the page shows its answer and has been at rest for a moment."""
        self.page.evaluate(BEGUN)
        self.page.wait_for_function(AT_REST, timeout=WAIT_MS, polling=SOON_MS)
        return self

    @property
    def headline(self) -> Locator:
        """The page's answer."""
        return self.page.locator("h2")

    def answer(self) -> str:
        """The headline's text."""
        return (self.headline.first.text_content() or "").strip()

    def link(self) -> str:
        """The plan's text in the address bar; empty for the untouched example."""
        return parse_qs(urlsplit(self.page.url).query).get("s", [""])[0]

    def expect_linked(self, plan: Plan) -> Reader:
        """Wait until the address bar holds that plan: it is written last."""
        until = time.monotonic() + WAIT_MS / 1000
        while link.decode(self.link()).plan != plan and time.monotonic() < until:
            self.page.wait_for_timeout(SOON_MS)
        assert link.decode(self.link()).plan == plan
        return self

    def button(self, name: str) -> Locator:
        """A button by its exact name."""
        return self.page.get_by_role("button", name=name, exact=True)

    def tab(self, name: str) -> Reader:
        """Open a tab of the detail panel."""
        self.page.get_by_role("tab", name=name, exact=True).click()
        return self

    def number(self, label: str) -> Locator:
        """A number field by the start of its label; one that may be blank is a line of text."""
        role = self.page.get_by_role
        return role("spinbutton", name=label).or_(role("textbox", name=label)).first

    def type_number(self, label: str, text: str) -> Reader:
        """Type into a number field and leave it with Enter."""
        field = self.number(label)
        field.fill(text)
        field.press("Enter")
        return self.settle()

    def choose(self, label: str, text: str) -> Reader:
        """Pick an entry of a list by typing a part of it."""
        field = self.page.get_by_role("combobox", name=label, exact=True)
        field.click()
        field.fill(text)
        self.page.get_by_role("option", name=text).first.click()
        return self.settle()

    def segment(self, name: str) -> Reader:
        """Press one segment of a row."""
        self.page.get_by_role("radio", name=name, exact=True).click()
        return self.settle()

    def export(self) -> Reader:
        """Open the Share panel at the files to take away."""
        return self.share().tab("Export")

    def share(self) -> Reader:
        """Open the Share panel."""
        self.button("Share").click()
        expect(self.button("Copy link")).to_be_visible()
        return self

    def table(self, first_column: str) -> dict[str, list[str]]:
        """The rows of the visible table whose first column has that name: first cell -> the others."""
        wanted = self.page.locator("table").filter(has=self.page.locator("th", has_text=first_column))
        expect(wanted.first).to_be_visible()
        rows = wanted.first.locator("tbody tr").all()
        texts = [[cell.strip() for cell in row.locator("td, th").all_text_contents()] for row in rows]
        return {cells[0]: cells[1:] for cells in texts}

    def text(self) -> str:
        """Everything written on the page."""
        return self.page.locator("body").inner_text()

    def alerts(self) -> str:
        """What the page says in its notices."""
        return "\n".join(self.page.get_by_test_id("stAlert").all_inner_texts())
