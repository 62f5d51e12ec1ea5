"""Keys that vendors print in their documentation: they open nothing, and everybody has them."""

from __future__ import annotations

_PARTS = (
    "EXAMPLE",
    "wJalrXUtnFEMI/K7MDENG",
    "je7MtGbClwBF/2Zp9Utk",
    "4eC39HqLyjWDarjtT1zdp7dc",
    "BQokikJOvBiI2HlWgH4olfQ2",
    "xxxxxxxx",
    "XXXXXXXX",
    "00000000-0000",
    "0123456789abcdef",
    "1234567890abcdef",
    "abcdefghijklmnop",
    "ABCDEFGHIJKLMNOP",
    "123456789012345678",
    "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
    "T00000000/B00000000",
    "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
    "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11",
    "MIIEpAIBAAKCAQEA04up8hoqzS1+APIB0RhjXyObwHQnOzhAk5Bd7mhkSbPkyhP1",
    "gtimBYQFfKFu5Q4FgHbZk1",
    "abandon abandon abandon",
    "2b7e151628aed2a6abf7158809cf4f3c",
    "8e73b0f7da0e6452c810f32b809079e5",
    "603deb1015ca71be2b73aef0857d7781",
    "6LeIxAcTAAAAA",
    "QWxhZGRpbjpvcGVuIHNlc2FtZQ",
)
"""What such a key holds: of AWS, Stripe, JWT, Slack, Telegram, reCAPTCHA, RFC 7617, BIP 39 and NIST SP 800-38A, and the alphabet as a key."""


def is_example(value: str) -> bool:
    """Whether *value* is a documented example."""
    return any(part in value for part in _PARTS)
