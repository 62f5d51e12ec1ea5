"""What can be a password: the form of a single word, and of several."""

from __future__ import annotations

import re

from mem0_tui.model.late_pattern import late
from mem0_tui.model.secret.form import (
    is_digest,
    is_known,
    is_name,
    is_placeholder,
    is_stand_in,
)

_STOP = late(
    r"(?i).*(?:ed|ing|able|ible|less|ly|word|words|field|hash|only)|correct|wrong|required|weak|strong"
    r"|long|short|valid|invalid|here|there|none|the|a|an|see|use|ask|get|via|not|no|at|in|on|from|is"
    r"|are|was|one|two|same|kept|set|unset|sent|lost|safe|plain|plaintext|random|secret|stale|old"
    r"|new|fine|ok|okay|it|this|that|min|max|minimum|maximum|alphanumeric|case-sensitive|per-user"
    r"|read-only|hashes|auth|manager|policy|reset|resets|rotation|login|logins|rules|check|checks"
    r"|generator|vault|keychain|bitwarden|lastpass|1password|unknown|known|both|any|all|each|every"
    r"|never|always|only|when|where|if|then|but|and|or|must|should|may|can|will|with|without|for"
    r"|missing|incorrect|different|identical|empty|blank|public|private|internal|temporary|temp"
)


def is_known_word(value: str) -> bool:
    """Whether *value* is a word with which people speak of passwords rather than one itself."""
    return bool(_STOP.fullmatch(value)) and value.isalpha() and value.islower()


_CODE = late(
    r"[(){}\[\]<>`\\|\"]|::|:=|^[:\-+%=#@&$.]|[=:]$|\w=\w*[.,]|['’]s$|==|!=|~=|^\W+$|^[A-Za-z\-/]+#\d+$|&\w+;|\w=[A-Za-z]+$|^[a-z_]{3,}=[\w.]{1,6}$"
)
"""What passwords in sentences do not hold, and code does."""


def is_strong(value: str) -> bool:
    """Whether *value* alone, in a sentence, looks like a password: no word, name, date, version,
    host or id, but letters mixed with digits or signs."""
    if len(value) < 5 or is_known(value) or is_stand_in(value):
        return False
    if is_digest(value) and not (value.isdigit() and 6 <= len(value) <= 8):
        return False
    if value.startswith("--"):
        return False
    letters = sum(char.isalpha() for char in value)
    digits = sum(char.isdigit() for char in value)
    if not letters:
        return digits >= 4 and not _CODE.search(value)
    if _CODE.search(value):
        return False
    signs = sum(char in "!@#$%^&*?+=~" for char in value)
    if signs and not re.fullmatch(r"[A-Za-z']+[!?]+", value):
        return bool(digits) or bool(re.search(r"\w[!#$%^*?]\w", value))
    if not digits:
        hyphens = value.count("-")
        return hyphens >= 3 and value.islower()
    if "_" in value and is_name(value) and not (value.lower() != value != value.upper()):
        return False  # max_retries_3, STEP_2
    if re.fullmatch(r"[a-z]{1,7}\d|[a-z]+(?:[-_/.][a-z]+)+[-_]?\d", value) or "/" in value:
        return False  # node3, step-2, api/v2
    return not re.fullmatch(r"[A-Z]?[a-z]+[-.]\d+|(?:\w+-)+[a-z]*(?:ed|ing|only|based|like)", value)


_SMALL = frozenset(
    [
        "the",
        "a",
        "an",
        "is",
        "are",
        "was",
        "be",
        "of",
        "in",
        "on",
        "for",
        "to",
        "and",
        "or",
        "not",
        "no",
        "must",
        "should",
        "may",
        "can",
        "will",
        "with",
        "from",
        "by",
        "as",
        "at",
        "it",
        "this",
        "that",
        "your",
        "you",
        "we",
        "per",
        "each",
    ]
)


def is_very_strong(value: str) -> bool:
    """Whether *value* looks like a password wherever it stands: letters, digits and a sign that
    neither versions nor code put between them."""
    return (
        len(value) >= 7
        and is_strong(value)
        and any(char in "!$&*^#" for char in value[1:])
        and sum(char.isalpha() for char in value) >= 3
        and any(char.isdigit() for char in value)
        and not re.search(r"[=<>(){}\[\]/\\|`\"']|#\d+$|\*\*|&&|%[0-9A-F]{2}|^\W|!=|\*\d", value)
    )


def is_phrase(value: str) -> bool:
    """Whether *value*, of several words in quotes, is a passphrase and not a sentence."""
    words = value.split()
    if not 2 <= len(words) <= 12 or is_placeholder(value.replace(" ", "-")):
        return False
    if any(is_strong(word) for word in words):
        return True
    plain = all(word.isalnum() for word in words)
    return plain and len(words) >= 3 and not any(word.lower() in _SMALL for word in words)


def repeats_user(text: str, start: int, value: str) -> bool:
    """Whether *value* is the user's name that stands before it: a default login."""
    if not value.isalnum() or any(c.isdigit() for c in value):
        return False
    before = text[max(0, start - 80) : start]
    return bool(re.search(rf"(?i)(?<![a-z0-9]){re.escape(value)}(?![a-z0-9])", before))
