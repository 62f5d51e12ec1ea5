"""The query language: what people type means what they expect, and errors point at the place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mem0_tui.model.entity import Scope
from mem0_tui.model.errors import QueryError
from mem0_tui.model.filter import matches
from mem0_tui.model.memory import Memory
from mem0_tui.model.query import Query, parse
from tests.model.strategies import memories, queries

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MEMORY = Memory(
    id="4f6c1d1e-0000-4000-8000-000000000001",
    text="Auth module uses JWT with RS256 keys",
    scope=Scope(user_id="kim", app_id="shop-api"),
    metadata={"type": "decision", "branch": "main", "confidence": "0.25", "files": ["a.py"]},
    categories=("architecture_decisions",),
    created_at=NOW - timedelta(days=100),
    expires_on=(NOW + timedelta(days=3)).date(),
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "jwt",
        '"module uses"',
        "type:decision",
        "type:convention,decision",
        "type:dec*",
        "-type:session_state",
        "user:kim app:shop-api",
        "run:none",
        "age>90d",
        "age:3mo..4mo",
        "created:2026-08",
        "created:..2026-08-14",
        "created:120d..",
        "created<2026-09",
        "updated:none",
        "expires:2026-11",
        "expires:2026-11-25",
        "expires>=2026-11-25",
        "expired:no",
        "has:category",
        "has:meta.branch",
        "confidence<0.3",
        "confidence:0.2..0.3",
        "length>10",
        "meta.branch:MAIN",
        "file:a.py",
        "pinned:no",
        "superseded:no",
        "id:4f6c*",
        'type:"decision" rs256',
        "TYPE:decision",
    ],
)
def test_a_query_finds_what_it_describes(text: str) -> None:
    assert matches(parse(text).filter(NOW), MEMORY)


@pytest.mark.parametrize(
    "text",
    [
        "hs256",
        "-jwt",
        "type:convention",
        "type:none",
        'type:"dec*"',
        "user:Kim",
        "run:*",
        "age<90d",
        "age:90d..95d",
        "created:2026-09",
        "created>2026-08",
        "updated<2027",
        "-updated:none",
        "expires<2026-11-25",
        "expires>2026-11-25",
        "expired:yes",
        "has:run",
        "confidence>=0.3",
        "meta.branch:none",
        "pinned:yes",
        'type:"none"',
    ],
)
def test_a_query_leaves_out_what_it_does_not_describe(text: str) -> None:
    assert not matches(parse(text).filter(NOW), MEMORY)


@pytest.mark.parametrize(
    ("text", "column", "expected"),
    [
        ("typ:decision", 1, "type:…"),
        ("jwt type:", 10, "a type"),
        ("confidence:<x", 13, "a number"),
        ("age:90d", 5, "an age"),
        ("confidence<x", 12, "a number"),
        ('jwt "open', 5, 'a closing "'),
        ("type<3", 6, "a type"),
        ("created:2026-13", 9, "a date"),
        ("created:..", 9, "a date"),
        ("meta:x", 1, "meta.KEY"),
        ("has:nothing", 5, "category"),
        ("pinned:maybe", 8, "yes or no"),
        ("type:a,,b", 8, "a type"),
        ('""', 1, "words between quotes"),
        ("-colour:red", 2, "known field"),
    ],
)
def test_an_error_names_the_column_and_what_was_expected(
    text: str, column: int, expected: str
) -> None:
    with pytest.raises(QueryError) as raised:
        parse(text)
    assert raised.value.column == column
    assert expected in raised.value.expected
    assert str(column) in raised.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "created:2026-06..2026-05",
        "created:today..7d",
        "expires:2027..2026",
        "age:90d..30d",
        "length:300..20",
        "confidence:.9..0.1",
    ],
)
def test_a_range_the_wrong_way_round_is_said_to_be_so(text: str) -> None:
    with pytest.raises(QueryError, match="ends before it begins"):
        parse(text)
    name, _, ends = text.partition(":")
    first, _, last = ends.partition("..")
    assert parse(f"{name}:{last}..{first}")
    assert parse(f"{name}:{first}..{first}")


@pytest.mark.parametrize(
    "text", ["created:2026-05..today", "created:today..2099", "updated:1y..2024"]
)
def test_a_range_that_hangs_on_today_is_taken(text: str) -> None:
    assert parse(text)


@pytest.mark.parametrize("sign", ["<", "<=", ">", ">="])
def test_a_sign_may_follow_the_colon_that_completion_writes(sign: str) -> None:
    assert parse(f"confidence:{sign}0.3 -age:{sign}90d") == parse(
        f"confidence{sign}0.3 -age{sign}90d"
    )


def test_a_colon_in_ordinary_text_is_no_field() -> None:
    assert parse("https://example.com/x").words == "https://example.com/x"


def test_a_setting_is_a_word_where_its_name_is_no_field() -> None:
    assert parse("OPENAI_API_KEY=sk-1 leeway=30").words == "OPENAI_API_KEY=sk-1 leeway=30"
    assert str(parse("-DEBUG=1")) == "-DEBUG=1"
    assert str(parse("type=decision")) == "type:decision"


@pytest.mark.parametrize("text", ["created:zz", "created::zz", "created>zz"])
def test_an_error_names_the_field_once(text: str) -> None:
    with pytest.raises(QueryError, match="does not fit created>?$"):
        parse(text)


def test_a_value_that_begins_like_an_address_is_still_one() -> None:
    query = parse("file=//share/a.py")
    assert str(query) == "file=//share/a.py"
    assert str(query.terms[0]) != str(parse("file://share/a.py").terms[0])
    assert parse("file://share/a.py").words == "file://share/a.py"


def test_words_and_conditions_come_apart_for_semantic_search() -> None:
    query = parse('token refresh type:decision -legacy "clock skew"')
    assert query.words == "token refresh clock skew"
    assert str(query.conditions) == "type:decision -legacy"


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("pytest --maxfail", [False, False]),
        ("--maxfail=1", [False]),
        ("---", [False]),
        ("- x", [False, False]),
        ("a-b -c", [False, True]),
        ('-"--maxfail"', [True]),
    ],
)
def test_only_a_single_dash_before_a_term_leaves_out(text: str, negated: list[bool]) -> None:
    query = parse(text)
    assert [term.negated for term in query.terms] == negated
    assert parse(str(query)) == query


@pytest.mark.parametrize(
    ("text", "guess"), [("lenght>300", "length>"), ("-agee<90d", "age<"), ("confidense>=1", "conf")]
)
def test_a_misspelt_field_with_an_order_is_no_word(text: str, guess: str) -> None:
    with pytest.raises(QueryError) as raised:
        parse(text)
    assert raised.value.expected.startswith(guess)


def test_an_order_between_other_words_is_text() -> None:
    assert parse("latency>300 a>b").words == "latency>300 a>b"


def test_ids_and_types_match_to_the_letter_with_and_without_wildcards() -> None:
    for text in ("user:Kim", "user:K*", "type:Decision", "type:DEC*", "app:SHOP*api"):
        assert not matches(parse(text).filter(NOW), MEMORY)
    for text in ("meta.branch:MAIN", "meta.branch:M*", "category:ARCH*"):
        assert matches(parse(text).filter(NOW), MEMORY)


def test_joining_queries_keeps_each_term_once() -> None:
    assert str(parse("a type:x").and_(parse("type:x b"))) == "a type:x b"


@given(queries)
@settings(deadline=None, max_examples=150)
def test_what_is_printed_parses_to_the_same_query(query: Query) -> None:
    assert parse(str(query)) == query


@given(st.text(max_size=30))
@settings(deadline=None, max_examples=300)
def test_any_text_parses_or_says_where_it_does_not(text: str) -> None:
    error: QueryError | None = None
    try:
        query = parse(text)
    except QueryError as raised:
        error = raised
    if error is None:
        assert parse(str(query)) == query
    else:
        assert 1 <= error.column <= len(text) + 1
        assert error.message
        assert error.expected


@given(queries, memories())
@settings(deadline=None, max_examples=150)
def test_negating_every_single_term_flips_it(query: Query, memory: Memory) -> None:
    for term in query.terms:
        text = str(term)
        flipped = parse(text[1:] if term.negated else f"-{text}")
        assert matches(flipped.filter(NOW), memory) != matches(Query((term,)).filter(NOW), memory)
