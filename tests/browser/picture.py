"""`python -m tests.browser.picture`: take the README's picture anew from the real app."""

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.chromium import DESKTOP, ROOT, Reader, launch, serve

PICTURE = ROOT / ".github" / "plan.png"

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder) / "log.txt") as address, sync_playwright() as p:
        page = launch(p).new_page(viewport={"width": DESKTOP[0], "height": DESKTOP[1]}, color_scheme="light")
        Reader(page, address).open().button("Got it").click()
        page.wait_for_timeout(3_000)
        PICTURE.parent.mkdir(exist_ok=True)
        page.screenshot(path=str(PICTURE))
