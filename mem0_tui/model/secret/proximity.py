"""The fifth layer: a value whose form alone is that of a secret, near a word for one.

The layers before know how sentences are built; this one does not, and so holds for any wording and
for many languages. In turn the value must look coined by a person or drawn by chance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

from mem0_tui.model.late_pattern import late
from mem0_tui.model.secret import languages
from mem0_tui.model.secret.form import (
    is_digest,
    is_random,
    is_stand_in,
)
from mem0_tui.model.secret.hit import PROSE, Hit
from mem0_tui.model.secret.memorable import is_coined, is_joined, is_mixed
from mem0_tui.model.secret.nouns import BEFORE_NO, NO_NOUN
from mem0_tui.model.secret.strength import is_known_word, is_strong

_TOKEN = late(r"[^\s\"'`“”‘’«»„()（）「」『』,;|<>{}\[\]\u0250-\uffff]{5,200}")
_PASSWORD = late(
    r"passw(?:or)?ds?|pass-?phrases?|pass-?codes?|pass(?<![a-z]pass)(?![a-z0-9_])|pwd(?![a-z])|pw(?![a-z])|log-?ins?(?![a-z])"
    r"|log(?:s|ged|ging)? (?:in|on)(?:to)?(?![a-z])|sign(?:s|ed)? in(?:to)?(?![a-z])|credentials?|creds|basic[ -]auth|unlock(?:s|ed)?(?![a-z])"
    r"|decrypt(?:s|ed)?(?![a-z])|superuser|sudo|wi-?fi|wlan|psk|authenticat(?:e|es|ed)(?![a-z])|keystore|vnc|rdp|ftp|community"
    r"|(?:2fa|recovery|backup|rescue) codes?|2fa| get(?:s|ting)? (?:you )?(?:in|on|into|onto|past)(?![a-z])"
)
_PASSWORD_ABROAD = late(
    r"zugang|mots? de passe|palabra de paso|clave|kata sandi|mật khẩu|parola d['’]ordine|palavra[- ]passe|hasł|hesl[oaeu]|парол"
    r"|лозинк|contraseñ|รหัสผ่าน|كلمة (?:المرور|السر)|einlog|anmeld|se connect|connexion|iniciar sesi|логин|войти|ログイン|登录|登錄|로그인|"
    + "|".join(languages.PASSWORDS)
)
_ABROAD_IN_ASCII = (
    *languages.ASCII, "zugang", "clave", "einlog", "anmeld", "wort", "wachtwoord", "senha", "contrase",
    "mots de", "connex", "connect",
)  # fmt: skip
"""What a text of ASCII alone holds where it holds one of these."""
_KEY = late(
    r"(?:keys?|tokens?|secrets?|bearer|jwt|cookie|api[ _-]?key|credentials?|creds|auth)(?![a-z])|"
    + "|".join(each for each in languages.KEYS if each != "clave")
)
_ABOUT_ID = late(
    r"(?i)(?:\b(?:ids?|uuid|sha\d*|hash|digest|checksum|integrity|fingerprint|commit|etag|cursor|revision|rev|build|version|nonce"
    r"|request|trace|span|session|job|run|page|next|public|publishable|site|anon|file|partition|cache|row|order|customer|price|user"
    r"|user ?name|account|named?|called|ticket|branch|tag|image|container|pod|bucket|cluster|ref|serial|model)(?: (?:is|was))?|#|@|v)[\s:=#\"'`(]*$"
)
_LINK = late(
    r"""(?xi) (?: [:：=→>–—] | -> | \s-
      | (?<![^\W_])(?:is|was|it's|its|that's|now|using|with|by|use|enter|type|try|say|says|ist|lautet|es|est|é|è|är|er|je|jest|to
        |van|adalah|là|это|теперь|jetzt|nu|ahora|maintenant|teraz|still|still\ has|(?<=salasana\ )on|(?<=parool\ )on|currently|answer|takes|accepts|wants|expects|needs|got|remains|became|becomes|być|este|yra|ir|olan|mit|avec|con|com|met|med)
      | [はがを是为為는은] ) [\s"'`“”‘’«»„「『*(（]*$"""
)
_PLACE = late(
    r"(?i)(?<![^\W_])(?:on|at|in|for|of|from|into|onto|via|per|and|or|as|op|voor|auf|für|vom|von|im|auf|bei|aus|sur|pour|dans|de|du|del|en"
    r"|para|para o|no|na|do|da|dla|w|z|ze|på|för|til|fra|från|til|для|на|в|от|и|y|et|und|och|og|i|e|the|a|an|der|die|das|le|la|el|los|o)"
    r"[\s\"'`“”‘’«»„*(]*$"
)
_CHANGED = late(
    r"(?i)(?:chang|set|reset|rotat|updat|switch|geänder|gesetzt|gewijzigd|ändra|zmien|измен|смен|cambi|mud(?:ou|ad)|alterad)\w*\b[^.;]{0,50}?\b(?:to|into|zu|auf|in|naar|till|na|на|a|por|para|en)[\s\"'`“”«»„*]*$"
)
_FIRST = late(
    r"(?i)[\"'`“”»*)]*,? (?:is|was|are|as|works?|opens?|unlocks?|gets?|lets?|will|should|did|does|decrypts?|ist|est|es|é|to|for|=)\b"
)
"""How a sentence goes on that begins with the secret."""
_USER = late(r"(?:^|[\s:=(\"'`>])[A-Za-z][\w.@\-]{1,40}\s?[/|:]\s?$")
_LOGIN = late(
    r"(?i)login|log(?:s|ged)? ?-?in|creds|credential|superuser|account|admin|konto|identifiant|zugang|sign in|basic auth|passw|\bpw\b"
)
_WORD_BEHIND = late(
    r"\b(?:by|with|using|via) (?:the |its |our |my |a )?(?:passw(?:or)?d|passphrase|pw|pwd) (?P<value>[a-z]{6,24})(?=[;,.)]|\s*$| \(|\n)"
)
_NO_WORD = late(
    r"(?i).*(?:tion|sion|ment|ance|ence|ity|agers?|ers?|ors?|files?|prompts?|ed|ing|able|ible|ly|hash|hashes|auth|store|only|reset|policy|rules|login|change|entry|safe|list|field)"
)
_THAT = late(
    r"(?i)[\"'`”»*)]*[^.\n]{0,40}?[,;:—–-]? (?:that['’]s|that is|which is|this is|it['’]s|it is) (?:still |now )?(?:the|our|my|his|her|their) "
    r"(?:[\w\-]+ ){0,2}?(?:passw(?:or)?d|passphrase|passcode|pw)\b"
)
_ASIDE = late(
    r"(?i)[\"'`”»*]*(?: opens it| works)? \((?:the |our )?(?:passw(?:or)?d|passphrase|pw)(?: (?:for|of|to) [^)\n]*)?\)"
    r"|[\"'`”»*]* (?:<-|←) (?:that|the|our|my) (?:passw(?:or)?d|passphrase|pw)\b"
)
"""A word for a password in brackets, or at an arrow, behind the value."""
_ONTO = late(r"(?i)(?:auf|op|till|til|in|naar)[\s\"'`“*„]+$")
_CHANGED_BEHIND = late(
    r"(?i)[\"'`”“*]* (?:gesetzt|geändert|gestellt|umgestellt|zurückgesetzt|gezet|veranderd|gewijzigd)\b"
)
_CODES = late(r"(?i)\b(?:2fa|mfa|recovery|backup|rescue|scratch|licen[cs]e|serial|product key)\b")
_GROUPED = late(r"(?=(?:.*\d){3})(?=(?:.*[A-Za-z]){3})[A-Za-z0-9]{3,6}(?:-[A-Za-z0-9]{3,6}){1,7}")
_WORDS_FOR = "passw(?:or)?d|passphrase|pass|pw|pwd|passwort|kennwort|contraseña|clave|senha|mot de passe|mdp|wachtwoord|hasło|heslo|пароль|lösenord|passord|adgangskode|salasana"
_OF_USER = late(
    rf"\b(?:user(?:name)?|nutzer|benutzer(?:name)?|usuario|utilisateur|utente|login|gebruiker|użytkownik|uživatel|bruker|användare"
    rf"|пользователь|логин|account|konto)[ :=]+(?P<user>[\w.@+\-]{{2,50}})[,;/ ]+(?:and |und |y |et |e |i |en |och |и |a )?(?:with )?(?:the )?"
    rf"(?:{_WORDS_FOR})[ :=]+[\"'`“„«]?(?P<value>[^\s\"'`“”„«»,;|()]{{4,60}})"
)
_LISTED = late(
    r"\b(?:creds|credentials|log-?ins?|zugangsdaten|identifiants|credenciales|credenziali|inloggegevens|wi-?fi|wlan)\b[^.\n:]{0,40}?[:=—–-]+ ?"
    r"(?P<user>[\w.@+\-]{2,50})\s?[/|:]\s?(?P<value>[a-z][^\s\"'`,;|()/]{4,40})(?=[.,;)]?(?:\s*$|\n| \())"
)
_USERS = (
    "user", "nutzer", "usuario", "utilis", "utente", "login", "gebruik", "użytk", "uživ", "bruker",
    "använd", "пользов", "логин", "account", "konto",
)  # fmt: skip
_NOUNS = (
    "pass",
    "pw",
    "wort",
    "woord",
    "senha",
    "clave",
    "mdp",
    "hasl",
    "hesl",
    "adgang",
    "salasana",
)
_QUOTE = late(r"[\"“'`]")
_APPOSED = late(
    r"\b(?:passw(?:or)?d|passphrase|passwort|kennwort), [\"'`“]?(?P<value>[^\W\d_]{6,24})[\"'`”]?, "
)
_QUOTED_FIRST = late(
    r"[\"“'`](?P<value>[^\s\"“”'`]{5,60})[\"”'`][^\w\n]{1,4}(?:that['’]s|that is|which is|this is|it['’]s|it is|is) (?:still |now )?(?:the|our|my) (?:[\w\-]+ ){0,2}?(?:passw(?:or)?d|passphrase|passcode|pw)\b"
)
_DIRECT = late(
    r"(?i)(?:passw(?:or)?d|passphrase|passcode|pass|pw|pwd|passwort|kennwort|senha|contraseña|passe|wachtwoord|hasło|heslo|lösenord|adgangskode|passord|salasana|jelszó|parola|пароль)[\s\"'`“*(]+$"
)
"""A word for a password right before the value."""
_WEAK_LINK = late(r"(?i)(?:with|by|using|use|mit|avec|con|com|met|med|via)[\s\"'`“*(]*$")
_END = late(
    r"[\"'`”’»)*]*(?:[.,;!?。、)]|\s*$|\s*\n| \(| (?:on|for|in|at|and|from|until|since|but|everywhere|です|입니다|setzen|gesetzt)\b)"
)
_STOP = late(r"(?<!:)(?:[.!?。！？](?=\s|$|[^\x00-\x7f])|\n\s*\n)")
_ID = late(
    r"(?:cus|pi|evt|price|prod|sub|in|ch|si|acct|seti|pm|txn|req|msg|run|resp|call|toolu|chatcmpl|cmpl|org|proj|project|user|file|asst|thread|vs|batch"
    r"|dpl|prj|team|pk|cs|we|sess|session|job|task|step|conv|ftjob|mem|usr|ws|wh|inv|ord|doc|pub|rec|app|tbl|viw|gid|urn|sha\d*|md5|arn|img|ami|vpc|subnet|sg|eni|vol|snap|i)[_\-:]"
)
_FAMOUS = late(
    r"(?i)p[a@]ssw[o0]rd\W?\d{0,4}\W?|hunter2|admin\d{1,4}|letmein\d{0,4}|welcome\d{1,4}|qwerty\d{1,4}|secret\d{1,4}"
)
"""What everyone writes for a password that is none."""
_AN_EXAMPLE = late(
    r"[\"'`”*)]{0,2} (?:is|was|being) (?:just |only |on )?(?:the|an|our|a) (?:documented )?(?:example|list|sample|placeholder)\b"
)
_BEFORE, _BEHIND = 160, 100
"""Characters around a value in which the word for it can stand."""


