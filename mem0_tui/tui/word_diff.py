"""What changed between two texts, word by word, as spans marked old, new or unchanged."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from mem0_tui.model.text import visible
from mem0_tui.tui.widgets.text_view import Line, Span

_TOKENS = re.compile(r"\n|[^\S\n]+|\w+|[^\w\s]")
_LIMIT = 4000
"""Words beyond which a diff is shown as old text and new text, since matching takes too long."""


def word_diff(old: str, new: str) -> list[Line]:
    """*old* to *new* as safe lines of spans styled ``removed``, ``added`` or plain."""
    before, after = _TOKENS.findall(visible(old)), _TOKENS.findall(visible(new))
    if len(before) + len(after) > _LIMIT:
        return [
            *(Line(((f"- {part}", "removed"),)) for part in visible(old).split("\n")),
            *(Line(((f"+ {part}", "added"),)) for part in visible(new).split("\n")),
        ]
    spans: list[Span] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            spans.append(("".join(before[i1:i2]), ""))
            continue
        if i2 > i1:
            spans.append((f"[-{''.join(before[i1:i2])}-]", "removed"))
        if j2 > j1:
            spans.append((f"{{+{''.join(after[j1:j2])}+}}", "added"))
    return _split_lines(spans)


def _split_lines(spans: list[Span]) -> list[Line]:
    lines: list[list[Span]] = [[]]
    for text, name in spans:
        parts = text.split("\n")
        lines[-1].append((parts[0], name))
        lines.extend([(part, name)] for part in parts[1:])
    return [Line(tuple(parts)) for parts in lines]
