"""The MCP tools: their names and schemas, lenient arguments, and results that hide errors."""

from __future__ import annotations

import json

import pytest

from mem0_tui.model.entity import EntityKind, EntityRef
from mem0_tui.model.errors import (
    AuthError,
    BackendError,
    InvalidRequestError,
    NotFoundError,
    ResponseError,
    ServerError,
)
from mem0_tui.wire.tools import (
    TOOLS,
    TOOLS_BY_NAME,
    AddMemory,
    OneMemory,
    ScopeArguments,
    SearchMemories,
    ToolResult,
    tool_failure,
    tool_result,
)


def test_all_tools_of_mem0s_servers_are_there() -> None:
    assert list(TOOLS_BY_NAME) == [
        "add_memory",
        "search_memories",
        "get_memories",
        "get_memory",
        "update_memory",
        "delete_memory",
        "delete_all_memories",
        "list_entities",
        "delete_entities",
        "list_events",
        "get_event_status",
    ]


def test_schemas_are_plain_json_schema() -> None:
    for tool in TOOLS:
        schema = tool.definition()["inputSchema"]
        assert schema["type"] == "object"
        assert schema["additionalProperties"] is True
        assert set(schema["required"]) <= set(schema["properties"])
        text = json.dumps(schema)
        assert '"null"' not in text
        assert '"title"' not in text
        assert all("description" in each for each in schema["properties"].values())
    search = TOOLS_BY_NAME["search_memories"].schema()
    assert search["required"] == ["query"]
    assert search["properties"]["top_k"]["type"] == "integer"
    assert TOOLS_BY_NAME["get_memory"].schema()["required"] == ["memory_id"]


def test_what_destroys_says_so() -> None:
    destroying = {tool.name for tool in TOOLS if tool.destroys}
    assert destroying == {
        "update_memory",
        "delete_memory",
        "delete_all_memories",
        "delete_entities",
    }
    assert not destroying & {tool.name for tool in TOOLS if tool.reads}


def test_what_only_reads_can_be_called_unasked() -> None:
    reading = {tool.name for tool in TOOLS if tool.definition()["annotations"]["readOnlyHint"]}
    assert reading == {
        "search_memories",
        "get_memories",
        "get_memory",
        "list_entities",
        "list_events",
        "get_event_status",
    }


def test_arguments_are_read_leniently() -> None:
    added = AddMemory.parse({"text": "x", "enable_graph": False, "user_id": "kim", "new": 1})
    assert [(turn.role, turn.content) for turn in added.turns] == [("user", "x")]
    assert added.entities == (EntityRef(EntityKind.USER, "kim"),)
    talk = {"messages": [{"role": "assistant", "content": "y"}], "text": "x"}
    assert AddMemory.parse(talk).turns[0].content == "y"
    assert OneMemory.parse({"id": "m"}).memory_id == "m"
    assert SearchMemories.parse({"query": "x", "limit": 3}).count == 3
    assert SearchMemories.parse({"query": "x"}).count == 10
    assert ScopeArguments.parse({}).entities == ()


@pytest.mark.parametrize("arguments", [{}, {"query": ""}, {"query": 3}, {"query": "x", "top_k": 0}])
def test_wrong_arguments_are_refused(arguments: dict[str, object]) -> None:
    with pytest.raises(InvalidRequestError):
        SearchMemories.parse(arguments)


def test_nothing_to_remember_is_refused() -> None:
    with pytest.raises(InvalidRequestError, match="blank"):
        _ = AddMemory.parse({"text": " "}).turns


def test_a_result_comes_back_as_it_was() -> None:
    value = {"results": [{"id": "m", "memory": "ü\x1b"}]}
    result = tool_result(value)
    assert ToolResult.read(result).value() == value
    assert result["structuredContent"] == value


@pytest.mark.parametrize(
    ("result", "kind"),
    [
        (tool_result({"error": "Memory not found!", "status": None}), NotFoundError),
        (tool_result({"error": "out of disk", "status": None}), ServerError),
        (tool_failure("Error executing tool x: Error: Invalid API key"), AuthError),
        (tool_failure("boom"), ServerError),
        ({"content": [{"type": "text", "text": "fine, thanks"}]}, ResponseError),
        ({"content": []}, ResponseError),
    ],
)
def test_a_failure_is_found_also_in_what_calls_itself_a_success(
    result: dict[str, object], kind: type[BackendError]
) -> None:
    with pytest.raises(kind):
        ToolResult.read(result).value()


def test_an_event_that_failed_is_still_an_event() -> None:
    value = {"id": "e", "status": "FAILED", "error": "out of disk"}
    assert ToolResult.read(tool_result(value)).value() == value
