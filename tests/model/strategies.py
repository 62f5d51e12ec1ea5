"""Hypothesis strategies for memories, filters and queries, with the values that break things."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st

from mem0_tui.model.entity import Scope
from mem0_tui.model.filter import And, Compare, Field, Filter, MetadataKey, Not, Op, Or
from mem0_tui.model.memory import Memory
from mem0_tui.model.query import FieldTerm, Literal, Query, Word

SPARKS = ["", "a", "A", "ß", "SS", "İ", "i", "%", "_", '"', "'", "\\", "*", "?", "[", "none", "0.7"]
"""Values at which naive comparisons go wrong."""

nasty_text = st.one_of(
    st.sampled_from([*SPARKS, "a%b", "e\u0301", "\x00x", "true", "1", "decision"]),
    st.text(st.characters(codec="utf-8"), max_size=12),
)
names = st.sampled_from(["kim", "Kim", "shop-api", "decision", "convention", "a*", "None", "x y"])
moments = st.datetimes(
    datetime(2024, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)
) | st.sampled_from([datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)])
days = st.dates(date(2025, 1, 1), date(2027, 1, 1)) | st.just(date(2026, 5, 31))
numbers = st.integers(-3, 3) | st.sampled_from([0.3, 0.7, 1.0, -0.0, 2.5, 10**12])
scalars = st.one_of(st.none(), st.booleans(), numbers, nasty_text, names)
metadata_keys = st.sampled_from(["type", "branch", "files", "confidence", "pinned", "k.e y", "ß"])
metadata = st.dictionaries(
    metadata_keys,
    st.one_of(scalars, st.lists(scalars, max_size=3), st.dictionaries(names, scalars, max_size=2)),
    max_size=4,
)


@st.composite
def memories(draw: st.DrawFn) -> Memory:
    """A memory with anything in it that a store may hold."""
    maybe = st.none() | names
    return Memory(
        id=str(draw(st.uuids(version=4))),
        text=draw(nasty_text | st.text(st.characters(codec="utf-8"), max_size=60)),
        scope=Scope(*(draw(maybe) for _ in range(4))),
        metadata=draw(metadata),
        categories=tuple(draw(st.lists(names, max_size=2, unique=True))),
        created_at=draw(moments),
        updated_at=draw(st.none() | moments),
        expires_on=draw(st.none() | days),
        immutable=draw(st.booleans()),
        replaced_by=draw(st.none() | st.uuids(version=4).map(str)),
    )


_TEXT_FIELDS = [Field.ID, Field.TEXT, Field.TYPE, Field.USER, Field.APP, Field.RUN, Field.CATEGORY]
_TEXT_OPS = [Op.EQ, Op.CONTAINS, Op.ICONTAINS, Op.IS, Op.GLOB, Op.PRESENT]
_ORDER_OPS = [Op.EQ, Op.LT, Op.LE, Op.GT, Op.GE, Op.PRESENT]


def _compare(keys: Any, ops: list[Op], values: Any) -> st.SearchStrategy[Filter]:
    return st.builds(Compare, keys, st.sampled_from(ops), values)


conditions: st.SearchStrategy[Filter] = st.one_of(
    _compare(st.sampled_from(_TEXT_FIELDS), _TEXT_OPS, nasty_text | names),
    _compare(st.sampled_from([Field.CREATED, Field.UPDATED]), _ORDER_OPS, moments),
    _compare(st.just(Field.EXPIRES), _ORDER_OPS, days),
    _compare(st.sampled_from([Field.CONFIDENCE, Field.LENGTH]), _ORDER_OPS, numbers),
    _compare(st.sampled_from([Field.PINNED, Field.SUPERSEDED]), [Op.EQ], st.booleans()),
    _compare(st.builds(MetadataKey, metadata_keys), [*_TEXT_OPS, *_ORDER_OPS], scalars),
)

filters: st.SearchStrategy[Filter] = st.recursive(
    conditions,
    lambda parts: st.one_of(
        st.builds(And, st.lists(parts, max_size=3).map(tuple)),
        st.builds(Or, st.lists(parts, max_size=3).map(tuple)),
        st.builds(Not, parts),
    ),
    max_leaves=6,
)

_literal = st.one_of(
    st.builds(Literal, st.from_regex(r"[a-z*?._/-]{1,8}", fullmatch=True)),
    st.builds(Literal, nasty_text.filter(bool), st.just(True)),
)
_name_terms = st.builds(
    FieldTerm,
    st.sampled_from(["type", "user", "app", "run", "category", "meta.branch", "source", "id"]),
    st.just(":"),
    st.lists(_literal, min_size=1, max_size=3).map(tuple),
    st.booleans(),
)
_ordered_terms = st.one_of(
    st.builds(
        FieldTerm,
        st.just("confidence"),
        st.sampled_from([":", "<", "<=", ">", ">="]),
        st.sampled_from([(Literal("0.3"),), (Literal("-1"),)]),
        st.booleans(),
    ),
    st.builds(
        FieldTerm,
        st.sampled_from(["created", "updated", "expires"]),
        st.sampled_from([":", "<", "<=", ">", ">="]),
        st.sampled_from([(Literal("2026-05"),), (Literal("7d"),), (Literal("today"),)]),
        st.booleans(),
    ),
    st.builds(
        FieldTerm,
        st.just("created"),
        st.just(":"),
        st.sampled_from([(Literal("2026-05.."),), (Literal("..2026"),), (Literal("2025..2026"),)]),
        st.booleans(),
    ),
)
_words = st.builds(
    Word,
    st.one_of(
        st.builds(Literal, st.from_regex(r"[A-Za-z0-9*?._/]{1,8}", fullmatch=True)),
        st.builds(Literal, nasty_text.filter(bool), st.just(True)),
    ),
    st.booleans(),
)
queries = st.lists(st.one_of(_name_terms, _ordered_terms, _words), max_size=5).map(
    lambda terms: Query(tuple(terms))
)
