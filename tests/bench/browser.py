"""Every page in a real browser: `python -m tests.bench.browser [PAGE ...]`.

On a server of its own each: how long until the first number stands, on a new server and later, what is loaded, how far
the page jumps meanwhile; then, over many changes, how long until the new answer is on screen, and until its charts have
come to rest. Times are by the page's own clock, from the event of the key or the click to the frame after the change.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Error, sync_playwright

from tests.bench.figure import Figure, at_most
from tests.bench.shown import FEW, Shown, large, pages
from tests.browser.chromium import DESKTOP, Reader, executable, launch, serve

CHANGES, ONCE, VISITS, UNTIMED = 15, 5, 3, 2
BYTES_PER_MB = 1e6
FIRST_MS, NEW_SERVER_MS, CHANGE_MS, WORST_MS, SETTLED_MS, SHIFT, LOADED_MB = 1_500, 2_500, 150, 400, 500, 0.1, 3.5
MEDIAN_MS = 100  # of the pages, where CHANGE_MS is what each may take
LARGE_TIMES = 2  # what fifty workloads may take more
WATCH = """([event, before]) => new Promise((done, fail) => {
  const read = () => %s;
  window.addEventListener(event, cause => {
    const start = cause.timeStamp, app = document.querySelector('[data-testid=stApp]');
    const since = () => performance.now() - start;
    let drawn = 0;
    new MutationObserver(changes => {
      if (changes.some(c => c.target.closest?.('[data-testid=stVegaLiteChart]'))) drawn = since();
    }).observe(app, {childList: true, subtree: true, attributes: true});
    const end = (changed, ended) => {
      if (app.dataset.testScriptState !== 'notRunning') ended = 0;
      else if (!ended) ended = since();
      if (ended && since() - Math.max(ended, drawn) > 300) done([changed, Math.max(ended, drawn)]);
      else requestAnimationFrame(() => end(changed, ended));
    };
    const look = () => {
      if (since() > 30000) fail(new Error('no new answer in 30 s'));
      else if (read() === before) requestAnimationFrame(look);
      else requestAnimationFrame(() => end(since(), 0));
    };
    look();
  }, {once: true, capture: true});
})"""
ARRIVAL = """() => { window.jumps = 0;
  new PerformanceObserver(l => { for (const e of l.getEntries()) if (!e.hadRecentInput) window.jumps += e.value; })
    .observe({type: 'layout-shift', buffered: true});
  new MutationObserver(() => { const h = document.querySelector('h2');
    if (h && h.textContent && !window.arrived) window.arrived = performance.now(); })
    .observe(document, {childList: true, subtree: true, characterData: true});
}"""


@dataclass(frozen=True, slots=True)
class Timed:
    """What was measured of one page."""

    page: Shown
    arrived_ms: list[float]  # the first on a new server
    jumps: list[float]
    loaded_mb: float
    changed_ms: list[float]
    settled_ms: list[float]


def lines(names: Sequence[str] = ()) -> Iterator[str | Figure]:
    """A line a page, a figure a page for what a change takes, and of all else the worst page."""
    if executable() is None:
        yield "No Chromium here: the pages in a browser were not measured."
        yield from NOT_RUN
        return
    found = []
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = launch(playwright)
        for page in (page for page in (*pages(), *large()) if not names or page.name in names):
            try:
                found.append(_timed(browser, Path(folder), page))
                yield _line(found[-1])
            except Error as error:
                yield Figure(
                    _told(page), None, "ms", at_most(_aim_ms(page)), f"failed: {error.message.splitlines()[0]}"
                )
        browser.close()
    for timed in found:
        yield _change(timed.page, timed)
    for workloads in (FEW, *({timed.page.workloads for timed in found} - {FEW})):
        yield from _worst([timed for timed in found if timed.page.workloads == workloads], workloads)


def _timed(browser: Browser, folder: Path, page: Shown) -> Timed:
    with serve(folder / "log.txt") as address:
        visits = [_visit(browser, address + page.address()) for _ in range(1 + VISITS)]
        changes = _changes(browser, address, page)
    arrived, jumps, loaded = (list(column) for column in zip(*visits, strict=True))
    changed, settled = (list(column) for column in zip(*changes, strict=True))
    return Timed(page, arrived, jumps, loaded[0] / BYTES_PER_MB, changed, settled)


def _visit(browser: Browser, address: str) -> tuple[float, float, float]:
    """First answer [ms], layout shift and bytes of a visit with an empty browser profile."""
    context = browser.new_context(viewport={"width": DESKTOP[0], "height": DESKTOP[1]})
    page = context.new_page()
    sizes: list[int] = []
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda told: sizes.append(int(told["encodedDataLength"])))
    page.add_init_script(f"({ARRIVAL})()")
    Reader(page, address).open("").page.wait_for_timeout(1_000)
    arrived, jumps = page.evaluate("[window.arrived, window.jumps]")
    context.close()
    return float(arrived), float(jumps), float(sum(sizes))


def _changes(browser: Browser, address: str, shown: Shown) -> list[tuple[float, float]]:
    """Milliseconds from each event to the new answer on screen, and to the end of the run and of drawing charts."""
    context = browser.new_context(viewport={"width": DESKTOP[0], "height": DESKTOP[1]})
    reader = Reader(context.new_page(), address).open(shown.address())
    found = []
    for run in range(UNTIMED + (ONCE if shown.once else CHANGES)):
        if run and shown.once:
            reader.open(shown.address())
        if shown.tab and not run:
            reader.tab(shown.tab).settle()
        shown.ready(reader, run)
        before = reader.page.evaluate(shown.watched)
        asked = [shown.event, before]
        reader.page.evaluate(f"asked => {{ window.waited = ({WATCH % shown.watched})(asked); }}", asked)
        shown.act(reader, run)
        changed, settled = reader.page.evaluate("window.waited")
        found.append((float(changed), float(settled)))
        reader.settle()
    context.close()
    return found[UNTIMED:]


def _line(timed: Timed) -> str:
    new, *later = timed.arrived_ms
    return (
        f"{_name(timed.page)}: first answer {median(later):,.0f} ms (new server {new:,.0f}), {timed.loaded_mb:.1f} MB, "
        f"layout shift {max(timed.jumps):.2f}, change {median(timed.changed_ms):,.0f} "
        f"(worst {max(timed.changed_ms):,.0f}) ms, charts at rest {median(timed.settled_ms):,.0f} ms"
    )


def _name(page: Shown) -> str:
    return page.name if page.workloads == FEW else f"{page.name}, {page.workloads} workloads"


def _told(page: Shown) -> str:
    return f"browser: {_name(page)}, change to new number"


def _aim_ms(page: Shown) -> int:
    return CHANGE_MS if page.workloads == FEW else MEDIAN_MS * LARGE_TIMES


def _change(page: Shown, timed: Timed | None = None) -> Figure:
    note = f"worst {max(timed.changed_ms):,.0f} of {len(timed.changed_ms)}" if timed else ""
    return Figure(_told(page), median(timed.changed_ms) if timed else None, "ms", at_most(_aim_ms(page)), note)


def _worst(found: Sequence[Timed], workloads: int) -> Iterator[Figure]:
    """Of each figure the page that is worst in it."""
    times = 1 if workloads == FEW else LARGE_TIMES
    ways = (
        ("first number, new server", "ms", NEW_SERVER_MS * times, lambda t: t.arrived_ms[0]),
        ("first number, later visits", "ms", FIRST_MS * times, lambda t: median(t.arrived_ms[1:])),
        ("slowest single change", "ms", WORST_MS * times, lambda t: max(t.changed_ms)),
        ("charts at rest after a change", "ms", SETTLED_MS * times, lambda t: median(t.settled_ms)),
        ("layout shift of a visit", "CLS", SHIFT, lambda t: max(t.jumps)),
        ("loaded by a first visit", "MB", LOADED_MB, lambda t: t.loaded_mb),
    )
    of_many = "" if workloads == FEW else f", {workloads} workloads"
    middle = median(median(one.changed_ms) for one in found) if found else None
    told = f"browser: median of the pages{of_many}, change to new number"
    yield Figure(told, middle, "ms", at_most(MEDIAN_MS * times), f"{len(found)} pages" if found else "")
    whose = f"any page{of_many}"
    for name, unit, aim, value in ways:
        worst = max(found, key=value) if found else None
        note = f"on {worst.page.name}" if worst else ""
        yield Figure(f"browser: {whose}, {name}", value(worst) if worst else None, unit, at_most(aim), note)


NOT_RUN = tuple(_change(page) for page in (*pages(), *large())) + tuple(_worst((), FEW))

if __name__ == "__main__":
    for line in lines(sys.argv[1:]):
        print(line, flush=True)