def find(text: str, lower: str, *, password: bool) -> Iterator[Hit]:
    """The values in *text*, which is *lower* in lower case and speaks of a *password* or of other
    secrets, that look like secrets, near a word for one."""
    if len(lower) != len(text):
        return  # a letter that is two in lower case: the places would not be the same
    for at, value, form in _forms(text, 5 if password else 12):
        kind = _kind(text, at, value, form)
        if kind and (form is not _Form.STRONG or is_strong(value)):
            yield Hit(at, at + len(value), kind, PROSE)
    for expression in _sentences(text, lower) if password else ():
        for found in expression.finditer(lower):
            value, user = found["value"].rstrip(".:!?"), found.groupdict().get("user", "")
            value = text[found.start("value") : found.start("value") + len(value)]
            if value.lower() != user.lower() and _may_be_word(value):
                yield Hit(
                    found.start("value"), found.start("value") + len(value), "password", PROSE
                )


def _sentences(text: str, lower: str) -> Iterator[re.Pattern[str]]:
    """The expressions that can match *text*, as far as some of their letters tell."""
    if "passw" in lower or "phrase" in lower or "pw" in lower or "wort" in lower:
        if "by " in lower or "with " in lower or "using " in lower or "via " in lower:
            yield _WORD_BEHIND
        if "d, " in lower or "e, " in lower or "t, " in lower:
            yield _APPOSED
        if (" the " in lower or " our " in lower or " my " in lower) and _QUOTE.search(text):
            yield _QUOTED_FIRST
    if not lower.isascii() or any(map(lower.__contains__, _NOUNS)):
        for word in _USERS:
            if word in lower:
                yield _OF_USER
                break
    if "/" in text or "|" in text or text.count(":") > 1:
        yield _LISTED


