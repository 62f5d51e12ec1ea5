"""What hooks did lately, by their own records: captured, recalled, failed, or still to do."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from mem0_tui.codex.facts.scan import Install
from mem0_tui.model.counting import plural
from mem0_tui.model.record import Record

if TYPE_CHECKING:
    from mem0_tui.codex.capture.hook_log import LogLine
    from mem0_tui.store.sqlite.foreign import ForeignDatabase

_MOST = 20
_EVENTS = {
    "SessionStart": "at the start of a session",
    "UserPromptSubmit": "at a prompt",
    "Stop": "at the end of a turn",
    "PreCompact": "before a compaction",
}
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class HookOutcome(StrEnum):
    """What came of a hook, or of what it left to be sent."""

    CAPTURED = "captured"
    RECALLED = "recalled"
    WAITING = "waiting"
    FAILED = "failed"
    NOTHING = "nothing"
    """A hook ran, and there was nothing to capture or to recall."""


class HookActivity(Record):
    """One thing that a hook did."""

    at: datetime | None
    """In UTC."""
    outcome: HookOutcome
    words: str
    """Such as ``3 memories given``; they come from files."""
    session: str = ""
    error: str = ""


def read_hook_activity(install: Install) -> tuple[HookActivity, ...]:
    """At most 20, the newest first; none where nobody keeps a record, or it cannot be read."""
    capture = install.capture
    if capture is not None:
        found = list(_of_plugin(capture.hooks.path))
    else:
        found = list(_of_hooks(install.hook_log[-_MOST:]))
    return tuple(sorted(found, key=lambda each: each.at or _LONG_AGO, reverse=True)[:_MOST])


def _of_hooks(lines: tuple[LogLine, ...]) -> Iterator[HookActivity]:
    for line in lines:
        when = _EVENTS.get(line.event, f"at {line.event}")
        if line.failed:
            yield HookActivity(line.at, HookOutcome.FAILED, f"a hook {when}", error=line.outcome)
        elif line.captured:
            words = f"the session's note was {line.outcome} {when}"
            yield HookActivity(line.at, HookOutcome.CAPTURED, words)
        elif line.given:
            words = f"{plural(line.given, 'memory')} given {when}"
            yield HookActivity(line.at, HookOutcome.RECALLED, words)
        else:
            said = "nothing is stored" if line.given is not None else line.outcome
            yield HookActivity(line.at, HookOutcome.NOTHING, f"{when}: {said}")


def _of_plugin(folder: str) -> Iterator[HookActivity]:
    from mem0_tui.codex.capture.activity import FILE
    from mem0_tui.model.errors import StoreError
    from mem0_tui.store.sqlite.foreign import read_foreign

    path = os.path.join(folder, FILE)
    if not os.path.isfile(path):
        return
    try:
        with read_foreign(path) as database:
            yield from [*_deliveries(database), *_recalls(database), *_failed_searches(database)]
    except StoreError:
        return  # the doctor says so


def _deliveries(database: ForeignDatabase) -> Iterator[HookActivity]:
    from mem0_tui.codex.capture.activity import FAILED, GIVEN_UP, SENT, moment

    columns = database.columns("flushes")
    if not {"status", "updated_at"} <= columns:
        return
    session, reason, error = (
        name if name in columns else "NULL" for name in ("session_id", "reason", "error")
    )
    for status, at, of, why, fault in database.rows(
        f"SELECT status, updated_at, {session}, {reason}, {error} FROM flushes"
        " ORDER BY updated_at DESC LIMIT ?",
        _MOST,
    ):
        name = str(status)
        when = f" ({why})" if why else ""
        outcome, words = HookOutcome.WAITING, f"a part of a session waits to be sent{when}"
        if name in SENT:
            outcome, words = HookOutcome.CAPTURED, f"a part of a session was sent{when}"
        elif name == GIVEN_UP:
            outcome, words = HookOutcome.FAILED, "a part of a session was given up"
        elif name in FAILED:
            outcome, words = HookOutcome.FAILED, f"a part of a session was not sent{when}"
        yield HookActivity(moment(at), outcome, words, str(of or ""), str(fault or ""))


def _recalls(database: ForeignDatabase) -> Iterator[HookActivity]:
    from mem0_tui.codex.capture.activity import moment

    if not {"session_id", "injected_at"} <= database.columns("retrievals"):
        return
    for session, at, count in database.rows(
        "SELECT session_id, max(injected_at), count(*) FROM retrievals"
        " GROUP BY session_id ORDER BY 2 DESC LIMIT ?",
        _MOST,
    ):
        number = count if isinstance(count, int) else 0
        words = f"{plural(number, 'memory')} given to a session"
        yield HookActivity(moment(at), HookOutcome.RECALLED, words, str(session or ""))


def _failed_searches(database: ForeignDatabase) -> Iterator[HookActivity]:
    from mem0_tui.codex.capture.activity import moment

    columns = database.columns("operations")
    if not {"operation", "success", "created_at", "error"} <= columns:
        return
    session = "session_id" if "session_id" in columns else "NULL"
    for at, of, error in database.rows(
        f"SELECT created_at, {session}, error FROM operations"
        " WHERE NOT success AND operation LIKE '%search%' ORDER BY id DESC LIMIT ?",
        _MOST,
    ):
        words = "a search got no answer"
        yield HookActivity(moment(at), HookOutcome.FAILED, words, str(of or ""), str(error or ""))
