"""Words that stand beside secrets: what holds none of them, no long run and no URL, holds none.

Those that most texts have stand first, for the search ends with the first.
"""

from __future__ import annotations

from collections.abc import Mapping

from mem0_tui.model.secret import languages

NONE, SOME, PASSWORD = 0, 1, 2
"""What a text speaks of: of nothing secret, of keys and the like, of what one logs in with."""

_OF_PASSWORDS = (
    "cred", "kennwort", "contrase", "senha", "wachtwoord", "sudo", "unlock", "2fa", "psk", "wi-fi",
    "wifi", "wlan", "zugang", "community", "anmeld", "clave", "superuser", "decrypt", "recovery", "ssh ", "identifiants",
)  # fmt: skip
_FAMILIES = {
    "pass": ("passw", "passp", "passc", "pass ", "pass:", "pass=", "_pass", "-pass", "passe", "pass\"", "pass'", "passord"),
    "log": ("login", "log in", "logs in", "logged in", "einlog"),
    "pw": ("pwd", " pw", "pw ", "pw=", "pw:", "_pw"),
}  # fmt: skip
"""Words that have a part in common: what does not hold it holds none of them."""
_OTHERS = (
    "key", "token", "auth", "secret", "bearer", "identified", "jwt", "otp", "curl", "redis-cli",
    "smbclient", "salt", "mnemonic", "phrase", "mysql", "mariadb", "seed", "ldap", "mosquitto", " -u ",
    "ssid", "cookie", "securestring", "net use", "basic ", "schlüssel", "clé", "elastic /", "postgres /",
    "combination", "-begin", "connect.sid",
)  # fmt: skip
_OTHER_FAMILIES = {
    "pin": (" pin", "pin ", "pins", "pin=", "pin:"),
    "sig": ("sig=", "sign in", "signed in", "signs in"),
    "admin": ("admin:", "admin /", "| admin"),
    "root": ("root:", "| root"),
    "sessi": ("phpsessid=", "jsessionid=", "sessionid="),
    "code": (" code", "-code", "zahlencode"),
}  # fmt: skip
ABROAD = tuple(word for word in (*languages.PASSWORDS, *languages.KEYS) if not word.isascii())
"""What only texts hold that are not of ASCII alone."""
WORDS = (
    *languages.ASCII,
    *ABROAD,
    *_OF_PASSWORDS, *_OTHERS,
    *(word for family in (*_FAMILIES.values(), *_OTHER_FAMILIES.values()) for word in family),
)  # fmt: skip


def spoken(lower: str) -> int:
    """What a text in lower case speaks of: :data:`NONE`, :data:`SOME` or :data:`PASSWORD`."""
    if _holds(lower, _OF_PASSWORDS, _FAMILIES):
        return PASSWORD
    if not lower.isascii() and _holds(lower, ABROAD, {}):
        return PASSWORD
    if _holds(lower, _OTHERS, _OTHER_FAMILIES):
        return SOME
    return PASSWORD if _holds(lower, languages.ASCII, {}) else NONE


def _holds(lower: str, words: tuple[str, ...], families: Mapping[str, tuple[str, ...]]) -> bool:
    for word in words:
        if word in lower:
            return True
    for part, family in families.items():
        if part in lower:
            for word in family:
                if word in lower:
                    return True
    return False
