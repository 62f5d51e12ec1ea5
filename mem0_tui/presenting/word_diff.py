"""What an edit changes, word by word; marked by signs, so that colour is never the only mark."""

from __future__ import annotations

from mem0_tui.model.diff import word_diff
from mem0_tui.model.text import one_line, visible
from mem0_tui.presenting.masking import MASKED, Masking
from mem0_tui.presenting.spans import Line, Span, line


def diff_lines(old: str, new: str, masking: Masking = MASKED) -> list[Line]:
    """*old* to *new*: spans in the roles ``removed`` (``[-gone-]``), ``added`` (``{+new+}``) and
    plain, on as many lines as the texts have."""
    before, after = masking.text(old), masking.text(new)
    if before == after and old != new:
        whole = visible(after).split("\n")
        return [*(line(part) for part in whole), line((_masked(masking), "muted"))]
    lines: list[list[Span]] = [[]]
    for text, role in _marked(visible(before), visible(after)):
        first, *rest = text.split("\n")
        lines[-1].append((first, role))
        lines.extend([(part, role)] for part in rest)
    return [Line(tuple(parts)) for parts in lines]


def diff_line(old: str, new: str, masking: Masking = MASKED) -> Line:
    """The same on one line, where a line break reads `` ⏎ ``."""
    before, after = masking.text(old), masking.text(new)
    if before == after and old != new:
        return line(_between(after), (f" {_masked(masking)}", "muted"))
    return Line(tuple((_between(text), role) for text, role in _marked(before, after)))


def _marked(before: str, after: str) -> list[Span]:
    spans: list[Span] = []
    for piece in word_diff(before, after):
        if piece.same:
            spans.append((piece.gone, ""))
            continue
        if piece.gone:
            spans.append((f"[-{piece.gone}-]", "removed"))
        if piece.came:
            spans.append((f"{{+{piece.came}+}}", "added"))
    return spans


def _masked(masking: Masking) -> str:
    how = f": {masking.hint}" if masking.hint else ""
    return f"(what differs is masked{how})"


def _between(text: str) -> str:
    """*text* safe on one line, with the blanks at its ends kept."""
    body = text.strip()
    if not body:
        return " ⏎ " if "\n" in text else " " * min(len(text), 1)
    lead, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return _between(lead) * bool(lead) + one_line(body) + _between(tail) * bool(tail)
