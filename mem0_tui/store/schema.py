"""The tables of a memory store, as migrations: released ones never change, new ones are added.

Times are microseconds since 1970 UTC, dates ``YYYY-MM-DD``, JSON is ASCII, so that SQLite's text
functions and Python's see the same.
"""

from __future__ import annotations

from mem0_tui.store import scope_counts, tallies
from mem0_tui.store.sqlite.migrations import Migration

# The indexes ascend, so that what is new is appended to them; newest first reads them backwards.
_MEMORIES = """
CREATE TABLE memories (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    text TEXT NOT NULL,
    user_id TEXT, agent_id TEXT, app_id TEXT, run_id TEXT,
    metadata TEXT NOT NULL,
    categories TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER,
    expires_on TEXT,
    immutable INTEGER NOT NULL,
    replaced_by TEXT,
    synthesized INTEGER NOT NULL,
    feedback TEXT,
    extra TEXT NOT NULL,
    type TEXT,
    confidence REAL,
    pinned INTEGER NOT NULL,
    length INTEGER NOT NULL,
    hash TEXT NOT NULL,
    folded TEXT NOT NULL
);
CREATE INDEX memories_newest ON memories (created_at, id DESC, expires_on, type);
CREATE INDEX memories_updated
    ON memories (ifnull(updated_at, -9223372036854775808), id DESC, expires_on);
CREATE INDEX memories_type ON memories (type, created_at, id DESC, expires_on);
CREATE INDEX memories_user ON memories (user_id, created_at, id DESC, expires_on, type, updated_at)
    WHERE user_id IS NOT NULL;
CREATE INDEX memories_agent
    ON memories (agent_id, created_at, id DESC, expires_on, type, updated_at)
    WHERE agent_id IS NOT NULL;
CREATE INDEX memories_app ON memories (app_id, created_at, id DESC, expires_on, type, updated_at)
    WHERE app_id IS NOT NULL;
CREATE INDEX memories_run ON memories (run_id, created_at, id DESC, expires_on, type, updated_at)
    WHERE run_id IS NOT NULL;
CREATE INDEX memories_expiring ON memories (expires_on) WHERE expires_on IS NOT NULL;
CREATE INDEX memories_replaced ON memories (replaced_by) WHERE replaced_by IS NOT NULL;
"""

_WORDS = """
CREATE VIRTUAL TABLE memories_words USING fts5(
    text, content='memories', content_rowid='seq', tokenize='porter unicode61'
);
CREATE VIRTUAL TABLE memories_vocabulary USING fts5vocab('memories_words', 'row');
CREATE VIRTUAL TABLE memories_trigrams USING fts5(
    folded, content='memories', content_rowid='seq', tokenize='trigram case_sensitive 1',
    detail=none, columnsize=0
);
"""

_HISTORY = """
CREATE TABLE history (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    memory_id TEXT NOT NULL,
    event TEXT NOT NULL,
    at INTEGER NOT NULL,
    old_text TEXT, new_text TEXT,
    old_metadata TEXT, new_metadata TEXT,
    user_id TEXT, agent_id TEXT, app_id TEXT, run_id TEXT,
    actor TEXT,
    input TEXT
);
CREATE INDEX history_memory ON history (memory_id, seq);
CREATE TABLE tombstones (
    id TEXT NOT NULL PRIMARY KEY,
    text TEXT NOT NULL,
    user_id TEXT, agent_id TEXT, app_id TEXT, run_id TEXT,
    metadata TEXT NOT NULL,
    categories TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER,
    expires_on TEXT,
    immutable INTEGER NOT NULL,
    replaced_by TEXT,
    synthesized INTEGER NOT NULL,
    feedback TEXT,
    extra TEXT NOT NULL,
    deleted_at INTEGER NOT NULL,
    deleted_by TEXT
);
CREATE INDEX tombstones_deleted ON tombstones (deleted_at DESC, id);
"""

_AROUND = """
CREATE TABLE entities (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    metadata TEXT NOT NULL DEFAULT '{}',
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
) WITHOUT ROWID;
CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    status TEXT NOT NULL,
    payload TEXT NOT NULL,
    metadata TEXT NOT NULL,
    results TEXT NOT NULL,
    error TEXT,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    completed_at INTEGER
);
CREATE TABLE vectors (
    key BLOB NOT NULL PRIMARY KEY,
    vector BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE exports (
    id TEXT NOT NULL PRIMARY KEY,
    request TEXT NOT NULL,
    result TEXT NOT NULL,
    created_at INTEGER NOT NULL
);
CREATE TABLE feedback (
    id TEXT NOT NULL PRIMARY KEY,
    memory_id TEXT NOT NULL,
    verdict TEXT,
    reason TEXT NOT NULL,
    created_at INTEGER NOT NULL
);
CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
"""

_REPEATS = """
CREATE INDEX memories_repeats ON memories (substr(hash, 1, 8));
"""
"""Eight characters of a text's hash find the memories that say the same, word for word."""

_EMBEDDINGS = """
CREATE TABLE embeddings (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    seq INTEGER NOT NULL UNIQUE,
    key BLOB
);
CREATE TRIGGER embeddings_removed AFTER DELETE ON memories BEGIN
    INSERT OR REPLACE INTO embeddings (seq, key)
        SELECT seq, NULL FROM embeddings WHERE seq = old.seq;
END;
CREATE TRIGGER embeddings_reworded AFTER UPDATE OF text ON memories BEGIN
    INSERT OR REPLACE INTO embeddings (seq, key)
        SELECT seq, NULL FROM embeddings WHERE seq = old.seq;
END;
"""

