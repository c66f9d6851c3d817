from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import oidc_provider_mock
import pytest
import requests
from fastapi.testclient import TestClient
from httpx import Response

from db import audit
from db.connect import Database
from monitor import desk
from monitor.openid import Client, Provider
from tests.web.browsing import parsed, words
from tests.web.conftest import Browser, Clock

pytestmark = pytest.mark.peer
CLAIMS = {"email": "rina@contoh.example", "email_verified": True, "amr": ["pwd", "otp"]}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A real provider on loopback."""
    with oidc_provider_mock.run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


def at(issuer: str, *methods: str) -> Provider:
    return Provider(Client(issuer, "pantau", "rahasia", "akun lembaga", frozenset(methods)))


@pytest.fixture(autouse=True)
def real_time(clock: Clock) -> None:
    """The provider dates its tokens by the clock of the machine."""
    clock.now = datetime.now(UTC)


@pytest.fixture
def people(issuer: str) -> None:
    for subject, claims in (
        ("sub-rina", CLAIMS),
        ("sub-palsu", CLAIMS | {"email_verified": False}),
        ("sub-asing", {"email": "asing@contoh.example", "email_verified": True}),
        ("surel:rina@contoh.example", CLAIMS | {"email_verified": False}),
    ):
        requests.put(f"{issuer}/users/{subject}", json=claims, timeout=10).raise_for_status()


@pytest.fixture
def office(browser: Browser, issuer: str, people: None) -> TestClient:
    return browser(provider=at(issuer))


@pytest.fixture
def linked(database: Database, issuer: str, clock: Clock) -> None:
    desk.link_identity(database, "rina", issuer, "sub-rina", clock())


def depart(client: TestClient, onward: str = "/antrean") -> str:
    return client.get(f"/masuk/penyedia?lanjut={onward}").headers["location"]


def agree(address: str, subject: str) -> str:
    """Sign in at the provider as somebody and return where it sends the browser back to."""
    answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["location"])
    assert back.netloc == "localhost:8000"
    return f"{back.path}?{back.query}"


def signed_in_as(client: TestClient, subject: str, onward: str = "/antrean") -> Response:
    return client.get(agree(depart(client, onward), subject))


@pytest.mark.usefixtures("linked")
def test_a_linked_account_signs_its_user_in(office: TestClient, database: Database) -> None:
    answer = signed_in_as(office, "sub-rina")
    assert answer.headers["location"] == "/antrean"
    assert "Rina Contoh" in words(office.get("/"))
    with database.read() as session:
        (row,) = audit.tail(session, action="sign_in")
    assert (row.actor, row.detail) == ("rina", '{"by":"provider"}')


def test_the_way_there_carries_a_challenge_and_no_secret(office: TestClient) -> None:
    asked = {name: value[0] for name, value in parse_qs(urlsplit(depart(office)).query).items()}
    assert (asked["code_challenge_method"], asked["response_type"], asked["client_id"]) == ("S256", "code", "pantau")
    assert {"state", "nonce", "code_challenge"} <= asked.keys()
    assert "client_secret" not in asked
    assert not set(asked.values()) & {*office.cookies.values()}


def test_an_account_that_is_linked_with_nobody_is_refused_and_told_its_id(office: TestClient) -> None:
    answer = signed_in_as(office, "sub-asing")
    assert answer.status_code == 403
    assert "sub-asing" in words(answer)
    assert office.get("/").headers["location"] == "/masuk"


def test_an_invitation_is_taken_by_a_checked_address_once_and_for_good(
    office: TestClient, browser: Browser, database: Database, issuer: str, clock: Clock
) -> None:
    desk.link_identity(database, "rina", issuer, "Rina@Contoh.example", clock())
    assert signed_in_as(office, "sub-palsu").status_code == 403
    assert signed_in_as(office, "surel:rina@contoh.example").status_code == 403
    assert signed_in_as(office, "sub-rina").status_code == 303
    requests.put(f"{issuer}/users/sub-lain", json=CLAIMS, timeout=10).raise_for_status()
    second = browser(provider=at(issuer))
    assert signed_in_as(second, "sub-lain").status_code == 403
    assert signed_in_as(second, "sub-rina").status_code == 303


@pytest.mark.usefixtures("linked")
def test_a_switched_off_user_is_refused(office: TestClient, database: Database, clock: Clock) -> None:
    desk.switch_off(database, "rina", clock())
    assert signed_in_as(office, "sub-rina").status_code == 403


@pytest.mark.usefixtures("linked")
def test_the_answer_to_another_browsers_journey_is_not_taken(office: TestClient, browser: Browser, issuer: str) -> None:
    back = agree(depart(office), "sub-rina")
    victim = browser(provider=at(issuer))
    assert victim.get(back).status_code == 400
    depart(victim)
    assert victim.get(back).status_code == 400
    assert victim.get("/").headers["location"] == "/masuk"


@pytest.mark.usefixtures("linked")
def test_an_answer_is_taken_once(office: TestClient) -> None:
    back = agree(depart(office), "sub-rina")
    journey = office.cookies["pantau_penyedia"]
    assert office.get(back).status_code == 303
    office.cookies.clear()
    assert office.get(back).status_code == 400
    office.cookies.set("pantau_penyedia", journey, domain="localhost.local", path="/masuk/penyedia")
    assert office.get(back).status_code in (400, 403)


@pytest.mark.usefixtures("linked")
def test_a_journey_of_more_than_ten_minutes_is_begun_anew(office: TestClient, clock: Clock) -> None:
    back = agree(depart(office), "sub-rina")
    clock.forward(minutes=11)
    assert office.get(back).status_code == 400


@pytest.mark.usefixtures("linked")
def test_a_changed_state_is_refused(office: TestClient) -> None:
    back = agree(depart(office), "sub-rina")
    path, _, query = back.partition("?")
    code = parse_qs(query)["code"][0]
    for state in ("", "karangan", "é"):
        assert office.get(path, params={"code": code, "state": state}).status_code == 400


@pytest.mark.usefixtures("linked")
def test_a_code_of_another_journey_has_another_nonce_or_verifier_and_is_refused(
    office: TestClient, browser: Browser, issuer: str
) -> None:
    """A code injected into the victim's own journey: state fits, nonce and verifier do not."""
    thief = browser(provider=at(issuer))
    stolen = parse_qs(urlsplit(agree(depart(thief), "sub-rina")).query)["code"][0]
    own = parse_qs(urlsplit(depart(office)).query)["state"][0]
    answer = office.get("/masuk/penyedia/kembali", params={"code": stolen, "state": own})
    assert (answer.status_code, "tidak sah" in words(answer)) == (403, True)


