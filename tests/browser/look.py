"""`python -m tests.browser.look --out FOLDER [NAME ...]`: every page as a picture, and what axe-core finds on it.

One Chromium goes over the pages and their panels at both sizes and in both schemes; FOLDER gets a picture of each view,
from the top of the page to its end.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Error, sync_playwright

from core import engine, link
from core.decide import warm as deciding
from core.plan.example import example_plan
from core.plan.example_target import with_example_target
from core.plan.lever import Lever
from core.results.figures import coefficients
from core.shift import warm as shifting
from core.targets import warm as targets
from tests.browser.chromium import DESKTOP, PHONE, Reader, launch, serve
from tests.browser.test_access import FITS, violations
from tests.door.provider import serving

SAMPLES = Path(__file__).parents[1] / "imports" / "samples"
LEVERS = (Lever(id="concise_output", value=0.5), Lever(id="layer_prune"), Lever(id="renewable_mb"))
PLAN = with_example_target(example_plan()).but(levers=LEVERS)
TEXT = link.encode(PLAN)
OTHERS = ",".join(f"~{link.encode(PLAN.but(levers=LEVERS[:count]))}" for count in (0, 1, 2))
METHODS = ("Formulas", "Inputs", "Tables", "Left out", "Accuracy", "Changes")
SIZES = {"desktop": DESKTOP, "phone": PHONE}
SCHEMES = ("light", "dark")
FONTS_MS = 700  # until charts that were sent last are drawn
TALLEST_PX = 12_000
TALL = "document.querySelector('[data-testid=stMainBlockContainer]')?.scrollHeight ?? 0"

WARM_UPS = (lambda: engine.warm_up(coefficients()), shifting.warm_up, targets.warm_up, deciding.warm_up)

Step = Callable[[Reader], object]


@dataclass(frozen=True, slots=True)
class View:
    """A page as somebody sees it: where it is, and what was done on it."""

    name: str
    path: str
    do: Step = lambda reader: reader


@dataclass(frozen=True, slots=True)
class Seen:
    """A view at one size in one scheme, and what is wrong with it."""

    name: str
    size: str
    scheme: str
    wrong: tuple[str, ...]

    def __str__(self) -> str:
        told = "".join(f"\n  {line}" for line in self.wrong)
        return f"{self.name}, {self.size}, {self.scheme}: {len(self.wrong)} serious{told}"


def _unfold(reader: Reader) -> None:
    """Open every chart's table."""
    for fold in reader.page.get_by_text("The same as a table").all():
        fold.click()
        reader.settle()


def _drop(reader: Reader) -> None:
    files = [SAMPLES / "litellm_daily_user_spend.csv", SAMPLES / "openai_usage_completions.json"]
    reader.page.locator("input[type=file]").first.set_input_files(files)
    reader.page.get_by_text("3\u00a0workloads to add").or_(
        reader.page.get_by_text("3 workloads to add")
    ).first.wait_for()


def _drop_broken(reader: Reader) -> None:
    broken = {"name": "usage.json", "mimeType": "application/json", "buffer": b'{"data": ['}
    reader.page.locator("input[type=file]").first.set_input_files(broken)  # type: ignore[arg-type]
    reader.page.get_by_test_id("stAlert").first.wait_for()


def _shares(reader: Reader) -> None:
    ask, done = reader.page.get_by_role("button", name="Work out the shares"), reader.page.get_by_text("alone makes")
    ask.or_(done).first.wait_for()
    if ask.count():  # the server keeps what an earlier look worked out
        ask.click()
    done.first.wait_for(timeout=90_000)


def _suggest(reader: Reader) -> None:
    reader.button("Suggest candidates").click()
    reader.page.get_by_role("button", name="Apply").first.wait_for(timeout=90_000)


def _saved(reader: Reader) -> None:
    reader.button("Save").click()
    field = reader.page.get_by_role("textbox", name="Your name", exact=True)
    field.fill("Ann")
    field.blur()


