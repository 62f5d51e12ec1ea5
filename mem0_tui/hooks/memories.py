"""The few calls of Mem0's REST interface that hooks make.

Every read and write names the user and the app; nothing is ever deleted.
"""

from __future__ import annotations

import os

from mem0_tui.hooks.exchange import ExchangeError, exchange
from mem0_tui.hooks.identity import HookIdentity
from mem0_tui.hooks.places import is_on
from mem0_tui.hooks.server import MemoryServer

MASK = "X-Mem0-Tui-Mask"
"""The header by which our own server is asked to mask secrets; others do not know it."""


class RecalledMemory:
    """One memory as far as a hook needs it."""

    __slots__ = ("day", "id", "kind", "session", "text")

    def __init__(self, given: dict[str, object]) -> None:
        self.id = _text(given.get("id"))
        self.text = _text(given.get("memory"))
        metadata = given.get("metadata")
        tagged = metadata if isinstance(metadata, dict) else {}
        self.kind = _text(tagged.get("type"))
        """Its ``metadata.type``, empty where it has none."""
        self.session = _text(tagged.get("session_id"))
        """The session that it is a note of."""
        self.day = _text(given.get("created_at"))[:10]


class RecalledMemories:
    """The memories of one user and app on one server, until *deadline*."""

    def __init__(self, server: MemoryServer, identity: HookIdentity, deadline: float) -> None:
        self._server = server
        self._identity = identity
        self._deadline = deadline

    def newest(self, kinds: tuple[str, ...], count: int) -> list[RecalledMemory]:
        """The newest memories whose type is one of *kinds*."""
        either = [_typed(kind) for kind in kinds]
        filters = self._filters(either[0] if len(either) == 1 else {"OR": either})
        path = f"/v3/memories/?page=1&page_size={count}"
        return self._given(path, {"filters": filters})[:count]

    def similar(self, query: str, count: int, threshold: float) -> list[RecalledMemory]:
        """The memories that come closest to *query*, the closest first."""
        body = {
            "query": query,
            "filters": self._filters(),
            "top_k": count,
            "threshold": threshold,
            "rerank": False,
        }
        return self._given("/v3/memories/search/", body)[:count]

    def of_session(self, kind: str, session: str) -> RecalledMemory | None:
        """The memory of the type *kind* that belongs to *session*."""
        filters = self._filters(_typed(kind), {"metadata": {"session_id": session}})
        found = self._read("/v3/memories/?page=1&page_size=1", {"filters": filters})
        return found[0] if found else None

    def get(self, id: str) -> RecalledMemory | None:
        """The memory *id*, None where it was deleted."""
        status, answer = self._call("GET", f"/v1/memories/{id}/", None)
        if status == 404:
            return None
        if status >= 300 or not isinstance(answer, dict):
            raise ExchangeError(f"reading a memory was answered with {status}")
        return RecalledMemory(answer)

    def add(self, text: str, metadata: dict[str, object], expires: str) -> str:
        """Store *text* word for word and return its id, empty where the server does not say."""
        body = {
            "messages": [{"role": "user", "content": text}],
            "user_id": self._identity.user,
            "app_id": self._identity.app,
            "metadata": metadata,
            "infer": False,
            "expiration_date": expires,
        }
        answer = self._done("POST", "/v3/memories/add/", body)
        results = answer.get("results") if isinstance(answer, dict) else None
        first = results[0] if isinstance(results, list) and results else None
        return _text(first.get("id")) if isinstance(first, dict) else ""

    def update(self, id: str, text: str, metadata: dict[str, object], expires: str) -> None:
        """Put *text* and *metadata* in the place of what the memory *id* holds."""
        body = {"text": text, "metadata": metadata, "expiration_date": expires}
        self._done("PUT", f"/v1/memories/{id}/", body)

    def _filters(self, *clauses: dict[str, object]) -> dict[str, object]:
        own = [{"user_id": self._identity.user}, {"app_id": self._identity.app}]
        return {"AND": [*own, *clauses]}

    def _given(self, path: str, body: object) -> list[RecalledMemory]:
        """What the model may be given: with its secrets masked, unless a setting says otherwise.

        Our own server masks them, for which a hook would need a tenth of a second.
        """
        if not is_on("mask_recalled", dict(os.environ)):
            return self._read(path, body)
        answer = self._done("POST", path, body, MASK)
        found = self._rows(answer)
        if not (isinstance(answer, dict) and answer.get("masked") is True):
            from mem0_tui.model.secret import redact

            for memory in found:
                memory.text = redact(memory.text)
        return found

    def _read(self, path: str, body: object) -> list[RecalledMemory]:
        return self._rows(self._done("POST", path, body))

    def _rows(self, answer: object) -> list[RecalledMemory]:
        rows = answer.get("results") if isinstance(answer, dict) else answer
        if not isinstance(rows, list):
            raise ExchangeError("the answer is not a list of memories")
        found = [RecalledMemory(row) for row in rows if isinstance(row, dict)]
        return [memory for memory in found if memory.id and memory.text]

    def _done(self, method: str, path: str, body: object, asked: str = "") -> object:
        status, answer = self._call(method, path, body, asked)
        if status >= 300:
            reason = answer.get("detail") if isinstance(answer, dict) else None
            raise ExchangeError(f"{method} {path} was answered with {status}: {reason or ''}")
        return answer

    def _call(self, method: str, path: str, body: object, asked: str = "") -> tuple[int, object]:
        return exchange(self._server, method, path, body, self._deadline, asked)


def _typed(kind: str) -> dict[str, object]:
    return {"metadata": {"type": kind}}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
