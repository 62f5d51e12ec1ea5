"""The session with an MCP server: opened at the first call, owned by one task, opened anew when it
was lost.

A call is sent a second time only where that does no more than sending it once.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Final

from mcp import Client, MCPError
from mcp_types import CONNECTION_CLOSED, INVALID_PARAMS, METHOD_NOT_FOUND, REQUEST_TIMEOUT

from mem0_tui.backends.http.errors import error_for, retry_after_seconds
from mem0_tui.backends.http.request_log import RequestLog, RequestLogEntry
from mem0_tui.backends.mcp.transport import FAILURE, CommandTransport, Transport
from mem0_tui.backends.paging.backoff import ONCE, Backoff, retry
from mem0_tui.backends.paging.waits import Waits
from mem0_tui.model.clock import Clock, SystemClock
from mem0_tui.model.errors import (
    BackendError,
    InvalidRequestError,
    Mem0TuiError,
    NetworkError,
    NotFoundError,
    ResponseError,
    ServerError,
    SettingsError,
)
from mem0_tui.model.text import one_line
from mem0_tui.wire.tools import ToolResult

_BACKOFF: Final = Backoff(attempts=3, final=(ServerError,))
"""The tries of a repeatable call. What the tool itself says of a failure is not asked for again."""
_AT_ONCE: Final = 6
_SHORTEST: Final = 10.0
"""Seconds that one call may take at least, with its tries and pauses."""
_STARTUP_TIMEOUT: Final = 60.0
"""Seconds that a server has to come up; some are downloaded first."""

_SPEAKS: Final = "check the command: it must keep running and speak MCP on its standard output"
_FAREWELL: Final = 5.0
"""Seconds that a server has to take note of the end."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a server offers."""

    name: str
    """What the server calls itself; empty where it does not."""
    tools: Mapping[str, Mapping[str, Any]]
    """The JSON Schema of each tool's arguments, by name."""

    def takes(self, tool: str, argument: str) -> bool:
        """Whether *tool* has a parameter of that name."""
        return argument in self.tools.get(tool, {}).get("properties", {})

    def requires(self, tool: str, argument: str) -> bool:
        """Whether *tool* cannot be called without it."""
        return argument in self.tools.get(tool, {}).get("required", ())


class _Session:
    """A connected client, and the task that opened it and will close it."""

    def __init__(self, target: Transport) -> None:
        self._closing = asyncio.Event()
        self.ready: asyncio.Future[tuple[Client, Offer]] = (
            asyncio.get_running_loop().create_future()
        )
        self.task = asyncio.get_running_loop().create_task(self._own(target))

    async def _own(self, target: Transport) -> None:
        async with target.client() as client:
            offer = await _offer_of(client)
            self.ready.set_result((client, offer))
            await self._closing.wait()

    async def close(self) -> None:
        self._closing.set()
        if not self.ready.done():
            self.task.cancel()
        _, pending = await asyncio.wait([self.task], timeout=_FAREWELL)
        if pending:
            self.task.cancel()
            await asyncio.wait([self.task])
        if not self.task.cancelled():
            # Whatever went wrong at the end matters to nobody any more.
            self.task.exception()


