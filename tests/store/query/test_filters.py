from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mem0_tui.model.clock import FrozenClock
from mem0_tui.model.entity import Scope
from mem0_tui.model.filter import And, Compare, Field, Filter, MetadataKey, Not, Op, Or, matches
from mem0_tui.model.memory import Memory
from mem0_tui.model.text import encodable
from mem0_tui.store import changes, memories
from mem0_tui.store.memories import Selection
from mem0_tui.store.query.filters import where
from mem0_tui.store.rows import memory_of, row_of
from mem0_tui.store.store import MemoryStore, open_store
from tests.store import made


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MemoryStore]:
    store = open_store(
        tmp_path_factory.mktemp("store") / "m.db", FrozenClock(made.START), durable=False
    )
    yield store
    store.close()


_numbers = count()


def stored(store: MemoryStore, wanted: list[Memory]) -> list[Memory]:
    """*wanted* in place of what was in the store, as it reads back."""
    rows = [row_of(memory, store.clock) for memory in wanted]

    def replace(connection: sqlite3.Connection) -> None:
        changes.delete_where(connection, where(And()), store.author())
        changes.add(connection, rows, store.author())

    store.database.write(replace).result()
    return [memory_of(row) for row in rows]


def chosen(store: MemoryStore, condition: Filter) -> set[str]:
    return set(store.database.read_now(lambda c: memories.ids(c, Selection(condition))))


def count_of(store: MemoryStore, condition: Filter) -> int:
    return store.database.read_now(lambda c: memories.count(c, Selection(condition)))


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_sql_selects_what_the_model_matches(store: MemoryStore, data: st.DataObject) -> None:
    wanted = [data.draw(made.memories(f"{next(_numbers)}-é")) for _ in range(8)]
    found = stored(store, wanted)
    for condition in data.draw(st.lists(made.conditions, min_size=8, max_size=8)):
        expected = {memory.id for memory in found if matches(condition, memory)}
        assert chosen(store, condition) == expected
        assert count_of(store, condition) == len(expected)


@settings(deadline=None, max_examples=15, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_operator_on_every_field(store: MemoryStore, data: st.DataObject) -> None:
    found = stored(store, [data.draw(made.memories(f"{next(_numbers)}")) for _ in range(6)])
    value = data.draw(made.values)
    for key in (*Field, MetadataKey(data.draw(made.keys))):
        for op in Op:
            condition = Compare(key, op, value)
            for each in (condition, Not(condition)):
                expected = {memory.id for memory in found if matches(each, memory)}
                assert chosen(store, each) == expected, each


@settings(deadline=None, max_examples=30, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(made.texts, min_size=5, max_size=5), data=st.data())
def test_a_part_of_a_text_is_found_through_the_index(
    store: MemoryStore, texts: list[str], data: st.DataObject
) -> None:
    found = stored(store, [Memory(f"{next(_numbers)}", text) for text in texts])
    text = data.draw(st.sampled_from(found)).text
    start = data.draw(st.integers(0, len(text)))
    part = text[start : start + data.draw(st.integers(0, 40))]
    for needle in (part, part.upper(), part.casefold()):
        condition = Compare(Field.TEXT, Op.ICONTAINS, needle)
        assert chosen(store, condition) == {m.id for m in found if matches(condition, m)}


@pytest.mark.parametrize("key", [Field.TEXT, Field.USER, MetadataKey("k")])
def test_every_awkward_word_against_every_other(
    store: MemoryStore, key: Field | MetadataKey
) -> None:
    texts = ["abd abc", *made.WORDS, *(f"x{word}yz" for word in made.WORDS)]
    wanted = [Memory(text, text, Scope(user_id=text), {"k": text}) for text in texts]
    numbers = (0, 1, 1.0, 0.7, 1000.0, 10**16, True, False, None, [True, "K"], {"k": "k"})
    wanted += [Memory(repr(number), "x", metadata={"k": number}) for number in numbers]
    by_id = {encodable(memory.id): memory for memory in wanted}
    found = stored(store, list(by_id.values()))
    ops = (Op.EQ, Op.IS, Op.CONTAINS, Op.ICONTAINS, Op.GLOB, Op.LT, Op.LE, Op.GT, Op.GE)
    more = ("abc\0", "\ufffd" * 3, "x\ufffdy", "xYz", "x\0y", "x\uffffy", "1e+16", "abcabd")
    for value in (*made.WORDS, *more):
        for op in ops:
            condition = Compare(key, op, value)
            expected = {memory.id for memory in found if matches(condition, memory)}
            assert chosen(store, condition) == expected, condition


def test_truth_is_no_number(store: MemoryStore) -> None:
    found = stored(store, [Memory("1", "x", metadata={"confidence": 1}), Memory("2", "")])
    for key in (Field.CONFIDENCE, Field.LENGTH, Field.PINNED, Field.SUPERSEDED):
        for op in Op:
            for value in (True, False, 1, 0, 1.0, "1", "true"):
                condition = Compare(key, op, value)
                expected = {memory.id for memory in found if matches(condition, memory)}
                assert chosen(store, condition) == expected, condition


def test_thousands_of_alternatives_are_one_condition(store: MemoryStore) -> None:
    found = stored(store, [Memory(f"{number}", "x") for number in range(50)])
    ids = tuple(Compare(Field.ID, Op.EQ, f"{number}") for number in range(0, 40_000, 2))
    assert chosen(store, Or(ids)) == {memory.id for memory in found[::2]}
    deep = Or(tuple(Compare(Field.TEXT, Op.CONTAINS, f"-{n}") for n in range(3000)))
    assert chosen(store, deep) == set()


def test_values_are_never_part_of_the_sql(store: MemoryStore) -> None:
    stored(store, [Memory("1", "x", metadata={"k": "v"})])
    hostile = "'); DROP TABLE memories; --"
    for key in (*Field, MetadataKey(hostile)):
        for op in Op:
            condition = Compare(key, op, hostile)
            assert hostile not in where(condition).sql
            chosen(store, condition)
    assert chosen(store, And()) == {"1"}


def test_conditions_that_only_python_takes_for_equal_are_counted_apart(store: MemoryStore) -> None:
    stored(store, [Memory(f"{next(_numbers)}", "x", metadata={"k": k}) for k in (1, 1.0, True)])
    conditions = [Compare(MetadataKey("k"), Op.EQ, value) for value in (1, True, 1.0, False)]
    totals = [asyncio.run(store.page(condition)).total for condition in conditions]
    assert totals == [2, 1, 2, 0]
