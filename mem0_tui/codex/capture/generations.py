"""The generations of Mem0's Codex plugin, as data: by what each is known, and what it brings.

A plugin is known by its files, never by the folder that a marketplace keeps it in: one and the same
entry has led to each of the three (mem0ai/mem0, 2026).
"""

from __future__ import annotations

import os

from mem0_tui.codex.facts.command_line import Program
from mem0_tui.model.record import Record


class Generation(Record):
    """One generation of the plugin."""

    name: str
    needs: tuple[str, ...]
    """Files that all have to be there."""
    lacks: tuple[str, ...]
    """Files that a later or another generation has."""
    scripts: frozenset[str]
    """File names of the programs that its hooks start."""
    tools: frozenset[str]
    """MCP tools that its server has at least."""
    python: tuple[int, int] | None
    """The oldest Python that its programs run with; None where it starts none of its own."""


PLUGIN_0_2 = Generation(
    name="0.2",
    needs=("hooks/codex-hooks.json",),
    lacks=("core/memory_core.py",),
    scripts=frozenset(
        {
            "block_memory_write.sh",
            "enforce_metadata_defaults.sh",
            "on_bash_output.sh",
            "on_file_read.sh",
            "on_post_tool_use.sh",
            "on_pre_compact.sh",
            "on_session_start.sh",
            "on_stop.sh",
            "on_user_prompt.sh",
        }
    ),
    tools=frozenset({"add_memory", "search_memories", "get_memories", "delete_memory"}),
    python=None,
)
PLUGIN_0_3 = Generation(
    name="0.3",
    needs=("core/memory_core.py", "hooks/adapter.py"),
    lacks=(),
    scripts=frozenset({"adapter.py"}),
    tools=frozenset({"search_memories"}),
    python=(3, 10),
)
PORTABLE = Generation(
    name="portable",
    needs=("plugin.json", "mcp.json"),
    lacks=(".codex-plugin/plugin.json", "hooks/hooks.json"),
    scripts=frozenset(),
    tools=frozenset(),
    python=(3, 10),
)
GENERATIONS = (PLUGIN_0_3, PORTABLE, PLUGIN_0_2)
"""The newest first."""


def generation_at(root: str | None) -> Generation | None:
    """The generation whose files are in the plugin folder *root*; None for something else."""
    if root is None:
        return None
    return next((each for each in GENERATIONS if _is(each, root)), None)


def _is(generation: Generation, root: str) -> bool:
    there = (os.path.isfile(os.path.join(root, name)) for name in generation.needs)
    wrong = (os.path.isfile(os.path.join(root, name)) for name in generation.lacks)
    return all(there) and not any(wrong)


def generation_of_hook(program: Program) -> Generation | None:
    """The generation that starts *program* from a hook; None for something else."""
    return next((each for each in GENERATIONS if program.name in each.scripts), None)
