"""``backup``: all memories as files of a git repository, and back."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mem0_tui.cli.command import Command
from mem0_tui.cli.commands.applying import add_plan_options, confirm
from mem0_tui.cli.composition.wiring import Workspace, opened, run_session
from mem0_tui.cli.rendering.backup import saved_document, saved_lines
from mem0_tui.cli.rendering.output import safe
from mem0_tui.model.counting import plural
from mem0_tui.settings.locations import tilde

if TYPE_CHECKING:
    from mem0_tui.backends.base import Backend
    from mem0_tui.curator.backup.sides import Part


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR", help="the repository; made if it is not there")
    parser.add_argument(
        "--codex-memories", action="store_true", help="Codex's own memories, too, in a subfolder"
    )
    parser.add_argument(
        "--exact",
        action="store_true",
        help="have the backup hold exactly these memories, also where another machine changed it",
    )
    add_plan_options(parser, secrets="keep secrets in the files instead of masking them")


async def backup(session: Workspace, args: Namespace) -> int:
    """Do what the options ask for, and return the exit code."""
    return await _save(session, args)


async def _save(session: Workspace, args: Namespace) -> int:
    from mem0_tui.curator.backup.saving import Asked, save

    output = session.output

    def may_leave(remotes: tuple[str, ...]) -> None:
        named = ", ".join(map(safe, remotes))
        output.warn(f"secrets would be written as they are, and a push takes them to {named}")
        if not args.yes:
            confirm(output, "Write secrets into a repository that has a remote?")

    asked = Asked(session.settings.journal.parent, args.with_secrets, args.exact)
    async with _parts(session, args) as parts:
        saved = await save(
            Path(args.folder),
            parts,
            asked,
            session.clock,
            may_leave=may_leave,
            progress=lambda number: output.progress(f"{plural(number, 'memory')} read"),
        )
    if args.json:
        output.document(saved_document(saved))
    else:
        output.lines(saved_lines(output, saved, session.command(f"backup {args.folder}")))
    return 1 if saved.damaged or any(each.conflict for each in saved.waiting) else 0


@asynccontextmanager
async def _parts(session: Workspace, args: Namespace) -> AsyncIterator[list[Part]]:
    """What the backup is of: this session's memories, and Codex's where they are asked for."""
    own = [await _part(session.backend)]
    if not args.codex_memories or session.settings.backend == "codex":
        yield own
        return
    settings = replace(session.settings, backend="codex", url=None, demo=False)
    async with opened(settings, session.output, embeds=False) as codex:
        yield [*own, await _part(codex.backend)]


async def _part(backend: Backend) -> Part:
    from mem0_tui.curator.backup.sides import Part
    from mem0_tui.store.formats.backup import CODEX, MEMORIES, Origin

    info = await backend.info()
    account = f" ({info.account})" if info.account else ""
    origin = Origin(info.backend, tilde(info.target, os.environ) + account)
    return Part(CODEX if info.backend == "codex" else MEMORIES, backend, origin)


COMMANDS = {"backup": Command(add_arguments, run_session(backup))}
