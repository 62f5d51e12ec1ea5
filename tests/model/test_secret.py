"""Keys are masked wherever they stand; what only looks like one stays."""

from __future__ import annotations

import hashlib
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mem0_tui.model.secret import find, mask, redact, removed

TAIL = "AbCd1234EfGh5678IjKl9012"
LONG = f"{TAIL}aB3x"
PEM = "-----BEGIN RSA PRIVATE KEY-----"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"use ghp_{LONG} here", "use ghp_…aB3x here"),
        (f"sk-proj-{LONG}, then", "sk-proj-…aB3x, then"),
        ("key m0-Ab12Cd34Ef56Gh.", "key m0-…."),  # too short to give four of it away
        ("password=hunter2", "password=[password …]"),
        ("DB_PASSWORD='s3cr3t!'", "DB_PASSWORD='[password …]'"),
        ("the wifi password is sommerregen22", "the wifi password is [password …]"),
        ('"api_key": "zz12kk34"', '"api_key": "[API key …]"'),
        ("postgres://kim:pw@db/x", "postgres://kim:…@db/x"),
        ("Authorization: Bearer abcdef1234567890", "Authorization: Bearer [token …]"),
        (f"{PEM}\nabc\n{PEM.replace('BEGIN', 'END')}", "[RSA private key …]"),
        ("-----BEGIN PRIVATE KEY-----\nabc cut off", "[private key …]"),
        ("ey" + f"JhbGciOiJIUzI1NiJ9.{TAIL}.{TAIL}", "[JWT …]"),
        (
            f"https://hooks.slack.com/services/T0AB12CD3/B0AB12CD3/{TAIL}",
            "https://hooks.slack.com/…",
        ),
    ],
)
def test_what_is_shown_of_a_secret(text: str, shown: str) -> None:
    assert redact(text) == shown
    assert redact(shown) == shown


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        *((f"use {start}{TAIL} here", TAIL) for start in ("m0-", "sk-proj-", "ghp_", "xoxb-")),
        *((f"'{start}{TAIL}'", TAIL) for start in ("sk_live_", "glpat-", "npm_", "hf_", "gsk_")),
        ("AKIA" + "IOSFODNN7EXAMPLE", "IOSFODNN7"),
        (f"AIza{TAIL}{TAIL[:11]}", TAIL),
        ("api_key: abcd1234efgh", "abcd1234"),
        (f"MY_DATADOG_API_KEY={'0f1e2d3c' * 4}", "0f1e2d3c0f1e"),
    ],
)
def test_a_secret_is_masked(text: str, secret: str) -> None:
    assert secret not in redact(text)
    assert "…" in redact(text)
    assert redact(redact(text)) == redact(text)


@pytest.mark.parametrize("length", range(1, 60))
def test_a_mask_gives_away_four_characters_of_a_long_key_and_none_of_a_short_one(
    length: int,
) -> None:
    key = (TAIL * 3)[:length]
    assert len(mask(key).replace("…", "")) == (4 if length >= 20 else 0)
    assert mask(f"ghp_{key}").endswith(f"…{key[-4:]}" if length >= 20 else "…")


def test_what_is_taken_out_leaves_its_kind_and_nothing_to_find() -> None:
    text = f"ghp_{LONG} and password=hunter2 and redis://:s3cret@cache/0"
    left = removed(text, find(text))
    kept = "[GitHub token removed] and password=[password removed] and "
    assert left == f"{kept}redis://:[password removed]@cache/0"
    assert not find(left)


@pytest.mark.parametrize(
    "unit", ["password ", "key=", "a-", "https://a:", '"', "token: ", "sk-a1b2c3d4-"]
)
def test_a_long_text_takes_time_in_proportion(unit: str) -> None:
    short, long = unit * (20_000 // len(unit)), unit * (60_000 // len(unit))
    assert len(redact(long)) >= len(redact(short)) > 0


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
