"""vLLM's counters: restarts, one scrape alone, servers that come and go, times, and what is refused."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.imports.reading import RefusedError
from core.imports.usage.read import read_usage
from core.imports.usage.source import of_bytes, of_path

SAMPLES = Path(__file__).parent / "samples"
HOUR_MS = 3_600_000
T0_MS = 1_772_442_000_000  # 2026-03-02 09:00 UTC
WEEK = {"first_scrape": "2026-03-02 09:00", "last_scrape": "2026-03-09T11:00+02:00"}


def prompt(value, at="", **labels):
    pairs = ",".join(f'{key}="{text}"' for key, text in ({"model_name": "m", "engine": "0"} | labels).items())
    return f"vllm:prompt_tokens_total{{{pairs}}} {value}{f' {at}' if at else ''}"


def began(seconds, instance=""):
    return f'process_start_time_seconds{{instance="{instance}"}} {seconds}' if instance else (
        f"process_start_time_seconds {seconds}"
    )  # fmt: skip


def read(*files, **answers):
    texts = [file if isinstance(file, tuple) else (file,) for file in files]
    return read_usage([of_bytes(f"{n}.prom", "\n".join((*rows, "")).encode()) for n, rows in enumerate(texts)], answers)


def tokens(*files, **answers):
    return read(*files, **answers).total().input_tokens


def test_scrapes_in_files_and_in_one_file_say_the_same():
    apart, together = read(prompt(5), prompt(9), prompt(2)), read((prompt(5), prompt(9), prompt(2)))
    assert apart.amounts == together.amounts
    assert apart.total().input_tokens == 4 + 2


def test_a_server_that_began_anew_counts_from_nought_though_it_counts_more():
    assert tokens((began(100), prompt(50)), (began(100), prompt(70)), (began(900), prompt(80))) == 20 + 80


def test_scrapes_out_of_order_are_refused():
    with pytest.raises(RefusedError) as caught:
        read((began(100), prompt(70)), (began(100), prompt(50)))
    assert str(caught.value) == (
        "row 2: vllm:prompt_tokens_total fell from 70 to 50, but its server did not begin anew: give the scrapes in "
        "the order of time"
    )
    with pytest.raises(RefusedError, match="in the order of time"):
        read((began(900), prompt(70)), (began(100), prompt(90)))


def test_engines_add_up_and_a_model_is_its_own():
    found = read((prompt(0), prompt(0, engine="1"), prompt(0, model_name="n")),
                 (prompt(3), prompt(4, engine="1"), prompt(5, model_name="n")))  # fmt: skip
    assert {subject.model: amounts.input_tokens for subject, amounts in found.amounts.items()} == {"m": 7, "n": 5}


def test_a_server_that_comes_later_counts_and_one_that_is_gone_is_left_out():
    found = read(
        (prompt(10, instance="a"), prompt(99, instance="gone")), (prompt(30, instance="a"), prompt(7, instance="new"))
    )
    assert found.total().input_tokens == 20 + 7
    assert {why: tally.rows for why, tally in found.left_out.items()} == {
        "a counter of a server that is missing in later scrapes": 1
    }
    assert "servers that came after the first scrape are counted since they began" in found.said


def test_one_scrape_is_all_since_the_server_began():
    found = read((began(T0_MS / 1000), prompt(70)), last_scrape="2026-03-02 21:00")
    assert found.total().input_tokens == 70
    assert found.whole.covered_h == 12
    assert "one scrape: all that the server counted since it began" in found.said


def test_times_of_the_samples_give_period_and_month():
    found = read((prompt(0, T0_MS), prompt(60, T0_MS + HOUR_MS), prompt(90, T0_MS + 3 * HOUR_MS)))
    assert (found.whole.start, found.whole.covered_h) == (datetime(2026, 3, 2, 9, tzinfo=UTC), 3.0)
    assert [subject.month for subject in found.amounts] == ["2026-03"]
    assert found.asks == ()


def test_scrapes_without_times_ask_for_them_and_take_the_answers():
    silent, said = read((prompt(0), prompt(60))), read((prompt(0), prompt(60)), **WEEK)
    assert [ask.key for ask in silent.asks] == ["first_scrape", "last_scrape"]
    assert silent.whole is None
    assert (said.whole.covered_h, said.asks) == (168.0, silent.asks)
    with pytest.raises(RefusedError, match=r"Last scrape \(UTC\) is 'Monday'; write a time as 2026-03-02 09:00"):
        read(prompt(0), last_scrape="Monday")


def test_scrapes_of_one_period_in_several_files_count_nothing_twice():
    found = read(prompt(0), prompt(60), prompt(90), **WEEK)
    assert found.total().input_tokens == 90
    assert not [line for line in found.said if "twice" in line]


def test_a_period_over_two_months_belongs_to_neither():
    found = read((prompt(0), prompt(60)), first_scrape="2026-03-02", last_scrape="2026-04-02")
    assert [subject.month for subject in found.amounts] == [""]


def test_cached_tokens_are_counted_by_one_name_alone():
    rows = [prompt(value).replace("prompt_tokens", name) for value in (0, 8) for name in ("prefix_cache_hits",
            "gpu_prefix_cache_hits", "prompt_tokens_cached", "prompt_tokens")]  # fmt: skip
    total = read(tuple(rows)).total()
    assert (total.cached_tokens, total.input_tokens) == (8, 8)


@pytest.mark.parametrize("value", ["-1", "NaN", "+Inf"])
def test_what_is_no_count_is_refused_by_its_line(value):
    found = read((prompt(1), prompt(4)), prompt(value))
    assert found.total().input_tokens == 3
    assert found.refused == (
        f"1.prom, row 1: vllm:prompt_tokens_total is {float(value):g}; a counter is 0 or more",
    )  # fmt: skip


def test_gauges_and_histograms_are_named_and_not_read():
    found = read_usage([of_path(SAMPLES / f"vllm_scrape_{place}.prom") for place in (0, 1)])
    assert {"vllm:num_requests_running", "vllm:iteration_tokens_total_sum"} <= set(found.columns_unread)
    assert [subject.model for subject in found.amounts] == ["meta-llama/Llama-3.1-8B-Instruct"]
