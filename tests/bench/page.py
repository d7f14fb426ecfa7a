"""How fast the Plan page is: the server's share of a change, and what a reader waits for in a real browser.

`python -m tests.bench.page` prints these lines alone. The example portfolio, 256 draws, every figure computed anew.
"""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from unittest.mock import patch

from playwright.sync_api import Browser, sync_playwright
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.testing.v1 import AppTest

from tests.browser.chromium import DESKTOP, ROOT, Reader, executable, launch, serve

SERVER_RUNS, BROWSER_RUNS, VISITS = 30, 20, 5
MS_PER_S, BYTES_PER_MB = 1_000, 1e6
TAB, FIELD, VALUES = "Place", "Facility overhead", ("1.2", "2", "2.8")
# Time from the key's own event to the frame after the headline has changed, both by the page's clock.
WATCH = """(before) => new Promise((done, fail) => {
  window.addEventListener('keydown', event => {
    const start = event.timeStamp;
    const look = () => {
      if (performance.now() - start > 10000) fail(new Error('the headline did not change in 10 s'));
      else if (document.querySelector('h2').textContent === before) requestAnimationFrame(look);
      else requestAnimationFrame(() => done(performance.now() - start));
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
    runs = sorted(server_ms())
    yield _line("Plan page, one rerun on the server, without the pause for the first paint", runs)
    if executable() is None:
        yield "No Chromium here: the page in a browser was not measured."
        return
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = launch(playwright)
        with serve(Path(folder) / "log.txt") as address:
            visits = [_visit(browser, address) for _ in range(1 + VISITS)]
            changes = sorted(_changes(browser, address))
        browser.close()
    yield f"First number in a browser, new server: {visits[0][0]:,.0f} ms; {visits[0][2] / BYTES_PER_MB:.1f} MB loaded"
    yield _line("First number in a fresh browser, later visits", sorted(visit[0] for visit in visits[1:]))
    jumps = [visit[1] for visit in visits]
    yield f"Layout shift while loading (CLS): median {median(jumps):.2f}, worst {max(jumps):.2f}"
    yield _line("A change in a field to the new headline on screen", changes)


def _line(what: str, sorted_ms: list[float]) -> str:
    return f"{what}: median {median(sorted_ms):,.0f} ms, worst {sorted_ms[-1]:,.0f} ms ({len(sorted_ms)} runs)"


def server_ms() -> list[float]:
    """Milliseconds of each rerun after a change: the script, what it sends, and Streamlit's collecting of garbage.

    What the test harness does afterwards, reading the sent page back into a tree, is not the server's and is left out.
    Nor is the pause in it that the script makes for a browser after its headline (`frame.PAINT_FIRST_S`): here is none.
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

    with patch.object(ScriptRunner, "_run_script", timed):
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
    Reader(page, address).open().page.wait_for_timeout(1_000)
    arrived, jumps = page.evaluate("[window.arrived, window.jumps]")
    context.close()
    return float(arrived), float(jumps), float(sum(sizes))


def _changes(browser: Browser, address: str) -> list[float]:
    """Milliseconds from the Enter key in a field to the new headline on screen."""
    page = browser.new_context(viewport={"width": DESKTOP[0], "height": DESKTOP[1]}).new_page()
    reader = Reader(page, address).open()
    reader.tab(TAB).settle()
    found = []
    for run in range(BROWSER_RUNS + 2):
        reader.number(FIELD).fill(VALUES[run % len(VALUES)])
        before = reader.headline.first.text_content()
        page.evaluate(f"before => {{ window.waited = ({WATCH})(before); }}", before)
        reader.number(FIELD).press("Enter")
        found.append(float(page.evaluate("window.waited")))
        reader.settle()
    page.context.close()
    return found[2:]


if __name__ == "__main__":
    for line in lines():
        print(line, flush=True)
