"""A model card tells training and use apart, in the fields that Hugging Face reads, and holds no markup of others."""

from __future__ import annotations

from datetime import date

import pytest
import yaml
from markdown_it import MarkdownIt

from core.exports.answer import Answer, answer_of
from core.exports.card import CardError, plain, write_card
from core.plan.example import example_plan
from core.results_table import rows
from tests.exports.plans import HOSTILE

DAY = date(2026, 11, 28)
HOSTILE_NAMES = (
    HOSTILE, "- item", "# head", "1. one", "www.evil.example", "mail@evil.example", "a | b", "--- x",
    '"\n: y', "\\`x\\`",
)  # fmt: skip


@pytest.fixture(scope="module")
def answer() -> Answer:
    return answer_of(example_plan(), DAY, "https://a.example/?s=1.link")


def _front(card: bytes) -> dict[str, object]:
    _, front, _ = card.decode().split("---\n", 2)
    found: dict[str, object] = yaml.safe_load(front)["co2_eq_emissions"]
    return found


def test_emissions_are_those_of_the_results_file_of_one_run_in_grams(answer: Answer) -> None:
    of_year = [row for row in rows(answer.found) if row["workload_id"] == "W5" and row["year"] == 2026]
    kg = sum(float(row["carbon_location_kg"] or 0.0) for row in of_year)
    runs = example_plan().workload("W5").runs_per_year  # type: ignore[union-attr]
    assert _front(write_card(answer, "W5"))["emissions"] == pytest.approx(kg / runs * 1_000, rel=1e-12)


def test_the_plans_emissions_are_the_sum_of_one_run_of_each(answer: Answer) -> None:
    each = [_front(write_card(answer, key))["emissions"] for key in ("W5", "W6")]
    whole = _front(write_card(answer))
    assert whole["emissions"] == pytest.approx(sum(float(str(one)) for one in each), rel=1e-12)
    assert whole["training_type"] == "fine-tuning; pre-training"
    assert whole["geographical_location"] == "Germany; Norway"
    assert set(whole) == {"emissions", "source", "training_type", "geographical_location", "hardware_used"}


def test_use_has_no_front_matter_and_training_no_table_of_use(answer: Answer) -> None:
    use, training = write_card(answer, "W2").decode(), write_card(answer, "W5").decode()
    assert not use.startswith("---")
    assert ("### Use in 2030" in use, "### Training" in use) == (True, False)
    assert ("### Use in" in training, "### Training" in training) == (False, True)


def test_a_card_names_versions_and_link(answer: Answer) -> None:
    card = write_card(answer).decode()
    assert f"Data {answer.found.data_version}" in card
    assert "[Open the plan behind these figures](<https://a.example/?s=1.link>)." in card


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_name_that_is_markup_is_shown_as_it_was_typed(name: str) -> None:
    plan = example_plan().but(name=name, workloads=example_plan().workloads[4:5]).with_workload("W5", name=name)
    card = write_card(answer_of(plan, DAY, "https://a.example/?s=1.link")).decode().split("---\n", 2)[2]
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(card)
    inline = [child for token in tokens if token.children for child in token.children]
    texts = "".join(child.content for child in inline if child.type == "text")
    assert plan.name in texts
    assert [child.attrs["href"] for child in inline if child.type == "link_open"] == ["https://a.example/?s=1.link"]
    assert not {"html_inline", "html_block", "image", "strong_open", "em_open", "code_inline"} & {
        one.type for one in [*tokens, *inline]
    }
    assert [token.type for token in tokens].count("heading_open") == 2


def test_who_asks_for_a_workload_that_is_not_there_is_told_which_are(answer: Answer) -> None:
    with pytest.raises(CardError) as refused:
        write_card(answer, "W99")
    known = "W1, W2, W3, W4, W5, W6"
    assert str(refused.value) == f"workload 'W99' has no card: the plan has no such workload; it has {known}"


def test_a_sign_that_opens_a_list_or_a_line_under_a_heading_is_escaped() -> None:
    assert [plain(text) for text in ("- a", "+ a", "=== a")] == ["\\- a", "\\+ a", "\\=== a"]