def _may_be_word(value: str) -> bool:
    """Whether *value* can be a password where the sentence says that one stands there."""
    return not (
        len(value) < 4 or is_stand_in(value) or is_known_word(value) or _NO_WORD.fullmatch(value)
    )


def _forms(text: str, least: int) -> Iterator[tuple[int, str, _Form]]:
    """What in *text* has the form of a secret: where, what of *least* characters, and which form."""
    for token, begin in _odd_tokens(text, least):
        value = token.strip("*_~").rstrip(".,:").lstrip(":.-=→—–")
        start = begin + token.index(value)
        form = _form(value)
        if form is not None:
            yield start, value, form
        for sign in "/:|":
            user, split, value = value.partition(sign)
            if split and user and value and sign not in value:
                form = _form(value)
                if form in (_Form.COINED, _Form.STRONG, _Form.JOINED):
                    yield start + len(user) + 1, value, form
            value = user + split + value


def _odd_tokens(text: str, least: int) -> Iterator[tuple[str, int]]:
    """What in *text* is no plain word, and where it begins."""
    at = 0
    for word in text.split():
        plain = word.strip(".,;:()'\"`")
        if len(plain) < 5 or (plain.isalpha() and (plain.islower() or plain.istitle())):
            continue
        at = text.index(word, at)
        for found in _TOKEN.finditer(text, at, at + len(word)):
            token = found.group()
            if len(token) >= least:
                yield token, found.start()
        at += len(word)


