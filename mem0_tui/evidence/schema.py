"""The tables of the index. It holds ids, hashes, places and times, and no text of anybody.

It can be made anew from the files at any time, so a later schema begins with an empty one.
"""

from __future__ import annotations

from mem0_tui.store.sqlite.migrations import Migration

APPLICATION_ID = 0x6D656D67
"""Marks a file as an index of evidence of today's form (``memg`` in ASCII): one of another form, or
of which less was read from the files, is made anew."""

MIGRATIONS = (
    Migration(
        "evidence",
        """
        CREATE TABLE files (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,  -- without its folder, which changes when it is archived
            path TEXT NOT NULL,
            kind TEXT NOT NULL,         -- rollout | plugin | threads
            inode INTEGER NOT NULL,
            size INTEGER NOT NULL,
            modified INTEGER NOT NULL,  -- nanoseconds since 1970
            position INTEGER NOT NULL,  -- byte from which to read on
            head INTEGER NOT NULL,      -- checksum of the first 512 bytes
            tail INTEGER NOT NULL,      -- checksum of the 512 bytes before the position
            thread INTEGER,
            turn TEXT NOT NULL DEFAULT '',
            too_long INTEGER NOT NULL DEFAULT 0,
            problem TEXT NOT NULL DEFAULT '',
            gone INTEGER NOT NULL DEFAULT 0
        );
        CREATE INDEX files_of_thread ON files (thread);
        CREATE TABLE threads (
            id INTEGER PRIMARY KEY,
            thread TEXT NOT NULL UNIQUE,
            root TEXT NOT NULL DEFAULT '',
            parent TEXT NOT NULL DEFAULT '',
            forked_from TEXT NOT NULL DEFAULT '',
            started INTEGER NOT NULL DEFAULT 0,   -- milliseconds since 1970
            seen INTEGER NOT NULL DEFAULT 0,      -- the last line
            cwd TEXT NOT NULL DEFAULT '',
            branch TEXT NOT NULL DEFAULT '',
            commit_id TEXT NOT NULL DEFAULT '',
            version TEXT NOT NULL DEFAULT '',
            agent TEXT NOT NULL DEFAULT '',
            memory_mode TEXT NOT NULL DEFAULT '', -- enabled | disabled | polluted
            listed INTEGER NOT NULL DEFAULT 0     -- Codex's own list names it
        );
        CREATE TABLE turns (
            id INTEGER PRIMARY KEY,
            thread INTEGER NOT NULL,
            turn TEXT NOT NULL,
            file INTEGER NOT NULL,
            position INTEGER NOT NULL,
            at INTEGER NOT NULL
        );
        CREATE INDEX turns_of_thread ON turns (thread, at);
        CREATE INDEX turns_of_file ON turns (file, position);
        CREATE TABLE keys (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE
        );
        CREATE TABLE uses (
            key INTEGER NOT NULL,
            file INTEGER NOT NULL,
            position INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            source INTEGER NOT NULL,
            thread INTEGER NOT NULL,
            turn INTEGER NOT NULL,      -- 0 where no turn is known
            at INTEGER NOT NULL,
            rank INTEGER NOT NULL,
            PRIMARY KEY (key, file, position, kind, rank)
        ) WITHOUT ROWID;
        CREATE INDEX uses_of_thread ON uses (thread);
        CREATE INDEX uses_of_file ON uses (file, position);
        CREATE INDEX uses_by_plugin ON uses (thread) WHERE source = 4;
        """,
    ),
)
