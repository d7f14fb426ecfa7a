"""What is shown and how: currency, the year of purchase, scopes, decimal commas, and prices that stay at home."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import link, results
from core.plan import Plan, Workload
from core.plan.example import example_plan
from core.plan.own import OwnRegion
from core.results.scopes import by_scope
from core.ui.linked import linked

APP = str(Path(__file__).parents[2] / "app.py")


def _open(plan: Plan | None = None) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60)
    if plan is not None:
        app.query_params["s"] = link.encode(plan)
    return app.run()


def _plan(app: AppTest) -> Plan:
    found: Plan = app.session_state["glidepath"].plan
    return found


def _metric(app: AppTest, label: str) -> str:
    return next(m.value for m in app.metric if m.label.startswith(label))


def test_a_currency_is_taken_with_its_rate_and_day_and_named_beside_the_cost() -> None:
    app = _open()
    assert "$" in _metric(app, "Cost")
    app.session_state["scenario"] = True
    app.run()
    app.selectbox(key="currency:name").set_value("EUR")
    app.number_input(key="currency:rate").set_value(0.9)
    app.text_input(key="currency:day").set_value("2026-10-01")
    app = next(b for b in app.button if b.label == "Show costs in it").click().run()
    assert (_plan(app).currency, _plan(app).exchange_rate, _plan(app).currency_date) == ("EUR", 0.9, "2026-10-01")
    assert "EUR" in _metric(app, "Cost")
    assert any("EUR at 0.9000 per US dollar, rate of 2026-10-01" in m.value for m in app.markdown)


def test_a_currency_without_the_day_of_its_rate_is_refused() -> None:
    app = _open()
    app.session_state["scenario"] = True
    app.run()
    app.selectbox(key="currency:name").set_value("EUR")
    app = next(b for b in app.button if b.label == "Show costs in it").click().run()
    assert _plan(app).currency == "USD"
    assert "Rate of is blank; a rate of EUR needs its date. The plan stays as it was." in app.warning[0].value


def test_the_inventory_view_is_named_in_the_headline_and_moves_the_making_alone() -> None:
    app = _open(example_plan().but(hardware_view="purchase_year"))
    assert any("operation, and hardware in the year it is bought" in m.value for m in app.markdown)


def test_scopes_add_up_to_what_both_methods_show() -> None:
    app = _open()
    app.session_state["wide_scopes"] = True
    app = app.run()
    table = next(t.value for t in app.table if "Grid factor counts" in t.value.columns)
    lines = by_scope(results.of(example_plan()), 2030)
    assert list(table["Scope"]) == [
        "2: purchased electricity",
        "3, category 1: purchased goods and services",
        "3, category 1: purchased goods and services",
        "3, category 2: capital goods",
    ]
    assert len(table) == len(lines)
    shown_t = [float(cell.split("\u00a0")[0].replace("\u202f", "")) for cell in table["Location"]]
    assert sum(shown_t) * 1_000 == pytest.approx(sum(float(line.location_kg[0]) for line in lines), rel=0.01)


PRICED = example_plan().with_workload("W2", price_purchase_usd=30_000.0, pue=1.3)


def _priced() -> AppTest:
    """A plan with a price that somebody typed, the Share panel open."""
    app = _open()
    app.session_state["glidepath"].plan = PRICED
    app.session_state["share"] = True
    return app.run()


def _address(app: AppTest) -> str:
    found = app.query_params.get("s", "")
    return found[0] if isinstance(found, list) else found


def test_prices_stay_out_of_the_address_until_the_user_says_otherwise() -> None:
    app = _priced()
    assert app.toggle(key="link_prices").value is False
    assert link.decode(_address(app)).plan == PRICED.without_prices()
    app.toggle(key="link_prices").set_value(True).run()
    assert not app.exception
    assert link.decode(_address(app)).plan == PRICED
    app.session_state["share"] = False  # what was said stays said when the panel is shut
    assert link.decode(_address(app.run())).plan == PRICED


def test_a_price_alone_leaves_the_address_of_the_example_clean() -> None:
    app = _open()
    app.session_state["glidepath"].plan = example_plan().with_workload("W2", price_purchase_usd=30_000.0)
    assert _address(app.run()) == ""


def test_a_link_that_came_with_prices_keeps_them() -> None:
    app = _open(PRICED)
    assert app.session_state["glidepath"].plan == PRICED
    assert link.decode(_address(app)).plan == PRICED


def test_what_the_tab_kept_is_taken_only_where_all_but_prices_is_the_plan_on_screen() -> None:
    found = linked(PRICED, prices=False)
    assert link.decode(found.link).plan == PRICED.without_prices()
    assert link.decode(found.kept).plan == PRICED
    assert linked(PRICED, prices=True).kept == ""
    assert linked(example_plan(), prices=False).address == ""


def test_a_plan_without_prices_asks_nothing_about_them() -> None:
    app = _open()
    app.session_state["share"] = True
    app = app.run()
    assert [t.key for t in app.toggle] == ["decimal_comma"]


def _lines(app: AppTest) -> str:
    return "\n".join([*(h.value for h in app.header), *(m.value for m in app.markdown)])


def test_a_workload_without_a_figure_is_no_saving() -> None:
    """The 70B does not fit on one accelerator: what is left is a part of the whole, and is compared with nothing."""
    app = _open()
    app.session_state["glidepath"].plan = example_plan().with_workload("W2", accelerators=1)
    app = app.run()
    assert app.header[0].value.startswith("At least ")
    told = _lines(app)
    assert "No comparison with the plan as it was opened: Employee knowledge assistant has no figure." in told
    assert "5 of 6\u00a0workloads" in told
    assert "Saves" not in told


@pytest.mark.parametrize("view", [{"hardware_view": "purchase_year"}, {"seed": 2}, {"method": "market"}])
def test_another_way_to_look_is_never_told_as_a_saving(view: dict[str, object]) -> None:
    app = _open()
    app.session_state["glidepath"].plan = example_plan().but(**view)
    app = app.run()
    assert "against the plan as it was opened" not in _lines(app)


def test_a_grid_of_ones_own_by_year_is_not_said_to_be_held() -> None:
    own = OwnRegion(
        id="own:r", name="Ours", source="us", source_date="2026-10-01", carbon_g_per_kwh="2026=380; 2030=100"
    )
    plan = Plan(workloads=(Workload(id="W1", region="own:r"),)).with_own(own)
    told = _lines(_open(plan))
    assert "your own factors by year" in told
    assert "held constant" not in told
