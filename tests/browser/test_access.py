"""Everyone can use it: contrast, names, keyboard, small screens, screen readers, a page that does not jump."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT as AXE
from playwright.sync_api import expect

from core import link
from core.plan.example import example_plan
from core.plan.lever import Lever
from tests.browser.chromium import DESKTOP, PHONE, Reader
from tests.browser.conftest import NewReader

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
SEVERE = ("critical", "serious")
TABS = "[data-testid=stTabs]"  # where a page changes as its tabs are walked through
NARROW = {"width": 320, "height": 700}
# A function: what a page waits for as a text would be a script made of a text, which it refuses.
FITS = """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
  .every(e => e.scrollWidth <= e.clientWidth)"""
DARK = "rgb(17, 22, 29)"
GROUND = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
SHIFTS = """() => { window.shift = 0; new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({type: 'layout-shift', buffered: true}); }"""

CHART = "[data-testid=stVegaLiteChart]"
DRAWN = f"{CHART}:has(canvas, svg)"
ALL_DRAWN = "kinds => new Set(kinds.map(kind => document.querySelectorAll(kind).length)).size === 1"
HEARD_AT = "window.talk.at"  # when the page last heard of its server
LOOKS = 3
FIRST_STOPS = 12  # the skip link, and past the pages: the bar, the hint, the first field
STOP = "(document.activeElement.innerText || document.activeElement.ariaLabel || '').trim()"

everywhere = pytest.mark.parametrize("scheme", ["light", "dark"])
# Both sizes and both schemes, in half the visits: contrast does not depend on the size, nor layout on the scheme.
looks = pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"])
sizes = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


def violations(reader: Reader, where: str | None = None) -> list[str]:
    """What axe-core finds critical or serious on the page, or in what changed since it looked at the whole."""
    found: dict[str, Any] = {}
    for _ in range(LOOKS):  # a page that is worked out again meanwhile is faded: what was seen then does not count
        heard_at = reader.page.evaluate(HEARD_AT)
        if not reader.page.evaluate("'axe' in window"):
            reader.page.evaluate(AXE)
        found = reader.page.evaluate("([where, rules]) => axe.run(where ?? document, rules)", [where, RULES])
        if reader.page.evaluate(HEARD_AT) == heard_at:
            break
        reader.settle()
    return [
        f"{rule['id']} ({rule['impact']}): {node['target']}"
        for rule in found["violations"]
        if rule["impact"] in SEVERE
        for node in rule["nodes"]
    ]


def nothing_scrolls_sideways(reader: Reader, size: tuple[int, int]) -> None:
    """The page is no wider than its window; where that is a phone's, than a narrower one either."""
    reader.page.wait_for_function(FITS)
    if size == PHONE:
        reader.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        reader.page.wait_for_function(f"() => innerWidth === {NARROW['width']} && ({FITS})()")
        reader.page.set_viewport_size({"width": size[0], "height": size[1]})


@everywhere
@sizes
def test_no_serious_violation_of_wcag_and_nothing_scrolls_sideways(
    new_reader: NewReader, scheme: str, size: tuple[int, int]
) -> None:
    reader = new_reader(scheme=scheme, size=size).open()
    reader.page.get_by_test_id("stVegaLiteChart").locator("canvas, svg").first.wait_for()
    assert violations(reader) == []
    nothing_scrolls_sideways(reader, size)
    assert (reader.page.evaluate(GROUND) == DARK) == (scheme == "dark")


def test_no_serious_violation_in_any_tab_panel_or_notice(reader: Reader) -> None:
    for tab in ("Servers", "Place", "Growth", "Contract and prices", "People"):
        reader.tab(tab).settle()
        assert violations(reader, TABS) == [], tab
    reader.tab("Place").type_number("Facility overhead", "99")
    reader.page.get_by_text("The same as a table").first.click()
    reader.page.get_by_text("Why, and how far off").click()
    expect(reader.page.get_by_role("link", name="Measured against estimated")).to_be_visible()
    expect(reader.settle().page.get_by_test_id("stAlert").first).to_be_visible()
    assert violations(reader) == []
    reader.page.keyboard.press("Escape")
    assert violations(reader.share(), "[data-testid=stPopoverBody]") == []
    reader.page.keyboard.press("Escape")
    expect(reader.button("Share")).to_be_focused()
    expect(reader.settle().button("Copy link")).to_have_count(0)  # the server has heard that it is shut
    reader.page.keyboard.press("Enter")
    expect(reader.button("Copy link")).to_be_visible()
    reader.settle().page.keyboard.press("Tab")
    expect(reader.page.get_by_role("tab", name="Link", exact=True)).to_be_focused()


@pytest.mark.parametrize(("size", "stack"), [(DESKTOP, "By cause"), (PHONE, "By workload")], ids=["desktop", "phone"])
def test_every_table_fits_its_column(new_reader: NewReader, size: tuple[int, int], stack: str) -> None:
    reader = new_reader(size=size).open().segment(stack)
    for chart in range(3):
        reader.page.get_by_text("The same as a table").nth(chart).click()
        reader.settle()
    reader.page.get_by_text("every factor with its source").click()
    expect(reader.page.get_by_test_id("stTable")).to_have_count(6)
    assert (
        reader.settle()
        .page.get_by_test_id("stTable")
        .evaluate_all(
            "tables => tables.flatMap(t => [...t.children]).filter(box => box.scrollWidth > box.clientWidth).length"
        )
        == 0
    )
    assert violations(reader) == []


