#!/usr/bin/env bash
# mem0ai 2.2.1 (PyPI): an id of "*" is no name, and what it deletes depends on the vector store.
#
# Memory.delete_all takes the ids of one user, agent or run. Ids are free text, and an id that
# consists of an asterisk is accepted like any other. On PostgreSQL with pgvector
# delete_all(user_id="*") deletes the memories of every user; those of an agent without a user stay.
# On qdrant, the default store, the same call deletes those too: the filter is gone altogether.
# The answer is "Memories deleted successfully!" both times.
#
# Seen on 2026-11-30, with one memory each of the users kim and lee and of the agent bot:
#   pgvector ['bot']
#   qdrant   []
#
# PostgreSQL comes as a wheel (pgserver); the texts get made-up vectors. Nothing leaves the machine.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet mem0ai==2.2.1 qdrant-client==1.20.0 pgserver==0.1.4 \
  psycopg==3.3.9 psycopg-binary==3.3.9 psycopg-pool==3.3.3

cat > "$work/left.py" << 'PY'
import logging
import random
import sys

import mem0

folder, provider = sys.argv[1:]
logging.disable(logging.CRITICAL)
store = {"collection_name": "memories", "embedding_model_dims": 8}
if provider == "pgvector":
    import pgserver

    server = pgserver.get_server(f"{folder}/postgres")
    store["connection_string"] = server.get_uri()
else:
    store["path"] = f"{folder}/qdrant"
service = {"provider": "openai", "config": {"api_key": "none"}}
engine = mem0.Memory.from_config(
    {
        "vector_store": {"provider": provider, "config": store},
        "embedder": service,
        "llm": service,
        "history_db_path": f"{folder}/history.db",
    }
)


class Vectors:
    config = engine.embedding_model.config

    def embed(self, text, memory_action=None):
        made = random.Random(text)
        return [made.uniform(-1, 1) for _ in range(8)]


engine.embedding_model = Vectors()
owners = [{"user_id": "kim"}, {"user_id": "lee"}, {"agent_id": "bot"}]
for owner in owners:
    engine.add([{"role": "user", "content": "a note"}], infer=False, **owner)
engine.delete_all(user_id="*")
print([*(name for owner in owners for name in owner.values() if engine.get_all(filters=owner)["results"])])
if provider == "pgvector":
    server.cleanup()
else:
    engine.vector_store.client.close()
PY

export HOME="$work" MEM0_TELEMETRY=False
for provider in pgvector qdrant; do
  mkdir "$work/$provider"
  printf '%s %s\n' "$provider" \
    "$("$work/venv/bin/python" "$work/left.py" "$work/$provider" "$provider" 2> /dev/null)"
done | tee "$work/seen"
printf '%s\n' "pgvector ['bot']" 'qdrant []' | diff - "$work/seen"
echo "as described: the asterisk deleted other owners' memories, and more of them on qdrant"
