"""Mem0's JSON as it really comes: sparse, odd, hostile; and as it is written."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mem0_tui.model.entity import Entity, EntityKind, Scope
from mem0_tui.model.errors import InvalidRequestError, ResponseError
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.wire.memory import HistoryRow, memory_from_wire, memory_to_wire
from mem0_tui.wire.platform import (
    AddAnswer,
    EntityRow,
    EventRow,
    PageDocument,
    Ping,
    result_ids,
)
from mem0_tui.wire.selfhosted import Rows, add_to_wire, memory_from_row
from mem0_tui.wire.tools import OneMemory

FULL: dict[str, Any] = {
    "id": "m1",
    "memory": "Auth uses JWT",
    "user_id": "kim",
    "agent_id": None,
    "app_id": "shop-api",
    "session_id": "r1",
    "metadata": {"type": "decision", "confidence": "0.7"},
    "categories": ["security"],
    "created_at": "2026-05-31T10:00:00.123456-07:00",
    "updated_at": None,
    "expiration_date": "2026-08-01",
    "structured_attributes": {"year": 2026},
    "replaced_by": "m2",
    "synthesized": True,
    "immutable": True,
    "lifecycle_state": "active",
    "something_new": {"a": 1},
}


def test_a_whole_memory_is_read_and_its_json_kept() -> None:
    memory = memory_from_wire(FULL)
    assert memory == Memory(
        id="m1",
        text="Auth uses JWT",
        scope=Scope(user_id="kim", app_id="shop-api", run_id="r1"),
        metadata={"type": "decision", "confidence": "0.7"},
        categories=("security",),
        created_at=datetime(2026, 5, 31, 17, 0, 0, 123456, tzinfo=UTC),
        expires_on=date(2026, 8, 1),
        immutable=True,
        replaced_by="m2",
        synthesized=True,
    )
    assert memory.raw is FULL
    assert memory.confidence == 0.7


def test_a_run_is_read_under_either_name() -> None:
    for name in ("session_id", "run_id"):
        assert memory_from_wire({"id": "m", name: "r"}).scope == Scope(run_id="r")


@pytest.mark.parametrize("metadata", [None, [], "x", 7, True, [{"a": 1}]])
def test_metadata_that_is_no_object_counts_as_none(metadata: object) -> None:
    memory = memory_from_wire({"id": "m", "memory": "x", "metadata": metadata})
    assert memory.metadata == {}
    assert memory.raw["metadata"] == metadata


@pytest.mark.parametrize(
    "odd",
    [
        {"memory": None},
        {"memory": ["x"]},
        {"user_id": "", "agent_id": {}, "run_id": None},
        {"user_id": 42},
        {"categories": None},
        {"categories": "misc"},
        {"categories": [1, "misc", None]},
        {"created_at": "yesterday", "updated_at": 17, "expiration_date": "2026-13-40"},
        {"expiration_date": "2026-08-01T00:00:00Z"},
        {"immutable": "true", "synthesized": None},
        {"score": "high", "score_breakdown": None},
    ],
)
def test_odd_fields_never_stop_a_listing(odd: dict[str, Any]) -> None:
    memory = memory_from_wire({"id": "m", **odd})
    assert memory.id == "m"
    assert memory.scope.agent_id is None


@pytest.mark.parametrize("value", [None, [], "m", {}, {"id": None}, {"id": 7}, {"memory": "x"}])
def test_what_has_no_id_is_no_memory(value: object) -> None:
    with pytest.raises(ResponseError):
        memory_from_wire(value)


texts = st.text(max_size=20)
moments = st.datetimes(
    min_value=datetime(1990, 1, 1),
    max_value=datetime(2090, 1, 1),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))]),
).map(lambda moment: moment.astimezone(UTC))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
ids = st.text(min_size=1, max_size=8)
memories = st.builds(
    Memory,
    id=ids,
    text=texts,
    scope=st.builds(
        Scope,
        user_id=ids | st.none(),
        agent_id=ids | st.none(),
        app_id=ids | st.none(),
        run_id=ids | st.none(),
    ),
    metadata=st.dictionaries(texts, json_values, max_size=3),
    categories=st.lists(texts, max_size=2).map(tuple),
    created_at=moments,
    updated_at=moments,
    expires_on=st.dates() | st.none(),
    immutable=st.booleans(),
    replaced_by=ids | st.none(),
    synthesized=st.booleans(),
    feedback=st.sampled_from([None, "POSITIVE"]),
)


@settings(deadline=None, max_examples=150)
@given(memories, st.sampled_from(["session_id", "run_id"]))
def test_a_memory_survives_the_wire(memory: Memory, run_field: str) -> None:
    sent = json.loads(json.dumps(memory_to_wire(memory, run_field=run_field)))
    assert memory_from_wire(sent) == memory
    assert memory_from_wire(sent).content_hash == memory.content_hash


def test_a_history_row_of_either_server_is_read() -> None:
    row = {
        "id": "h",
        "memory_id": "m",
        "old_memory": None,
        "new_memory": "x",
        "event": "add",
        "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-02-01T00:00:00Z",
        "is_deleted": False,
        "actor_id": None,
        "role": "user",
        "input": [{"role": "user", "content": "x"}, "junk"],
    }
    entry = HistoryRow.read(row).to_entry("m")
    assert (entry.event, entry.new_text, entry.actor) == ("ADD", "x", "user")
    assert entry.at == datetime(2026, 2, 1, tzinfo=UTC)
    assert entry.input == ({"role": "user", "content": "x"},)


def test_an_entitys_name_is_its_id() -> None:
    row = {"id": "internal-17", "name": "kim", "type": "user", "total_memories": "many"}
    assert EntityRow.read(row).to_entity() == Entity(EntityKind.USER, "kim")
    assert EntityRow.read({"id": "x", "type": "robot"}).to_entity() is None


def test_small_answers_are_read() -> None:
    assert Ping.read({"org_id": "o", "project_id": "p", "user_email": None}).account == "o/p"
    assert Ping.read({"status": "ok"}).account is None
    results = AddAnswer.read({"results": [{"id": "a"}, {"id": "b", "event": "NONE"}, 3]}).results
    assert result_ids(results) == ["a"]
    event = EventRow.read({"id": "e", "status": "succeeded", "results": None}).to_event()
    assert event.finished
    assert PageDocument.read({"count": -1, "results": []}).count is None
    with pytest.raises(ResponseError):
        PageDocument.read({"count": 3})


def test_requests_say_what_does_not_fit() -> None:
    with pytest.raises(InvalidRequestError, match="memory_id: Field required"):
        OneMemory.parse({"user_id": "kim"})
    with pytest.raises(InvalidRequestError, match="must be a JSON object"):
        OneMemory.parse([])
    assert OneMemory.parse({"memory_id": "m", "new": 1}).memory_id == "m"


def test_a_self_hosted_row_is_the_same_memory_from_a_list_and_by_id() -> None:
    by_id = {
        "id": "m",
        "memory": "x",
        "user_id": "kim",
        "role": "user",
        "metadata": {"app_id": "shop", "type": "decision"},
    }
    raw = {
        "id": "m",
        "memory": "x",
        "user_id": "kim",
        "agent_id": None,
        "metadata": {
            "app_id": "shop",
            "type": "decision",
            "role": "user",
            "text_lemmatized": "x",
        },
    }
    memory = memory_from_row(by_id)
    assert memory == memory_from_row(raw)
    assert memory.scope == Scope(user_id="kim", app_id="shop")
    assert memory.metadata == {"type": "decision"}


def test_rows_without_an_id_are_dropped() -> None:
    row = {"id": "m", "memory": "x"}
    for answer in ({"results": [{"id": None}, row]}, [row, {"id": None}, {}]):
        assert Rows.of(answer) == [row]
    with pytest.raises(ResponseError):
        Rows.of("nothing")


def test_an_add_for_the_self_hosted_server_names_no_app() -> None:
    draft = Draft(
        "x",
        Scope(user_id="kim", app_id="shop"),
        {"type": "decision"},
        date(2027, 1, 1),
        datetime(2026, 1, 1, tzinfo=UTC),
    )
    assert add_to_wire(draft) == {
        "messages": [{"role": "user", "content": "x"}],
        "infer": False,
        "user_id": "kim",
        "metadata": {"type": "decision", "app_id": "shop", "created_at": "2026-01-01T00:00:00Z"},
        "expiration_date": "2027-01-01",
    }
