"""Which texts may have a hard sign, told in a few microseconds each and without loading anything.

Nearly all texts stop here: a hook, which Codex waits for, loads the rest only for the few others.
It never says no to a text that has a sign.
"""

from __future__ import annotations

from binascii import a2b_base64

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
READ_WORDS = frozenset((*_WORDS, *_MORE, "about", "this", "users", "assistant", "agent"))
"""The same words as they are read."""
LEET_TELLS = (
    "7h3", "th3 ", "7h15", "th15", "7h47", "th4t", "y0u", "u53r", "us3r", "73ll", "t3ll", "3v3ry",
    "m3m0r", "wr173", "wr1t3", "sk1p",
)  # fmt: skip
"""How words begin that digits disguise and that are too short, or too common, to stand alone."""
DISGUISED = (
    "ignore", "previous", "instruction", "system", "prompt", "secret", "password", "token",
    "delete", "reveal", "execute", "override", "disregard", "approve", "upload", "assistant",
    "credential", "send", "command", "bypass",
)  # fmt: skip
"""Words that are disguised by digits or by blanks between their letters."""
LEET = str.maketrans("013457@$!|", "oieastasil")
_FORM = str.maketrans(_LOWER + "123456789@$!|", "a" * len(_LOWER) + "0" * len("123456789@$!|"))
"""Makes each letter alike, and whatever may stand for one."""
_FOREIGN = REVERSED_WORDS | ROT13_WORDS
_BREAKS = dict.fromkeys(map(ord, "\t\r\n\"'`()[]{}<>,;:!?.*=#|\\&%$@~^"), ord(" "))
_SHORT = str.maketrans("123456789abcdef\n", "0" * 15 + " ", "x,;:")
"""Makes each code of two or three digits alike."""
_NO_ASCII = bytes(range(128))
_ALWAYS = (
    "<!--", "<|", "<<", "<img", "<system", "<dev", "<assist", "<admin", "<overr", "<user",
    "<tool", "<func", "<font", " hidden", "style=", "style =", "of_turn", "alt=", "title=",
    "aria-label", "content=", "data-", "</ ", "</mem", "</rec", "</ret", "</sys", "</dev",
    "</ass", "</user", "</inst", "</tool", "</func", "</env", "</untr", "</context", "</doc",
    "</data", "</note", "</prompt", "</input", "</conv", "</hist", "</search", "</know", "</fact",
    "<human", "```sys", "```dev", "```ass", "```user", "# instruction", "#instruction", "[/",
    "{/", "[](", "[ ](", "[\t](", "![", "]:", "[inst", "{#", "%%", "{::", "\\p", "\\color",
    "\\textcolor", "\\x", "\\u00", "&#", "%20", "%6", "%7", " " * 40, "\t" * 8, "\n\n\n\n",
    "[admin", "<desc", "<templ", "<nosc", "<metad", "[root", "type=\"hidden", "type='hidden",
    "type=hidden", "content:", "<details", "# assistant", "# human",
)  # fmt: skip
"""What hardly any text has that has no sign."""
_IN_TAGS = ("hidden", "style", "turn", "alt", "title", "aria", "content", "data-", "type=")
_BY_MARK: dict[str, list[str]] = {}
"""The same by a character that each has, or that stands near it."""
for _needle in _ALWAYS:
    _mark = "<" if _needle.strip().startswith(_IN_TAGS) else _needle[0]
    _BY_MARK.setdefault(_mark, []).append(_needle)