def _form(value: str) -> _Form | None:
    if (
        len(value) < 5
        or value.isdigit()
        or (value.isalpha() and (value.islower() or value.istitle()))
    ):
        return None
    if any(map(str.isdigit, value)):
        if _is_drawn(value):
            return _Form.DRAWN
        if is_coined(value):
            return _Form.MIXED if is_mixed(value) else _Form.COINED
        return _Form.STRONG
    return _Form.JOINED if is_joined(value) else None


class _Form(Enum):
    """How a value looks."""

    DRAWN = 0
    """Drawn by chance, long."""
    MIXED = 1
    """Coined, of several parts."""
    COINED = 2
    """Coined, a word with a number."""
    JOINED = 3
    """Coined, of words alone."""
    STRONG = 4
    """Letters and digits, which may be no name: whether they are is looked at last."""


def _kind(text: str, at: int, value: str, form: _Form) -> str | None:
    """What *value*, which begins at *at*, is: ``password``, ``token``; None where it is no secret."""
    end = at + len(value)
    if (
        _FAMOUS.fullmatch(value)
        or _AN_EXAMPLE.match(text, end)
        or text[end : end + 1] in ("(", "[")
    ):
        return None
    begin, stop = _sentence(text, at, end)
    before, behind = text[begin:at], text[end:stop]
    sign = before[-2:].strip()[-1:] if before.endswith(("/ ", "| ")) else before[-1:]
    if form is _Form.DRAWN:
        if sign in ("/", "\\", "@", "&", "$") or before[-1:] == ":" or _ABOUT_ID.search(before):
            return None
        near = _says(_KEY, before) or _says(_KEY, behind) or _says(_PASSWORD, before)
        return ("token" if "oken" in before + behind else "key") if near else None
    pair = sign in ("/", ":", "|") and _USER.search(text, max(0, at - 45), at)
    if pair and _LOGIN.search(text, begin, at):
        return "password"
    if sign in ("/", "\\", "@", "&", "$") or _ABOUT_ID.search(before):
        return None
    if form is not _Form.STRONG and _ASIDE.match(text, end):
        return "password"
    if _says(_PASSWORD, before):
        return "password" if _is_told(text, before, end, value, form) else None
    if form is not _Form.STRONG and _THAT.match(text, end):
        return "password"
    if form is _Form.MIXED:
        if _LINK.search(before) and _says(_KEY, before):
            return "secret"
        if _FIRST.match(text, end) and not before.strip(" \"'`*(“«"):
            return "password" if _says(_PASSWORD, behind) else None
    return None


