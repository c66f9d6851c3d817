"""What a server, or a pooler before it, says instead of taking a connection: whether it may come back, and in words."""

from __future__ import annotations

import socket
import threading

import pytest

from db.connect import open_database
from db.refusals import hindrance
from db.unreached import unreached
from monitor.domain import Hindrance
from monitor.errors import DatabaseAway, DatabaseError, ServerUnknown


def answer(door: socket.socket, words: str) -> None:
    """Say a FATAL of the wire protocol to everybody who knocks, until the door is shut."""
    fields = b"".join(b"%s%s\0" % pair for pair in ((b"S", b"FATAL"), (b"C", b"08P01"), (b"M", words.encode())))
    said = b"E" + (len(fields) + 5).to_bytes(4, "big") + fields + b"\0"
    while True:
        try:
            line, _ = door.accept()
        except OSError:
            return
        with line:
            line.recv(1024)
            line.sendall(said)


@pytest.fixture
def refused(request: pytest.FixtureRequest) -> DatabaseError:
    """What comes of asking a server that says these words."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        talk = threading.Thread(target=answer, args=(door, request.param))
        talk.start()
        port = door.getsockname()[1]
        opened = open_database(f"postgresql+psycopg://pantau@127.0.0.1:{port}/pantau?sslmode=disable")
        with pytest.raises(DatabaseError) as told, opened.read():
            pass
        opened.dispose()
        door.shutdown(socket.SHUT_RDWR)
    talk.join()
    return told.value


AWAY = (
    "the database system is starting up",
    "terminating connection due to administrator command",
    "server login has been failing, cached error: connect failed (server_login_retry)",
    "client_login_timeout (server down)",
    "query_wait_timeout",
    "sorry, too many clients already",
    "no more connections allowed (max_client_conn)",
)


@pytest.mark.parametrize("refused", AWAY, indirect=True)
def test_a_server_that_may_come_back_is_away(refused: DatabaseError) -> None:
    assert (type(refused), hindrance(refused)) == (DatabaseAway, Hindrance.DATABASE_AWAY)


REFUSALS = {
    'password authentication failed for user "pantau"': "kata sandi salah, atau perannya tidak ada: «pantau»",
    "password authentication failed": "kata sandi salah, atau perannya tidak ada",
    "no such user": "kata sandi salah, atau perannya tidak ada",
    'database "pantau" does not exist': "tidak ada basis data bernama «pantau»",
    "no such database: pantau": "tidak ada basis data bernama «pantau»",
    'role "pantau" does not exist': "tidak ada peran bernama «pantau»",
    'no pg_hba.conf entry for host "10.0.0.1", user "pantau"': "tidak diizinkan",
    'permission denied for database "pantau"': "tidak berhak memakai basis data itu",
    'role "pantau" is not permitted to log in': 'role "pantau" is not permitted to log in',
}


@pytest.mark.parametrize(("refused", "words"), REFUSALS.items(), indirect=["refused"])
def test_what_a_server_refuses_for_good_is_told_with_what_to_mend(refused: DatabaseError, words: str) -> None:
    assert type(refused) is DatabaseError
    assert refused.message.endswith(words)
    assert "`database_url` (pantau.toml atau PANTAU_DATABASE_URL)" in refused.mend


def refusal(address: str) -> DatabaseError:
    opened = open_database(address)
    with pytest.raises(DatabaseError) as told, opened.read():
        pass
    opened.dispose()
    return told.value


@pytest.mark.parametrize("address", ["127.0.0.1:99999/pantau", "127.0.0.1/pantau?sslmode=tidak_ada"])
def test_an_address_that_the_client_cannot_use_is_not_waited_for(address: str) -> None:
    refused = refusal(f"postgresql+psycopg://pantau@{address}")
    assert (type(refused), "alamatnya tidak dapat dipakai" in refused.message) == (DatabaseError, True)


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("fe_sendauth: no password supplied", "tidak ada yang diberikan"),
        ("server does not support SSL, but SSL was required", "TLS"),
        ('root certificate file "/tidak/ada" does not exist', "TLS"),
    ],
)
def test_what_the_client_lacks_is_not_waited_for(what: str, words: str) -> None:
    said = f'connection failed: connection to server at "10.0.0.1", port 5432 failed: {what}'
    assert words in unreached(said)[0]


def test_a_name_that_nobody_knows_may_be_known_later() -> None:
    assert isinstance(refusal("postgresql+psycopg://pantau@peladen.invalid/pantau"), ServerUnknown)


def test_of_several_servers_the_one_that_answers_counts() -> None:
    said = (
        'connection failed: connection to server at "10.0.0.2", port 5432 failed: FATAL:  database "x" does not exist'
        " Multiple connection attempts failed. All failures were: - host: 'satu', port: None, hostaddr: None: failed to"
        " resolve host 'satu': [Errno -2] Name or service not known - host: 'dua', port: None, hostaddr: '10.0.0.2':"
        ' connection failed: connection to server at "10.0.0.2", port 5432 failed: FATAL:  database "x" does not exist'
    )
    assert unreached(said)[0].endswith("tidak ada basis data bernama «x»")
