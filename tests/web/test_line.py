from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.web import answers, serve
from monitor.web.app import WebDeps, create_app
from monitor.web.line import InLine, Line
from tests.web.browsing import sign_in


@pytest.fixture
def console(deps: WebDeps) -> TestClient:
    """A console whose line is shut from now on, for a browser that is signed in."""
    app = create_app(deps)
    line = Line(1, 0)
    behind: ASGIApp = InLine(app, busy=answers.busy(app), line=line, scripts=line)
    client = TestClient(behind, base_url="http://localhost:8000", follow_redirects=False)
    sign_in(client, "rina")
    assert asyncio.run(line.take(0))
    return client


@pytest.fixture
def interval() -> Iterator[None]:
    before = sys.getswitchinterval()
    yield
    sys.setswitchinterval(before)


async def entered(line: Line, name: str, seen: list[str]) -> None:
    if await line.take(5):
        seen.append(name)


def test_a_list_that_nobody_has_time_for_says_so_and_when_to_come_again(console: TestClient) -> None:
    answer = console.get("/antrean")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "Konsol sedang sibuk" in answer.text


def test_a_program_is_told_so_as_json(console: TestClient) -> None:
    answer = console.get("/api/cases")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "daftar" in answer.json()["error"]


def test_programs_and_people_do_not_wait_for_each_other(deps: WebDeps) -> None:
    app, shut = create_app(deps), Line(1, 0)
    assert asyncio.run(shut.take(0))
    for scripts, line in ((shut, None), (None, shut)):
        client = TestClient(
            InLine(app, busy=answers.busy(app), line=line, scripts=scripts), base_url="http://localhost:8000"
        )
        assert client.get("/api/cases").status_code == (503 if scripts else 401)
        assert client.get("/masuk").status_code == 200
        assert client.get("/antrean").status_code == (503 if line else 200)


def test_turns_at_cases_pass_lists_by(console: TestClient) -> None:
    assert console.get("/informasi-awal/habis").status_code == 200


def test_a_list_ends_its_turn_once_it_is_put_together(deps: WebDeps) -> None:
    app, line = create_app(deps), Line(1, 0)
    client = TestClient(InLine(app, busy=answers.busy(app), line=line), base_url="http://localhost:8000")
    assert [client.get("/").status_code for _ in range(3)] == [200, 200, 200]


def test_whoever_waited_longest_is_let_in_first() -> None:
    async def work() -> list[str]:
        line, seen = Line(1, 5), list[str]()
        await line.take(0)
        waiting = [asyncio.create_task(entered(line, name, seen)) for name in ("a", "b", "c")]
        await asyncio.sleep(0)
        for _ in range(3):
            line.pass_on()
            await asyncio.sleep(0.01)
        await asyncio.gather(*waiting)
        return seen

    assert asyncio.run(work()) == ["a", "b", "c"]


def test_a_turn_that_does_not_come_in_time_is_given_to_the_next() -> None:
    async def work() -> tuple[bool, bool]:
        line = Line(1, 5)
        await line.take(0)
        late = await line.take(0.01)
        line.pass_on()
        return late, await line.take(0)

    assert asyncio.run(work()) == (False, True)


def test_whoever_goes_away_while_waiting_takes_no_turn() -> None:
    async def work() -> bool:
        line = Line(1, 5)
        await line.take(0)
        gone = asyncio.create_task(line.take(5))
        await asyncio.sleep(0)
        line.pass_on()
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
        return await line.take(0.1)

    assert asyncio.run(work())


async def answered(line: Line, received: Message) -> list[str]:
    """Ask for a list with what the server says first of its browser; return what the pages behind the line received."""
    seen: list[str] = []

    async def pages(_scope: Scope, receive: Receive, send: Send) -> None:
        seen.append((await receive())["type"])
        await send({"type": "http.response.start", "status": 200})

    async def receive() -> Message:
        return received

    async def send(_message: Message) -> None:
        return

    scope = {"type": "http", "method": "GET", "path": "/antrean", "headers": []}
    await InLine(pages, busy=pages, line=line)(scope, receive, send)
    return seen


def test_a_list_is_not_put_together_for_a_browser_that_has_gone_and_its_turn_goes_on() -> None:
    async def work() -> tuple[list[str], bool]:
        line = Line(1, 0)
        return await answered(line, {"type": "http.disconnect"}), await line.take(0)

    assert asyncio.run(work()) == ([], True)


def test_a_list_receives_its_request_as_it_was_sent() -> None:
    request = {"type": "http.request", "body": b"", "more_body": False}
    assert asyncio.run(answered(Line(1, 0), request)) == ["http.request"]


def test_threads_of_the_console_take_short_turns(interval: None) -> None:
    serve.settle()
    assert sys.getswitchinterval() < 0.001
