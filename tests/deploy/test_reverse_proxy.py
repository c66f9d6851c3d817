"""The proxies of docs/pemasangan.md, run with the shipped files before a real console: TLS, and who somebody is."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPResponse, RemoteDisconnected
from pathlib import Path
from ssl import SSLError
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from db.connect import open_database
from db.tables import web_session
from monitor import installation
from monitor.web.frame import TOKEN_FIELD
from tests.cli.terminal import PASSWORD, pantau
from tests.deploy import proxies
from tests.deploy.proxies import NAME, Front
from tests.peers import setup_machine
from tests.peers.require import leave_out

pytestmark = [pytest.mark.peer, pytest.mark.slow, pytest.mark.xdist_group("proxies")]

FORGED = "203.0.113.9"
SETTINGS = f"""
[web]
https = true
hosts = ["{NAME}"]
proxies = ["127.0.0.1"]
second_factor = "bila_ada"
"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("proxied") / "office"
    installation.create(home)
    with (home / "pantau.toml").open("a", encoding="utf-8") as file:
        file.write(SETTINGS)
    added = pantau(home, "users", "add", "rina", "--role", "pengawas", "--jurisdiction", "99.01", typed=PASSWORD)
    assert added.exit_code == 0, added.output
    return home


@pytest.fixture(scope="module")
def behind(office: Path) -> Iterator[int]:
    with proxies.console(office) as port:
        yield port


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def front(request: pytest.FixtureRequest, behind: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    binary = setup_machine.proxy(request.param)
    if binary is None:
        leave_out(request.param, "its Debian package could not be had")
    with getattr(proxies, request.param)(binary, tmp_path_factory.mktemp(request.param), behind) as answering:
        yield answering


def ask(front: Front, path: str, **headers: str) -> HTTPResponse:
    line = front.secure()
    line.request("GET", path, headers={"Host": NAME, **headers})
    return line.getresponse()


def test_console_answers_over_tls_with_one_promise_to_stay_there(front: Front) -> None:
    line = front.secure()
    line.request("GET", "/masuk", headers={"Host": NAME})
    answer = line.getresponse()
    assert answer.status == 200
    assert line.sock.version() in ("TLSv1.2", "TLSv1.3")
    assert answer.headers.get_all("Strict-Transport-Security") == ["max-age=31536000"]
    assert "Secure" in (answer.headers["Set-Cookie"] or "")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_answers_of_the_proxy_itself_promise_tls_too(front: Front) -> None:
    answer = ask(front, "/metrics")
    assert (answer.status, answer.headers.get_all("Strict-Transport-Security")) == (404, ["max-age=31536000"])


def test_plain_http_leads_to_tls(front: Front) -> None:
    line = front.plain()
    line.request("GET", "/kasus/7?a=b", headers={"Host": NAME})
    answer = line.getresponse()
    assert (answer.status, answer.headers["Location"]) == (308, f"https://{NAME}/kasus/7?a=b")


def test_session_knows_the_address_that_the_proxy_saw_not_the_one_a_browser_claims(front: Front, office: Path) -> None:
    line = front.secure(source="127.0.0.5")
    claimed = {"Host": NAME, "X-Forwarded-For": FORGED, "X-Real-IP": FORGED, "Forwarded": f"for={FORGED}"}
    line.request("GET", "/masuk", headers=claimed)
    answer = line.getresponse()
    cookie, page = answer.headers["Set-Cookie"].split(";")[0], answer.read().decode()
    told = {"nama": "rina", "sandi": PASSWORD, "lanjut": "/", TOKEN_FIELD: proxies.field(page, TOKEN_FIELD)}
    form = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{NAME}"}
    line.request("POST", "/masuk", body=urlencode(told), headers={**claimed, **form})
    assert line.getresponse().status == 303
    database = open_database(f"sqlite:///{office / 'data' / 'pantau.db'}")
    with database.read() as session:
        newest = sa.select(web_session.c.client).order_by(web_session.c.id.desc()).limit(1)
        client = session.execute(newest).scalar_one()
    database.dispose()
    assert "127.0.0.5" in client
    assert FORGED not in client


def test_name_that_nobody_configured_is_not_served(front: Front) -> None:
    line = front.secure(name="lain.contoh.example")
    with pytest.raises((SSLError, RemoteDisconnected, ConnectionError)):
        line.request("GET", "/masuk", headers={"Host": "lain.contoh.example"})


def test_upload_reaches_the_console_instead_of_a_limit_of_the_proxy(front: Front) -> None:
    line = front.secure()
    line.request("POST", "/unggah/kirim", body=b"x" * 3_000_000, headers={"Host": NAME, "Origin": f"https://{NAME}"})
    assert line.getresponse().headers["Content-Security-Policy"].startswith("default-src 'none'")
