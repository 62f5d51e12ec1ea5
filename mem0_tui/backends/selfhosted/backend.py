"""Mem0's open-source REST server.

It drops ``app_id`` from every request without a word, so none is ever sent: a memory's app lives in
``metadata.app_id``, is shown as its app, and conditions on it are evaluated here. It has no pages;
:mod:`mem0_tui.backends.selfhosted.enumeration` says how all memories are read nevertheless.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mem0_tui.backends.capabilities import SELFHOSTED
from mem0_tui.backends.http.address import segment
from mem0_tui.backends.http.client import Credential, HttpClient
from mem0_tui.backends.paging.backoff import Backoff
from mem0_tui.backends.paging.deletion import delete_each
from mem0_tui.backends.paging.readback import emptied
from mem0_tui.backends.paging.verify import kept, stale
from mem0_tui.backends.selfhosted.enumeration import has_blank
from mem0_tui.backends.selfhosted.reader import SelfHostedReader
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import UNSET, Edit
from mem0_tui.model.clock import Clock
from mem0_tui.model.entity import EntityKind, EntityRef, Scope
from mem0_tui.model.errors import (
    InvalidRequestError,
    Mem0TuiError,
    ServerError,
    UnsupportedError,
)
from mem0_tui.model.filter import belongs_to
from mem0_tui.model.memory import Draft, Event, Memory
from mem0_tui.model.text import one_line
from mem0_tui.wire.selfhosted import (
    Added,
    add_to_wire,
    metadata_to_wire,
    reserved_keys,
    role_of,
    unstorable,
)

_ECHO = Backoff.polling(5.0)
_MANY = 5
"""Memories of one owner that are looked for by a listing instead of one by one."""


def credential(key: str) -> Credential:
    """How this server wants *key*: sessions (JWT) as a bearer, keys in ``X-API-Key``."""
    is_session = key.startswith("eyJ") and key.count(".") == 2
    return Credential.bearer(key) if is_session else Credential.api_key(key)


class SelfHostedBackend(SelfHostedReader):
    """Implements :class:`~mem0_tui.backends.base.Backend` over the open-source REST API."""

    name = "selfhosted"
    capabilities = SELFHOSTED

    def __init__(
        self, http: HttpClient, *, clock: Clock | None = None, echo: Backoff = _ECHO
    ) -> None:
        """Begin to use a server; nothing is sent yet. *echo* is how long a write may take to show
        when read back."""
        super().__init__(http, clock=clock)
        self._echo = echo

    async def add(self, draft: Draft) -> Memory:
        """Add *draft* verbatim; it needs a user, an agent or a run."""
        return await self._add(draft)

    async def _add(self, draft: Draft, role: str = "user") -> Memory:
        if not draft.scope.without(EntityKind.APP):
            raise InvalidRequestError(
                "a memory needs a user, an agent or a run on a self-hosted server"
            )
        _check_metadata(draft.metadata)
        if draft.immutable:
            raise UnsupportedError("a self-hosted server has no immutable memories")
        if draft.categories:
            self.capabilities.require(Capability.EDIT_CATEGORIES, self.name)
        answer = await self._write("POST", "/memories", add_to_wire(draft, role))
        ids = [row["id"] for row in Added.read(answer).results if isinstance(row.get("id"), str)]
        if not ids:
            raise ServerError("the server added nothing")
        return kept(draft, await self.get(ids[0]))

    async def restore(self, memory: Memory) -> Memory:
        """Add *memory* once more, under a new id; what is lost is in the capabilities."""
        again = Draft.again(memory)
        draft = Draft(again.text, again.scope, again.metadata, again.expires_on, again.created_at)
        return await self._add(draft, role_of(memory.raw))

    def restore_obstacle(self, memory: Memory) -> str:
        """Why the server would not take *memory* again; blank where it would."""
        owners = memory.scope.without(EntityKind.APP)
        if not owners:
            return "a self-hosted server takes no memory without a user, an agent or a run"
        if any(char.isspace() for entity in owners for char in entity.id):
            return "a self-hosted server takes no id that contains a blank"
        if taken := reserved_keys(memory.metadata):
            return f"a self-hosted server keeps the metadata {', '.join(taken)} for itself"
        return ""

    def moves_in_place(self, memory: Memory, scope: Scope) -> bool:
        """Whether only the app is another one; it is metadata here, which cannot be taken away."""
        kept = memory.scope.without(EntityKind.APP) == scope.without(EntityKind.APP)
        return kept and scope.app_id is not None

    async def update(self, memory_id: str, edit: Edit, *, seen: str | None = None) -> Memory:
        """Change one memory; metadata keys can be added and changed, not taken away."""
        before = await self.get(memory_id)
        if changed := stale(before, seen):
            raise changed
        if not edit:
            return before
        if edit.categories is not None:
            self.capabilities.require(Capability.EDIT_CATEGORIES, self.name)
        if edit.scope is not None and not self.moves_in_place(before, edit.scope):
            self.capabilities.require(Capability.EDIT_SCOPE, self.name)
        body: dict[str, Any] = {}
        if edit.text is not None:
            body["text"] = edit.text
        if edit.metadata is not None:
            removed = sorted(set(before.metadata) - set(edit.metadata))
            if removed:
                self.capabilities.require(
                    Capability.REMOVE_METADATA, f"selfhosted ({one_line(', '.join(removed))})"
                )
            _check_metadata(edit.metadata)
        wanted = edit.applied_to(before)
        if edit.metadata is not None or edit.scope is not None:
            body["metadata"] = metadata_to_wire(wanted.metadata, wanted.scope)
        if edit.expires_on is not UNSET:
            body["expiration_date"] = edit.expires_on.isoformat() if edit.expires_on else None
        path = f"/memories/{segment(memory_id)}"
        await self._write("PUT", path, body, repeatable=True)
        return kept(wanted, await self.get(memory_id))

    async def delete(
        self, memory_ids: Sequence[str], *, seen: Mapping[str, str] | None = None
    ) -> Mapping[str, Mem0TuiError | None]:
        """Delete by id, one call each, and look for all of them afterwards."""

        async def send(memory_id: str) -> None:
            await self.http.request("DELETE", f"/memories/{segment(memory_id)}", repeatable=True)

        return await delete_each(
            memory_ids,
            seen or {},
            read=self.get_many,
            send=send,
            left=self._left,
            backoff=self._echo,
            sleep=self.http.sleep,
        )

    async def delete_scope(self, entity: EntityRef) -> None:
        """Delete all memories of one user, agent or run, whatever their app."""
        checked = self._deletable(entity, Capability.DELETE_SCOPE)
        params = {checked.kind.id_field: checked.id}
        await self.http.request("DELETE", "/memories", params=params, repeatable=True)
        await self._emptied(checked)

    async def delete_entity(self, entity: EntityRef) -> None:
        """Delete one user, agent or run: on this server it is nothing beyond its memories."""
        checked = self._deletable(entity, Capability.DELETE_ENTITY)
        path = f"/entities/{checked.kind}/{segment(checked.id)}"
        await self.http.request("DELETE", path, repeatable=True)
        await self._emptied(checked)

    async def events(self, *, limit: int = 50) -> tuple[Event, ...]:
        """This server keeps none."""
        self.capabilities.require(Capability.EVENTS, self.name)
        return ()[:limit]

    async def feedback(self, memory_id: str, verdict: str | None, reason: str = "") -> None:
        """This server takes none."""
        del memory_id, verdict, reason
        self.capabilities.require(Capability.FEEDBACK, self.name)

    async def _write(
        self, method: str, path: str, body: Mapping[str, Any], *, repeatable: bool = False
    ) -> Any:
        """Send what is to be stored.

        Raises:
            InvalidRequestError: the server's database does not take it.
        """
        try:
            return await self.http.request(method, path, body=body, repeatable=repeatable)
        except ServerError as error:
            odd = unstorable(body)
            if odd is None:
                raise
            what = one_line(odd).replace("messages.content", "text")
            raise InvalidRequestError(
                f"{error.message}: PostgreSQL cannot store {what}",
                hint="take it out and try again",
            ) from None

    async def _left(self, memories: Sequence[Memory]) -> set[str]:
        """Which of *memories* are still there: many of one owner by one listing, if that shows all
        of the owner's, the others one by one."""
        by_owner: dict[EntityRef, set[str]] = {}
        for memory in memories:
            owner = next(iter(memory.scope.without(EntityKind.APP)), None)
            if owner is not None and not has_blank(owner.id):
                by_owner.setdefault(owner, set()).add(memory.id)
        left: set[str] = set()
        alone = {memory.id for memory in memories}
        for owner, ids in by_owner.items():
            if len(ids) < _MANY:
                continue
            listed = await self._enumeration.listed({owner.kind.id_field: owner.id})
            if listed.whole:
                left |= ids & {row["id"] for row in listed.rows}
                alone -= ids
        return left | (await self.get_many(sorted(alone))).keys()

    def _deletable(self, entity: EntityRef, capability: Capability) -> EntityRef:
        checked = entity.checked()
        if checked.kind is EntityKind.APP:
            raise UnsupportedError(
                f"selfhosted cannot {capability.value} of the kind app",
                hint="delete its memories by id: the server ignores app_id and would take "
                "the memories of other apps too",
            )
        return checked

    async def _emptied(self, entity: EntityRef) -> None:
        async def left() -> int:
            page = await self.list(belongs_to(entity), include_expired=True, limit=1)
            return len(page.items) if page.total is None else page.total

        async def empty() -> bool:
            return not await left()

        await emptied(entity, empty, left, self._echo, self.http.sleep)


def _check_metadata(metadata: Mapping[str, object]) -> None:
    taken = reserved_keys(metadata)
    if taken:
        raise UnsupportedError(
            f"a self-hosted server keeps {', '.join(taken)} for itself", hint="rename the key"
        )
