"""Terminal-safe text: everything that a terminal would obey or hide is made visible.

A memory is attacker-writable, so no widget and no print shows one that has not been through
:func:`visible` or :func:`one_line`. What they return holds no control character but the newline.
"""

from __future__ import annotations

import re
import unicodedata

_MAX_MARKS = 6
"""Combining marks shown on one character; real scripts use up to four."""

_JOINERS = "\u200c\u200d"
_TIE = "‿"
"""What joins the parts of an emoji sequence on the screen: one cell in every terminal."""

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # C0, DEL, C1
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # soft hyphen, fillers, invisible marks
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f"  # zero width, separators, bidi controls
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"  # fillers, variation selectors, annotations
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # musical controls, tags, selectors
    "\ud800-\udfff]"  # lone surrogates
)
_UNEVEN = re.compile("[\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
"""What joins and colours emoji: terminals disagree on how many cells come of it."""
_SPELLED = re.compile("⟦U\\+([0-9A-F]{4,6})⟧")
_MARKS = re.compile(
    r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)


def visible(text: str) -> str:
    """*text* as several lines that are safe to show.

    Newlines stay, tabs become four blanks, CRLF becomes a newline. Every other control, bidi,
    invisible or unassigned-direction character becomes a visible stand-in: C0 as its control
    picture (``␛``), the rest as ``<U+202E>``. Emoji are shown in their parts, so that a line is as
    wide in every terminal: joined ones as ``👩‿💻``, each in its plain look.
    """
    text = text.replace("\r\n", "\n")
    if text.isascii() and text.isprintable():
        return text
    return "\n".join(_safe_line(line) for line in text.split("\n"))


def one_line(text: str) -> str:
    """*text* as one safe line: each run of white space with a newline becomes `` ⏎ ``."""
    if text.isascii() and text.isprintable():
        return text
    return _safe_line(re.sub(r"[ \t]*\r?\n\s*", " ⏎ ", text.strip()))


def has_hidden(text: str) -> bool:
    """Whether *text* holds anything that a terminal would obey or not show."""
    plain = text.replace("\r\n", "\n").replace("\n", " ").replace("\t", " ")
    return _revealed(plain) != plain


def to_editable(text: str, *, even: bool = False) -> str:
    """*text* for an editor: hidden characters become ``⟦U+202E⟧``, so that none is lost or obeyed.

    Newlines and tabs stay. With *even*, what joins and colours emoji is spelled out too, for an
    editor that has to know how wide its lines are. :func:`from_editable` gives back exactly *text*.
    """
    spelled = text.replace("⟦", "⟦U+27E6⟧")
    done = _UNSAFE.sub(lambda found: _spelled_out(spelled, found), spelled)
    return _UNEVEN.sub(lambda found: _uneven_spelled_out(done, found), done) if even else done


def from_editable(text: str) -> str:
    """The text that an edited :func:`to_editable` stands for."""
    return _SPELLED.sub(lambda found: chr(min(int(found.group(1), 16), 0x10FFFF)), text)


def encodable(text: str) -> str:
    """*text* with lone surrogates replaced by U+FFFD, so that it can be stored as UTF-8."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _spelled_out(text: str, found: re.Match[str]) -> str:
    character = found.group()
    if character in "\n\t" or _stand_in(text, found) == character:
        return character
    return f"⟦U+{ord(character):04X}⟧"


def _uneven_spelled_out(text: str, found: re.Match[str]) -> str:
    character = found.group()
    return character if _is_cursive(text, found.start()) else f"⟦U+{ord(character):04X}⟧"


def _safe_line(line: str) -> str:
    if line.isascii() and line.isprintable():
        return line
    line = _revealed(line.replace("\t", "    "))
    return _UNEVEN.sub(lambda found: _evened(line, found), line)


def _revealed(line: str) -> str:
    """*line* with nothing in it that a terminal would obey or not show."""
    if line.isascii() and line.isprintable():
        return line
    return _thin_marks(_UNSAFE.sub(lambda found: _stand_in(line, found), line))


def _evened(line: str, found: re.Match[str]) -> str:
    character = found.group()
    if character == "\u200d":
        return character if _is_cursive(line, found.start()) else _TIE
    return "" if character in "\ufe0e\ufe0f" else f"<U+{ord(character):04X}>"


def _stand_in(line: str, found: re.Match[str]) -> str:
    character, at = found.group(), found.start()
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if character in _JOINERS and _joins(line, at):
        return character
    if code in (0xFE0E, 0xFE0F) and at and _is_symbol(line[at - 1]):
        return character
    return f"<U+{code:04X}>"


def _joins(line: str, at: int) -> bool:
    """Whether the joiner at *at* does what joiners are for: emoji sequences and cursive scripts."""
    if at == 0 or at + 1 >= len(line):
        return False
    before, after = line[at - 1], line[at + 1]
    if line[at] == "\u200d" and (_is_symbol(before) or before == "\ufe0f") and _is_symbol(after):
        return True
    return _is_cursive(line, at)


def _is_cursive(line: str, at: int) -> bool:
    """Whether what is at *at* stands between letters of a script that joins them."""
    sides = line[max(0, at - 1) : at] + line[at + 1 : at + 2]
    return len(sides) == 2 and all(
        unicodedata.category(side) in ("Lo", "Mn", "Mc") for side in sides
    )


def _is_symbol(character: str) -> bool:
    return unicodedata.category(character) in ("So", "Sk") or character in "#*0123456789©®‼⁉"


def _thin_marks(line: str) -> str:
    if not _MARKS.search(line):
        return line
    shown: list[str] = []
    run = hidden = 0
    for character in line:
        if unicodedata.category(character) in ("Mn", "Me"):
            run += 1
            if run > _MAX_MARKS:
                hidden += 1
                continue
        else:
            if hidden:
                shown.append(f"<+{hidden} marks>")
            run = hidden = 0
        shown.append(character)
    if hidden:
        shown.append(f"<+{hidden} marks>")
    return "".join(shown)
