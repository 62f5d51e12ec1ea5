"""The tools of Mem0's MCP servers: the nine that both have, and the two of the hosted one.

Arguments are read leniently, as Mem0's servers do: what is not known is ignored, and each name that
any of Mem0's servers, ports and skills uses for a parameter is understood.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from pydantic import AliasChoices, Field

from mem0_tui.model.entity import EntityKind, EntityRef
from mem0_tui.model.errors import (
    AuthError,
    BackendError,
    InvalidRequestError,
    NotFoundError,
    ResponseError,
    ServerError,
)
from mem0_tui.model.json_text import parse
from mem0_tui.model.text import one_line
from mem0_tui.wire.document import LooseFlag, LooseObjects, WireDocument
from mem0_tui.wire.platform import MAX_PAGE_SIZE, MAX_TOP_K

UserId = Annotated[str | None, Field(description="User that the memories belong to.")]
AgentId = Annotated[str | None, Field(description="Agent that the memories belong to.")]
AppId = Annotated[str | None, Field(description="App (project) that the memories belong to.")]
RunId = Annotated[str | None, Field(description="Run (session) that the memories belong to.")]
Filters = Annotated[
    dict[str, Any] | None,
    Field(
        description="Mem0's filter JSON, such as "
        '{"AND": [{"user_id": "kim"}, {"app_id": "shop"}, {"metadata": {"type": "decision"}}]}; '
        "where it names no user, agent, app or run, the default user is meant."
    ),
]
MemoryId = Annotated[
    str,
    Field(
        min_length=1,
        validation_alias=AliasChoices("memory_id", "id"),
        description="The memory's id, or its first eight characters if they are unique.",
    ),
]
Expiry = Annotated[
    str | None, Field(description="Last day before it expires, YYYY-MM-DD; null for none.")
]
Categories = Annotated[
    list[str] | None, Field(description="Categories of the memory; an empty list for none.")
]
ShowExpired = Annotated[
    bool | None, Field(description="Include expired memories (default: false).")
]
Fields = Annotated[
    list[str] | None, Field(description="Fields to return for each memory (default: all).")
]


class ScopeArguments(WireDocument):
    """Up to four entity ids."""

    user_id: UserId = None
    agent_id: AgentId = None
    app_id: AppId = None
    run_id: RunId = None

    @property
    def entities(self) -> tuple[EntityRef, ...]:
        """The entities that are named, users first."""
        named = ((kind, getattr(self, kind.id_field)) for kind in EntityKind)
        return tuple(EntityRef(kind, id_) for kind, id_ in named if id_ is not None)


class ToolMessage(WireDocument):
    """One turn of a conversation."""

    role: Literal["user", "assistant", "system"]
    content: str


class AddMemory(ScopeArguments):
    """Something to remember: a text, or the messages of a conversation, which win."""

    text: Annotated[str | None, Field(description="The text to remember.")] = None
    messages: Annotated[
        list[ToolMessage] | None, Field(description="A conversation, instead of text.")
    ] = None
    metadata: Annotated[
        dict[str, Any] | None, Field(description="Metadata to store with it, such as its type.")
    ] = None
    categories: Categories = None
    infer: Annotated[bool | None, Field(description="False stores the text as it is.")] = None
    expiration_date: Expiry = None
    timestamp: Annotated[
        float | None, Field(description="When it was created, in Unix seconds (default: now).")
    ] = None
    immutable: Annotated[bool | None, Field(description="True forbids later updates.")] = None

    @property
    def turns(self) -> list[ToolMessage]:
        """The messages to remember.

        Raises:
            InvalidRequestError: there is neither text nor a message.
        """
        if self.messages:
            return self.messages
        if not self.text or not self.text.strip():
            raise InvalidRequestError("give text, which must not be blank, or messages")
        return [ToolMessage(role="user", content=self.text)]


class SearchMemories(WireDocument):
    """A search."""

    query: Annotated[str, Field(min_length=1, description="What to look for, in words.")]
    filters: Filters = None
    top_k: Annotated[
        int | None, Field(ge=1, le=MAX_TOP_K, description="Number of results (default: 10).")
    ] = None
    limit: Annotated[int | None, Field(ge=1, le=MAX_TOP_K, description="The same as top_k.")] = None
    threshold: Annotated[
        float | None, Field(ge=0, le=1, description="Minimum score of a result (default: 0.1).")
    ] = None
    fields_: Annotated[Fields, Field(alias="fields")] = None
    show_expired: ShowExpired = None

    @property
    def count(self) -> int:
        """How many hits are wanted."""
        return self.top_k or self.limit or 10


class GetMemories(WireDocument):
    """A listing."""

    filters: Filters = None
    page: Annotated[int, Field(ge=1, description="Page, counted from 1.")] = 1
    page_size: Annotated[int, Field(ge=1, le=MAX_PAGE_SIZE, description="Memories per page.")] = 100
    fields_: Annotated[Fields, Field(alias="fields")] = None
    show_expired: ShowExpired = None


class OneMemory(WireDocument):
    """One memory by id."""

    memory_id: MemoryId


class UpdateMemory(OneMemory):
    """New values for one memory."""

    text: Annotated[str | None, Field(description="The new text.")] = None
    metadata: Annotated[
        dict[str, Any] | None, Field(description="The new metadata, which replaces the old.")
    ] = None
    categories: Categories = None
    expiration_date: Expiry = None
    source: Annotated[str | None, Field(description="Who makes the change.")] = None


class NoArguments(WireDocument):
    """No arguments."""


class ListEvents(WireDocument):
    """A page of jobs."""

    page: Annotated[int, Field(ge=1, description="Page, counted from 1.")] = 1
    page_size: Annotated[int, Field(ge=1, le=MAX_PAGE_SIZE, description="Jobs per page.")] = 50


class GetEventStatus(WireDocument):
    """One job by id."""

    event_id: Annotated[str, Field(min_length=1, description="The event's id.")]


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool: what it is called, what it takes, and what it does to memories."""

    name: str
    description: str
    arguments: type[WireDocument]
    required: tuple[str, ...] = ()
    reads: bool = False
    """Whether it changes nothing."""
    destroys: bool = False
    """Whether memories, or texts of memories, may be gone after it."""

    def schema(self) -> dict[str, Any]:
        """The arguments as JSON Schema; further arguments are allowed."""
        document = _plain(self.arguments.model_json_schema(by_alias=True))
        return {
            **{key: document[key] for key in ("type", "properties", "$defs") if key in document},
            "properties": document.get("properties", {}),
            "required": list(self.required),
            "additionalProperties": True,
        }

    def definition(self) -> dict[str, Any]:
        """The tool as ``tools/list`` shows it."""
        return {
            "name": self.name,
            "description": self.description,
            "inputSchema": self.schema(),
            "annotations": {
                "readOnlyHint": self.reads,
                "destructiveHint": self.destroys,
                # A text that is there already is not stored again, and what is gone stays gone.
                "idempotentHint": True,
                "openWorldHint": False,
            },
        }


