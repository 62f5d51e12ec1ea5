"""Words that stand beside secrets: what holds none of them, no long run and no URL, holds none."""

from __future__ import annotations

WORDS = (
    "passw", "passp", "passc", "pass ", "pass:", "pass=", "_pass", "-pass", "passe", "pwd", " pw", "pw ",
    "pw=", "pw:", "_pw", "secret", "token", "key", "cred", "auth", "bearer", "pin ", " pin", "pins",
    "sig=", "kennwort", "contrase", "senha", "wachtwoord", "identified", "jwt", "otp", "curl", "login",
    "sudo", "redis-cli", "smbclient", "salt", " code", "-code", "mnemonic", "phrase", "mysql",
    "mariadb", "unlock", "log in", "logs in", "logged in", "sign in", "signed in", "2fa", "seed",
    "psk", "ldap", "mosquitto", "wi-fi", "wifi", " -u ", "zugang", "community", "ssid", "admin:",
    "root:", "admin /", "cookie", "sshpass", "zahlencode", "combination", "-begin", "ssh ", "recovery",
)  # fmt: skip
