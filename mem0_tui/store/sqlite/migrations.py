"""Named, ordered changes of a database's schema, each applied once, together with its record.

A database that holds a migration this version does not know is newer, and is left as it is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

from mem0_tui.model.errors import StoreCorruptError, StoreNewerError
from mem0_tui.model.late import late_dataclass

_RECORDS = """
CREATE TABLE IF NOT EXISTS migrations (
    name TEXT PRIMARY KEY,
    position INTEGER NOT NULL
) WITHOUT ROWID
"""


@late_dataclass(frozen=True)
class Migration:
    """One step of the schema; released steps never change."""

    name: str
    script: str
    """SQL statements, each ended by a semicolon."""


def check_names(migrations: Sequence[Migration]) -> None:
    """Raise ValueError if two of *migrations* share a name."""
    names = [migration.name for migration in migrations]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"migrations named twice: {', '.join(twice)}")


def pending(
    connection: sqlite3.Connection, migrations: Sequence[Migration], application_id: int
) -> tuple[Migration, ...]:
    """Those of *migrations* that the database lacks; reads only. *application_id* is SQLite's
    number of the program that a database is of.

    Raises:
        StoreNewerError: the database holds a migration that is not among *migrations*.
        StoreCorruptError: it is a SQLite database, but not of this application.
    """
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    found_id = connection.execute("PRAGMA application_id").fetchone()[0]
    if not tables and found_id in (0, application_id):
        return tuple(migrations)
    if found_id != application_id:
        raise StoreCorruptError("the file is another program's database", hint="name another file")
    applied = {row[0] for row in connection.execute("SELECT name FROM migrations")}
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    unknown = applied - {migration.name for migration in migrations}
    if unknown or version > len(migrations):
        named = ", ".join(sorted(unknown)) or f"version {version}"
        raise StoreNewerError(f"it holds changes this version does not know: {named}")
    return tuple(migration for migration in migrations if migration.name not in applied)


def migrate(
    connection: sqlite3.Connection, migrations: Sequence[Migration], application_id: int
) -> None:
    """Apply what is pending, all of it or, after an error, nothing, and mark the database as that
    of *application_id*.

    *connection* is inside a write transaction, which the caller commits.
    """
    missing = pending(connection, migrations, application_id)
    connection.execute(_RECORDS)
    for migration in missing:
        for statement in statements(migration.script):
            connection.execute(statement)
        connection.execute(
            "INSERT INTO migrations VALUES (?, ?)", (migration.name, migrations.index(migration))
        )
    connection.execute(f"PRAGMA application_id = {application_id:d}")
    connection.execute(f"PRAGMA user_version = {len(migrations):d}")


def statements(script: str) -> Iterator[str]:
    """The statements of *script* one by one, for ``executescript`` would commit first."""
    statement = ""
    for piece in script.split(";"):
        statement += piece + ";"
        if sqlite3.complete_statement(statement):
            if statement.strip(" \n;"):
                yield statement
            statement = ""
