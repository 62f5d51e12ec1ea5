"""All memories of a backend as the files that a backup of them would hold."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass, field
from typing import IO

from mem0_tui.backends.base import Backend, ChecksTexts
from mem0_tui.curator.backup.files import blob_id
from mem0_tui.curator.reading import incomplete
from mem0_tui.model.filter import EVERYTHING
from mem0_tui.model.memory import Memory
from mem0_tui.model.secret.memory import masked
from mem0_tui.store.formats.backup import Filed, memory_bytes, path_of
from mem0_tui.store.rows import DAMAGED


@dataclass(slots=True)
class Taken:
    """What a backend holds, as files."""

    blobs: dict[str, str] = field(default_factory=dict)
    """Blob ids by path."""
    masked: int = 0
    """In how many memories secrets are masked."""
    damaged: dict[str, str] = field(default_factory=dict)
    """Ids, by path, of memories that are damaged in the store: they are not taken."""
    _places: dict[str, tuple[int, int]] = field(default_factory=dict)

    def put(self, path: str, data: bytes, spool: IO[bytes]) -> None:
        """Keep the content of *path* in *spool*."""
        self._places[path] = (spool.seek(0, 2), len(data))
        spool.write(data)

    def size(self, path: str, spool: IO[bytes]) -> int | None:
        """How many bytes *path* has in *spool*, which then stands at them; None if it is not
        kept, because the repository has it."""
        if path not in self._places:
            return None
        start, size = self._places[path]
        spool.seek(start)
        return size

    def content(self, path: str, spool: IO[bytes]) -> bytes | None:
        """What :meth:`put` was given."""
        size = self.size(path, spool)
        return None if size is None else spool.read(size)


async def take(
    backend: Backend,
    folder: str,
    spool: IO[bytes],
    *,
    algorithm: str,
    known: Collection[str],
    with_secrets: bool,
    progress: Callable[[int], None] = lambda _: None,
) -> Taken:
    """The memories of *backend*, expired ones too, as files of *folder*.

    Args:
        backend: what to read.
        folder: of the backup.
        spool: gets the contents that are not *known*.
        algorithm: the hash of the repository.
        known: the blob ids that it has.
        with_secrets: whether secrets stay as they are.
        progress: told how many were read.

    Raises:
        IncompleteError: not all of them came.
    """
    taken = Taken()
    damaged = await _damaged(backend)
    async for memory in _all(backend):
        path = path_of(folder, memory.id)
        if memory.id in damaged or DAMAGED in memory.metadata:
            taken.damaged[path] = memory.id
            continue
        shown = memory if with_secrets else masked(memory)
        hidden = shown is not memory
        taken.masked += hidden
        data = memory_bytes(Filed(shown, hidden))
        blob = taken.blobs[path] = blob_id(data, algorithm)
        if blob not in known:
            taken.put(path, data, spool)
        progress(len(taken.blobs))
    return taken


async def _damaged(backend: Backend) -> frozenset[str]:
    if isinstance(backend, ChecksTexts):
        return frozenset(await backend.damaged_texts(EVERYTHING))
    return frozenset()


async def _all(backend: Backend) -> AsyncIterator[Memory]:
    """Every memory, once."""
    seen: set[str] = set()
    cursor: str | None = None
    while True:
        page = await backend.list(
            EVERYTHING, cursor=cursor, limit=backend.capabilities.page_size, include_expired=True
        )
        for memory in page.items:
            if memory.id not in seen:
                seen.add(memory.id)
                yield memory
        cursor = page.next
        if cursor is None:
            break
    if page.total is None or len(seen) < page.total or page.missing:
        raise incomplete(len(seen), page.total, page.missing)
