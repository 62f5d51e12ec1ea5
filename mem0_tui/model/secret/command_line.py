"""Secrets in headers, on command lines and in the files that programs read them from."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence

from mem0_tui.model.late_pattern import late
from mem0_tui.model.secret.form import (
    is_digest,
    is_known,
    is_placeholder,
    is_random,
    is_stand_in,
)
from mem0_tui.model.secret.hit import ASSIGNED, Hit
from mem0_tui.model.secret.kind import kind_of
from mem0_tui.model.secret.strength import is_known_word, is_strong, repeats_user

_HEADERS = ("bearer", "basic", "token", "apikey", "digest")
_HEADER = late(
    r"(?i)\b(?P<word>bearer|basic|token|apikey|digest|negotiate)[ \t]+(?:token[ \t]+)?[\"'`]?(?P<value>[A-Za-z0-9_\-.~+/=]{8,})"
)
_ABOUT = frozenset(
    [
        "option",
        "options",
        "flag",
        "flags",
        "argument",
        "arguments",
        "value",
        "values",
        "parameter",
        "parameters",
        "and",
        "or",
        "is",
        "are",
        "in",
        "on",
        "to",
        "from",
        "for",
        "with",
        "the",
        "a",
        "switch",
        "stdin",
        "file",
        "prompt",
        "twice",
        "again",
        "instead",
        "can",
        "must",
    ]
)
"""What follows an option's name where it is spoken of rather than given."""
_COMMAND = (
    (("password", "passwd", "passphrase", "--pass", "-pass", "pwd", "token", "secret", "key", "client-secret",), r"(?i)--?(?:[a-z0-9]+-)*(?P<word>password|passwd|passphrase|pass|pwd|token|secret|api-?key|access-?key|secret-?key|auth-?token|storepass|keypass|client-secret)[ =](?:\"(?P<a>[^\"\n]+)\"|'(?P<b>[^'\n]+)'|(?P<c>[^\s\"'`,;|<>)-][^\s\"'`;|<>)]*))"),
    (("sshpass", "login", "mysql", "mariadb", "mongo", "ldapsearch", "zip", "7z", "sqlcmd", "bcp", "htpasswd", "mosquitto",), r"\b(?P<word>sshpass|docker login|podman login|helm registry login|az login|mysql|mysqldump|mysqladmin|mariadb|mongo(?:sh)?|mongodump|ldapsearch|zip|7z|sqlcmd|bcp|htpasswd|unzip|mosquitto_(?:pub|sub))\b[^\n|;]{0,80}? -[pwP](?P<s> ?)(?:\"(?P<a>[^\"\n]+)\"|'(?P<b>[^'\n]+)'|(?P<c>[^\s\"'`,;|<>)\-][^\s\"'`,;|<>)]*))"),
    (("redis-cli",), r"\b(?P<word>redis-cli)\b[^\n|;]{0,80}? (?:-a|--pass) (?:\"(?P<a>[^\"\n]+)\"|'(?P<b>[^'\n]+)'|(?P<c>[^\s\"'`,;|<>)\-][^\s\"'`,;|<>)]*))"),
    (("curl", "http", "wget", "smbclient", "xh",), r"\b(?P<word>curl|http|https|wget|smbclient|xh)\b[^\n|;]{0,120}? (?:-u|--user|-a|--auth|-U|--proxy-user)[ =]?[\"']?(?P<user>[^\s:\"'%]+)[:%](?P<c>[^\s\"'`|;<>]+)"),
    (("identified by", "password '", "password to",), r"(?i)\b(?P<word>identified by|(?:with|encrypted|user \S+|role \S+|login) password|password to)\s+'(?P<b>[^'\n]+)'"),
    (("machine ",), r"\b(?P<word>machine) \S+ login \S+ password (?P<c>\S+)"),
    (("requirepass", "masterauth",), r"(?i)\b(?P<word>requirepass|masterauth)[ :]+(?P<c>[^\s\"'`,;]+)"),
    (("pass:",), r"(?i)\b(?P<word>pass):(?P<c>[^\s\"'`,;:/]+)(?= |$)"),
    (("echo ",), r"(?i)\becho [\"']?(?P<c>[^\s\"'|]+)[\"']? ?\| ?(?P<word>sudo) -S|\becho [\"']?(?P<a>[^\s\"'|]+)[\"']? ?\|[^|\n]{0,60}--password-stdin"),
    (("</",), r"(?i)<(?P<word>password|passwd|pwd|secret|apiKey|token|secretKey|privateKey|passphrase)>(?P<c>[^<\s]+)</"),
    (("value",), r"(?i)[\"']?(?:name|key)[\"']?\s*[:=]\s*[\"']?[\w.\-]*(?P<word>password|passwd|secret|token|api_?key|access_?key|secret_?key|private_?key|pwd)[\"']?\s*,?\s*[\"']?value[\"']?\s*[:=]\s*(?:\"(?P<a>[^\"\n]+)\"|'(?P<b>[^'\n]+)'|(?P<c>[^\s\"'`,;}]+))"),
    (("variable ", "output ", "local "), r"(?i)\b(?:variable|output) \"[\w\-]*(?P<word>password|passwd|secret|token|api_?key|access_?key|secret_?key|private_?key|pwd)\"\s*\{[^{}]{0,200}?\b(?:default|value)\s*=\s*\"(?P<a>[^\"\n]+)\""),
    (("key=",), r"(?i)(?P<word>sas|account|shared ?access)?key(?:value)?=(?P<c>[A-Za-z0-9+/]{40,90}={0,2})"),
    (("command",), r"(?i)(?P<word>pass(?:word|phrase)?[-_]?command)[ =:]+[\"']?(?:echo|printf)(?: -n)? [\"']?(?P<c>[^\s\"'`|;]+)"),
    (("securestring",), r"(?i)\b(?P<word>ConvertTo-SecureString)(?: -String)? +(?:\"(?P<a>[^\"\n]+)\"|'(?P<b>[^'\n]+)')"),
    (("net use",), r"(?i)\b(?P<word>net use)\b[^\n]{0,120}? /user:(?P<user>\S+) +(?:\"(?P<a>[^\"\n]+)\"|(?P<c>[^\s\"'/*]\S+))|\bnet use [^\n/]{0,80}?\\\S+ +(?P<b>[^\s\"'/*]\S+) +/user:"),
    (("pgpass",), r"\b(?P<word>[a-z][\w.\-]*(?::\d{2,5})?:[\w*.\-]+:[\w.\-]+):(?P<c>[^\s:\"'`]{4,})(?= in \.pgpass| \(?\.?pgpass)"),
)  # fmt: skip