_SPEAKERS = (
    "user:", "human:", "assistant:", "ai:", "bot:", "admin:", "admins:", "administrator:", "root:",
    "openai:", "anthropic:", "codex:",
)  # fmt: skip
_DELIMITERS = (":", "]", ">", "\u2192", "\uff1a")
"""What may stand behind a role that speaks."""
_RESULTS = ("result", "output", "response")
_BANNERS = ("BEGIN", "END ", "END_", "START")
_MARKS = str.maketrans(".-*_|~/", " " * 7)
_ALONE = (" e ", " o ", " n ", " r ", " t ", " s ")
"""What stands between others when a word's letters are set apart."""
_RUN = 7
"""Letters in a row that stand apart."""
_SHORTEST_CODE, _LONGEST_CODE = 16, 400
_RUNS = str.maketrans(
    {chr(code): " " if code in _BREAKS or chr(code).isspace() else "a" for code in range(128)}
)
"""Makes all alike that a long word may consist of."""
_LONG_RUN = "a" * _SHORTEST_CODE
_ORDINARY = frozenset("\t\n\r\xa0\u2007\u2009\u200a\u202f\u3000\ufe0f\u2028\u2029")
"""Characters that cannot be printed, or select a look, and hide nothing where they stand alone."""
_STRANGE = (
    (0x250, 0x36F), (0x370, 0x58F), (0x115F, 0x1160), (0x13A0, 0x13FF), (0x17B4, 0x17B5),
    (0x180B, 0x180F), (0x1C80, 0x1C88), (0x1D00, 0x1D7F), (0x1F00, 0x1FFF), (0x2090, 0x209C),
    (0x24B6, 0x24E9), (0x2C60, 0x2CFF), (0x2DE0, 0x2DFF), (0x3164, 0x3164), (0xA4D0, 0xA4F7),
    (0xA640, 0xA69F), (0xA730, 0xA731), (0xAB70, 0xABBF), (0xFE00, 0xFE0E), (0xFF21, 0xFF5A),
    (0xFFA0, 0xFFA0), (0xFF5C, 0xFF5C), (0x1D400, 0x1D7CB), (0x1F110, 0x1F189), (0x1F1E6, 0x1F1FF),
    (0xE0000, 0xE0FFF),
)  # fmt: skip
"""Scripts with letters that look Latin, styled letters, and what is printed but not seen."""


def may_have_signs(text: str) -> bool:
    """Whether *text* is worth a closer look."""
    return bool(candidates((text,)))


def candidates(texts: Sequence[str]) -> list[int]:
    """The indices of those of *texts* that are worth a closer look, in order.

    Texts are looked at together: what is nowhere in all of them is not looked for in each.
    """
    lower = [text.lower() for text in texts]
    together = "\n".join(lower)
    found: set[int] = set()
    for mark, needles in _BY_MARK.items():
        if mark not in together:
            continue
        marked = [(at, text) for at, text in enumerate(lower) if mark in text]
        near = "\n".join([text for _, text in marked])
        for needle in needles:
            if needle in near:
                found.update(at for at, text in marked if needle in text)
    for tell in _TELLS:
        if tell(together):
            found.update(at for at, text in enumerate(lower) if at not in found and tell(text))
    for banner in _BANNERS:
        found.update(at for at, text in enumerate(texts) if banner in text)
    if not together.isascii():
        found.update(at for at, text in enumerate(texts) if _is_strange(text))
    long = {word for word in _long_words(texts) if _decodes(word)}
    if long:
        found.update(
            at for at, text in enumerate(texts) if not long.isdisjoint(_long_words((text,)))
        )
    return sorted(found)


def _has_controls(low: str) -> bool:
    """Whether *low*, as far as it is ASCII, has something that a terminal obeys."""
    if low.isprintable():
        return False
    plain = low.replace("\n", "").replace("\t", "").replace("\r", "")
    return not plain.isprintable() and any(ord(c) < 0x20 or c == "\x7f" for c in set(plain))


def _is_strange(text: str) -> bool:
    """Whether *text* has characters that may hide something, or look like others."""
    if text.isascii():
        return False
    if "\ufe0f\ufe0f" in text or " \ufe0f" in text or text.startswith("\ufe0f"):
        return True
    for character in set(text):
        code = ord(character)
        if code > 0x7F and character not in _ORDINARY:
            if not character.isprintable():
                return True
            if any(first <= code <= last for first, last in _STRANGE):
                return True
    return False


def _has_carrying_link(low: str) -> bool:
    """Whether a link in *low* may have a place for data."""
    at = low.find("://")
    while at >= 0:
        tail = low[at + 3 : at + 403].split("\n", 1)[0]
        link = tail.split(" ", 1)[0].rstrip("`.,;:)>]\"'*")
        if any(mark in link for mark in ("{", "$", "<", "[", "`", "__", "%7b")):
            return True
        _, query, values = link.partition("=")
        if query and any(_is_place(value) for value in values.split("=")):
            return True
        at = low.find("://", at + 3)
    return False


def _sends_files(low: str) -> bool:
    if "$(" in low and any(command in low for command in ("nslookup", "dig ", "ping ", "://")):
        return True
    return ("curl" in low or "wget" in low) and ("@" in low or "$(" in low or "file" in low)


def _is_place(value: str) -> bool:
    """Whether *value*, of a link's query, may stand for data: it is words, or missing."""
    word = value.split("&", 1)[0].split("#", 1)[0].strip(")>]\"'")
    return not word or word.replace("_", "").replace("-", "").replace("%", "").isalnum()


def _has_title(low: str) -> bool:
    return "](" in low and '"' in low


