"""Categories over REST: chosen by an add, given by the words, changed by an update."""

from __future__ import annotations

from typing import Any

import pytest

from tests.server.conftest import Api

pytestmark = pytest.mark.anyio

PROJECT = "/api/v1/orgs/organizations/mem0-tui/projects/default/"
ASKED = [
    {"project_knowledge": "How the project is built"},
    {"decisions_and_constraints": "What was decided, and what limits it"},
    {"workflows": "How work is done"},
    {"problems_and_fixes": "What went wrong, and what mended it"},
    {"results": "What came of it"},
]
"""Names that Mem0's Codex plugin 0.3 asks for."""


async def inferred(api: Api, *texts: str, **options: Any) -> list[list[str]]:
    """What *texts*, each an answer of an assistant, are filed under, by the event's results."""
    filed: list[list[str]] = []
    for text in texts:
        messages = [{"role": "assistant", "content": text}]
        body = {"messages": messages, "user_id": "kim", **options}
        added = await api.ok("POST", "/v3/memories/add/", json=body)
        event = await api.ok("GET", f"/v1/event/{added['event_id']}/")
        [result] = event["results"]
        memory = await api.ok("GET", f"/v1/memories/{result['id']}/")
        assert memory["categories"] == result["categories"]
        filed.append(result["categories"])
    return filed


@pytest.mark.parametrize("path", ["/v3/memories/add/", "/v1/memories/", "/v2/memories/"])
async def test_an_add_is_filed_under_what_it_names(api: Api, path: str) -> None:
    body = {
        "messages": [{"role": "user", "content": "We deploy on Fridays"}],
        "user_id": "kim",
        "infer": False,
        "categories": ["work", " Größe ", "work"],
    }
    [result] = (await api.ok("POST", path, json=body))["results"]
    assert result["categories"] == ["work", "Größe"]
    memory = await api.ok("GET", f"/v1/memories/{result['id']}/")
    assert memory["categories"] == ["work", "Größe"]
    for condition in ({"in": ["work", "x"]}, {"contains": "WOR"}):
        filters = {"AND": [{"user_id": "kim"}, {"categories": condition}]}
        assert await api.texts(**filters) == ["We deploy on Fridays"]
        asked = {"query": "deploy", "filters": filters}
        found = await api.ok("POST", "/v3/memories/search/", json=asked)
        assert [hit["categories"] for hit in found["results"]] == [["work", "Größe"]]
    [entry] = await api.ok("GET", f"/v1/memories/{result['id']}/history/")
    assert (entry["event"], entry["categories"]) == ("ADD", ["work", "Größe"])


async def test_an_update_sets_and_clears_them(api: Api) -> None:
    [added] = await api.add("We deploy on Fridays", categories=["work"], metadata={"k": 1})
    path = f"/v1/memories/{added['id']}/"
    for given, kept in ((["a", "b"], ["a", "b"]), ([], []), (["c"], ["c"]), (None, [])):
        changed = await api.ok("PUT", path, json={"categories": given})
        assert changed["categories"] == kept
        assert (changed["memory"], changed["metadata"]) == ("We deploy on Fridays", {"k": 1})
    await api.ok("PUT", path, json={"categories": ["d"]})
    assert (await api.ok("PUT", path, json={"text": "New text"}))["categories"] == ["d"]
    batch = {"memories": [{"memory_id": added["id"], "categories": ["e"]}]}
    await api.ok("PUT", "/v1/batch/", json=batch)
    assert (await api.ok("GET", path))["categories"] == ["e"]
    history = await api.ok("GET", f"{path}history/")
    assert [entry["categories"] for entry in history] == [
        *(["work"], ["a", "b"], [], ["c"], [], ["d"], ["d"], ["e"]),
    ]


