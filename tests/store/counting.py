"""A store of which memories are counted in or not."""

from __future__ import annotations

from mem0_tui.demo.generator import generate
from mem0_tui.store import tallies
from mem0_tui.store.store import MemoryStore

SOME = list(generate(300))


def count_in(store: MemoryStore) -> None:
    store.database.write(tallies.count_in).result()
