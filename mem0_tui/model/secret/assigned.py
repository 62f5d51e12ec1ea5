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
    is_placeholder,
    is_random,
    is_reference,
)
from mem0_tui.model.secret.hit import ASSIGNED, Hit
from mem0_tui.model.secret.kind import kind_of
from mem0_tui.model.secret.strength import is_known_word, is_phrase, is_strong, repeats_user

_PASSWORDS = (
    "password", "passwd", "passwort", "passord", "passphrase", "passcode", "pwd", "pass", "kennwort",
    "contraseña", "contrasena", "senha", "wachtwoord", "passe", "psk", "pw", "pass_phrase",
)  # fmt: skip
_KEYS = (
    "key", "secret", "token", "credential", "credentials", "cred", "creds", "bearer", "jwt", "pat",
    "cookie", "salt", "pepper", "otp", "authorization", "apikey", "sas", "string", "seed", "mnemonic",
)  # fmt: skip
_ENDS = (*_PASSWORDS, *_KEYS)
_SHORT = frozenset(
    (
        "pass",
        "key",
        "pat",
        "sas",
        "pw",
        "pwd",
        "psk",
        "otp",
        "salt",
        "cred",
        "string",
        "seed",
        "passe",
    )
)
"""Endings that other words have as well: there they must begin a part of the name."""
_COMPOUND = late(
    r"(?i)(?:api|access|secret|private|auth|master|account|license|client|service|admin|storage|encryption"
    r"|signing|root|user|db|database|smtp|ftp|mail|imap|ldap|sudo|mysql|pg|redis|rabbitmq|app|my|wifi|vpn)"
    r"(?:key|pass|pat|pw|pwd|otp|salt|cred)$"
)
_NAMED = late(
    r"(?<![\w.\-])(?P<name>[\w.\-]++)(?:[\"'`]|\\\")?\]?\??(?:\[[\"']?(?P<index>[\w\-]*)[\"']?\])?(?:\s?\([\w ,]{1,24}\))?"
    r"\*{0,2}(?P<sign>\s{0,3}(?:=>|:=|\?=|=(?![=>~])|:(?![:=/]))\s{0,3})\*{0,2}\s?"
)
_CAMEL = late(r"[A-Za-z0-9]*[a-z0-9](?:Password|Passwd|Pwd|Passphrase|Secret|Token|Key|Pass)$")
_WEAK_NAME = late(r"(?i)(?:^|[_.\-])(?:key|token|cookie|salt|otp|pass|pw|pat|sas|pin)$")
_NO_NAME = late(
    r"""(?xi) (?:^|[_.\-\s]|(?<=[a-z]))(?:
        (?:next|prev|previous|page|paging|pagination|continuation|continue|sync|resume|cursor|csrf|xsrf
          |idempotency|request|cancel|cancellation|max|min|num|total|input|output|prompt|completion
          |design|eos|bos|pad|stop|special|lexer|device|correlation|trace|fencing|lock|end|start|sep|mask|unk
          |change|context|reasoning|cached|budget)[_\-\s]?tokens?
      | (?:public|primary|foreign|cache|sort|partition|composite|unique|idempotency|object|row|map|dict
          |hash|shard|routing|lookup|natural|surrogate|candidate|group|order|json|metadata|config|index
          |registry|translation|i18n|react|join|dedupe|dedup|session_cache|bucket|s3|hot|arrow|shortcut|message
          |storage_object|trace|span|redis|host|known_hosts|gpg|pgp|ssh_public|verify|verification|kms|parent
          |event|item|query|state|list|record|user_id|id|publishable|anon|site)[_\-\s]?key
      | compass | bypass | encompass | trespass | surpass | (?:by|all)[_-]?pass | (?:first|second|single|multi|two|one|render|low|high|band|forward|backward|tests?|all|must|will|should|did|to)[_\-\s]pass
      )$"""
)
_QUOTED = late(r"(?P<q>\\?[\"']|`|“|‘|„|«)(?P<value>[^\n]{0,500}?)(?:\\?[\"'”’“»]|`)")
_BARE = late(r"[^\s\"'`,;|<>(){}\[\]]{1,500}(?:[({\[<][^\s,;]{0,200})?")
_IN_QUERY = late(r"[^\s\"'`,;|<>(){}\[\]&#]{1,500}")
_TRAILING = late(r"[.:?]+$|\\[nrt].*$|(?<=\w)\*+$|\\+$")


