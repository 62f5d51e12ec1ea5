"""A home in which everything that keeps content of memories keeps some of a secret one's.

    python -m tests.support.everything FOLDER

The memory of :data:`SECRET_ID` says :data:`SECRET`; others lie beside it everywhere.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from mem0_tui.backends.local import LocalBackend
from mem0_tui.curator.purge.carry_out import Purger
from mem0_tui.curator.purge.evidence import Roots
from mem0_tui.curator.service import Curator
from mem0_tui.model.change import Delete, Edit, Merge, Update
from mem0_tui.model.clock import Clock, SystemClock
from mem0_tui.model.entity import EntityKind, EntityRef, Scope
from mem0_tui.model.memory import Draft
from mem0_tui.store import jobs, project
from mem0_tui.store.erasure.traces import forms
from mem0_tui.store.history import Author
from mem0_tui.store.jobs import Candidate, Job
from mem0_tui.store.journal.journal import Journal
from mem0_tui.store.search import embeddings
from mem0_tui.store.sqlite.timestamps import to_micros
from mem0_tui.store.store import MemoryStore, open_store

SECRET = "The d\u00e9ploy key of the St\u00e4dteshop is zk-Quorbital77Vexatious\nnever tell anybody"
EARLIER = "An earlier wording: xylophonequartzlighthouse opens the vault"
WORDS = ("zk-Quorbital77Vexatious", "Quorbital77", "xylophonequartzlighthouse")
OTHERS = 40
KIM, RUN = Scope(user_id="kim", app_id="shop"), Scope(user_id="kim", run_id="doomed-run")


@asynccontextmanager
async def opened(folder: Path, clock: Clock | None = None) -> AsyncIterator[Curator]:
    """The curator of the home in *folder*."""
    clock = clock or SystemClock()
    backend = LocalBackend(open_store(folder / "data" / "memories.db", clock))
    journal = Journal(folder / "state" / "journal.db", clock=clock)
    try:
        yield Curator(
            backend,
            journal,
            clock=clock,
            snapshot_folder=folder / "state" / "snapshots",
            roots=lambda: roots(folder),
        )
    finally:
        journal.close()
        await backend.aclose()


def purger(curator: Curator, folder: Path) -> Purger:
    return Purger(curator, roots(folder))


def roots(folder: Path) -> Roots:
    return Roots(
        databases=(folder / "data" / "memories.db", folder / "state" / "journal.db"),
        ours=(folder / "state",),
        folders=(folder / "data",),
        temporary=folder / "tmp",
    )


async def fill(folder: Path, clock: Clock | None = None) -> str:
    """Make the home; the id of the secret memory, which is in the trash afterwards."""
    async with opened(folder, clock) as curator:
        backend = curator.backend
        assert isinstance(backend, LocalBackend)
        secret = await _store_everything(backend.store)
        await _apply_everything(curator, secret)
    hooks = folder / "state" / "hooks"
    hooks.mkdir()
    session = {"goal": f"please use {SECRET}", "prompts": ["a harmless prompt"], "shown": [secret]}
    (hooks / "session-1.json").write_text(json.dumps(session))
    (hooks / "hooks.log").write_text(f"2026-01-01T00:00:00Z Stop odd: {WORDS[0]}\nall is well\n")
    return secret


async def _store_everything(store: MemoryStore) -> str:
    """The store's own tables: the messages, events, exports, ratings and vectors of a server."""
    clock = store.clock
    others = [Draft(f"harmless memory number {n} about gardens", KIM) for n in range(OTHERS)]
    await store.add_many(others)

    def asked(*texts: str, scope: Scope = KIM) -> list[str]:
        messages = [{"role": "user", "content": text} for text in texts]
        job = Job("ADD", Author(to_micros(clock.now()), "kim"), {"messages": messages}, {})
        drafts = [Draft(text, scope, {"evidence": text}) for text in texts]
        candidates = list(map(Candidate, drafts, messages))
        _, results = store.database.write(lambda c: jobs.add(c, candidates, job, clock)).result()
        return [result["id"] for result in results]

    secret, *_ = asked(EARLIER, "a neighbour that was made of the same messages", scope=RUN)
    await store.update(secret, Edit(text=SECRET, metadata={"evidence": SECRET, "type": "decision"}))
    memory = store.get_now(secret)
    result = {"memories": [{"id": secret, "memory": SECRET}, {"id": "x", "memory": "harmless"}]}

    def work(connection: sqlite3.Connection) -> None:
        project.add_feedback(connection, secret, "NEGATIVE", f"because of {SECRET}", clock.now())
        project.add_export(connection, {"condition": "all"}, result, clock.now())
        waiting = embeddings.pending(connection, embeddings.pending_seqs(connection))
        keyed = [(each, embeddings.vector_key("test", each.text)) for each in waiting]
        vectors = {key: key * 12 + bytes(4) for _, key in keyed}
        embeddings.link(connection, "test", keyed, vectors)

    store.database.write(work).result()
    assert memory.text == SECRET
    return secret


async def _apply_everything(curator: Curator, secret: str) -> None:
    """The journal: an edit, its undo and redo, a scope delete, its undo, a merge, the delete."""
    await curator.apply(await curator.plan([Update(secret, Edit(metadata={"evidence": SECRET}))]))
    await curator.apply(await curator.plan_undo())
    await curator.apply(await curator.plan_redo())
    preview = await curator.plan_scope_delete(
        EntityRef(EntityKind.RUN, "doomed-run"), delete_entity=False
    )
    await curator.apply(preview.plan, confirmed_scopes=["run:doomed-run"])
    await curator.apply(await curator.plan_undo())
    page = await curator.backend.list(limit=10)
    doomed = [memory.id for memory in page.items if memory.id != secret][:3]
    merge = Merge(Draft("gardens, merged", KIM), tuple(doomed[:2]))
    await curator.apply(await curator.plan([merge]))
    await curator.apply(await curator.plan([Delete(secret), Delete(doomed[2])]))


def holders(folder: Path) -> list[str]:
    """Which files hold any of it: the texts in every form, their words, the words' lower case."""
    needles = {form for text in (SECRET, EARLIER) for form in forms(text)}
    needles |= {each.encode() for word in WORDS for each in (word, word.lower())}
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and any(needle in path.read_bytes() for needle in needles)
    )


if __name__ == "__main__":
    sys.stdout.write(asyncio.run(fill(Path(sys.argv[1]))))
