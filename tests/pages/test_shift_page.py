"""The Shift page without a browser: its answer is the engine's, its fields the plan's, each tab says its figures."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core import link, words
from core.catalog import load
from core.plan import Plan
from core.plan.example import example_plan
from core.results.across_grids import across_grids
from core.results.follow import follow
from core.results.joint import jointly, jointly_realised, problem, spread_weeks
from core.results.moves import move_to, places
from core.shift.job import Job, outcomes
from core.shift.realised import each_realised
from core.shift.reference import reference_year
from core.ui import shift_hours, shift_joint
from core.ui.shift_places import IN_TURN, day_g_per_kwh
from core.ui.shown import scale_for
from core.ui.state import Session
from tests.pages.open_at import open_at

APP = str(Path(__file__).parents[2] / "app.py")
PLAN = example_plan()


def _open(plan: Plan = PLAN, key: str = "W2", tab: str = "") -> AppTest:
    app = AppTest.from_file(APP, default_timeout=60)
    if plan != PLAN:
        app.query_params["s"] = link.encode(plan)
    app.session_state["glidepath"] = Session(example_plan(), example_plan(), selected=key)
    if tab:
        app.session_state["shift:tab"] = tab
    app = open_at(app, "shift")
    assert not app.exception
    return app


def _plan(app: AppTest) -> Plan:
    found: Plan = app.session_state["glidepath"].plan
    return found


def _said(app: AppTest) -> str:
    return "\n".join(one.value for one in app.markdown)


def _plain(app: AppTest) -> str:
    return _said(app).replace("\\", "").replace("\u2060", "").replace("\u00a0", " ")


def test_the_headline_is_the_best_of_the_cleanest_places_by_the_engine() -> None:
    app = _open()
    workload = PLAN.workload("W2")
    assert workload is not None
    moves = [move_to(PLAN, workload, place.key) for place in places(PLAN, workload)[1:4]]
    best = min(moves, key=lambda move: move.after_kg)
    scale = scale_for("kg", [kg for move in moves for kg in (move.before_kg, move.after_kg)])
    saved = (best.before_kg - best.after_kg, -best.high_kg, -best.low_kg)
    answer, phrase = words.headline(*saved, scale, "CO₂e", "a year in 2030")
    assert app.header[0].value == f"Moving saves {answer}, :gray[{phrase}]"
    assert "Nothing of it waits: say below how long it can." in _said(app)


def test_a_press_moves_it_and_undo_brings_it_back() -> None:
    app = _open()
    app.button(key="shift:move").click().run()
    assert _plan(app).workload("W2").region == places(PLAN, PLAN.workload("W2"))[1].key  # type: ignore[union-attr, arg-type]
    app.button(key="undo").click().run()
    assert _plan(app) == PLAN


def test_limits_are_fields_of_the_plan_and_narrow_the_places() -> None:
    app = _open()
    app.selectbox(key="w:W2:residency").set_value("country").run()
    assert _plan(app).workload("W2").residency == "country"  # type: ignore[union-attr]
    assert app.header[0].value == "No other place allowed saves clearly"
    app.number_input(key="w:W2:deferrable_h").set_value(-3).run()
    assert _plan(app).workload("W2").deferrable_h == 0  # type: ignore[union-attr]
    assert "must lie in [0, 8,760] hours. The plan stays as it was." in app.warning[0].value.replace("\\", "")


def test_a_list_of_countries_is_typed_kept_in_the_plan_and_what_is_unknown_is_said() -> None:
    app = _open()
    assert "w:W2:residency_countries" not in {field.key for field in app.text_input}
    app = app.selectbox(key="w:W2:residency").set_value("listed").run()
    assert "limits kept: data may go: no other country yet" in _plain(app)
    app = app.text_input(key="w:W2:residency_countries").set_value("se; FR;XX").run()
    assert _plan(app).workload("W2").residency_countries == ("se", "FR", "XX")  # type: ignore[union-attr]
    assert "data may go: SE, FR, XX; no grid of the catalog is in XX" in _plain(app)
    assert link.decode(link.encode(_plan(app))).plan == _plan(app)


def test_where_no_other_place_has_room_for_all_no_move_is_offered() -> None:
    app = _open(PLAN.with_workload("W2", room_away_ratio=0.4))
    assert app.header[0].value == "No other place has room for all of it"
    assert "Room elsewhere is 0.4 times its mean: One move or many, below," in _said(app)
    assert "No move is left: no other place has room for all of it, and no work may wait." in _said(app)
    assert "shift:move" not in {button.key for button in app.button}


@pytest.mark.parametrize(
    ("key", "changes", "told"),
    [
        ("W4", {"room_home_ratio": 1.0},
         "Waiting saves nothing: at home an hour takes 1 times the mean; work that waits needs more than 1."),
        ("W4", {"deferrable_share": 0.0}, "Nothing of it waits: the share that can wait is 0 of its work."),
        ("W5", {"region": "DE", "hosting": "own", "installed_accelerators": 16, "runs_per_year": 508.0, "job_h": 24.0,
                "deferrable_h": 48.0, "pausing": "paused", "restart_h": 0.5, "growth_low_pct": 0.0,
                "growth_central_pct": 0.0, "growth_high_pct": 0.0},
         "its machines wait 1,025 accelerator-hours: 20 % of its runs pause, the others run as they come."),
    ],
)  # fmt: skip
def test_why_waiting_does_nothing_or_not_all_of_it_is_said(key: str, changes: dict[str, Any], told: str) -> None:
    assert told in _plain(_open(PLAN.with_workload(key, **changes), key))


def test_another_workload_is_chosen_and_waits_by_its_own_hours() -> None:
    app = _open()
    app.selectbox(key="shift:workload").set_value("W4").run()
    assert "Waiting for cleaner hours, by the last 28 days:" in _said(app)
    app.selectbox(key="w:W4:hours_chosen").set_value("profile").run()
    assert _plan(app).workload("W4").hours_chosen == "profile"  # type: ignore[union-attr]
    assert "The plan counts on it." in _said(app)


@pytest.mark.parametrize(
    ("tab", "key", "told"),
    [
        ("The grid's year", "W4", "Cleanest in"),
        ("Saving against wait", "W4", "of the bound. Hourly averages are allocated, not proven avoided"),
        (
            "Before and after",
            "W4",
            "Saved of the load's carbon in these hours: 12 % with perfect foresight (upper bound), "
            "−3.7 % by yesterday's hours, 2.9 % by the last 28 days.",
        ),
        ("Every start", "W4", "8 076 start hours, sorted."),
        ("Map", "W2", "places keep the limits, today's among them."),
        ("One move or many", "W2", "of all that moving could save"),
        ("All together", "W2", "by 12 weeks of the year. Planned at the start of each week, the last 28 days realise"),
        ("Every grid", "W2", "3.9 % on the median one, under 5 % on 96 of 156. If it may pause and resume: 10.0 %."),
    ],
)
def test_each_tab_says_its_figures(tab: str, key: str, told: str) -> None:
    said = _plain(_open(key=key, tab=tab)).replace("\u202f", " ")
    assert told in said or told.capitalize() in said, said


def test_the_shares_of_a_workload_s_places_add_up_to_a_hundred() -> None:
    cells = _open(key="W2", tab="All together").table[-1].value["Placed at"]
    shares = [[int(part) for part in re.findall(r"(\d+)\\?\u00a0%", cell)] for cell in cells]
    assert [sum(row) for row in shares] == [100] * len(cells)
    assert max(map(len, shares)) == 3


@pytest.mark.parametrize(("restart_h", "said"), [(0.0, False), (0.5, True)])
def test_together_says_that_restarts_are_not_counted_where_a_run_would_restart(restart_h: float, said: bool) -> None:
    run = {"deferrable_h": 24.0, "job_h": 24.0, "pausing": "paused", "restart_h": restart_h}
    app = _open(PLAN.with_workload("W5", **run), "W5", "All together")
    assert ("Restarts take no energy here." in _plain(app)) == said
    assert "the last 28 days realise over 99 % of that, yesterday's hours 99 %." in _plain(app)


def test_the_energy_of_a_restart_is_asked_where_a_run_may_pause_and_moves_the_figure() -> None:
    app = _open(PLAN.with_workload("W5", job_h=24.0, deferrable_h=48.0, hours_chosen="profile"), "W5")
    assert not [field for field in app.number_input if field.key == "w:W5:restart_h"]
    app = app.selectbox(key="w:W5:pausing").set_value("paused").run()
    free = _plain(app)
    app.number_input(key="w:W5:restart_h").set_value(2.0).run()
    assert _plan(app).workload("W5").restart_h == 2.0  # type: ignore[union-attr]
    told = [next(line for line in said.split("\n") if "with perfect foresight" in line) for said in (free, _plain(app))]
    assert told[0] != told[1]


def test_every_start_says_the_hour_of_the_cleanest_and_how_many_releases_restarts_are_worked_out_for() -> None:
    app = _open(PLAN.with_workload("W4", region="DE"), "W4", shift_hours.TABS["starts"])
    curve = reference_year(load().regions["DE"])
    found, each = outcomes(curve.for_time(), Job(1.0, 12)), each_realised(curve.for_time(), Job(1.0, 12))
    cells = app.table[-1].value
    for name, told in (
        ("Saves against starting at once", each.savings_pct()),
        ("Against a start at random", each.savings_random_pct()),
        ("Half of the starts save less than", [pct[0] for pct in each.quantiles_pct([0.5])]),
        ("One in ten more than", [pct[0] for pct in each.quantiles_pct([0.9])]),
    ):
        assert list(cells[name]) == [words.tenths(pct) for pct in told]
    hours = [curve.local(int(start)).hour for start in found.start]
    most = max(set(hours), key=hours.count)
    assert f"The cleanest start is most often at {most:02d}:00, local time: " in _plain(app)
    over = f"Over all {words.count(found.starts, 'start hour')} of the series, perfect foresight (upper bound) saves "
    told = (
        f"{words.tenths(found.saving_pct)} against starting at once and {words.tenths(found.saving_random_pct)} against"
    )
    assert f"{over}{told} a start at random.".replace("\u00a0", " ") in _plain(app)
    run = PLAN.with_workload("W6", job_h=700.0, pausing="paused", restart_h=1.0)
    assert "With restarts, one release in 71 is worked out." in _plain(_open(run, "W6", shift_hours.TABS["starts"]))


def test_every_grid_shows_three_figures_for_each_length_in_one_piece_and_pausing() -> None:
    cells = _open(tab=shift_hours.TABS["all"]).table[-1].value
    found = across_grids()
    assert list(cells["Median grid"])[:2] == [
        "In one piece, perfect foresight (upper bound)", "In one piece, by yesterday's hours",
    ]  # fmt: skip
    for name, length in (("1\u00a0hour", 1), ("24\u00a0hours", 24)):
        told = [found.quantiles_pct(pausing, length, way)[1] for pausing in (False, True) for way in range(3)]
        assert list(cells[name]) == [words.tenths(pct) for pct in told]


def test_a_workload_that_does_nothing_in_the_year_shown_says_so() -> None:
    assert _open(key="W6").header[0].value == "It does no work in 2030"


def test_too_little_room_is_one_sentence_that_lists_few_places() -> None:
    full = PLAN.with_workload("W4", room_home_ratio=0.5, room_away_ratio=0.0)
    for tab in ("Before and after", "Every start"):
        assert "Room at home is 0.5 times the mean; the work of an hour takes 1." in _said(_open(full, "W4", tab)), tab
    said = _plain(_open(full, "W4", shift_hours.TABS["follow"]))
    assert (
        "Capacity binds in hour 1: work of 1 kWh may run in Finland, South Central Sweden, Southeast Norway, " in said
    )
    assert " others alone, which hold 0.5 kWh." in said


def test_a_place_whose_hours_nobody_knows_stays_flat_and_is_named() -> None:
    app = _open(PLAN.with_workload("W4", region="HK"), "W4", shift_hours.TABS["follow"])
    cells = app.table[-1].value
    assert list(cells["Saves at most"])[2] == "not known: no hours, or no room, there"
    assert "Without known hours, at their mean: Hong Kong" in _plain(app)


def test_a_run_longer_than_the_year_is_said() -> None:
    app = _open(PLAN.with_workload("W6", job_h=8_700), "W6", shift_hours.TABS["starts"])
    assert "The job and its slack take 8,700 + 720 h; the series holds 8,760 h." in _said(app)
    app = _open(PLAN.with_workload("W6", job_h=8_700, deferrable_h=24.0), "W6", shift_hours.TABS["starts"])
    assert "Over all 37 start hours of the series, perfect foresight (upper bound) saves " in _plain(app)
    assert "By a forecast nobody can say: realised figures need 672 h of history and 8,724 h for the job; " in _plain(
        app
    )


def test_a_grid_without_hours_says_so_on_the_page() -> None:
    app = _open(PLAN.with_workload("W4", region="TH"), "W4", shift_hours.TABS["week"])
    assert "No hourly shape is known for Thailand" in _said(app)


def test_market_based_figures_do_not_follow_the_hours_and_the_page_says_so() -> None:
    app = _open(PLAN.but(method="market"), "W4")
    assert "Cleaner hours show in the location-based figures alone: contracts are counted by the year." in _said(app)


def test_what_studies_printed_stands_beside_ours_with_the_reason_where_it_differs() -> None:
    app = _open(tab=shift_hours.TABS["all"])
    shut = next(one for one in app.expander if one.label.startswith("What studies and notes print"))
    assert shut.label == "What studies and notes print: 8 of 51 figures reproduced, the rest with the reason"
    app.session_state["table:published shifts"] = True
    cells = app.run().table[-1].value
    assert list(cells["Ours"]).count("none") == 18
    fleet = cells[cells["Study"].str.contains("DE, year not told") & cells["Figure"].str.contains("yesterday")].iloc[0]
    assert (fleet["Job and slack"], fleet["Printed"], fleet["Ours"]) == (
        "30 % of a fleet may wait 24 h", "32 %", "49.72 %",
    )  # fmt: skip
    row = cells[cells["Job and slack"] == "24 h, slack 24 h, pausing"].iloc[0]
    assert (row["Printed"], row["Ours"], row["Outcome"]) == ("18.7 %", "18.74 %", "reproduced on the study's own hours")
    assert "its half-hourly series of 2020 are not at hand" in cells[cells["Printed"] == "11.74 %"]["Outcome"].iloc[0]


def test_room_and_energy_of_moving_are_fields_of_the_plan_and_place_and_time_go_together() -> None:
    plan = PLAN.with_workload("W2", deferrable_h=12.0)
    app = _open(plan, tab=shift_hours.TABS["follow"])
    ample = app.table[-1].value
    assert list(ample["Way"])[2:] == [
        "Waiting up to 12\u00a0hours, in Germany", "Both: the cleanest place and hour, waiting up to 12\u00a0hours",
    ]  # fmt: skip
    assert ample["Of which by yesterday's hours"].iloc[0] == "none needed"
    found = follow(places(plan, plan.workload("W2")), 12, 2.0, 1.0)  # type: ignore[arg-type]
    assert found.both_realised is not None
    shares = (found.both_realised.yesterday_share, found.both_realised.profile_share)
    assert [ample[name].iloc[3] for name in list(ample)[2:]] == [words.percent(share) for share in shares]
    app.number_input(key="w:W2:room_away_ratio").set_value(0.1).run()
    tight = app.number_input(key="w:W2:moving_share").set_value(0.2).run().table[-1].value
    assert ample["Way"].iloc[0] == "One move for the whole year"
    assert tight["Way"].iloc[0] == "Moved once for the whole year: all of it, to 10\u00a0places"
    assert "Moving it once, as far as there is room, to " in _plain(app)
    was, now = ([float(text.removesuffix(" %")) for text in table["Saves at most"]] for table in (ample, tight))
    assert [now[row] < was[row] for row in range(4)] == [True, True, False, True]
    assert _plan(app) == plan.with_workload("W2", room_away_ratio=0.1, moving_share=0.2)


def test_all_workloads_are_placed_as_the_engine_says_and_what_binds_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    monkeypatch.setattr(shift_joint, "SOON_S", -1.0)
    monkeypatch.setattr(shift_joint.outbox, "send_now", lambda: sent.append("seen"))
    app = _open(tab=shift_hours.TABS["joint"])
    assert sent, "nobody saw how far it was"
    done = jointly(problem(PLAN), spread_weeks(problem(PLAN), 12))
    cells = app.table[-1].value
    assert list(cells["Workload"]) == [w.name for w in done.workloads()]
    before, after = done.carbon_kg("W2")
    assert cells["Saves at most"].iloc[1] == f"{(1 - after / before) * 100:.0f} %"
    mine = jointly_realised(problem(PLAN), done.weeks, "W2")
    assert mine is not None
    shares = [words.percent(share) for share in (mine.yesterday_share, mine.profile_share)]
    assert [cells[f"Of which by {name}"].iloc[1] for name in ("yesterday's hours", "the last 28 days")] == shares
    assert "Domain model pre-training, once takes no part: it does no work in the year shown." in _plain(app)
    shut = PLAN.but(workloads=tuple(w.but(room_home_ratio=0.5, room_away_ratio=0.05) for w in PLAN.workloads))
    said = _plain(_open(shut, tab=shift_hours.TABS["joint"]))
    assert "In the week from 01 January, capacity binds: " in said
    assert "find no room in" in said


def test_a_link_with_a_choice_of_hours_opens_at_the_workload_that_has_it() -> None:
    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params["s"] = link.encode(PLAN.with_workload("W4", hours_chosen="profile"))
    app = open_at(app, "shift")
    assert app.selectbox(key="shift:workload").value == "W4"
    assert "The plan counts on it." in _said(app)


def test_a_place_that_nobody_knows_is_said_and_nothing_is_drawn() -> None:
    app = _open(PLAN.with_workload("W4", region="XX"), "W4")
    assert app.header[0].value == "No move can be ranked"
    assert "No figure: Region is 'XX'; it is neither a grid nor a cloud region of the catalog." in _said(app).replace(
        "\u2060", ""
    )
    assert not app.table
    assert not app.tabs


def test_the_tables_of_hours_hold_a_day_in_one_cell_as_the_chart_has_it() -> None:
    app = _open()
    app.session_state["table:Grid carbon by place and hour of the day"] = True
    cells = app.run().table[0].value
    here = places(PLAN, PLAN.workload("W2"))[0]  # type: ignore[arg-type]
    assert cells["Place"].iloc[0] == here.name
    assert cells[IN_TURN].iloc[0] == ", ".join(words.figure(value, 2) for value in day_g_per_kwh(here.region))
    assert cells[IN_TURN].iloc[0].count(", ") == 23
