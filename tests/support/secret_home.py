"""A home in which everything that keeps content of a memory keeps some of its secrets."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from mem0_tui.backends.local import LocalBackend
from mem0_tui.curator.service import Curator
from mem0_tui.model.change import Delete, Edit, Update
from mem0_tui.model.entity import EntityKind, EntityRef, Scope
from mem0_tui.model.memory import Draft
from mem0_tui.store import jobs, project
from mem0_tui.store.erasure.traces import forms
from mem0_tui.store.formats.jsonl import ExportHeader, export_lines, write_private
from mem0_tui.store.history import Author
from mem0_tui.store.jobs import Candidate, Job
from mem0_tui.store.search import embeddings
from mem0_tui.store.sqlite.timestamps import to_micros
from mem0_tui.store.store import MemoryStore
from tests.support.everything import opened

TOKEN = "gh" + "p_Zq7Lm2Xc9Vb4Nn8Kk1Jj6Hh3Gg5Ff0Dd2Ss"
EARLIER = "sk_" + "live_9aQw3eRt5yUi7oPa1sDf"
PASSWORD = "Vex4tious!Quorb"
SECRETS = (TOKEN, EARLIER, PASSWORD)
TEXT = f"Städteshop deploys push with {TOKEN} from CI."
REDACTED = "Städteshop deploys push with [GitHub token removed] from CI."
KIM, RUN = Scope(user_id="kim", app_id="shop"), Scope(user_id="kim", run_id="doomed-run")


async def fill(folder: Path) -> str:
    """Make the home; the id of the memory that holds the secrets."""
    async with opened(folder) as curator:
        assert isinstance(curator.backend, LocalBackend)
        memory_id = await _store_everything(curator.backend.store)
        await _apply_everything(curator, memory_id)
        # Earlier versions wrote secrets into the snapshot that precedes a scope delete.
        header = ExportHeader("local", "memories.db", count=1)
        lines = export_lines(header, [await curator.get(memory_id)])
        write_private(folder / "state" / "snapshots" / "20260101T000000Z-old-0.jsonl", lines)
    hooks = folder / "state" / "hooks"
    hooks.mkdir()
    session = {"goal": f"please use {TOKEN}", "prompts": ["harmless"], "shown": [memory_id]}
    (hooks / "session-1.json").write_text(json.dumps(session))
    (hooks / "hooks.log").write_text(f"2026-01-01T00:00:00Z Stop odd: {EARLIER}\nall is well\n")
    return memory_id


async def _store_everything(store: MemoryStore) -> str:
    clock = store.clock
    await store.add_many(
        [Draft(f"harmless memory number {n} about gardens", KIM) for n in range(9)]
    )
    first = f"Stripe charges with {EARLIER} for now."
    messages = [{"role": "user", "content": first}]
    job = Job("ADD", Author(to_micros(clock.now()), "kim"), {"messages": messages}, {})
    candidates = [Candidate(Draft(first, RUN, {"evidence": first}), messages[0])]
    _, results = store.database.write(lambda c: jobs.add(c, candidates, job, clock)).result()
    memory_id: str = results[0]["id"]
    metadata = {"password": PASSWORD, "type": "decision", "nested": {"notes": [f"key: {TOKEN}"]}}
    await store.update(memory_id, Edit(text=TEXT, metadata=metadata))
    exported = {"memories": [{"id": memory_id, "memory": TEXT}, {"id": "x", "memory": "harmless"}]}

    def work(connection: sqlite3.Connection) -> None:
        project.add_feedback(connection, memory_id, "NEGATIVE", f"for {TOKEN}", clock.now())
        project.add_export(connection, {"condition": "all"}, exported, clock.now())
        waiting = embeddings.pending(connection, embeddings.pending_seqs(connection))
        keyed = [(each, embeddings.vector_key("test", each.text)) for each in waiting]
        embeddings.link(connection, "test", keyed, {key: key * 12 + bytes(4) for _, key in keyed})

    store.database.write(work).result()
    return memory_id


async def _apply_everything(curator: Curator, memory_id: str) -> None:
    """The journal: an edit of the type, its undo and redo, a scope delete with its snapshot and
    undo, a delete and its undo."""
    memory = await curator.get(memory_id)
    edit = Edit(metadata={**memory.metadata, "type": "convention"})
    await curator.apply(await curator.plan([Update(memory_id, edit)]))
    await curator.apply(await curator.plan_undo())
    await curator.apply(await curator.plan_redo())
    preview = await curator.plan_scope_delete(
        EntityRef(EntityKind.RUN, "doomed-run"), delete_entity=False
    )
    await curator.apply(preview.plan, confirmed_scopes=["run:doomed-run"])
    await curator.apply(await curator.plan_undo())
    await curator.apply(await curator.plan([Delete(memory_id)]))
    await curator.apply(await curator.plan_undo())


def holders(folder: Path) -> list[str]:
    """Which files hold one of the secrets, in any form in which they are written."""
    needles = {form for secret in SECRETS for form in forms(secret)}
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and any(needle in path.read_bytes() for needle in needles)
    )
