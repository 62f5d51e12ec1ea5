"""The second half of a redaction: what an edit took out of memories is taken out of all that is
kept of them, and looked for.

Files first, then the store, the journal last: until that is done the values can be found there
again, and all of it can be done again. The transaction is finished only afterwards.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from itertools import chain
from pathlib import Path
from typing import Protocol, runtime_checkable

from mem0_tui.backends.base import Backend
from mem0_tui.curator.applying.context import ApplyContext, ItemRun
from mem0_tui.curator.applying.report import Redacted
from mem0_tui.curator.planning.redaction import SERVER
from mem0_tui.curator.planning.target import target_of
from mem0_tui.curator.purge.evidence import Look, Roots
from mem0_tui.curator.reading import read_many
from mem0_tui.model.change import Update
from mem0_tui.model.secret.removal import Removal, Said, removal_of, said_in
from mem0_tui.store.erasure.files import files_below, remove_left_over
from mem0_tui.store.erasure.purge_log import PurgeLog
from mem0_tui.store.erasure.redaction.files import take_out
from mem0_tui.store.erasure.search import Held
from mem0_tui.store.erasure.traces import SHORTEST, Traces
from mem0_tui.store.journal.rows import ItemState


@runtime_checkable
class Redacts(Protocol):
    """A backend whose file is on this machine."""

    async def said(self, memory_ids: Sequence[str]) -> Said: ...
    async def take_out(self, memory_ids: Sequence[str], removal: Removal) -> None: ...
    async def sweep(self) -> bool: ...
    async def held(self, pieces: Collection[bytes]) -> tuple[Held, ...]: ...


async def known_texts(
    backend: Backend, log: PurgeLog, memory_ids: Collection[str]
) -> dict[str, list[tuple[str, str]]]:
    """By the id of each of these memories every text that it is known to have had, under whichever
    id, with its name where it is metadata."""
    ids = await log.ids_of(memory_ids)
    every = frozenset(chain.from_iterable(ids.values()))
    sources = [await log.said(every)]
    if isinstance(backend, Redacts):
        sources.append(await backend.said(sorted(every)))
    return {
        memory_id: [each for one in sorted(own) for said in sources for each in said.get(one, ())]
        for memory_id, own in ids.items()
    }


def redactions(works: Sequence[ItemRun]) -> list[str]:
    """The ids of the memories of which *works* have taken secrets out."""
    return [
        work.entry.change.memory_id
        for work in works
        if isinstance(work.entry.change, Update)
        and work.entry.change.redacts
        and work.entry.state is ItemState.DONE
    ]


async def take_out_everywhere(context: ApplyContext, works: Sequence[ItemRun]) -> bool:
    """Do so for those of *works* that redact and are done; whether the transaction may be finished.

    Raises:
        BackendError: the store, the journal or a file failed; it is to be done again.
    """
    memory_ids = redactions(works)
    if not memory_ids:
        return True
    backend, target = context.backend, target_of(context.target)
    log = PurgeLog(context.journal, target)
    ids = await log.same_memories(memory_ids)
    said = chain.from_iterable((await known_texts(backend, log, memory_ids)).values())
    there = await read_many(backend, memory_ids)
    kept = [text for memory in there.values() for _, text in said_in(memory)]
    removal = removal_of(said, kept)
    roots = context.roots
    paths = [Path(each) for each in await log.snapshots()]
    if removal:
        await asyncio.to_thread(_clean_files, roots, paths, ids, removal)
        if isinstance(backend, Redacts):
            await backend.take_out(sorted(ids), removal)
        await log.take_out(ids, removal)
    swept = await backend.sweep() if isinstance(backend, Redacts) else True
    swept = await log.sweep() and swept
    context.redacted = await _looked(context, log, removal, swept=swept)
    return swept


async def _looked(
    context: ApplyContext, log: PurgeLog, removal: Removal, *, swept: bool
) -> Redacted:
    look = Look(context.roots, Traces(frozenset(removal.values)))
    backend = context.backend
    held = await backend.held(look.wanted) if isinstance(backend, Redacts) else ()
    look.excuse("the store", held)
    look.excuse("the journal", await log.held(look.wanted))
    checked = await asyncio.to_thread(look.at_files)
    remote = () if isinstance(backend, Redacts) else (f"{SERVER[0].upper()}{SERVER[1:]}.",)
    return Redacted(
        checked,
        look.left(swept=swept),
        sum(len(value.encode("utf-8", "replace")) < SHORTEST for value in removal.values),
        (
            *remote,
            "Files that you exported or copied elsewhere, and Codex's own session files, are not"
            " looked at. Rotate what was ever written down.",
        ),
        swept,
    )


def _clean_files(
    roots: Roots, snapshots: Sequence[Path], ids: Collection[str], removal: Removal
) -> None:
    remove_left_over(roots.ours)
    for path in {*chain(snapshots, files_below(roots.ours))}:
        if path.exists() and path not in roots.databases:
            take_out(path, ids, removal)
