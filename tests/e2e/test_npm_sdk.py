"""npm's ``mem0ai`` as published: every method that has a counterpart here."""

from __future__ import annotations

import uuid
from typing import Any

import httpx
import pytest

from tests.e2e.clients import ClientError, NpmSdk
from tests.support.serving import Serving

pytestmark = pytest.mark.clients

TEXTS = (
    "The auth module signs tokens with RS256, never with HS256",
    "Deploys go out on Tuesdays after the smoke tests are green",
    "Kim prefers tabs in Makefiles and spaces everywhere else",
)


@pytest.fixture
def user() -> str:
    """A user of this test only, whose name needs encoding in a path."""
    return f"kim {uuid.uuid4().hex[:8]}/ü"


def add(sdk: NpmSdk, text: str, **options: Any) -> str:
    """Add *text* verbatim; the id of what was stored."""
    answer = sdk.call("add", [{"role": "user", "content": text}], {"infer": False, **options})
    assert answer["status"] == "SUCCEEDED"
    [result] = answer["results"]
    assert (result["event"], result["memory"]) == ("ADD", text)
    added: str = result["id"]
    return added


def listed(sdk: NpmSdk, user: str, **options: Any) -> list[str]:
    """The texts of *user*'s memories, in the order listed."""
    answer = sdk.call("getAll", {"filters": {"user_id": user}, **options})
    return [row["memory"] for row in answer["results"]]


def test_a_memory_from_add_to_delete(npm_sdk: NpmSdk, user: str) -> None:
    metadata = {"type": "decision", "changedFiles": ["auth.py"], "merged_by": "kim"}
    options = {"userId": user, "appId": "shop", "runId": "r1", "metadata": metadata}
    memory_id = add(npm_sdk, TEXTS[0], **options, expirationDate="2099-12-31")
    memory = npm_sdk.call("get", memory_id)
    assert memory["memory"] == TEXTS[0]
    assert (memory["userId"], memory["appId"], memory["agentId"]) == (user, "shop", None)
    assert memory["sessionId"] == "r1"
    assert memory["metadata"] == metadata, "its keys are the user's and stay as they are"
    assert memory["expirationDate"] == "2099-12-31"

    change = {"text": "RS256 only", "metadata": {"type": "convention"}, "expirationDate": None}
    updated = npm_sdk.call("update", memory_id, change)
    assert (updated["id"], updated["memory"]) == (memory_id, "RS256 only")
    assert (updated["metadata"], updated["expirationDate"]) == ({"type": "convention"}, None)
    moved = npm_sdk.call("update", memory_id, {"timestamp": 1_500_000_000})
    assert moved["createdAt"].startswith("2017-07-14T02:40:00")

    history = npm_sdk.call("history", memory_id)
    assert [row["event"] for row in history][:2] == ["ADD", "UPDATE"]
    assert history[0]["input"] == [{"role": "user", "content": TEXTS[0]}]
    assert (history[1]["oldMemory"], history[1]["newMemory"]) == (TEXTS[0], "RS256 only")

    assert "deleted" in npm_sdk.call("delete", memory_id)["message"]
    with pytest.raises(ClientError, match="Memory not found!") as caught:
        npm_sdk.call("get", memory_id)
    assert (caught.value.type, caught.value.code) == ("MemoryNotFoundError", "HTTP_404")


def test_deleting_what_a_memory_replaced_counts_it(npm_sdk: NpmSdk, user: str) -> None:
    memory_id = add(npm_sdk, TEXTS[0], userId=user)
    answer = npm_sdk.call("delete", memory_id, {"deleteLinked": True})
    assert answer["cascadeCount"] == 0


def test_a_conversation_is_stored_by_its_speakers(
    npm_sdk: NpmSdk, user: str, server: Serving
) -> None:
    messages = [
        {"role": "user", "content": "I always release on Thursdays."},
        {"role": "user", "content": "How are the tokens signed?"},
        {"role": "assistant", "content": TEXTS[0]},
    ]
    agent = f"agent of {user}"
    answer = npm_sdk.call("add", messages, {"userId": user, "agentId": agent})
    assert answer["status"] == "PENDING"
    headers = {"Authorization": f"Token {server.key}"}
    path = f"{server.url}/v1/event/{answer['eventId']}/"
    event = httpx.get(path, headers=headers, timeout=60).raise_for_status().json()
    assert event["status"] == "SUCCEEDED"
    stored = {
        result["memory"]: (result["user_id"], result["agent_id"])
        for result in event["results"]
        if result["event"] == "ADD"
    }
    assert stored == {
        "I always release on Thursdays.": (user, None),
        TEXTS[0]: (None, agent),
    }


