"""Why a lever adds: the parts of the change re-add to it, and the terms told moved in the costly direction."""

from __future__ import annotations

import pytest

from core import catalog as facts
from core.plan.example import example_plan
from core.plan.lever import Lever
from core.results import effects, raised
from core.results.figures import NOT_IN_FIGURES
from core.results.under_levers import figures_under

COSTLY = {(name, sign) for terms in raised.TERMS.values() for name, sign in terms}


@pytest.mark.parametrize("key", ["layer_prune", "cpu_inference", "ptq_fp8", "geo_shift"])
def test_the_parts_sum_to_the_change(key: str) -> None:
    plan = example_plan()
    lever = effects.usual(facts.load().levers[key])
    workload = next(w for w in plan.workloads if w.hosting == "own")
    view = plan.model_copy(update=NOT_IN_FIGURES)
    was, now = (figures_under(view, workload, levers, 0).values for levers in ((), (lever,)))
    one, other = ({name: float(v[4, 0]) for name, v in values.items()} for values in (was, now))
    parts = raised.added_kg(one, other, "location", "with_hardware")
    change = sum(
        sign * (end["carbon_location_kg"] + end["carbon_embodied_kg"]) for sign, end in ((-1.0, one), (1.0, other))
    )
    assert sum(parts.values()) == pytest.approx(change, rel=1e-9, abs=1e-9)


def test_a_lever_that_only_saves_has_no_reason() -> None:
    assert raised.why(example_plan(), Lever(id="concise_output")) is None


def test_each_term_told_moved_the_costly_way() -> None:
    found = raised.why(example_plan(), Lever(id="layer_prune"))
    assert found is not None
    assert found.terms
    for term in found.terms:
        assert (term.name, 1 if term.after > term.before else -1) in COSTLY