@pytest.mark.usefixtures("linked")
def test_a_refusal_at_the_provider_is_said_so(office: TestClient) -> None:
    state = parse_qs(urlsplit(depart(office)).query)["state"][0]
    answer = office.get("/masuk/penyedia/kembali", params={"error": "access_denied", "state": state})
    assert (answer.status_code, "tidak mengizinkan" in words(answer)) == (403, True)


@pytest.mark.usefixtures("linked")
@pytest.mark.parametrize("onward", ["https://jahat.test", "//jahat.test", "/\\jahat.test"])
def test_the_way_back_leads_nowhere_outside(office: TestClient, onward: str) -> None:
    assert signed_in_as(office, "sub-rina", onward).headers["location"] == "/"


@pytest.mark.usefixtures("linked")
def test_the_second_factor_is_asked_for_unless_the_office_takes_the_providers(
    browser: Browser, issuer: str, people: None
) -> None:
    ours = browser(provider=at(issuer), second_factor=True)
    signed_in_as(ours, "sub-rina")
    assert ours.get("/").headers["location"] == "/masuk/pasang"
    theirs = browser(provider=at(issuer, "otp"), second_factor=True)
    signed_in_as(theirs, "sub-rina")
    assert theirs.get("/").status_code == 200


@pytest.mark.usefixtures("linked")
def test_a_sign_in_of_a_moment_ago_counts_as_a_fresh_proof_and_an_earlier_one_does_not(
    office: TestClient, clock: Clock
) -> None:
    signed_in_as(office, "sub-rina")
    assert office.post("/akun/token", data=own_token(office)).status_code == 422
    office.cookies.clear()
    back = agree(depart(office), "sub-rina")
    clock.forward(minutes=9)
    office.get(back)
    assert office.post("/akun/token", data=own_token(office)).status_code == 401


def own_token(client: TestClient) -> dict[str, str]:
    return {"tanda": parsed(client.get("/akun")).css_first("input[name=tanda]").attributes["value"] or ""}


def test_a_provider_that_is_down_is_said_so_and_passwords_still_work(browser: Browser) -> None:
    client = browser(provider=Provider(Client("http://localhost:9", "pantau")))
    answer = client.get("/masuk/penyedia")
    assert (answer.status_code, "tidak dapat dihubungi" in words(answer)) == (503, True)
    assert browser("rina", provider=Provider(Client("http://localhost:9", "pantau"))).get("/").status_code == 200


def test_a_provider_that_names_itself_otherwise_is_refused(browser: Browser, issuer: str) -> None:
    client = browser(provider=Provider(Client(issuer.replace("localhost", "127.0.0.1"), "pantau")))
    assert client.get("/masuk/penyedia").status_code in (303, 503)
    slashed = browser(provider=Provider(Client(issuer + "/", "pantau")))
    assert slashed.get("/masuk/penyedia").status_code == 503


def test_without_a_provider_there_is_no_button_and_no_way(browser: Browser) -> None:
    client = browser()
    assert "Masuk dengan" not in words(client.get("/masuk"))
    assert client.get("/masuk/penyedia").status_code == 404
    assert client.get("/masuk/penyedia/kembali?code=x&state=y").status_code == 400


@pytest.mark.usefixtures("linked")
def test_an_expired_token_is_refused(browser: Browser, people: None, database: Database, clock: Clock) -> None:
    with oidc_provider_mock.run_server_in_thread(access_token_max_age=timedelta(seconds=1)) as server:
        issuer = f"http://localhost:{server.server_port}"
        desk.link_identity(database, "joko", issuer, "sub-joko", clock())
        client = browser(provider=at(issuer))
        back = agree(depart(client), "sub-joko")
        clock.forward(minutes=5)
        answer = client.get(back)
    assert (answer.status_code, "tidak sah" in words(answer)) == (403, True)