def test_lists_are_paged_newest_first_and_filtered(npm_sdk: NpmSdk, user: str) -> None:
    add(npm_sdk, TEXTS[0], userId=user, appId="shop", metadata={"type": "decision"})
    add(npm_sdk, TEXTS[1], userId=user, agentId="bot")
    add(npm_sdk, TEXTS[2], userId=user, expirationDate="2020-01-01")
    assert listed(npm_sdk, user) == [TEXTS[1], TEXTS[0]]
    assert listed(npm_sdk, user, showExpired=True) == [TEXTS[2], TEXTS[1], TEXTS[0]]
    first = npm_sdk.call("getAll", {"filters": {"user_id": user}, "page": 1, "pageSize": 1})
    assert (first["count"], first["previous"]) == (2, None)
    assert first["next"].startswith("http://127.0.0.1")
    assert listed(npm_sdk, user, page=2, pageSize=1) == [TEXTS[0]]
    with pytest.raises(ClientError, match=r"Invalid page\."):
        listed(npm_sdk, user, page=3, pageSize=1)

    def found(*conditions: dict[str, Any]) -> list[str]:
        filters = {"AND": [{"user_id": user}, *conditions]}
        return [row["memory"] for row in npm_sdk.call("getAll", {"filters": filters})["results"]]

    assert found({"app_id": "*"}) == [TEXTS[0]]
    assert found({"metadata": {"type": "decision"}}) == [TEXTS[0]]
    assert found({"OR": [{"app_id": "shop"}, {"agent_id": "bot"}]}) == [TEXTS[1], TEXTS[0]]
    assert listed(npm_sdk, user, startDate="2020-01-01", endDate="2099-01-01", latestOnly=True)
    assert listed(npm_sdk, user, endDate="2020-01-01") == []


def test_a_scope_at_the_top_is_refused_by_the_client_and_a_missing_one_by_the_server(
    npm_sdk: NpmSdk, user: str
) -> None:
    with pytest.raises(ClientError, match="Use filters"):
        npm_sdk.call("getAll", {"userId": user})
    for filters in ({"AND": [{"categories": {"in": ["work"]}}]}, {"user": "kim"}, {}):
        with pytest.raises(ClientError) as caught:
            npm_sdk.call("search", "tokens", {"filters": filters})
        assert (caught.value.type, caught.value.code) == ("ValidationError", "HTTP_400")


def test_search_takes_every_option_and_scores(npm_sdk: NpmSdk, user: str) -> None:
    for text in TEXTS:
        add(npm_sdk, text, userId=user, runId="r1")
    scope = {"filters": {"user_id": user}}
    best = npm_sdk.call("search", "which algorithm signs auth tokens?", scope)["results"][0]
    assert best["memory"] == TEXTS[0]
    assert 0.3 < best["score"] <= 1
    assert set(best["scoreBreakdown"]) == {"semantic", "bm25", "entity"}
    assert best["runId"] == "r1"
    everything = {
        **scope,
        "topK": 2,
        "threshold": 0,
        "rerank": True,
        "latestOnly": True,
        "showExpired": True,
        "keywordSearch": True,
        "referenceDate": "2026-11-30",
        "source": "OPENCLAW",
    }
    hits = npm_sdk.call("search", "auth tokens", everything)["results"]
    assert [hit["memory"] for hit in hits][:1] == [TEXTS[0]]
    assert len(hits) == 2
    [only] = npm_sdk.call("search", "auth tokens", {**scope, "topK": 1, "fields": ["memory"]})[
        "results"
    ]
    assert only["memory"] == TEXTS[0]
    assert "userId" not in only
    assert npm_sdk.call("search", "auth", {"filters": {"user_id": "nobody"}}) == {"results": []}


