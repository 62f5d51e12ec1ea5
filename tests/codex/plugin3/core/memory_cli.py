"""The command that the plugin's skills have the model run."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable

from tests.codex.plugin3.core.evidence import Evidence, now
from tests.codex.plugin3.core.memory_core import Api, Memory, data_folder, filters
from tests.codex.plugin3.core.repository import Repository, look, user_of


def status(repository: Repository, evidence: Evidence) -> dict[str, object]:
    def count(table: str) -> int:
        statement = f"SELECT count(*) FROM {table} WHERE repo_id = ?"
        return int(evidence.rows(statement, repository.identity)[0][0])

    return {
        "paused": evidence.paused,
        "events": count("events"),
        "flushes": count("flushes"),
        "retrievals": count("retrievals"),
        "subagent_runs": count("sidekick_runs"),
        "last_operation": None,
        "last_subagent": None,
        "repo_id": repository.identity,
        "app_id": repository.app,
        "project_id": repository.lane,
        "directory": repository.directory,
        "user_id": user_of(os.environ),
        "data_dir": str(evidence.folder),
        "api_key_configured": bool(Api(os.environ).key),
    }


def doctor(repository: Repository) -> int:
    """Whether Mem0 takes the key, as a search shows it."""
    body = {
        "query": "status",
        "filters": filters(repository, os.environ, scope="mine"),
        "top_k": 1,
        "threshold": 1.0,
        "rerank": False,
    }
    try:
        Api(os.environ).send("POST", "/v3/memories/search/", body, wait=5)
    except OSError as error:
        sys.stdout.write(f"FAIL mem0_authentication {error}\n")
        return 1
    sys.stdout.write("PASS mem0_authentication\n")
    return 0


def forget(repository: Repository, evidence: Evidence, *, remote: bool, shared: bool) -> int:
    """Delete the repository's memories: here, at Mem0, and those of the project too."""
    evidence.forget(repository)
    if not remote:
        return 0
    lanes: list[dict[str, str]] = [{"user_id": user_of(os.environ)}]
    if shared:
        lanes += [{"agent_id": lane} for lane in repository.lanes]
    api = Api(os.environ)
    try:
        found = [memory for lane in lanes for memory in api.listed(lane, _of(repository.app))]
        for memory_id in dict.fromkeys(str(memory["id"]) for memory in found):
            api.delete(memory_id)
    except (OSError, LookupError, ValueError) as error:
        sys.stderr.write(f"Mem0 could not be asked: {error}\n")
        return 1
    sys.stdout.write(f"{len(found)} memories deleted\n")
    return 0


def _of(app: str) -> Callable[[Memory], bool]:
    def belongs(memory: Memory) -> bool:
        name = str(memory.get("app_id") or "")
        return name == app or name.startswith(f"{app}/")

    return belongs


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("action", choices=("status", "doctor", "pause", "resume", "forget"))
    for name in ("json", "remote", "yes", "include-project-memory"):
        parser.add_argument(f"--{name}", action="store_true")
    parser.add_argument("--plugin-data-dir", default="")
    given = parser.parse_args()
    if given.plugin_data_dir:
        os.environ["MEM0_PLUGIN_DATA_DIR"] = given.plugin_data_dir
    repository, evidence = look(os.getcwd(), os.environ), Evidence(data_folder(os.environ))
    if given.action == "status":
        sys.stdout.write(json.dumps(status(repository, evidence)) + "\n")
        return 0
    if given.action == "doctor":
        return doctor(repository)
    if given.action in ("pause", "resume"):
        value = "true" if given.action == "pause" else "false"
        evidence.put("settings", key="paused", value=value, updated_at=now())
        return 0
    if not given.yes:
        sys.stderr.write("Say --yes to forget.\n")
        return 2
    shared = given.include_project_memory
    return forget(repository, evidence, remote=given.remote, shared=shared)


if __name__ == "__main__":
    raise SystemExit(main())
