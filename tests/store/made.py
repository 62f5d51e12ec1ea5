"""Memories and conditions of every awkward shape, for the property tests of the store."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from mem0_tui.model.entity import Scope
from mem0_tui.model.filter import (
    And,
    Compare,
    Field,
    Filter,
    MetadataKey,
    Not,
    Op,
    Or,
    Value,
)
from mem0_tui.model.memory import Memory

START = datetime(2026, 3, 1, 12, tzinfo=UTC)

WORDS = (
    *("", "main", "MAIN", "Main", "a", "ab", "abc", "aBc", "Straße", "STRASSE", "strasse"),
    *("İstanbul", "istanbul", "ISTANBUL", "ı", "ﬁle", "FILE", "ſ", "\u212a", "k"),
    *("%", "_", "a_c", "*", "a*", "?b?", "[a]", "[!a]", '"', "'", "''", "\\", "\\u0041", '"k":'),
    *("\0", "a\0b", "ab\0cd", "\uffff", "\ufffd", "\ufffe", "a\uffffb", "\U0001f600", "e\u0301"),
    *("é", "1", "1.0", "0.7", "1e3", "nan", "inf", "true", "null", "none", "\n", "a\nb", "\t"),
    *("\ud800", "a\ud800", "\ud83d", "\ude00"),
)
words = st.sampled_from(WORDS)
texts = st.one_of(words, st.lists(words, max_size=4).map(" ".join), st.text(max_size=6))
keys = st.sampled_from(["k", "K", "branch", "a b", '"', "é", "", "files", "confidence", "\ud800"])
numbers = st.one_of(
    st.integers(-3, 3),
    st.sampled_from([0.0, -0.0, 1.0, 0.7, 1e16, 2**53, 2**53 + 1, 2**63, -(2**63), 10**30, 1e300]),
    st.floats(allow_nan=False, allow_infinity=False),
)
scalars = st.one_of(texts, numbers, st.booleans(), st.none())
metadata = st.dictionaries(
    keys | st.just("type") | st.just("pinned"),
    st.one_of(scalars, st.lists(scalars, max_size=3), st.dictionaries(keys, scalars, max_size=2)),
    max_size=4,
)
moments = st.integers(-3, 3).map(lambda hours: START + timedelta(hours=hours))
days = st.integers(-2, 2).map(lambda number: date(2026, 3, 1) + timedelta(days=number))
names = st.none() | words


def memories(id_: str) -> st.SearchStrategy[Memory]:
    """Memories with the id *id_*."""
    return st.builds(
        Memory,
        id=st.just(id_),
        text=texts,
        scope=st.builds(Scope, names, names, names, names),
        metadata=metadata,
        categories=st.lists(texts, max_size=2).map(tuple),
        created_at=moments,
        updated_at=st.none() | moments,
        expires_on=st.none() | days,
        immutable=st.booleans(),
        replaced_by=st.none() | st.just("other"),
        synthesized=st.booleans(),
        feedback=st.sampled_from([None, "POSITIVE"]),
    )


values: st.SearchStrategy[Value] = st.one_of(scalars, moments, days, st.just(float("inf")))
compares = st.builds(
    Compare,
    key=st.one_of(st.sampled_from(Field), keys.map(MetadataKey)),
    op=st.sampled_from(Op),
    value=values,
)
conditions: st.SearchStrategy[Filter] = st.recursive(
    compares,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: And(tuple(parts))),
        st.lists(inner, max_size=4).map(lambda parts: Or(tuple(parts))),
        inner.map(Not),
    ),
    max_leaves=6,
)
