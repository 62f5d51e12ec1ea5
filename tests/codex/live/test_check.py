"""The live check where Codex is missing or silent, and where the server is at fault."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from mem0_tui.codex import Evidence, Status
from mem0_tui.codex.live.check import check_live
from mem0_tui.model.errors import (
    AuthError,
    Mem0TuiError,
    NetworkError,
    NotFoundError,
    RefusedError,
    ResponseError,
    ServerError,
)
from tests.codex.fakecodex import CHATTERS, ENDS, SILENT, fake_codex
from tests.codex.homes import KEY, Home
from tests.codex.liveserver import Server, ask, bad, by_id

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a script as a program")


def test_without_codex_the_server_is_asked_all_the_same(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_a()
    server = Server()

    report = ask(home, server).report

    found = by_id(report)
    assert "not on PATH" in found["live.no-codex"].title
    assert found["mcp.answers"].evidence is Evidence.OBSERVED
    assert found["key.accepted"].status is Status.OK
    assert server.headers == {"Authorization": f"Bearer {KEY}"}
    assert [name for name, _ in server.calls] == ["search_memories"]
    assert server.closed == 1
    assert report.overall is Status.INFO


@pytest.mark.parametrize("body", [SILENT, ENDS, CHATTERS])
def test_a_codex_that_does_not_answer_is_not_waited_for(body: str, tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_a()
    fake_codex(home, body)

    report = ask(home, timeout=0.6).report

    assert bad(report) == {"live.no-answer"}
    assert "mcp.answers" in by_id(report)


def test_a_codex_that_cannot_be_started_is_told(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_a()
    fake_codex(home, "")
    (Path(home.environ["PATH"]) / "codex").write_bytes(b"\x00\x01 no program")

    assert bad(ask(home, timeout=1).report) == {"live.no-answer"}


@pytest.mark.parametrize(
    ("error", "finding", "area"),
    [
        (AuthError("HTTP 401"), "key.rejected", "key"),
        (NotFoundError("HTTP 404"), "mcp.not-found", "mcp"),
        (NetworkError("nothing listens there"), "mcp.unreachable", "mcp"),
        (ServerError("HTTP 500"), "mcp.server-error", "mcp"),
        (ResponseError("not MCP"), "mcp.not-mcp", "mcp"),
    ],
)
def test_what_the_server_says_is_one_root_cause(
    error: Mem0TuiError, finding: str, area: str, tmp_path: Path
) -> None:
    home = Home(tmp_path)
    home.option_a()

    report = ask(home, Server(error=error)).report

    (root,) = [f for f in report.roots if f.status is Status.FAIL]
    assert root.id == finding
    assert root.evidence is Evidence.OBSERVED
    assert report.area(area).status is Status.FAIL
    assert report.area("mcp").status is Status.FAIL
    assert KEY not in repr(report.to_json())


def test_a_wrong_path_on_mem0s_own_server_is_repaired(tmp_path: Path) -> None:
    home = Home(tmp_path, url="https://mcp.mem0.ai/v1/mcp")
    home.option_a()
    report = ask(home, Server(error=NotFoundError("HTTP 404"))).report
    fix = by_id(report)["mcp.not-found"].fix
    assert fix is not None
    assert '+url = "https://mcp.mem0.ai/mcp"' in (fix.diff or "")


def test_a_key_is_asked_for_where_none_is_configured(tmp_path: Path) -> None:
    home = Home(tmp_path, url="http://127.0.0.1:8765/mcp")
    home.write_config(f'[mcp_servers.mem0]\nurl = "{home.url}"\n')
    server = Server(error=AuthError("HTTP 401"))

    report = ask(home, server).report

    fix = by_id(report)["key.wanted"].fix
    assert server.headers == {}
    assert fix is not None
    assert '+bearer_token_env_var = "MEM0_API_KEY"' in (fix.diff or "")


def test_headers_are_sent_as_codex_would_send_them(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.environ["ORG"] = "acme"
    home.option_a(
        'http_headers = { Authorization = "Token other", "X-Team" = "blue" }\n'
        'env_http_headers = { "X-Org" = "ORG" }\n'
    )
    server = Server()
    ask(home, server)
    assert server.headers == {
        "Authorization": f"Bearer {KEY}",
        "X-Team": "blue",
        "X-Org": "acme",
    }


@pytest.mark.parametrize("text", ["enabled = false\n", 'bearer_token_env_var = "NOT_SET"\n'])
def test_a_server_that_codex_would_not_start_is_not_asked(text: str, tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.write_config(f'[mcp_servers.mem0]\nurl = "https://mcp.mem0.ai/mcp"\n{text}')
    server = Server()
    ask(home, server)
    assert server.closed == 0


def test_a_key_is_not_sent_in_clear(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_a()

    def refuse(url: str, headers: Mapping[str, str]) -> Server:
        raise RefusedError(f"{url} is not encrypted: {len(headers)} headers were not sent")

    report = check_live(home.scan(), refuse, lambda _: None).report
    assert by_id(report)["mcp.not-asked"].status is Status.INFO
    assert not bad(report)


def test_missing_tools_and_a_failing_search_are_told(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_a()
    server = Server(
        tools_offered=("search_memories", "get_memories"),
        failing={"search_memories": ServerError("no index")},
    )
    found = by_id(ask(home, server).report)
    assert found["mcp.tools-missing"].status is Status.FAIL
    assert "add_memory" in found["mcp.tools-missing"].detail
    assert found["mcp.search-failed"].detail == "no index"


def test_the_write_probe_deletes_its_own_memory_and_no_other(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_a()
    server = Server(memories={"precious": "another run"})

    report = ask(home, server, write=True).report

    assert by_id(report)["mcp.writes"].status is Status.OK
    assert server.memories == {"precious": "another run"}
    written = next(arguments for name, arguments in server.calls if name == "add_memory")
    assert written["infer"] is False
    assert not {"user_id", "app_id", "agent_id"} & written.keys()
    assert not {"delete_all_memories", "delete_entities"} & {name for name, _ in server.calls}


def test_nothing_is_written_unless_it_is_asked_for(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_a()
    server = Server()
    ask(home, server)
    assert {name for name, _ in server.calls} == {"search_memories"}


def test_a_write_that_fails_half_way_is_cleaned_up_or_told(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_a()
    refused = Server(failing={"add_memory": ServerError("read-only")})
    found = by_id(ask(home, refused, write=True).report)
    assert found["mcp.write-failed"].detail == "read-only"
    assert "mcp.probe-left" not in found

    stuck = Server(failing={"delete_memory": ServerError("read-only")})
    found = by_id(ask(home, stuck, write=True).report)
    (run,) = stuck.memories.values()
    fix = found["mcp.probe-left"].fix
    assert fix is not None
    assert fix.summary == f"mem0-tui rm --scope run:{run}"
