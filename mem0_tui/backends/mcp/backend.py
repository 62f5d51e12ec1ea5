"""Any MCP server with Mem0's memory tools: the hosted one, ``mem0-mcp-server``, or our own.

No write is believed: each is read back. A scope delete carries one entity, and goes out only where
the server is known not to add its default user to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from mem0_tui.backends.mcp.reader import McpReader
from mem0_tui.backends.mcp.session import McpSession
from mem0_tui.backends.paging.backoff import Backoff
from mem0_tui.backends.paging.deletion import delete_each
from mem0_tui.backends.paging.readback import emptied, finished, read_back, unlisted
from mem0_tui.backends.paging.verify import (
    added_id,
    check_editable,
    kept,
    stale,
    unkept,
)
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import UNSET, Edit
from mem0_tui.model.clock import Clock
from mem0_tui.model.entity import EntityKind, EntityRef
from mem0_tui.model.errors import (
    InvalidRequestError,
    Mem0TuiError,
    NotFoundError,
    ServerError,
    UnsupportedError,
)
from mem0_tui.model.filter import belongs_to
from mem0_tui.model.memory import Draft, Event, JsonObject, Memory, storable_json
from mem0_tui.wire.platform import (
    NO_CATEGORY,
    Accepted,
    AddAnswer,
    EventRow,
)

_JOBS = Backoff.polling(120.0)
_ECHO = Backoff.polling(10.0)
_OURS = "mem0-tui"


class McpBackend(McpReader):
    """Implements :class:`~mem0_tui.backends.base.Backend` over Mem0's MCP tools."""

    def __init__(
        self,
        link: McpSession,
        *,
        clock: Clock | None = None,
        jobs: Backoff = _JOBS,
        echo: Backoff = _ECHO,
    ) -> None:
        """Begin to use a server; nothing is sent yet.

        Args:
            link: the way to it.
            clock: tells what has expired.
            jobs: how long to wait for the server's background jobs.
            echo: how long a finished write may take to show when read back.
        """
        super().__init__(link, clock=clock)
        self._jobs = jobs
        self._echo = echo

    async def add(self, draft: Draft) -> Memory:
        """Add *draft* verbatim; it needs a user, an agent or a run."""
        await self._check_addable(draft)
        answer = AddAnswer.read(await self.link.call("add_memory", self._addition(draft)))
        results: Sequence[JsonObject] = answer.results
        if not results and answer.event_id and (answer.status or "PENDING").upper() != "SUCCEEDED":
            results = await self._results_of(answer.event_id)
        found = await self._read_back(added_id(results), lambda memory: not unkept(draft, memory))
        return kept(draft, found)

    async def restore(self, memory: Memory) -> Memory:
        """Add *memory* once more, under a new id; what is lost is in the capabilities."""
        offer, draft = await self._offer(), Draft.again(memory)
        if not offer.takes("add_memory", "expiration_date"):
            draft = replace(draft, expires_on=None)
        if not offer.takes("add_memory", "immutable"):
            draft = replace(draft, immutable=False)
        if Capability.EDIT_CATEGORIES not in self.capabilities:
            draft = replace(draft, categories=())
        try:
            return await self.add(draft)
        except ServerError as error:
            if not draft.categories or NO_CATEGORY not in error.message:
                raise
        # The project's categories are others by now: new memories may not choose it, old ones may
        # still have it.
        added = await self.add(replace(draft, categories=()))
        if draft.immutable:
            return added
        return await self.update(added.id, Edit(categories=draft.categories))

    def restore_obstacle(self, memory: Memory) -> str:
        """Why the server would not take *memory* again; blank where it would."""
        owned = memory.scope.without(EntityKind.APP)
        return "" if owned else "over MCP a memory needs a user, an agent or a run"

    async def update(self, memory_id: str, edit: Edit, *, seen: str | None = None) -> Memory:
        """Change one memory; the comparison with *seen* comes just before, not at the server."""
        before = await self.get(memory_id)
        if changed := stale(before, seen):
            raise changed
        if not edit:
            return before
        check_editable(before)
        asked = await self._change(before, edit)
        await self.link.call("update_memory", asked, repeatable=True)
        wanted, filed = edit.applied_to(before), edit.categories is not None
        found = await self._read_back(
            memory_id, lambda memory: not unkept(wanted, memory, filed=filed)
        )
        return kept(wanted, found, filed=filed)

    async def delete(
        self, memory_ids: Sequence[str], *, seen: Mapping[str, str] | None = None
    ) -> Mapping[str, Mem0TuiError | None]:
        """Delete by id, one call each, and look for all of them afterwards."""
        listed: set[str] = set()

        async def read(ids: Sequence[str]) -> Mapping[str, Memory]:
            found, shown = await self._present(ids)
            listed.update(shown)
            return found

        async def send(memory_id: str) -> None:
            await self.link.call("delete_memory", {"memory_id": memory_id}, repeatable=True)

        async def left(memories: Sequence[Memory]) -> set[str]:
            return await self._left([memory.id for memory in memories], listed)

        return await delete_each(
            memory_ids,
            seen or {},
            read=read,
            send=send,
            left=left,
            backoff=self._echo,
            sleep=self.link.sleep,
        )

    async def delete_scope(self, entity: EntityRef) -> None:
        """Delete all memories of one entity and wait until none is listed any more."""
        checked = entity.checked()
        offer = await self._offer()
        self.capabilities.require(Capability.DELETE_SCOPE, self.name)
        if checked.kind is not EntityKind.USER and offer.name != _OURS:
            # Mem0's own server adds its default user to such a call, and the Platform may then
            # honour that one alone.
            raise UnsupportedError(
                f"{self.link.place} is not known to delete the memories of one {checked.kind} only",
                hint="delete them by id",
            )
        await self._send_scope("delete_all_memories", checked)

    async def delete_entity(self, entity: EntityRef) -> None:
        """Delete one entity with its memories and wait until neither is listed any more."""
        checked = entity.checked()
        await self._offer()
        self.capabilities.require(Capability.DELETE_ENTITY, self.name)
        await self._send_scope("delete_entities", checked)
        await unlisted(checked, self.entities, self._echo, self.link.sleep)

    async def feedback(self, memory_id: str, verdict: str | None, reason: str = "") -> None:
        """There is no tool for it."""
        del memory_id, verdict, reason
        self.capabilities.require(Capability.FEEDBACK, self.name)

    async def _check_addable(self, draft: Draft) -> None:
        offer = await self._offer()
        self.capabilities.require(Capability.ADD_VERBATIM, self.name)
        if not draft.scope.without(EntityKind.APP):
            # The server would add its default user to it.
            raise InvalidRequestError("a memory needs a user, an agent or a run over MCP")
        options = (
            ("expiration_date", draft.expires_on),
            ("immutable", draft.immutable),
            ("categories", draft.categories),
        )
        for name, given in options:
            if given and not offer.takes("add_memory", name):
                raise UnsupportedError(f"{self.link.place}: its add_memory takes no {name}")

    def _addition(self, draft: Draft) -> dict[str, Any]:
        asked: dict[str, Any] = {
            "text": draft.text,
            "infer": False,
            **draft.scope.ids(),
        }
        if draft.metadata:
            asked["metadata"] = draft.metadata
        if draft.expires_on is not None:
            asked["expiration_date"] = draft.expires_on.isoformat()
        if draft.created_at is not None and Capability.BACKDATE in self.capabilities:
            asked["timestamp"] = int(draft.created_at.timestamp() // 1)
        if draft.immutable:
            asked["immutable"] = True
        if draft.categories:
            asked["categories"] = list(draft.categories)
        storable: dict[str, Any] = storable_json(asked)
        return storable

    async def _change(self, before: Memory, edit: Edit) -> dict[str, Any]:
        """The arguments that make *edit*.

        Raises:
            UnsupportedError: the server's tool does not take them.
        """
        offer = await self._offer()
        if edit.scope is not None:
            self.capabilities.require(Capability.EDIT_SCOPE, self.name)
        asked: dict[str, Any] = {"memory_id": before.id}
        if edit.text is not None or offer.requires("update_memory", "text"):
            asked["text"] = before.text if edit.text is None else edit.text
        if edit.metadata is not None:
            self.capabilities.require(Capability.EDIT_METADATA, self.name)
            asked["metadata"] = edit.metadata
        if edit.expires_on is not UNSET:
            self.capabilities.require(Capability.EDIT_EXPIRY, self.name)
            asked["expiration_date"] = edit.expires_on.isoformat() if edit.expires_on else None
        if edit.categories is not None:
            self.capabilities.require(Capability.EDIT_CATEGORIES, self.name)
            asked["categories"] = list(edit.categories)
        storable: dict[str, Any] = storable_json(asked)
        return storable

    async def _send_scope(self, tool: str, entity: EntityRef) -> None:
        asked = {entity.kind.id_field: entity.id}
        accepted = Accepted.read(await self.link.call(tool, asked, repeatable=True))
        if accepted.event_id:
            await self._results_of(accepted.event_id)

        async def empty() -> bool:
            page = await self.list(belongs_to(entity), limit=1, include_expired=True)
            return not page.items and page.next is None

        async def left() -> int:
            return len(await self._listing(belongs_to(entity), include_expired=True).all())

        await emptied(entity, empty, left, self._echo, self.link.sleep)

    async def _read_back(self, memory_id: str, done: Callable[[Memory], bool]) -> Memory:
        return await read_back(memory_id, self._maybe, done, self._echo, self.link.sleep)

    async def _results_of(self, event_id: str) -> Sequence[JsonObject]:
        """What a background job came to; nothing where the server has no tool to ask.

        Raises:
            ServerError: the job failed, or is not finished within the time that it is given.
        """
        if "get_event_status" not in (await self._offer()).tools:
            return ()

        async def look() -> Event | None:
            try:
                asked = {"event_id": event_id}
                value = await self.link.call("get_event_status", asked, repeatable=True)
            except NotFoundError:
                return None
            return EventRow.read(value).to_event()

        event = await finished(look, self._jobs, self.link.sleep)
        return event.results if event is not None else ()
