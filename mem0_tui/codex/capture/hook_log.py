"""What the log of this program's own hooks says: one line for each that ran."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from mem0_tui.codex.files.text_file import note
from mem0_tui.model.record import Record

if TYPE_CHECKING:
    from datetime import datetime

FILE = "hooks.log"
_TAIL = 1 << 14
"""Bytes of the log's end that are read: a hundred lines and more."""
_LINE = re.compile(r"(\S+) (\w+) (.+?)(?: \(\d+ ms\))?$")
_CAPTURES = ("Stop", "PreCompact")
_RECALLED = re.compile(r"(\d+) lines")
_FAILED = re.compile(r"\w+Error: |ran out of time")
_UNANSWERED = re.compile(r"(?:ExchangeError|NoServerError): |ran out of time")


class LogLine(Record):
    """One hook that ran."""

    at: datetime | None
    """In UTC."""
    event: str
    outcome: str

    @property
    def failed(self) -> bool:
        """Whether it ended with an error, which Codex is not told."""
        return _FAILED.match(self.outcome) is not None

    @property
    def unanswered(self) -> bool:
        """Whether it failed because of the server."""
        return _UNANSWERED.match(self.outcome) is not None

    @property
    def captured(self) -> bool:
        """Whether a note was stored."""
        return self.event in _CAPTURES and self.outcome in ("added", "updated")

    @property
    def given(self) -> int | None:
        """How many lines about memories the model was given; None where none were asked for. At
        the start of a session one more is logged, which says that memory is on."""
        found = None if self.event in _CAPTURES else _RECALLED.match(self.outcome)
        return None if found is None else int(found[1]) - (self.event == "SessionStart")

    @property
    def answered(self) -> bool:
        """Whether the server is known to have answered."""
        return self.captured or self.given is not None


def read_log(folder: str) -> tuple[LogLine, ...]:
    """The last lines of the log in *folder*, the oldest first."""
    from mem0_tui.codex.capture.activity import moment

    path = os.path.join(folder, FILE)
    note(path)
    try:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            file.seek(max(0, size - _TAIL))
            lines = file.read(_TAIL).decode("utf-8", "replace").splitlines()
    except OSError:
        return ()
    found = (_LINE.match(line) for line in lines[size > _TAIL :])
    return tuple(LogLine(moment(each[1]), each[2], each[3]) for each in found if each)


def unanswered(lines: tuple[LogLine, ...]) -> list[LogLine]:
    """The lines, the newest first, of hooks that the server did not answer since it last did."""
    found: list[LogLine] = []
    for line in reversed(lines):
        if line.answered:
            break
        if line.unanswered:
            found.append(line)
    return found
