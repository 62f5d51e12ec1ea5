"""``mem0ai`` as published, both clients, every method that has a counterpart here."""

from __future__ import annotations

import datetime
import json
import uuid
from typing import Any

import httpx
import pytest

from tests.e2e.clients import ClientError, Sdk
from tests.support.serving import Serving

pytestmark = pytest.mark.clients

TEXTS = (
    "The auth module signs tokens with RS256, never with HS256",
    "Deploys go out on Tuesdays after the smoke tests are green",
    "Kim prefers tabs in Makefiles and spaces everywhere else",
)
ASKED = "When do deploys go out?"


@pytest.fixture(params=["sync", "async"])
def client(request: pytest.FixtureRequest) -> str:
    """Which of the two clients is asked."""
    name: str = request.param
    return name


@pytest.fixture
def user() -> str:
    """A user of this test only, whose name needs encoding in a path."""
    return f"kim {uuid.uuid4().hex[:8]}/ü"


def add(sdk: Sdk, client: str, text: str, **options: Any) -> str:
    """Add *text* verbatim; the id of what was stored."""
    answer = sdk.call(client, "add", text, infer=False, **options)
    assert answer["status"] == "SUCCEEDED"
    [result] = answer["results"]
    assert result["event"] == "ADD"
    assert result["memory"] == result["data"]["memory"] == text
    added: str = result["id"]
    return added


def listed(sdk: Sdk, client: str, user: str, **options: Any) -> list[str]:
    """The texts of *user*'s memories, in the order listed."""
    answer = sdk.call(client, "get_all", filters={"user_id": user}, **options)
    return [row["memory"] for row in answer["results"]]


def test_a_memory_from_add_to_delete(sdk: Sdk, client: str, user: str) -> None:
    metadata = {"type": "decision", "confidence": 1.0, "files": ["auth.py"]}
    memory_id = add(
        sdk, client, TEXTS[0], user_id=user, app_id="shop", run_id="r1", metadata=metadata
    )
    memory = sdk.call(client, "get", memory_id)
    assert memory["memory"] == TEXTS[0]
    assert (memory["user_id"], memory["app_id"]) == (user, "shop")
    assert (memory["session_id"], memory["agent_id"]) == ("r1", None)
    assert memory["metadata"] == metadata
    assert datetime.datetime.fromisoformat(memory["created_at"]).tzinfo is not None

    updated = sdk.call(
        client, "update", memory_id, text="RS256 only", metadata={"type": "convention"}
    )
    assert (updated["id"], updated["memory"]) == (memory_id, "RS256 only")
    assert updated["metadata"] == {"type": "convention"}

    history = sdk.call(client, "history", memory_id)
    assert [row["event"] for row in history] == ["ADD", "UPDATE"]
    assert history[0]["input"] == [{"role": "user", "content": TEXTS[0]}]
    assert (history[1]["old_memory"], history[1]["new_memory"]) == (TEXTS[0], "RS256 only")

    assert "deleted" in sdk.call(client, "delete", memory_id)["message"]
    with pytest.raises(ClientError, match="Memory not found!") as caught:
        sdk.call(client, "get", memory_id)
    assert caught.value.type == "MemoryNotFoundError"
    assert [row["event"] for row in sdk.call(client, "history", memory_id)][-1] == "DELETE"


def test_of_an_inferred_add_what_is_worth_it_is_kept_and_the_event_names_the_rest(
    sdk: Sdk, client: str, user: str, server: Serving
) -> None:
    messages = [
        {"role": "system", "content": "You are terse."},
        {"role": "user", "content": TEXTS[0]},
        {"role": "assistant", "content": "Noted, thanks!"},
        {"role": "user", "content": ASKED},
        {"role": "assistant", "content": TEXTS[1]},
        {"role": "user", "content": TEXTS[0]},
    ]
    answer = sdk.call(client, "add", messages, user_id=user)
    assert answer["status"] == "PENDING"
    assert "no language model" in answer["message"]
    event = fetch(server, f"/v1/event/{answer['event_id']}/")
    assert (event["status"], event["event_type"]) == ("SUCCEEDED", "ADD")
    assert "no language model" in json.dumps(event["metadata"])
    added = [result for result in event["results"] if result["event"] == "ADD"]
    assert [result["data"]["memory"] for result in added] == [TEXTS[0], TEXTS[1]]
    left_out = [result["reason"] for result in event["results"] if result["event"] == "NONE"]
    assert left_out == [
        "an instruction of the system",
        "no more than a short reply",
        "a question",
        "stored already",
    ]
    assert {result["user_id"] for result in event["results"]} == {user}
    assert sorted(listed(sdk, client, user)) == sorted(TEXTS[:2])
    hits = sdk.call(client, "search", ASKED, filters={"user_id": user})["results"]
    assert hits[0]["memory"] == TEXTS[1], "not the question that was asked before"

    sdk.call(client, "add", messages, user_id=user)
    assert len(listed(sdk, client, user)) == 2, "the same again adds nothing"


