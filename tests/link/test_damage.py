"""What a damaged, cut, forged or foreign link does: it opens what it can, says what it cannot, and never raises."""

import random
import string
import time
import tracemalloc
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.link import MOST_BYTES, MOST_CHARACTERS, VERSION, Opened, Stamp, decode, encode
from core.plan import Plan, Workload
from core.plan.example import example_plan
from tests.link.forge import pack, unpack, wrap

EXAMPLE = example_plan()
PLAN = EXAMPLE.with_workload("W2", region="FR", requests_per_day=77_000, name="Desk").adding(
    Workload(id="new", pue=1.2)
)
LINK = encode(PLAN, Stamp("0123456789ab", 5.0))
DAMAGED = "the link is damaged or was cut short; what could be read was opened, the rest is as in the example"
URL = string.ascii_letters + string.digits + "-_"


def test_a_sound_link_has_no_problem():
    assert decode(LINK) == Opened(PLAN, (), Stamp("012345", 5.0))


@pytest.mark.parametrize("length", range(len(LINK)))
def test_a_cut_link_opens_and_says_so(length):
    opened = decode(LINK[:length])
    assert isinstance(opened.plan, Plan)
    assert opened.problems


def test_a_link_cut_late_keeps_what_stood_before_the_cut():
    lines = pack("!\nr\t1=FR\nq\t1=77000\n" + "".join(f"w\t0={k}{'x' * 70}\n" for k in range(50)), zlib.Z_HUFFMAN_ONLY)
    opened = decode(lines[: len(lines) // 2])
    assert (opened.plan.workload("W2").region, opened.plan.workload("W2").requests_per_day) == ("FR", 77_000)
    assert opened.problems == (DAMAGED,)


def test_a_flipped_character_is_noticed_or_changes_nothing():
    flips = random.Random(1)
    for _ in range(600):
        place = flips.randrange(2, len(LINK))
        other = flips.choice(URL.replace(LINK[place], ""))
        opened = decode(LINK[:place] + other + LINK[place + 1 :])
        assert opened.problems or opened.plan == PLAN


def test_only_the_spare_bits_of_the_last_character_change_nothing():
    silent = {
        place
        for place in range(2, len(LINK))
        for other in random.Random(place).sample(URL.replace(LINK[place], ""), 4)
        if not decode(LINK[:place] + other + LINK[place + 1 :]).problems
    }
    assert silent <= {len(LINK) - 1}


@pytest.mark.parametrize("wrapped", [f" {LINK} ", LINK + "\n", LINK.replace(LINK[40:], f"\n{LINK[40:]}"), LINK + "="])
def test_what_mail_adds_to_a_link_does_no_harm(wrapped):
    assert decode(wrapped.lstrip()).plan == PLAN


def test_thousands_of_random_texts_never_raise_and_always_say_something():
    source = random.Random(20)
    for k in range(3_000):
        letters = URL if k % 2 else "".join(map(chr, range(1, 1000))) + URL
        text = "".join(source.choices(letters, k=source.randrange(60)))
        opened = decode(text if k % 3 else f"{VERSION}.{text}")
        assert opened.problems
        assert isinstance(opened.plan, Plan)


@given(st.binary(max_size=200))
def test_random_bytes_in_a_sound_wrapper_never_raise(body):
    assert isinstance(decode(wrap(body)).plan, Plan)


LINE_PARTS = ["!", "@", "&", "*n", "*y", "*z", "m", "h", "q", "hw", "id", "zz", "\t", "0=", "1=", "9=", "=", "W1", "\\"]


@given(st.lists(st.sampled_from(LINE_PARTS) | st.text(max_size=30), max_size=30))
@settings(max_examples=300)
def test_any_text_in_a_sound_link_never_raises(parts):
    opened = decode(pack("!\n" + "".join(parts).encode("utf-8", "replace").decode()))
    assert Plan.model_validate(opened.plan.model_dump()) == opened.plan


@given(st.lists(st.sampled_from(unpack(LINK).split("\n")) | st.text(max_size=12), max_size=8))
def test_lines_in_any_order_never_raise(lines):
    assert isinstance(decode(pack("\n".join(lines).encode("utf-8", "replace"))).plan, Plan)


@pytest.mark.parametrize("text", ["!\n@\t" + "x" * 25, "!\n@\t\n&\t0=W1", "!\n@\t" + "y" * 99 + "\n&\t0=W2"])
def test_an_id_that_is_none_drops_the_workload_and_says_so(text):
    opened = decode(pack(text))
    assert opened.plan.workloads == ()
    assert len(opened.problems) == 1


@pytest.mark.parametrize("ids", ["W1\tW1", "W1\tW1 ", "W1\t W1"])
def test_of_two_workloads_with_one_id_the_first_counts(ids):
    opened = decode(pack(f"!\n@\t{ids}\nr\t0=FR\t1=SE"))
    assert [(w.id, w.region) for w in opened.plan.workloads] == [("W1", "FR")]
    assert opened.problems == (f"workload '{ids.split(chr(9))[1]}' stands in the link twice; the second was left out",)


@pytest.mark.parametrize("version", ["0", "2", "10", "", "1x", "é", "\x00"])
def test_another_version_opens_the_example_and_names_both(version):
    shown = version.replace("\x00", "?")
    said = f"the link says version '{shown}'; this app reads version 1; the example was opened"
    assert decode(f"{version}.{LINK[2:]}") == Opened(EXAMPLE, (said,))


def test_a_long_version_is_not_repeated_in_full():
    assert len(decode("9" * 5_000).problems[0]) < 100


def test_a_link_that_is_too_long_is_not_read():
    said = f"the link has 65,001 characters; the limit is {MOST_CHARACTERS:,}; the example was opened"
    assert decode("1." + "A" * (MOST_CHARACTERS - 1)) == Opened(EXAMPLE, (said,))


def test_a_zip_bomb_stays_small():
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = wrap(packer.compress(b"q\t0=1\n" * 8_500_000) + packer.flush())
    size = 51_000_000
    bomb_length = len(bomb)
    if bomb_length > MOST_CHARACTERS:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        bomb = wrap(packer.compress(b"x" * 45_000_000) + packer.flush())
        size = 45_000_000
    assert len(bomb) <= MOST_CHARACTERS
    tracemalloc.start()
    started = time.process_time()
    opened = decode(bomb)
    took_s = time.process_time() - started
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert opened == Opened(EXAMPLE, (DAMAGED,))
    assert peak_bytes < 4 * MOST_BYTES < size / 20
    assert took_s < 1.0


def test_a_field_from_a_later_version_is_named_and_the_rest_opens():
    opened = decode(pack("!\nzz\t0=1\nr\t0=FR\n*qq\t3"))
    assert opened.plan == EXAMPLE.with_workload("W1", region="FR")
    assert opened.problems == (
        "the link names a field 'zz' that this version does not know; it was left out",
        "the link names a field '*qq' that this version does not know; it was left out",
    )


def test_a_value_out_of_bounds_stays_at_the_examples_and_is_named():
    opened = decode(pack("!\nq\t0=-5\t1=9\n*sd\tx"))
    assert opened.plan == EXAMPLE.with_workload("W2", requests_per_day=9)
    assert opened.problems == (
        "workload 'W1': requests_per_day is -5; it must lie in [0, 100,000,000,000] requests",
        "plan: seed is 'x', not a number; it must lie in [0, 2,147,483,647]",
    )


def test_a_change_beyond_the_last_workload_is_named():
    opened = decode(pack("!\nr\t0=FR\t6=SE"))
    assert opened.plan == EXAMPLE.with_workload("W1", region="FR")
    assert opened.problems == ("the link changes a workload beyond its 6; that change was left out",)


def test_years_that_cannot_be_leave_the_rest_of_the_plan():
    opened = decode(pack("!\n*n\tOurs\n*y\t2040\n*z\t2030\n*sd\t9"))
    assert opened.plan == EXAMPLE.but(name="Ours", seed=9)
    said = "last_year is 2030; it must not be before first_year, 2040"
    assert opened.problems == (f"plan: {said}; its years and its currency are as in the example",)


def test_fields_that_cannot_stand_together_leave_the_workload_as_in_the_example():
    opened = decode(pack("!\nh\t0=own\ng\t1=900"))
    assert opened.plan == EXAMPLE
    assert [problem.split(";")[0] for problem in opened.problems] == [
        "workload 'W1': hardware is blank",
        "workload 'W2': growth_central_pct is 900",
    ]


def test_more_workloads_than_a_plan_may_hold_are_cut_with_a_word():
    opened = decode(pack("!\n@\t" + "\t".join(f"x{k}" for k in range(600))))
    assert len(opened.plan.workloads) == 500
    assert opened.problems == ("the link has 600 workloads; the limit is 500; the rest was left out",)


@pytest.mark.parametrize("headline", ["", "nan", "inf", "-inf", "x", "1e999"])
def test_a_headline_that_is_no_number_is_not_known(headline):
    assert decode(pack(f"!abcdef\t{headline}")) == Opened(EXAMPLE, (), Stamp("abcdef", None))


@pytest.mark.parametrize("text", ["1.é", "1.漢字", "é", "1.\x00", "1.\ud800", "1.%41", "1." + "é" * 70_000])
def test_letters_that_no_link_holds_open_the_example_with_a_word(text):
    opened = decode(text)
    assert opened.plan == EXAMPLE
    assert len(opened.problems) == 1