VIEWS = (
    View("plan", "/", lambda reader: reader.button("Got it").click()),
    View("plan_levers", f"/?s={TEXT}"),
    View("plan_tables", "/", _unfold),
    View("plan_empty", "/", lambda reader: reader.button("Replace with mine").click()),
    View("what_if", f"/what-if?s={TEXT}"),
    View("shift", f"/shift?s={link.encode(PLAN.with_workload('W2', hours_chosen='profile', deferrable_h=12))}"),
    View("targets_none", "/targets"),
    View("targets", f"/targets?s={TEXT}"),
    View("targets_company", f"/targets?s={link.encode(PLAN.with_target(mode='company'))}"),
    View("optimise_none", f"/optimise?s={link.encode(PLAN.but(levers=()))}"),
    View("optimise", f"/optimise?s={link.encode(PLAN.but(levers=(), workloads=PLAN.workloads[1:2]))}", _suggest),
    View("uncertainty", f"/uncertainty?s={TEXT}"),
    View("uncertainty_shares", f"/uncertainty?s={link.encode(PLAN.but(points='256'))}", _shares),
    View("compare_alone", "/compare"),
    View("compare", f"/compare?s={TEXT}&with=usual,screen,example"),
    View("compare_six", f"/compare?s={TEXT}&with=usual,screen,example,{OTHERS}"),
    View("estimate", "/estimate"),
    View("cases", "/cases"),
    View("import", "/import"),
    View("import_dropped", "/import", _drop),
    View("import_refused", "/import", _drop_broken),
    View("methods", "/methods?figure=carbon_location_kg"),
    *(View(f"methods_{name.lower().replace(' ', '_')}", "/methods", lambda r, n=name: r.tab(n)) for name in METHODS),
    View("own", "/own"),
    View("save", "/", _saved),
    View("share", f"/?s={TEXT}", lambda reader: reader.share()),
    View("share_export", f"/?s={TEXT}", lambda reader: reader.export()),
    View("share_open", f"/?s={TEXT}", lambda reader: reader.share().tab("Open")),
    View("scenario", f"/?s={TEXT}", lambda reader: reader.page.get_by_role("button", name="Example company").click()),
)
SIGNED_OUT = View("signed_out", "/", lambda reader: reader.button("Sign in").wait_for())


def walk(views: Sequence[View], out: Path | None = None) -> Iterator[Seen]:
    """Each view at both sizes in both schemes; its picture too where a folder is given."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser, folder = launch(playwright), Path(name)
        for warm_up in WARM_UPS:
            warm_up()
        with serve(folder / "log.txt") as address:
            yield from _walk(browser, address, [view for view in views if view != SIGNED_OUT], out)
        if SIGNED_OUT in views:
            with _protected(folder) as address:
                yield from _walk(browser, address, [SIGNED_OUT], out)
        browser.close()


@contextlib.contextmanager
def _protected(folder: Path) -> Iterator[str]:
    """A server that shows nobody a page who has not signed in."""
    with serving({}) as provider:
        said = provider.secrets("http://127.0.0.1:{port}", claim="groups", viewer=["staff"])
        sections = [
            f"[{name}]\n" + "\n".join(f"{key} = {json.dumps(v)}" for key, v in rows.items())
            for name, rows in said.items()
        ]
        file = folder / "secrets.toml"
        file.write_text("\n".join(sections), encoding="utf-8")
        with serve(folder / "door.txt", secrets_files=str(file)) as address:
            yield address


def _walk(browser: Browser, address: str, views: Sequence[View], out: Path | None) -> Iterator[Seen]:
    for scheme in SCHEMES:
        for size in SIZES:
            width, height = SIZES[size]
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
            )  # type: ignore[arg-type]
            for view in views:
                context.clear_cookies()
                page = context.new_page()
                yield Seen(view.name, size, scheme, tuple(_look(Reader(page, address), view, size, scheme, out)))
                page.close()
            context.close()


def _look(reader: Reader, view: View, size: str, scheme: str, out: Path | None) -> list[str]:
    """What is wrong with a view; one that cannot be reached, twice where the machine is busy, is told too."""
    for last in (False, True):
        try:
            _reach(reader, view)
        except Error as error:
            wrong = [f"not reached: {str(error).splitlines()[0]}"]
            if last:
                break
            continue
        wrong = violations(reader)
        if not reader.page.evaluate(f"({FITS})()"):
            wrong.append("scrolls sideways")
        wrong += reader.complaints
        break
    if out is not None:
        _picture(reader, SIZES[size], out / f"{view.name}_{size}_{scheme}.png")
    return wrong


def _reach(reader: Reader, view: View) -> None:
    if view == SIGNED_OUT:
        reader.page.goto(reader.address)
        view.do(reader)
    else:
        view.do(reader.open(view.path))
        reader.settle()


def _picture(reader: Reader, size: tuple[int, int], file: Path) -> None:
    """A picture of the whole page: the window is made as tall as what it shows."""
    page, (width, height) = reader.page, size
    tall = min(TALLEST_PX, max(height, int(page.evaluate(TALL)) + 60))
    page.set_viewport_size({"width": width, "height": tall})
    page.wait_for_timeout(FONTS_MS)
    page.screenshot(path=str(file))


def main() -> int:
    """Look at the views named, or at all; exit status 1 where one has a serious violation."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.browser.look", description=(__doc__ or "").partition("\n")[0]
    )
    every = {view.name: view for view in (*VIEWS, SIGNED_OUT)}
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"only these: {', '.join(every)}")
    parser.add_argument("--out", type=Path, help="folder for the pictures")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(every):
        parser.error(f"no view {', '.join(sorted(unknown))}")
    if asked.out is not None:
        asked.out.mkdir(parents=True, exist_ok=True)
    count = 0
    for seen in walk([every[name] for name in asked.names or every], asked.out):
        print(seen, flush=True)
        count += len(seen.wrong)
    return int(count > 0)


if __name__ == "__main__":
    raise SystemExit(main())
