"""URLs that open something by themselves: with a token before the host, in the query or the path.

Whoever has such a link needs no password: remotes of git, invitations, webhooks, private feeds,
previews without protection.
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
    is_stand_in,
)
from mem0_tui.model.secret.hit import URL, Hit

_LINK = late(r"://[^\s\"'<>`|]{4,1000}")
_SCHEME = late(r"[A-Za-z][A-Za-z0-9+.\-]{1,30}\Z")
_WORTH = late(r"[A-Za-z0-9_\-]{14}")
"""What every such part holds, but for a password alone before the host or in the query."""
_USER = late(r"://([^/:@?#]{16,300})(?::(?:x-oauth-basic|x|oauth2?|)?)?@")
_AFTER_USER = late(r"://(?:[^/@?#]*@)?[^/?#]*")
_PAIR = late(r"[?&#;](?:[\w.]+\[)?([\w.\-]+)\]?=([^&#;\s,)]{6,400})")
_OPENS = late(
    r"""(?xi) (?:.*[_.\-])?(?: token | jwt | secret | sig | signature | hmac | bypass | code | invite | invitation | ticket
        | session | sessionid | sid | zak | otp | sas | auth | authkey | auth_?key | key | api_?key | access_?key | rlkey | resourcekey
        | pass | password | passwd | pwd | pw | credential | passcode | invite_?code | magic | nonce_key )
      | (?:access|auth|api|refresh|private|job|session|id|bot|sharing?|invite)_?token | apikey | s?key | clientsecret | h
        | private[_\-]?key | pwd | tk | tok"""
)
_NO_KEY = late(
    r"""(?xi) .*(?:page|next|prev|continuation|sync|cursor|csrf|xsrf|state|public|site|anon|publishable|file|project
      |cache|object|row|sort|challenge|country|lang|zip|postal|status|error|promo|coupon|tracking|short)[_.\-]?
      (?:token|key|code|secret|session)"""
)
_PASSWORDS = late(r"(?i).*(?:passw(?:or)?d|passcode|pwd|pass|pw)")
_PART = late(r"[^/?#]+")
_PRIVATE = late(r"(?i)(?:private|secret|token|key|bot)[-_:](?=.)")
_WAYS = frozenset(
    """incoming inbound catch heartbeat heartbeats ping push invite invites invitation join magic
    magic-link reset reset-password password-reset ical feed private secret token one-time signin-link
    login-link verify-email unlock integration trigger triggers workflows""".split()  # noqa: SIM905
)
"""Parts of a path behind which what is drawn by chance opens what it leads to."""
_HOOK = late(r"(?i).*hook(?:-?test|b2)?|hooks|catch|heartbeats?|ping")
"""Those behind which this holds of a UUID, too; of ``webhooks`` it does not: they are a list."""
_HOOK_HOST = late(r"(?i)://(?:[\w\-]+\.)*?(?:hooks?|webhooks?|hc-ping|ping)\.")
_PUBLIC = late(r"(?i)sentry|ingest|glitchtip|bugsink")
"""Whose keys before the host are meant to be public."""
_UUID = late(
    r"(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?:@[0-9a-f\-]{36})?"
)


_SAID = late(
    r"(?i)hook|invit|einlad|magic|privat|prive|privé|secret|geheim|one-?time|einmal|\bi?cal\b|kalender"
    r"|calend|\bfeed|reset|login link|sign-?in link|bypass"
)
"""What is said before a link that opens something."""
_BARE_USER = late(r"(?i)://([^\s/:@?#]{6,300})@")
_LONE = ("trojan", "vless", "ss", "hysteria2", "hy2", "tuic", "redis", "rediss")
"""Schemes that put a password alone before the host."""


def find(text: str) -> Iterator[Hit]:
    """The parts of URLs in *text* that are as good as a password."""
    for found in _LINK.finditer(text):
        scheme = _SCHEME.search(text, max(0, found.start() - 31), found.start())
        if scheme is None or not (
            _WORTH.search(found.group()) or "@" in found.group() or "=" in found.group()
        ):
            continue
        at = scheme.start()
        link = text[at : found.end()].rstrip(".,;:!?)]}*")
        said = bool(_SAID.search(text, max(0, at - 60), at))
        for start, end in (*_before_host(link), *_in_query(link), *_in_path(link, said)):
            yield Hit(at + start, at + end, "token in a URL", URL)


def _before_host(link: str) -> Iterator[tuple[int, int]]:
    if link[: link.index(":")].lower() in _LONE:
        lone = _BARE_USER.search(link)
        if lone and not is_placeholder(lone.group(1)) and not is_name(lone.group(1)):
            yield lone.span(1)
            return
    found = _USER.search(link)
    if found and not _PUBLIC.search(link, found.end()):
        value = found.group(1)
        if _is_drawn(value) or (len(value) >= 32 and _is_hex(value)):
            yield found.span(1)


def _in_query(link: str) -> Iterator[tuple[int, int]]:
    for found in _PAIR.finditer(link):
        name, value = found.groups()
        if name.lower() == "appid" and len(value) == 32 and _is_hex(value):
            yield found.span(2)
        if not _OPENS.fullmatch(name) or _NO_KEY.fullmatch(name):
            continue
        if is_stand_in(value):
            continue
        if _PASSWORDS.fullmatch(name):
            if not is_name(value) or any(map(str.isdigit, value)):
                yield found.span(2)
        elif _is_drawn(value) or (len(value) >= 20 and _is_hex(value)):
            yield found.span(2)


def _in_path(link: str, said: bool) -> Iterator[tuple[int, int]]:
    host = _AFTER_USER.search(link)
    if host is None:
        return
    end = min(at if at >= 0 else len(link) for at in (link.find("?"), link.find("#")))
    hook = bool(_HOOK_HOST.match(link, link.index("://")))
    way = hook or said
    for part in _PART.finditer(link, host.end(), max(end, host.end())):
        value = part.group()
        prefix = _PRIVATE.match(value)
        start = prefix.end() if prefix else 0
        if way or prefix:
            drawn = value[start:]
            if _is_drawn(drawn) or (hook and _UUID.fullmatch(drawn)) or _is_long_hex(drawn):
                yield part.start() + start, part.end()
        word = value.lower()
        hook = hook or bool(_HOOK.fullmatch(word))
        way = way or hook or word in _WAYS or "hook" in word


def _is_long_hex(value: str) -> bool:
    return len(value) >= 16 and _is_hex(value) and not value.isdigit()


def _is_hex(value: str) -> bool:
    return not is_placeholder(value) and bool(re.fullmatch(r"[0-9a-fA-F]+", value))


def _is_drawn(value: str) -> bool:
    """Whether *value* is drawn by chance, at length, and no id of a known form."""
    if is_stand_in(value) or is_digest(value) or is_known(value):
        return False
    return is_random(value, 16)
