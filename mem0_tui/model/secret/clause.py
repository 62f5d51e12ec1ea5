"""The clause behind a noun such as password: what it links to it, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from mem0_tui.model.late_pattern import late
from mem0_tui.model.secret.hit import PROSE, Hit
from mem0_tui.model.secret.judging import bare, is_secret
from mem0_tui.model.secret.nouns import ODD, WIFI, WORDY, kind_of
from mem0_tui.model.secret.strength import is_phrase, repeats_user

_WORD = late(r"[^\s]+")
_END = late(r"[.!?](?=\s|$)|\n\s*\n")
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
_CHANGED = late(
    r"(?i)\b(?:set|change[ds]?|reset|rotate[ds]?|update[ds]?|switch(?:ed)?|moved?|from)\b"
)
_ENTERING = late(r"log|sign|auth")
_PLACES = frozenset(["from", "via", "into", "onto", "on", "to", "at", "in"])
_QUOTES = late(
    r"`([^`\n]{3,200})`|\"([^\"\n]{3,200})\"|(?<![A-Za-z])'([^'\n]{3,200})'(?![A-Za-z])|“([^”\n]{3,200})”|‘([^’\n]{3,200})’|«\s?([^»\n]{3,200}?)\s?»|„([^“”\n]{3,200})[“”]"
)
_REACH = 160
_BEFORE = 60
"""Characters before the noun that may say that it was changed: «we set its password to …»."""
_ASIDE = late(r" \((?![^)]*\d)[^()\n]{1,24}\)(?= \S)")
"""What is said in brackets right behind the noun, and is no secret itself."""
_PHRASE = late(
    r"([a-zäöüß](?:[^\W\d_]{2,11}[ \-]){3,7}[^\W\d_]{3,12})(?=[.,;!]?(?:\s*$|\s*\n|[.,;!]\s))"
)
_HASH = late(r"(?i)hash|digest|sha|checksum|commit|fingerprint|revision|etag")
_BESIDE = frozenset(" \t\n:,\"'`”’)*→–—-")
"""What may follow a noun directly."""


def secrets_after(text: str, found: re.Match[str]) -> Iterator[Hit]:
    """What the clause behind the noun tells."""
    clause = _clause_behind(text, found)
    return iter(()) if clause is None else clause.secrets()


def _clause_behind(text: str, found: re.Match[str]) -> _Clause | None:
    """The clause behind the noun; None where it can tell nothing."""
    noun, word, begin = found.lastgroup or "", found.group().lower(), found.end()
    if text[begin : begin + 1] not in _BESIDE:
        return None  # part of a name or of code: that is for the layer before
    if text[begin : begin + 1] == ":" and text[begin + 1 : begin + 2].isalnum():
        return None
    reach = min(len(text), begin + _REACH)
    stop = _END.search(text, begin, reach)
    end = stop.start() + 1 if stop else reach
    if noun == "key" and WIFI.search(text[max(0, found.start() - 80) : begin + 20]):
        noun = "password"
    wordy = noun == "pin" or (bool(WORDY.search(word)) and word != "pass")
    if not wordy and not ODD.search(text, begin, min(len(text), end + 40)):
        return None
    strong = " " in word or "-" in word
    strong = strong or (word == "secret" and not _HASH.search(text, begin, reach))
    aside = _ASIDE.match(text, begin)
    return _Clause(
        text=text,
        before=max(0, found.start() - _BEFORE),
        begin=aside.end() if aside else begin,
        end=end,
        noun=noun,
        word=word,
        strong=strong,
        wordy=wordy,
        many=word.endswith("s") or "from" in text[begin:end],
    )


@dataclass(frozen=True, slots=True)
class _Clause:
    """What stands behind a noun such as password."""

    text: str
    """The whole text."""
    before: int
    """Where what may say that the noun was changed begins."""
    begin: int
    end: int
    noun: str
    """Its kind: password, pin, key and the like."""
    word: str
    """The noun as it is written, in small letters."""
    strong: bool
    """Whether it is such that its value is a secret without further signs."""
    wordy: bool
    """Whether its value may be a mere word."""
    many: bool
    """Whether it may tell several."""

    def secrets(self) -> Iterator[Hit]:
        """What it links to the noun, word by word."""
        kind, told, previous = kind_of(self.word), False, list[str]()
        for value, sure, linked, word in self._words(previous):
            if sure and "phrase" in self.word and (phrase := self._phrase(value)):
                yield Hit(*phrase, kind, PROSE)
                return
            if value.text.lower().rstrip(":") in _PASSED:
                previous.append(value.text.lower())
                continue
            if value.text and (linked or value.quoted):
                if self._is_secret(value, sure):
                    yield Hit(value.at, value.at + len(value.text), kind, PROSE)
                    told = True
                    if not self.many:
                        return
            elif told and not self.many:
                return
            previous.append(word.lower().strip("\"'`*,("))
            if len(previous) > (22 if self.noun == "pin" else 18):
                return
            if word.endswith(";") and not told:
                previous.append(";")

    def _words(self, previous: list[str]) -> Iterator[tuple[_Value, bool, bool, str]]:
        """Each word: what it gives, whether so surely that a mere word counts, whether it is
        linked to the noun by the *previous* ones, and the word itself."""
        quotes = {span.start(): span for span in _QUOTES.finditer(self.text, self.begin, self.end)}
        skip = self.begin
        for each in _WORD.finditer(self.text, self.begin, self.end):
            word = each.group()
            if each.start() < skip:
                continue
            linked, sure = _linked(previous, self.text[self.before : each.start()], self.noun)
            if self._is_place(previous):
                linked, sure = False, False
            elif self.noun == "key" and len(word) > 16 and self._is_apposed(each.start()):
                linked = True
            if self.noun == "key" and word[0] == "(" and len(word) > 18:
                linked = True  # the key for the maps (…)
            if "…" in word or "[" in word:
                return  # masked already, or a place to be filled in
            near = range(each.start(), min(each.start() + 3, each.end()))
            quote = next((quotes[at] for at in near if at in quotes), None)
            if quote is None:
                bared = bare(word)
                at = each.start() + (word.index(bared) if bared else 0)
                value = _Value(bared, at, each.start(), quoted=False)
                if not bared and word == ",":
                    continue
            else:
                inner = next(group for group in range(1, 8) if quote.group(group) is not None)
                value = _Value(quote.group(inner), quote.start(inner), each.start(), quoted=True)
                skip = quote.end()
            yield value, sure, linked, word

    def _is_place(self, previous: list[str]) -> bool:
        """Whether where one logs in, or with whose help, stands behind the *previous* words."""
        if not _ENTERING.match(self.word):
            return False
        if not previous:
            return self.word.endswith(("into", "onto"))
        return previous[-1] in _PLACES

    def _is_apposed(self, at: int) -> bool:
        """Whether what begins at *at* stands behind a comma."""
        return self.text[self.begin : at].rstrip().endswith(",")

    def _phrase(self, value: _Value) -> tuple[int, int] | None:
        found = _PHRASE.match(self.text, value.word_at)
        return found.span(1) if found and is_phrase(found.group(1)) else None

    def _is_secret(self, value: _Value, sure: bool) -> bool:
        if " " in value.text and not sure and self.text[value.at - 1] == "`":
            return False  # a command
        last = _ends_clause(self.text, value.at + len(value.text))
        return is_secret(
            value.text,
            noun=self.noun,
            strong=self.strong,
            quoted=value.quoted,
            sure=sure and last and self.wordy,
        ) and not repeats_user(self.text, value.at, value.text)


class _Value(NamedTuple):
    """What one word of a clause gives."""

    text: str
    at: int
    """Where in the whole text it begins."""
    word_at: int
    """Where its word begins, with what surrounds it."""
    quoted: bool


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
        return True, noun == "password"
    if last in _VERB:
        negated = any(word in ("not", "never", "isn't", "no") for word in previous[-2:])
        return not negated, not negated and close and last not in ("=", "are", "be", "become")
    if last in ("and", "then", ",", "or", "/") and noun != "key":
        return True, False
    return (last in _LINK or at < 0), False


def _ends_clause(text: str, at: int) -> bool:
    rest = text[at : at + 12].lstrip("\"'`”’*)")
    return (
        not rest
        or rest[0] in ".,;\n!?—–("
        or bool(
            re.match(
                r" (?:on|for|in|at|and|to|\(|since|until|now|last|this|yesterday|today)\b", rest
            )
        )
    )
