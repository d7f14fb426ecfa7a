"""Every way a service can fail is one sentence with the limit, soon, and without the key."""

from __future__ import annotations

import logging
import pickle
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.live.electricity_maps import ElectricityMaps
from core.live.great_britain import GreatBritain
from core.live.record import LiveError
from core.live.secret import Secret
from core.live.watttime import WattTime
from core.live.web import Web
from tests.live.service import (
    KEY,
    PASSWORD,
    USER,
    Handler,
    Service,
    documented,
    electricity_maps,
    great_britain,
    hour,
    serving,
    watttime,
)

SHORT_S = 0.2
MAPS, WATT, BRITAIN = ElectricityMaps(Secret(KEY)), WattTime(Secret(USER), Secret(PASSWORD)), GreatBritain()


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with serving() as found:
        yield found


def why(
    service: Service, answer: Callable[[Handler], Any], asked: Any = MAPS, zone: str = "DE", timeout_s: float = 5.0
) -> str:
    """The sentence that an answer ends in; a login is answered as documented."""

    def once(handler: Handler, path: str, query: dict[str, str]) -> None:
        documented(handler, path, query) if path == "/login" else answer(handler)

    service.answer = once
    begun = time.perf_counter()
    with pytest.raises(LiveError) as error:
        asked.latest(Web(service.address, timeout_s, most_bytes=10_000).get, zone, False)
    assert time.perf_counter() - begun < timeout_s + 1.0
    said = str(error.value)
    assert not [secret for secret in (KEY, PASSWORD, "t0ken") if secret in said + repr(error.value.__cause__)]
    return said


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (401, "it refuses the key (401)"),
        (403, "it refuses the key for this zone or period (403)"),
        (404, "it does not know the zone (404)"),
        (418, "it answers with 418"),
        (429, "it asks for a pause: too many questions (429)"),
        (500, "it has a fault of its own (500)"),
        (503, "it has a fault of its own (503)"),
        (204, "it answers with 204"),
    ],
)
def test_a_refusal_is_told_by_its_number_and_its_words_are_not_repeated(
    service: Service, status: int, sentence: str
) -> None:
    assert why(service, lambda handler: handler.say({"error": f"your key is {KEY}"}, status)) == sentence


def test_a_redirect_is_not_followed(service: Service) -> None:
    def away(handler: Handler) -> None:
        handler.send_response(302)
        handler.send_header("Location", "http://127.0.0.2/elsewhere")
        handler.end_headers()

    before = len(service.asked)
    assert why(service, away) == "it sends elsewhere (302), which is not followed"
    assert len(service.asked) == before + 1


def _reading(**more: Any) -> Callable[[Handler], None]:
    return lambda handler: handler.say(electricity_maps(hour(), 302) | more)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda handler: handler.say(b"<html>busy</html>"), "its answer is no JSON"),
        (lambda handler: handler.say(b""), "its answer is no JSON"),
        (lambda handler: handler.say(b"\xff\xfe\x00"), "its answer is no JSON"),
        (lambda handler: handler.say(b"[" * 9_000), "its answer is no JSON"),
        (lambda handler: handler.say([1]), "its answer is no JSON object"),
        (lambda handler: handler.say(b'{"zone": "DE", "carbonIntensity": NaN}'), "its answer is no JSON"),
        (lambda handler: handler.say(b'{"zone": "DE", "carbonIntensity": 1e999}'),
         "its carbonIntensity is 'inf', which is no finite number"),
        (lambda handler: handler.say(b'{"zone": "DE", "carbonIntensity": 1' + b"0" * 400 + b"}"),
         "its carbonIntensity is '1000000000000000000000000000000000000000…', which is no finite number"),
        (lambda handler: handler.say({}), "its answer has no 'zone'"),
        (_reading(zone="FR"), "its zone is 'FR'; asked for was 'DE'"),
        (_reading(carbonIntensity=None), "its carbonIntensity is 'None', which is no number"),
        (_reading(carbonIntensity="302"), "its carbonIntensity is '302', which is no number"),
        (_reading(carbonIntensity=True), "its carbonIntensity is 'True', which is no number"),
        (_reading(carbonIntensity=-1), "its carbonIntensity is -1; it must be 0 or more"),
        (_reading(carbonIntensity=302_000), "its carbonIntensity is 302,000 g/kWh; it must lie in [0, 2,000] g/kWh"),
        (_reading(datetime="yesterday"), "its datetime is 'yesterday', which is no time"),
        (_reading(datetime=None), "its datetime is 'None', which is no time"),
        (_reading(datetime="2026-11-28T00:00:00"), "its datetime is '2026-11-28T00:00:00', which names no time zone"),
        (_reading(emissionFactorType="direct"), "its emissionFactorType is 'direct'; asked for was 'lifecycle'"),
        (lambda handler: handler.say(b" " * 10_001), "its answer is too long; the limit is 10,000 bytes"),
    ],
)  # fmt: skip
def test_an_answer_that_is_no_reading_is_told(
    service: Service, answer: Callable[[Handler], Any], sentence: str
) -> None:
    assert why(service, answer) == sentence


def test_an_old_figure_and_one_to_come_are_not_of_now(service: Service) -> None:
    old, ahead = hour(7), hour(-3)
    told = f"its newest figure is of {old:%Y-%m-%d %H:%M} UTC, "
    said = why(service, lambda handler: handler.say(electricity_maps(old, 302)))
    assert said in (f"{told}7 h ago; the limit is 3 h", f"{told}8 h ago; the limit is 3 h")
    said = why(service, lambda handler: handler.say(electricity_maps(ahead, 302)))
    assert said == f"its newest figure is of {ahead:%Y-%m-%d %H:%M} UTC, which is to come"


