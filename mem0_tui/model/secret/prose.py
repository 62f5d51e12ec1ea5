"""The fourth layer: a secret that a sentence tells: «the password of the staging box is …».

A clause that speaks of a password is read word by word; what is linked to it, by a verb, a sign or
by standing beside it, is judged by its form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mem0_tui.model.secret.form import (
    is_digest,
    is_known,
    is_name,
    is_placeholder,
    is_random,
    is_reference,
)
from mem0_tui.model.secret.hit import PROSE, Hit
from mem0_tui.model.secret.strength import (
    is_known_word,
    is_phrase,
    is_strong,
    is_very_strong,
    repeats_user,
)

_NOUN = re.compile(
    r"""(?xi)(?<![a-z0-9_\-./$])(?:
      (?P<pin>pins?(?:[ ]codes?)?|(?:door|gate|alarm|safe|unlock|entry|access|key|lock|garage|keypad
        |device|screen|sim|security|voicemail|pairing|admin|garden|building|office|parking)[ ]?-?(?:code|pin)s?
        |combination|zahlencode)
    | (?P<password>(?:pass(?:word|wd|phrase|code)?|pwd?|passw(?:or)?t|kennwort|mot\ de\ passe
        |contrase(?:ñ|n)a|senha|wachtwoord|community(?:\ string)?|zugangsdaten|logins?|creds?|credentials?|psk|pws|passwords|sudo
        |(?:wi-?fi|wlan|network|pre-?shared|wpa2?|guest)[ -]?(?:key|pass(?:word|phrase)?)
        |(?:recovery|backup|rescue|scratch|one-?time|emergency)[ -]?(?:codes?|keys?|password)
        |log(?:s|ged)?[ -]?(?:in|on)|sign(?:s|ed)?[ -]?in|authenticates?|unlocks?))
    | (?P<phrase>(?:seed|recovery|mnemonic|backup|secret|wallet)[ -]?(?:phrase|words)|mnemonic)
    | (?P<key>(?:(?:api|access|secret|private|auth|signing|encryption|master|service|account|license|licence|shared
        |deploy|client|bot|app|personal|refresh|bearer|root|admin|webhook|session|oauth|jwt|hmac|totp|2fa|otp|mfa
        |write|read|ingest|integration|storage|live|production|prod|staging|test|sandbox)[ -]?)*
        (?:keys?|tokens?|secrets?|pats?|jwt|seed|bearer|cookie|salt|pepper))
    )(?![a-z0-9_])(?!-(?!->))"""
)
_NO_NOUN = re.compile(
    r"""(?xi)[ ]?(?:ids?|names?|fingerprints?|hash(?:es)?|digests?|lengths?|sizes?|rotations?|rings?|counts?
      |limits?|budgets?|types?|manager|polic(?:y|ies)|resets?|files?|fields?|columns?|hints?|strengths?|store
      |vaults?|prompts?|expir\w+|bindings?|events?|presses?|press|scopes?|scanning|scanner|value\ pairs?
      |points?|results?|findings?|frames?|usage|window|buckets?|version|provider|endpoint|url|page|form
      |flow|screen|button|attempts?|rate|through|fails?|ing|over|by\ reference)\b"""
)
_BEFORE_NO = re.compile(
    r"(?i)(?:primary|foreign|public|cache|sort|partition|idempotency|unique|composite|dict(?:ionary)?"
    r"|json|object|map|page|next|continuation|csrf|sync|config|metadata|registry|i18n|translation"
    r"|row|max|input|output|special|eos|hash|shard|routing|the same|arrow|hot|function|tab|enter"
    r"|host|verification|gpg|pgp|design|react|s3|redis|message|event|partition|lookup) $"
)
_WORD = re.compile(r"[^\s]+")
_END = re.compile(r"[.!?](?=\s|$)|\n\s*\n")
_LINK = frozenset(
    ["is", "was", "are", "were", "be", "become", "becomes", "became", "remains", "stays", "reads", "equals", "it's", "that's", "its", "it", "now", "still", "to", "as", "=", ":", ":=", "=>", "→", "->", "–", "—", "-", "using", "uses", "use", "used", "called", "has", "got", "gets", "say", "says", "said", "write", "wrote", "enter", "type", "typed", "ist", "lautet", "war", "es", "est", "é", "es:", "will", "at", "into", "'is", "via", "with"]
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
_OPENING, _CLOSING = "\"'`“‘„«([<*_", "\"'`”’“»)]>*_"
_QUOTES = re.compile(
    r"`([^`\n]{3,200})`|\"([^\"\n]{3,200})\"|(?<![A-Za-z])'([^'\n]{3,200})'(?![A-Za-z])|“([^”\n]{3,200})”|‘([^’\n]{3,200})’|«\s?([^»\n]{3,200}?)\s?»|„([^“”\n]{3,200})[“”]"
)
_REACH = 160
_BESIDE = frozenset(" \t\n:,\"'`”’)*→–—-")
"""What may follow a noun directly."""
_WIFI = re.compile(r"(?i)ssid|wi-?fi|wlan")
_WORDY = re.compile(r"(?i)pass|pwd?$|kennwort|contrase|senha|wachtwoord|wi-?fi|psk")
"""Nouns after which a mere word can be the secret: «the password is swordfish»."""
_BACKWARD = re.compile(
    r"(?i)(?:^|(?<=[\s(]))(?P<open>[\"'`“*]{0,2})(?P<value>[^\s\"'`“”,;]{4,100})(?P<close>[\"'`”*]{0,2})"
    r"(?:,)? (?:is|was|as|are|being|=)(?: now| still| currently)?(?: the| my| our| a| their| his| her| your| \w+['’]s)?"
    r"(?: [\w\-]+){0,3}? (?P<noun>(?:pass(?:word|wd|phrase|code)|pwd?|kennwort|passwort|pin|wifi key|(?:api|access|secret|auth|bearer|signing|private|encryption|master) ?-?(?:key|token)|token|secret))\b"
)
_QUOTED_BACKWARD = re.compile(
    r"(?i)[\"“'`](?P<value>[^\"“”'`\n]{5,100})[\"”'`] (?:is|was|as) (?:the|my|our|a|its|\w+['’]s)? ?"
    r"(?:[\w\-]+ ){0,2}?(?P<noun>pass(?:word|phrase|code)|pwd?|kennwort|passwort)\b"
)
_USER = re.compile(
    r"(?i)(?<![\w./\-])(?:root|admin(?:istrator)?|superadmin|superuser|ops|demo|guest|service|deploy)"
    r"(?P<sign>:| ?/ )(?P<value>[^\s/,;\"'`]{5,60})"
)
_TALKS = re.compile(
    r"(?i)passw|passphrase|passcode|\bpw\b|\bpwd\b|login|credential|kennwort|\bcreds\b"
)
_PAIR = re.compile(
    r"(?i)(?:\b(?:log(?:s|ged)?[ -]?in|login|community(?:\ string)?|zugangsdaten|logins?|creds?|credentials?|account|sign(?:ed)?[ -]?in|auth(?:enticate)?|access|user(?:name)?|admin|connect|ssh|sudo|basic auth|zugang(?:sdaten)?)\b)"
    r"[^.\n\"'`]{0,60}?[:=\s(\"'`](?P<user>[\w.@+\-]{2,60})[\"'`]?\s?(?P<sign>/|:|\|| and | with (?:password |pw )?|, |\s?->\s?)\s?[\"'`]?(?P<value>[^\s\"'`/,;]{5,60})"
)


_ODD = re.compile(
    r"[A-Za-z][^\s]{0,60}?\d|\d[^\s]{0,60}?[A-Za-z!#$%]|\d{4}|\w[!#$%^*?]\w|\w(?:-[a-z]+){2}|\d \d"
)
"""What no plain word has."""


def find(text: str) -> Iterator[Hit]:
    """The secrets that sentences in *text* tell."""
    if not _ODD.search(text) and not _WORDY.search(text) and "hrase" not in text:
        return
    for found in _NOUN.finditer(text):
        if _NO_NOUN.match(text, found.end()):
            continue
        if found.lastgroup == "key" and _BEFORE_NO.search(
            text[max(0, found.start() - 24) : found.start()]
        ):
            continue
        if found.lastgroup == "phrase":
            yield from _seed_phrase(text, found.end())
        else:
            yield from _after(text, found)
    for found in _BACKWARD.finditer(text):
        noun, value = found["noun"].lower(), found["value"].strip("*")
        quoted = bool(found["open"])
        if _judged(value, noun=_class(noun), strong=" " in noun, quoted=quoted, sure=False):
            yield Hit(found.start("value"), found.start("value") + len(value), kind_of(noun), PROSE)
    for found in _QUOTED_BACKWARD.finditer(text):
        if _judged(found["value"], noun="password", strong=True, quoted=True, sure=True):
            yield Hit(found.start("value"), found.end("value"), kind_of(found["noun"]), PROSE)
    for found in _USER.finditer(text):
        value = _bare(found["value"])
        if is_very_strong(value) or (value and is_strong(value) and found["sign"].strip() == ":"):
            at = found.start("value")
            yield Hit(at, at + len(value), "password", PROSE)
    if _TALKS.search(text):
        for found in _WORD.finditer(text):
            value = _bare(found.group())
            if is_very_strong(value):
                at = found.start() + found.group().index(value)
                yield Hit(at, at + len(value), "password", PROSE)
    for found in _PAIR.finditer(text):
        value = _bare(found["value"])
        if (
            is_strong(value)
            and value.lower() != found["user"].lower()
            and not found["user"].isdigit()
        ):
            yield Hit(found.start("value"), found.start("value") + len(value), "password", PROSE)


def kind_of(noun: str) -> str:
    """What a person reads of the secret that *noun* speaks of."""
    low = noun.lower()
    if "recovery" in low or "backup" in low:
        return "recovery code"
    if "phrase" in low:
        return "passphrase"
    if re.search(r"\bpin|code|combination", low) and "pass" not in low:
        return "PIN"
    if "passcode" in low:
        return "passcode"
    if re.search(
        r"(?i)pass|pw|login|cred|kenn|contra|senha|wacht|wi-?fi|psk|sign|log|unlock|auth", low
    ) and not re.search(r"key|token", low):
        return "password"
    if "token" in low or "jwt" in low or "bearer" in low:
        return "token"
    if "api" in low:
        return "API key"
    return "secret" if "secret" in low else "key" if "key" in low else "secret"


def _class(noun: str) -> str:
    if re.search(r"^pin|code$|combination", noun) and "pass" not in noun:
        return "pin"
    if noun == "passcode":
        return noun
    if re.search(r"pass|^pwd?|kenn|wifi", noun):
        return "password"
    return "key"


def _after(text: str, found: re.Match[str]) -> Iterator[Hit]:
    """What the clause behind the noun tells."""
    noun, word = found.lastgroup or "", found.group().lower()
    begin = found.end()
    if text[begin : begin + 1] not in _BESIDE:
        return  # part of a name or of code: that is for the layer before
    if text[begin : begin + 1] == ":" and text[begin + 1 : begin + 2].isalnum():
        return
    stop = _END.search(text, begin, begin + _REACH)
    end = stop.start() + 1 if stop else min(len(text), begin + _REACH)
    if noun == "key" and _WIFI.search(text[max(0, found.start() - 40) : found.start()]):
        noun = "password"
    strong = " " in word or "-" in word
    wordy = noun == "pin" or (bool(_WORDY.search(word)) and word != "pass")
    kind = kind_of(word)
    many = word.endswith("s") or "from" in text[begin:end]
    told = False
    if not wordy and not _ODD.search(text, begin, min(len(text), end + 40)):
        return
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
        linked, sure = _linked(previous, text[begin : each.start()], noun)
        if "…" in each.group() or "[" in each.group():
            return  # masked already, or a place to be filled in
        if quote is not None:
            inner = next(group for group in range(1, 8) if quote.group(group) is not None)
            value, at = quote.group(inner), quote.start(inner)
            skip = quote.end()
            quoted = True
        else:
            value, quoted = _bare(each.group()), False
            at = each.start() + each.group().index(value) if value else each.start()
        if value.lower().rstrip(":") in _PASSED:
            previous.append(value.lower())
            continue
        if value and (linked or (quoted and linked is not None)):
            last = _ends_clause(text, at + len(value))
            if _judged(
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
        return True, between.strip() in (":", "->", "→")
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
    if last in _VERB:
        negated = any(word in ("not", "never", "isn't", "no") for word in previous[-4:])
        return not negated, not negated and close and last not in ("=", "are", "be", "become")
    if last in ("and", "then", ",", "or", "/") and noun != "key":
        return True, False
    return (last in _LINK or at < 0), False


def _bare(word: str) -> str:
    value = word.strip("\"'`“”‘’„«»*")
    value = (
        re.sub(r"^[(\[<{]+|(?<=[^(\[])[)\]>}]+$", "", value)
        if value.count("(") != value.count(")") or value[:1] in "(["
        else value
    )
    return re.sub(r"[.,;:\"'`”’)*]+$|(?<=[A-Za-z]{3})[?]$", "", value).lstrip("(\"'`*")


def _ends_clause(text: str, at: int) -> bool:
    rest = text[at : at + 12].lstrip("\"'`”’*)")
    return (
        not rest
        or rest[0] in ".,;\n!?—–("
        or bool(re.match(r" (?:on|for|in|at|and|\(|since|until|now)", rest))
    )


def _judged(value: str, *, noun: str, strong: bool, quoted: bool, sure: bool) -> bool:
    """Whether *value*, linked to a noun of this class, is a secret."""
    if is_placeholder(value) or is_reference(value) or len(value) > 300:
        return False
    if noun == "passcode" or (
        noun == "password" and value.isdigit() and sure and 6 <= len(value) <= 8
    ):
        noun = "pin" if value.isdigit() else "password"
    if noun == "pin":
        digits = re.sub(r"[ \-#*]", "", value)
        return (
            digits.isdigit()
            and 4 <= len(digits) <= 10
            and len(set(digits)) > 1
            and not re.fullmatch(r"(?:19|20)\d\d(?:-\d\d)*", value)
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
    if is_strong(value):
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


_KEY_FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_\-+/=.~:!$%#@*^&]*")
_RELATION = re.compile(r"(?i)(?:ed|ing|able|ible|ly|less|ful|ous|ive|ic|al|ary|ory|ent|ant)$")


def _seed_phrase(text: str, at: int) -> Iterator[Hit]:
    found = re.compile(
        r"[^.\n:=]{0,60}?(?:[:=]|\bis\b|\bare\b)\s*[\"'`“]?((?:[a-z]{3,8}[ ,]+){11,23}[a-z]{3,8})\b"
    ).match(text, at)
    if found:
        yield Hit(found.start(1), found.end(1), "seed phrase", PROSE)