def test_lists_are_paged_newest_first(sdk: Sdk, client: str, user: str) -> None:
    for text in TEXTS:
        add(sdk, client, text, user_id=user)
    assert listed(sdk, client, user) == list(reversed(TEXTS))
    first = sdk.call(client, "get_all", filters={"user_id": user}, page=1, page_size=2)
    assert (first["count"], len(first["results"])) == (3, 2)
    assert first["next"].startswith("http://127.0.0.1")
    assert first["previous"] is None
    last = sdk.call(client, "get_all", filters={"user_id": user}, page=2, page_size=2)
    assert [row["memory"] for row in last["results"]] == [TEXTS[0]]
    assert last["next"] is None
    with pytest.raises(ClientError, match=r"Invalid page\."):
        sdk.call(client, "get_all", filters={"user_id": user}, page=3, page_size=2)


def test_filters_mean_what_mem0_says(sdk: Sdk, client: str, user: str) -> None:
    add(sdk, client, TEXTS[0], user_id=user, app_id="shop", metadata={"type": "decision"})
    add(sdk, client, TEXTS[1], user_id=user, agent_id="bot", metadata={"type": "convention"})

    def found(*conditions: dict[str, Any]) -> list[str]:
        filters = {"AND": [{"user_id": user}, *conditions]}
        return [row["memory"] for row in sdk.call(client, "get_all", filters=filters)["results"]]

    assert found({"app_id": "shop"}) == [TEXTS[0]]
    assert found({"app_id": "*"}) == [TEXTS[0]]
    assert found({"metadata": {"type": "convention"}}) == [TEXTS[1]]
    assert found({"NOT": [{"app_id": "shop"}]}) == [TEXTS[1]]
    assert found({"OR": [{"app_id": "shop"}, {"agent_id": "bot"}]}) == [TEXTS[1], TEXTS[0]]
    assert found({"created_at": {"gte": "2020-01-01", "lt": "2100-01-01"}}) == [TEXTS[1], TEXTS[0]]
    assert found({"keywords": {"icontains": "TUESDAYS"}}) == [TEXTS[1]]
    assert found({"created_at": {"lt": "2020-01-01"}}) == []


@pytest.mark.parametrize(
    "filters",
    [
        {"AND": [{"categories": {"in": ["work"]}}]},
        {"user": "kim"},
        {"AND": [{"user_id": "kim"}, {"created_at": {"eq": "2026-01-01"}}]},
        {"AND": [{"user_id": "kim"}, {"metadata": {"type": {"in": ["decision"]}}}]},
        {"NOT": {"user_id": "kim"}},
    ],
)
def test_filters_that_mem0_refuses_are_refused(
    sdk: Sdk, client: str, filters: dict[str, Any]
) -> None:
    with pytest.raises(ClientError) as caught:
        sdk.call(client, "get_all", filters=filters)
    assert (caught.value.type, caught.value.code) == ("ValidationError", "HTTP_400")
    assert caught.value.text


def test_search_finds_by_meaning_or_words_with_scores_clients_accept(
    sdk: Sdk, client: str, user: str
) -> None:
    for text in TEXTS:
        add(sdk, client, text, user_id=user, run_id="r1")
    options: dict[str, Any] = {"filters": {"user_id": user}}
    answer = sdk.call(client, "search", "which algorithm signs auth tokens?", **options)
    best = answer["results"][0]
    assert best["memory"] == TEXTS[0]
    assert 0.3 < best["score"] <= 1
    assert set(best["score_breakdown"]) == {"semantic", "bm25", "entity"}
    assert best["run_id"] == "r1"
    assert "session_id" not in best
    one = sdk.call(client, "search", "auth tokens", top_k=1, threshold=0.0, **options)
    assert len(one["results"]) == 1
    everything = sdk.call(client, "search", "auth tokens", threshold=0.0, **options)
    scores = [hit["score"] for hit in everything["results"]]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) == 3
    assert sdk.call(client, "search", "auth", filters={"user_id": "nobody"}) == {"results": []}


