"""Mem0's filter JSON: the documented grammar, its 400s, and agreement with our own conditions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mem0_tui.model.entity import Scope
from mem0_tui.model.errors import InvalidRequestError
from mem0_tui.model.filter import (
    And,
    Compare,
    Field,
    Filter,
    MetadataKey,
    Not,
    Op,
    Or,
    matches,
)
from mem0_tui.model.memory import Memory
from mem0_tui.wire.filters import parse_filters, scoped
from mem0_tui.wire.tofilters import to_filters

NOON = datetime(2026, 5, 31, 12, tzinfo=UTC)

JWT = Memory(
    id="m1",
    text="Auth module uses JWT",
    scope=Scope(user_id="kim", app_id="shop"),
    metadata={"type": "decision", "branch": "main", "files": ["a.py", "b.py"], "n": 1},
    categories=("Security",),
    created_at=NOON,
    expires_on=date(2026, 8, 1),
)


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"user_id": "kim"},
        {"user_id": "*", "app_id": {"exists": True}},
        {"user_id": {"in": ["lee", "kim"]}},
        {"agent_id": {"ne": "coder"}},
        {"AND": [{"user_id": "kim"}, {"app_id": "shop"}]},
        {"AND": {"user_id": "kim"}},
        {"OR": [{"user_id": "lee"}, {"app_id": "shop"}]},
        {"NOT": {"user_id": "lee"}},
        {"NOT": [{"user_id": "lee"}, {"app_id": "other"}]},
        {"AND": [{"user_id": "kim"}], "OR": [{"app_id": "shop"}]},
        {"created_at": {"gte": "2026-05-31", "lt": "2026-06-01T00:00:00Z"}},
        {"created_at": "2026-05-31"},
        {"timestamp": {"gt": "2026-05-31T13:30:00+02:00"}},
        {"expiration_date": {"gte": "2026-08-01"}},
        {"categories": {"in": ["Security", "other"]}},
        {"categories": {"contains": "secur"}},
        {"metadata": {"type": "decision"}},
        {"metadata": {"branch": {"ne": "dev"}, "n": {"eq": 1}}},
        {"metadata": {"branch": {"contains": "ai"}}},
        {"metadata.branch": "main"},
        {"keywords": {"icontains": "jwt"}},
        {"keywords": {"contains": "JWT"}},
        {"memory_ids": ["m1", "m2"]},
        {"memory_ids": {"in": ["m1"]}},
        {"updated_at": None},
    ],
)
def test_the_documented_grammar_finds_the_memory(filters: dict[str, Any]) -> None:
    assert matches(parse_filters(filters), JWT)


@pytest.mark.parametrize(
    "filters",
    [
        {"user_id": "lee"},
        {"run_id": "*"},
        {"user_id": {"ne": "kim"}},
        {"AND": [{"user_id": "kim"}], "OR": [{"app_id": "other"}]},
        {"NOT": [{"user_id": "lee"}, {"app_id": "shop"}]},
        {"OR": []},
        {"created_at": {"gt": "2026-05-31T12:00:00Z"}},
        {"expiration_date": {"lt": "2026-08-01"}},
        {"categories": {"in": ["security"]}},
        {"metadata": {"n": "1"}},
        {"metadata": {"type": {"ne": "decision"}}},
        {"keywords": {"contains": "jwt"}},
        {"memory_ids": []},
    ],
)
def test_what_the_filters_exclude_is_not_found(filters: dict[str, Any]) -> None:
    assert not matches(parse_filters(filters), JWT)


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ([], "filters must be an object"),
        ("{'user_id': 'kim'}", "filters must be an object"),
        ({"color": "red"}, "Top-level key must be a logical operator or an allowed field"),
        ({"AND": [{"nope": 1}]}, "Top-level key must be a logical operator or an allowed field"),
        ({"AND": "x"}, "AND takes a list"),
        ({"user_id": {"nin": ["a"]}}, "unsupported operator 'nin' for user_id"),
        ({"user_id": {"in": "kim"}}, "user_id takes a list"),
        ({"user_id": True}, "user_id must be a string"),
        ({"created_at": {"eq": "2026-01-01"}}, "unsupported operator 'eq' for created_at"),
        ({"created_at": {"gt": "soon"}}, "created_at must be an ISO 8601 date"),
        ({"categories": {"eq": "x"}}, "unsupported operator 'eq' for categories"),
        ({"categories": {"ne": "x"}}, "unsupported operator 'ne' for categories"),
        ({"metadata": {"n": {"gt": 1}}}, "FilterValidationError"),
        ({"metadata": {"type": {"in": ["a"]}}}, "FilterValidationError"),
        ({"metadata": "x"}, "metadata must be an object"),
        ({"metadata": {"a": {}}}, "has no operator"),
        ({"keywords": {"eq": "x"}}, "unsupported operator 'eq' for keywords"),
        ({"memory_ids": "m1"}, "memory_ids takes a list"),
        ({"created_at": 1e300}, "created_at must be an ISO 8601 date"),
    ],
)
def test_what_the_grammar_forbids_is_refused(filters: object, message: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        parse_filters(filters)
    assert message in caught.value.message


def test_the_last_day_there_is_can_be_asked_for() -> None:
    last = replace(JWT, created_at=datetime(9999, 12, 31, 12, tzinfo=UTC))
    assert matches(parse_filters({"created_at": "9999-12-31"}), last)
    assert not matches(parse_filters({"created_at": "9999-12-31"}), JWT)
    assert not matches(parse_filters({"created_at": {"ne": "9999-12-31"}}), last)


def test_bottomless_nesting_is_refused() -> None:
    filters: dict[str, Any] = {"user_id": "kim"}
    for _ in range(5000):
        filters = {"AND": [filters]}
    with pytest.raises(InvalidRequestError, match="nested too deeply"):
        parse_filters(filters)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, False),
        ({"user_id": "kim"}, True),
        ({"app_id": "*"}, True),
        ({"OR": [{"metadata": {"a": 1}}, {"run_id": "r"}]}, True),
        ({"user_id": {"ne": "kim"}}, False),
        ({"NOT": [{"user_id": "kim"}]}, False),
        ({"NOT": [{"user_id": {"ne": "kim"}}]}, True),
        ({"user_id": {"in": []}}, False),
        ({"metadata": {"user_id": "kim"}}, False),
    ],
)
def test_scoped_wants_one_positive_entity_id(filters: dict[str, Any], expected: bool) -> None:
    assert scoped(parse_filters(filters)) is expected


def test_entities_types_and_dates_are_left_to_the_server() -> None:
    types = Or(tuple(Compare(Field.TYPE, Op.EQ, name) for name in ("decision", "convention")))
    written, residual = to_filters(
        And(
            (
                Compare(Field.USER, Op.EQ, "kim"),
                Or((Compare(Field.APP, Op.EQ, "a"), Compare(Field.APP, Op.EQ, "b"))),
                Not(Compare(Field.AGENT, Op.EQ, "bot")),
                types,
                Compare(Field.CREATED, Op.GE, NOON),
                Compare(Field.LENGTH, Op.GT, 10),
                Not(Compare(Field.TYPE, Op.EQ, "session_state")),
            )
        )
    )
    assert written == {
        "AND": [
            {"user_id": "kim"},
            {"app_id": {"in": ["a", "b"]}},
            {"agent_id": {"ne": "bot"}},
            {"OR": [{"metadata": {"type": "decision"}}, {"metadata": {"type": "convention"}}]},
            {"created_at": {"gte": "2026-05-31T12:00:00Z"}},
        ]
    }
    assert residual == And(
        (
            Compare(Field.LENGTH, Op.GT, 10),
            Not(Compare(Field.TYPE, Op.EQ, "session_state")),
        )
    )


def test_a_star_that_is_meant_to_the_letter_is_never_sent_as_a_wildcard() -> None:
    condition = Compare(Field.USER, Op.EQ, "*")
    assert to_filters(condition) == ({}, condition)


ids = st.sampled_from(["kim", "lee", "*", "", " ", "ü/ñ"])
moments = st.datetimes(
    min_value=datetime(2026, 1, 1), max_value=datetime(2026, 1, 3), timezones=st.just(UTC)
) | st.sampled_from([NOON, NOON + timedelta(microseconds=1)])
scalars = st.sampled_from(["decision", "", "*", "main", 1, 1.0, True, "1"])
metadata = st.dictionaries(
    st.sampled_from(["type", "branch"]),
    scalars | st.none() | st.lists(scalars, max_size=2),
    max_size=2,
)
memories = st.builds(
    Memory,
    id=st.sampled_from(["m1", "m2", "*"]),
    text=st.sampled_from(["Straße", "STRASSE", "jwt"]),
    scope=st.builds(
        Scope,
        user_id=ids | st.none(),
        agent_id=ids | st.none(),
        app_id=ids | st.none(),
        run_id=ids | st.none(),
    ),
    metadata=metadata,
    categories=st.lists(st.sampled_from(["Security", "misc", "*"]), max_size=2).map(tuple),
    created_at=moments | st.none(),
    updated_at=moments | st.none(),
    expires_on=st.dates(date(2026, 1, 1), date(2026, 1, 3)) | st.none(),
)
entity_fields = st.sampled_from([Field.USER, Field.AGENT, Field.APP, Field.RUN])
compares = st.one_of(
    st.builds(Compare, entity_fields, st.sampled_from([Op.EQ, Op.PRESENT, Op.GLOB, Op.IS]), ids),
    st.builds(Compare, st.just(Field.ID), st.just(Op.EQ), st.sampled_from(["m1", "m2", "*"])),
    st.builds(
        Compare,
        st.just(Field.TYPE) | st.builds(MetadataKey, st.sampled_from(["type", "branch"])),
        st.sampled_from([Op.EQ, Op.IS, Op.CONTAINS, Op.PRESENT]),
        scalars,
    ),
    st.builds(
        Compare,
        st.sampled_from([Field.CREATED, Field.UPDATED]),
        st.sampled_from([Op.EQ, Op.LT, Op.LE, Op.GT, Op.GE, Op.PRESENT]),
        moments,
    ),
    st.builds(
        Compare,
        st.just(Field.CATEGORY),
        st.sampled_from([Op.EQ, Op.ICONTAINS]),
        st.sampled_from(["Security", "*"]),
    ),
    st.builds(Compare, st.just(Field.TEXT), st.just(Op.ICONTAINS), st.just("strasse")),
)
conditions: st.SearchStrategy[Filter] = st.recursive(
    compares,
    lambda inner: st.one_of(
        st.builds(And, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Not, inner),
    ),
    max_leaves=8,
)


@settings(deadline=None, max_examples=400)
@given(conditions, memories)
def test_filter_json_and_the_rest_mean_what_the_condition_means(
    condition: Filter, memory: Memory
) -> None:
    written, residual = to_filters(condition)
    assert matches(condition, memory) == (
        matches(parse_filters(written), memory) and matches(residual, memory)
    )


@settings(deadline=None, max_examples=200)
@given(conditions)
def test_no_and_ever_stands_beside_an_or(condition: Filter) -> None:
    def check(value: object) -> None:
        if isinstance(value, dict):
            assert len(value) == 1 or not {"AND", "OR", "NOT"} & set(value)
            for item in value.values():
                check(item)
        elif isinstance(value, list):
            for item in value:
                check(item)

    written, _ = to_filters(condition)
    check(written)