class McpSession:
    """Tool calls to one server."""

    def __init__(
        self,
        target: Transport,
        *,
        timeout: float = 30.0,
        clock: Clock | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        waits: Waits | None = None,
    ) -> None:
        """Nothing is sent yet.

        Args:
            target: the server.
            timeout: seconds to wait for the answer to one call.
            clock, sleep: time and waiting, which tests hold still.
            waits: where calls are noted as long as they are not answered.
        """
        self.place = target.place
        self.log = RequestLog()
        self.waits = waits or Waits()
        self.sleep = sleep
        self._target = target
        self._timeout = timeout
        self._clock = clock or SystemClock()
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._session: _Session | None = None

    async def offer(self) -> Offer:
        """What the server offers.

        Raises:
            BackendError: it cannot be reached, or speaks no MCP.
            SettingsError: its command cannot be started.
        """
        with self.waits.begin(self.place):
            _, (_, offer) = await self._opened()
        return offer

    async def call(
        self,
        tool: str,
        arguments: Mapping[str, Any],
        *,
        repeatable: bool = False,
        expects_absence: bool = False,
    ) -> Any:
        """The JSON that *tool* answers.

        Args:
            tool: its name.
            arguments: what it is given.
            repeatable: whether calling it twice does no more than calling it once.
            expects_absence: whether «not found» is an answer here and no failure, for the log.

        Raises:
            BackendError: the kind that fits what the server said, or that it said nothing.
        """
        ends = perf_counter() + max(_SHORTEST, _BACKOFF.attempts * self._timeout)
        backoff = _BACKOFF if repeatable else ONCE
        with self.waits.begin(self.place, backoff.attempts) as pending:

            async def send() -> Any:
                return await self._once(tool, arguments, pending.attempt, ends, expects_absence)

            return await retry(send, backoff, pending=pending, ends=ends, sleep=self.sleep)

    async def aclose(self) -> None:
        """End the session, and the server where it was started here."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _once(
        self, tool: str, arguments: Mapping[str, Any], attempt: int, ends: float, expects: bool
    ) -> Any:
        async with self._slots:
            began, at, trouble = perf_counter(), self._clock.now(), "cut off"
            expected = withdrawn = False
            try:
                async with asyncio.timeout(max(0.0, ends - began)):
                    value = await self._ask(tool, arguments)
                trouble = ""
                return value
            except asyncio.CancelledError:
                trouble, withdrawn = "", True
                raise
            except TimeoutError:
                trouble = f"no complete answer to {tool} in time"
                raise NetworkError(f"{self.place}: {trouble}") from None
            except Mem0TuiError as error:
                trouble = error.message
                expected = expects and isinstance(error, NotFoundError)
                raise
            finally:
                ms = (perf_counter() - began) * 1000
                self.log.add(
                    RequestLogEntry(
                        "CALL",
                        tool,
                        None if trouble or withdrawn else 200,
                        ms,
                        attempt,
                        at,
                        trouble or None,
                        expected=expected,
                        withdrawn=withdrawn,
                    )
                )

    async def _ask(self, tool: str, arguments: Mapping[str, Any]) -> Any:
        session, (client, _) = await self._opened()
        try:
            result = await client.call_tool(
                tool, dict(arguments), read_timeout_seconds=self._timeout
            )
        except MCPError as error:
            if session.task.done() or _is_lost(error):
                await self._lose(session)
            raise self._translated(error, tool) from None
        except (OSError, RuntimeError, ValueError, BaseExceptionGroup) as error:
            await self._lose(session)
            raise self._translated(error, tool) from None
        blocks = [{"type": b.type, "text": getattr(b, "text", None)} for b in result.content]
        return ToolResult.read({"content": blocks, "isError": result.is_error}).value()

    async def _opened(self) -> tuple[_Session, tuple[Client, Offer]]:
        session = self._session
        if session is None or (session.task.done() and session.ready.done()):
            session = self._session = _Session(self._target)
        either: list[asyncio.Future[Any]] = [session.task, session.ready]
        await asyncio.wait(either, timeout=_STARTUP_TIMEOUT, return_when=asyncio.FIRST_COMPLETED)
        if session.ready.done() and not session.task.done():
            return session, session.ready.result()
        silent = not session.task.done()
        await self._lose(session)
        if silent or session.task.cancelled():
            words = self._target.last_words()
            why = f": {words}" if words else ""
            raise NetworkError(
                f"{self.place} did not start within {_STARTUP_TIMEOUT:g} s{why}",
                hint=_SPEAKS if isinstance(self._target, CommandTransport) else None,
            )
        raise self._translated(session.task.exception(), "initialize")

    async def _lose(self, session: _Session) -> None:
        if self._session is session:
            self._session = None
        await session.close()

    def _translated(self, error: BaseException | None, what: str) -> Mem0TuiError:
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        if isinstance(error, Mem0TuiError):
            return error
        if isinstance(error, MCPError):
            return self._refused(error, what)
        if isinstance(error, (FileNotFoundError, NotADirectoryError, PermissionError)):
            return SettingsError(
                f"{self.place} cannot be started: {error.strerror or error}",
                hint="check the command in the settings",
            )
        if isinstance(error, ValueError):
            return ResponseError(f"the answer of {self.place} to {what} is not MCP")
        return self._ended()

    def _refused(self, error: MCPError, what: str) -> BackendError:
        data = error.data.get(FAILURE) if isinstance(error.data, dict) else None
        if isinstance(data, dict) and "status" in data:
            status = int(data["status"])
            wait = retry_after_seconds(data.get("retry_after"), self._clock.now())
            reason = str(data.get("reason") or "")
            if status in (404, 405):
                return ResponseError(f"there is no MCP server at {self.place}")
            body = json.dumps({"detail": reason})
            return error_for(status, body, what=what, retry_after=wait, clean=self._target.clean)
        if isinstance(data, dict) and "too_long" in data:
            most = one_line(str(data["too_long"]))
            return ResponseError(f"the answer of {self.place} to {what} is longer than {most}")
        if isinstance(data, dict):
            return NetworkError(f"{self.place}: {one_line(str(data.get('trouble')))}")
        message = one_line(self._target.clean(error.message))[:300]
        if error.code == REQUEST_TIMEOUT:
            return NetworkError(f"{self.place}: no answer to {what} within {self._timeout:g} s")
        if _is_lost(error):
            return self._ended()
        if error.code == METHOD_NOT_FOUND:
            return ResponseError(f"{self.place} does not know {what}: {message}")
        if error.code == INVALID_PARAMS:
            return InvalidRequestError(message)
        return ServerError(f"{what}: {message}")

    def _ended(self) -> NetworkError:
        words = self._target.last_words()
        reason = f"{self.place} ended the connection" + (f": {words}" if words else "")
        command = isinstance(self._target, CommandTransport)
        return NetworkError(reason, hint=_SPEAKS if command else None)


def _is_lost(error: MCPError) -> bool:
    """Whether the server knows nothing of this session, or is gone."""
    told = error.data.get(FAILURE) if isinstance(error.data, dict) else None
    if isinstance(told, dict):
        return told.get("status") == 404
    return error.code == CONNECTION_CLOSED or "session" in error.message.casefold()


async def _offer_of(client: Client) -> Offer:
    tools: dict[str, Mapping[str, Any]] = {}
    cursor: str | None = None
    while True:
        page = await client.list_tools(cursor=cursor)
        new = [tool for tool in page.tools if tool.name not in tools]
        tools.update((tool.name, tool.input_schema) for tool in new)
        cursor = page.next_cursor
        if not cursor or not new:  # A page that brings nothing new would never end.
            break
    info = client.server_info
    return Offer(info.name if info else "", tools)
