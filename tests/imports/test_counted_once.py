"""Several kinds of files beside one another: what two of them tell counts once, what looks alike is told."""

from core.imports import counted_once
from core.imports.counted_once import proposed_by_kind
from core.plan import Plan
from tests.imports.readings import chat, reading, subject

EMPTY = Plan(workloads=())
TOLD = "LiteLLM daily spend has nearly as many tokens of this model: if both saw the same calls, leave one of them out"


def both(tokens):
    """A service's usage, and a gateway's with so many input tokens."""
    gateway = {subject("openai/gpt-5-mini", service="LiteLLM", group="A"): chat(1e6, tokens, 0, 5e6)}
    service = {subject("gpt-5-mini-2025-08-07", group=group): chat(1e6, 5e8, 0, 5e6) for group in "BC"}
    return [reading(service), reading(gateway, kind="LiteLLM daily spend", service="LiteLLM")]


def test_a_gateway_beside_its_service_is_told():
    found = proposed_by_kind(both(1.02e9), EMPTY, {})
    assert [TOLD in one.said for one in found["OpenAI usage"]] == [True, True]
    assert "OpenAI usage has nearly" in found["LiteLLM daily spend"][0].said[-1]
    assert all(one.action == "new" for some in found.values() for one in some)


def test_different_amounts_of_a_model_are_two_uses():
    found = proposed_by_kind(both(2e9), EMPTY, {})
    assert not any("nearly as many" in said for some in found.values() for one in some for said in one.said)


def test_the_same_part_in_two_kinds_counts_once():
    one = reading({subject(): chat()})
    other = reading({subject(): chat()}, kind="OpenAI usage and costs (JSON)")
    found = proposed_by_kind([one, other], EMPTY, {})
    assert found["OpenAI usage"][0].action == "new"
    left = found["OpenAI usage and costs (JSON)"][0]
    assert (left.action, left.why) == ("leave", "OpenAI usage tells of it too: counted once")


def test_models_are_added_up_once_whatever_the_number_of_projects(monkeypatch):
    asked = []
    plainest = counted_once.plainest
    monkeypatch.setattr(counted_once, "plainest", lambda name: (asked.append(name), plainest(name))[1])
    parts = {subject("gpt-5-mini", group=f"P{number}"): chat(1e3, 1e6, 0, 1e5) for number in range(40)}
    proposed_by_kind([reading(parts)], EMPTY, {})
    assert len(asked) <= 2 * len(parts)
