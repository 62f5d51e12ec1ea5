"""Links to somebody else's machine that have a place for what a conversation or a secret holds.

Addresses of an interface with places for ids, versions or a query are no sign, nor are badges.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from mem0_tui.model.hard_signs.orders import is_order
from mem0_tui.model.hard_signs.sign import LINK, HardSign

_BEGIN = re.compile(r"(?:https?|wss?|ftp)://([^\s/?#{}<>\[\]\"'`()]+)", re.IGNORECASE)
_OWN = re.compile(
    r"^(?:[^@]*@)?(?:localhost|127\.|0\.0\.0\.0|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|host\."
    r"docker\.|[\w-]+(?::\d+)?$|.*\.(?:local|localhost|internal|lan|svc|intranet|corp)(?::\d+)?$)",
    re.IGNORECASE,
)
_TRIAL = re.compile(r"^[^.]+\.test(?::\d+)?$", re.IGNORECASE)
"""Hosts as developers call their own, and tests those of others."""
_PLACE = re.compile(
    r"\{\{?%?([^{}]{1,80})\}?\}|\$\{([^{}]{1,80})\}|<([^<>]{1,80})>|\[([^\[\]]{1,80})\]"
    r"|\$\(([^()]{1,120})\)|`([^`]{1,80})`|\$([A-Za-z_]\w+)|%7B([^%]{1,80})%7D|__(\w{3,40}?)__"
    r"|%([A-Z_]{4,40})%|(?<==)([A-Z][A-Z0-9_-]{3,60})(?!\w)|(?<=/)([A-Z]+_[A-Z_]{3,60})(?![\w.])"
)
_TALK = re.compile(
    r"conversation|chat.?(?:log|history|content|text)|transcript|history|dialog|memor(?:y|ies)"
    r"|(?:system|full|whole|last|user'?s?).?(?:prompt|message|data|question|input)|env.?vars?"
    r"|environment.?var\w*|(?<!\w)\.env\b|file.?contents?|contents? of|source.?code|clipboard"
    r"|\.ssh|id_rsa"
    r"|ssh.?key|private.?key|everything|exfil\w*|stolen|leak\w*|\.aws|printenv|^\s*(?:env"
    r"|set)\s*[|;&]|^\(env\)$"
    r"|(?<![A-Za-z])(?:all|any|your|the|user'?s?).{0,20}(?:secrets?|tokens?|keys?|passwords?|credentials?)"
    r"|secrets|passwords|credentials",
    re.IGNORECASE,
)
"""What a conversation or a machine holds: no interface asks for it in a link."""
_RUN = re.compile(r"\$\(|`")
"""What a shell would run to fill in a place."""
_DATA = re.compile(
    r"tokens?|keys?|password|passwd|secrets?|credential|cookie|data|message|text|content|output"
    r"|answer|response|reply|summary|payload|input|prompt|context|base64|b64|encoded|e?mail|info"
    r"|result|session|note|body|user|^env$|question|antwort|nachricht|frage|r[eé]ponse",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?:^|[_\W])(?:id|ids|uuid|name|slug|no|number|count|size|type|version)\W*$", re.IGNORECASE
)
_INTERFACE = re.compile(
    r"^(?:[\w-]+\.)*(?:api|hooks?|maps|auth|login|oauth|sso|accounts?)[\w-]*\.|/(?:api|rest"
    r"|graphql|hooks?"
    r"|webhooks?|oauth2?|v\d+(?:\.\d+)?|services)(?:/|\?|$)",
    re.IGNORECASE,
)
_EACH_TIME = re.compile(
    r"\b(?:every|each|all|any|your|the (?:next|last|final))\s+(?:\w+\s+)?(?:answers?|repl(?:y|ies)"
    r"|responses?|messages?|turns?|sessions?|prompts?|conversations?|requests?|outputs?)\b"
    r"|\bwhenever\b|\bwhen (?:you|asked|answering|replying)\b|\bas soon as\b",
    re.IGNORECASE,
)
_SHOWN = re.compile(
    r"!\[[^\]]{0,200}\]\(\s*<?$|<(?:img|iframe|link|script|source|video)\b[^<>]{0,200}$",
    re.IGNORECASE,
)
_CLICKED = re.compile(r"\[[^\]]{0,200}\]\(\s*<?$|href\s*=\s*[\"']?$", re.IGNORECASE)
_OPEN_END = re.compile(r"[?&#][\w.-]*=$")
_APPENDED = re.compile(
    r"\b(?:append|add|follow\w*|plus|attach|concatenat\w*|put|join|with|encod\w+)\b", re.IGNORECASE
)
_SENDING = re.compile(
    r"(?:-d|--data(?:-\w+)?|-F|--form|-T|--upload-file|--post-(?:file|data)|--body-file)[ =]+[\"']?"
    r"((?:[\w.-]{1,40}=)?(?:@?[^\s\"'@]{0,80}(?:\.ssh|id_rsa|id_ed25519|\.aws|\.env\b|\.netrc"
    r"|credentials"
    r"|/etc/passwd|/etc/shadow|\.pem\b|\.kube)[^\s\"']{0,40}"
    r"|\$\((?:env|printenv|set|cat [^()]{1,80})\)))",
)
_LOOKED_UP = re.compile(
    r"(?:\b(?:nslookup|dig|ping|Resolve-DnsName)\b[^\n$`]{0,40}|://)((?:[\w.-]{0,40}\$\([^()\n]{1,120}\)"
    r"){1,4})([\w.-]{0,80}\.[a-z]{2,20})(?![\w.])"
)
_KNOWN_ONLY_HERE = re.compile(r"\b(?:whoami|id|cat|env|printenv|base64|xxd|head|git|grep|jq)\b")
"""Commands that say what only this machine or its user knows."""
_LONGEST = 400
_TRIED = 40
"""Links that are looked at in one part of a text."""


def carrying_links(text: str) -> Iterator[HardSign]:
    """The links in *text* by which data would leave."""
    if "@" in text or "$(" in text or "file" in text:
        yield from _sent_files(text)
    if "$(" in text:
        yield from _looked_up(text)
    for found in islice(_BEGIN.finditer(text), _TRIED):
        host = found.group(1)
        if _OWN.match(host) or "." not in host:
            continue
        end = _end(text, found.end())
        tail = text[found.end() : end]
        place = _carried(text, host, tail, found.start())
        if place:
            yield HardSign(
                LINK, found.start(), end, f"to {host[:60]}, with a place for «{place[:60]}»"
            )


def _sent_files(text: str) -> Iterator[HardSign]:
    """Commands that send what a secret file holds, or the environment, to somebody else."""
    for found in islice(_SENDING.finditer(text), _TRIED):
        around = text[max(0, found.start() - 200) : found.end() + 200]
        hosts = [begin.group(1) for begin in _BEGIN.finditer(around)]
        if any("." in host and not _OWN.match(host) for host in hosts):
            yield HardSign(LINK, *found.span(), f"sends «{found.group(1)[:60]}» to {hosts[0][:60]}")


def _looked_up(text: str) -> Iterator[HardSign]:
    """Names of hosts that a shell fills in: the name server of the other side reads them."""
    for found in islice(_LOOKED_UP.finditer(text), _TRIED):
        if _KNOWN_ONLY_HERE.search(found.group(1)) and not _OWN.match("x" + found.group(2)):
            detail = f"to {found.group(2)[:60]}, with a place for «{found.group(1)[:60]}»"
            yield HardSign(LINK, *found.span(), detail)


def _end(text: str, at: int) -> int:
    """Where the link ends that has its path from *at* on: places may hold blanks."""
    depth, last = [], min(len(text), at + _LONGEST)
    pairs = {"{": "}", "<": ">", "[": "]", "(": ")"}
    while at < last:
        character = text[at]
        if character in pairs:
            depth.append(pairs[character])
        elif depth and character == depth[-1]:
            depth.pop()
        elif character == "\n" or (not depth and character in " \t\r)>]\"'|"):
            return at
        at += 1
    return at


def _carried(text: str, host: str, tail: str, start: int) -> str:
    """What would be put into the link, empty where that is nothing to worry about."""
    before = text[max(0, start - 240) : start]
    shown, clicked = bool(_SHOWN.search(before)), bool(_CLICKED.search(before))
    interface = bool(_INTERFACE.search(f"{host}{tail.split('?')[0]}"))
    around = before + text[start + len(host) + len(tail) : start + len(host) + len(tail) + 400]
    each_time = bool(_EACH_TIME.search(around))
    for place in _PLACE.finditer(tail):
        name = place.group(place.lastindex or 0)
        if _NAME.search(name) and not re.search(r"[\s$(]", name.strip()):
            continue
        if _TALK.search(name) or (shown and _RUN.match(place.group())):
            return name
        if _TRIAL.search(host):
            continue
        in_query = "?" in tail[: place.start()] or "#" in tail[: place.start()]
        if not _DATA.search(name):
            continue
        if shown or each_time:
            return name
        if in_query and not interface and (clicked or is_order(around)):
            return name
    last = tail.rstrip(".,;")
    if _OPEN_END.search(last) and _APPENDED.search(around) and _TALK.search(around):
        return "what is appended"
    return ""
