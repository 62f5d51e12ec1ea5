"""Mem0's Platform, and every server that speaks its REST API.

No write is believed: each is read back. Scope calls carry one entity, never a wildcard; everything
else is deleted by id, because the Platform honours only one of several entities in one call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from mem0_tui.backends.http.address import segment
from mem0_tui.backends.http.client import HttpClient
from mem0_tui.backends.paging.backoff import Backoff, poll
from mem0_tui.backends.paging.listing import Listing
from mem0_tui.backends.paging.readback import emptied, finished, read_back, unlisted
from mem0_tui.backends.paging.verify import (
    added_id,
    check_editable,
    kept,
    stale,
    unkept,
)
from mem0_tui.backends.platform.reader import PlatformReader
from mem0_tui.model.capability import Capability
from mem0_tui.model.change import UNSET, Edit
from mem0_tui.model.clock import Clock
from mem0_tui.model.entity import EntityRef
from mem0_tui.model.errors import (
    BackendError,
    InvalidRequestError,
    Mem0TuiError,
    NotFoundError,
    ServerError,
)
from mem0_tui.model.filter import belongs_to
from mem0_tui.model.memory import Draft, Event, JsonObject, Memory
from mem0_tui.model.text import one_line
from mem0_tui.wire.platform import (
    MAX_BATCH,
    NO_CATEGORY,
    Accepted,
    AddAnswer,
    EventRow,
)

_JOBS = Backoff.polling(120.0)
_ECHO = Backoff.polling(10.0)


class PlatformBackend(PlatformReader):
    """Implements :class:`~mem0_tui.backends.base.Backend` over the Platform's REST API."""

    name = "platform"

    def __init__(
        self,
        http: HttpClient,
        *,
        clock: Clock | None = None,
        jobs: Backoff = _JOBS,
        echo: Backoff = _ECHO,
    ) -> None:
        """Begin to use a server; nothing is sent yet.

        Args:
            http: the way to it.
            clock: tells what has expired.
            jobs: how long to wait for the server's background jobs.
            echo: how long a finished write may take to show when read back.
        """
        super().__init__(http, clock=clock)
        self._jobs = jobs
        self._echo = echo

    async def add(self, draft: Draft) -> Memory:
        """Add *draft* verbatim; an exact repeat within its scope is refused by the Platform."""
        if draft.categories:
            await self._check_filing()
        answer = AddAnswer.read(
            await self.http.request("POST", "/v3/memories/add/", body=_add_body(draft))
        )
        results: Sequence[JsonObject] = answer.results
        if not results and answer.event_id and (answer.status or "PENDING").upper() != "SUCCEEDED":
            event = await self._finished(answer.event_id)
            results = event.results if event else ()
        found = await self._read_back(added_id(results), lambda memory: not unkept(draft, memory))
        return kept(draft, found)

    async def restore(self, memory: Memory) -> Memory:
        """Add *memory* once more, under a new id; what is lost is in the capabilities."""
        draft = Draft.again(memory)
        if not draft.categories or Capability.EDIT_CATEGORIES not in self.capabilities:
            return await self.add(replace(draft, categories=()))
        try:
            return await self.add(draft)
        except InvalidRequestError as error:
            if NO_CATEGORY not in error.message:
                raise
        # The project's categories are others by now: new memories may not choose it, old ones may
        # still have it.
        added = await self.add(replace(draft, categories=()))
        if draft.immutable:
            return added
        return await self.update(added.id, Edit(categories=draft.categories))

    async def update(self, memory_id: str, edit: Edit, *, seen: str | None = None) -> Memory:
        """Change one memory; the comparison with *seen* comes just before, not at the server."""
        before = await self.get(memory_id)
        if changed := stale(before, seen):
            raise changed
        if not edit:
            return before
        filed = edit.categories is not None
        if filed:
            await self._check_filing()
        if edit.scope is not None:
            if self._own is None:
                await self.info()
            self.capabilities.require(Capability.EDIT_SCOPE, self.name)
        check_editable(before)
        path = f"/v1/memories/{segment(memory_id)}/"
        await self.http.request("PUT", path, body=_edit_body(edit), repeatable=True)
        wanted = edit.applied_to(before)
        found = await self._read_back(
            memory_id, lambda memory: not unkept(wanted, memory, filed=filed)
        )
        return kept(wanted, found, filed=filed)

    async def delete(
        self, memory_ids: Sequence[str], *, seen: Mapping[str, str] | None = None
    ) -> Mapping[str, Mem0TuiError | None]:
        """Delete by id, in calls of at most 1,000, and look for each of them afterwards."""
        unique = list(dict.fromkeys(memory_ids))
        outcome: dict[str, Mem0TuiError | None] = {}
        for at in range(0, len(unique), MAX_BATCH):
            outcome |= await self._delete_batch(unique[at : at + MAX_BATCH], seen or {})
        return outcome

    async def delete_scope(self, entity: EntityRef) -> None:
        """Delete all memories of one entity and wait until none is listed any more."""
        checked = entity.checked()
        accepted = Accepted.read(
            await self.http.request(
                "DELETE",
                "/v1/memories/",
                params={checked.kind.id_field: checked.id},
                repeatable=True,
            )
        )
        await self._emptied(checked, accepted.event_id)

    async def delete_entity(self, entity: EntityRef) -> None:
        """Delete one entity with its memories and wait until neither is listed any more."""
        checked = entity.checked()
        path = f"/v2/entities/{checked.kind}/{segment(checked.id)}/"
        accepted = Accepted.read(await self.http.request("DELETE", path, repeatable=True))
        await self._emptied(checked, accepted.event_id)
        await unlisted(checked, self.entities, self._echo, self.http.sleep)

    async def feedback(self, memory_id: str, verdict: str | None, reason: str = "") -> None:
        """Rate a memory; it is looked up first, as the Platform fails on ids it does not know."""
        memory = await self.get(memory_id)
        body: dict[str, Any] = {"memory_id": memory.id, "feedback": verdict}
        if reason:
            body["feedback_reason"] = reason
        await self.http.request("POST", "/v1/feedback/", body=body, repeatable=True)

    async def _check_filing(self) -> None:
        """Do nothing if the server takes categories, which ours does.

        Raises:
            UnsupportedError: it assigns them itself.
        """
        if self._own is None:
            await self.info()
        self.capabilities.require(Capability.EDIT_CATEGORIES, self.name)

    async def _delete_batch(
        self, ids: Sequence[str], seen: Mapping[str, str]
    ) -> dict[str, Mem0TuiError | None]:
        before, listed = await self._present(ids)
        outcome: dict[str, Mem0TuiError | None] = {}
        doomed: list[str] = []
        for id_ in ids:
            if id_ not in before:
                outcome[id_] = NotFoundError(f"no memory {one_line(id_)}")
            elif changed := stale(before[id_], seen.get(id_)):
                outcome[id_] = changed
            else:
                doomed.append(id_)
        if not doomed:
            return outcome
        body = {"memories": [{"memory_id": id_} for id_ in doomed]}
        trouble: Mem0TuiError | None = None
        try:
            await self.http.request("DELETE", "/v1/batch/", body=body, repeatable=True)
        except BackendError as error:
            trouble = error
        try:
            left = await poll(
                lambda: self._left(doomed, listed),
                lambda left: not left,
                Backoff.polling(0.0) if trouble else self._echo,
                self.http.sleep,
            )
        except BackendError as error:
            return outcome | dict.fromkeys(doomed, trouble or error)
        for id_ in doomed:
            still = trouble or ServerError(f"memory {one_line(id_)} is still there")
            outcome[id_] = still if id_ in left else None
        return {id_: outcome[id_] for id_ in ids}

    async def _read_back(self, memory_id: str, done: Callable[[Memory], bool]) -> Memory:
        return await read_back(memory_id, self._maybe, done, self._echo, self.http.sleep)

    async def _finished(self, event_id: str) -> Event | None:
        """The event once it is finished; None where the server does not know it.

        Raises:
            ServerError: the job failed, or is not finished within the time that it is given.
        """

        async def look() -> Event | None:
            try:
                path = f"/v1/event/{segment(event_id)}/"
                return EventRow.read(await self.http.request("GET", path)).to_event()
            except NotFoundError:
                return None

        return await finished(look, self._jobs, self.http.sleep)

    async def _emptied(self, entity: EntityRef, event_id: str | None) -> None:
        event = await self._finished(event_id) if event_id else None

        def listing(limit: int | None = None) -> Listing:
            return self._listing(belongs_to(entity), limit=limit, include_expired=True)

        async def empty() -> bool:
            items, following = await listing(1).page(0, 1)
            return not items and following is None

        async def left() -> int:
            return len(await listing().all())

        backoff = self._jobs if event is None else self._echo
        await emptied(entity, empty, left, backoff, self.http.sleep)


def _add_body(draft: Draft) -> dict[str, Any]:
    body: dict[str, Any] = {
        "messages": [{"role": "user", "content": draft.text}],
        "infer": False,
        **draft.scope.ids(),
    }
    if draft.metadata:
        body["metadata"] = draft.metadata
    if draft.expires_on is not None:
        body["expiration_date"] = draft.expires_on.isoformat()
    if draft.created_at is not None:
        body["timestamp"] = int(draft.created_at.timestamp() // 1)
    if draft.immutable:
        body["immutable"] = True
    if draft.categories:
        body["categories"] = list(draft.categories)
    return body


def _edit_body(edit: Edit) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if edit.text is not None:
        body["text"] = edit.text
    if edit.metadata is not None:
        body["metadata"] = edit.metadata
    if edit.expires_on is not UNSET:
        body["expiration_date"] = edit.expires_on.isoformat() if edit.expires_on else None
    if edit.categories is not None:
        body["categories"] = list(edit.categories)
    if edit.scope is not None:
        body["scope"] = edit.scope.ids()
    return body
