"""Codex's folder of memories, as Codex 0.171.0 lays it out; all of it made up."""

from __future__ import annotations

import sqlite3
from pathlib import Path

SUMMARY = """\
v1

## User profile

Likes short answers, and tests before code.
Works in Berlin.

## What is in memory

- shop: the orders service
  - PostgreSQL, never MySQL
- site: the web page
"""
REGISTRY = """\
# Task Group: Orders of the shop

scope: how orders are stored
applies_to: cwd=/home/kim/shop; reuse_rule=same folder

## Task 1: Add a currency column

Went well; a migration was enough.

### rollout_summary_files

- rollout_summaries/2026-11-01T10-00-00-abcd-currency.md

### keywords

- orders, currency

## User preferences

- Wants migrations, never edits of the schema by hand.
- Wants migrations, never edits of the schema by hand.

## Reusable knowledge

- `make db` starts PostgreSQL 16:

  it takes a minute.
- Prices are integers of cents.

## Failures and how to do differently

- The linker ran twice; set `LD=mold`.

# Task Group: Web page

applies_to: cwd=/home/kim/site; reuse_rule=any

## Reusable knowledge

- The page is built by Hugo.
"""
ROLLOUT = """\
thread_id: 0199aaaa-0000-7000-8000-000000000001
updated_at: 2026-11-01T10:05:00+00:00
rollout_path: /home/kim/.codex/sessions/2026/11/01/rollout.jsonl
cwd: /home/kim/shop

# Currency column

The column was added with a migration.
"""
THREAD = "0199aaaa-0000-7000-8000-000000000001"
NOTE = "Remember that Kim is away in December.\n"


def write(codex_home: Path) -> Path:
    """Write all of it below *codex_home*; the folder of memories."""
    folder = codex_home / "memories"
    files = {
        "memory_summary.md": SUMMARY,
        "MEMORY.md": REGISTRY,
        "raw_memories.md": "# Raw\n\n- what was read of the sessions\n",
        "rollout_summaries/2026-11-01T10-00-00-abcd-currency.md": ROLLOUT,
        "extensions/ad_hoc/notes/2026-11-20T08-30-00-away.md": NOTE,
        "extensions/wiki/resources/page.md": "A page of the wiki.\n",
        ".git/HEAD": "ref: refs/heads/main\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())
    return folder


def database(codex_home: Path, *, running: int | None = None) -> None:
    """Codex's database of jobs; with *running*, a job that holds its lease until then."""
    with sqlite3.connect(codex_home / "memories_1.sqlite") as connection:
        connection.executescript(
            "CREATE TABLE stage1_outputs (thread_id TEXT PRIMARY KEY, raw_memory TEXT);"
            "CREATE TABLE jobs (kind TEXT, job_key TEXT, status TEXT, lease_until INTEGER);"
        )
        connection.execute("INSERT INTO stage1_outputs VALUES (?, 'x')", (THREAD,))
        if running is not None:
            job = ("memory_consolidate_global", "global", "running", running)
            connection.execute("INSERT INTO jobs VALUES (?, ?, ?, ?)", job)
    connection.close()
