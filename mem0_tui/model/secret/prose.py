"""The fourth layer: a secret that a sentence tells: «the password of the staging box is …».

A clause that speaks of a password is read word by word; what is linked to it, by a verb, a sign or
by standing beside it, is judged by its form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mem0_tui.model.late_pattern import late
from mem0_tui.model.secret.clause import secrets_after
from mem0_tui.model.secret.form import is_digest
from mem0_tui.model.secret.hit import PROSE, Hit
from mem0_tui.model.secret.judging import bare, is_secret
from mem0_tui.model.secret.nouns import (
    BEFORE_NO,
    NO_NOUN,
    NOUN,
    class_of,
    is_odd,
    kind_of,
    may_be_wordy,
)
from mem0_tui.model.secret.strength import is_strong, is_very_strong

_BACKWARD = late(
    r"(?i)(?:^|(?<=[\s(]))(?P<open>[\"'`“*]{0,2})(?P<value>[^\s\"'`“”,;]{4,100})(?P<close>[\"'`”*]{0,2})"
    r"(?:,)? (?:is|was|as|are|being|=)(?: now| still| currently)?(?: the| my| our| a| their| his| her| your| \w+['’]s)?"
    r"(?: [\w\-]+){0,3}? (?P<noun>(?:pass(?:word|wd|phrase|code)|pwd?|kennwort|passwort|pin|wifi key|(?:api|access|secret|auth|bearer|signing|private|encryption|master) ?-?(?:key|token)|token|secret))\b"
)
_QUOTED_BACKWARD = late(
    r"(?i)[\"“'`](?P<value>[^\"“”'`\n]{5,100})[\"”'`] (?:is|was|as) (?:the|my|our|a|its|\w+['’]s)? ?"
    r"(?:[\w\-]+ ){0,2}?(?P<noun>pass(?:word|phrase|code)|pwd?|kennwort|passwort)\b"
)
_USER = late(
    r"(?i)(?<![\w./\-])(?:root|admin(?:istrator)?|superadmin|superuser|ops|demo|guest|service|deploy|elastic|kibana|grafana"
    r"|postgres|sa|oracle|ftp|test(?:user)?|jenkins|ubuntu|operator|manager|minio|rabbit(?:mq)?|keycloak|nexus)"
    r"(?P<sign>: ?| ?/ | ?\| ?)(?=(?P<value>[^\s/,;\"'`|]{5,60}))"
)
_TALKS = late(
    r"(?i)passw|passphrase|passcode|\bpw\b|\bpwd\b|login|credential|kennwort|\bssh |\bcreds\b"
)
_PAIR = late(
    r"(?i)(?:\b(?:log(?:s|ged)?[ -]?in|login|einloggen|anmelden|anmeldung|community(?:\ string)?|zugangsdaten|logins?|creds?|credentials?|account|sign(?:ed)?[ -]?in|auth(?:enticate)?|access|(?:super)?user(?:name)?|admin|connect|ssh|sudo|basic auth|zugang(?:sdaten)?)\b)"
    r"[^.\n\"'`]{0,60}?[:=\s(\"'`](?P<user>[\w.@+\-]{2,60})[\"'`]?\s?(?P<sign>/|:|\|| and | with (?:password |pw )?|, |\s?->\s?)\s?[\"'`]?(?P<value>[^\s\"'`/,;]{5,60})"
)

_TO_BE_GIVEN = late(r"(?i)\b(?:use|enter|type|give|try) $")
_WORD_AND_NUMBER = late(r"[A-Z][a-z]{3,}#\d{1,4}")
_WORD = late(r"\S+")


def find(text: str, *, password: bool) -> Iterator[Hit]:
    """The secrets that sentences in *text* tell, which speaks of a *password* or of others."""
    if "hrase" not in text and not is_odd(text) and not may_be_wordy(text):
        return
    for found in NOUN.finditer(text):
        if NO_NOUN.match(text, found.end()):
            continue
        if found.lastgroup == "key" and BEFORE_NO.search(
            text[max(0, found.start() - 24) : found.start()]
        ):
            continue
        if found.lastgroup == "phrase":
            yield from _seed_phrase(text, found.end())
        else:
            yield from secrets_after(text, found)
    for found in _BACKWARD.finditer(text):
        noun, value = found["noun"].lower(), found["value"].strip("*")
        quoted = bool(found["open"])
        sure = bool(_TO_BE_GIVEN.search(text, max(0, found.start() - 12), found.start()))
        if is_secret(value, noun=class_of(noun), strong=" " in noun, quoted=quoted, sure=sure):
            yield Hit(found.start("value"), found.start("value") + len(value), kind_of(noun), PROSE)
    for found in _QUOTED_BACKWARD.finditer(text) if password else ():
        if is_secret(found["value"], noun="password", strong=True, quoted=True, sure=True):
            yield Hit(found.start("value"), found.end("value"), kind_of(found["noun"]), PROSE)
    signs = ":" in text or "/" in text or "|" in text
    for found in _USER.finditer(text) if signs else ():
        value = bare(found["value"])
        sure = found["sign"] == ":" or any(map(str.isupper, value))
        if is_very_strong(value) or (value and is_strong(value) and sure):
            at = found.start("value")
            yield Hit(at, at + len(value), "password", PROSE)
    if password and _TALKS.search(text):
        for found in _WORD.finditer(text):
            value = bare(found.group())
            if is_very_strong(value):
                at = found.start() + found.group().index(value)
                yield Hit(at, at + len(value), "password", PROSE)
    for found in _PAIR.finditer(text):
        value = bare(found["value"])
        numbered = found["sign"] == "/" and _WORD_AND_NUMBER.fullmatch(value)
        if (
            (is_strong(value) or numbered)
            and value.lower() != found["user"].lower()
            and not found["user"].isdigit()
            and not is_digest(f"{found['user']}:")
        ):
            yield Hit(found.start("value"), found.start("value") + len(value), "password", PROSE)


def _seed_phrase(text: str, at: int) -> Iterator[Hit]:
    found = re.compile(
        r"[^.\n:=]{0,60}?(?:[:=]|\bis\b|\bare\b)\s*[\"'`“]?((?:[a-z]{3,8}[ ,]+){11,23}[a-z]{3,8})\b"
    ).match(text, at)
    if found:
        yield Hit(found.start(1), found.end(1), "seed phrase", PROSE)
