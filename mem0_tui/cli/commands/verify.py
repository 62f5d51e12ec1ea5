"""``verify``: whether the embedded store and the journal hold what was stored in them."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mem0_tui.backends.local import LocalBackend
from mem0_tui.cli.command import Command
from mem0_tui.cli.composition.wiring import Workspace, run_session
from mem0_tui.cli.rendering.output import Output, safe
from mem0_tui.model.counting import plural
from mem0_tui.model.errors import StoreError, UnsupportedError
from mem0_tui.model.filter import EVERYTHING, Filter

if TYPE_CHECKING:
    from mem0_tui.store.integrity import Damage

FOUND = 5
"""The exit code where something is damaged."""
_NAMED = 50
"""Damaged memories that are named one by one beside something else."""
_HINT = (
    "keep the file; `mem0-tui history ID` shows earlier texts, `mem0-tui edit ID` puts one right,"
    " and `mem0-tui export FILE --salvage` saves what is whole"
)


def add_arguments(_parser: ArgumentParser) -> None:
    """It takes no options of its own."""


async def verify(session: Workspace, args: Namespace) -> int:
    """Read everything, print what is damaged, and return 5 where something is."""
    output, backend = session.output, session.backend
    if not isinstance(backend, LocalBackend):
        raise UnsupportedError(
            f"{backend.name} keeps its memories elsewhere: only an embedded store can be checked"
        )
    store = await backend.store.damage()
    journal = await _journal_damage(session)
    count = await backend.count(EVERYTHING, include_expired=True)
    if args.json:
        output.document(
            {
                "backend": session.backend_document,
                "ok": not store and not journal,
                "memories": count,
                "store": _documents(store),
                "journal": _documents(journal),
            }
        )
        return FOUND if store or journal else 0
    _print(output, "store", store)
    _print(output, "journal", journal)
    if store or journal:
        output.note(f"→ {_HINT}")
        return FOUND
    output.line(f"✓ {plural(count, 'memory')} and the journal are as they were stored")
    return 0


async def _journal_damage(session: Workspace) -> tuple[Damage, ...]:
    from mem0_tui.store.integrity import Damage

    try:
        return await session.curator.journal.damage()
    except StoreError as error:
        return (Damage(error.message),)


async def damaged_texts(session: Workspace, chosen: Filter | Sequence[str]) -> tuple[str, ...]:
    """The ids of those memories of the embedded store whose text is not what was stored; names
    the first of them on stderr."""
    if not isinstance(session.backend, LocalBackend):
        return ()
    damaged = await session.backend.damaged_texts(chosen)
    for id_ in damaged[:_NAMED]:
        session.output.warn(f"memory {safe(id_)} is damaged: its text is not what was stored")
    if len(damaged) > _NAMED:
        more = len(damaged) - _NAMED
        session.output.warn(f"{more:,} more are damaged; mem0-tui verify names them all")
    return damaged


def _documents(found: Sequence[Damage]) -> list[dict[str, str | None]]:
    return [{"id": each.memory_id or None, "what": each.what} for each in found]


def _print(output: Output, where: str, found: Sequence[Damage]) -> None:
    for each in found:
        of = f"memory {safe(each.memory_id)}" if each.memory_id else where
        output.line(f"✗ {of}: {safe(each.what)}")


COMMANDS = {"verify": Command(add_arguments, run_session(verify))}
