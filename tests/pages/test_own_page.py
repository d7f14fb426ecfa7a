"""Own data without a browser: every kind is entered, refused, changed, used and removed; nothing typed is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core import results
from core.link import encode
from core.plan import Plan, Workload
from core.plan.own import OWN, OwnModel, OwnPrice, OwnSite
from core.ui.own import TABS
from tests.pages.open_at import open_at
from tests.pages.typed import fill

ROOT = Path(__file__).parents[2]
APP, PAGE = str(ROOT / "app.py"), "pages/own/page.py"
CONFIG = (ROOT / "tests" / "plan" / "configs" / "qwen3-8b.json").read_text(encoding="utf-8")
DAY = "2026-10-01"
VALUES: dict[str, dict[str, Any]] = {
    "models": {"params_total_b": 14.8, "layers": 48, "d_model": 5120, "heads": 40, "kv_heads": 8},
    "devices": {"based_on": "H100-SXM", "tdp_w": 500.0, "idle_w": 60.0},
    "regions": {"carbon_g_per_kwh": "2026=380; 2030=200"},
    "sites": {"region": "FR", "pue": 1.3, "host_w": 120.0},
    "suppliers": {"carbon_g_per_kwh": "15"},
    "prices": {"model": "gpt-5", "price_input_usd_per_m_tokens": 1.5, "price_output_usd_per_m_tokens": 6.0},
}  # fmt: skip
WRONG = {
    "models": ({"kv_heads": 7}, "Key-value heads is 7; it must divide heads, 40"),
    "devices": ({"tdp_w": 0.0}, "Power limit is 0; it must lie in [1, 20,000] W"),
    "regions": ({"carbon_g_per_kwh": "lots"}, "Carbon by year"),
    "sites": ({"pue": 0.5}, "Facility overhead is 0.5; it must lie in [1, 3] kWh/kWh"),
    "suppliers": ({"carbon_g_per_kwh": ""}, "Carbon by year of 'Ours' is blank"),
    "prices": ({"price_output_usd_per_m_tokens": None}, "'Ours' needs a price of input and one of output tokens"),
}  # fmt: skip


def _open(field: str) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60)
    app.session_state["own_kind"] = TABS[field]
    return open_at(app, "own")


def _plan(app: AppTest) -> Plan:
    found: Plan = app.session_state["glidepath"].plan
    return found


def _type(app: AppTest, field: str, values: dict[str, Any], key: str = "new") -> None:
    """Type into the form's widgets; the plan takes nothing before it is saved."""
    prefix = f"own:{field}:{key}"
    for kind in (app.number_input, app.text_input, app.selectbox):
        for widget in kind:
            name = str(widget.key).removeprefix(f"{prefix}:")
            if name in values:
                fill(widget, values[name])


def _save(app: AppTest) -> AppTest:
    return next(b for b in app.button if b.label == "Save").click().run()


def _entered(field: str) -> AppTest:
    app = _open(field)
    _type(app, field, {"name": "Ours", "source": "data sheet", "source_date": DAY} | VALUES[field])
    return _save(app)


@pytest.mark.parametrize("field", OWN)
def test_an_entry_of_every_kind_is_taken_with_its_source_and_shown_in_the_list(field: str) -> None:
    app = _entered(field)
    assert not app.exception
    assert [w.value for w in app.warning] == []
    (entry,) = getattr(_plan(app), field)
    assert (entry.id, entry.name, entry.source, entry.source_date) == ("own:ours", "Ours", "data sheet", "2026-10-01")
    assert app.header[0].value == "1\u00a0own entry in this plan"
    assert list(app.table[0].value["Source"]) == ["data sheet, 2026-10-01"]


@pytest.mark.parametrize("field", OWN)
def test_a_wrong_entry_is_refused_in_a_sentence_and_stays_as_typed(field: str) -> None:
    changes, sentence = WRONG[field]
    app = _open(field)
    _type(app, field, {"name": "Ours", "source": "data sheet", "source_date": DAY} | VALUES[field] | changes)
    app = _save(app)
    assert getattr(_plan(app), field) == ()
    assert sentence in app.warning[0].value.replace("\\", "")
    assert "Nothing was saved." in app.warning[0].value
    assert "Ours" in [w.value for w in app.text_input]


def test_an_entry_without_a_source_is_refused() -> None:
    app = _open("sites")
    _type(app, "sites", {"name": "Ours", "source": "", "source_date": DAY, "region": "FR"})
    app = _save(app)
    assert _plan(app).sites == ()
    assert "Source of 'Ours' is blank; say where its figures are from" in app.warning[0].value


