"""The clause behind a noun such as password: what it links to it, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mem0_tui.model.secret.hit import PROSE, Hit
from mem0_tui.model.secret.judging import bare, is_secret
from mem0_tui.model.secret.nouns import ODD, WIFI, WORDY, kind_of
from mem0_tui.model.secret.strength import is_phrase, repeats_user

_WORD = re.compile(r"[^\s]+")
_END = re.compile(r"[.!?](?=\s|$)|\n\s*\n")
_LINK = frozenset(
    ["is", "was", "are", "were", "be", "become", "becomes", "became", "remains", "stays", "reads", "equals", "it's", "that's", "its", "it", "now", "still", "to", "as", "=", ":", ":=", "=>", "→", "->", "–", "—", "-", "using", "uses", "use", "used", "called", "has", "got", "gets", "say", "says", "said", "write", "wrote", "enter", "type", "typed", "paste", "pasted", "provide", "supply", "give", "send", "ist", "lautet", "war", "es", "est", "é", "es:", "will", "at", "into", "'is", "via", "with"]
)  # fmt: skip
_VERB = frozenset(
    "is was are be becomes became remains stays reads equals lautet ist est é es = : → -> it's".split()  # noqa: SIM905
)
_PASSED = frozenset(
    ["now", "still", "currently", "always", "just", "simply", "really", "actually", "literally", "only", "set", "changed", "reset", "rotated", "the", "a", "an", "been", "to", "back", "again", "probably", "apparently", "maybe", "temporarily", "also", "this:", "following:", "exactly", "value", "string", "like", "namely", "per", "default", "und", "jetzt", "same", "old", "new", "user", "password", "pass", "pw", "login", "literal", "plain", "one", "called", "named", "updated", "switched"]
)  # fmt: skip
_ARTICLES = frozenset(["a", "an", "the", "this", "like", "one"])
_CHANGED = re.compile(
    r"(?i)\b(?:set|change[ds]?|reset|rotate[ds]?|update[ds]?|switch(?:ed)?|moved?|from)\b"
)
_QUOTES = re.compile(
    r"`([^`\n]{3,200})`|\"([^\"\n]{3,200})\"|(?<![A-Za-z])'([^'\n]{3,200})'(?![A-Za-z])|“([^”\n]{3,200})”|‘([^’\n]{3,200})’|«\s?([^»\n]{3,200}?)\s?»|„([^“”\n]{3,200})[“”]"
)
_REACH = 160
_BEFORE = 60
"""Characters before the noun that may say that it was changed: «we set its password to …»."""
_ASIDE = re.compile(r" \((?![^)]*\d)[^()\n]{1,24}\)(?= \S)")
"""What is said in brackets right behind the noun, and is no secret itself."""
_PHRASE = re.compile(r"((?:[a-z]{3,12}[ \-]){3,7}[a-z]{3,12})(?=[.,;!]?(?:\s*$|\s*\n|[.,;!]\s))")
_HASH = re.compile(r"(?i)hash|digest|sha|checksum|commit|fingerprint|revision|etag")
_BESIDE = frozenset(" \t\n:,\"'`”’)*→–—-")
"""What may follow a noun directly."""


def secrets_after(text: str, found: re.Match[str]) -> Iterator[Hit]:
    """What the clause behind the noun tells."""
    noun, word = found.lastgroup or "", found.group().lower()
    begin = found.end()
    if text[begin : begin + 1] not in _BESIDE:
        return  # part of a name or of code: that is for the layer before
    if text[begin : begin + 1] == ":" and text[begin + 1 : begin + 2].isalnum():
        return
    stop = _END.search(text, begin, begin + _REACH)
    end = stop.start() + 1 if stop else min(len(text), begin + _REACH)
    if noun == "key" and WIFI.search(text[max(0, found.start() - 40) : found.start()]):
        noun = "password"
    strong = " " in word or "-" in word
    if word == "secret" and not _HASH.search(text, begin, min(len(text), begin + _REACH)):
        strong = True
    wordy = noun == "pin" or (bool(WORDY.search(word)) and word != "pass")
    kind = kind_of(word)
    many = word.endswith("s") or "from" in text[begin:end]
    told = False
    if not wordy and not ODD.search(text, begin, min(len(text), end + 40)):
        return
    if aside := _ASIDE.match(text, begin):
        begin = aside.end()
    quotes = {span.start(): span for span in _QUOTES.finditer(text, begin, end)}
    skip = begin
    previous: list[str] = []
    for each in _WORD.finditer(text, begin, end if end < len(text) else len(text)):
        if each.start() < skip:
            continue
        quote = next(
            (
                quotes[at]
                for at in range(each.start(), min(each.start() + 3, each.end()))
                if at in quotes
            ),
            None,
        )
        linked, sure = _linked(previous, text[max(0, found.start() - _BEFORE) : each.start()], noun)
        if noun == "key" and each.group()[0] == "(" and len(each.group()) > 18:
            linked = True  # the key for the maps (…)
        if "…" in each.group() or "[" in each.group():
            return  # masked already, or a place to be filled in
        if quote is not None:
            inner = next(group for group in range(1, 8) if quote.group(group) is not None)
            value, at = quote.group(inner), quote.start(inner)
            skip = quote.end()
            quoted = True
        else:
            value, quoted = bare(each.group()), False
            at = each.start() + each.group().index(value) if value else each.start()
        if not value and quote is None and each.group() == ",":
            continue
        phrase = _PHRASE.match(text, each.start()) if sure and "phrase" in word else None
        if phrase and is_phrase(phrase.group(1)):
            yield Hit(phrase.start(1), phrase.end(1), kind, PROSE)
            return
        if value.lower().rstrip(":") in _PASSED:
            previous.append(value.lower())
            continue
        if value and (linked or (quoted and linked is not None)):
            last = _ends_clause(text, at + len(value))
            if is_secret(
                value, noun=noun, strong=strong, quoted=quoted, sure=sure and last and wordy
            ) and not repeats_user(text, at, value):
                yield Hit(at, at + len(value), kind, PROSE)
                told = True
                if not many:
                    return
        elif told and not many:
            return
        previous.append(each.group().lower().strip("\"'`*,("))
        if len(previous) > 22 or (noun != "pin" and len(previous) > 18):
            return
        if each.group().endswith((";",)) and not told:
            previous.append(";")


def _linked(previous: list[str], between: str, noun: str) -> tuple[bool, bool]:
    """Whether what follows these words is linked to the noun; and whether so closely that a mere
    word counts."""
    if not previous:
        return True, between.rstrip().endswith((":", "->", "→"))
    at = len(previous) - 1
    while at >= 0 and previous[at].rstrip(":") in _PASSED and previous[at] not in ("to",):
        at -= 1
    last = previous[at] if at >= 0 else ""
    close = not _ARTICLES.intersection(previous[at + 1 :])
    if last.endswith(":"):
        return True, noun in ("password", "pin")
    if last == "to":
        changed = bool(_CHANGED.search(between)) or noun in ("password",) and "from" in between
        return changed, changed and noun == "password"
    if last == "from" and _CHANGED.search(between):
        return True, False
    if last in _VERB:
        negated = any(word in ("not", "never", "isn't", "no") for word in previous[-4:])
        return not negated, not negated and close and last not in ("=", "are", "be", "become")
    if last in ("and", "then", ",", "or", "/") and noun != "key":
        return True, False
    return (last in _LINK or at < 0), False


def _ends_clause(text: str, at: int) -> bool:
    rest = text[at : at + 12].lstrip("\"'`”’*)")
    return (
        not rest
        or rest[0] in ".,;\n!?—–("
        or bool(re.match(r" (?:on|for|in|at|and|\(|since|until|now)", rest))
    )
