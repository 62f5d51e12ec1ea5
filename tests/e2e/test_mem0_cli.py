"""``mem0-cli`` of PyPI and ``@mem0/cli`` of npm as published: every command that has a counterpart
here, with what it prints."""

from __future__ import annotations

import json
import uuid
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.clients import Cli

pytestmark = [pytest.mark.clients, pytest.mark.slow]

FACT = "The billing worker retries three times, then parks the job"


@pytest.fixture
def user() -> str:
    """A user of this test only."""
    return f"kim-{uuid.uuid4().hex[:8]}"


def add(cli: Cli, user: str, text: str = FACT, *options: str) -> str:
    """Add *text* verbatim; the id of what was stored."""
    [result] = results(cli.json("add", text, "-u", user, "--no-infer", *options))
    assert result["event"] == "ADD"
    added: str = result["id"]
    return added


def results(answer: Any) -> list[dict[str, Any]]:
    """The results of a command, whose JSON is a list or has one."""
    found = answer if isinstance(answer, list) else answer.get("results", answer.get("data"))
    assert isinstance(found, list), answer
    return found


def texts(cli: Cli, user: str, *options: str) -> list[str]:
    """The texts that ``mem0 list`` shows of *user*."""
    return [row["memory"] for row in results(cli.json("list", "-u", user, *options))]


def test_status_and_init_are_content_with_ping(cli: Cli) -> None:
    assert "Connected" in cli.run("status")
    said = cli.run("init", "--api-key", cli.key, "--user-id", "kim", "--force")
    assert cli.key not in said
    config = json.loads((cli.home / ".mem0" / "config.json").read_text())
    assert config["platform"]["user_email"] == "local@localhost"


def test_a_wrong_key_is_an_authentication_failure(cli: Cli) -> None:
    with closing(type(cli)(cli.binaries, cli.home, cli.url, "m0-wrong")) as wrong:
        assert "Invalid or expired API key" in wrong.run("list", "-u", "kim", ok=False)


def test_a_memory_from_add_to_delete(cli: Cli, user: str) -> None:
    memory_id = add(
        cli, user, FACT, "--metadata", '{"type": "decision"}', "--app-id", "shop",
        "--expires", "2099-12-31",
    )  # fmt: skip
    memory = cli.json("get", memory_id)
    assert (memory["memory"], memory["app_id"]) == (FACT, "shop")
    assert memory["metadata"] == {"type": "decision"}
    assert memory["expiration_date"] == "2099-12-31"
    assert FACT in cli.run("get", memory_id)

    updated = cli.json("update", memory_id, "It retries five times", "--metadata", '{"n": 5}')
    assert (updated["id"], updated["memory"]) == (memory_id, "It retries five times")
    assert cli.json("get", memory_id)["metadata"] == {"n": 5}

    cli.run("delete", memory_id, "--dry-run")
    assert texts(cli, user) == ["It retries five times"]
    cli.run("delete", memory_id, "--force")
    assert texts(cli, user) == []
    assert "not found" in cli.run("get", memory_id, ok=False).casefold()


def test_messages_come_from_options_files_and_stdin(cli: Cli, user: str, tmp_path: Path) -> None:
    messages = [
        {"role": "user", "content": "We use Postgres 17 since May"},
        {"role": "assistant", "content": "Noted: Postgres 17"},
    ]
    cli.run("add", "--messages", json.dumps(messages), "-u", user)
    assert texts(cli, user) == ["We use Postgres 17 since May"], "one of an exchange"
    file = tmp_path / "messages.json"
    file.write_text(json.dumps([{"role": "user", "content": "From a file"}]))
    cli.run("add", "--file", str(file), "-u", user)
    cli.run("add", "-u", user, stdin="From a pipe")
    assert texts(cli, user)[:2] == ["From a pipe", "From a file"]


def test_list_pages_filters_and_says_nothing_it_does_not_have(cli: Cli, user: str) -> None:
    for number in range(5):
        add(cli, user, f"fact {number}")
    expired = {"messages": [{"role": "user", "content": "an expired fact"}], "user_id": user}
    httpx.post(
        f"{cli.url}/v3/memories/add/",
        headers={"Authorization": f"Token {cli.key}"},
        json={**expired, "infer": False, "expiration_date": "2020-01-01"},
        timeout=60,
    ).raise_for_status()
    assert texts(cli, user) == [f"fact {number}" for number in (4, 3, 2, 1, 0)]
    assert texts(cli, user, "--page", "2", "--page-size", "2") == ["fact 2", "fact 1"]
    assert texts(cli, user, "--show-expired")[0] == "an expired fact"
    assert texts(cli, user, "--after", "2020-01-01", "--before", "2099-01-01") == texts(cli, user)
    assert texts(cli, user, "--after", "2099-01-01") == []
    assert texts(cli, user, "--category", "work") == []
    assert texts(cli, user, "--app-id", "other") == []
    assert len(texts(cli, user, "--latest-only")) == 5


