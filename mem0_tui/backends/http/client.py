"""The HTTP client of the remote backends, and the only module that knows httpx.

Only calls that are declared repeatable are ever sent twice. A request ends in time, whatever the
server does, and its answer has a limit. A key never leaves in an error, a log entry or a repr, and
never goes to another host than the one it was given for.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from mem0_tui.backends.http.address import KEPT_IDLE, Address
from mem0_tui.backends.http.errors import error_for, error_in_answer, retry_after_seconds
from mem0_tui.backends.http.request_log import RequestLog, RequestLogEntry
from mem0_tui.backends.paging.backoff import ONCE, Backoff, retry
from mem0_tui.backends.paging.waits import Waits
from mem0_tui.model.clock import Clock, SystemClock
from mem0_tui.model.errors import (
    AuthError,
    InvalidRequestError,
    NetworkError,
    RefusedError,
    ResponseError,
)
from mem0_tui.model.json_text import parse
from mem0_tui.model.memory import storable_json
from mem0_tui.model.secret import mask, redact

_REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class Credential:
    """A key and the header it goes in."""

    header: str
    prefix: str
    key: str

    @classmethod
    def token(cls, key: str) -> Credential:
        """The Platform's ``Authorization: Token``."""
        return cls("Authorization", "Token ", key)

    @classmethod
    def bearer(cls, key: str) -> Credential:
        """``Authorization: Bearer``: the self-hosted server's sessions."""
        return cls("Authorization", "Bearer ", key)

    @classmethod
    def api_key(cls, key: str) -> Credential:
        """The self-hosted server's ``X-API-Key``."""
        return cls("X-API-Key", "", key)

    def __repr__(self) -> str:
        return f"Credential({self.header}: {self.prefix}{mask(self.key)})"


@dataclass(frozen=True, slots=True)
class Policy:
    """How long to wait, how often to try and how much to take."""

    connect: float = 5.0
    """Seconds until there is a connection."""
    read: float = 30.0
    """Seconds that the server may be silent."""
    total: float = 120.0
    """Seconds of one request in all, with its tries and pauses: a server that drips cannot hold
    us."""
    backoff: Backoff = Backoff()
    """The tries of a repeatable request."""
    concurrency: int = 6
    """Requests under way at once."""
    longest_answer: int = 64 * 2**20
    """Bytes of an answer, unpacked; a longer one is not read."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An answer as it came, whatever its status."""

    status: int
    headers: Mapping[str, str]
    """By lower-case name."""
    body: bytes


@dataclass(frozen=True, slots=True)
class _Sending:
    """One try at a request."""

    attempt: int
    ends: float
    """When it must be over, in seconds of ``perf_counter``."""
    expected: Collection[int] = ()


