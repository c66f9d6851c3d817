"""What a server, or a pooler before it, says instead of taking a connection: whether it may come back, and in words."""

from __future__ import annotations

import socket
import threading

import pytest

from db.connect import open_database
from db.refusals import hindrance
from monitor.domain import Hindrance
from monitor.errors import DatabaseAway, DatabaseError


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
    "server login has been failing, cached error: connect failed (server_login_retry)",
    "client_login_timeout (server down)",
    "query_wait_timeout",
    "sorry, too many clients already",
    "no more connections allowed (max_client_conn)",
)


@pytest.mark.parametrize("refused", AWAY, indirect=True)
def test_a_server_that_may_come_back_is_away(refused: DatabaseError) -> None:
    assert (type(refused), hindrance(refused)) == (DatabaseAway, Hindrance.DATABASE_AWAY)


@pytest.mark.parametrize("refused", ['password authentication failed for user "pantau"'], indirect=True)
def test_a_server_that_refuses_for_good_is_not_waited_for(refused: DatabaseError) -> None:
    assert (type(refused), "password authentication failed" in refused.message) == (DatabaseError, True)
