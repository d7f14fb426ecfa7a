"""Each service's documented answers become a reading or a file; nothing is asked unless it is on, nor too often."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core import catalog
from core.headless import hours_file
from core.imports.hourly import Said
from core.live import now
from core.live.now import Live, Look, PastLook
from core.live.record import LiveError
from core.live.secret import Secret
from core.live.settings import Chosen, chosen
from core.live.web import Web
from core.units import KG_PER_LB
from tests.live.service import KEY, PASSWORD, USER, Service, documented, hour, serving, value_of, watttime

REGIONS = catalog.load().regions
ALL = "electricity-maps, watttime, uk-carbon-intensity"


@pytest.fixture
def service() -> Iterator[Service]:
    with serving() as found:
        yield found


def on(service: Service, names: str = ALL, **more: str) -> dict[str, Chosen]:
    settings = {
        "GLIDEPATH_LIVE": names,
        "GLIDEPATH_ELECTRICITY_MAPS_KEY": KEY,
        "GLIDEPATH_WATTTIME_USER": USER,
        "GLIDEPATH_WATTTIME_PASSWORD": PASSWORD,
        **{
            f"GLIDEPATH_{name}_URL": service.address for name in ("ELECTRICITY_MAPS", "WATTTIME", "UK_CARBON_INTENSITY")
        },
    }
    return {one.about.id: one for one in chosen(settings | more, Path("/nowhere"))}


def waited(look: object, limit_s: float = 5.0) -> object:
    """What a look comes to once nothing is being asked."""
    until = time.monotonic() + limit_s
    while time.monotonic() < until:
        found = look()  # type: ignore[operator]
        if not any(one.asking for one in (found if isinstance(found, list) else [found])):
            return found
        time.sleep(0.01)
    raise AssertionError("still asking")


def looked(live: Live, region: str) -> list[Look]:
    found = waited(lambda: live.look(REGIONS[region]))
    assert isinstance(found, list)
    return found


def test_without_a_setting_no_service_is_on(tmp_path: Path) -> None:
    assert chosen({}, tmp_path) == ()
    assert Live(chosen({}, tmp_path)).look(REGIONS["DE"]) == []


def test_the_secrets_file_switches_on_and_the_environment_goes_first(tmp_path: Path) -> None:
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "secrets.toml").write_text(
        'GLIDEPATH_LIVE = "electricity-maps"\nGLIDEPATH_ELECTRICITY_MAPS_KEY = "of-the-file"\n'
    )
    (one,) = chosen({}, tmp_path)
    assert one.service.key == Secret("of-the-file")  # type: ignore[attr-defined]
    (one,) = chosen({"GLIDEPATH_ELECTRICITY_MAPS_KEY": "of-mine"}, tmp_path)
    assert one.service.key == Secret("of-mine")  # type: ignore[attr-defined]
    assert chosen({"GLIDEPATH_LIVE": ""}, tmp_path) == ()


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"GLIDEPATH_LIVE": "ember"}, "GLIDEPATH_LIVE names 'ember'; it must be one or more of electricity-maps, "
         "watttime, uk-carbon-intensity"),
        ({"GLIDEPATH_LIVE": "watttime", "GLIDEPATH_WATTTIME_URL": "http://example.org"},
         "GLIDEPATH_WATTTIME_URL must begin with https:// and hold no password"),
        ({"GLIDEPATH_LIVE": "watttime", "GLIDEPATH_WATTTIME_URL": "https://me:pa55@example.org"},
         "GLIDEPATH_WATTTIME_URL must begin with https:// and hold no password"),
        ({"GLIDEPATH_LIVE": "watttime", "GLIDEPATH_WATTTIME_URL": "https://[::1"},
         "GLIDEPATH_WATTTIME_URL must begin with https:// and hold no password"),
        ({"GLIDEPATH_LIVE": "watttime", "GLIDEPATH_LIVE_ZONES": "DE=../x"},
         "GLIDEPATH_LIVE_ZONES: 'DE=../x' must read service:region=zone, as watttime:US-CAL-CISO=CAISO_NORTH"),
        ({"GLIDEPATH_LIVE": "electricity-maps", "GLIDEPATH_ELECTRICITY_MAPS_KEY": "s3cret\nInjected: yes"},
         "GLIDEPATH_ELECTRICITY_MAPS_KEY holds a sign that a key cannot have"),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_understood_is_one_sentence(
    settings: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(LiveError) as error:
        chosen(settings, tmp_path)
    assert str(error.value) == sentence


def test_electricity_maps_says_the_average_of_the_hour(service: Service) -> None:
    (look,) = looked(Live(on(service, "electricity-maps").values()), "DE")
    assert look.reading is not None
    assert (look.reading.intensity_g_per_kwh, look.reading.at, look.reading.zone) == (302.0, hour(), "DE")
    assert (look.reading.counts, look.reading.marginal, look.reading.estimated) == ("life_cycle", False, True)
    ((path, query, headers),) = service.asked
    assert path == "/v3/carbon-intensity/latest"
    assert query == {"zone": "DE", "emissionFactorType": "lifecycle", "disableCallerLookup": "true"}
    assert headers["auth-token"] == KEY


def test_a_region_that_counts_the_stack_is_asked_for_with_such_factors(service: Service) -> None:
    one = on(service, "electricity-maps", GLIDEPATH_LIVE_ZONES="electricity-maps:USST-TX=US-TEX-ERCO")
    (look,) = looked(Live(one.values()), "USST-TX")
    assert look.reading is not None
    assert (look.reading.counts, look.reading.zone) == ("direct", "US-TEX-ERCO")
    assert service.asked[0][1]["emissionFactorType"] == "direct"


def test_watttime_says_the_margin_from_pounds_after_one_login(service: Service) -> None:
    one = on(service, "watttime", GLIDEPATH_LIVE_ZONES="watttime:DE=DE; watttime:FR=FR")
    live = Live(one.values())
    (look,) = looked(live, "US-CAL-CISO")
    assert look.reading is not None
    assert look.reading.intensity_g_per_kwh == pytest.approx(1_000 * KG_PER_LB)
    assert (look.reading.zone, look.reading.counts, look.reading.marginal) == ("CAISO_NORTH", "marginal", True)
    looked(live, "DE")
    looked(live, "FR")
    assert [path for path, _, _ in service.asked] == ["/login", "/v3/forecast", "/v3/forecast", "/v3/forecast"]


@pytest.mark.parametrize(("actual", "told", "estimated"), [(263, 263.0, False), (None, 266.0, True)])
def test_great_britain_says_what_was_found_and_else_the_forecast(
    service: Service, actual: int | None, told: float, estimated: bool
) -> None:
    def half(handler, path, query) -> None:  # type: ignore[no-untyped-def]
        handler.say({"data": [{"from": f"{hour():%Y-%m-%dT%H:%MZ}", "to": f"{hour():%Y-%m-%dT%H:30Z}",
                               "intensity": {"forecast": 266, "actual": actual, "index": "moderate"}}]})  # fmt: skip

    service.answer = half
    (look,) = looked(Live(on(service, "uk-carbon-intensity").values()), "GB")
    assert look.reading is not None
    assert (look.reading.intensity_g_per_kwh, look.reading.estimated, look.reading.counts) == (
        told,
        estimated,
        "direct",
    )
    assert not {"auth-token", "Authorization"} & service.asked[0][2].keys()


def test_a_region_that_no_service_names_is_not_asked_for(service: Service) -> None:
    assert Live(on(service, "watttime, uk-carbon-intensity").values()).look(REGIONS["DE"]) == []
    assert service.asked == []


@pytest.mark.parametrize(
    ("name", "region", "questions", "basis", "factor"),
    [
        ("electricity-maps", "DE", 10, "life_cycle", 1.0),
        ("watttime", "US-CAL-CISO", 4, "marginal", KG_PER_LB),
        ("uk-carbon-intensity", "GB", 7, "direct", 1.0),
    ],
)
def test_the_past_of_each_service_is_a_file_that_the_app_reads_as_that_services(
    service: Service, name: str, region: str, questions: int, basis: str, factor: float
) -> None:
    one = on(service)[name]
    live = Live([one])
    found = waited(lambda: live.past(one, REGIONS[region]))
    assert isinstance(found, PastLook)
    assert found.past is not None, found.why
    assert len(service.asked) == questions
    assert (found.done, found.of) == (len(service.asked) - (name == "watttime"),) * 2
    said = Said(unit=found.past.unit if name == "watttime" else "")
    series = hours_file.read(found.past.name, found.past.raw, said)
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    assert (series.start, len(series.intensity_g_per_kwh)) == (midnight - timedelta(days=90), 2_160)
    assert series.basis == basis
    expected = [value_of(series.start + timedelta(hours=n)) * factor for n in range(2_160)]
    assert series.intensity_g_per_kwh == pytest.approx(expected)


def test_what_is_here_is_not_asked_again_for_five_minutes_and_a_failure_for_one(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock_s = [1_000.0]
    monkeypatch.setattr(now, "monotonic", lambda: clock_s[0])
    live = Live(on(service, "electricity-maps").values())
    looked(live, "DE")
    clock_s[0] += 299
    looked(live, "DE")
    assert len(service.asked) == 1
    clock_s[0] += 2
    service.answer = lambda handler, path, query: handler.say({}, 500)
    looked(live, "DE")
    clock_s[0] += 59
    looked(live, "DE")
    assert len(service.asked) == 2
    clock_s[0] += 2
    service.answer = documented
    (look,) = looked(live, "DE")
    assert (len(service.asked), look.why) == (3, "")


def test_what_was_said_last_stays_until_it_is_answered_anew_and_not_beyond_a_failure(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock_s = [1_000.0]
    monkeypatch.setattr(now, "monotonic", lambda: clock_s[0])
    live = Live(on(service, "electricity-maps").values())
    looked(live, "DE")
    clock_s[0] += 301
    go_on = threading.Event()

    def later(handler, path, query) -> None:  # type: ignore[no-untyped-def]
        go_on.wait(2)
        handler.say({}, 503)

    service.answer = later
    (look,) = live.look(REGIONS["DE"])
    assert look.asking
    assert look.reading is not None
    assert look.reading.intensity_g_per_kwh == 302.0
    go_on.set()
    (look,) = looked(live, "DE")
    assert (look.reading, look.why) == (None, "Electricity Maps: it has a fault of its own (503)")


def test_a_service_is_asked_so_many_times_in_five_minutes_at_most(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert now.MOST_QUESTIONS == 60
    monkeypatch.setattr(now, "MOST_QUESTIONS", 3)
    live = Live(on(service, "electricity-maps").values())
    why = [looked(live, region)[0].why for region in ("DE", "FR", "ES", "PL")]
    assert why[:3] == [""] * 3
    assert why[3].startswith("Electricity Maps: asked 3 times in 5 minutes, the limit here; again in ")
    assert len(service.asked) == 3


def test_a_look_waits_for_nothing(service: Service) -> None:
    service.answer = lambda handler, path, query: service.over.wait(2)
    live = Live(on(service, "electricity-maps").values(), lambda one: Web(one.address, timeout_s=0.2).get)
    begun = time.perf_counter()
    (look,) = live.look(REGIONS["DE"])
    assert time.perf_counter() - begun < 0.1
    assert look.asking
    (look,) = looked(live, "DE")
    assert look.why == "Electricity Maps: no answer within 0.2 s"


def test_watttime_is_logged_in_anew_when_its_token_is_refused(service: Service) -> None:
    one = on(service, "watttime")["watttime"]
    one.service._token, one.service._until_s = Secret("old"), time.monotonic() + 60  # type: ignore[attr-defined]
    fetch = Web(one.address).get
    with pytest.raises(LiveError, match=r"^it refuses the key \(401\)$"):
        one.service.latest(fetch, "CAISO_NORTH", False)
    assert one.service.latest(fetch, "CAISO_NORTH", False).intensity_g_per_kwh == pytest.approx(1_000 * KG_PER_LB)


def test_of_several_points_the_one_that_goes_on_counts(service: Service) -> None:
    points = [(hour() + timedelta(hours=n), 100.0 * (n + 4)) for n in range(-2, 3)]

    def many(handler, path, query) -> None:  # type: ignore[no-untyped-def]
        handler.say(watttime(points, query["region"])) if path == "/v3/forecast" else documented(handler, path, query)

    service.answer = many
    (look,) = looked(Live(on(service, "watttime").values()), "US-CAL-CISO")
    assert look.reading is not None
    assert look.reading.at == hour()
    assert look.reading.intensity_g_per_kwh == pytest.approx(400 * KG_PER_LB)
