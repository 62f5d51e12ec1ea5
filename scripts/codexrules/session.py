"""One running ``codex app-server``, asked over its standard input and output."""

from __future__ import annotations

import contextlib
import json
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any

_PATIENCE = 300.0
"""Seconds until an answer has to be there, on a busy machine too."""
_ENDING = 10.0
"""Seconds that Codex is given to end by itself."""


class Refused(Exception):
    """Codex answers a request with an error; the text is its own."""


class Ended(Refused):
    """Codex ended, or was ended, before it answered: it judged nothing."""


class Session:
    """An app-server in a home of its own; use it as a context manager.

    Every request waits for its answer. What Codex says unasked is kept.
    """

    def __init__(
        self, program: str, home: Path, environ: Mapping[str, str], cwd: Path | None = None
    ) -> None:
        self.home = home
        self.notes: list[Mapping[str, Any]] = []
        """What Codex said unasked, with ``method`` and ``params``."""
        self._number = 0
        self._process = subprocess.Popen(
            (program, "app-server"),
            cwd=cwd or home,
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        threading.Thread(target=self._watch, daemon=True).start()
        client = {"name": "measuring", "title": "measuring", "version": "0"}
        capabilities = {"experimentalApi": True}
        try:
            self.ask("initialize", {"clientInfo": client, "capabilities": capabilities})
        except Refused:
            self.close()
            raise
        self._send({"method": "initialized"})

    def __enter__(self) -> Session:
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
            Refused: Codex answers with an error.
            Ended: it ends, or gives no answer.
        """
        self._number += 1
        patience = threading.Timer(_PATIENCE, self._process.kill)
        patience.start()
        try:
            self._send({"id": self._number, "method": method, "params": dict(params or {})})
            return self._answer()
        finally:
            patience.cancel()

    def kill(self) -> None:
        """End the program at once; the next question finds it ended."""
        self._process.kill()

    @property
    def ended(self) -> bool:
        """Whether it answers nothing any more."""
        return self._process.poll() is not None

    def _answer(self) -> Mapping[str, Any]:
        for line in self._stream("stdout"):
            answer: dict[str, Any] = json.loads(line)
            if answer.get("id") == self._number and "method" not in answer:
                if "error" in answer:
                    raise Refused(str(answer["error"].get("message")))
                return answer.get("result") or {}
            self.notes.append(answer)
        self._process.wait()
        raise Ended("codex app-server ended")

    def warnings(self) -> list[str]:
        """What Codex warned of by itself about its configuration, up to the last answer."""
        return [
            str(note["params"].get("summary"))
            for note in self.notes
            if note.get("method") == "configWarning"
        ]

    def close(self) -> None:
        """End the program, by force where it does not end by itself."""
        with contextlib.suppress(OSError):
            self._stream("stdin").close()
        try:
            self._process.wait(_ENDING)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._stream("stdout").close()

    def _watch(self) -> None:
        """End the program when it panics, for it never answers what makes it (0.150.0)."""
        with self._stream("stderr") as said:
            for line in said:
                if "panicked at" in line:
                    self._process.kill()

    def _send(self, document: Mapping[str, object]) -> None:
        stream = self._stream("stdin")
        with contextlib.suppress(OSError):  # it ended: the wait for its answer says so
            stream.write(json.dumps(document) + "\n")
            stream.flush()

    def _stream(self, name: str) -> IO[str]:
        stream: IO[str] | None = getattr(self._process, name)
        assert stream is not None
        return stream
