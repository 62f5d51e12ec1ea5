"""What a person reads of a secret: its kind in a word or two."""

from __future__ import annotations


def kind_of(name: str) -> str:
    """What a person reads of a value called *name*."""
    low = name.lower().replace("_", " ").replace("-", " ").strip()
    for word, kind in (
        ("phrase", "passphrase"), ("passcode", "passcode"), ("pass", "password"),
        ("pwd", "password"), ("pw", "password"), ("psk", "password"), ("kennwort", "password"),
        ("contrase", "password"), ("senha", "password"), ("wachtwoord", "password"),
        ("private key", "private key"), ("api", "API key"), ("access key", "access key"),
        ("secret key", "secret key"), ("signing", "signing key"), ("encrypt", "encryption key"),
        ("key", "key"), ("client secret", "client secret"), ("secret", "secret"),
        ("token", "token"), ("bearer", "token"), ("jwt", "token"), ("pat", "token"),
        ("pin", "PIN"), ("cred", "credentials"), ("cookie", "cookie"),
    ):  # fmt: skip
        if word in low:
            return kind
    return "secret"
