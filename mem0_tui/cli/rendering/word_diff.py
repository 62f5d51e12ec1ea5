"""What an edit changes, word by word; marked by signs, so that colour is never the only mark."""

from __future__ import annotations

from mem0_tui.cli.rendering.output import Output, safe
from mem0_tui.model.diff import word_diff


def one_line_diff(output: Output, before: str, after: str, *, note: bool = False) -> str:
    """*after* against *before* on one line: ``[-gone-]`` and ``{+new+}``; safe to print."""
    styled = output.styled_note if note else output.styled
    parts: list[str] = []
    shown, wanted = output.memory_text(before), output.memory_text(after)
    if shown == wanted and before != after:
        return f"{_between(wanted)} (what differs is masked: --show-secrets shows it)"
    for piece in word_diff(shown, wanted):
        if piece.same:
            parts.append(_between(piece.gone))
            continue
        if piece.gone:
            parts.append(styled(f"[-{_between(piece.gone)}-]", "red"))
        if piece.came:
            parts.append(styled(f"{{+{_between(piece.came)}+}}", "green"))
    return "".join(parts)


def _between(text: str) -> str:
    """*text* safe on one line, with the blanks at its ends kept."""
    body = text.strip()
    if not body:
        return " ⏎ " if "\n" in text else " " * min(len(text), 1)
    lead, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return _between(lead) * bool(lead) + safe(body) + _between(tail) * bool(tail)
