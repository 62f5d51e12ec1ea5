"""The third layer: a value that is given to a name: in settings, code, headers, on a command line.

The name says how much its value must look like one: any text can be a password, but a key or a
token is drawn by chance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mem0_tui.model.late_pattern import late
from mem0_tui.model.secret.form import (
    is_digest,
    is_known,
    is_name,
    is_random,
    is_stand_in,
)
from mem0_tui.model.secret.hit import ASSIGNED, Hit
from mem0_tui.model.secret.kind import kind_of
from mem0_tui.model.secret.memorable import is_coined
from mem0_tui.model.secret.naming import (
    CAMEL,
    Naming,
    is_no_secret,
    is_weak,
    may_name,
    naming_of,
)
from mem0_tui.model.secret.strength import is_known_word, is_phrase, is_strong, repeats_user

_NAMED = late(
    r"(?<![\w.\-])(?P<name>[\w.\-]++)(?:[\"'`]|\\\")?\]?\??(?:\[[\"']?(?P<index>[\w\-]*)[\"']?\])?(?:\s?\([\w ,]{1,24}\))?"
    r"\*{0,2}(?P<sign>\s{0,3}(?:=>|:=|\?=|=(?![=>~])|:(?![:=/]))\s{0,3})\*{0,2}\s?"
)
_QUOTED = late(r"(?P<q>\\?[\"']|`|“|‘|„|«)(?P<value>[^\n]{0,500}?)(?:\\?[\"'”’“»]|`)")
_BARE = late(r"[^\s\"'`,;|<>(){}\[\]]{1,500}(?:[({\[<][^\s,;]{0,200})?")
_IN_QUERY = late(r"[^\s\"'`,;|<>(){}\[\]&#]{1,500}")
_TRAILING = late(r"[.:?]+$|\\[nrt].*$|(?<=\w)\*+$|\\+$")


_BESIDE = late(
    r"\b(?:[A-Z][A-Z0-9_]*_(?P<word>TOKEN|KEY|SECRET|PASSWORD|PASSWD|PASS|PW)"
    r"|[A-Z]{2,8}(?P<joined>PASSWORD|PASSWD)"
    r"|[a-z]+(?P<camel>Password|Passwd|Secret|Token))(?:(?: --body| -b)? [\"']?|`? ?\| ?`?)"
    r"(?P<value>[^\s\"'`(){}<>\[\]]{8,200})"
)
"""A variable's name, and its value beside it."""
_NAMES_BESIDE = (
    "_TOKEN ", "_KEY ", "_SECRET ", "_PASS ", "_PW ", "_TOKEN`", "_KEY`", "_SECRET`", "_PASS`", "_PW`",
)  # fmt: skip
_PASSWORDS_BESIDE = ("PASSWORD ", "PASSWD ", "Password ", "Passwd ", "PASSWORD`", "PASSWD`")
"""How such a name ends: what has none of them need not be searched."""


def find(text: str, lower: str, *, password: bool) -> Iterator[Hit]:
    """The values in *text*, which is *lower* in lower case and speaks of a *password* or of other
    secrets, that are given to a name that says that they are secret."""
    if ("=" in text or ":" in text) and (password or may_name(lower)):
        for found in _NAMED.finditer(text):
            names = (found["name"], found["index"] or "")
            naming = next(filter(None, map(naming_of, names)), None)
            hit = _named(text, found, naming) if naming is not None else None
            if hit is not None:
                yield hit
    if not (
        ("_" in text and any(map(text.__contains__, _NAMES_BESIDE)))
        or (password and any(map(text.__contains__, _PASSWORDS_BESIDE)))
        or "Secret " in text
        or "Token " in text
    ):
        return
    for found in _BESIDE.finditer(text):
        value = found["value"].rstrip(".,;:")
        word = found["word"] or found["joined"] or found["camel"].upper()
        if is_stand_in(value) or is_digest(value):
            continue
        if is_strong(value) if word.startswith(("PASS", "PW")) else is_random(value, 16):
            at = found.start("value")
            yield Hit(at, at + len(value), kind_of(word.lower()), ASSIGNED)