def test_search_shows_hits_above_the_threshold_that_the_cli_sends(cli: Cli, user: str) -> None:
    add(cli, user, FACT)
    add(cli, user, "Kim likes tabs in Makefiles")
    [best, *_] = results(cli.json("search", "billing worker retries", "-u", user))
    assert best["memory"] == FACT
    assert best["score"] > 0.3
    assert FACT in cli.run("search", "billing worker retries", "-u", user)
    limited = cli.json("search", "billing", "-u", user, "--top-k", "1", "--threshold", "0")
    assert len(results(limited)) == 1
    for option in ("--rerank", "--keyword", "--latest-only", "--show-expired"):
        found = results(cli.json("search", "billing worker retries", "-u", user, option))
        assert found[0]["memory"] == FACT
    dated = cli.json("search", "billing worker", "-u", user, "--reference-date", "1700000000")
    assert results(dated)[0]["memory"] == FACT


def test_a_filter_without_a_user_is_refused_with_the_reason(cli: Cli, user: str) -> None:
    add(cli, user)
    unscoped = '{"AND": [{"categories": {"in": ["work"]}}]}'
    said = cli.run("search", "billing", "-u", user, "--filter", unscoped, ok=False)
    assert "user_id" in said
    scoped = json.dumps({"AND": [{"user_id": user}, {"keywords": {"contains": "billing"}}]})
    assert results(cli.json("search", "billing worker", "--filter", scoped))[0]["memory"] == FACT


def test_delete_all_takes_one_scope_and_the_project_flag_everything(cli: Cli, user: str) -> None:
    other = f"{user}-other"
    add(cli, user)
    add(cli, other)
    cli.run("delete", "--all", "-u", user, "--dry-run")
    assert texts(cli, user) == [FACT]
    cli.run("delete", "--all", "-u", user, "--force")
    assert (texts(cli, user), texts(cli, other)) == ([], [FACT])
    cli.run("delete", "--all", "--project", "--force")
    assert texts(cli, other) == []


def test_entities_are_listed_and_deleted_both_ways(cli: Cli, user: str) -> None:
    agent = f"agent-{user}"
    add(cli, user, FACT, "--agent-id", agent, "--app-id", f"app-{user}", "--run-id", f"run-{user}")
    for kind, name in (
        ("users", user),
        ("agents", agent),
        ("apps", f"app-{user}"),
        ("runs", f"run-{user}"),
    ):
        listed = results(cli.json("entity", "list", kind))
        assert name in [each["name"] for each in listed], kind
    cli.run("delete", "--entity", "-u", user, "--agent-id", agent, "--force")
    cli.run("entity", "delete", "--app-id", f"app-{user}", "--run-id", f"run-{user}", "--force")
    for kind in ("users", "agents", "apps", "runs"):
        assert user not in str(cli.json("entity", "list", kind))


def test_events_tell_what_an_add_became(cli: Cli, user: str) -> None:
    answer = cli.json("add", FACT, "-u", user)
    pending = answer if isinstance(answer, dict) else answer[0]
    said = cli.json("event", "status", pending["event_id"])
    event = said.get("data", said)  # the command of npm puts it into an envelope
    assert event["status"] == "SUCCEEDED"
    assert event["results"][0]["memory"] == FACT
    assert pending["event_id"] in [each["id"] for each in results(cli.json("event", "list"))]
    shown = cli.run("event", "status", pending["event_id"])
    assert FACT in shown
    assert f"user_id={user}" in shown
    assert "ADD" in cli.run("event", "list")


def test_import_adds_each_item(cli: Cli, user: str, tmp_path: Path) -> None:
    file = tmp_path / "memories.json"
    file.write_text(
        json.dumps([{"memory": "Fact one", "metadata": {"a": 1}}, {"text": "Fact two"}])
    )
    printed = cli.run("import", str(file), "-u", user, "--output", "json")
    said = json.loads(printed[printed.index("{") :])  # npm's prints its progress before
    assert said["data"] == {"added": 2, "failed": 0}
    assert sorted(texts(cli, user)) == ["Fact one", "Fact two"]


def test_agents_get_id_memory_and_event_of_what_was_added(cli: Cli, user: str) -> None:
    said = json.loads(cli.run("--agent", "add", FACT, "-u", user, "--no-infer"))
    [entry] = said["data"]
    assert (entry["memory"], entry["event"]) == (FACT, "ADD")
    assert entry["id"]


def test_an_id_that_is_none_is_explained(cli: Cli) -> None:
    assert "should be a valid UUID" in cli.run("delete", "a b", "--force", ok=False)
