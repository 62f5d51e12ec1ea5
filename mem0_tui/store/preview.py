"""The newest rows of a store, read with next to no imports, for the first frame of the screen.

It only looks: a store that is missing, damaged, newer or busy gives nothing, and opening it in
earnest, which follows at once, says why.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

_LONGEST = 1000
"""Characters of a text that a row may show part of."""
_PATIENCE = 0.05
"""Seconds to wait for another process's lock."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_NEWEST = f"""
SELECT substr(text, 1, {_LONGEST}), kind, pinned,
    coalesce(nullif(app_id, ''), nullif(run_id, ''), nullif(agent_id, ''), nullif(user_id, '')),
    created_at
FROM memories WHERE (expires_on IS NULL OR expires_on >= ?) ORDER BY created_at DESC, id LIMIT ?
"""


class PreviewRow(NamedTuple):
    """What a row shows of a memory."""

    text: str
    kind: str | None
    pinned: bool
    home: str
    """The app it belongs to, else the run, the agent, the user."""
    created_at: datetime


def newest_rows(path: Path, today: date, limit: int) -> list[PreviewRow]:
    """The *limit* newest memories of the store at *path*, without what has expired *today*."""
    try:
        uri = f"{path.absolute().as_uri()}?mode=ro"
        connection = sqlite3.connect(uri, uri=True, timeout=_PATIENCE, isolation_level=None)
        try:
            rows = connection.execute(_NEWEST, (today.isoformat(), limit)).fetchall()
        finally:
            connection.close()
        return [
            PreviewRow(
                text, type_, pinned == 1, home or "–", _EPOCH + timedelta(microseconds=created)
            )
            for text, type_, pinned, home, created in rows
        ]
    except (sqlite3.Error, OSError, ValueError, TypeError, OverflowError):
        return []
