"""Markup that Codex, or a hook, puts into what was said and asked: none of it belongs in a note.

The names are those of Codex 0.171. A citation of Codex's own memories ends an answer, and Codex
hides one from its start to its end or, without an end, to the end of the text; so does this.
"""

from __future__ import annotations

from mem0_tui.hooks.block import cut, without_blocks

_CITATION = "oai-mem-citation"
_ADDED = (
    "environment_context",
    "system-reminder",
    "turn_aborted",
    "subagent_notification",
    "context_window_reminder",
    "current_time_reminder",
    "codex_internal_context",
    "user_instructions",
    "user_verification_notice",
    "image_resize_notice",
    "model_switch",
)
"""Elements that go with what they hold, where they end."""
_WRAPPERS = ("<proposed_plan>", "</proposed_plan>")
"""Tags around what was said; what they hold stays."""


def without_markup(text: str) -> str:
    """*text* as a person reads it in Codex."""
    if "<" in text:
        text = cut(without_blocks(text), f"<{_CITATION}", f"</{_CITATION}>")
        for name in _ADDED:
            text = cut(text, f"<{name}>", f"</{name}>", ended=True)
        for tag in _WRAPPERS:
            text = text.replace(tag, "")
    return _without_directives(text).strip()


def _without_directives(text: str) -> str:
    """*text* without lines such as ``::git-commit{cwd="/src"}``, which the desktop app draws."""
    if "::" not in text:
        return text
    return "\n".join(line for line in text.split("\n") if not _is_directive(line.strip()))


def _is_directive(line: str) -> bool:
    name, brace, _ = line[2:].partition("{")
    named = name.replace("-", "").isalpha() and name.islower()
    return line.startswith("::") and line.endswith("}") and bool(brace) and named
