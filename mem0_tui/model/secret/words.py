"""Words that stand beside secrets: what holds none of them, no long run and no URL, holds none.

Those that most texts have stand first, for the search ends with the first.
"""

from __future__ import annotations

WORDS = (
    "key", "token", "auth", "login", " code", "secret", " pin", "passw", "passp", "passc", "pass ", "pass:", "pass=", "_pass", "-pass", "passe", "pwd", " pw", "pw ",
    "pw=", "pw:", "_pw", "cred", "bearer", "pin ", "pins",
    "sig=", "kennwort", "contrase", "senha", "wachtwoord", "identified", "jwt", "otp", "curl",
    "sudo", "redis-cli", "smbclient", "salt", "-code", "mnemonic", "phrase", "mysql",
    "mariadb", "unlock", "log in", "logs in", "logged in", "sign in", "signed in", "2fa", "seed",
    "psk", "ldap", "mosquitto", "wi-fi", "wifi", " -u ", "zugang", "community", "ssid", "admin:",
    "root:", "admin /", "cookie", "pass\"", "pass'", "signs in", "-pw ", "-pw:", "einlog", "anmeld",
    "securestring", "net use", "| admin", "| root", "basic ", "schlüssel", "clave", "clé", "log into", "logs into", "logged into", "superuser", "elastic /", "postgres /", "sshpass", "zahlencode", "combination", "-begin", "ssh ", "recovery",
)  # fmt: skip
