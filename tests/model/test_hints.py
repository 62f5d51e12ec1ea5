"""Hints on queries: what no memory has is named, with the nearest that some have."""

from __future__ import annotations

import pytest

from mem0_tui.model.hints import misread_words, unknown_values
from mem0_tui.model.query import parse

VALUES = {
    "type": ["decision", "convention", "session_state"],
    "app": ["shop-api", "infra"],
    "user": ["kim"],
    "agent": [],
    "run": [],
}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("type:decison", "no memory has type:decison; did you mean type:decision?"),
        (
            "type:decision,conventoin",
            "no memory has type:conventoin; did you mean type:convention?",
        ),
        ("app:SHOP-API", "no memory has app:SHOP-API; did you mean app:shop-api?"),
        ("app:SHOP*api", "no memory has app:SHOP*api; did you mean app:shop-api?"),
        ("user:zebra", "no memory has user:zebra"),
        ("agent:bot", "no memory has agent:bot"),
        (
            "-type:sesion_state",
            "-type:sesion_state leaves out nothing: no memory has type:sesion_state;"
            " did you mean type:session_state?",
        ),
    ],
)
def test_a_value_that_no_memory_has_is_named(text: str, said: str) -> None:
    assert unknown_values(parse(text), VALUES) == [said]


@pytest.mark.parametrize(
    "text",
    ["type:decision", "type:dec*", "type:none", "type:untyped", "app:*", "age>90d", "words only",
     "meta.branch:anything", 'app:"infra"'],
)  # fmt: skip
def test_what_is_there_takes_no_hint(text: str) -> None:
    assert unknown_values(parse(text), VALUES) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("type:decision OR type:note", "OR is looked for as a word; alternatives are written with"),
        ("type:decision AND tax", "AND is looked for as a word; terms are joined by and"),
        ("tax NOT type:decision", "NOT is looked for as a word; a - before a term leaves out"),
        ("score>3", "score>3 is looked for as a word; there is no field score"),
    ],
)
def test_a_word_that_was_meant_for_something_else_is_named(text: str, said: str) -> None:
    (found,) = misread_words(parse(text))
    assert found.startswith(said)


@pytest.mark.parametrize("text", ['"OR"', "or", "a>b", "x->y", '"score>3"', "DEBUG=1"])
def test_a_word_is_a_word(text: str) -> None:
    assert misread_words(parse(text)) == []


def test_a_condition_that_was_read_as_a_word_is_named() -> None:
    (said,) = misread_words(parse("typ=decision DEBUG=1 a=b"))
    assert said == "typ=decision is looked for as a word; did you mean type:decision?"
