"""``backup``: all memories as files of a git repository, and back."""

from __future__ import annotations

import os
import shlex
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mem0_tui.cli.command import Command
from mem0_tui.cli.commands.applying import add_plan_options, carry_out
from mem0_tui.cli.composition.wiring import Workspace, opened, run_session
from mem0_tui.cli.rendering.backup import (
    about,
    preview_document,
    revision_lines,
    revisions_document,
    saved_document,
    saved_lines,
    waiting_lines,
)
from mem0_tui.cli.rendering.output import safe
from mem0_tui.cli.rendering.prompts import ask_line
from mem0_tui.model.counting import plural
from mem0_tui.model.errors import ConfirmationError, UsageError
from mem0_tui.settings.locations import tilde

if TYPE_CHECKING:
    from mem0_tui.backends.base import Backend
    from mem0_tui.curator.backup.folder import BackupFolder
    from mem0_tui.curator.backup.restoring import RestorePreview
    from mem0_tui.curator.backup.saving import Asked
    from mem0_tui.curator.backup.sides import BackupPart


_YES = "answer y or pass --yes, or leave out --with-secrets"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR", help="the repository; made if it is not there")
    way = parser.add_mutually_exclusive_group()
    way.add_argument(
        "--restore", metavar="REV", help="plan to make the memories what they were: HEAD, HEAD~3, …"
    )
    way.add_argument(
        "--merge", action="store_true", help="plan to take over what another machine changed there"
    )
    way.add_argument("--list", action="store_true", help="list the revisions, the latest first")
    side = parser.add_mutually_exclusive_group()
    side.add_argument(
        "--theirs", action="store_true", help="with --merge: take the backup's side of conflicts"
    )
    side.add_argument(
        "--ours", action="store_true", help="with --merge: take this store's side of conflicts"
    )
    parser.add_argument(
        "--codex-memories",
        action="store_true",
        help="back up Codex's own memories too, in a subfolder",
    )
    parser.add_argument(
        "--exact",
        action="store_true",
        help="overwrite what another machine changed in the backup;"
        " with --restore: delete memories that the backup does not have",
    )
    add_plan_options(parser, secrets="keep secrets in the files instead of masking them")


async def backup(session: Workspace, args: Namespace) -> int:
    """Do what the options ask for, and return the exit code."""
    if not args.folder.strip():
        raise UsageError("name the folder of the backup")
    if (args.theirs or args.ours) and not args.merge:
        raise UsageError("--theirs and --ours go with --merge")
    if args.exact and (args.merge or args.list):
        raise UsageError("--exact goes with a backup or with --restore")
    if args.codex_memories and (args.restore or args.merge):
        raise UsageError(
            "--codex-memories goes with a backup",
            hint="mem0-tui --backend codex backup DIR --restore REV puts those back",
        )
    if args.restore is None and not args.merge and not args.list:
        if args.dry_run or args.plan_out:
            raise UsageError("--dry-run and --plan-out go with --restore or --merge")
        return await _save(session, args)
    if args.list:
        return _list(session, args)
    return await (_restore if args.restore is not None else _merge)(session, args)


def _list(session: Workspace, args: Namespace) -> int:
    from mem0_tui.curator.backup.folder import open_folder
    from mem0_tui.curator.backup.revisions import revisions

    folder = open_folder(Path(args.folder))
    found = revisions(folder)
    if args.json:
        session.output.document(revisions_document(folder.root, found))
    else:
        session.output.lines(revision_lines(session.output, found))
    return 0


async def _restore(session: Workspace, args: Namespace) -> int:
    from mem0_tui.curator.backup.folder import open_folder
    from mem0_tui.curator.backup.restoring import plan_restore
    from mem0_tui.curator.backup.revisions import memories_at, named

    folder = open_folder(Path(args.folder))
    revision = named(folder, args.restore)
    part = await _part(session.backend)
    filed = memories_at(folder, revision.id, part.folder)
    session.output.note(f"{plural(len(filed), 'memory')} as of {about(revision)}")
    preview = await plan_restore(session.curator, filed, exact=args.exact)
    code = await carry_out(
        session, args, preview.plan, ask=_asks(preview), extra=preview_document(revision, preview)
    )
    if revision.id == folder.head:
        await _settle(session, args, folder, part)
    return max(code, 1 if preview.withheld else 0)


