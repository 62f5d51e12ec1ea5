"""Erases memories from the store, bound to what the user saw of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from itertools import chain

from mem0_tui.model.errors import Mem0TuiError, StaleError
from mem0_tui.store import memories
from mem0_tui.store.erasure.places import Erasure, erase, staying_traces, texts_of
from mem0_tui.store.rows import memory_of


def erase_memories(
    connection: sqlite3.Connection,
    memory_ids: Sequence[str],
    seen: Mapping[str, str | None],
    texts: Mapping[str, Collection[str]],
) -> dict[str, Mem0TuiError | None]:
    """Take these memories, and what *texts* (by id) they had elsewhere, out of every table, inside
    a write transaction.

    Per id None, or StaleError for one that lives and whose content hash is not the *seen* one, a
    hash or None where it was seen deleted.
    """
    answers: dict[str, Mem0TuiError | None] = dict.fromkeys(memory_ids)
    for id_, row in memories.rows(connection, memory_ids).items():
        if id_ in seen and memory_of(row).content_hash != seen[id_]:
            answers[id_] = StaleError(f"memory {id_} has changed since it was seen")
    gone = frozenset(id_ for id_, error in answers.items() if error is None)
    own = texts_of(connection, sorted(gone))
    phrases = chain.from_iterable(each.get(id_, ()) for each in (own, texts) for id_ in gone)
    traces = staying_traces(connection, phrases, gone)
    erase(connection, Erasure(gone, traces))
    return answers