_EVERY_SCRIPT = """
CREATE TABLE refolded (seq INTEGER PRIMARY KEY, folded TEXT NOT NULL);
INSERT INTO refolded SELECT seq, now FROM
    (SELECT seq, folded, fold(CAST(text AS BLOB)) AS now FROM memories) WHERE now <> folded;
INSERT INTO memories_trigrams (memories_trigrams, rowid, folded)
    SELECT 'delete', seq, memories.folded FROM refolded JOIN memories USING (seq);
UPDATE memories SET folded = (SELECT folded FROM refolded WHERE refolded.seq = memories.seq)
    WHERE seq IN (SELECT seq FROM refolded);
INSERT INTO memories_trigrams (rowid, folded) SELECT seq, folded FROM refolded;
DROP TABLE refolded;
DROP TABLE memories_vocabulary;
DROP TABLE memories_words;
CREATE VIEW memories_spaced AS
    SELECT seq, spaced(CAST(folded AS BLOB)) AS words FROM memories;
CREATE VIRTUAL TABLE memories_words USING fts5(
    words, content='memories_spaced', content_rowid='seq',
    tokenize="porter unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'"
);
CREATE VIRTUAL TABLE memories_vocabulary USING fts5vocab('memories_words', 'row');
INSERT INTO memories_words (rowid, words) SELECT seq, words FROM memories_spaced;
"""
"""Texts are folded as mem0_tui.model.words does it, and the index holds the words that it names;
``fold`` and ``spaced`` are its functions. No text is kept twice: the view makes the words."""

_KINDS = """
ALTER TABLE memories ADD COLUMN kind TEXT;
UPDATE memories SET kind = CASE categories WHEN '[]' THEN type ELSE kind_of(type, categories) END
    WHERE type IS NOT NULL OR categories <> '[]';
DROP INDEX memories_newest;
DROP INDEX memories_type;
DROP INDEX memories_user;
DROP INDEX memories_agent;
DROP INDEX memories_app;
DROP INDEX memories_run;
CREATE INDEX memories_newest ON memories (created_at, id DESC, expires_on, kind);
CREATE INDEX memories_kind ON memories (kind, created_at, id DESC, expires_on);
CREATE INDEX memories_user ON memories (user_id, created_at, id DESC, expires_on, kind, updated_at)
    WHERE user_id IS NOT NULL;
CREATE INDEX memories_agent
    ON memories (agent_id, created_at, id DESC, expires_on, kind, updated_at)
    WHERE agent_id IS NOT NULL;
CREATE INDEX memories_app ON memories (app_id, created_at, id DESC, expires_on, kind, updated_at)
    WHERE app_id IS NOT NULL;
CREATE INDEX memories_run ON memories (run_id, created_at, id DESC, expires_on, kind, updated_at)
    WHERE run_id IS NOT NULL;
CREATE INDEX memories_parts ON memories (app_id, agent_id, user_id) WHERE app_id IS NOT NULL;
"""
"""The kind is the type, else the first category; it takes the type's place in the indexes. Those
of an app's memories that belong to an agent and a user are counted without their rows."""

_FILED = """
ALTER TABLE history ADD COLUMN old_categories TEXT;
ALTER TABLE history ADD COLUMN new_categories TEXT;
"""
"""What a memory was filed under before and after a change; NULL in older entries."""

_WRITTEN_ALIKE = """
CREATE TEMP TABLE refolded (seq INTEGER PRIMARY KEY, folded TEXT NOT NULL);
INSERT INTO refolded SELECT seq, now FROM
    (SELECT seq, folded, fold(CAST(text AS BLOB)) AS now FROM memories) WHERE now <> folded;
INSERT INTO memories_trigrams (memories_trigrams, rowid, folded)
    SELECT 'delete', seq, memories.folded FROM refolded JOIN memories USING (seq);
INSERT INTO memories_words (memories_words, rowid, words)
    SELECT 'delete', seq, words FROM memories_spaced WHERE seq IN (SELECT seq FROM refolded);
UPDATE memories SET folded = (SELECT folded FROM refolded WHERE refolded.seq = memories.seq)
    WHERE seq IN (SELECT seq FROM refolded);
INSERT INTO memories_trigrams (rowid, folded) SELECT seq, folded FROM refolded;
INSERT INTO memories_words (rowid, words)
    SELECT seq, words FROM memories_spaced WHERE seq IN (SELECT seq FROM refolded);
DROP TABLE temp.refolded;
"""
"""Quotes, dashes, digits and letters that keyboards write differently are folded alike, too."""

MIGRATIONS = (
    Migration("memories", _MEMORIES),
    Migration("words and trigrams", _WORDS),
    Migration("history and tombstones", _HISTORY),
    Migration("entities, events, vectors, settings", _AROUND),
    Migration("embeddings", _EMBEDDINGS),
    Migration("exact repeats", _REPEATS),
    Migration("words of every script", _EVERY_SCRIPT),
    Migration("kinds", _KINDS),
    Migration("categories of changes", _FILED),
    tallies.MIGRATION,
    Migration("quotes, dashes and digits alike", _WRITTEN_ALIKE),
    scope_counts.MIGRATION,
)
"""All steps, oldest first."""
