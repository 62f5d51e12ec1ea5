"""What a finding of the doctor says: its sign and word, how it is known, what follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mem0_tui.model.secret import redact
from mem0_tui.model.text import one_line

if TYPE_CHECKING:
    from mem0_tui.codex.report import Status
    from mem0_tui.presenting.spans import Span

GLYPHS: Final = {
    "ok": "✓",
    "info": "i",
    "warn": "!",
    "fail": "✗",
    "off": "·",
}
WORDS: Final = {
    "ok": "ok",
    "info": "note",
    "warn": "warning",
    "fail": "broken",
    "off": "off",
}
"""What each status is called; ``--json`` has its value."""
INSTALLS: Final = {
    "none": "Mem0 is not installed in Codex",
    "mcp": "Mem0 as MCP server",
    "plugin": "Mem0 as plugin",
    "both": "Mem0 as plugin and MCP server",
}
WORD_CELLS: Final = max(map(len, WORDS.values()))


def status_sign(status: Status, cells: int = 0) -> Span:
    """Sign and word of *status*, the word filled up to *cells*, in the role of the status."""
    return f"{GLYPHS[status]} {WORDS[status]:<{cells}}", status.value


def safe(text: str, home: str) -> str:
    """*text* on one line, with ``~`` for *home*, nothing that a terminal obeys, and no key."""
    return redact(one_line(text.replace(f"{home}/", "~/")))
