"""Adds memories to a store until it is killed or done, and prints the id of each once it is stored.

Run as ``python -m tests.store.writing_process PATH NAME COUNT``.
"""

from __future__ import annotations

import asyncio
import sys

from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Draft
from mem0_tui.store.store import MemoryStore, open_store


async def write(store: MemoryStore, name: str, count: int) -> None:
    for number in range(count):
        draft = Draft(f"{name} {number}", Scope(user_id=name), {"number": number})
        (memory,) = await store.add_many([draft])
        sys.stdout.write(memory.id + "\n")
        sys.stdout.flush()


def main() -> None:
    path, name, count = sys.argv[1:]
    store = open_store(path)
    asyncio.run(write(store, name, int(count)))
    store.close()


if __name__ == "__main__":
    main()