def test_a_saved_entry_is_changed_in_place_and_removed_with_a_way_back() -> None:
    app = _entered("sites")
    _type(app, "sites", {"pue": 1.25}, "own:ours")
    app = _save(app)
    assert [s.pue for s in _plan(app).sites] == [1.25]
    app = next(b for b in app.button if b.label == "Remove").click().run()
    assert _plan(app).sites == ()
    app = app.button(key="undo").click().run()
    assert [s.pue for s in _plan(app).sites] == [1.25]


def test_a_config_fills_in_the_form_and_the_model_runs_in_a_workload() -> None:
    app = _open("models")
    app.session_state["own:config"] = True
    app.run()
    app.text_area(key="own:config:text").set_value(CONFIG)
    app = app.button(key="own:config:go").click().run()
    assert "Parameters counted from the dimensions" in app.info[0].value
    _type(app, "models", {"name": "Acme 8B", "source": "our config.json", "source_date": DAY})
    app = _save(app)
    (model,) = _plan(app).models
    told = json.loads(CONFIG)
    assert (model.layers, model.d_model, model.heads, model.kv_heads) == tuple(
        told[name] for name in ("num_hidden_layers", "hidden_size", "num_attention_heads", "num_key_value_heads")
    )
    app = next(b for b in app.button if b.label == "Add a workload that runs it").click().run()
    new = _plan(app).workloads[-1]
    assert new.model == "own:acme-8b"
    assert results.of(_plan(app)).refused == {}


@pytest.mark.parametrize(
    "text", ["", "{", '{"model_type": "bert", "hidden_size": 768}', "[1]", '{"peft_type": "LORA"}']
)
def test_a_config_that_is_none_says_why_and_fills_in_nothing(text: str) -> None:
    app = _open("models")
    app.session_state["own:config"] = True
    app.run()
    app.text_area(key="own:config:text").set_value(text)
    app = app.button(key="own:config:go").click().run()
    assert not app.exception
    assert app.warning[0].value.startswith("Nothing was filled in.")
    assert "" in [w.value for w in app.text_input if str(w.key).endswith(":name")]


def test_an_own_place_stands_among_the_regions_of_a_workload() -> None:
    app = _entered("sites")
    app.switch_page("pages/plan/page.py")
    app.session_state["group"] = "Place"
    app = app.run()
    region = next(box for box in app.selectbox if box.label == "Region")
    assert region.options[0] == "Ours · yours"
    region.set_value("own:ours")
    app = app.run()
    assert not app.exception
    assert _plan(app).workload("W2").region == "own:ours"  # type: ignore[union-attr]


SAID = {"source": "data sheet", "source_date": DAY}


def _to_tab(app: AppTest, field: str) -> AppTest:
    app.session_state["own_kind"] = TABS[field]
    return app.run()


def _text(app: AppTest, label: str) -> str:
    return str(next(w for w in app.text_input if w.label == label).value)


def _opened(plan: Plan, field: str) -> AppTest:
    """The page of a plan that came with a link."""
    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params["s"] = encode(plan)
    app.session_state["own_kind"] = TABS[field]
    return open_at(app, "own")


def test_a_half_typed_entry_stays_over_other_tabs_and_pages_and_other_forms_that_are_saved() -> None:
    app = _open("models")
    _type(app, "models", {"name": "Half", "layers": 48, "based_on": "llama3.1-8b"})
    app = _to_tab(app.run(), "sites")
    _type(app, "sites", {"name": "Ours", "source_date": DAY, "source": "meters", "region": "FR"})
    app = _save(app)
    assert [s.name for s in _plan(app).sites] == ["Ours"]
    app = app.switch_page("pages/plan/page.py").run()
    app = _to_tab(app.switch_page(PAGE).run(), "models")
    assert not app.exception
    assert _text(app, "Name") == "Half"
    assert _text(app, "Layers") == "48"
    assert next(w for w in app.selectbox if w.label == "Like").value == "llama3.1-8b"
    assert _plan(app).models == ()


def test_a_pasted_config_stays_over_other_tabs_and_pages() -> None:
    app = _open("models")
    app.session_state["own:config"] = True
    app.run().text_area(key="own:config:text").set_value(CONFIG).run()
    app = _to_tab(app, "sites").switch_page("pages/plan/page.py").run()
    app = _to_tab(app.switch_page(PAGE).run(), "models")
    app.session_state["own:config"] = True
    assert app.run().text_area(key="own:config:text").value == CONFIG
    assert not app.button(key="own:config:go").click().run().exception
    assert _text(app, "Layers") == "36"


