"""Talks to ``codex app-server`` over its standard input and output: one JSON document a line.

Every wait ends: at the answer, at the deadline, or when the program ends. It runs on a copy of
Codex's home, whose path is the home's again in what it says, so that nothing of the home is
written; only what is to change the home runs on the home itself.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import re
import signal
import subprocess
import tempfile
import threading
from collections.abc import Mapping
from time import monotonic
from types import TracebackType
from typing import IO, Any

from mem0_tui import __version__
from mem0_tui.codex.facts.scan import Install
from mem0_tui.codex.files.spot import table, text
from mem0_tui.codex.live.home_copy import home_copy
from mem0_tui.model.errors import BackendError, NetworkError, NotFoundError, ResponseError
from mem0_tui.model.secret import redact
from mem0_tui.model.text import one_line

_STOPPING = 5.0
"""Seconds that Codex is given to end by itself."""
_LONGEST_MESSAGE = 400
_UNKNOWN_METHOD = (-32600, -32601)
"""Codex answers -32600, "Invalid request", to a method that it does not know (0.171.0)."""


class UnknownMethodError(ResponseError):
    """This Codex does not know what it was asked."""


class AppServer:
    """One running ``codex app-server``; use it as a context manager.

    Raises:
        NotFoundError: there is no Codex on PATH.
        NetworkError: it does not start or does not answer in time.
    """

    def __init__(self, install: Install, *, timeout: float, on_copy: bool = True) -> None:
        """Start it on a copy of the home, or on the home itself."""
        if install.codex is None:
            raise NotFoundError("the codex command is not on PATH")
        self._answers: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._timeout = timeout
        self._number = 0
        self._stuck = False
        self.user_agent = ""
        """How Codex names itself; holds its version."""
        self.config_warnings: list[str] = []
        """Why Codex does not load its configuration, as it said unasked."""
        self._kept = contextlib.ExitStack()
        try:
            copy = self._kept.enter_context(home_copy(install)) if on_copy else None
            copy = copy or install.homes.codex_home
            self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the copy
            self._kept.callback(self._log.close)
            self._process = _start(install, copy, self._log)
        except BaseException:
            self._kept.close()
            raise
        assert self._process.stdout is not None
        self._replaced = (os.fsencode(copy), os.fsencode(install.homes.codex_home))
        self._reader = threading.Thread(
            target=_read, args=(self._process.stdout, self._answers, self._replaced), daemon=True
        )
        self._reader.start()

    def __enter__(self) -> AppServer:
        client = {"name": "mem0-tui", "title": "mem0-tui doctor", "version": __version__}
        capabilities = {"experimentalApi": True}
        try:
            answer = self.ask("initialize", {"clientInfo": client, "capabilities": capabilities})
            self._send({"method": "initialized"})
        except BackendError:
            self.close()
            raise
        self.user_agent = text(answer.get("userAgent")) or ""
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
            error = table(answer["error"])
            reason = shortened(text(error.get("message")) or "no message")
            if error.get("code") in _UNKNOWN_METHOD:
                raise UnknownMethodError(reason)
            raise ResponseError(reason)
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
        self._kept.close()

    def _send(self, document: Mapping[str, object]) -> None:
        stream = self._process.stdin
        assert stream is not None
        try:
            stream.write(json.dumps(document).encode() + b"\n")
            stream.flush()
        except (OSError, ValueError) as error:
            raise self._ended("codex app-server ended at once") from error

    def _warned(self, params: Mapping[str, Any]) -> None:
        """Only a warning that names a file is about the configuration."""
        if text(params.get("path")) or "onfiguration" in (text(params.get("summary")) or ""):
            warning = text(params.get("details")) or text(params.get("summary"))
            self.config_warnings.append(shortened(warning or "no reason given"))

    def _ended(self, message: str) -> NetworkError:
        """The error for a program that ended, with what it last wrote to its error stream."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=_STOPPING)
        self._log.seek(0)
        before, after = self._replaced
        words = _last_words(self._log.read().replace(before, after))
        return NetworkError(f"{message}: {words}" if words else message)

    def _wait(self, method: str) -> dict[str, Any]:
        until = monotonic() + self._timeout
        while (left := until - monotonic()) > 0:
            try:
                answer = self._answers.get(timeout=left)
            except queue.Empty:
                break
            if answer is None:
                raise self._ended("codex app-server ended before it answered")
            if answer.get("method") == "configWarning":
                self._warned(table(answer.get("params")))
            if answer.get("id") == self._number and "method" not in answer:
                return answer
        self._stuck = True
        raise NetworkError(f"Codex gave no answer to {method} within {self._timeout:g} s")


def _last_words(log: bytes) -> str:
    lines = [_COLOUR.sub("", line) for line in log.decode("utf-8", "replace").splitlines()]
    kept = [line for line in lines if line.strip() and not line.startswith("WARNING")]
    return shortened(" ".join(kept[-3:]))


_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def _start(install: Install, copy: str, log: IO[bytes]) -> subprocess.Popen[bytes]:
    assert install.codex is not None
    homes = install.homes
    environ = dict(homes.environ, HOME=homes.home)
    named = homes.codex_home_from != "default"
    missing = named and not os.path.isdir(homes.codex_home)
    environ["CODEX_HOME"] = homes.codex_home if missing else copy
    try:
        return subprocess.Popen(
            (install.codex.path, "app-server"),
            env=environ,
            cwd=homes.cwd,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
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


def _read(
    stream: IO[bytes], answers: queue.Queue[dict[str, Any] | None], replaced: tuple[bytes, bytes]
) -> None:
    with contextlib.suppress(OSError, ValueError):
        for line in stream:
            with contextlib.suppress(ValueError, RecursionError):
                document = json.loads(line.replace(*replaced))
                if isinstance(document, dict):
                    answers.put(document)
    answers.put(None)


def shortened(words: str) -> str:
    """What a program said, on one line, without keys and not too long."""
    line = redact(one_line(words))
    return line if len(line) <= _LONGEST_MESSAGE else line[: _LONGEST_MESSAGE - 1] + "…"
