"""How fast Plan, What-if and Estimate are: the server's share of a change, and what a reader waits for in a browser.

`python -m tests.bench.page` prints these lines alone. The example portfolio, 256 draws, every figure computed anew.
"""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from unittest.mock import patch

from playwright.sync_api import Browser, sync_playwright
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.testing.v1 import AppTest

from core import link
from core.plan.example import example_plan
from core.plan.example_target import with_example_target
from core.plan.lever import Lever
from core.ui import outbox
from tests.browser.chromium import DESKTOP, ROOT, Reader, executable, launch, serve

SERVER_RUNS, BROWSER_RUNS, VISITS = 30, 30, 5
MS_PER_S, BYTES_PER_MB = 1_000, 1e6


@dataclass(frozen=True, slots=True)
class Shown:
    """A page, and a field of it whose values move the page's answer; in which tab it stands, where it is in one."""

    name: str
    path: str
    field: str
    values: tuple[str, str, str]
    tab: str = ""


SHORTER = link.encode(example_plan().but(levers=(Lever(id="concise_output"),)))
PAGES = (
    Shown("Plan", "/", "Facility overhead", ("1.2", "2", "2.8"), tab="Place"),
    Shown("What-if", f"/what-if?s={SHORTER}", "Answer length kept", ("0.3", "0.6", "0.9")),
    Shown(
        "Targets",
        f"/targets?s={link.encode(with_example_target(example_plan()))}",
        "Target year",
        ("2032", "2033", "2034"),
    ),
    Shown("Estimate", "/estimate", "Output length", ("500", "900", "1300")),
)
# From the key's own event, by the page's clock: to the frame after the headline has changed, and after the run ended.
WATCH = """(before) => new Promise((done, fail) => {
  window.addEventListener('keydown', event => {
    const start = event.timeStamp;
    const since = () => performance.now() - start;
    const app = document.querySelector('[data-testid=stApp]');
    const end = changed => app.dataset.testScriptState === 'notRunning'
      ? requestAnimationFrame(() => done([changed, since()])) : requestAnimationFrame(() => end(changed));
    const look = () => {
      if (since() > 10000) fail(new Error('the headline did not change in 10 s'));
      else if (document.querySelector('h2').textContent === before) requestAnimationFrame(look);
      else requestAnimationFrame(() => end(since()));
    };
    look();
  }, {once: true, capture: true});
})"""
ARRIVAL = """() => { window.jumps = 0;
  new PerformanceObserver(l => { for (const e of l.getEntries()) if (!e.hadRecentInput) window.jumps += e.value; })
    .observe({type: 'layout-shift', buffered: true});
  new MutationObserver(() => { const h = document.querySelector('h2');
    if (h && /\\d/.test(h.textContent) && !window.arrived) window.arrived = performance.now(); })
    .observe(document, {childList: true, subtree: true, characterData: true});
}"""


def lines() -> Iterator[str]:
    """The measurements as lines of text."""
    yield _line("Plan page, one rerun on the server, wall time with its pause for a browser", server_ms())
    pause = f"{outbox.LEAVE_S * MS_PER_S:.0f} ms"
    yield _line(f"Plan page, one rerun on the server without that pause of {pause}: the work itself", server_ms(0.0))
    if executable() is None:
        yield "No Chromium here: the pages in a browser were not measured."
        return
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = launch(playwright)
        for shown in PAGES:
            yield from _page(browser, Path(folder), shown)
        browser.close()


def _page(browser: Browser, folder: Path, shown: Shown) -> Iterator[str]:
    walls = folder / f"{shown.name}.txt"
    with serve(folder / "log.txt", ("tests.bench.timed_server", str(walls))) as address:
        visits = [_visit(browser, address + shown.path) for _ in range(1 + VISITS)]
        changes, reruns, settled = _changes(browser, address, shown, walls)
    first, page = visits[0], f"{shown.name} page"
    yield f"{page}, first number, new server: {first[0]:,.0f} ms; {first[2] / BYTES_PER_MB:.1f} MB loaded"
    yield _line(f"{page}, first number in a fresh browser, later visits", [visit[0] for visit in visits[1:]])
    jumps = [visit[1] for visit in visits]
    yield f"{page}, layout shift while loading (CLS): median {median(jumps):.2f}, worst {max(jumps):.2f}"
    yield _line(f"{page}, one rerun on the server while the browser draws on the same cores", reruns)
    yield _line(f"{page}, a change in a field to the new headline on screen", changes)
    yield _line(f"{page}, a change in a field to the end of the run in the browser", settled)


def _line(what: str, found_ms: list[float]) -> str:
    return f"{what}: median {median(found_ms):,.0f} ms, worst {max(found_ms):,.0f} ms ({len(found_ms)} runs)"


def server_ms(pause_s: float = outbox.LEAVE_S) -> list[float]:
    """Milliseconds of each rerun after a change: the script, what it sends, and Streamlit's collecting of garbage.

    What the test harness does afterwards, reading the sent page back into a tree, is not the server's and is left out.
    It makes the pause that it makes for a browser (`outbox.paint_first`), and holds back what it holds back then.
    """
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    gc.collect()
    gc.freeze()
    found: list[float] = []
    plain = ScriptRunner._run_script

    def timed(runner: ScriptRunner, *given: object) -> None:
        start = time.perf_counter()
        plain(runner, *given)
        found.append((time.perf_counter() - start) * MS_PER_S)

    with (
        patch.object(ScriptRunner, "_run_script", timed),
        patch.object(outbox, "looked_at", lambda: True),
        patch.object(outbox, "LEAVE_S", pause_s),
    ):
        for run in range(SERVER_RUNS + 3):
            app.number_input(key="w:W2:requests_per_day").set_value(11_000.0 + 10 * run).run()
    return found[3:]


def _visit(browser: Browser, address: str) -> tuple[float, float, float]:
    """First useful number [ms], layout shift and bytes of a visit with an empty browser profile."""
    context = browser.new_context(viewport={"width": DESKTOP[0], "height": DESKTOP[1]})
    page = context.new_page()
    sizes: list[int] = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    page.add_init_script(f"({ARRIVAL})()")
    Reader(page, address).open("").page.wait_for_timeout(1_000)
    arrived, jumps = page.evaluate("[window.arrived, window.jumps]")
    context.close()
    return float(arrived), float(jumps), float(sum(sizes))


def _changes(browser: Browser, address: str, shown: Shown, walls: Path) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds from the Enter key to the new headline on screen, of the rerun, and to the end of the run."""
    page = browser.new_context(viewport={"width": DESKTOP[0], "height": DESKTOP[1]}).new_page()
    reader = Reader(page, address).open(shown.path)
    if shown.tab:
        reader.tab(shown.tab).settle()
    found, reruns, settled = [], [], []
    for run in range(BROWSER_RUNS + 2):
        reader.number(shown.field).fill(shown.values[run % len(shown.values)])
        before = reader.headline.first.text_content()
        page.evaluate(f"before => {{ window.waited = ({WATCH})(before); }}", before)
        runs = len(walls.read_text().split())
        reader.number(shown.field).press("Enter")
        found.append(float(page.evaluate("window.waited.then(times => times[0])")))
        settled.append(float(page.evaluate("window.waited.then(times => times[1])")))
        reader.settle()
        reruns.append(float(walls.read_text().split()[runs]))
    page.context.close()
    return found[2:], reruns[2:], settled[2:]


if __name__ == "__main__":
    for line in lines():
        print(line, flush=True)