def test_expired_memories_hide_from_list_and_search_only(sdk: Sdk, client: str, user: str) -> None:
    memory_id = add(sdk, client, TEXTS[0], user_id=user, expiration_date="2020-01-01")
    assert listed(sdk, client, user) == []
    assert sdk.call(client, "search", TEXTS[0], filters={"user_id": user})["results"] == []
    assert listed(sdk, client, user, show_expired=True) == [TEXTS[0]]
    assert sdk.call(client, "get", memory_id)["expiration_date"] == "2020-01-01"
    assert sdk.call(client, "update", memory_id, expiration_date=None)["expiration_date"] is None
    assert listed(sdk, client, user) == [TEXTS[0]]


def test_a_timestamp_backdates(sdk: Sdk, client: str, user: str) -> None:
    memory_id = add(sdk, client, TEXTS[0], user_id=user, timestamp=1_600_000_000)
    assert sdk.call(client, "get", memory_id)["created_at"].startswith("2020-09-13T12:26:40")
    moved = sdk.call(client, "update", memory_id, timestamp=1_500_000_000)
    assert moved["created_at"].startswith("2017-07-14T02:40:00")


def test_immutable_memories_refuse_updates(sdk: Sdk, client: str, user: str) -> None:
    memory_id = add(sdk, client, TEXTS[0], user_id=user, immutable=True)
    with pytest.raises(ClientError, match="immutable"):
        sdk.call(client, "update", memory_id, text="changed")
    assert listed(sdk, client, user) == [TEXTS[0]]


def test_batches_update_and_delete(sdk: Sdk, client: str, user: str) -> None:
    ids = [add(sdk, client, text, user_id=user) for text in TEXTS]
    changes = [{"memory_id": id_, "text": f"new {at}"} for at, id_ in enumerate(ids)]
    assert "3 memories" in sdk.call(client, "batch_update", changes)["message"]
    assert listed(sdk, client, user) == ["new 2", "new 1", "new 0"]
    gone = sdk.call(client, "batch_delete", [{"memory_id": id_} for id_ in ids[:2]])
    assert "2 memories" in gone["message"]
    assert listed(sdk, client, user) == ["new 2"]
    with pytest.raises(ClientError, match="Maximum of 1000"):
        sdk.call(client, "batch_delete", [{"memory_id": ids[0]}] * 1001)


def test_delete_all_spares_other_scopes_and_keeps_the_entity(
    sdk: Sdk, client: str, user: str, server: Serving
) -> None:
    add(sdk, client, TEXTS[0], user_id=user, app_id="shop")
    add(sdk, client, TEXTS[1], user_id=user, app_id="infra")
    answer = sdk.call(client, "delete_all", user_id=user, app_id="shop")
    assert fetch(server, f"/v1/event/{answer['event_id']}/")["event_type"] == "DELETE_ALL"
    assert listed(sdk, client, user) == [TEXTS[1]]
    sdk.call(client, "delete_all", user_id=user)
    assert listed(sdk, client, user) == []
    assert user in [each["name"] for each in sdk.call(client, "users")["results"]]


def test_a_scope_that_is_not_understood_deletes_nothing(sdk: Sdk, client: str, user: str) -> None:
    add(sdk, client, TEXTS[0], user_id=user)
    for options in ({"filters": {"user_id": user}}, {}, {"user_id": ""}):
        with pytest.raises(ClientError) as caught:
            sdk.call(client, "delete_all", **options)
        assert caught.value.code == "HTTP_400"
    assert listed(sdk, client, user) == [TEXTS[0]]


def test_entities_are_listed_and_deleted_with_their_memories(
    sdk: Sdk, client: str, user: str
) -> None:
    add(sdk, client, TEXTS[0], user_id=user, agent_id=f"agent of {user}")
    entities = sdk.call(client, "users")
    mine = {(each["type"], each["name"]) for each in entities["results"] if user in each["name"]}
    assert mine == {("user", user), ("agent", f"agent of {user}")}
    assert entities["total_users"] >= 1
    sdk.call(client, "delete_users", user_id=user)
    assert listed(sdk, client, user) == []
    sdk.call(client, "delete_users", agent_id=f"agent of {user}")
    sdk.call(client, "delete_users", user_id=user)
    assert not [each for each in sdk.call(client, "users")["results"] if user in each["name"]]


