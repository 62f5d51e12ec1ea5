"""One policy for every pause: between tries of a request, calls of a tool, looks at a job."""

from __future__ import annotations

from itertools import islice, pairwise
from time import perf_counter

import pytest

from mem0_tui.backends.mcp.session import McpSession
from mem0_tui.backends.mcp.transport import CommandTransport
from mem0_tui.backends.paging.backoff import ONCE, Backoff, poll, retry
from mem0_tui.backends.paging.waits import PendingRequest
from mem0_tui.model.errors import (
    AuthError,
    BackendError,
    NetworkError,
    NotFoundError,
    RateLimitedError,
    ServerError,
)

pytestmark = pytest.mark.anyio

REQUESTS, POLLING = Backoff(), Backoff.polling(120.0)
AN_HOUR = 3600.0


@pytest.mark.parametrize(
    ("backoff", "pauses"),
    [
        (REQUESTS, [0.25, 0.5, 1.0]),
        (Backoff(attempts=9), [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0]),
        (ONCE, []),
        (Backoff(attempts=9, total=1.0), [0.25, 0.5]),
        (Backoff(attempts=3, first=9.0), [8.0, 8.0]),
        (Backoff.polling(0.0), []),
        (Backoff.polling(1.0), [0.1, 0.17, 0.289]),
    ],
)
def test_pauses_grow_to_their_limit_and_end(backoff: Backoff, pauses: list[float]) -> None:
    assert list(backoff.pauses(lambda: 1.0)) == pytest.approx(pauses)


def test_a_poll_ends_within_its_time_and_looks_every_two_seconds_at_last() -> None:
    pauses = list(POLLING.pauses())
    assert 118.0 < sum(pauses) <= 120.0
    assert all(one <= other for one, other in pairwise(pauses))
    assert set(pauses[6:]) == {2.0}


def test_chance_takes_at_most_half_of_a_requests_pause() -> None:
    assert list(REQUESTS.pauses(lambda: 0.0)) == pytest.approx([0.125, 0.25, 0.5])
    assert list(POLLING.pauses(lambda: 0.0)) == list(POLLING.pauses(lambda: 1.0))


class Trying:
    """Fails with each of these errors once; what was waited for is kept."""

    def __init__(self, *errors: BackendError) -> None:
        self._errors = iter(errors)
        self.waited: list[float] = []
        self.pending = PendingRequest("there", 4)

    async def send(self) -> str:
        error = next(self._errors, None)
        if error is not None:
            raise error
        return "done"

    async def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)

    async def __call__(self, backoff: Backoff = REQUESTS, within: float = AN_HOUR) -> str:
        return await retry(
            self.send,
            backoff,
            pending=self.pending,
            ends=perf_counter() + within,
            sleep=self.sleep,
            chance=lambda: 1.0,
        )


SLOWLY = RateLimitedError("slow down", retry_after=20.0)


@pytest.mark.parametrize(
    ("errors", "waited"),
    [
        ((), []),
        ((NetworkError("cut off"), ServerError("HTTP 503")), [0.25, 0.5]),
        ((RateLimitedError("slow down"),), [0.25]),
        ((SLOWLY, SLOWLY), [20.0, 20.0]),
        ((RateLimitedError("slow down", retry_after=0.0),), [0.25]),
    ],
)
async def test_what_may_pass_is_tried_again(
    errors: tuple[BackendError, ...], waited: list[float]
) -> None:
    trying = Trying(*errors)
    assert await trying() == "done"
    assert trying.waited == waited
    assert trying.pending.attempt == len(waited) + 1


@pytest.mark.parametrize(
    ("error", "backoff"),
    [
        (NotFoundError("no"), REQUESTS),
        (AuthError("no"), REQUESTS),
        (NetworkError("cut off"), ONCE),
        (RateLimitedError("tomorrow", retry_after=31.0), REQUESTS),
        (ServerError("out of disk"), Backoff(final=(ServerError,))),
    ],
)
async def test_what_does_not_pass_is_said_at_once(error: BackendError, backoff: Backoff) -> None:
    trying = Trying(error)
    with pytest.raises(BackendError) as caught:
        await trying(backoff)
    assert caught.value is error
    assert trying.waited == []


async def test_the_last_error_is_told_when_the_tries_or_the_time_run_out() -> None:
    errors = [NetworkError(f"number {number}") for number in range(9)]
    trying = Trying(*errors)
    with pytest.raises(NetworkError, match="number 3"):
        await trying()
    trying = Trying(SLOWLY)
    with pytest.raises(RateLimitedError):
        await trying(within=5.0)
    assert trying.waited == [], "the deadline comes before the next try"


async def test_a_poll_stops_at_what_it_looks_for() -> None:
    waited: list[float] = []

    async def pause(seconds: float) -> None:
        waited.append(seconds)

    async def look() -> int:
        return len(waited)

    assert await poll(look, lambda seen: seen == 3, POLLING, pause) == 3
    assert waited == pytest.approx([0.1, 0.17, 0.289])
    assert await poll(look, lambda seen: seen < 0, Backoff.polling(0.0), pause) == 3, "one look"


async def test_a_tool_call_is_tried_three_times_in_the_same_way() -> None:
    waited: list[float] = []

    async def pause(seconds: float) -> None:
        waited.append(seconds)

    link = McpSession(CommandTransport(("false",)), sleep=pause)
    with pytest.raises(NetworkError):
        await link.call("get_memories", {}, repeatable=True)
    assert len(link.log.entries) == 3
    assert len(waited) == 2
    for seconds, most in zip(waited, islice(REQUESTS.pauses(lambda: 1.0), 2), strict=True):
        assert most / 2 <= seconds <= most
    waited.clear()
    with pytest.raises(NetworkError):
        await link.call("add_memory", {})
    assert waited == []
    await link.aclose()