async def _merge(session: Workspace, args: Namespace) -> int:
    from mem0_tui.curator.backup.folder import open_folder
    from mem0_tui.curator.backup.restoring import plan_merge
    from mem0_tui.curator.backup.revisions import named
    from mem0_tui.curator.backup.saving import waiting
    from mem0_tui.curator.backup.settling import compared

    folder = open_folder(Path(args.folder))
    revision = named(folder, "HEAD")
    part = await _part(session.backend)
    async with compared(folder, part, _asked(session, args)) as sides:
        left = waiting(folder, [sides])
        session.output.note(f"Merging with {about(revision)}")
        preview = await plan_merge(session.curator, sides, left, theirs=args.theirs)
    conflicts = list(preview.conflicts)
    if conflicts:
        what = "kept as they are here" if args.ours else "left alone: --theirs or --ours decides"
        session.output.warn(f"{plural(len(conflicts), 'memory')} changed on both sides, {what}")
        for line in waiting_lines(session.output, conflicts):
            session.output.note(line)
    code = await carry_out(
        session, args, preview.plan, ask=_asks(preview), extra=preview_document(revision, preview)
    )
    await _settle(session, args, folder, part, preview.open_paths if args.ours else frozenset())
    return max(code, 1 if preview.withheld or (conflicts and not args.ours) else 0)


def _asks(preview: RestorePreview) -> bool:
    """Whether a person is asked: where anything that is there changes or goes."""
    return any(item.before for item in preview.plan.items)


async def _settle(
    session: Workspace,
    args: Namespace,
    folder: BackupFolder,
    part: BackupPart,
    wins: frozenset[str] = frozenset(),
) -> None:
    from mem0_tui.curator.backup.settling import settle

    if not args.dry_run and not args.plan_out and not session.settings.read_only:
        await settle(folder, part, _asked(session, args), wins)


def _asked(session: Workspace, args: Namespace) -> Asked:
    from mem0_tui.curator.backup.saving import Asked

    return Asked(session.settings.journal.parent, args.with_secrets, args.exact)


async def _save(session: Workspace, args: Namespace) -> int:
    from mem0_tui.curator.backup.saving import save

    output = session.output

    def may_leave(remotes: tuple[str, ...]) -> None:
        named = ", ".join(map(safe, remotes))
        output.warn(f"secrets would be written as they are, and a push takes them to {named}")
        if args.yes:
            return
        said = ask_line(output, "Write them all the same? [y/N] ", _YES)
        if said.casefold() not in ("y", "yes"):
            raise ConfirmationError("nothing was written", hint=_YES)

    async with _parts(session, args) as parts:
        saved = await save(
            Path(args.folder),
            parts,
            _asked(session, args),
            session.clock,
            may_leave=may_leave,
            progress=lambda number: output.progress(f"{plural(number, 'memory')} read"),
        )
    if args.json:
        output.document(saved_document(saved))
    else:
        output.lines(
            saved_lines(output, saved, session.command(f"backup {shlex.quote(args.folder)}"))
        )
    return 1 if saved.damaged or any(each.conflict for each in saved.waiting) else 0


@asynccontextmanager
async def _parts(session: Workspace, args: Namespace) -> AsyncIterator[list[BackupPart]]:
    """What the backup is of: this session's memories, and Codex's where they are asked for."""
    own = [await _part(session.backend)]
    if not args.codex_memories or session.settings.backend == "codex":
        yield own
        return
    settings = replace(session.settings, backend="codex", url=None, demo=False)
    async with opened(settings, session.output, embeds=False) as codex:
        yield [*own, await _part(codex.backend)]


async def _part(backend: Backend) -> BackupPart:
    from mem0_tui.curator.backup.sides import BackupPart
    from mem0_tui.store.formats.backup import CODEX, MEMORIES, BackupOrigin

    info = await backend.info()
    account = f" ({info.account})" if info.account else ""
    origin = BackupOrigin(info.backend, tilde(info.target, os.environ) + account)
    return BackupPart(CODEX if info.backend == "codex" else MEMORIES, backend, origin)


COMMANDS = {"backup": Command(add_arguments, run_session(backup))}
