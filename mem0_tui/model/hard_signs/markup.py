"""Markup that hides what it holds from whoever reads the page, but not from a model.

Marker comments of tools (``<!-- prettier-ignore -->``) pass, and so does code that is quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mem0_tui.model.hard_signs.orders import is_order, is_plot, quoted, within
from mem0_tui.model.hard_signs.sign import MARKUP, HardSign

_MARKER = re.compile(
    r"\s*[/#@!]?(?:prettier|eslint|markdownlint|(?:doc)?toc\b|table of contents|begin\b|end\b"
    r"|start\b|stop\b|(?:auto-?)?generated|(?:this|the) (?:file|section|page|table|list|block)"
    r" (?:is|was)|do not edit|copyright|licen[cs]e|spdx|todo|fixme|vale\b|c?spell|textlint"
    r"|badges?\b|more\b|truncate|region|endregion|include\b|template|insert\b|changelog"
    r"|x-release|release"
    r"|all-contrib"
    r"|html-?(?:validate|hint)|ignore\b(?:[ -]\w+)?\s*$|noindex|nav\b|lint|keep\b|omit|readme"
    r"|no-?toc|snippet|docs:"
    r"|md-lint|source_link|nb\b|alternatively|(?:please )?(?:describe|list|explain|link)\b|what\b"
    r"|add (?:an? |any |some )?(?:screenshots?|links?|details|tests?)|hide\b|yaml\b|toml\b"
    r"|json\b|section|ref\b|see\b|embed|markdown)",
    re.IGNORECASE,
)
"""How comments begin that tools read."""
_STYLED = re.compile(
    r"<\w+\b[^<>]{0,300}?(?:(display\s*:\s*none|visibility\s*:\s*hidden"
    r"|font-size\s*:\s*0(?![.\d]*[1-9])"
    r"|opacity\s*:\s*0(?![.\d]*[1-9])|(?:left|top|text-indent)\s*:\s*-\d{3,}|\ssize\s*=\s*[\"']?0\b"
    r"|max-height\s*:\s*0|color\s*:\s*(?P<ink>#?\w+)\s*;\s*background(?:-color)?\s*:\s*(?P=ink)\b)"
    r"|color\s*[:=]\s*[\"']?(?:white|#fff(?:fff)?\b|transparent)|\shidden\b"
    r"|(?:height|width)\s*:\s*[01](?:px)?\s*[;\"'])[^<>]{0,300}>(?P<inner>[^<]{0,1000})",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"^[ \t]*\[(?://|comment|_|#|:)?\w*\]:\s*(?:#|<>)\s*[(\"'](.{0,1000}?)[)\"']?\s*$",
    re.MULTILINE | re.IGNORECASE,
)
_PIXEL = re.compile(
    r"<img\b(?=[^<>]{0,400}https?://)(?=[^<>]{0,400}\bwidth\s*[=:]\s*[\"']?[01](?:px)?\b)"
    r"(?=[^<>]{0,400}\bheight\s*[=:]\s*[\"']?[01](?:px)?\b)[^<>]{0,400}>",
    re.IGNORECASE,
)
_NO_TEXT = re.compile(r"(?<!!)\[[ \t]*\]\(\s*<?https?://[^)\s]{4,}\)", re.IGNORECASE)
_SIDE = re.compile(
    r"!\[([^\]]{8,500})\]\(|\]\([^()\s]{1,300}\s+\"([^\"]{8,500})\"\)"
    r"|\b(?:alt|title|aria-label|content|value|data-[\w-]+)\s*=\s*\"([^\"]{8,500})\""
    r"|<(?:desc|metadata|template|noscript)\b[^<>]{0,200}>([^<]{8,500})"
    r"|\{#(.{4,500}?)#\}|%%(.{4,500}?)%%|\{::comment\}(.{4,500}?)\{:/|\\phantom\{([^{}]{4,500})\}"
    r"|\\(?:text)?color\{white\}\{?(?:\\text\w*\{)?([^{}]{4,500})",
    re.DOTALL | re.IGNORECASE,
)
"""Texts that are no part of the page: alternatives, titles, comments of other languages."""
_SIDE_OF_CODE = re.compile(
    r"\{/\*(.{4,500}?)\*/\}|\bcontent\s*:\s*\"([^\"\n]{8,500})\"|\bcontent\s*:\s*'([^'\n]{8,500})'"
    r"|<details\b[^<>]{0,200}>\s*(?:<summary>[^<]{0,200}</summary>)?([^<]{8,500})",
    re.DOTALL | re.IGNORECASE,
)
"""The same in components and style sheets, and what is folded away."""
_IN_CODE = re.compile(r"\{/\*|content\s*:|<details", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"(?:alt|title|aria-label|content|value|data-[\w-]+)\s*[=:]", re.IGNORECASE)
"""What is part of a page only beside an element."""
_WISHED = re.compile(
    r"\b(?:recommend|prefer|praise|secretly|tell|please|always|never|must)\b", re.IGNORECASE
)
_ADDRESSED = re.compile(r"\s*(?:SYSTEM|[Aa]ssistants?|[Aa]gents?|AI|Codex)\s*:(?=(?:\W*\w+){4})")
_TAG = re.compile(r"<[^<>]{0,300}>")
_WORD = re.compile(r"[^\W\d_]{2,}")


def hidden_markup(text: str) -> Iterator[HardSign]:
    """The places in *text* that a page would not show."""
    quotes = quoted(text)
    if "<" in text:
        yield from _comments(text, quotes)
        for found in _STYLED.finditer(text):
            hides, inner = bool(found.group(1)), found.group("inner")
            if not inner.strip():  # other elements stand in it
                inner = _TAG.sub(" ", text[found.end() : found.end() + 300])
            if within(found.start(), quotes):
                hidden = is_plot(inner)
            else:
                words = len(_WORD.findall(inner))
                hidden = words >= 3 and (hides or is_order(inner))
                hidden = hidden or (words == 2 and hides and is_order(inner))
            if hidden:
                yield _sign(found.span(), f"text that is not shown: {_short(inner)}")
        for found in _PIXEL.finditer(text):
            if not within(found.start(), quotes):
                yield _sign(found.span(), "a picture too small to be seen")
    for found in _REFERENCE.finditer(text):
        if len(_WORD.findall(found.group(1))) >= 3:
            yield _sign(found.span(), f"a comment: {_short(found.group(1))}")
    for found in _NO_TEXT.finditer(text):
        if not within(found.start(), quotes):
            yield _sign(found.span(), "a link without a text")
    sides = [*_SIDE.finditer(text)]
    if _IN_CODE.search(text):
        sides += _SIDE_OF_CODE.finditer(text)
    for found in sides:
        inner = next(filter(None, found.groups()))
        if "<" not in text and _ATTRIBUTE.match(found.group()):
            continue
        addressed = _ADDRESSED.match(inner)
        if is_plot(inner) or (addressed and is_order(inner[addressed.end() :])):
            yield _sign(found.span(), f"text that is not shown: {_short(inner)}")


def _comments(text: str, quotes: list[tuple[int, int]]) -> Iterator[HardSign]:
    start = text.find("<!--")
    while start >= 0:
        end = text.find("-->", start + 4)
        after = end + 3 if end >= 0 else len(text)
        inner = text[start + 4 : end if end >= 0 else len(text)]
        if is_plot(inner):
            hidden = True
        elif within(start, quotes) or _MARKER.match(inner):
            hidden = False
        else:
            hidden = len(_WORD.findall(inner)) >= 3 and (
                is_order(inner) or bool(_WISHED.search(inner))
            )
        if hidden:
            yield _sign((start, after), f"a comment: {_short(inner)}")
        start = text.find("<!--", after)


def _sign(span: tuple[int, int], detail: str) -> HardSign:
    return HardSign(MARKUP, *span, detail)


def _short(text: str) -> str:
    return f"«{' '.join(text.split())[:60]}»"
