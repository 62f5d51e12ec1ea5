"""Whether a word that a sentence links to a password, a PIN or a key can be one."""

from __future__ import annotations

import re

from mem0_tui.model.late_pattern import late
from mem0_tui.model.secret.form import (
    is_digest,
    is_known,
    is_name,
    is_random,
    is_stand_in,
)
from mem0_tui.model.secret.strength import is_known_word, is_phrase, is_strong


def bare(word: str) -> str:
    value = word.strip("\"'`“”‘’„«»*")
    value = (
        re.sub(r"^[(\[<{]+|(?<=[^(\[])[)\]>}]+$", "", value)
        if value.count("(") != value.count(")") or value[:1] in "(["
        else value
    )
    return re.sub(r"[.,;:\"'`”’)*]+$|(?<=[A-Za-z]{3})[?]$", "", value).lstrip("(\"'`*")


def is_secret(value: str, *, noun: str, strong: bool, quoted: bool, sure: bool) -> bool:
    """Whether *value*, linked to a noun of this class, is a secret."""
    if is_stand_in(value) or len(value) > 300:
        return False
    if noun == "passcode" or (
        noun == "password" and value.isdigit() and sure and 6 <= len(value) <= 8
    ):
        noun = "pin" if value.isdigit() else "password"
    if noun == "pin":
        digits = re.sub(r"[ \-#*]", "", value)
        if not digits.isdigit():
            return len(value) >= 8 and is_strong(value)  # a recovery code
        return (
            4 <= len(digits) <= 16
            and len(set(digits)) > 1
            and not re.fullmatch(r"(?:19[5-9]|20[0-4])\d(?:-\d\d)*", value)
            and (sure or quoted or len(digits) >= 4)
            and not value.startswith("#")
        )
    if noun == "key":
        if is_known(value) or not _KEY_FORM.fullmatch(value):
            return False
        if is_digest(value):
            return strong and len(value) >= 20 and not value.isdigit()
        return is_random(value, 10 if strong else 12)
    if " " in value:
        return quoted and is_phrase(value)
    if is_strong(value) or (sure and _NUMBERED.fullmatch(value)):
        return True
    if quoted:
        return (
            sure
            and value.isascii()
            and len(value) >= 5
            and not is_known_word(value)
            and not is_known(value)
            and not is_digest(value)
            and ("_" not in value or not is_name(value))
        )
    if value.count("-") >= 2 and value.replace("-", "").isalpha() and sure and value.islower():
        return not any(is_known_word(part) for part in value.split("-"))
    return (
        sure
        and value.isalpha()
        and len(value) >= 5
        and not is_known_word(value)
        and not _RELATION.search(value)
    )


_NUMBERED = late(
    r"[A-Z][a-z]{3,}[-._]?\d{1,4}|[a-z]{5,}[-._]\d{1,4}|[a-z\-]*[A-Z][a-z]+#\d{1,4}"
    r"|[a-z]{3,}(?:-[a-z]{3,})+-\d{1,4}|[A-Z][a-z]{2,}-[A-Z][a-z]{2,}[!?.]"
)
"""A word with a number: «the password is Lavendel-88», where nothing but a password can follow."""
_KEY_FORM = late(r"[A-Za-z0-9][A-Za-z0-9_\-+/=.~:!$%#@*^&]*")
_RELATION = late(r"(?i)(?:ed|ing|able|ible|ly|less|ful|ous|ive|ic|al|ary|ory|ent|ant)$")
