"""Lists, pages, searches and scope deletes, as Mem0's clients ask for them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.server.conftest import Api

pytestmark = pytest.mark.anyio

UNSCOPED: list[dict[str, Any]] = [
    {},
    {"filters": {}},
    {"filters": None},
    {"filters": []},
    {"filters": "user_id"},
    {"filters": {"metadata": {"type": "decision"}}},
    {"filters": {"NOT": [{"user_id": "kim"}]}},
    {"filters": {"user_id": {"ne": "kim"}}},
    {"filters": {"user_id": "kim"}, "user_id": "kim"},
    {"filters": {"nobody": "kim"}},
    {"filters": {"user_id": "kim", "created_at": {"gt": "9999-99-99"}}},
    {"filters": {"user_id": "kim"}, "fields": "memory"},
    {"filters": {"user_id": "kim"}, "show_expired": 3},
    {"filters": {"user_id": "kim"}, "start_date": "soon"},
]


@pytest.mark.parametrize("body", UNSCOPED)
@pytest.mark.parametrize("path", ["/v3/memories/", "/v3/memories/search/"])
async def test_a_scope_that_is_missing_or_not_understood_is_400(
    api: Api, path: str, body: dict[str, Any]
) -> None:
    await api.add("one")
    status, text = await api.refused("POST", path, json={"query": "one", **body})
    assert status == 400
    assert text


async def test_a_date_at_the_end_of_time_is_no_failure(api: Api) -> None:
    for day in ("9999-12-31", "0001-01-01"):
        for operator in (day, {"gte": day}, {"lt": day}):
            filters = {"user_id": "kim", "created_at": operator}
            answer = await api.client.post("/v3/memories/", json={"filters": filters})
            assert answer.status_code == 200
        body = {"filters": {"user_id": "kim"}, "start_date": day, "end_date": day}
        assert (await api.client.post("/v3/memories/", json=body)).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"query": " "},
        {"query": None},
        {"top_k": 0},
        {"top_k": 1001},
        {"top_k": "many"},
        {"limit": -1},
        {"threshold": 1.1},
        {"threshold": "high"},
        {"threshold": True},
        {"reference_date": "soon"},
    ],
)
async def test_a_search_that_does_not_fit_is_400(api: Api, change: dict[str, Any]) -> None:
    body = {"query": "one", "filters": {"user_id": "kim"}, **change}
    status, _ = await api.refused("POST", "/v3/memories/search/", json=body)
    assert status == 400


async def test_a_search_answers_ten_hits_or_what_limit_says(api: Api) -> None:
    await api.add(*(f"deploy note number {number}" for number in range(15)))
    ask = {"query": "deploy note", "filters": {"user_id": "kim"}, "threshold": 0}
    for change, expected in (({}, 10), ({"limit": 3}, 3), ({"top_k": 12, "limit": 3}, 12)):
        answer = await api.ok("POST", "/v3/memories/search/", json={**ask, **change})
        assert len(answer["results"]) == expected


async def test_pages_link_to_their_neighbours(api: Api) -> None:
    await api.add(*(f"fact {number}" for number in range(5)))
    body = {"filters": {"user_id": "kim"}, "page_size": 2}
    page = await api.ok("POST", "/v3/memories/", json=body)
    assert (page["count"], page["previous"]) == (5, None)
    found = [row["memory"] for row in page["results"]]
    while page["next"]:
        assert page["next"].startswith("http://localhost:8765/v3/memories/?page=")
        before = page
        page = await api.ok("POST", page["next"], json={"filters": {"user_id": "kim"}})
        again = await api.ok("POST", page["previous"], json={"filters": {"user_id": "kim"}})
        assert again["results"] == before["results"]
        found += [row["memory"] for row in page["results"]]
    assert found == [f"fact {number}" for number in (4, 3, 2, 1, 0)]


@pytest.mark.parametrize("page", ["0", "2", "-1", "x", "9" * 18, "9" * 40])
async def test_a_page_that_does_not_exist_is_404(api: Api, page: str) -> None:
    await api.add("one")
    body = {"filters": {"user_id": "kim"}}
    assert await api.refused("POST", f"/v3/memories/?page={page}", json=body) == (
        404,
        "Invalid page.",
    )
    assert await api.refused("GET", f"/v1/events/?page={page}") == (404, "Invalid page.")


async def test_an_empty_list_has_a_first_page(api: Api) -> None:
    answer = await api.ok("POST", "/v3/memories/?page=1", json={"filters": {"user_id": "kim"}})
    assert answer == {"count": 0, "next": None, "previous": None, "results": []}


@pytest.mark.parametrize("size", ["0", "201", "many"])
async def test_a_page_size_out_of_bounds_is_400(api: Api, size: str) -> None:
    path = f"/v3/memories/?page_size={size}"
    status, _ = await api.refused("POST", path, json={"filters": {"user_id": "kim"}})
    assert status == 400


async def test_options_narrow_a_list(api: Api) -> None:
    await api.add("old deploy note", timestamp=1_500_000_000, metadata={"type": "decision"})
    await api.add("new deploy note")

    async def found(**options: Any) -> list[str]:
        body = {"filters": {"user_id": "kim"}, **options}
        answer = await api.ok("POST", "/v3/memories/", json=body)
        return [row["memory"] for row in answer["results"]]

    assert await found(end_date="2017-07-14") == ["old deploy note"]
    assert await found(start_date="2017-07-15") == ["new deploy note"]
    assert await found(keywords="NOTE new") == ["new deploy note"]
    assert await found(metadata={"type": "decision"}) == ["old deploy note"]
    assert await found(categories=["work"]) == []
    assert await found(categories=[]) == ["new deploy note", "old deploy note"]


async def test_fields_leave_the_rest_out(api: Api) -> None:
    await api.add("one")
    body = {"filters": {"user_id": "kim"}, "fields": ["memory", "user_id"], "query": "one"}
    for path in ("/v3/memories/", "/v3/memories/search/"):
        [row] = (await api.ok("POST", path, json={**body, "threshold": 0}))["results"]
        assert set(row) == {"id", "memory", "created_at", "user_id"}


async def test_by_entity_rows_carry_their_input(api: Api) -> None:
    [result] = await api.add("one", user="a b/ü")
    await api.ok("PUT", f"/v1/memories/{result['id']}/", json={"text": "two"})
    answer = await api.ok("GET", f"/v1/memories/user/{quote('a b/ü', safe='')}/?page=1")
    [row] = answer["results"]
    assert (row["memory"], row["is_updated"]) == ("two", True)
    assert row["input"] == [{"role": "user", "content": "one"}]
    assert (await api.ok("GET", "/v1/memories/app/history/"))["results"] == []
    assert await api.refused("GET", "/v1/memories/team/kim/") == (400, "Invalid entity type")


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("user_id=kim", ["eva+shop", "nobody"]),
        ("user_id=kim&app_id=shop", ["kim", "eva+shop", "nobody"]),
        ("app_id=shop&source=CLI&org_id=x&project_id=y", ["kim", "nobody"]),
        ("user_id=ki*", ["kim", "kim+shop", "eva+shop", "nobody"]),
        ("user_id=*&agent_id=*&app_id=*&run_id=*", []),
        ('user_id=kim&metadata={"n":1}', ["kim+shop", "eva+shop", "nobody"]),
    ],
)
async def test_delete_all_deletes_what_has_all_the_ids(
    api: Api, query: str, left: list[str]
) -> None:
    await api.add("kim", metadata={"n": 1})
    await api.add("kim+shop", app_id="shop")
    await api.add("eva+shop", user="eva", app_id="shop")
    body = {"messages": [{"role": "user", "content": "nobody"}], "run_id": "r", "infer": False}
    await api.ok("POST", "/v3/memories/add/", json=body)
    answer = await api.ok("DELETE", f"/v1/memories/?{query}")
    page = await api.store.page()
    assert {memory.text for memory in page.items} == set(left)
    event = await api.ok("GET", f"/v1/event/{answer['event_id']}/")
    assert event["metadata"]["deleted"] == 4 - len(left) == len(event["results"])
    assert len(await api.store.trash()) == 4 - len(left)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "source=CLI",
        "metadata={}",
        "filters={'user_id':'kim'}",
        "filters={'user_id':'kim'}&user_id=kim",
        "user=kim",
        "user_id=",
        "user_id=%20",
        "user_id=*",
        "user_id=*&app_id=shop",
        "user_id=*&agent_id=*&app_id=*",
        "user_id=kim&app_id=",
        "user_id=kim&user_id=eva",
        "user_id=kim&metadata=nonsense",
        "user_id=kim&metadata=[]",
        "user_id=kim&metadata={}",
        'user_id=kim&metadata={"n":{"gt":1}}',
        "user_id=kim&User_ID=eva",
    ],
)
async def test_a_scope_that_is_not_understood_deletes_nothing(api: Api, query: str) -> None:
    await api.add("one")
    status, _ = await api.refused("DELETE", f"/v1/memories/?{query}")
    assert status == 400
    assert await api.texts() == ["one"]