def test_batches_update_and_delete(npm_sdk: NpmSdk, user: str) -> None:
    ids = [add(npm_sdk, text, userId=user) for text in TEXTS]
    changes = [{"memoryId": id_, "text": f"new {at}"} for at, id_ in enumerate(ids)]
    assert "3 memories" in npm_sdk.call("batchUpdate", changes)["message"]
    assert listed(npm_sdk, user) == ["new 2", "new 1", "new 0"]
    assert "2 memories" in npm_sdk.call("batchDelete", ids[:2])["message"]
    assert listed(npm_sdk, user) == ["new 2"]


def test_delete_all_takes_one_scope_and_nothing_that_is_not_understood(
    npm_sdk: NpmSdk, user: str
) -> None:
    add(npm_sdk, TEXTS[0], userId=user, appId="shop")
    add(npm_sdk, TEXTS[1], userId=user, appId="infra")
    for options in ({}, {"userId": ""}, {"filters": {"user_id": user}}, {"userId": "*"}):
        with pytest.raises(ClientError) as caught:
            npm_sdk.call("deleteAll", options)
        assert caught.value.code == "HTTP_400", options
    assert len(listed(npm_sdk, user)) == 2
    npm_sdk.call("deleteAll", {"userId": user, "appId": "shop"})
    assert listed(npm_sdk, user) == [TEXTS[1]]
    npm_sdk.call("deleteAll", {"userId": user})
    assert listed(npm_sdk, user) == []


def test_entities_are_listed_by_page_and_deleted_with_their_memories(
    npm_sdk: NpmSdk, user: str
) -> None:
    add(npm_sdk, TEXTS[0], userId=user, agentId=f"agent of {user}")
    whole = npm_sdk.call("users")
    mine = {(each["type"], each["name"]) for each in whole["results"] if user in each["name"]}
    assert mine == {("user", user), ("agent", f"agent of {user}")}
    page = npm_sdk.call("users", {"page": 1, "pageSize": 1})
    assert (page["count"], len(page["results"])) == (whole["count"], 1)
    said = npm_sdk.call("deleteUsers", {"userId": user})
    assert said == {"message": "Entity deleted successfully."}
    assert listed(npm_sdk, user) == []
    npm_sdk.call("deleteUsers", {"agentId": f"agent of {user}"})
    assert not [each for each in npm_sdk.call("users")["results"] if user in each["name"]]


def test_feedback_exports_and_the_project(npm_sdk: NpmSdk, user: str) -> None:
    memory_id = add(npm_sdk, TEXTS[0], userId=user)
    rating = {"memoryId": memory_id, "feedback": "NEGATIVE", "feedbackReason": "outdated"}
    assert npm_sdk.call("feedback", rating)["feedbackReason"] == "outdated"
    assert npm_sdk.call("get", memory_id)["feedback"] == "NEGATIVE"

    request = {"schema": {"type": "object"}, "filters": {"AND": [{"user_id": user}]}}
    made = npm_sdk.call("createMemoryExport", request)
    export = npm_sdk.call("getMemoryExport", {"memoryExportId": made["id"]})
    assert [memory["memory"] for memory in export["memories"]] == [TEXTS[0]]

    categories = [{"team_norms": "how we work"}, {"testPatterns": "how we test"}]
    settings = {"customCategories": categories, "customInstructions": "keep it short"}
    npm_sdk.call("updateProject", settings)
    fields = {"fields": ["customInstructions", "customCategories"]}
    project = npm_sdk.call("getProject", fields)
    assert project["customInstructions"] == "keep it short"
    assert project["customCategories"] == categories


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("getWebhooks", []),
        ("createWebhook", [{"name": "n", "url": "http://127.0.0.1:9", "eventTypes": []}]),
        ("deleteWebhook", [{"webhookId": "w"}]),
        ("getProfile", [{"entityId": "kim"}]),
        ("generateProfile", [{"entityId": "kim"}]),
        ("getProfileSettings", []),
        ("updateProfileSettings", [{"enabled": True}]),
        ("getProfileJob", ["j"]),
    ],
)
def test_what_only_mem0_does_is_refused_in_words(
    npm_sdk: NpmSdk, method: str, arguments: list[Any]
) -> None:
    with pytest.raises(ClientError, match="not part of this server"):
        npm_sdk.call(method, *arguments)


def test_a_malformed_id_is_a_validation_error(npm_sdk: NpmSdk) -> None:
    for method in ("get", "delete", "history"):
        with pytest.raises(ClientError, match="should be a valid UUID") as caught:
            npm_sdk.call(method, "a b/ü")
        assert caught.value.type == "ValidationError"
