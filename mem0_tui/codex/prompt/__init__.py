"""What Codex would be given for a prompt by each source that is installed, now and after a plan."""

from __future__ import annotations

import os
from collections.abc import Iterator
from time import monotonic

from mem0_tui.codex.capture.generations import PLUGIN_0_2, PLUGIN_0_3, generation_of_hook
from mem0_tui.codex.facts.hooks import Handler, HookSource
from mem0_tui.codex.facts.memories import SUMMARY
from mem0_tui.codex.facts.scan import Install
from mem0_tui.codex.prompt import former_plugin, plugin_block
from mem0_tui.codex.prompt.block import PromptBlock, SourcePreview
from mem0_tui.codex.prompt.own_hooks import own_block
from mem0_tui.codex.prompt.planned import Planned
from mem0_tui.codex.prompt.summary import summary_block
from mem0_tui.codex.setup.user_hooks import is_own_hook

PATIENCE = 10.0
"""Seconds for each question to a server."""
_EVENTS = {"SessionStart": "start", "UserPromptSubmit": "prompt"}
_OWN_PLUGIN = "mem0-tui@mem0-tui"


def preview(
    install: Install, prompt: str, planned: Planned | None = None, *, patience: float = PATIENCE
) -> list[SourcePreview]:
    """What each source adds to a new session that begins with *prompt* in the folder of *install*.

    Args:
        install: a scan of the folder in which the session is to begin.
        prompt: what the person types first.
        planned: the state after a plan; each source is then shown before and after it.
        patience: seconds for each question to a server.
    """
    found = list(_hooks(install, prompt, planned, patience))
    memories = install.memories
    if memories is not None:
        path = os.path.join(memories.folder, SUMMARY)
        found.append(SourcePreview("codex", path, "start", summary_block(install)))
    return sorted(found, key=lambda each: (each.moment != "start", each.source))


def _hooks(
    install: Install, prompt: str, planned: Planned | None, patience: float
) -> Iterator[SourcePreview]:
    for source, handler in install.mem0_handlers:
        moment = _EVENTS.get(handler.event)
        kind = None if moment is None else _kind(install, source, handler)
        if moment is None or kind is None:
            continue
        name = source.plugin or source.path
        if why := _idle(install, source, handler):
            yield SourcePreview(kind, name, moment, PromptBlock(nothing=why))
            continue
        now, after = _blocks(install, handler, kind, prompt, planned, patience)
        yield SourcePreview(kind, name, moment, now, after)


def _kind(install: Install, source: HookSource, handler: Handler) -> str | None:
    """Which of the sources *handler* is; None for one that adds no memories."""
    if source.plugin == _OWN_PLUGIN or is_own_hook(handler.command):
        return "mem0-tui"
    if handler.event != "UserPromptSubmit":
        return None
    generation = generation_of_hook(install.program(handler))
    if generation is PLUGIN_0_3 and install.capture is not None:
        return "plugin-0.3"
    return "plugin-0.2" if generation is PLUGIN_0_2 else None


def _idle(install: Install, source: HookSource, handler: Handler) -> str:
    """Why Codex would not run *handler*; empty where it would."""
    if not install.hooks.enabled:
        return "hooks are switched off"
    if source.barred:
        return "this machine's rules keep the hook from running"
    if not handler.enabled:
        return "the hook is disabled"
    return "" if handler.runs else f"the hook is {handler.trust.value}: Codex does not run it"


def _blocks(
    install: Install,
    handler: Handler,
    kind: str,
    prompt: str,
    planned: Planned | None,
    patience: float,
) -> tuple[PromptBlock, PromptBlock | None]:
    homes, capture = install.homes, install.capture
    states = [None] if planned is None else [None, planned]
    blocks: list[PromptBlock] = []
    for state in states:
        deadline = monotonic() + patience
        if kind == "mem0-tui":
            started = _starts(install)
            blocks.append(own_block(handler, homes, prompt, deadline, state, started=started))
        elif kind == "plugin-0.2":
            script = os.path.join(homes.cwd, install.program(handler).path)
            blocks.append(former_plugin.former_block(script, homes, prompt, deadline, state))
        elif capture is not None:
            why = plugin_block.silence(capture, homes, prompt)
            if why:
                return PromptBlock(nothing=why), None
            count = plugin_block.COUNT if state is None else state.most(plugin_block.COUNT)
            found = plugin_block.search(capture, homes, prompt, count, deadline)
            blocks.append(plugin_block.arranged(found, homes, state))
    return blocks[0], blocks[1] if len(blocks) > 1 else None


def _starts(install: Install) -> bool:
    """Whether the hook of this program for the start of a session runs."""
    return any(
        handler.event == "SessionStart"
        and _kind(install, source, handler) == "mem0-tui"
        and not _idle(install, source, handler)
        for source, handler in install.mem0_handlers
    )
