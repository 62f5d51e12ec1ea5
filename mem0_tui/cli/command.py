"""Which commands there are, and where the code of each is: imported only when it is used."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


class Command(NamedTuple):
    """One command's options and what it does."""

    add_arguments: Callable[[ArgumentParser], None]
    run: Callable[[Namespace], int]
    """Does it and returns the exit code; ``args.output`` is where it prints."""


class CommandEntry(NamedTuple):
    """One command as the help lists it."""

    group: str
    module: str
    """Its module in ``mem0_tui.cli.commands``, which holds a table ``COMMANDS`` of commands by
    name, or is one command itself with ``add_arguments`` and ``run``."""
    summary: str


ENTRIES: Final[dict[str, CommandEntry]] = {
    "list": CommandEntry("Look", "browse", "list memories, or those that a query matches"),
    "search": CommandEntry("Look", "find", "find memories by meaning"),
    "show": CommandEntry("Look", "browse", "show one memory with everything about it"),
    "history": CommandEntry("Look", "browse", "show what became of a memory, change by change"),
    "entities": CommandEntry("Look", "overview", "list users, agents, apps and runs with counts"),
    "stats": CommandEntry("Look", "stats", "show how the memory grows and is used, in numbers"),
    "scopes": CommandEntry("Look", "scopes", "show who reaches which memories of a repository"),
    "events": CommandEntry("Look", "overview", "list the backend's latest jobs"),
    "review": CommandEntry("Look", "review", "show what deserves a look, and keep what you say"),
    "audit": CommandEntry("Look", "audit", "count what deserves a look, for scripts and reports"),
    "add": CommandEntry("Change", "write", "add a memory, word for word"),
    "edit": CommandEntry("Change", "edit", "change text, type, metadata, expiry or pin"),
    "move": CommandEntry("Change", "move", "move memories to another app, user, agent or run"),
    "merge": CommandEntry("Change", "merge", "make one memory of several"),
    "rm": CommandEntry("Change", "remove", "delete memories: by id, by query, or a whole scope"),
    "purge": CommandEntry("Change", "purge", "remove memories for good, and prove it"),
    "apply": CommandEntry("Change", "remove", "apply a plan that --plan-out wrote"),
    "undo": CommandEntry("Take back", "undo", "take back what was applied last"),
    "redo": CommandEntry("Take back", "undo", "apply again what was undone"),
    "journal": CommandEntry("Take back", "undo", "list what was applied"),
    "resume": CommandEntry("Take back", "undo", "finish what a crash interrupted"),
    "trash": CommandEntry("Take back", "trash", "list deleted memories that can be put back"),
    "restore": CommandEntry("Take back", "trash", "put deleted memories back"),
    "export": CommandEntry("Move", "transfer", "write memories to a file, losing nothing"),
    "import": CommandEntry("Move", "transfer", "read memories from an export"),
    "backup": CommandEntry("Move", "backup", "keep all memories in a git repository, and back"),
    "prompt": CommandEntry("Codex", "prompt", "show what Codex would be given for a prompt"),
    "sessions": CommandEntry(
        "Codex", "sessions", "show Codex's sessions, and which memories they were given and wrote"
    ),
    "doctor": CommandEntry("Codex", "doctor", "check the Codex and Mem0 install"),
    "codex": CommandEntry("Codex", "codex", "wire Codex to a Mem0 server, or take that back"),
    "codex-memories": CommandEntry(
        "Codex", "codex_memories", "empty the memories that Codex keeps itself, or put them back"
    ),
    "serve": CommandEntry("Codex", "serve", "serve the embedded store to Codex and Mem0 clients"),
    "web": CommandEntry("This tool", "web", "open the app in a browser on this machine"),
    "verify": CommandEntry("This tool", "verify", "check that the store holds what was stored"),
    "index": CommandEntry("This tool", "index", "make the embeddings that search needs, now"),
    "backends": CommandEntry("This tool", "configure", "show what each backend can do"),
    "config": CommandEntry("This tool", "configure", "show or change the settings"),
    "demo": CommandEntry("This tool", "demo", "recreate the demo store"),
    "completion": CommandEntry("This tool", "completion", "complete commands in bash, zsh or fish"),
}


def load_command(name: str) -> Command:
    """The command *name*, which must be one of :data:`ENTRIES`."""
    module = import_module(f"mem0_tui.cli.commands.{ENTRIES[name].module}")
    commands: dict[str, Command] | None = getattr(module, "COMMANDS", None)
    return commands[name] if commands else Command(module.add_arguments, module.run)
