"""The requests of Mem0's Codex plugin 0.3, with right and odd values."""

from __future__ import annotations

from typing import Any

import pytest

from tests.server.conftest import Api

pytestmark = pytest.mark.anyio

APP, LANE, USER, RUN = "acme-shop", "acme-shop-b1c397fde9", "kim", "0199-session"
SHARED = {"AND": [{"agent_id": LANE}, {"app_id": APP}]}
OLDER = {"AND": [{"agent_id": APP}, {"app_id": APP}]}
MINE = {"AND": [{"user_id": USER}, {"app_id": APP}]}
REPO = {"OR": [{"OR": [SHARED, OLDER]}, MINE]}


def turn(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


async def capture(api: Api, *messages: dict[str, str], **changes: Any) -> dict[str, Any]:
    """Add *messages* as a flush of the plugin does; the event."""
    body = {
        "agent_id": LANE,
        "user_id": USER,
        "app_id": APP,
        "run_id": RUN,
        "source": "MEM0_PLUGIN",
        "metadata": {
            "source": "codex_plugin",
            "branch": "main",
            "git_sha": "0f1e2d3",
            "author": USER,
            "dirs": ["src", "src/http"],
        },
        "agent_custom_instructions": "facts of the project",
        "custom_instructions": "facts of the person",
        "custom_categories": [{"workflows": "how work is done"}, {"results": "what came of it"}],
        "infer": True,
        "messages": list(messages),
        **changes,
    }
    answer = await api.ok("POST", "/v3/memories/add/", json=body)
    event: dict[str, Any] = await api.ok("GET", f"/v1/event/{answer['event_id']}/")
    assert event["status"] == "SUCCEEDED"
    return event


async def recall(api: Api, filters: object = REPO, **changes: Any) -> list[str]:
    """The texts that a search of the plugin finds, best first."""
    body = {
        "query": "releases of the shop",
        "app_id": APP,
        "filters": filters,
        "top_k": 5,
        "rerank": False,
        "latest_only": True,
        **changes,
    }
    answer = await api.ok("POST", "/v3/memories/search/", json=body)
    return [hit["memory"] for hit in answer["results"]]


async def forget(api: Api, *, shared: bool = False) -> list[str]:
    """Delete what the plugin's ``forget`` deletes; their texts."""
    gone: list[str] = []
    lanes = [{"user_id": USER}, *([{"agent_id": LANE}] if shared else [])]
    for lane in lanes:
        for page in range(1, 51):
            path = f"/v2/memories/?page={page}&page_size=100"
            rows = (await api.ok("POST", path, json={"filters": lane}))["results"]
            for row in rows:
                if "user_id" in lane and row["app_id"] != APP:
                    continue
                gone.append(row["memory"])
            if len(rows) < 100:
                break
    for row in await rows_of(api, *lanes):
        if row["memory"] in gone:
            await api.ok("DELETE", f"/v1/memories/{row['id']}/")
    return gone


async def rows_of(api: Api, *lanes: dict[str, str]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for lane in lanes:
        answer = await api.ok("POST", "/v3/memories/?page_size=200", json={"filters": lane})
        rows += answer["results"]
    return rows


async def test_a_turn_belongs_to_its_speaker(api: Api) -> None:
    await capture(
        api,
        turn("user", "I prefer small releases of the shop on Thursdays."),
        turn("assistant", "Releases of the shop go out through the script ship.sh."),
    )
    await capture(
        api,
        turn("user", "Please look at how releases of the shop work."),
        turn("assistant", "The releases of the shop need a tag that CI builds from."),
    )
    for row in await rows_of(api, {"user_id": USER}):
        assert (row["agent_id"], row["app_id"], row["session_id"]) == (None, APP, RUN)
    shared = await rows_of(api, {"agent_id": LANE})
    assert "The releases of the shop need a tag that CI builds from." in [
        row["memory"] for row in shared
    ]
    for row in shared:
        assert (row["user_id"], row["app_id"], row["session_id"]) == (None, APP, RUN)


async def test_verbatim_both_ids_stay(api: Api) -> None:
    await capture(api, turn("assistant", "Both are named."), infer=False)
    [row] = await rows_of(api, {"user_id": USER})
    assert (row["user_id"], row["agent_id"]) == (USER, LANE)


@pytest.mark.parametrize("ids", [{"user_id": None}, {"agent_id": None}])
@pytest.mark.parametrize("role", ["user", "assistant"])
async def test_the_only_id_is_everybodys(api: Api, ids: dict[str, Any], role: str) -> None:
    event = await capture(api, turn(role, "Releases go out on Thursdays at noon."), **ids)
    [result] = event["results"]
    wanted = {"user_id": USER, "agent_id": LANE} | ids
    assert (result["user_id"], result["agent_id"]) == (wanted["user_id"], wanted["agent_id"])


async def test_forget_keeps_what_is_shared(api: Api) -> None:
    await api.add("Another project of the same person", app_id="other")
    await capture(api, turn("user", "I always release the shop from the branch stable."))
    await capture(
        api,
        turn("user", "Please look at how releases of the shop work."),
        turn("assistant", "Releases of the shop go out through the script ship.sh."),
    )
    assert "I always release the shop from the branch stable." in await forget(api)
    assert await recall(api) == ["Releases of the shop go out through the script ship.sh."]
    assert await forget(api, shared=True) == [
        "Releases of the shop go out through the script ship.sh."
    ]
    assert await api.texts() == ["Another project of the same person"]


async def test_an_app_beside_the_filters_narrows_them_where_they_name_none(api: Api) -> None:
    await api.add("Releases of the shop go out on Thursdays", app_id=APP)
    await api.add("Releases of the shop are a matter of another app", app_id="other")
    await api.add("Releases of the shop are a matter of no app")
    thursday = ["Releases of the shop go out on Thursdays"]
    assert await recall(api) == thursday
    assert await recall(api, {"user_id": USER}) == thursday
    assert await recall(api, {"metadata": {"source": {"ne": "x"}}}) == thursday
    for absent in (None, "", " "):
        assert len(await recall(api, {"user_id": USER}, app_id=absent)) == 3
    body = {"filters": {"user_id": USER}, "app_id": APP}
    for path in ("/v3/memories/", "/v2/memories/"):
        answer = await api.ok("POST", path, json=body)
        assert [row["memory"] for row in answer["results"]] == thursday


async def test_an_app_beside_the_filters_hides_none_of_their_lanes(api: Api) -> None:
    await api.add("Releases of the shop go out on Thursdays", app_id=APP)
    await api.add("Releases of the shop are built by CI", app_id=f"{APP}/web")
    lanes = {"OR": [MINE, {"AND": [{"user_id": USER}, {"app_id": f"{APP}/web"}]}]}
    assert len(await recall(api, lanes)) == 2
    assert len(await recall(api, lanes, app_id="elsewhere")) == 2


@pytest.mark.parametrize("app_id", [7, True, ["acme-shop"], {"eq": "acme-shop"}])
async def test_an_app_that_is_no_text_is_400(api: Api, app_id: object) -> None:
    body = {"query": "releases", "filters": MINE, "app_id": app_id}
    status, text = await api.refused("POST", "/v3/memories/search/", json=body)
    assert (status, text) == (400, "app_id must be a string.")


async def test_each_lane_of_a_repository_is_found(api: Api) -> None:
    await api.add("Releases of the shop are mine", app_id=APP)
    for agent in (LANE, APP, "another-lane"):
        await api.add(f"Releases of the shop: {agent}", user="x", agent_id=agent, app_id=APP)
    await api.add("Releases of the shop belong to eva", user="eva", app_id=APP)
    assert sorted(await recall(api)) == [
        "Releases of the shop are mine",
        f"Releases of the shop: {APP}",
        f"Releases of the shop: {LANE}",
    ]
    assert await recall(api, MINE) == ["Releases of the shop are mine"]


async def test_a_folder_and_a_session_narrow_a_recall(api: Api) -> None:
    for number, dirs in enumerate((["src", "src/http"], ["lib/src", "source"], [])):
        body: dict[str, Any] = {"app_id": APP, "run_id": f"r{number}", "metadata": {"dirs": dirs}}
        await api.add(f"Releases of the shop, note {number}", **body)

    async def within(*parts: object) -> list[str]:
        return sorted(await recall(api, {"AND": [MINE, *parts]}))

    for folder, found in (("src", 1), ("src/http", 1), ("http", 0), ("source", 1), ("", 0)):
        inside = {"metadata": {"dirs": {"contains": folder}}}
        assert len(await within(inside)) == found, folder
    assert await within({"run_id": "r1"}) == ["Releases of the shop, note 1"]
    assert await within({"run_id": "r9"}) == []


async def test_what_was_superseded_is_left_out(api: Api) -> None:
    [old] = await api.add("Releases of the shop go out on Tuesdays", app_id=APP)
    [new] = await api.add("Releases of the shop go out on Thursdays", app_id=APP)
    await api.store.database.awrite(
        lambda c: c.execute(
            "UPDATE memories SET replaced_by = ? WHERE id = ?", (new["id"], old["id"])
        )
    )
    assert await recall(api) == ["Releases of the shop go out on Thursdays"]
    assert len(await recall(api, latest_only=False)) == 2


async def test_pages_of_the_older_list_end_with_an_empty_one(api: Api) -> None:
    for number in range(4):
        await api.add(f"fact {number}", app_id=APP)
    found: list[str] = []
    for page in range(1, 4):
        path = f"/v2/memories/?page={page}&page_size=2"
        answer = await api.ok("POST", path, json={"filters": {"user_id": USER}, "unknown": [1]})
        assert answer["count"] == 4
        assert all(row["app_id"] == APP for row in answer["results"])
        found += [row["memory"] for row in answer["results"]]
    assert found == ["fact 3", "fact 2", "fact 1", "fact 0"]
    assert (answer["next"], answer["results"]) == (None, [])
    assert (await api.ok("POST", answer["previous"], json={"filters": MINE}))["results"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/v2/memories/", {}, 400),
        ("/v2/memories/", {"filters": {}}, 400),
        ("/v2/memories/", {"filters": {"metadata": {"a": 1}}}, 400),
        ("/v2/memories/?page_size=0", {"filters": {"user_id": USER}}, 400),
        ("/v2/memories/?page_size=201", {"filters": {"user_id": USER}}, 400),
        ("/v2/memories/?page=0", {"filters": {"user_id": USER}}, 404),
        ("/v2/memories/?page=x", {"filters": {"user_id": USER}}, 404),
    ],
)
async def test_an_older_list_that_does_not_fit_is_refused(
    api: Api, path: str, body: dict[str, Any], status: int
) -> None:
    assert (await api.refused("POST", path, json=body))[0] == status


async def test_the_status_check_of_the_plugin_is_answered(api: Api) -> None:
    body = {"query": "status", "filters": MINE, "top_k": 1, "threshold": 1.0, "rerank": False}
    assert await api.ok("POST", "/v3/memories/search/", json=body) == {"results": []}
    assert "@" in (await api.ok("GET", "/v1/ping/"))["user_email"]


async def test_what_is_left_out_of_a_session_is_named_with_the_reason(api: Api) -> None:
    rule = "We always tag releases of the shop by CI."
    event = await capture(
        api,
        turn("user", "$mem0:search releases"),
        turn("assistant", "Releases of the shop go out on Thursdays."),
        turn("user", "how do releases of the shop work"),
        turn("assistant", "Shall I look at CI first?"),
        turn("user", rule),
        turn("assistant", "The release script leaves the tag to CI now."),
        turn("user", "Fix the typo " * 40),
    )
    told = [(each["event"], each.get("reason")) for each in event["results"]]
    assert told == [
        ("NONE", "a call of a skill or command"),
        ("ADD", None),
        ("NONE", "a question"),
        ("NONE", "a question"),
        ("ADD", None),
        ("NONE", "another message of the same exchange was kept"),
        ("NONE", "a request"),
    ]
    skipped = event["results"][2]
    assert (skipped["id"], skipped["memory"]) == ("", "how do releases of the shop work")
    assert (skipped["user_id"], skipped["agent_id"]) == (USER, None)
    assert len(event["results"][6]["memory"]) <= 200
    rows = await rows_of(api, {"user_id": USER}, {"agent_id": LANE})
    assert sorted(row["memory"] for row in rows) == [
        "Releases of the shop go out on Thursdays.",
        rule,
    ]


async def test_a_lane_holds_the_same_text_once_whatever_the_session(api: Api) -> None:
    said = turn("assistant", "Releases of the shop go out on Thursdays.")
    first = await capture(api, said, turn("user", "I prefer small releases."), said)
    assert [each["event"] for each in first["results"]] == ["ADD", "ADD", "NONE"]
    again = await capture(api, said, turn("user", " I prefer small releases.\n"), run_id="another")
    assert [(each["event"], each["reason"]) for each in again["results"]] == [
        ("NONE", "stored already"),
        ("NONE", "stored already"),
    ]
    assert [each["id"] for each in again["results"]] == [
        each["id"] for each in first["results"][:2]
    ]
    for other in ({"agent_id": "another-lane"}, {"app_id": "another-app"}):
        [elsewhere] = (await capture(api, said, **other))["results"]
        assert elsewhere["event"] == "ADD"


@pytest.mark.parametrize(
    "prompt",
    ["How do releases of the shop work?", "Explain to me how releases of the shop work"],
)
async def test_a_recall_does_not_begin_with_the_prompt_of_an_earlier_session(
    api: Api, prompt: str
) -> None:
    answer = "Releases of the shop go out through ship.sh, which needs a tag."
    await capture(api, turn("user", prompt), turn("assistant", answer))
    await capture(api, turn("user", prompt), run_id="given up")
    assert await recall(api) == [answer]
    assert prompt not in await recall(api, query=prompt)


async def test_older_clients_search_where_they_used_to(api: Api) -> None:
    await capture(api, turn("user", "We release the shop on Tuesdays and on Thursdays."))
    body = {"query": "releases of the shop", "filters": MINE}
    old = await api.ok("POST", "/v2/memories/search/", json=body)
    assert old == await api.ok("POST", "/v3/memories/search/", json=body)
    assert [hit["user_id"] for hit in old["results"]] == [USER]