def test_no_serious_violation_when_there_is_nothing_to_show(new_reader: NewReader) -> None:
    reader = new_reader(scheme="dark").open()  # its first button must be legible on a dark page's pale accent
    reader.button("Replace with mine").click()
    expect(reader.headline).to_have_text("No workload yet")
    assert violations(reader.settle()) == []


def test_screen_readers_hear_the_new_headline_and_focus_stays_on_the_field(reader: Reader) -> None:
    said = reader.page.get_by_role("status").filter(has_text="a year in 2030")
    expect(said).to_have_attribute("aria-live", "polite")
    before = said.text_content()
    reader.type_number("Requests a day", "90000")
    assert reader.page.evaluate("document.activeElement.ariaLabel").startswith("Requests a day")
    expect(said).not_to_have_text(before or "")
    expect(said).to_contain_text(reader.answer().split(",")[0])


def test_the_page_has_one_first_heading_a_main_landmark_and_beside_every_chart_a_table(reader: Reader) -> None:
    assert reader.page.get_by_role("heading", level=1).count() == 1
    assert reader.page.get_by_role("heading", level=2).count() == 1
    assert reader.page.get_by_role("main").count() == 1
    tables = reader.page.get_by_text("The same as a table").count()
    assert tables == 3
    expect(reader.page.get_by_test_id("stVegaLiteChart")).to_have_count(tables)


@pytest.mark.parametrize(
    ("path", "field"), [("/", ".st-key-p_business_unit, [class*=business_unit]"), ("/what-if", ".st-key-levers")]
)
def test_the_first_field_or_lever_is_within_twelve_tab_stops(new_reader: NewReader, path: str, field: str) -> None:
    reader = new_reader().open(path)
    if path == "/":
        expect(reader.button("Replace with mine")).to_be_visible()  # a cold browser fetches what draws a button late
    expect(reader.page.locator(field).locator("input, button").first).to_be_visible()
    stops, places = [], []
    for stop in range(FIRST_STOPS):
        reader.page.keyboard.press("Tab")
        stops.append(reader.page.evaluate(STOP))
        places.append(reader.page.evaluate(f"document.activeElement.closest('{field}') !== null"))
        if stop == 0:
            reader.page.keyboard.press("Enter")  # past the names of the pages
    assert stops[0] == "Skip to main content"
    assert any("Example company" in stop for stop in stops)
    assert any(stop.startswith("Share") for stop in stops)
    assert path != "/" or "Replace with mine" in stops
    assert any(places), " | ".join(stops)


@looks
def test_no_serious_violation_on_what_if_and_shift(new_reader: NewReader, size: tuple[int, int], scheme: str) -> None:
    plan = example_plan().but(levers=(Lever(id="concise_output", value=0.5), Lever(id="layer_prune")))
    reader = new_reader(size=size, scheme=scheme).open(f"/what-if?s={link.encode(plan)}")
    reader.page.get_by_text("More levers").click()
    reader.settle().button("Assumptions").first.click()
    assert violations(reader.settle()) == []
    wide = "document.querySelector('[data-testid=stMain]')"
    assert reader.page.evaluate(f"{wide}.scrollWidth <= {wide}.clientWidth")
    reader.open(f"/shift?s={link.encode(example_plan().with_workload('W2', hours_chosen='profile', deferrable_h=12))}")
    reader.page.get_by_text("The same as a table").first.click()
    assert violations(reader.settle()) == []
    assert reader.page.evaluate(f"{wide}.scrollWidth <= {wide}.clientWidth")


def test_on_a_phone_no_tab_stop_is_out_of_sight_and_the_list_of_pages_opens_and_shuts(new_reader: NewReader) -> None:
    reader = new_reader(size=PHONE).open("/estimate")
    expect(reader.number("Requests a day")).to_be_visible()
    for _ in range(FIRST_STOPS):
        reader.page.keyboard.press("Tab")
        place = "(({left, right}) => [left, right])(document.activeElement.getBoundingClientRect())"
        left, right = reader.page.evaluate(place)
        assert right > 0
        assert left < PHONE[0]
    reader.page.get_by_test_id("stExpandSidebarButton").click()
    list_of_pages = reader.page.get_by_test_id("stSidebar")
    expect(list_of_pages).to_have_attribute("data-collapsed", "false")
    reader.page.get_by_role("link", name="Methods", exact=True).click()
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("Methods")
    expect(list_of_pages).to_have_attribute("data-collapsed", "true")
    reader.settle().page.get_by_test_id("stExpandSidebarButton").click()
    expect(list_of_pages).to_have_attribute("data-collapsed", "false")
    reader.page.reload()
    expect(reader.settle().page.get_by_test_id("stSidebar")).not_to_have_attribute("data-collapsed", "false")


@pytest.mark.parametrize(
    ("path", "size"), [("/", DESKTOP), ("/uncertainty", DESKTOP), ("/estimate", PHONE), ("/own", PHONE)]
)
def test_the_page_does_not_jump_while_it_loads(new_reader: NewReader, path: str, size: tuple[int, int]) -> None:
    assert _shift(new_reader(size=size, alone=True), path) <= 0.1


def _shift(reader: Reader, path: str) -> float:
    reader.page.add_init_script(f"({SHIFTS})()")
    reader.open(path)
    reader.page.wait_for_function(ALL_DRAWN, arg=[CHART, DRAWN])
    reader.page.wait_for_load_state("networkidle")  # half a second in which nothing more was fetched
    return float(reader.page.evaluate("window.shift"))
