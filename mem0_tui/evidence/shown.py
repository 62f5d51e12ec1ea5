"""Whether the text of a memory stands in what the model was shown, however it was quoted there.

In code mode a result passes through JavaScript: it may come as JSON in JSON, as a list of texts, or
not at all.
"""

from __future__ import annotations

import re

_ESCAPED = re.compile(r"\\+u([0-9a-fA-F]{4})")
_BREAK = re.compile(r"\\+[nrt]")
_ENOUGH = 60
"""Characters of a memory that tell it from others."""
_TELLING = 12
"""Characters below which a text may stand there by chance."""


def bare(text: str) -> str:
    """*text* without quoting: escapes read, backslashes gone, white space folded."""
    if "\\" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text)
        text = _BREAK.sub(" ", text).replace("\\", "")
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return " ".join(text.split())


_WORD = re.compile(r"[A-Za-z0-9]{4,}")


def word_of(memory_id: str, text: str) -> bytes:
    """What stands in every output that shows the memory, however that is quoted: a word of its
    text, its id where it has none, nothing where it has no word."""
    wanted = bare(text)[:_ENOUGH]
    if not wanted:
        return memory_id.encode()
    cut = len(wanted) == _ENOUGH
    words = [found for found in _WORD.finditer(wanted) if not (cut and found.end() == _ENOUGH)]
    return max((found[0] for found in words), key=len, default="").encode()


def is_shown(memory_id: str, text: str, output: str) -> bool:
    """Whether the memory that says *text* stands in *output*, which is :func:`bare`."""
    wanted = bare(text)[:_ENOUGH]
    if not wanted:
        return memory_id in output
    return wanted in output and (len(wanted) >= _TELLING or memory_id in output)