TOOLS: Final = (
    Tool(
        "add_memory",
        "Remember something for later sessions: a text, or the messages of a conversation.",
        AddMemory,
    ),
    Tool("search_memories", "Find memories by meaning.", SearchMemories, ("query",), reads=True),
    Tool("get_memories", "List memories, newest first, page by page.", GetMemories, reads=True),
    Tool("get_memory", "Show one memory.", OneMemory, ("memory_id",), reads=True),
    Tool(
        "update_memory",
        "Change the text or the metadata of one memory.",
        UpdateMemory,
        ("memory_id",),
        destroys=True,
    ),
    Tool("delete_memory", "Delete one memory.", OneMemory, ("memory_id",), destroys=True),
    Tool(
        "delete_all_memories",
        "Delete all memories that have every one of the ids given; at least one is needed.",
        ScopeArguments,
        destroys=True,
    ),
    Tool("list_entities", "List users, agents, apps and runs.", NoArguments, reads=True),
    Tool(
        "delete_entities",
        "Delete one user, agent, app or run with all its memories; exactly one id is needed.",
        ScopeArguments,
        destroys=True,
    ),
    Tool("list_events", "List the latest jobs.", ListEvents, reads=True),
    Tool("get_event_status", "Show how far a job is.", GetEventStatus, ("event_id",), reads=True),
)
"""The nine tools of ``mem0-mcp-server`` and the two more of the hosted server."""

TOOLS_BY_NAME: Final = {tool.name: tool for tool in TOOLS}


class ToolResult(WireDocument):
    """What ``tools/call`` gives back."""

    content: LooseObjects = []
    isError: LooseFlag = False

    @property
    def text(self) -> str:
        """The text blocks, one after the other."""
        blocks = (block.get("text") for block in self.content if block.get("type") == "text")
        return "\n".join(block for block in blocks if isinstance(block, str))

    def value(self) -> Any:
        """The REST JSON that the text holds.

        Raises:
            BackendError: the call failed. ``mem0-mcp-server`` reports the REST interface's errors
                as successes with an ``error`` in them.
            ResponseError: the text is no JSON.
        """
        if self.isError:
            raise _failure(self.text)
        try:
            value = parse(self.text)
        except ValueError:
            raise ResponseError("the tool's answer is not JSON") from None
        error = value.get("error") if isinstance(value, dict) else None
        if isinstance(error, str) and error and "id" not in value:
            raise _failure(error)
        return value


def tool_result(value: Mapping[str, Any]) -> dict[str, Any]:
    """*value* as the result of a tool: its JSON as text, and as structured content."""
    text = json.dumps(value, ensure_ascii=False)
    return {
        "content": [{"type": "text", "text": text}],
        "structuredContent": dict(value),
        "isError": False,
    }


def tool_failure(message: str) -> dict[str, Any]:
    """*message* as the result of a tool that failed."""
    return {"content": [{"type": "text", "text": message}], "isError": True}


def _failure(text: str) -> BackendError:
    message = one_line(text)[:300] or "the tool failed"
    lowered = message.casefold()
    if "not found" in lowered:
        return NotFoundError(message)
    if "api key" in lowered or "authentication" in lowered or "unauthorized" in lowered:
        return AuthError(message)
    return ServerError(message)


def _plain(schema: Any) -> Any:
    """*schema* without the titles and nulls that pydantic adds for Python's sake."""
    if isinstance(schema, list):
        return [_plain(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {
        key: _plain(item)
        for key, item in schema.items()
        if not (key == "title" and isinstance(item, str)) and not (key == "default" and not item)
    }
    choices = kept.get("anyOf")
    if isinstance(choices, list):
        real = [choice for choice in choices if choice != {"type": "null"}]
        if len(real) == 1:
            del kept["anyOf"]
            kept = {**real[0], **kept}
    return kept
