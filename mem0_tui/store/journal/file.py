"""The journal's database file: what goes wrong with it is told of the journal, not of the store."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from mem0_tui.model.errors import JournalDamagedError, StoreCorruptError, StoreError
from mem0_tui.store.journal.rows import JOURNAL_ID, MIGRATIONS, true_name
from mem0_tui.store.sqlite.database import Database
from mem0_tui.store.sqlite.errors import translated

T = TypeVar("T")


class JournalFile(Database):
    """The database of a journal."""

    def __init__(self, path: Path) -> None:
        """Open *path*, creating it (0600).

        Raises:
            StoreError: it cannot be opened, is damaged or of a later version.
        """
        try:
            super().__init__(path, MIGRATIONS, application_id=JOURNAL_ID, equip=_equip)
        except StoreError as error:
            raise of_journal(error) from error

    async def awrite(self, work: Callable[[sqlite3.Connection], T]) -> T:
        try:
            return await super().awrite(work)
        except StoreError as error:
            raise of_journal(error) from error

    async def aread(self, work: Callable[[sqlite3.Connection], T], *, short: bool = False) -> T:
        try:
            return await super().aread(work, short=short)
        except StoreError as error:
            raise of_journal(error) from error


def of_journal(error: StoreError) -> StoreError:
    """*error* as one of the journal."""
    if isinstance(error, JournalDamagedError):
        return error
    if isinstance(error, StoreCorruptError):
        return JournalDamagedError(error.message)
    error.title = error.title.replace("store", "journal")
    return error


def set_aside(path: Path, at: datetime) -> Path:
    """Give the journal *path*, with what SQLite keeps beside it, another name; returns that.

    Raises:
        StoreAccessError: it cannot be renamed.
    """
    aside = path.with_name(f"{path.name}.damaged-{at:%Y%m%dT%H%M%SZ}")
    with translated(path):
        for suffix in ("-wal", "-shm", ""):
            beside = path.with_name(path.name + suffix)
            if beside.exists():
                os.replace(beside, aside.with_name(aside.name + suffix))
    return aside


def _equip(connection: sqlite3.Connection) -> None:
    connection.create_function("true_name", 2, true_name)
