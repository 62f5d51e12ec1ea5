"""Deleting many on servers without a call for many: few requests to verify, one wait for all,
and an end where the server fails alike again and again."""

from __future__ import annotations

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mem0_tui.backends.paging.backoff import Backoff
from mem0_tui.model.errors import ServerError
from tests.backends.selfhosted.test_enumeration import held, reading
from tests.support.selfhosted import SelfHosted

pytestmark = pytest.mark.anyio


class Keeping(SelfHosted):
    """Says yes to every delete, and keeps the memory."""

    def _remove(self, id_: str) -> None:
        del id_


async def test_many_deletes_of_one_owner_are_verified_by_one_listing() -> None:
    server = held(kim=60)
    async with reading(server) as backend:
        doomed = list(server.records)[:25]
        outcome = await backend.delete(doomed)
        after = [url for method, url in server.requests if method == "GET"][25:]
        assert not any(entry.failed for entry in backend.http.log.entries)
    assert set(outcome.values()) == {None}
    assert len(after) == 1
    assert "user_id=kim" in after[0]
    assert len(server.records) == 35


@pytest.mark.parametrize("count", [1, 25])
async def test_what_is_kept_is_waited_for_once_for_all(count: int) -> None:
    server = held(Keeping(), kim=count)
    paused: list[float] = []
    async with reading(server) as backend:

        async def pause(seconds: float) -> None:
            paused.append(seconds)

        backend.http.sleep = pause
        backend._echo = Backoff.polling(2.0)
        outcome = await backend.delete(list(server.records))
    assert {type(error) for error in outcome.values()} == {ServerError}
    assert sum(paused) <= 2.0


async def test_a_server_that_refuses_every_delete_for_want_of_leave_is_not_asked_on() -> None:
    class Forbidding(SelfHosted):
        asked = 0

        async def _delete(self, request: Request) -> Response:
            del request
            self.asked += 1
            return JSONResponse({"detail": "no right"}, 403)

    server = Forbidding()
    held(server, kim=25)
    async with reading(server) as backend:
        outcome = await backend.delete(list(server.records))
    assert len(outcome) == 25
    assert all("no right" in str(error) for error in outcome.values())
    assert server.asked <= 10, "three in a row, and what was under way with them"
    assert len(server.records) == 25
