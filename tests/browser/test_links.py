"""Links: a plan travels in the address bar, and opens anywhere as it was."""

from __future__ import annotations

import gzip
import re
import urllib.request

import pytest
from playwright.sync_api import expect

from core import link
from core.plan import Plan, Workload
from core.plan.example import example_plan
from core.results.moves import Move, move_to, places
from tests.browser.chromium import Reader, expected_headline
from tests.browser.conftest import NewReader


@pytest.fixture(scope="module")
def shared_plan() -> Plan:
    """A plan that differs from the example in the frame, in a workload, and in their number."""
    return example_plan().but(name="Shared plan").with_workload("W2", model="mixtral-8x7b").without("W6")


@pytest.mark.parametrize("path", ["/", "/plan"])
def test_a_cold_deep_link_opens_its_plan_on_a_server_nobody_has_visited(
    cold_server: str, new_reader: NewReader, shared_plan: Plan, path: str
) -> None:
    reader = new_reader(cold_server).open(f"{path}?s={link.encode(shared_plan, link.stamp(shared_plan))}")
    expect(reader.headline).to_have_text(expected_headline(shared_plan))
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("Plan")
    expect(reader.page.get_by_role("button", name="Shared plan")).to_be_visible()
    expect(reader.page.get_by_text("5 workloads").first).to_be_visible()
    reader.expect_linked(shared_plan)


def test_the_scripts_of_a_first_visit_leave_the_server_compressed(server: str) -> None:
    with urllib.request.urlopen(server) as page:
        scripts = re.findall(r'"\.(/static/(?:js|css)/[^"]+\.(?:js|css))"', page.read().decode())
    assert len(scripts) > 50
    plain_bytes = sent_bytes = 0
    for script in scripts:
        asked = urllib.request.Request(server + script, headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(asked) as sent, urllib.request.urlopen(server + script) as plain:
            packed, whole = sent.read(), plain.read()
        assert sent.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed) == whole
        plain_bytes, sent_bytes = plain_bytes + len(whole), sent_bytes + len(packed)
    assert sent_bytes < plain_bytes * 0.35


def test_the_untouched_example_keeps_the_address_clean(reader: Reader) -> None:
    expect(reader.headline).to_have_text(expected_headline(example_plan()))
    assert reader.link() == ""


def test_a_copied_link_shows_the_same_figures_in_a_private_window(reader: Reader, new_reader: NewReader) -> None:
    reader.type_number("Output length", "900").share()
    reader.button("Copy link").click()
    expect(reader.page.get_by_text("Link copied")).to_be_visible()
    copied = reader.page.evaluate("navigator.clipboard.readText()")
    assert copied == reader.page.get_by_label("Link to this plan").input_value()
    assert copied.split("?s=")[1] == reader.link()
    reader.page.keyboard.press("Escape")
    guest = new_reader(alone=True).open(copied)
    expect(guest.headline).to_have_text(reader.answer())
    expect(guest.number("Output length")).to_have_value("900")
    theirs, ours = guest.table("Quantity"), reader.table("Quantity")
    assert {name: cells[0] for name, cells in theirs.items()} == {name: cells[1] for name, cells in ours.items()}


def test_a_reload_keeps_the_draft(reader: Reader) -> None:
    reader.type_number("Requests a day", "31000")
    before = reader.answer()
    reader.settle()  # the address follows the headline
    reader.page.reload()
    reader.settle()
    expect(reader.number("Requests a day")).to_have_value("31000")
    expect(reader.headline).to_have_text(before)


def test_a_damaged_link_opens_the_page_and_says_what_is_wrong(new_reader: NewReader) -> None:
    reader = new_reader()
    for text in ("1.damaged", "9.abc", "%00%ff", "1." + "A" * 3000):
        reader.open(f"/?s={text}")
        expect(reader.headline).to_have_text(expected_headline(example_plan()))
        expect(reader.page.get_by_test_id("stAlert")).to_contain_text(re.compile("the link (is damaged|says version)"))


def test_a_link_cut_short_keeps_what_could_be_read(new_reader: NewReader, shared_plan: Plan) -> None:
    whole = link.encode(shared_plan, link.stamp(shared_plan))
    cut = whole[: len(whole) * 3 // 4]
    reader = new_reader().open(f"/?s={cut}")
    expect(reader.page.get_by_test_id("stAlert").first).to_contain_text("was cut short")
    expect(reader.headline).to_have_text(expected_headline(link.decode(cut).plan))


def test_an_old_link_under_newer_data_says_what_it_showed_then(new_reader: NewReader) -> None:
    old = link.encode(example_plan().but(name="Old"), link.Stamp("000000", 20_000.0))
    reader = new_reader().open(f"/?s={old}")
    expect(reader.page.get_by_text("Made with data 000000, this link showed 20")).to_be_visible()


def test_a_price_survives_a_reload_and_is_not_in_the_address(reader: Reader) -> None:
    reader.tab("Contract and prices").type_number("Purchase price", "30000")
    assert reader.link() == ""
    reader.page.wait_for_function("() => sessionStorage.getItem('glidepath_draft') !== null")
    reader.page.reload()
    reader.settle().tab("Contract and prices")
    expect(reader.number("Purchase price")).to_have_value("30000")
    reader.type_number("Purchase price", "")  # taken out, it stays out
    reader.page.wait_for_function("() => sessionStorage.getItem('glidepath_draft') === null")
    reader.page.reload()
    reader.settle().tab("Contract and prices")
    expect(reader.number("Purchase price")).to_have_value("")


def test_a_link_carries_a_choice_of_hours_to_shift_and_a_move_there_is_undone(new_reader: NewReader) -> None:
    chosen = example_plan().with_workload("W2", deferrable_h=12.0, hours_chosen="profile")
    workload = chosen.shown()[1]  # the one that the page opens with
    reader = new_reader().open(f"/shift?s={link.encode(chosen)}")
    before = reader.answer()
    assert before.startswith("Moving saves ")
    expect(reader.number("Can wait")).to_have_value("12")
    to = next(place for place in places(chosen, workload) if place.key == _best(chosen, workload).key)
    reader.button(f"Move it to {to.name}").click()
    reader.settle().expect_linked(chosen.with_workload(workload.id, region=to.key, pue=None, wue_l_per_kwh=None))
    reader.button("Undo").click()
    expect(reader.headline).to_have_text(before)
    reader.expect_linked(chosen)


def _best(plan: Plan, workload: Workload) -> Move:
    moves = [move_to(plan, workload, place.key) for place in places(plan, workload)[1:4]]
    return min(moves, key=lambda move: move.after_kg)
