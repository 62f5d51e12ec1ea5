"""What an edit changes, word by word; marked by signs, so that colour is never the only mark."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from mem0_tui.cli.output import Output, safe

_WORDS = re.compile(r"\s+|\w+|[^\w\s]+")
_MOST = 4000
"""Tokens beyond which the two texts are shown whole: matching them takes quadratic time."""


def word_diff(output: Output, before: str, after: str, *, note: bool = False) -> str:
    """*after* against *before* on one line: ``[-gone-]`` and ``{+new+}``; safe to print."""
    styled = output.styled_note if note else output.styled
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) + len(new) > _MOST:
        return f"{styled(f'[-{safe(before)}-]', 'red')} {styled(f'{{+{safe(after)}+}}', 'green')}"
    parts: list[str] = []
    for kind, gone, came in _changes(old, new):
        if kind == "equal":
            parts.append(_between(gone))
            continue
        if gone:
            parts.append(styled(f"[-{_between(gone)}-]", "red"))
        if came:
            parts.append(styled(f"{{+{_between(came)}+}}", "green"))
    return "".join(parts)


def _changes(old: list[str], new: list[str]) -> list[tuple[str, str, str]]:
    """What is equal and what is replaced, with single blanks between two changes in the change."""
    changes: list[tuple[str, str, str]] = []
    held = ""
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, came = "".join(old[a:b]), "".join(new[c:d])
        if kind == "equal":
            if changes and not gone.strip() and not held:
                held = gone
                continue
            changes.append((kind, held + gone, held + gone))
        elif changes and changes[-1][0] != "equal":
            _, before, after = changes.pop()
            changes.append(("replace", before + held + gone, after + held + came))
        else:
            changes.append(("replace", gone, came))
        held = ""
    if held:
        changes.append(("equal", held, held))
    return changes


def _between(text: str) -> str:
    """*text* safe on one line, with the blanks at its ends kept."""
    body = text.strip()
    if not body:
        return " ⏎ " if "\n" in text else " " * min(len(text), 1)
    lead, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return _between(lead) * bool(lead) + safe(body) + _between(tail) * bool(tail)
