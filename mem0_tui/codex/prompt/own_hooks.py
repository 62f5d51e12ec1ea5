"""What this program's own hooks add: their own code, with a session that nobody has begun."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping

from mem0_tui.codex.facts.environment import codex_environment
from mem0_tui.codex.facts.hooks import Handler
from mem0_tui.codex.facts.paths import Homes
from mem0_tui.codex.prompt.block import PromptBlock, PromptEntry
from mem0_tui.codex.prompt.planned import Planned, PlannedMemories
from mem0_tui.hooks import recall
from mem0_tui.hooks.block import plain
from mem0_tui.hooks.event import HookEvent
from mem0_tui.hooks.exchange import ExchangeError
from mem0_tui.hooks.identity import find_identity
from mem0_tui.hooks.memories import RecalledMemory
from mem0_tui.hooks.run import OFF
from mem0_tui.hooks.server import NoServerError, find_server
from mem0_tui.hooks.state import SessionState

_SESSION = "preview"


def own_block(
    handler: Handler,
    homes: Homes,
    prompt: str,
    deadline: float,
    planned: Planned | None = None,
    *,
    started: bool = False,
) -> PromptBlock:
    """What the hook *handler* adds at its event, for a new session that begins with *prompt*.

    With *started* the hook for the start has run: what it showed is not shown again.
    """
    environ = _environment(handler, homes)
    if environ.get("MEM0_TUI_HOOKS", "").strip().lower() in OFF:
        return PromptBlock(nothing="MEM0_TUI_HOOKS switches the hooks off")
    at_prompt = handler.event == "UserPromptSubmit"
    if at_prompt and len(prompt) < recall.SHORTEST:
        said = f"the prompt has fewer than {recall.SHORTEST} characters: it is not searched for"
        return PromptBlock(nothing=said)
    identity = find_identity(environ, homes.cwd)
    try:
        server = find_server(environ)
        memories = _Kept(server, identity, deadline, Planned() if planned is None else planned)
        with (
            tempfile.TemporaryDirectory(prefix="mem0-tui-") as folder,
            SessionState(folder, _SESSION, deadline) as session,
        ):
            text = ""
            if started or not at_prompt:
                text = recall.at_start(
                    _event("SessionStart", homes, prompt), session, memories, identity
                )
            if at_prompt:
                memories.found.clear()
                text = recall.for_prompt(
                    _event("UserPromptSubmit", homes, prompt), session, memories, identity
                )
    except (NoServerError, ExchangeError) as error:
        return PromptBlock(nothing=str(error))
    if not text:
        return PromptBlock(
            nothing="nothing new is near the prompt" if at_prompt else "nothing is stored"
        )
    entries = _entries(text, memories.found)
    notes = () if planned is None else planned.notes([entry.id for entry in entries])
    return PromptBlock(text, entries, notes=notes)


def _event(name: str, homes: Homes, prompt: str) -> HookEvent:
    given: dict[str, object] = {
        "session_id": _SESSION,
        "cwd": homes.cwd,
        "prompt": prompt,
        "source": "startup",
    }
    return HookEvent(name, given)


def _environment(handler: Handler, homes: Homes) -> dict[str, str]:
    environ = codex_environment(homes)
    return environ if handler.root is None else {**environ, "PLUGIN_ROOT": handler.root}


class _Kept(PlannedMemories):
    """Memories that remember what they gave."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self.found: dict[str, RecalledMemory] = {}

    def _changed(self, found: list[RecalledMemory]) -> list[RecalledMemory]:
        left = super()._changed(found)
        self.found |= {memory.id: memory for memory in left}
        return left


def _entries(text: str, found: Mapping[str, RecalledMemory]) -> tuple[PromptEntry, ...]:
    """The memories of the block *text*, which names the beginning of each one's id; *found* holds
    them in the same order, and others between them."""
    entries: list[PromptEntry] = []
    left = iter(found.values())
    for line in text.split("\n"):
        label, closed, _ = line.partition("] ")
        if closed and line.startswith("- ["):
            begin = label.rpartition(", id ")[2]
            memory = next((each for each in left if plain(each.id)[:8] == begin), None)
            if memory is not None:
                entries.append(PromptEntry(len(entries) + 1, memory.id, memory.text))
    return tuple(entries)
