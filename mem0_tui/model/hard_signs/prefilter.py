"""Which texts may have a hard sign, told in a few microseconds each and without loading anything.

Nearly all texts stop here: a hook, which Codex waits for, loads the rest only for the few others.
It never says no to a text that has a sign.
"""

from __future__ import annotations

from binascii import a2b_base64

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_UPPER, _LOWER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"
ROT13 = str.maketrans(_UPPER + _LOWER, _UPPER[13:] + _UPPER[:13] + _LOWER[13:] + _LOWER[:13])


def _words(block: str) -> list[str]:
    return block.split()


_WORDS = _words(
    """
the and you all your this that with from ignore previous instructions instruction send delete
execute user secret secrets token tokens password system prompt reveal without asking tell show
upload forward conversation memory memories command commands always never should environment
variables message messages answer reply approve disable push open fetch write rules follow keys
files
"""
)
_MORE = _words(
    """
not any for before after every run key file when then print output post must will are have content
contents skip read new obey
"""
)
ROT13_WORDS = frozenset(word.translate(ROT13) for word in (*_WORDS, *_MORE))
"""Common words as rot13 writes them; none of them is a word of its own."""
REVERSED_WORDS = frozenset(word[::-1] for word in (*_WORDS, "assistant", "agent", "credentials"))
"""The same words read from their end, as far as that gives no other word."""
DISGUISED = (
    "ignore", "previous", "instruction", "system", "prompt", "secret", "password", "token",
    "delete", "reveal", "execute", "override", "disregard", "approve", "upload", "assistant",
    "credential", "send", "command", "bypass",
)  # fmt: skip
"""Words that are disguised by digits or by blanks between their letters."""
LEET = str.maketrans("013457@$!|", "oieastasil")
_FOREIGN = REVERSED_WORDS | ROT13_WORDS
_BREAKS = str.maketrans(dict.fromkeys("\t\r\n\"'`()[]{}<>,;:!?.*=#|\\&%$@~^", " "))
_SHORT = str.maketrans("123456789abcdef", "0" * 15, "x,;:")
"""Makes each code of two or three digits alike."""
_NO_ASCII = bytes(range(128))
_ALWAYS = (
    "<", "\\x", "\\u00", "&#", "](", "]:", "{#", "%%", "{::", "\\p", "\\text", " " * 20, "\n\n\n\n",
    "%6", "%7", "%20",
)  # fmt: skip
"""What hardly any text has that has no sign."""
_LABELS = (
    "system", "developer", "assistant", "human", "user:", "[inst", "admin", "end of", "begin",
    "end_", "override", "_of_turn", "role", "root:", "codex:", "openai:", "anthropic:",
    "bot:", "ai:",
)  # fmt: skip
_SPEAKING = (":", "[", "#", "---", "===", "***", "end of", "end_", "begin", "|", "\n", "role")
_CARRYING = ("{", "$", "[", "`", "=", "__")
_MARKS = str.maketrans(".-*_|~/", " " * 7)
_ALONE = (" e ", " o ", " n ", " r ", " t ", " s ")
"""What stands between others when a word's letters are set apart."""
_SHORTEST_CODE, _LONGEST_CODE = 16, 400


def may_have_signs(text: str) -> bool:
    """Whether *text* is worth a closer look."""
    return bool(candidates((text,)))


def candidates(texts: Sequence[str]) -> list[int]:
    """The indices of those of *texts* that are worth a closer look, in order.

    Texts are looked at together: what is nowhere in all of them is not looked for in each.
    """
    found = {at for at, text in enumerate(texts) if not text.isascii()}
    plain = [(at, text.lower()) for at, text in enumerate(texts) if at not in found]
    together = "\n".join([text for _, text in plain])
    for needle in _ALWAYS:
        if needle in together:
            found.update(at for at, text in plain if needle in text)
    if "://" in together:
        found.update(at for at, text in plain if "://" in text and _has(text, _CARRYING))
    for label in _LABELS:
        if label in together:
            found.update(at for at, text in plain if label in text and _has(text, _SPEAKING))
    if _has_controls(together):
        found.update(at for at, text in plain if _has_controls(text))
    for tell in _CODES:
        if tell(together):
            found.update(at for at, text in plain if at not in found and tell(text))
    long = {word for word in _long_words(texts, plain) if _decodes(word)}
    if long:
        found.update(at for at, _ in plain if not long.isdisjoint(_long_words(texts, [(at, "")])))
    return sorted(found)


def _has(text: str, marks: Sequence[str]) -> bool:
    return any(mark in text for mark in marks)


def _has_controls(text: str) -> bool:
    if text.isprintable():
        return False
    return not text.replace("\n", "").replace("\t", "").replace("\r", "").isprintable()


def _has_foreign(text: str) -> bool:
    return not _FOREIGN.isdisjoint(text.translate(_BREAKS).split())


def _has_letters_apart(text: str) -> bool:
    spaced = text.translate(_MARKS)
    return any(alone in spaced for alone in _ALONE)


def _has_leet(text: str) -> bool:
    plain = text.translate(LEET)
    return plain != text and any(plain.count(word) > text.count(word) for word in DISGUISED)


def _has_codes(text: str) -> bool:
    digits = " ".join(text.translate(_SHORT).split())
    return (
        "00000000 00000000 000" in digits
        or "00000000000000000000000000000000" in digits
        or ("00 00 00 00 00" in digits.replace("000", "00"))
    )


_CODES = (_has_foreign, _has_letters_apart, _has_leet, _has_codes)


def _long_words(texts: Sequence[str], plain: Sequence[tuple[int, str]]) -> list[str]:
    """The long words of those of *texts* that *plain* names by index, case and all."""
    together = "\n".join([texts[at] for at, _ in plain])
    return [word for word in together.translate(_BREAKS).split() if len(word) >= _SHORTEST_CODE]


def _decodes(word: str) -> bool:
    """Whether *word* is made of hex digits of text, or base64 of something like text."""
    word = word[:_LONGEST_CODE].replace("-", "+").replace("_", "/")
    word = word[: len(word) // 4 * 4]
    try:
        data = a2b_base64(word)
    except ValueError:
        return True
    if len(data.translate(None, _NO_ASCII)) * 8 <= len(data):
        return True
    try:
        data = bytes.fromhex(word[: len(word) // 2 * 2].removeprefix("0x"))
    except ValueError:
        return False
    return len(data.translate(None, _NO_ASCII)) * 8 <= len(data)
