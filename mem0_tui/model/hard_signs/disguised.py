"""Orders in letters that are none at first sight: styled, spaced, reversed, written in digits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from mem0_tui.model.hard_signs.orders import is_order, is_plot
from mem0_tui.model.hard_signs.prefilter import DISGUISED as WORDS
from mem0_tui.model.hard_signs.prefilter import LEET, LEET_TELLS, READ_WORDS, REVERSED_WORDS
from mem0_tui.model.hard_signs.sign import DISGUISED, HardSign

_STYLED = re.compile(
    "[\U0001d400-\U0001d7cb\uff21-\uff3a\uff41-\uff5a\u24b6-\u24e9\U0001f110-\U0001f12b"
    "\U0001f130-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189\u1d00-\u1d2b\u1d2c-\u1d6a"
    "\u2090-\u209c\u2c7c\ua730\ua731\u0262\u026a\u0274\u0280\u028f\u0299\u029c\u029f\U0001f1e6-"
    "\U0001f1ff]"
)
_SMALL = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz", strict=True))
_SQUARED = (0x1F150, 0x1F170, 0x1F1E6)
"""Where alphabets begin that Unicode does not fold."""
_LATIN = "A-Za-zÀ-ÖØ-öø-ɏ"
_SPACED = re.compile(
    rf"(?<![{_LATIN}])[{_LATIN}](?:[ .·•*_|~/:,;-]{{1,5}}[{_LATIN}](?![{_LATIN}'])){{7,}}"
)
_APART = re.compile(f"[^{_LATIN}]+")
_LEET = re.compile(r"[A-Za-z0-9@$!|]{3,40}")
_WORD = re.compile(r"[A-Za-z]{3,}")
_PADDING = re.compile(r"[ \t]{120,}|(?:[ \t]*\n){12,}")
_FEWEST_IN_DIGITS = 3
"""Words with digits for letters beside one that gives itself away."""
_COMMON = ("the", "and", "all", "you", "key", "run", "write", "push", "now", "not", "this", "with")
_FEWEST_APART, _FEWEST_GROUPS = 18, 4
"""Letters, and words, that nobody sets apart for their looks, whatever the language."""
_FEWEST = 8
"""Styled letters that make a sentence."""


def disguised_orders(text: str) -> Iterator[HardSign]:
    """The places in *text* where letters pretend to be something else."""
    if not text.isascii():
        yield from _styled(text)
    for found in _SPACED.finditer(text):
        letters = "".join(c for c in found.group().lower() if c.isalpha())
        known = any(word in letters for word in WORDS) or sum(w in letters for w in _COMMON) >= 2
        if known or _are_words(found.group()):
            yield HardSign(DISGUISED, *found.span(), f"spaced letters, which say «{letters[:60]}»")
    yield from _reversed(text)
    yield from _in_digits(text)
    for found in _PADDING.finditer(text):
        behind = text[found.end() : found.end() + 500]
        if "|" not in behind and is_plot(behind):
            yield HardSign(DISGUISED, *found.span(), "an order far behind the end of the text")
            return


def _are_words(spaced: str) -> bool:
    """Whether the letters of *spaced* make words: those between words are set apart otherwise."""
    gaps = _APART.findall(spaced)
    usual = max(dict.fromkeys(gaps), key=gaps.count)
    words = _APART.sub(lambda gap: "" if gap.group() == usual else " ", spaced).split()
    if len(words) < 2 or sum(len(word) >= 3 for word in words) * 2 < len(words):
        return False
    sentence = " ".join(words)
    if len(words) >= _FEWEST_GROUPS and sum(map(len, words)) >= _FEWEST_APART:
        return True
    return is_plot(sentence) or (len(words) >= 3 and is_order(sentence))


def _styled(text: str) -> Iterator[HardSign]:
    letters = [found.start() for found in _STYLED.finditer(text)]
    if len(letters) < _FEWEST:
        return
    start, end = letters[0], letters[-1] + 1
    plain = "".join(map(_plain, text[start:end]))
    words = re.findall(r"[A-Za-z]{2,}", plain)
    if (len(words) >= 3 and is_order(plain)) or is_plot(plain):
        yield HardSign(DISGUISED, start, end, f"styled letters, which say «{plain[:60]}»")


def _plain(character: str) -> str:
    for first in _SQUARED:
        if first <= ord(character) < first + 26:
            return chr(ord("a") + ord(character) - first)
    return _SMALL.get(character) or unicodedata.normalize("NFKC", character)


def _reversed(text: str) -> Iterator[HardSign]:
    words = [found for found in _WORD.finditer(text) if found.group().lower() in REVERSED_WORDS]
    known = {word.group().lower() for word in words}
    if len(known) < 2 or sum(map(len, known)) < (7 if "eht" in known else 10):
        return
    start, end = words[0].start(), words[-1].end()
    plain = text[start:end][::-1]
    if is_order(plain):
        yield HardSign(DISGUISED, start, end, f"reversed letters, which say «{plain[:60]}»")


def _in_digits(text: str) -> Iterator[HardSign]:
    """Words that only say something once their digits are read as letters."""
    low = text.lower()
    plain = low.translate(LEET)
    if not any(plain.count(known) > low.count(known) for known in WORDS) and not _tells(low):
        return
    found, others = [], 0
    common = _common_in_digits(low)
    if len({word.group() for word in common}) >= _FEWEST_IN_DIGITS:
        found = [common[0], common[-1]]
    for word in () if found else _LEET.finditer(low):
        read = word.group().translate(LEET)
        if read != word.group() and any(
            read.count(known) > word.group().count(known) for known in WORDS
        ):
            found.append(word)
        others += read.isalpha() and not word.group().isalpha()
    if len(found) >= 2 or (found and others > _FEWEST_IN_DIGITS):
        start, end = found[0].start(), found[-1].end()
        yield HardSign(
            DISGUISED, start, end, f"digits for letters, which say «{plain[start:end][:60]}»"
        )


def _tells(low: str) -> bool:
    return any(tell in low for tell in LEET_TELLS)


def _common_in_digits(low: str) -> list[re.Match[str]]:
    """The common words that *low* writes with digits."""
    return [
        word
        for word in _LEET.finditer(low)
        if not word.group().isalpha() and word.group().translate(LEET) in READ_WORDS
    ]
