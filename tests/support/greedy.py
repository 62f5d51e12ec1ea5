"""A server that deletes more than it was told to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mem0_tui.model.capability import Capability
from mem0_tui.model.entity import EntityRef, Scope
from mem0_tui.model.errors import Mem0TuiError
from tests.support.memories import memory, uuid_of
from tests.support.memory_backend import REMOTE, MemoryBackend

LEE = Scope(user_id="lee")


class Greedy(MemoryBackend):
    """Takes, with each delete, one more memory that it was not told to."""

    def __init__(
        self,
        count: int,
        takes: Sequence[int],
        *,
        page_size: int = 50,
        batch_size: int = 100,
        can: frozenset[Capability] = REMOTE,
    ) -> None:
        memories = [memory(number, f"text {number}") for number in range(1, count)]
        super().__init__(
            [*memories, memory(950, "of lee", scope=LEE)],
            can=can,
            page_size=page_size,
            batch_size=batch_size,
        )
        self.takes = list(takes)

    async def delete(
        self, memory_ids: Sequence[str], *, seen: Mapping[str, str] | None = None
    ) -> Mapping[str, Mem0TuiError | None]:
        answers = await super().delete(memory_ids, seen=seen)
        self.take_more()
        return answers

    async def delete_scope(self, entity: EntityRef) -> None:
        await super().delete_scope(entity)
        self.take_more()

    def take_more(self) -> None:
        for number in self.takes:
            self.memories.pop(uuid_of(number), None)
        self.takes.clear()


class KilledError(BaseException):
    """The process ends here."""


def killed_after(backend: Greedy, call: str, moment: str) -> None:
    """End the process after the write *call*: at once, or at the first look that follows it."""
    listing = backend.list

    async def look(*_: object, **__: object) -> object:
        backend.list = listing  # type: ignore[method-assign]
        raise KilledError

    def after(name: str) -> None:
        if name != call:
            return
        backend.after_call = lambda _: None
        backend.take_more()
        if moment == "at once":
            raise KilledError
        backend.list = look  # type: ignore[method-assign, assignment]

    backend.after_call = after


def texts(backend: MemoryBackend) -> set[str]:
    return {each.text for each in backend.memories.values()}
