"""Runs in the clients' environment: what Mem0's open-source engine does on PostgreSQL, as JSON.

The engine is what its REST server puts behind its routes. Texts get made-up vectors, for no
sentence model is needed to see what is listed, counted and refused.
"""

from __future__ import annotations

import hashlib
import json
import logging
import random
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

SIZE = 32
ROWS = 1200


def vector(text: str) -> list[float]:
    seed = random.Random(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest())
    return [seed.uniform(-1, 1) for _ in range(SIZE)]


class Vectors:
    """In place of an embedding service."""

    def __init__(self, config: Any) -> None:
        self.config = config

    def embed(self, text: str, memory_action: str | None = None) -> list[float]:
        assert memory_action is None or memory_action
        return vector(text)


def outcome(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except Exception as error:
        return type(error).__name__


def main(folder: Path) -> None:
    pgserver, mem0 = import_module("pgserver"), import_module("mem0")
    server = pgserver.get_server(folder / "data")
    service = {"provider": "openai", "config": {"api_key": "none"}}
    store = {
        "connection_string": server.get_uri(),
        "collection_name": "memories",
        "embedding_model_dims": SIZE,
    }
    engine = mem0.Memory.from_config(
        {
            "vector_store": {"provider": "pgvector", "config": store},
            "embedder": service,
            "llm": service,
            "history_db_path": str(folder / "history.db"),
        }
    )
    engine.embedding_model = Vectors(engine.embedding_model.config)
    kept = {"role": "user", "created_at": "2026-01-01T00:00:00+00:00", "text_lemmatized": "x"}
    users = ["kim"] * ROWS + ["Kim Smith"] * 3
    engine.vector_store.insert(
        [vector(f"note {number}") for number in range(len(users))],
        [{"data": f"note {n}", "user_id": user, **kept} for n, user in enumerate(users)],
        [str(uuid4()) for _ in users],
    )

    def shown(user: str) -> int:
        everything = {"top_k": 5000, "threshold": 0, "show_expired": True}
        found = engine.search("memory", filters={"user_id": user}, **everything)
        return len(found["results"])

    def added(metadata: dict[str, Any], role: str = "user", user: str = "lee") -> Any:
        said = [{"role": role, "content": "added"}]
        return engine.add(said, user_id=user, infer=False, metadata=metadata)["results"]

    (first,) = added({"a": 1, "b": 2}, "assistant")
    engine.update(first["id"], metadata={"b": 3})
    facts = {
        "search kim": shown("kim"),
        "search *": shown("*"),
        "search blank": outcome(lambda: shown("Kim Smith")),
        "list blank": outcome(lambda: engine.get_all(filters={"user_id": "Kim Smith"})),
        "add blank": outcome(lambda: added({}, user="Kim Smith")),
        "add NUL": outcome(lambda: added({"a": "x\0y"})),
        "add 1e400": outcome(lambda: added({"a": float("inf")})),
        "add system": added({}, "system"),
        "merged": engine.get(first["id"])["metadata"],
        "role": engine.get(first["id"])["role"],
        "unknown": engine.get(str(uuid4())),
    }
    sys.stdout.write(json.dumps(facts) + "\n")
    server.cleanup()


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    main(Path(sys.argv[1]))