def _is_told(text: str, before: str, end: int, value: str, form: _Form) -> bool:
    """The same of a value behind a word for a password."""
    if _CHANGED.search(before) or (_ONTO.search(before) and _CHANGED_BEHIND.match(text, end)):
        return form is not _Form.JOINED or _ends(text, end)
    loose = form is _Form.JOINED and value.islower() and "-" in value
    link = _LINK.search(before)
    if link or _DIRECT.search(before):
        if form is _Form.JOINED and not (_ends(text, end) or (link and not loose)):
            return False
        if loose and link and _WEAK_LINK.search(before):
            return False
        if form is _Form.STRONG:
            return bool(_CODES.search(before) and _GROUPED.fullmatch(value))
        return True
    return form is _Form.MIXED and not _PLACE.search(before)


def _ends(text: str, end: int) -> bool:
    """Whether a clause ends at *end*."""
    return bool(_END.match(text, end))


def _says(noun: re.Pattern[str], part: str) -> bool:
    """Whether *part* holds such a noun that speaks of the secret itself: no ``password policy``."""
    lower = part.lower()
    for found in noun.finditer(lower):
        if noun is _KEY and lower[: found.start()][-1:].isalpha():
            continue  # part of another word, or of a name such as nextPageToken
        if not NO_NOUN.match(part, found.end()) and not BEFORE_NO.search(part, 0, found.start()):
            return True
    return noun is _PASSWORD and _says_abroad(lower)


def _says_abroad(lower: str) -> bool:
    if lower.isascii() and not any(word in lower for word in _ABROAD_IN_ASCII):
        return False
    return bool(_PASSWORD_ABROAD.search(lower))


def _sentence(text: str, at: int, end: int) -> tuple[int, int]:
    """Where the sentence around a value begins and ends; what ends with a colon belongs to it."""
    begin = max(0, at - _BEFORE)
    for found in _STOP.finditer(text, begin, at):
        begin = found.end()
    stop = _STOP.search(text, end, end + _BEHIND)
    return begin, stop.start() if stop else min(len(text), end + _BEHIND)


def _is_drawn(value: str) -> bool:
    """Whether *value* is drawn by chance and long: a generated key that no vendor marks."""
    if not re.fullmatch(r"[A-Za-z0-9_\-+=~]{16,}", value) or _ID.match(value):
        return False
    if is_digest(value) or is_stand_in(value) or not is_random(value, 16):
        return False
    kinds = sum(any(map(test, value)) for test in (str.isupper, str.islower, str.isdigit))
    return kinds == 3 and sum(map(str.isdigit, value)) >= (2 if len(value) >= 20 else 4)
