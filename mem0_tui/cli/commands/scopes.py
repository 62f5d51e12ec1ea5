"""``scopes``: which memories of a repository each source of Mem0 finds, and which lie out of
place."""

from __future__ import annotations

import os
import shlex
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Any

from mem0_tui.cli.command import Command
from mem0_tui.cli.composition.wiring import Workspace, run_session
from mem0_tui.cli.rendering.output import safe
from mem0_tui.cli.rendering.scopes import map_lines
from mem0_tui.detect.source import BackendSource
from mem0_tui.model.errors import UsageError

if TYPE_CHECKING:
    from mem0_tui.codex.reach.scope_map import ScopeMap
    from mem0_tui.codex.reach.sources import ReachedFolder


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--repo", metavar="DIR", help="folder of the repository; by default the working folder"
    )
    parser.add_argument("--codex-home", metavar="DIR", help="Codex's folder, instead of ~/.codex")


async def scopes(session: Workspace, args: Namespace) -> int:
    from mem0_tui.codex.reach.scope_map import ScopeTally

    output = session.output
    tally = ScopeTally(_place(args))
    source, read = BackendSource(session.backend), 0
    async for piece in source.pieces():
        for memory in piece.memories:
            scope = memory.scope
            tally.add(scope.app_id, scope.agent_id, scope.user_id)
        read += len(piece.memories)
        output.progress(f"reading {read:,}")
    found = tally.map()
    for why in source.missing:
        output.warn(f"not all memories were looked at: {why}")
    if args.json:
        output.document(_document(session, found, read, source.missing))
        return 0
    output.lines(map_lines(output, found))
    for stray in found.strays:
        if stray.target:
            output.line()
            output.line(f"# {stray.why}: {stray.count:,}")
            output.line(safe(_command(session, stray.options)))
    if not found.strays:
        output.note("No memory of this repository lies out of place.")
    return 0


def _place(args: Namespace) -> ReachedFolder:
    """The folder that is meant, as the installed sources see it.

    Raises:
        UsageError: there is no such folder.
    """
    from mem0_tui.codex import scan
    from mem0_tui.codex.reach.sources import read_place

    folder = os.path.abspath(os.path.expanduser(args.repo or os.curdir))
    if not os.path.isdir(folder):
        raise UsageError(f"there is no folder {folder}", hint="--repo takes a folder")
    return read_place(scan(codex_home=args.codex_home, cwd=folder))


def _command(session: Workspace, options: list[str]) -> str:
    return session.command(f"move {shlex.join(options)}")


def _document(
    session: Workspace, found: ScopeMap, read: int, missing: tuple[str, ...]
) -> dict[str, Any]:
    place = found.place
    document: dict[str, Any] = {
        "version": 1,
        "backend": session.backend_document,
        "repository": {
            "root": place.root,
            "remote": place.remote,
            "app_id": place.app,
            "user_id": place.user,
            "shared": place.shared,
        },
        "total": read,
        "lanes": [
            {
                "source": lane.source,
                "part": lane.part,
                "scope": lane.scope.ids(),
                "installed": lane.installed,
                "count": count,
            }
            for lane, count in found.reached
        ],
        "out_of_place": [
            {
                "why": stray.why,
                "scope": stray.scope.ids(),
                "count": stray.count,
                "query": stray.query,
                "target": {kind.id_field: id_ for kind, id_ in stray.target.items()},
                "move": _command(session, stray.options) if stray.target else None,
            }
            for stray in found.strays
        ],
        "other_users": [{"user_id": user, "count": count} for user, count in found.others],
    }
    if missing:
        document["missing"] = list(missing)
    return document


COMMANDS = {"scopes": Command(add_arguments, run_session(scopes))}