_BESIDE = late(
    r"\b(?:[A-Z][A-Z0-9_]*_(?P<word>TOKEN|KEY|SECRET|PASSWORD|PASSWD|PASS|PW)"
    r"|[A-Z]{2,8}(?P<joined>PASSWORD|PASSWD)"
    r"|[a-z]+(?P<camel>Password|Passwd|Secret|Token))(?: --body| -b)? [\"']?"
    r"(?P<value>[^\s\"'`(){}<>\[\]]{8,200})"
)
"""A variable's name, and its value beside it."""
_NAMES_BESIDE = (
    "_TOKEN ", "_KEY ", "_SECRET ", "PASSWORD ", "PASSWD ", "_PASS ", "_PW ", "Password ",
    "Passwd ", "Secret ", "Token ",
)  # fmt: skip
"""How such a name ends: what has none of them need not be searched."""


def find(text: str) -> Iterator[Hit]:
    """The values in *text* that are given to a name that says that they are secret."""
    if ("=" in text or ":" in text) and _has_end(text.lower()):
        for found in _NAMED.finditer(text):
            names = (found["name"], found["index"] or "")
            name = next((each for each in names if each.lower().endswith(_ENDS)), None)
            hit = _named(text, found, name) if name is not None else None
            if hit is not None:
                yield hit
    if not any(map(text.__contains__, _NAMES_BESIDE)):
        return
    for found in _BESIDE.finditer(text):
        value = found["value"].rstrip(".,;:")
        word = found["word"] or found["joined"] or found["camel"].upper()
        if is_placeholder(value) or is_reference(value) or is_digest(value):
            continue
        if is_strong(value) if word.startswith(("PASS", "PW")) else is_random(value, 16):
            at = found.start("value")
            yield Hit(at, at + len(value), kind_of(word.lower()), ASSIGNED)


def _has_end(lower: str) -> bool:
    for word in _ENDS:  # noqa: SIM110 - a generator takes twice as long
        if word in lower:
            return True
    return False


def _named(text: str, found: re.Match[str], name: str) -> Hit | None:
    sign = found["sign"].strip()
    lower = name.lower()
    word = max((each for each in _ENDS if lower.endswith(each)), key=len)
    before = name[: len(name) - len(word)]
    if word in _SHORT and not _begins_part(name, before):
        return None
    context = text[max(0, found.start() - 20) : found.start()]
    if _NO_NAME.search(name) or _NO_NAME.search(context + name) or _in_arn(text, found.start()):
        return None
    if word == "string" and not re.search(r"(?i)connection[ _\-]?string$", context + name):
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
    password = word in _PASSWORDS
    weak = bool(_WEAK_NAME.search(name)) and not before and not spoken
    if not _is_secret(given, password=password, weak=weak, quoted=quoted, sign=sign):
        return None
    if not quoted and _code_around(text, found.start(), end, given, sign):
        return None
    if password and (repeats_user(text, start, given) or _is_default(text, found.start(), given)):
        return None
    if password and is_name(given) and _AN_EXAMPLE.match(text, end):
        return None
    return Hit(start, end, kind_of(f"{spoken.group() if spoken else ''}{name}"), ASSIGNED)


def _begins_part(name: str, before: str) -> bool:
    """Whether the word behind *before* is a part of *name* of its own: no ``key`` of ``monkey``."""
    if not before or not before[-1].isalpha() or _COMPOUND.search(name):
        return True
    return name[len(before)].isupper() and before[-1].islower()


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
    if len(value) > 400 or is_placeholder(value) or is_reference(value):
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
    return quoted or not (is_name(value) and ("_" in value or _CAMEL.fullmatch(value)))


_VARIABLE = late(r"\s:$")
"""The sign before the name of a variable of psql: ``PASSWORD :'name'``."""
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
