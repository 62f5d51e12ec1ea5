"""The environment that Codex gives to hooks and MCP servers: the process's, and its own .env."""

from __future__ import annotations

import os
import re

from mem0_tui.codex.paths import Homes
from mem0_tui.codex.textfile import read

_LINE = re.compile(r"\s*(?:export\s+)?([A-Za-z_][\w.]*)\s*=\s*(.*?)\s*$")
_REFERENCE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")


def codex_environment(homes: Homes) -> dict[str, str]:
    """Name to value, as a hook sees them.

    ``$CODEX_HOME/.env`` wins over the environment of the process; it cannot set ``CODEX_…``
    (codex-cli 0.171).
    """
    found = dict(homes.environ)
    for line in read(os.path.join(homes.codex_home, ".env")).text.splitlines():
        assigned = _LINE.match(line)
        if assigned is not None and not assigned[1].startswith("CODEX_"):
            found[assigned[1]] = _value(assigned[2], found)
    return found


def _value(written: str, known: dict[str, str]) -> str:
    """A value without its quotes and comment, its references followed."""
    quote = written[:1]
    if quote in ("'", '"'):
        end = written.find(quote, 1)
        value = written[1:end] if end > 0 else written[1:]
        if quote == "'":
            return value
    else:
        value = re.split(r"\s+#", written, maxsplit=1)[0]
    return _REFERENCE.sub(lambda name: known.get(name[1] or name[2], ""), value)
