"""A body that is too large is answered, whatever the client sends before it reads."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import httpx
import pytest

from tests.support.serving import KEY, Serving, serving

pytestmark = pytest.mark.slow

_HEADERS = {"Authorization": f"Token {KEY}"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(tmp_path_factory.mktemp("served") / "memories.db") as running:
        yield running


_PIECE = b"x" * (1 << 20)


def pieces(count: int) -> Iterator[bytes]:
    """*count* MiB, piece by piece: httpx sends them in chunks."""
    for _ in range(count):
        yield _PIECE


@pytest.mark.parametrize("path", ["/v3/memories/add/", "/mcp", "/nothing/here"])
@pytest.mark.parametrize("way", ["whole", "chunks", "http.client"])
def test_a_body_of_a_hundred_megabytes_is_answered(server: Serving, path: str, way: str) -> None:
    headers = {**_HEADERS, "Content-Type": "application/json", "Accept": "application/json"}
    if way == "http.client":
        connection = HTTPConnection(server.url.removeprefix("http://"), timeout=60)
        connection.request("POST", path, b"x" * (100 << 20), headers)
        answer = connection.getresponse()
        status, body = answer.status, json.loads(answer.read())
        connection.close()
    else:
        content = b"x" * (100 << 20) if way == "whole" else pieces(100)
        with httpx.Client(base_url=server.url, headers=headers, timeout=60) as client:
            response = client.post(path, content=content)
            status, body = response.status_code, response.json()
            # What was left of the body is not taken for another request.
            assert client.get("/v1/ping/").status_code == 200
    assert status == (404 if "nothing" in path else 413)
    assert body["detail"]


def test_a_length_that_is_a_lie_harms_nobody(server: Serving) -> None:
    port = int(server.url.rpartition(":")[2])
    head = f"Host: 127.0.0.1:{port}\r\nAuthorization: Token {KEY}\r\n"
    for length, body, statuses in [
        (str(100 << 20), b"{}", (b"413",)),  # it is answered without waiting for the rest
        ("2", b"{}" + b"x" * 5000, (b"400",)),
        ("-5", b"{}", (b"400",)),
        ("9" * 30, b"{}", (b"400", b"413")),
    ]:
        request = f"POST /v3/memories/add/ HTTP/1.1\r\n{head}Content-Length: {length}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", port), 300) as connection:
            connection.sendall(request.encode() + body)
            assert connection.recv(4096).split(b" ")[1] in statuses
    assert httpx.get(f"{server.url}/v1/ping/", headers=_HEADERS, timeout=60).status_code == 200


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
@pytest.mark.parametrize("expects", [True, False])
def test_curl_reads_why_a_large_body_is_refused(
    server: Serving, tmp_path: Path, expects: bool
) -> None:
    large = tmp_path / "large.json"
    large.write_bytes(b"x" * (100 << 20))
    words = ["curl", "-sS", "-w", "%{http_code}", "--data-binary", f"@{large}"]
    words += ["-H", f"Authorization: Token {KEY}", *([] if expects else ["-H", "Expect:"])]
    done = subprocess.run(
        [*words, f"{server.url}/v3/memories/add/"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout[-3:]) == (0, "413"), done.stderr
    assert "larger than" in json.loads(done.stdout[:-3])["detail"]
