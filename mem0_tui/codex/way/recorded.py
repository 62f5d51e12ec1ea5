"""When something was captured and recalled last, by the records of those who did it.

Plugin 0.3 keeps a database, this program's hooks a log; plugin 0.2 keeps neither.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from mem0_tui.codex.files.text_file import note
from mem0_tui.model.record import Record

if TYPE_CHECKING:
    from datetime import datetime

    from mem0_tui.codex.capture import Capture

_TAIL = 1 << 16
"""Bytes of the log's end that are read: some hundreds of lines."""
_LINE = re.compile(r"(\S+) (\w+) (.+?)(?: \(\d+ ms\))?$")
_CAPTURES = ("Stop", "PreCompact")
_RECALLED = re.compile(r"(\d+) lines")
_FAILED = re.compile(r"\w+Error: |ran out of time")


class Recorded(Record):
    """What the records say; every moment is in UTC."""

    by: str
    """Whose records they are: ``the plugin's records`` or ``the hooks' log``."""
    captured: datetime | None = None
    """When a part of a session reached the server last."""
    recalled: datetime | None = None
    """When a memory was given to the model last."""
    works: bool = False
    """Whether the newest that was tried reached the server."""
    failed: str | None = None
    """Why the newest that was tried did not."""


def recorded_by_plugin(capture: Capture) -> Recorded:
    """What plugin 0.3's database says."""
    found = Recorded("the plugin's records")
    activity = capture.hooks.activity
    if activity is None or activity.problem is not None:
        return found
    sent = activity.last_sent is not None and activity.failing is None
    searched = activity.searched is not None and activity.searches_failing is None
    lost = activity.given_up
    if sent and lost is not None and lost.at is not None and activity.last_sent is not None:
        sent = lost.at <= activity.last_sent
    return found.replace(
        captured=activity.last_sent, recalled=activity.recalled, works=sent or searched
    )


def recorded_by_hooks(folder: str) -> Recorded:
    """What the log of this program's hooks in *folder* says."""
    found: dict[str, object] = {}
    for at, event, outcome in _lines(os.path.join(folder, "hooks.log")):
        if _FAILED.match(outcome):
            found |= {"works": False, "failed": outcome}
            continue
        given = _RECALLED.match(outcome)
        if event in _CAPTURES and outcome in ("added", "updated"):
            found["captured"] = at
        elif given is None:
            continue  # nothing was asked of the server
        elif int(given[1]):
            found["recalled"] = at
        found |= {"works": True, "failed": None}
    return Recorded("the hooks' log").replace(**found)


def _lines(path: str) -> list[tuple[datetime | None, str, str]]:
    """Moment, event and outcome of the log's last lines, the oldest first."""
    from mem0_tui.codex.capture.activity import moment

    note(path)
    try:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            file.seek(max(0, size - _TAIL))
            lines = file.read(_TAIL).decode("utf-8", "replace").splitlines()
    except OSError:
        return []
    found = (_LINE.match(line) for line in lines[size > _TAIL :])
    return [(moment(each[1]), each[2], each[3]) for each in found if each]
