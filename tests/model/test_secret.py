"""Keys are masked wherever they stand; what only looks like one stays."""

from __future__ import annotations

import hashlib
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mem0_tui.model.secret import redact

TAIL = "AbCd1234EfGh5678IjKl9012"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        *((f"use {start}{TAIL} here", TAIL) for start in ("m0-", "sk-proj-", "ghp_", "xoxb-")),
        *((f"'{start}{TAIL}'", TAIL) for start in ("sk_live_", "glpat-", "npm_", "hf_", "gsk_")),
        ("AKIAIOSFODNN7EXAMPLE", "IOSFODNN7"),
        (f"AIza{TAIL}{TAIL[:11]}", TAIL),
        ("password=hunter2", "hunter2"),
        ("DB_PASSWORD='s3cr3t!'", "s3cr3t!"),
        ('"api_key": "zzzz"', "zzzz"),
        ("api_key: abcd1234efgh", "abcd1234"),
        ("postgres://kim:pw@db/x", "pw@"),
        ("Authorization: Bearer abcdef1234567890", "abcdef123456"),
        ("-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----", "abc"),
        ("-----BEGIN PRIVATE KEY-----\nabc cut off", "abc"),
    ],
)
def test_a_secret_is_masked(text: str, secret: str) -> None:
    assert secret not in redact(text)
    assert "…" in redact(text)
    assert redact(redact(text)) == redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "token = lexer.next()",
        "max_tokens=4096",
        "secret: none",
        "password: ask Kim",
        "token: the parser's token",
        "password=$DB_PASS",
        "the bearer credentials are checked first",
        "use the sk-learn-extensions package",
        "risk-assessment-document task-12345678-abc",
        "https://example.com:8080/path?x=1",
        'bearer_token_env_var = "MEM0_API_KEY"',
    ],
)
def test_words_and_references_stay(text: str) -> None:
    assert redact(text) == text


@given(st.binary(max_size=20))
def test_ids_and_hashes_stay(seed: bytes) -> None:
    digest = hashlib.sha256(seed).hexdigest()
    ids = (digest, digest[:40], digest[:7], f"sha256:{digest}", str(uuid.UUID(digest[:32])))
    for each in ids:
        text = f"fixed in {each}, see {each}."
        assert redact(text) == text