def _has_speaker(low: str) -> bool:
    """Whether somebody may speak in *low* as in a play: a name, and after it a colon or so."""
    plain = low.replace("*", "").replace("_", "").replace(" :", ":")
    return any(speaker in plain for speaker in _SPEAKERS) or any(
        _heads(low, label) for label in ("system", "developer") if label in low
    )


def _has_result(low: str) -> bool:
    """Whether a tool may speak in *low*."""
    if "tool" not in low and "function" not in low:
        return False
    plain = low.replace("*", "").replace("_", " ").replace("s:", ":").replace(" :", ":")
    return any(f"{of} {what}:" in plain for of in ("tool", "function") for what in _RESULTS)


def _heads(low: str, label: str) -> bool:
    at = low.find(label)
    while at >= 0:
        line = low[at + len(label) : at + len(label) + 80].split("\n", 1)[0]
        before = low[max(0, at - 24) : at]
        if not before[-1:].isalnum() and (
            any(mark in line for mark in _DELIMITERS)
            or "role" in before
            or any(mark in before[-8:] for mark in "#*[\"'")
        ):
            return True
        at = low.find(label, at + 1)
    return False


class _Translation:
    """What ``str.translate`` does with a table: where all is ASCII, in a tenth of the time."""

    def __init__(self, table: Mapping[int, int | None]) -> None:
        self._table = table
        kept = {code: to for code, to in table.items() if to is not None}
        self._bytes = bytes(kept.get(code, code) for code in range(256))
        self._left_out = bytes(code for code in table if table[code] is None)

    def of(self, low: str) -> str:
        if not low.isascii():
            return low.translate(self._table)
        return low.encode().translate(self._bytes, self._left_out).decode()


_BROKEN, _UNMARKED = _Translation(_BREAKS), _Translation(_MARKS)
_DIGITS, _FORMS = _Translation(_SHORT), _Translation(_FORM)


def _has_foreign(low: str) -> bool:
    return not _FOREIGN.isdisjoint(_BROKEN.of(low).split())


def _has_letters_apart(low: str) -> bool:
    if "\u00b7" in low or "\u2022" in low:
        return True
    spaced = _UNMARKED.of(low)
    if not any(alone in spaced for alone in _ALONE):
        return False
    run = 0
    for word in spaced.split():
        run = run + 1 if len(word) == 1 else 0
        if run == _RUN:
            return True
    return False


def _has_leet(low: str) -> bool:
    if "a0a" not in _FORMS.of(low):
        return False
    if any(tell in low for tell in LEET_TELLS):
        return True
    plain = low.translate(LEET)
    return any(word in plain and plain.count(word) > low.count(word) for word in DISGUISED)


def _has_codes(low: str) -> bool:
    digits = _DIGITS.of(low).replace("  ", " ")
    if "00000000 00000000 000" in digits or "0" * 32 in digits:
        return True
    return "00 " * 9 in digits.replace("000", "00")


_TELLS = (
    _has_controls, _has_carrying_link, _sends_files, _has_title, _has_speaker, _has_result,
    _has_foreign, _has_letters_apart, _has_leet, _has_codes,
)  # fmt: skip


def _long_words(texts: Sequence[str]) -> list[str]:
    """The long words of *texts*, case and all, as far as they are ASCII."""
    together = "\n".join(texts)
    if not together.isascii():
        together = together.encode("ascii", "replace").decode("ascii")
    form = together.translate(_RUNS) + " "
    found: list[str] = []
    at = form.find(_LONG_RUN)
    while at >= 0:
        end = form.index(" ", at)
        found.append(together[at:end])
        at = form.find(_LONG_RUN, end)
    return found


def _is_utf8(data: bytes) -> bool:
    """Whether *data*, which may be cut off, is text of another script."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return error.start >= len(data) - 3
    return True


def _decodes(word: str) -> bool:
    """Whether *word* is made of hex digits of text, or base64 of something like text."""
    word = word[:_LONGEST_CODE].replace("-", "+").replace("_", "/")
    word = word[: len(word) // 4 * 4]
    try:
        data = a2b_base64(word)
    except ValueError:
        return True
    if len(data.translate(None, _NO_ASCII)) * 8 <= len(data) or _is_utf8(data):
        return True
    try:
        data = bytes.fromhex(word[: len(word) // 2 * 2].removeprefix("0x"))
    except ValueError:
        return word.isalnum() and word.isupper() and word.isascii()  # base32
    return len(data.translate(None, _NO_ASCII)) * 8 <= len(data)
