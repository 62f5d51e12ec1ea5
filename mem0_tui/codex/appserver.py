"""Talks to ``codex app-server`` over its standard input and output: one JSON document a line.

Every wait ends: at the answer, at the deadline, or when the program ends. No thread is started in
Codex and nothing is written by what is asked here.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import threading
from collections.abc import Mapping
from time import monotonic
from types import TracebackType
from typing import IO, Any

from mem0_tui import __version__
from mem0_tui.codex.install import Install
from mem0_tui.codex.source import table, text
from mem0_tui.model.errors import BackendError, NetworkError, NotFoundError, ResponseError
from mem0_tui.model.secret import redact
from mem0_tui.model.text import one_line

_STOPPING = 5.0
"""Seconds that Codex is given to end by itself."""
_LONGEST_MESSAGE = 400


class AppServer:
    """One running ``codex app-server``; use it as a context manager.

    Raises:
        NotFoundError: there is no Codex on PATH.
        NetworkError: it does not start or does not answer in time.
    """

    def __init__(self, install: Install, *, timeout: float) -> None:
        if install.codex is None:
            raise NotFoundError("the codex command is not on PATH")
        self._answers: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._timeout = timeout
        self._number = 0
        self._stuck = False
        self.user_agent = ""
        """How Codex names itself; holds its version."""
        self._process = _start(install)
        assert self._process.stdout is not None
        self._reader = threading.Thread(
            target=_read, args=(self._process.stdout, self._answers), daemon=True
        )
        self._reader.start()

    def __enter__(self) -> AppServer:
        client = {"name": "mem0-tui", "title": "mem0-tui doctor", "version": __version__}
        capabilities = {"experimentalApi": True}
        try:
            said = self.ask("initialize", {"clientInfo": client, "capabilities": capabilities})
            self._send({"method": "initialized"})
        except BackendError:
            self.close()
            raise
        self.user_agent = text(said.get("userAgent")) or ""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def ask(self, method: str, params: Mapping[str, object] | None = None) -> Mapping[str, Any]:
        """The result of *method*.

        Raises:
            ResponseError: Codex refuses; the message is its own.
            NetworkError: no answer in time, or Codex ended.
        """
        self._number += 1
        self._send({"id": self._number, "method": method, "params": dict(params or {})})
        answer = self._wait(method)
        if "error" in answer:
            said = text(table(answer["error"]).get("message")) or "no message"
            raise ResponseError(shortened(said))
        return table(answer.get("result"))

    def close(self) -> None:
        """End the program, by force where it does not end by itself."""
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        with contextlib.suppress(OSError):
            process.stdin.close()
        try:
            process.wait(timeout=0 if self._stuck else _STOPPING)
        except subprocess.TimeoutExpired:
            _kill(process)
            process.wait()
        self._reader.join(timeout=_STOPPING)
        if not self._reader.is_alive():
            process.stdout.close()

    def _send(self, document: Mapping[str, object]) -> None:
        stream = self._process.stdin
        assert stream is not None
        try:
            stream.write(json.dumps(document).encode() + b"\n")
            stream.flush()
        except (OSError, ValueError) as error:
            raise NetworkError(
                "codex app-server ended at once", hint="run it to see why"
            ) from error

    def _wait(self, method: str) -> dict[str, Any]:
        until = monotonic() + self._timeout
        while (left := until - monotonic()) > 0:
            try:
                answer = self._answers.get(timeout=left)
            except queue.Empty:
                break
            if answer is None:
                raise NetworkError("codex app-server ended before it answered")
            if answer.get("id") == self._number and "method" not in answer:
                return answer
        self._stuck = True
        raise NetworkError(f"Codex gave no answer to {method} within {self._timeout:g} s")


def _start(install: Install) -> subprocess.Popen[bytes]:
    assert install.codex is not None
    homes = install.homes
    environ = dict(homes.environ, HOME=homes.home)
    if homes.codex_home_from != "default":
        environ["CODEX_HOME"] = homes.codex_home
    try:
        return subprocess.Popen(
            (install.codex.path, "app-server"),
            env=environ,
            cwd=homes.cwd,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=os.name != "nt",
        )
    except OSError as error:
        raise NetworkError(f"codex app-server does not start: {error.strerror}") from error


def _kill(process: subprocess.Popen[bytes]) -> None:
    """The program and what it started: npm's ``codex`` is a script around the real one."""
    if os.name == "nt":
        process.kill()
        return
    with contextlib.suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)


def _read(stream: IO[bytes], answers: queue.Queue[dict[str, Any] | None]) -> None:
    with contextlib.suppress(OSError, ValueError):
        for line in stream:
            with contextlib.suppress(ValueError, RecursionError):
                document = json.loads(line)
                if isinstance(document, dict):
                    answers.put(document)
    answers.put(None)


def shortened(said: str) -> str:
    """What a program said, on one line, without keys and not too long."""
    line = redact(one_line(said))
    return line if len(line) <= _LONGEST_MESSAGE else line[: _LONGEST_MESSAGE - 1] + "…"