def _named(text: str, found: re.Match[str], naming: Naming) -> Hit | None:
    sign, name, password = found["sign"].strip(), naming.name, naming.password
    context = text[max(0, found.start() - 20) : found.start()]
    if is_no_secret(name, context) or _in_arn(text, found.start()):
        return None
    if naming.word == "string" and not re.search(r"(?i)connection[ _\-]?string$", context + name):
        return None
    spoken = re.search(
        r"(?i)(?:api|access|secret|auth|private|signing|encryption|master|license|client|deploy|bot|bearer) ?$",
        context,
    )
    value = _value(text, found)
    if value is None:
        return None
    start, end, quoted = value
    given = text[start:end]
    if (quoted and _VARIABLE.search(found["sign"]) and is_name(given)) or given in _KEYWORDS:
        return None
    weak = is_weak(naming) and not spoken
    if naming.word == "pin":
        return Hit(start, end, "PIN", ASSIGNED) if _PIN.fullmatch(given) else None
    if naming.inside and not _has_form(given, password=password):
        return None
    sure = quoted or (bool(naming.before) and _is_line(text, found.start(), end))
    sure = sure or (name.isupper() and "_" in name and bool(_WORDS.fullmatch(given)))
    if not _is_secret(given, password=password, weak=weak, quoted=sure, sign=sign):
        return None
    if not quoted and _code_around(text, found.start(), end, given, sign):
        return None
    if password and (repeats_user(text, start, given) or _is_default(text, found.start(), given)):
        return None
    if password and is_name(given) and _AN_EXAMPLE.match(text, end):
        return None
    return Hit(start, end, kind_of(f"{spoken.group() if spoken else ''}{name}"), ASSIGNED)


_PIN = late(r"(?!(?:19|20)\d\d$)(?!(\d)\1+$)\d{4,8}")


def _has_form(value: str, *, password: bool) -> bool:
    """Whether *value* is a secret by its form, where its name alone does not say so."""
    if password:
        return is_strong(value) or is_coined(value)
    return is_random(value, 12)


def _is_line(text: str, start: int, end: int) -> bool:
    """Whether a name that begins at *start* and its value that ends at *end* are a line."""
    begin = text.rfind("\n", 0, start) + 1
    return not text[begin:start].strip(" \t-") and text[end : end + 1] in ("", "\n", "\r")


def _in_arn(text: str, at: int) -> bool:
    token = re.split(r"[\s\"'=]", text[max(0, at - 120) : at])[-1]
    return token.startswith("arn:")


def _value(text: str, found: re.Match[str]) -> tuple[int, int, bool] | None:
    at = found.end()
    quoted = _QUOTED.match(text, at)
    if quoted:
        opening = quoted["q"]
        close = {"“": "”", "‘": "’", "„": "“", "«": "»"}.get(opening, opening)
        end = text.find(close, quoted.start("value"))
        if end < 0 or "\n" in text[quoted.start("value") : end]:
            return None
        return (quoted.start("value"), end, True) if end > quoted.start("value") else None
    in_query = found.start() > 0 and text[found.start() - 1] in "?&"
    bare = (_IN_QUERY if in_query else _BARE).match(text, at)
    if not bare:
        return None
    value = bare.group()
    trailing = _TRAILING.search(value)
    end = bare.start() + (trailing.start() if trailing else len(value))
    return (bare.start(), end, False) if end > bare.start() else None


def _is_secret(value: str, *, password: bool, weak: bool, quoted: bool, sign: str) -> bool:
    if len(value) > 400 or is_stand_in(value):
        return False
    if not password:
        if " " in value or is_known(value) or (is_digest(value) and (weak or len(value) < 20)):
            return False
        return is_random(value, 16 if weak else 8)
    if " " in value:
        return quoted and is_phrase(value)
    if not quoted and _LOOKS_LIKE_CODE.search(value):
        return False
    if sign == ":" and not quoted:
        return is_strong(value)
    if len(value) < 3 or (value.isdigit() and len(value) < 4) or is_known_word(value):
        return False
    return quoted or not (is_name(value) and ("_" in value or CAMEL.fullmatch(value)))


_VARIABLE = late(r"\s:$")
"""The sign before the name of a variable of psql: ``PASSWORD :'name'``."""
_WORDS = late(r"[A-Z][a-z]+(?:_[A-Za-z][a-z]+){2,}")
"""What is no constant and no variable: ``Train_to_Oslo``."""
_KEYWORDS = frozenset(
    ["await", "async", "new", "yield", "lambda", "return", "function", "typeof", "try", "match"]
)
"""With which code goes on that computes the value."""
_AN_EXAMPLE = late(
    r"[\"'`]{0,2} (?:is|was|being) (?:just |only )?(?:the|an|our) (?:documented )?example\b"
)
_LOOKS_LIKE_CODE = late(r"[(\[{]|^[a-z_]+\.[a-z_.]+$|^\.|^-{1,2}[a-z]|\|\|")


def _code_around(text: str, start: int, end: int, value: str, sign: str) -> bool:
    """Whether a bare *value* stands in code, where a word is a variable."""
    after = text[end : end + 1]
    before = text[max(0, start - 1) : start]
    in_call = before in ("(", "{") or text[max(0, start - 2) : start] in (", ", "{ ")
    if in_call and (after in ")},(" or not after) and is_name(value) and sign != ":":
        return True
    return after in ("(", "[") or (text[end : end + 2] == "::")


def _is_default(text: str, start: int, value: str) -> bool:
    before = text[max(0, start - 24) : start].lower()
    return ("default" in before or "example" in before or "e.g." in before) and is_name(value)
