"""What an add accepts, what it refuses, and what its event tells."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from mem0_tui.store import jobs
from tests.server.conftest import Api

pytestmark = pytest.mark.anyio

ONE = [{"role": "user", "content": "one"}]


@pytest.mark.parametrize(
    "body",
    [
        {"user_id": "kim"},
        {"messages": [], "user_id": "kim"},
        {"messages": "one", "user_id": "kim"},
        {"messages": [{"role": "tool", "content": "x"}], "user_id": "kim"},
        {"messages": [{"role": "user"}], "user_id": "kim"},
        {"messages": [{"role": "user", "content": ["x"]}], "user_id": "kim"},
        {"messages": ["one"], "user_id": "kim"},
        {"messages": ONE},
        {"messages": ONE, "user_id": None},
        {"messages": ONE, "user_id": 7},
        {"messages": ONE, "user_id": " "},
        {"messages": ONE, "user_id": "*"},
        {"messages": ONE, "filters": {"metadata": {}}},
        {"messages": ONE, "filters": ["user_id"]},
        {"messages": ONE, "user_id": "kim", "metadata": "x"},
        {"messages": ONE, "user_id": "kim", "infer": "perhaps"},
        {"messages": ONE, "user_id": "kim", "expiration_date": "2026-13-01"},
        {"messages": ONE, "user_id": "kim", "expiration_date": "20260101"},
        {"messages": ONE, "user_id": "kim", "timestamp": "yesterday"},
        {"messages": ONE, "user_id": "kim", "timestamp": 1e300},
        {"messages": ONE, "user_id": "kim", "custom_categories": ["bare"]},
        {"messages": ONE, "user_id": "kim", "custom_instructions": 5},
    ],
)
async def test_what_does_not_fit_is_refused_and_nothing_is_stored(
    api: Api, body: dict[str, Any]
) -> None:
    status, text = await api.refused("POST", "/v3/memories/add/", json=body)
    assert status == 400
    assert text
    assert await api.store.count(include_expired=True) == 0


@pytest.mark.parametrize(
    "where",
    [
        {"user_id": "kim", "app_id": "shop"},
        {"filters": {"user_id": "kim", "app_id": "shop"}},
        {"filters": {"AND": [{"user_id": "kim"}, {"app_id": "shop"}]}},
        {"filters": {"user_id": "kim"}, "app_id": "shop"},
    ],
)
async def test_ids_are_taken_from_the_top_or_from_filters(api: Api, where: dict[str, Any]) -> None:
    body = {"messages": ONE, "infer": False, **where}
    [result] = (await api.ok("POST", "/v3/memories/add/", json=body))["results"]
    memory = await api.ok("GET", f"/v1/memories/{result['id']}/")
    assert (memory["user_id"], memory["app_id"]) == ("kim", "shop")


async def test_unknown_members_and_headers_are_ignored(api: Api) -> None:
    body = {"messages": ONE, "user_id": "kim", "infer": False, "version": "v2", "new": []}
    headers = {"Mem0-User-ID": "x", "X-Mem0-Caller-Type": "agent"}
    await api.ok("POST", "/v3/memories/add/", json=body, headers=headers)
    assert await api.texts() == ["one"]


async def test_text_is_kept_to_the_character(api: Api) -> None:
    text = "  two  \r\n\tlines \u202e\x00\x1b[31m \U0001f600 "
    [result] = await api.add(text)
    assert (await api.ok("GET", f"/v1/memories/{result['id']}/"))["memory"] == text


async def test_blank_and_system_messages_leave_no_memory(api: Api) -> None:
    messages = [{"role": "system", "content": "be terse"}, {"role": "user", "content": " \n"}]
    answer = await api.ok(
        "POST", "/v3/memories/add/", json={"messages": messages, "user_id": "kim"}
    )
    event = await api.ok("GET", f"/v1/event/{answer['event_id']}/")
    assert event["status"] == "SUCCEEDED"
    assert [(each["event"], each["reason"]) for each in event["results"]] == [
        ("NONE", "an instruction of the system"),
        ("NONE", "blank"),
    ]
    assert await api.texts() == []


async def test_a_repeat_in_the_same_scope_is_not_stored_again(api: Api) -> None:
    [first] = await api.add("one", metadata={"type": "decision"})
    [again] = await api.add("one")
    assert (again["id"], again["event"]) == (first["id"], "NONE")
    for other in ({"user": "eva"}, {"app_id": "shop"}, {"run_id": "r1"}):
        [result] = await api.add("one", **other)
        assert result["event"] == "ADD"
    [differs] = await api.add("One")
    assert differs["event"] == "ADD"


async def test_a_repeat_of_what_is_deleted_or_expired_is_new(api: Api) -> None:
    [expired] = await api.add("one", expiration_date="2020-01-01")
    [first] = await api.add("one")
    assert (first["event"], first["id"] != expired["id"]) == ("ADD", True)
    await api.ok("DELETE", f"/v1/memories/{first['id']}/")
    [second] = await api.add("one")
    assert (second["event"], second["id"] != first["id"]) == ("ADD", True)


async def test_the_same_text_many_times_at_once_is_one_memory(api: Api) -> None:
    results = await asyncio.gather(*(api.add("one") for _ in range(20)))
    assert len({result["id"] for [result] in results}) == 1
    assert sorted(result["event"] for [result] in results) == ["ADD"] + ["NONE"] * 19


async def test_the_event_tells_what_was_asked_and_what_became_of_it(api: Api) -> None:
    answer = await api.ok(
        "POST",
        "/v3/memories/add/",
        json={
            "messages": [{"role": "user", "content": " Deploys are on Fridays\n"}],
            "user_id": "kim",
            "metadata": {"type": "decision"},
        },
    )
    event = await api.ok("GET", f"/v1/event/{answer['event_id']}/")
    assert event["event_type"] == "ADD"
    assert event["payload"]["user_id"] == "kim"
    assert event["payload"]["metadata"] == {"type": "decision"}
    assert event["metadata"]["inference"] == "none"
    [result] = event["results"]
    text = "Deploys are on Fridays"
    assert {"event": "ADD", "data": {"memory": text}, "memory": text}.items() <= result.items()
    assert event["completed_at"] >= event["created_at"]
    listed = await api.ok("GET", "/v1/events/")
    assert [each["id"] for each in listed["results"]] == [answer["event_id"]]


async def test_only_the_latest_events_are_remembered(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "EVENTS_KEPT", 3)
    for number in range(6):
        await api.add(f"fact {number}")
    events = await api.ok("GET", "/v1/events/?page_size=2")
    assert events["count"] == 3
    assert [each["results"][0]["memory"] for each in events["results"]] == ["fact 5", "fact 4"]


@pytest.mark.parametrize("event_id", ["x", "00000000-0000-0000-0000-000000000000"])
async def test_an_unknown_event_is_404(api: Api, event_id: str) -> None:
    status, text = await api.refused("GET", f"/v1/event/{event_id}/")
    assert (status, text) == (404, "Event not found or you don't have permission to access it.")