def test_feedback_is_taken_and_taken_back(sdk: Sdk, client: str, user: str) -> None:
    memory_id = add(sdk, client, TEXTS[0], user_id=user)
    answer = sdk.call(
        client, "feedback", memory_id, feedback="NEGATIVE", feedback_reason="outdated"
    )
    assert (answer["feedback"], answer["feedback_reason"]) == ("NEGATIVE", "outdated")
    assert sdk.call(client, "get", memory_id)["feedback"] == "NEGATIVE"
    sdk.call(client, "feedback", memory_id, feedback=None)
    assert sdk.call(client, "get", memory_id)["feedback"] is None
    with pytest.raises(ClientError, match="Invalid memory_id"):
        sdk.call(client, "feedback", "not-an-id", feedback="POSITIVE")


def test_exports_and_summaries(sdk: Sdk, client: str, user: str) -> None:
    add(sdk, client, TEXTS[0], user_id=user, metadata={"type": "decision"})
    filters = {"AND": [{"user_id": user}]}
    schema = {"type": "object", "properties": {"facts": {"type": "array"}}}
    made = sdk.call(client, "create_memory_export", schema, filters=filters)
    by_id = sdk.call(client, "get_memory_export", memory_export_id=made["id"])
    assert [memory["memory"] for memory in by_id["memories"]] == [TEXTS[0]]
    assert sdk.call(client, "get_memory_export", filters=filters) == by_id
    with pytest.raises(ClientError, match="No memory export request found"):
        sdk.call(client, "get_memory_export", filters={"user_id": "nobody"})
    [summary] = sdk.call(client, "get_summary", filters={"user_id": user})
    assert summary["types"] == {"decision": 1}


def test_categories_are_chosen_changed_and_filtered_by(sdk: Sdk, client: str, user: str) -> None:
    catalogue = [{"security": "keys, tokens, secrets"}, {"releases": "deploys, their smoke tests"}]
    answer = sdk.call(
        client, "add", TEXTS[0], user_id=user, infer=False, categories=["security", "own"]
    )
    memory_id = answer["results"][0]["id"]
    assert sdk.call(client, "get", memory_id)["categories"] == ["security", "own"]
    messages = [{"role": "assistant", "content": TEXTS[1]}]
    sdk.call(client, "add", messages, user_id=user, custom_categories=catalogue)

    def filed(name: str) -> list[str]:
        filters = {"AND": [{"user_id": user}, {"categories": {"contains": name}}]}
        return [row["memory"] for row in sdk.call(client, "get_all", filters=filters)["results"]]

    assert (filed("security"), filed("releases")) == ([TEXTS[0]], [TEXTS[1]])
    chosen: dict[str, Any] = {"categories": ["own"], "custom_categories": catalogue}
    with pytest.raises(ClientError, match="There is no category 'own'"):
        sdk.call(client, "add", TEXTS[2], user_id=user, **chosen)


def test_the_project_keeps_its_settings(sdk: Sdk, client: str) -> None:
    categories = [{"decisions": f"architecture decisions, by {client}"}]
    sdk.call(client, "project.update", custom_categories=categories)
    assert sdk.call(client, "project.get")["custom_categories"] == categories
    sdk.call(client, "update_project", custom_instructions="keep it short")
    project = sdk.call(client, "get_project", fields=["custom_instructions"])
    assert project["custom_instructions"] == "keep it short"
    assert project["custom_categories"] == categories


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("get_webhooks", ["default"]),
        ("get_profile", ["kim"]),
        ("project.get_members", []),
        ("get_profile_settings", []),
    ],
)
def test_what_only_mem0_does_is_refused_in_words(
    sdk: Sdk, client: str, method: str, arguments: list[str]
) -> None:
    with pytest.raises(ClientError, match="not part of this server"):
        sdk.call(client, method, *arguments)


def test_a_malformed_id_is_a_validation_error(sdk: Sdk, client: str) -> None:
    for method in ("get", "delete", "history"):
        with pytest.raises(ClientError, match="should be a valid UUID") as caught:
            sdk.call(client, method, "a b/ü")
        assert caught.value.type == "ValidationError"


def test_dozens_of_adds_at_once_all_arrive(sdk: Sdk, user: str) -> None:
    texts = [f"parallel fact number {at}" for at in range(60)]
    answers = sdk.call("many", "add", texts, user_id=user, infer=False)
    assert len({answer["results"][0]["id"] for answer in answers}) == 60
    assert sorted(listed(sdk, "sync", user)) == sorted(texts)


def fetch(server: Serving, path: str) -> Any:
    """What the server answers to a plain GET, for what the SDK has no method for."""
    headers = {"Authorization": f"Bearer {server.key}"}
    response = httpx.get(server.url + path, headers=headers, timeout=60)
    assert response.status_code == 200, response.text
    return response.json()
