"""The application over a real store, asked without a network between."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mem0_tui.backends.local import LocalBackend
from mem0_tui.server.auth import Access
from mem0_tui.server.rest.routes import platform_app
from mem0_tui.server.service import Service
from mem0_tui.store.store import MemoryStore, open_store


class Api:
    """A client of the application, with the store behind it at hand."""

    def __init__(self, client: httpx.AsyncClient, store: MemoryStore) -> None:
        self.client = client
        self.store = store

    async def add(self, *texts: str, user: str = "kim", **options: Any) -> list[dict[str, Any]]:
        """Add *texts* verbatim; the results of the add."""
        messages = [{"role": "user", "content": text} for text in texts]
        body = {"messages": messages, "user_id": user, "infer": False, **options}
        answer = await self.ok("POST", "/v3/memories/add/", json=body)
        results: list[dict[str, Any]] = answer["results"]
        return results

    async def texts(self, **filters: Any) -> list[str]:
        """The texts that a list with *filters* answers."""
        body = {"filters": filters or {"user_id": "kim"}}
        answer = await self.ok("POST", "/v3/memories/", json=body)
        return [row["memory"] for row in answer["results"]]

    async def ok(self, method: str, path: str, **options: Any) -> Any:
        """The JSON of an answer that is 2xx."""
        answer = await self.client.request(method, path, **options)
        assert answer.is_success, answer.text
        return answer.json()

    async def refused(self, method: str, path: str, **options: Any) -> tuple[int, str]:
        """Status and text of an answer that is 4xx, in both of its spellings."""
        answer = await self.client.request(method, path, **options)
        assert answer.is_client_error, answer.text
        body = answer.json()
        assert body["detail"] == body["error"]
        return answer.status_code, body["detail"]


@pytest.fixture
def store_path(tmp_path: Path) -> Path:
    """Where the store is."""
    return tmp_path / "memories.db"


@pytest.fixture
async def api(store_path: Path) -> AsyncIterator[Api]:
    """A client of an application over an empty store."""
    store = open_store(store_path, durable=False)
    app = platform_app(Service(LocalBackend(store)), Access(None))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8765") as client:
        yield Api(client, store)
    store.close()
