"""Orders that only a machine reads: base64, hex, percent signs, character codes, rot13.

What comes out must be language that speaks to a reader: encoded names, fixtures, pictures, digests
and tokens are no sign.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote

from mem0_tui.model.hard_signs.orders import is_language, is_order, is_plot, is_wish
from mem0_tui.model.hard_signs.prefilter import ROT13, ROT13_WORDS
from mem0_tui.model.hard_signs.sign import ENCODED, HardSign

_BASE64 = re.compile(
    r"(?<![\w+/-])[A-Za-z0-9+/_-]{16,}(?:\s*\n\s*[A-Za-z0-9+/_-]{8,})*={0,2}(?![A-Za-z0-9+/_-])"
)
_HEX = re.compile(r"(?<![\w])(?:0x)?((?:[0-9A-Fa-f]{2}){10,})(?![\w])")
_HEX_PAIRS = re.compile(
    r"(?<!\w)(?:(?:0x)?[0-9A-Fa-f]{2}[\s,:;]{1,3}){9,}(?:0x)?[0-9A-Fa-f]{2}(?!\w)"
)
_BITS = re.compile(r"(?<!\w)(?:[01]{8}[\s,]{0,3}){9,}(?!\w)")
_CODES = re.compile(r"(?<!\w)(?:\d{2,3}[\s,;]{1,3}){9,}\d{2,3}(?!\w)")
_ESCAPE = re.compile(
    r"\\x([0-9A-Fa-f]{2})|\\u00([0-9A-Fa-f]{2})|%([0-9A-Fa-f]{2})|&#x([0-9A-Fa-f]{2});"
    r"|&#([0-9]{2,3});"
)
_ESCAPED = re.compile(
    r"(?:\S{0,200}?(?:\\x[0-9A-Fa-f]{2}|\\u00[0-9A-Fa-f]{2}|%[0-9A-Fa-f]{2}|&#x?[0-9A-Fa-f]{2,3};)"
    r"\S{0,2000}\s?)+"
)
_BASE32 = re.compile(r"(?<![\w+/])[A-Z2-7]{16,}={0,6}(?![\w+/=])")
_CALL = re.compile(
    r"\b(?:fetch|sendBeacon|curl|wget|urlopen|requests|axios|system|exec|eval|iwr|Invoke-\w+)\b"
    r"[^\n]{0,200}\bhttps?://",
)
"""Code that calls another machine, which nobody encodes for its looks."""
_WORD = re.compile(r"[A-Za-z]{2,}")
_SENTENCE, _FEW = 5, 3
"""Words of what nobody encodes for a test, and of what nobody spells in numbers."""
_FEWEST_LETTERS = 8
_FIXTURE = re.compile(
    r"(?<!\.)\b(?:hello|lorem|quick brown|tests?|testing|examples?|sample|foo|bar|dummy)\b",
    re.IGNORECASE,
)
_LONGEST = 4_000
"""Characters of one code that are decoded."""
_DEEPEST = 2
"""How often a code may hold another."""


def encoded_orders(text: str) -> Iterator[HardSign]:
    """The places in *text* that hold an order in a code."""
    for found in _BASE64.finditer(text):
        if order := _of_base64(found.group()):
            yield _sign(found.span(), "base64", order)
    for found in _BASE32.finditer(text):
        if order := _of_base32(found.group()):
            yield _sign(found.span(), "base32", order)
    for pattern, name, decode in _LISTS:
        for found in pattern.finditer(text):
            decoded = decode(found.group()[:_LONGEST])
            spelled = name != "hex" or " " in found.group()
            legible = spelled and is_language(decoded) and _is_long(decoded, _FEW)
            order = decoded if legible else _order_in(decoded)
            if order:
                yield _sign(found.span(), name, order)
    yield from _escaped(text)
    yield from _rotated(text)


def _sign(span: tuple[int, int], name: str, order: str) -> HardSign:
    return HardSign(ENCODED, *span, f"{name}, which says «{' '.join(order.split())[:80]}»")


def _order_in(decoded: str, depth: int = 0) -> str:
    """*decoded* if it is an order, or the order that is encoded in it; else empty."""
    if is_language(decoded) and (is_wish(decoded) or _is_long(decoded)):
        return decoded
    if decoded.isprintable() and _CALL.search(decoded):
        return decoded
    if depth < _DEEPEST and len(decoded) >= 16 and decoded.isascii():
        inner = _BASE64.search(decoded)
        return _of_base64(inner.group(), depth + 1) if inner else ""
    return ""


def _is_long(decoded: str, fewest: int = _SENTENCE) -> bool:
    """Whether *decoded* is a sentence, of any language, that nobody encodes for a test."""
    return len(decoded.split()) >= fewest and not _FIXTURE.search(decoded)


def _of_base64(code: str, depth: int = 0) -> str:
    for written in dict.fromkeys(("".join(code.split()), code.split()[0])):
        plain = written.rstrip("=")[:_LONGEST].replace("-", "+").replace("_", "/")
        plain = plain[:-1] if len(plain) % 4 == 1 else plain
        try:
            data = binascii.a2b_base64(plain + "=" * (-len(plain) % 4))
        except ValueError:
            continue
        if order := _order_in(_text(data), depth):
            return order
    return ""


def _of_base32(code: str) -> str:
    plain = code.rstrip("=")[:_LONGEST]
    try:
        return _order_in(_text(base64.b32decode(plain + "=" * (-len(plain) % 8))))
    except ValueError:
        return ""


def _text(data: bytes) -> str:
    """What *data* says, empty where it is no text."""
    codec = "utf-16-le" if data[1::2].count(0) * 4 > len(data) else "utf-8"
    try:
        return data.decode(codec)
    except ValueError:
        return ""


def _of_hex(code: str) -> str:
    digits = re.sub(r"0x|[^0-9A-Fa-f]", "", code)
    return _text(bytes.fromhex(digits[: len(digits) // 2 * 2]))


def _of_bits(code: str) -> str:
    bits = re.sub(r"[^01]", "", code)
    return _text(bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) - 7, 8)))


def _of_codes(code: str) -> str:
    numbers = [int(number) for number in re.findall(r"\d+", code)]
    return "".join(map(chr, numbers)) if all(9 <= number < 127 for number in numbers) else ""


_LISTS: tuple[tuple[re.Pattern[str], str, Callable[[str], str]], ...] = (
    (_HEX, "hex", _of_hex),
    (_HEX_PAIRS, "hex", _of_hex),
    (_BITS, "binary", _of_bits),
    (_CODES, "character codes", _of_codes),
)


def _escaped(text: str) -> Iterator[HardSign]:
    """Letters that are written as escapes, which nobody needs, and orders with escaped blanks."""
    if not any(mark in text for mark in ("\\x", "\\u00", "%", "&#")):
        return
    for found in _ESCAPED.finditer(text):
        letters = sum(_character(escape).isalpha() for escape in _ESCAPE.finditer(found.group()))
        plain = unquote(_ESCAPE.sub(_character, found.group()))
        spelled = letters >= _FEWEST_LETTERS and is_language(plain)
        if spelled or (letters >= 4 and is_order(plain)) or is_plot(plain):
            yield _sign(found.span(), "escapes", plain)


def _character(escape: re.Match[str]) -> str:
    decimal = escape.group(5)
    code = int(decimal) if decimal else int(next(filter(None, escape.groups())), 16)
    return chr(code) if code < 128 else escape.group()


def _rotated(text: str) -> Iterator[HardSign]:
    """A stretch with three words or more that are English thirteen letters further on."""
    words = [found for found in _WORD.finditer(text) if found.group().lower() in ROT13_WORDS]
    if len({word.group().lower() for word in words}) < 3:
        return
    start, end = words[0].start(), words[-1].end()
    yield _sign((start, end), "rot13", text[start:end].translate(ROT13))
