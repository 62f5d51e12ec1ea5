"""What a sentence calls a secret: passwords, PINs, phrases, keys; and what only sounds like one."""

from __future__ import annotations

import re

from mem0_tui.model.late_pattern import late

NOUN = late(
    r"""(?xi)(?:(?<![a-z0-9_\-./$])|(?-i:(?<=[A-Za-z]-)(?=(?:PW|Passw|Kennw|Zugang)))
        |(?-i:(?<=[a-zäöüß])(?=passwort|kennwort)))(?:
      (?P<pin>pins?(?:[ ]codes?)?|(?:door|gate|alarm|safe|unlock|entry|access|key|lock|garage|keypad
        |device|screen|sim|security|voicemail|pairing|admin|garden|building|office|parking)[ ]?-?(?:code|pin)s?
        |(?:recovery|backup|rescue|scratch|one-?time|emergency|otp|2fa|mfa)[ -]?codes?
        |combination|zahlencode)
    | (?P<password>(?:pass(?:word|wd|phrase|code)?|pwd?|passw(?:or)?t|kennwort|mot\ de\ passe
        |contrase(?:ñ|n)a|senha|wachtwoord|community(?:\ string)?|zugangsdaten|logins?|creds?|credentials?|psk|pws|passwords|sudo
        |(?:wi-?fi|wlan|network|pre-?shared|wpa2?|guest)[ -]?(?:key|pass(?:word|phrase)?)
        |(?:recovery|backup|rescue|scratch|one-?time|emergency)[ -]?(?:keys?|password)
        |einloggen|anmelden|anmeldung|enable\ secret|log(?:s|ged)?[ -]?(?:into|onto|in|on)|sign(?:s|ed)?[ -]?in|authenticates?|unlock(?:s|ed)?))
    | (?P<phrase>(?:seed|recovery|mnemonic|backup|secret|wallet)[ -]?(?:phrase|words)|mnemonic)
    | (?P<key>(?:(?:api|access|secret|private|auth|signing|encryption|master|service|account|license|licence|shared
        |deploy|client|bot|app|personal|refresh|bearer|root|admin|webhook|session|oauth|jwt|hmac|totp|2fa|otp|mfa
        |write|read|ingest|integration|storage|live|production|prod|staging|test|sandbox)[ -]?)*
        (?:keys?|schlüssel|clave|clé|tokens?|secrets?|pats?|jwt|seed|bearer|cookie|salt|pepper))
    )(?![a-z0-9_])(?!-(?!->))"""
)
NO_NOUN = late(
    r"""(?xi)[ ]?(?:ids?|names?|fingerprints?|layouts?|headers?|mapping|hash(?:es)?|digests?|lengths?|sizes?|rotations?|rings?|counts?
      |limits?|budgets?|types?|manager|polic(?:y|ies)|resets?|files?|fields?|columns?|hints?|strengths?|store
      |vaults?|prompts?|expir\w+|bindings?|events?|presses?|press|scopes?|scanning|scanner|value\ pairs?
      |points?|results?|findings?|frames?|usage|window|buckets?|version|provider|endpoint|url|page|form
      |colou?rs?|is\ public|are\ public|flow|screen|button|attempts?|rate|through|fails?|ing|over|by\ reference)\b"""
)
BEFORE_NO = late(
    r"(?i)(?:primary|foreign|public|cache|sort|partition|idempotency|unique|composite|dict(?:ionary)?"
    r"|json|object|map|page|next|continuation|csrf|sync|config|metadata|registry|i18n|translation"
    r"|row|max|input|output|special|eos|hash|shard|routing|the same|arrow|hot|function|tab|enter"
    r"|host|verification|gpg|pgp|design|react|s3|redis|message|event|partition|lookup) $"
)
WIFI = late(r"(?i)ssid|wi-?fi|wlan")
WORDY = late(r"(?i)pass|pwd?$|kennwort|contrase|senha|wachtwoord|wi-?fi|psk")
"""Nouns after which a mere word can be the secret: «the password is swordfish»."""
ODD = late(
    r"[A-Za-z][^\s]{0,60}?\d|\d[^\s]{0,60}?[A-Za-z!#$%]|\d{4}|\d\d-\d\d|\w[!#$%^*?]\w|\w(?:-[a-z]+){2}|\d \d"
)
"""What no plain word has."""
_MAY_BE_ODD = late(r"[\d!#$%^*?]|-[a-z]+-[a-z]")
"""What each of these holds: looked for first, as that takes a fraction of the time."""
_PUNCTUATION = ".,;:()'\"`"
_LISTED = late(r"\d \d")
_WORDY = ("pass", "kennwort", "contrase", "senha", "wachtwoord", "wi-fi", "wifi", "psk")


def is_odd(text: str) -> bool:
    """Whether :data:`ODD` is anywhere in *text*: the same in a tenth of the time, for nearly all
    words are plain."""
    for word in text.split():
        if not word.isalpha():
            word = word.strip(_PUNCTUATION)
            if word.isalpha() or (len(word) < 4 and word.isdigit()):
                continue
            if _MAY_BE_ODD.search(word) and ODD.search(word):
                return True
    return _LISTED.search(text) is not None


def may_be_wordy(text: str) -> bool:
    """Whether :data:`WORDY` is anywhere in *text*."""
    if not text.isascii():
        return WORDY.search(text) is not None
    low = text.lower()
    for word in _WORDY:
        if word in low:
            return True
    return low.removesuffix("\n").endswith(("pw", "pwd"))


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


def class_of(noun: str) -> str:
    if re.search(r"^pin|code$|combination", noun) and "pass" not in noun:
        return "pin"
    if noun == "passcode":
        return noun
    if re.search(r"pass|^pwd?|kenn|wifi", noun):
        return "password"
    return "key"