@pytest.mark.parametrize("given", ["work", [1], {"work": "x"}, [""], ["work", "  "], 7])
async def test_what_is_no_list_of_names_is_refused(api: Api, given: object) -> None:
    [added] = await api.add("We deploy on Fridays")
    path = f"/v1/memories/{added['id']}/"
    assert (await api.refused("PUT", path, json={"categories": given}))[0] == 400
    body = {"messages": [{"role": "user", "content": "x y"}], "user_id": "kim"}
    answer = await api.refused(
        "POST", "/v3/memories/add/", json={**body, "categories": given, "infer": False}
    )
    assert answer[0] == 400
    assert (await api.ok("GET", path))["categories"] == []
    assert await api.texts() == ["We deploy on Fridays"]


async def test_an_add_chooses_among_the_projects_categories_or_its_own(api: Api) -> None:
    await api.ok("PATCH", PROJECT, json={"custom_categories": [{"tooling": "build tools"}]})
    await api.add("Make builds it", categories=["tooling"])
    body = {
        "messages": [{"role": "user", "content": "We deploy on Fridays"}],
        "user_id": "kim",
        "categories": ["tooling", "work"],
    }
    for infer in (True, False):
        status, text = await api.refused("POST", "/v3/memories/add/", json={**body, "infer": infer})
        assert (status, text) == (400, "There is no category 'work'; there are: tooling.")
    assert await api.texts() == ["Make builds it"]
    own = [{"work": "what is done"}]
    await api.add("We deploy on Fridays", categories=["work"], custom_categories=own)
    status, text = await api.refused(
        "POST",
        "/v3/memories/add/",
        json={**body, "categories": ["tooling"], "custom_categories": own},
    )
    assert text == "There is no category 'tooling'; there are: work."
    await api.ok("PATCH", PROJECT, json={"custom_categories": None})
    await api.add("Anything goes", categories=["anything"])


async def test_what_is_inferred_is_filed_by_its_words(api: Api) -> None:
    filed = await inferred(
        api,
        "The flaky test crashed because the clock was read twice; it is fixed.",
        "We decided that the API must never return a bare list.",
        "Releases are built by CI from a tag.",
        "All 412 tests passed, and the search got 30 percent faster.",
        "The API server lives in the module shop_http.",
        "Kim has a brown dog.",
        custom_categories=ASKED,
    )
    assert filed == [
        ["problems_and_fixes"],
        ["decisions_and_constraints"],
        ["workflows"],
        ["results"],
        ["project_knowledge"],
        [],
    ]
    body = {
        "query": "tests",
        "filters": {"AND": [{"user_id": "kim"}, {"categories": {"contains": "results"}}]},
    }
    found = await api.ok("POST", "/v3/memories/search/", json=body)
    assert [hit["categories"] for hit in found["results"]] == [["results"]]


async def test_names_and_descriptions_of_the_project_count(api: Api) -> None:
    assert await inferred(api, "The payment tables are in shop_main") == [[]]
    catalogue = [
        {"team_norms": "Rules and habits of the people who work on it"},
        {"data_model": "Schemas, tables and migrations of the payment database"},
        {"payments": ""},
    ]
    await api.ok("PATCH", PROJECT, json={"custom_categories": catalogue})
    assert (await api.ok("GET", PROJECT))["custom_categories"] == catalogue
    filed = await inferred(
        api,
        "The schemas of the shop hold one table for each tenant",
        "Nobody in the team reviews on Fridays",
        "A payment is booked twice when the job restarts",
        "Kim has a brown dog.",
    )
    assert filed == [["data_model"], ["team_norms"], ["payments"], []]
    assert await inferred(api, "A refund is a payment, too", custom_categories=ASKED) == [[]]
    assert await inferred(api, "A payment is final", categories=["team_norms"]) == [["team_norms"]]


async def test_what_is_added_verbatim_is_filed_under_nothing_else(api: Api) -> None:
    [added] = await api.add("Releases are built by CI from a tag", custom_categories=ASKED)
    assert added["categories"] == []
