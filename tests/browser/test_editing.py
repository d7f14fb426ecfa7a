"""Editing: what is typed moves every figure, the reasons and the link, and can be taken back."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from core import link
from core.plan import Plan, Workload
from core.plan.example import example_plan
from core.results.busy import in_step
from core.ui.portfolio import COLUMNS, WIDTHS
from tests.browser.chromium import Reader, expected_headline

ROW_HEIGHT = 36
KEY_MS = 70  # between two keys: 170 words a minute
ASSISTANT = "W2"


def _in_step(plan: Plan) -> Plan:
    """The plan with every busy share the example holds in step with the load, as the page keeps it."""
    for workload in example_plan().workloads:
        plan = in_step(plan, workload) if workload.busy_share is not None else plan
    return plan


def _click_cell(reader: Reader, row: int, column: str) -> None:
    """Click the middle of a cell of the grid, which is drawn on a canvas."""
    canvas = reader.page.get_by_test_id("stDataFrame").locator("canvas").first
    box = canvas.bounding_box()
    assert box is not None
    rows = len(example_plan().workloads)
    stretch = box["width"] / sum(WIDTHS.values())
    x = stretch * (sum(WIDTHS[name] for name in COLUMNS[: COLUMNS.index(column)]) + WIDTHS[column] / 2)
    y = box["height"] - ROW_HEIGHT * (rows - row - 0.5)
    reader.page.mouse.click(box["x"] + x, box["y"] + y)


def _type_down(reader: Reader, row: int, column: str, *texts: str) -> None:
    """Type over a cell and those below as a fast typist does: a key opens the editor, Enter goes to the next row."""
    _click_cell(reader, row, column)
    reader.page.wait_for_function("() => document.activeElement.closest('[data-testid=stDataFrame]') !== null")
    for text in texts:
        reader.page.keyboard.type(text, delay=KEY_MS)
        reader.page.keyboard.press("Enter", delay=KEY_MS)


def _opened(reader: Reader, key: str = ASSISTANT) -> Workload:
    """A workload as the address bar has it."""
    found = link.decode(reader.link())
    workload = found.plan.workload(key)
    assert not found.problems
    assert workload is not None
    return workload


def test_a_mixture_of_experts_moves_every_figure_and_says_why(reader: Reader) -> None:
    before = reader.table("Quantity")
    reader.choose("Model", "Mixtral 8x7B")
    plan = link.decode(reader.link()).plan
    expect(reader.headline).to_have_text(expected_headline(plan))
    after = reader.table("Quantity")
    for name in (
        "Memory for weights",
        "Energy at work",
        "Energy waiting",
    ):
        opened, now = after[name][0], after[name][1]
        assert opened == before[name][0]
        assert now != opened, f"{name} did not move"
    assert _opened(reader).model == "mixtral-8x7b"
    reasons = reader.page.locator("li").all_inner_texts()
    assert any("Mixtral 8x7B uses 12.9 of its 46.7 billion parameters for each token" in line for line in reasons)
    assert any(line.startswith("The weights take") for line in reasons)
    assert any("Energy at work goes from" in line and "waiting" in line for line in reasons)
    expect(reader.page.get_by_text("against the plan as it was opened")).to_be_visible()


def test_the_number_of_accelerators_a_copy_is_spread_over_follows_the_model(reader: Reader) -> None:
    before = reader.table("Quantity")["Accelerators per copy"][0]
    reader.choose("Model", "Llama 3.1 8B")
    row = reader.page.locator("tbody tr").filter(has_text="Accelerators per copy").first.locator("th, td")
    expect(row.nth(2)).to_have_text("1")
    expect(row.nth(1)).to_have_text(before)
    assert int(before) > 1


def test_a_field_moves_the_headline_and_the_link(reader: Reader) -> None:
    reader.type_number("Output length", "900")
    expected = _in_step(example_plan().with_workload(ASSISTANT, output_tokens=900))
    expect(reader.headline).to_have_text(expected_headline(expected))
    reader.expect_linked(expected)


def test_a_number_beyond_its_limits_is_refused_in_a_sentence(reader: Reader) -> None:
    before = reader.answer()
    reader.tab("Place")
    field = reader.number("Facility overhead")
    field.fill("99")
    field.press("Tab")
    expect(
        reader.page.get_by_text("Facility overhead is 99; it must lie in [1, 3] kWh/kWh. The plan stays as it was.")
    ).to_be_visible()
    expect(reader.headline).to_have_text(before)
    expect(field).to_have_value("")
    assert reader.link() == ""


def test_a_refused_number_gives_way_to_the_last_good_one(reader: Reader) -> None:
    good = example_plan().with_workload(ASSISTANT, pue=1.3)
    before = expected_headline(good)
    reader.tab("Place").type_number("Facility overhead", "1.3").expect_linked(good)
    expect(reader.headline).to_have_text(before)
    reader.type_number("Facility overhead", "99")
    expect(reader.number("Facility overhead")).to_have_value("1.3")
    expect(reader.headline).to_have_text(before)
    assert "Facility overhead is 99; it must lie in [1, 3] kWh/kWh" in reader.alerts()
    assert _opened(reader).pue == 1.3


def test_a_number_that_may_be_blank_is_emptied_and_stays_so_until_undo(reader: Reader) -> None:
    before = reader.answer()
    reader.tab("Place").type_number("Facility overhead", "1,9")
    expect(reader.headline).not_to_have_text(before)
    reader.type_number("Facility overhead", "")
    expect(reader.headline).to_have_text(before)
    reader.expect_linked(example_plan())
    reader.button("Undo").click()
    expect(reader.number("Facility overhead")).to_have_value("1.9")


def test_location_and_market_are_one_click_apart(reader: Reader) -> None:
    reader.segment("Market")
    market = example_plan().but(method="market")
    expect(reader.headline).to_have_text(expected_headline(market))
    expect(reader.page.get_by_text("market-based").first).to_be_visible()
    reader.segment("Location")
    expect(reader.headline).to_have_text(expected_headline(example_plan()))


def test_undo_redo_and_reset_walk_the_same_way_back(reader: Reader) -> None:
    start = reader.answer()
    expect(reader.button("Undo")).to_be_disabled()
    reader.type_number("Requests a day", "90000")
    expect(reader.headline).not_to_have_text(start)
    moved = reader.answer()
    reader.button("Undo").press("Enter")
    expect(reader.headline).to_have_text(start)
    expect(reader.number("Requests a day")).to_have_value("10500")
    expect(reader.button("Redo")).to_be_focused()  # nothing is left to undo: the keyboard goes on beside it
    reader.page.keyboard.press("Enter")
    expect(reader.headline).to_have_text(moved)
    expect(reader.button("Undo")).to_be_focused()
    reader.button("Reset").click()
    expect(reader.headline).to_have_text(start)
    expect(reader.page).not_to_have_url(re.compile("[?&]s="))
    reader.button("Undo").click()
    expect(reader.headline).to_have_text(moved)


def test_workloads_are_added_duplicated_and_removed(reader: Reader) -> None:
    reader.button("Duplicate").click()
    expect(reader.page.get_by_text("7 workloads").first).to_be_visible()
    expect(reader.page.get_by_role("heading", name="Employee knowledge assistant (copy) in 2030")).to_be_visible()
    reader.settle().button("Remove").click()
    expect(reader.page.get_by_text("6 workloads").first).to_be_visible()
    expect(reader.headline).to_have_text(expected_headline(example_plan()))
    reader.settle().page.get_by_role("button", name="Add a workload").click()
    expect(reader.page.get_by_text("7 workloads").first).to_be_visible()
    expect(reader.page.get_by_role("heading", name="New workload in 2030")).to_be_visible()
    expect(reader.page).to_have_url(re.compile("[?&]s="))
    assert len(link.decode(reader.settle().link()).plan.workloads) == 7


def test_a_cell_of_the_grid_is_typed_from_the_keyboard(reader: Reader) -> None:
    _type_down(reader, 1, "requests_per_day", "99000")
    expect(reader.headline).to_have_text(
        expected_headline(_in_step(example_plan().with_workload(ASSISTANT, requests_per_day=99_000)))
    )
    expect(reader.number("Requests a day")).to_have_value("99000")


def test_no_fast_edit_of_the_grid_is_lost(reader: Reader) -> None:
    typed = {0: 63_000, 1: 12_000, 2: 76_000, 3: 21_000}
    _type_down(reader, 0, "requests_per_day", *(str(value) for value in typed.values()))
    _type_down(reader, 0, "growth_central_pct", *(str(value // 1000 % 50) for value in typed.values()))
    expected = example_plan()
    for row, value in typed.items():
        growth = float(value // 1000 % 50)
        workload = expected.workloads[row]
        expected = expected.with_workload(
            workload.id,
            requests_per_day=value,
            growth_central_pct=growth,
            growth_low_pct=min(workload.growth_low_pct, growth),
            growth_high_pct=max(workload.growth_high_pct, growth),
        )
    expected = _in_step(expected)
    expect(reader.headline).to_have_text(expected_headline(expected))  # waits for the last edit to arrive
    wanted = {w.name: (w.requests_per_day, w.growth_central_pct, w.busy_share) for w in expected.workloads}
    kept: dict[str, tuple[float, float, float | None]] = {}
    for _ in range(40):  # the last edit may not move the headline's digits: the address says when it has arrived
        found = link.decode(reader.settle().link()).plan
        kept = {w.name: (w.requests_per_day, w.growth_central_pct, w.busy_share) for w in found.workloads}
        if kept == wanted:
            break
        reader.page.wait_for_timeout(250)
    assert kept == wanted


def test_a_training_workload_refuses_requests_a_day(reader: Reader) -> None:
    before = reader.answer()
    _type_down(reader, 4, "requests_per_day", "5")
    expect(reader.page.get_by_text("a training workload has no requests a day")).to_be_visible()
    expect(reader.headline).to_have_text(before)


def test_a_business_unit_filters_every_figure(reader: Reader) -> None:
    unit = reader.page.get_by_role("combobox", name="Business unit").first
    unit.click()
    reader.page.get_by_role("option", name="AI Platform").click()
    reader.settle()
    expect(reader.headline).to_have_text(expected_headline(example_plan().but(business_unit="AI Platform")))
    expect(reader.page.get_by_text("4 hidden by the filter")).to_be_visible()


def test_single_letter_keys_do_no_harm(reader: Reader) -> None:
    reader.type_number("Output length", "410")
    reader.expect_linked(_in_step(example_plan().with_workload(ASSISTANT, output_tokens=410)))
    before, linked = reader.answer(), reader.link()
    for key in ("r", "c", "Shift+R"):
        reader.page.get_by_role("heading", level=1).click()
        reader.page.keyboard.press(key)
        reader.settle()
        expect(reader.headline).to_have_text(before)
        expect(reader.number("Output length")).to_have_value("410")
        assert reader.link() == linked, key
        assert reader.page.get_by_role("dialog").count() == 0, key


def test_replace_with_mine_starts_empty_and_the_example_is_one_undo_away(reader: Reader) -> None:
    reader.button("Replace with mine").click()
    expect(reader.headline).to_have_text("No workload yet")
    reader.settle().button("Add a workload").click()
    expect(reader.page.get_by_role("heading", name="My first workload in 2030")).to_be_visible()
    reader.settle()
    assert [w.name for w in link.decode(reader.link()).plan.workloads] == ["My first workload"]
    reader.button("Undo").click()
    expect(reader.headline).to_have_text("No workload yet")
    reader.settle().button("Undo").click()
    expect(reader.headline).to_have_text(expected_headline(example_plan()))


def test_a_name_is_shown_as_it_was_typed(reader: Reader) -> None:
    field = reader.page.get_by_role("textbox", name="Name", exact=True)
    heading = reader.page.get_by_role("heading", level=3).filter(has_text="in 2030").first
    for name in ("**Bold** $x$ :red[y]", "<script>alert(1)</script>", "# H `code` [l](http://x)"):
        field.fill(name)
        field.press("Enter")
        shown = "\u2060*".join(re.escape(letter) for letter in f"{name} in 2030")  # joiners keep it from being markup
        expect(heading).to_have_text(re.compile(f"^\u2060*{shown}$"))
        assert reader.settle().page.locator("[data-testid=stMain] .katex, [data-testid=stMain] script").count() == 0