_WITH_OPTIONS = 4
"""The first of these that do not need an option, which has a hyphen."""


def find(text: str, lower: str) -> Iterator[Hit]:
    """The values in *text*, which is *lower* in lower case, that headers and commands hand over."""
    if _has(lower, _HEADERS):
        for found in _HEADER.finditer(text):
            hit = _header(found)
            if hit is not None:
                yield hit
    for words, expression in _COMMAND if "-" in text else _COMMAND[_WITH_OPTIONS:]:
        if _has(lower, words):
            for found in re.finditer(expression, text):  # compiled when it is first needed
                hit = _on_command_line(text, found)
                if hit is not None:
                    yield hit


def _has(lower: str, words: Sequence[str]) -> bool:
    for word in words:  # noqa: SIM110 - a generator takes twice as long
        if word in lower:
            return True
    return False


def _header(found: re.Match[str]) -> Hit | None:
    word, value = found["word"].lower(), found["value"].rstrip(".")
    start = found.start("value")
    if is_stand_in(value) or is_known(value):
        return None
    if word == "basic":
        return Hit(start, start + len(value), "basic login", ASSIGNED) if _is_login(value) else None
    if word in ("token", "digest") and (len(value) < 16 or is_digest(value)):
        return None
    if is_digest(value) and (len(value) < 16 or "-" in value):
        return None
    return Hit(start, start + len(value), "token", ASSIGNED) if is_random(value, 12) else None


def _is_login(value: str) -> bool:
    """Whether *value* is ``user:password`` in base64."""
    try:
        user, colon, password = base64.b64decode(value, validate=True).decode().partition(":")
    except ValueError:
        return False
    return bool(colon) and not is_placeholder(password) and user != password


def _on_command_line(text: str, found: re.Match[str]) -> Hit | None:
    groups = found.groupdict()
    group = next((each for each in "abc" if groups.get(each)), None)
    if group is None:
        return None
    value, word = found[group].rstrip(".,") if group == "c" else found[group], groups["word"] or ""
    start = found.start(group)
    if is_stand_in(value) or value == groups.get("user"):
        return None
    key = re.search(r"(?i)token|secret|key|api", word)
    if key and (is_known(value) or not is_random(value, 8)):
        return None
    if not key and groups.get("c") and value.isalpha() and value in _ABOUT:
        return None
    if not key and (len(value) < 3 or is_known_word(value) or repeats_user(text, start, value)):
        return None
    if word in ("pass", "ConvertTo-SecureString") and not is_strong(value):
        return None
    if groups.get("s") == " " and word.startswith(("mysql", "mariadb")) and not is_strong(value):
        return None  # they take no blank: it is the database
    if groups.get("s") == "" and word in ("mongo", "mongosh", "htpasswd"):
        return None
    if groups.get("s") is not None and value.isdigit() and len(value) < 6:
        return None  # a port
    return Hit(start, start + len(value), kind_of(word) if key else "password", ASSIGNED)