class HttpClient:
    """JSON over HTTP with one server.

    Args:
        url: the base URL, with or without a base path.
        credential: what to authenticate with, if anything.
        policy: timeouts and retries.
        allow_plain_http: send the key over unencrypted HTTP to another machine.
        waits: where requests are noted as long as they are not answered.
        clock, sleep, chance: time, waiting and randomness, which tests hold still.

    Raises:
        SettingsError: the URL is not valid.
        RefusedError: the key would travel unencrypted.
        AuthError: the key holds characters that no header can carry.
    """

    def __init__(
        self,
        url: str,
        credential: Credential | None = None,
        *,
        policy: Policy = Policy(),
        allow_plain_http: bool = False,
        clock: Clock | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
        waits: Waits | None = None,
    ) -> None:
        self.address = Address.parse(url)
        self.policy = policy
        self.log = RequestLog()
        self.waits = waits or Waits()
        self._credential = credential
        self._clock = clock or SystemClock()
        self.sleep = sleep
        self._chance = chance
        self._slots = asyncio.Semaphore(policy.concurrency)
        self._client: httpx.AsyncClient | None = None
        if credential and not self.address.private and not allow_plain_http:
            raise RefusedError(
                f"{self.address} is not encrypted, and the key would be readable on the way",
                hint="use https://, or set allow_plain_http if you trust the network",
            )
        if credential and not (credential.key.isascii() and credential.key.isprintable()):
            raise AuthError("the key contains line breaks or other characters that no key has")

    def __repr__(self) -> str:
        return f"HttpClient({str(self.address)!r}, {self._credential!r})"

    async def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        body: object = None,
        repeatable: bool | None = None,
        expected: Collection[int] = (),
    ) -> Any:
        """Send one request and return the JSON of the answer.

        Args:
            method: the HTTP method.
            path: the path below the base URL, with ids already made into segments.
            params: the query.
            body: what to send as JSON; None sends none.
            repeatable: whether sending it twice does no more than sending it once; None means
                that only GET is.
            expected: statuses that are an answer here and no failure, for the log.

        Raises:
            BackendError: the kind that fits the answer, or the lack of one.
        """
        again = method == "GET" if repeatable is None else repeatable
        request = self._request(method, path, params, body)
        ends = perf_counter() + self.policy.total
        backoff = self.policy.backoff if again else ONCE
        with self.waits.begin(self.address.origin, backoff.attempts) as pending:

            async def send() -> Any:
                sending = _Sending(pending.attempt, ends, expected)
                return self._value(*await self._exchange(request, sending))

            return await retry(
                send, backoff, pending=pending, ends=ends, sleep=self.sleep, chance=self._chance
            )

    async def post(self, path: str, body: object, headers: Mapping[str, str]) -> HttpAnswer:
        """Send one POST, once, and return whatever is answered: for protocols that are no REST.

        Raises:
            NetworkError: nothing is.
            ResponseError: it is redirected to where the key must not go.
        """
        request = self._request("POST", path, None, body)
        request.headers.update(headers)
        sending = _Sending(1, perf_counter() + self.policy.total)
        with self.waits.begin(self.address.origin):
            _, answer = await self._exchange(request, sending)
        return answer

    async def aclose(self) -> None:
        """Close the connections."""
        if self._client is not None:
            client, self._client = self._client, None
            await client.aclose()

    def _request(
        self, method: str, path: str, params: Mapping[str, str | int] | None, body: object
    ) -> httpx.Request:
        headers = {"Accept": "application/json", "User-Agent": "mem0-tui"}
        if self._credential:
            headers[self._credential.header] = self._credential.prefix + self._credential.key
        content = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            content = json.dumps(storable_json(body), ensure_ascii=False).encode()
        try:
            return self._open().build_request(
                method, f"{self.address}{path}", params=params, headers=headers, content=content
            )
        except httpx.InvalidURL as error:
            raise InvalidRequestError(
                f"the address is not a URL: {self._clean(str(error))}"
            ) from None

    def _open(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = httpx.AsyncClient(
                timeout=httpx.Timeout(
                    self.policy.read, connect=self.policy.connect, pool=self.policy.total
                ),
                limits=httpx.Limits(keepalive_expiry=KEPT_IDLE),
                follow_redirects=False,
                # A proxy has no business between us and a server on this machine.
                trust_env=not self.address.loopback,
                # Without TLS there is no certificate to load: that takes longer than the call.
                verify=self.address.scheme == "https",
            )
        return self._client

    async def _exchange(
        self, request: httpx.Request, sending: _Sending
    ) -> tuple[httpx.Request, HttpAnswer]:
        async with self._slots:
            answer = await self._send(request, sending)
            for _ in range(3):
                if answer.status not in _REDIRECTS:
                    break
                request = self._redirected(request, answer)
                answer = await self._send(request, sending)
        return request, answer

    async def _send(self, request: httpx.Request, sending: _Sending) -> HttpAnswer:
        began, at = perf_counter(), self._clock.now()
        answer: HttpAnswer | None = None
        trouble: str | None = None
        withdrawn = False
        try:
            async with asyncio.timeout(max(0.0, sending.ends - began)):
                answer = await self._receive(request)
            return answer
        except asyncio.CancelledError:
            withdrawn = True
            raise
        except TimeoutError:
            tries = f" and {sending.attempt} tries" if sending.attempt > 1 else ""
            trouble = f"no complete answer within {self.policy.total:g} s{tries}"
        except httpx.TimeoutException as error:
            limit = (
                self.policy.connect if isinstance(error, httpx.ConnectTimeout) else self.policy.read
            )
            trouble = f"no answer within {limit:g} s"
        except httpx.DecodingError:
            trouble = "the answer cannot be decompressed"
        except (httpx.TransportError, httpx.InvalidURL) as error:
            trouble = _spoken(self._clean(str(error)))
        except ResponseError as error:
            trouble = error.message
            raise
        finally:
            entry = RequestLogEntry(
                request.method,
                self._path(request),
                answer.status if answer else None,
                (perf_counter() - began) * 1000,
                sending.attempt,
                at,
                trouble,
                expected=answer is not None and answer.status in sending.expected,
                withdrawn=withdrawn,
            )
            self.log.add(entry)
        raise NetworkError(f"{self.address.origin}: {trouble}")

    async def _receive(self, request: httpx.Request) -> HttpAnswer:
        """The whole answer to *request*.

        Raises:
            ResponseError: it is longer than is read.
        """
        response = await self._open().send(request, stream=True)
        try:
            body = bytearray()
            async for part in response.aiter_bytes():
                body += part
                if len(body) > self.policy.longest_answer:
                    most = f"{self.policy.longest_answer / 2**20:g} MB"
                    raise ResponseError(
                        f"the answer to {self._what(request)} is longer than {most}",
                        hint="ask for less: narrow it down to one user, one agent or one run",
                    )
        finally:
            await response.aclose()
        headers = {name.lower(): value for name, value in response.headers.items()}
        return HttpAnswer(response.status_code, headers, bytes(body))

    def _redirected(self, request: httpx.Request, answer: HttpAnswer) -> httpx.Request:
        target = urljoin(str(request.url), answer.headers.get("location", ""))
        what = self._what(request)
        if not self.address.same_place(target):
            place = self._clean(urlsplit(target).netloc.rpartition("@")[2])
            raise ResponseError(
                f"{what} was redirected to {place or 'nowhere'}; the key is not sent there"
            )
        if answer.status not in (307, 308) and request.method != "GET":
            raise ResponseError(
                f"{what} was redirected in a way that would drop the request's body"
            )
        return self._open().build_request(
            request.method, target, headers=request.headers, content=request.content
        )

    def _value(self, request: httpx.Request, answer: HttpAnswer) -> Any:
        what = self._what(request)
        status = answer.status
        if status >= 400:
            wait = retry_after_seconds(answer.headers.get("retry-after"), self._clock.now())
            text = answer.body.decode("utf-8", "replace")
            raise error_for(status, text, what=what, retry_after=wait, clean=self._clean)
        if status in _REDIRECTS:
            raise ResponseError(f"{what} redirects in a loop")
        if not 200 <= status < 300:
            raise ResponseError(f"HTTP {status} to {what}")
        try:
            value = parse(answer.body)
        except ValueError:
            kind = answer.headers.get("content-type", "nothing").partition(";")[0]
            raise ResponseError(
                f"the answer to {what} is not JSON but {self._clean(kind)}"
                if "json" not in kind
                else f"the answer to {what} is not valid JSON"
            ) from None
        if error := error_in_answer(value):
            raise ResponseError(f"{self._clean(error)} (HTTP {status}, {what})")
        return value

    def _what(self, request: httpx.Request) -> str:
        return f"{request.method} {self._path(request)}"

    def _path(self, request: httpx.Request) -> str:
        return self._clean(request.url.raw_path.decode("ascii", "replace"))

    def _clean(self, text: str) -> str:
        if self._credential and self._credential.key:
            text = text.replace(self._credential.key, mask(self._credential.key))
        return redact(text)


def _spoken(trouble: str) -> str:
    """What went wrong with a connection, where httpx says it in its own terms or not at all."""
    if trouble == "All connection attempts failed":
        return "nothing listens there"
    return trouble or "the connection broke"
