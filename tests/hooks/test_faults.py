"""What goes wrong costs the user nothing: an empty answer, exit code 0, a line in the log."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mem0_tui.hooks.run import OUT_OF_TIME
from tests.hooks.conftest import Machine, context_of
from tests.support.hurry import hooks_have
from tests.support.serving import KEY

PROMPT = "which database do we use for orders?"
HURRY = 0.5
"""Seconds of a hook that waits in vain for all of them."""
EVENTS = {
    "SessionStart": {"source": "startup"},
    "UserPromptSubmit": {"prompt": PROMPT},
    "Stop": {"transcript_path": "", "last_assistant_message": "done"},
    "PreCompact": {"transcript_path": ""},
}


@contextmanager
def answering(answer: bytes | None) -> Iterator[int]:
    """A server that sends *answer* to everything, or with None nothing at all; gives its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    held: list[socket.socket] = []

    def answer_all() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            held.append(connection)
            if answer is not None:
                connection.recv(1 << 16)
                connection.sendall(answer)
                connection.close()

    thread = threading.Thread(target=answer_all)
    thread.start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
        for connection in held:
            connection.close()


def ended_quietly(machine: Machine, *said: str) -> None:
    assert machine.hook("UserPromptSubmit", prompt=PROMPT) == ""
    assert all(part in machine.log[-1] for part in said), machine.log
    assert KEY not in "\n".join(machine.log)


def test_without_a_server_every_event_ends_quietly(machine: Machine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    machine.name_server(f"http://127.0.0.1:{port}/mcp")
    for event, more in EVENTS.items():
        assert machine.hook(event, **more) == ""
    refused = [line for line in machine.log if "refused" in line]
    assert len(refused) == 2
    assert len(machine.log) == len(EVENTS)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "did not answer in time"),
        (b"", "something else than JSON"),
        (b"SSH-2.0-OpenSSH_9.9\r\n", "something else than JSON"),
        (b"HTTP/1.1 200 OK\r\n\r\n<html>", "something else than JSON"),
        (b'HTTP/1.1 200 OK\r\n\r\n{"results": 7}', "is not a list"),
        (b'HTTP/1.1 401 Unauthorized\r\n\r\n{"detail": "no such key"}', "401: no such key"),
        (b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", "500"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "something else"),
    ],
    ids=["silence", "nothing", "ssh", "html", "shape", "401", "500", "chunks"],
)
def test_a_strange_server_is_left_alone(machine: Machine, answer: bytes | None, said: str) -> None:
    if answer is None:
        machine.environ |= hooks_have(HURRY)
    with answering(answer) as port:
        machine.name_server(f"http://127.0.0.1:{port}/mcp")
        ended_quietly(machine, said)


def test_an_answer_in_chunks_is_put_together(machine: Machine) -> None:
    row = b'{"results": [{"id": "abc", "memory": "We use PostgreSQL"}]}'
    body = (
        b"a\r\n" + row[:10] + b"\r\n" + b"%x;x=y\r\n" % len(row[10:]) + row[10:] + b"\r\n0\r\n\r\n"
    )
    with answering(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body) as port:
        machine.name_server(f"http://127.0.0.1:{port}/mcp")
        assert "We use PostgreSQL" in machine.hook("UserPromptSubmit", prompt=PROMPT)


def test_a_key_never_travels_unencrypted(machine: Machine) -> None:
    machine.name_server("http://192.0.2.7:8765/mcp")
    ended_quietly(machine, "unencrypted")


def test_a_server_that_is_switched_off_is_not_asked(machine: Machine) -> None:
    (machine.home / ".codex").mkdir()
    config = '[mcp_servers.mem0]\nurl = "http://127.0.0.1:1/mcp"\nenabled = false\n'
    (machine.home / ".codex" / "config.toml").write_text(config)
    ended_quietly(machine, "disabled")


def test_hooks_can_be_switched_off(machine: Machine) -> None:
    machine.environ["MEM0_TUI_HOOKS"] = "off"
    ended_quietly(machine, "switched off")


def test_a_session_that_another_process_holds_is_let_go(machine: Machine) -> None:
    machine.state.mkdir(parents=True)
    (machine.state / "s1.json.lock").touch()
    machine.environ |= hooks_have(HURRY)
    ended_quietly(machine, "another hook holds this session")


def test_a_state_file_of_junk_is_begun_anew(machine: Machine) -> None:
    machine.add("We use PostgreSQL for orders")
    machine.state.mkdir(parents=True)
    (machine.state / "s1.json").write_text('{"shown": 3,')
    told = machine.hook("UserPromptSubmit", prompt=PROMPT)
    assert "PostgreSQL" in told, machine.log


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_a_hook_that_hangs_is_ended_and_holds_up_no_other(machine: Machine) -> None:
    machine.state.mkdir(parents=True)
    os.mkfifo(machine.state / "s1.json")
    machine.environ |= {**hooks_have(HURRY), "HOOK_GRACE": "0.3"}
    hanging = machine.start("UserPromptSubmit", prompt=PROMPT)
    assert context_of("UserPromptSubmit", hanging) == ""
    assert machine.log[-1].endswith(OUT_OF_TIME)
    assert not list(machine.state.glob("*.lock"))


def test_a_session_cannot_name_a_file_elsewhere(machine: Machine) -> None:
    machine.hook("SessionStart", session="../../evil", source="startup")
    assert not list(machine.home.glob("**/evil*"))


@pytest.mark.parametrize("given", [b"", b"{", b"[]", b"\xff\xff", b'{"prompt": 5}'])
def test_an_input_of_junk_ends_quietly(machine: Machine, given: bytes) -> None:
    command = [sys.executable, "-m", "mem0_tui", "hook", "UserPromptSubmit"]
    done = subprocess.run(
        command, input=given, env=machine.environ, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_an_unknown_event_is_a_mistake_in_the_command(machine: Machine) -> None:
    command = [sys.executable, "-m", "mem0_tui", "hook", "stop"]
    done = subprocess.run(command, env=machine.environ, capture_output=True, check=False)
    assert done.returncode == 2
    assert b"SessionStart|UserPromptSubmit|Stop|PreCompact" in done.stderr


def test_what_hooks_write_is_private(machine: Machine) -> None:
    machine.hook("SessionStart", source="startup")
    modes = {path.name: path.stat().st_mode & 0o777 for path in machine.state.iterdir()}
    if sys.platform != "win32":
        assert modes == {"hooks.log": 0o600, "s1.json": 0o600}
        assert machine.state.stat().st_mode & 0o777 == 0o700