def test_what_was_typed_and_not_saved_says_so_and_can_be_discarded() -> None:
    app = _entered("sites")
    assert "Discard" not in [b.label for b in app.button]
    _type(app, "sites", {"pue": 1.5, "host_w": None}, "own:ours")
    app = next(b for b in app.run().button if b.label == "Discard").click().run()
    shown = {str(w.key).removeprefix("own:sites:own:ours:"): w.value for w in app.text_input}
    assert (shown["pue"], shown["host_w"]) == ("1.3", "120")
    assert "Discard" not in [b.label for b in app.button]


def test_a_cleared_size_is_refused_and_a_new_model_has_none_to_begin_with() -> None:
    app = _open("models")
    assert next(w for w in app.text_input if w.label.startswith("Parameters, ")).value == ""
    _type(app, "models", {"name": "Ours"} | SAID | VALUES["models"] | {"params_total_b": None})
    app = _save(app)
    assert _plan(app).models == ()
    assert "Parameters of 'Ours' is blank; every model has a size" in app.warning[0].value


def test_an_entry_that_contradicts_the_one_it_is_like_is_refused_before_it_is_saved() -> None:
    app = _open("devices")
    _type(app, "devices", {"name": "Ours", "based_on": "H100-SXM", "idle_w": 900.0} | SAID)
    app = _save(app)
    assert _plan(app).devices == ()
    assert "Power when idle is 900; it must be at most power limit, 700 W" in app.warning[0].value


def test_a_source_of_tomorrow_is_refused() -> None:
    app = _open("sites")
    _type(app, "sites", {"name": "Ours", "source": "meters", "source_date": "2099-01-01", "region": "FR"})
    app = _save(app)
    assert _plan(app).sites == ()
    assert "it must not be after today" in app.warning[0].value


def _list(key: str, model: str = "gpt-5") -> OwnPrice:
    return OwnPrice(
        id=key, name=key[4:], model=model, price_input_usd_per_m_tokens=1, price_output_usd_per_m_tokens=2, **SAID
    )


def test_a_price_list_counts_who_buys_the_model_and_a_second_one_is_refused() -> None:
    bot = Workload(id="W1", name="Bot", hosting="api", hardware="", model="gpt-5", region="US")
    app = _opened(Plan(workloads=(bot, bot.but(id="W2", name="Own", hosting="own", hardware="H100-SXM"))).with_own(
        _list("own:a")), "prices")  # fmt: skip
    assert list(app.table[0].value["Used by"]) == ["1\u00a0workload"]
    _type(app, "prices", {"name": "Again"} | SAID | VALUES["prices"])
    app = _save(app)
    assert len(_plan(app).prices) == 1
    assert "Model is 'gpt-5'; 'a' holds the prices of it already" in app.warning[0].value


def test_whoever_loses_a_removed_entry_is_named() -> None:
    hall = OwnSite(id="own:h", name="Hall 1", region="FR", **SAID)
    one = Workload(id="W1", name="Acme 14B", region="own:h")
    plan = Plan(workloads=(one,)).with_own(hall)
    app = _opened(plan.but(case=plan.case.but(region="own:h")), "sites")
    assert list(app.table[0].value["Used by"]) == ["1\u00a0workload, the Estimate page"]
    app.selectbox(key="own:sites:chosen").set_value("own:h").run()
    app = next(b for b in app.button if b.label == "Remove").click().run()
    assert _plan(app).sites == ()
    assert app.info[0].value == (
        "Hall 1 was removed; Acme 14B and the Estimate page's question used it and have no figure now. "
        "Undo brings it back."
    )


def test_an_entry_of_a_link_that_cannot_be_used_is_told_beside_the_list() -> None:
    mixture = OwnModel(id="own:m", name="Ours", params_total_b=60, based_on="mixtral-8x7b", **SAID)
    app = _opened(Plan().with_own(mixture), "models")
    assert "Ours cannot be used: Parameters used per token is blank" in app.warning[0].value.replace("\u2060", "")


def test_the_list_tells_figures_and_names_as_a_reader_writes_them() -> None:
    model = OwnModel(id="own:m", name="Ours", params_total_b=14.770033664, based_on="llama3.1-8b", **SAID)
    (told,) = _opened(Plan().with_own(model), "models").table[0].value["Figures"]
    assert told == "parameters 14.8\u00a0billion, like Llama 3.1 8B"
