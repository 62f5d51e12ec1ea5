"""The environment that Codex gives to hooks and MCP servers: the process's, and its own .env."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mem0_tui.codex.facts.paths import Homes
from mem0_tui.codex.files.text_file import TextFile, read

if TYPE_CHECKING:
    from mem0_tui.codex.facts.dotenv import Assignment


def codex_environment(homes: Homes) -> dict[str, str]:
    """Name to value, as a hook sees them; ``$CODEX_HOME/.env`` wins over the process."""
    _, given = codex_assignments(homes)
    return {**homes.environ, **{one.name: one.value for one in given}}


def codex_assignments(homes: Homes) -> tuple[TextFile, list[Assignment]]:
    """Codex's own .env, and what it sets."""
    file = read(os.path.join(homes.codex_home, ".env"))
    if not file.text:
        return file, []
    from mem0_tui.codex.facts.dotenv import assignments

    return file, assignments(file, homes.environ)