@pytest.mark.parametrize(
    ("meta", "sentence"),
    [
        ({"units": "kg_co2_per_mwh"}, "its unit is 'kg_co2_per_mwh'; asked for was 'lbs_co2_per_mwh'"),
        ({"signal_type": "health_damage"}, "its signal is 'health_damage'; asked for was 'co2_moer'"),
        ({"region": "PJM"}, "its region is 'PJM'; asked for was 'CAISO_NORTH'"),
    ],
)
def test_another_unit_signal_or_region_of_watttime_is_refused(
    service: Service, meta: dict[str, str], sentence: str
) -> None:
    answer = watttime([(hour(), 900.0)], **meta)
    assert why(service, lambda handler: handler.say(answer), WATT, "CAISO_NORTH") == sentence


def test_an_answer_of_watttime_without_points_is_told(service: Service) -> None:
    assert why(service, lambda handler: handler.say(watttime([])), WATT, "CAISO_NORTH") == "its answer holds no point"
    nothing = watttime([]) | {"data": {}}
    assert why(service, lambda handler: handler.say(nothing), WATT, "CAISO_NORTH") == "its 'data' is no list"


def test_great_britain_knows_itself_alone_and_takes_no_empty_list(service: Service) -> None:
    assert why(service, lambda handler: None, BRITAIN, "IE") == "it knows the zone 'GB' alone"
    assert why(service, lambda handler: handler.say({"data": []}), BRITAIN, "GB") == "its answer has no '0'"
    blank = {"data": [great_britain(hour(), None, None)]}
    assert (
        why(service, lambda handler: handler.say(blank), BRITAIN, "GB") == "its intensity is 'None', which is no number"
    )


def test_without_a_key_nothing_is_asked(service: Service) -> None:
    before = len(service.asked)
    keyless, nobody = ElectricityMaps(Secret("")), WattTime(Secret(USER), Secret(""))
    assert why(service, lambda handler: None, keyless) == "it needs a key: set GLIDEPATH_ELECTRICITY_MAPS_KEY"
    assert why(service, lambda handler: None, nobody) == (
        "it needs an account: set GLIDEPATH_WATTTIME_USER and GLIDEPATH_WATTTIME_PASSWORD"
    )
    assert len(service.asked) == before


def test_a_login_without_a_good_token_is_told(service: Service) -> None:
    for token in ("a\r\nInjected: yes", "", 7, None):
        service.answer = lambda handler, path, query, token=token: handler.say({"token": token})
        with pytest.raises(LiveError, match=r"^its login answers without a token$"):
            WattTime(Secret(USER), Secret(PASSWORD)).latest(Web(service.address).get, "CAISO_NORTH", False)


def test_a_service_that_says_nothing_or_one_byte_now_and_then_has_an_end(service: Service) -> None:
    def drip(handler: Handler, head: bytes) -> None:
        handler.wfile.write(head)
        for _ in range(40):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            if service.over.wait(0.03):
                return

    late = f"no answer within {SHORT_S:g} s"
    assert why(service, lambda handler: service.over.wait(0.6), timeout_s=SHORT_S) == late
    for head in (
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Slow:",
        b"HTTP/1.1 200 OK\r\n\r\n",
    ):
        assert why(service, lambda handler, head=head: _quiet(drip, handler, head), timeout_s=SHORT_S) == late


def _quiet(drip: Callable[[Handler, bytes], None], handler: Handler, head: bytes) -> None:
    """What the service itself meets when its caller has gone."""
    try:
        drip(handler, head)
    except OSError:
        handler.close_connection = True


def test_a_service_that_hangs_up_or_is_not_there_is_told(service: Service) -> None:
    assert why(service, lambda handler: handler.connection.close()).startswith("no connection: ")
    with pytest.raises(LiveError, match=r"^no connection: Connection refused$"):
        MAPS.latest(Web("http://127.0.0.1:9", timeout_s=SHORT_S).get, "DE", False)


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
         "-subj", "/CN=localhost", "-keyout", key, "-out", certificate], capture_output=True, check=False,
    )  # fmt: skip
    if made.returncode:
        pytest.skip("openssl is not here")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with serving(context) as safe:
        with pytest.raises(LiveError, match=r"^no safe connection: certificate verify failed$"):
            MAPS.latest(Web(safe.address).get, "DE", False)
        assert safe.asked == []


def test_a_plain_address_of_another_machine_is_never_asked() -> None:
    for address in ("http://192.0.2.1", "ftp://127.0.0.1", "http://localhost.example.org", "https://me:pw@127.0.0.1"):
        with pytest.raises(LiveError, match=r"^its address must begin with https://$"):
            Web(address, timeout_s=SHORT_S).get("/", {}, {})


def test_a_secret_shows_itself_neither_in_words_nor_logs_nor_stored(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("here").warning("settings: %s %r", MAPS, WATT)
    assert KEY not in caplog.text
    assert PASSWORD not in caplog.text
    assert "***" in caplog.text
    with pytest.raises(TypeError, match="a secret is not stored"):
        pickle.dumps(Secret(KEY))


def test_a_long_past_says_which_hours_are_missing(service: Service) -> None:
    start = hour(48)
    service.answer = lambda handler, path, query: handler.say({"zone": "DE", "data": []})
    assert MAPS.past(Web(service.address).get, "DE", start, start + timedelta(days=1), False) == []
    holes = {"zone": "DE", "data": [electricity_maps(start, None)]}
    service.answer = lambda handler, path, query: handler.say(holes)
    (row,) = MAPS.past(Web(service.address).get, "DE", start, start + timedelta(days=1), False)
    assert row.value is None
    assert MAPS.file("DE", [row], False).splitlines()[1] == f"{start:%Y-%m-%d %H:%M:%S},DE,,True"
