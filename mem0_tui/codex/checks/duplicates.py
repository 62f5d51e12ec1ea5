"""Does Codex run one of Mem0's hooks twice? It adds up all sources and drops no copy.

Two handlers are copies where event, matcher and whole command line are alike, the folder of the
program aside. Only what is a copy to the byte is ever offered for removal.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from mem0_tui.codex.facts.command_line import ProgramState
from mem0_tui.codex.facts.hooks import Handler, HookSource
from mem0_tui.codex.facts.scan import Install
from mem0_tui.codex.files.text_file import FileState, read_bytes
from mem0_tui.codex.fixes import catalog as remedies
from mem0_tui.codex.report import Evidence, Finding, Fix, Status

_Copy: TypeAlias = tuple[HookSource, Handler]


def check_duplicates(install: Install) -> Iterator[Finding]:
    """One finding for all handlers that are there more than once."""
    doubled = [copies for copies in _alike(install) if len(copies) > 1]
    if not doubled:
        return
    every = [copy for copies in doubled for copy in copies]
    sources = list(dict.fromkeys(source.plugin or source.path for source, _ in every))
    loading = {plugin.id for plugin in install.mem0_plugins if plugin.loads}
    plugins = {source.plugin for source, _ in every}
    yield Finding(
        "hooks.duplicate",
        "hooks",
        Status.FAIL,
        f"{len(doubled)} of Mem0's hooks run twice",
        f"Codex adds up all sources: {'; '.join(sources)}",
        tuple(handler.spot for _, handler in every),
        fix=_fix(install, doubled),
        # The same plugin from two marketplaces: that is what to mend, and the finding says how.
        cause="plugin.two" if len(loading) > 1 and plugins <= loading else None,
        evidence=Evidence.TRUSTED,
    )


def _alike(install: Install) -> list[list[_Copy]]:
    found: dict[tuple[str, str, str | None], list[_Copy]] = {}
    for source, handler in install.mem0_handlers:
        program = install.program(handler)
        if program.state is ProgramState.MISSING:
            continue
        call = program.call if handler.kind == "command" else handler.command
        found.setdefault((handler.event, call, handler.matcher), []).append((source, handler))
    return list(found.values())


def _fix(install: Install, doubled: list[list[_Copy]]) -> Fix | None:
    """Remove from the user's hooks.json what stays elsewhere, copy for copy."""
    path = install.homes.hooks
    places = [
        (handler.event, handler.group, handler.position)
        for copies in doubled
        for source, handler in _surplus(install, copies, path)
    ]
    if places:
        summary = f"remove {len(places)} handlers from hooks.json"
        return remedies.drop_handlers("hooks.remove-user-copy", summary, path, places)
    if any(source.path == path for copies in doubled for source, _ in copies):
        summary = f"compare the scripts, and remove from {path} what you do not want"
        return remedies.step("hooks.compare-copies", summary)
    return None


def _surplus(install: Install, copies: list[_Copy], path: str) -> list[_Copy]:
    """The handlers of *path* without which the same program still runs once."""
    kept = next((copy for copy in copies if copy[0].path != path), copies[0])
    return [
        copy
        for copy in copies
        if copy is not kept and copy[0].path == path and _same(install, copy[1], kept[1])
    ]


def _same(install: Install, one: Handler, other: Handler) -> bool:
    """Whether both run the same bytes with the same words."""
    first, second = install.program(one), install.program(other)
    if first.line == second.line:
        return True
    if first.state is not ProgramState.FOUND or second.state is not ProgramState.FOUND:
        return False
    data, state = read_bytes(first.path)
    return state is FileState.OK and read_bytes(second.path) == (data, state)
