"""After a plan was applied: what the store and the repository agree on from now on."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from mem0_tui.curator.backup.folder import BackupFolder
from mem0_tui.curator.backup.saving import Asked
from mem0_tui.curator.backup.sides import BackupPart, Sides, both_sides, check_origin, is_of
from mem0_tui.model.errors import IncompleteError


@asynccontextmanager
async def compared(folder: BackupFolder, part: BackupPart, asked: Asked) -> AsyncIterator[Sides]:
    """*part* and *folder*, compared.

    Raises:
        IncompleteError: not all memories can be read.
        RefusedError: the folder holds the memories of another backend.
    """
    check_origin(folder, part)
    with tempfile.SpooledTemporaryFile(1 << 24) as spool:
        yield await both_sides(
            folder, part, spool, state=asked.state, with_secrets=asked.with_secrets
        )


async def settle(
    folder: BackupFolder, part: BackupPart, asked: Asked, ours_wins: frozenset[str] = frozenset()
) -> None:
    """Keep what both sides agree on now, so that the next backup and merge start from there;
    *ours_wins* are the paths where the store's side counts. Where that cannot be told, what was
    agreed on before stays."""
    if folder.head is None or not is_of(folder, part):
        return
    with suppress(IncompleteError):
        async with compared(folder, part, asked) as sides:
            base = sides.comparison.agreed(written=False, ours_wins=ours_wins)
            sides.bases.keep(folder.head, base)
