"""One JSON request and its answer, within a deadline.

To this machine it is spoken over a bare socket: importing http.client or httpx takes longer than
the whole hook may, and even the module ``socket`` a third of it, so this takes what lies below.
Everything encrypted goes through urllib, which knows proxies and certificates.
"""

from __future__ import annotations

from _socket import SOCK_STREAM, getaddrinfo
from _socket import socket as Socket
from time import monotonic

from mem0_tui.hooks.document import dumps, loads
from mem0_tui.hooks.server import MemoryServer

_MOST = 1 << 22
"""Bytes of an answer that are read."""


class ExchangeError(Exception):
    """No answer that makes sense came in time; the text says why."""


def exchange(
    server: MemoryServer,
    method: str,
    path: str,
    body: object,
    deadline: float,
    asked: str = "",
) -> tuple[int, object]:
    """The status and the JSON body of *server*'s answer, None where it has none.

    Args:
        body: what is sent as JSON; None sends nothing.
        deadline: the moment of :func:`time.monotonic` at which it must be over.
        asked: the name of a header that is sent with the value 1.

    Raises:
        ExchangeError: nobody answers, not in time, or no HTTP.
    """
    data = b"" if body is None else dumps(body).encode()
    headers = {"Accept": "application/json", "User-Agent": "mem0-tui-hook"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    if asked:
        headers[asked] = "1"
    if server.key:
        headers["Authorization"] = f"Token {server.key}"
    try:
        way = _encrypted if server.tls else _plain
        status, answer = way(server, method, server.path + path, headers, data, deadline)
        return status, loads(answer) if answer.strip() else None
    except TimeoutError:
        raise ExchangeError(f"{server.base} did not answer in time") from None
    except OSError as error:
        raise ExchangeError(f"{server.base}: {error.strerror or error}") from None
    except (ValueError, IndexError):
        raise ExchangeError(f"{server.base} answered something else than JSON over HTTP") from None


def _plain(
    server: MemoryServer,
    method: str,
    path: str,
    headers: dict[str, str],
    data: bytes,
    deadline: float,
) -> tuple[int, bytes]:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {server.host}:{server.port}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {len(data)}", "", ""]
    connection = _connected(server, deadline)
    try:
        connection.sendall("\r\n".join(lines).encode("latin-1") + data)
        answer = bytearray()
        while len(answer) < _MOST:
            connection.settimeout(_left(deadline))
            part = connection.recv(1 << 16)
            if not part:
                break
            answer += part
    finally:
        connection.close()
    head, _, rest = bytes(answer).partition(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    chunked = b"transfer-encoding: chunked" in head.lower()
    return status, _joined(rest) if chunked else rest


def _connected(server: MemoryServer, deadline: float) -> Socket:
    """A connection to the first of the server's addresses that takes one."""
    refused: OSError | None = None
    # As bytes: a text would load the codec for international names first.
    host = server.host.strip("[]").encode("ascii")
    for family, kind, number, _, address in getaddrinfo(host, server.port, 0, SOCK_STREAM):
        connection = Socket(family, kind, number)
        connection.settimeout(_left(deadline))
        try:
            connection.connect(address)
        except OSError as error:
            connection.close()
            refused = error
        else:
            return connection
    raise refused or OSError("no address")


def _joined(data: bytes) -> bytes:
    """The body of an answer that came in chunks."""
    whole = b""
    while True:
        size, _, data = data.partition(b"\r\n")
        length = int(size.split(b";")[0], 16)
        if length == 0:
            return whole
        whole += data[:length]
        data = data[length + 2 :]


def _encrypted(
    server: MemoryServer,
    method: str,
    path: str,
    headers: dict[str, str],
    data: bytes,
    deadline: float,
) -> tuple[int, bytes]:
    from urllib.error import HTTPError
    from urllib.request import Request, urlopen

    url = f"https://{server.host}:{server.port}{path}"
    request = Request(url, data or None, headers, method=method)
    try:
        with urlopen(request, timeout=_left(deadline)) as answer:
            return answer.status, answer.read(_MOST)
    except HTTPError as error:
        with error:
            return error.code, error.read(_MOST)


def _left(deadline: float) -> float:
    left = deadline - monotonic()
    if left <= 0:
        raise TimeoutError
    return left
