"""The live check where Codex is missing, silent, odd, or of another mind than its files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from mem0_tui.codex import Evidence, Finding, Report, Status
from mem0_tui.codex.live import LiveCheck, check_live
from mem0_tui.codex.servers import TOOLS
from mem0_tui.model.errors import (
    AuthError,
    Mem0TuiError,
    NetworkError,
    NotFoundError,
    RefusedError,
    ResponseError,
    ServerError,
)
from tests.codex.fakecodex import CHATTERS, ENDS, SILENT, answering, fake_codex
from tests.codex.homes import KEY, Home

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a script as a program")


@dataclass
class Server:
    """What the server would say, and what it was told."""

    error: Mem0TuiError | None = None
    tools_offered: tuple[str, ...] = TOOLS
    failing: dict[str, Mem0TuiError] = field(default_factory=dict)
    memories: dict[str, str] = field(default_factory=dict)
    """Id to run."""
    forgets_adds: bool = False
    calls: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)
    headers: Mapping[str, str] = field(default_factory=dict)
    closed: int = 0

    def connect(self, url: str, headers: Mapping[str, str]) -> Server:
        del url
        self.headers = dict(headers)
        return self

    def tools(self) -> tuple[str, ...]:
        if self.error is not None:
            raise self.error
        return self.tools_offered

    def call(self, tool: str, arguments: Mapping[str, object]) -> Any:
        self.calls.append((tool, arguments))
        if tool in self.failing:
            raise self.failing[tool]
        if tool == "add_memory" and not self.forgets_adds:
            self.memories[f"id{len(self.memories)}"] = str(arguments["run_id"])
        if tool == "delete_memory":
            del self.memories[str(arguments["memory_id"])]
        # Filters are ignored, as some servers do.
        return {"results": [{"id": id_, "run_id": run} for id_, run in self.memories.items()]}

    def close(self) -> None:
        self.closed += 1


def ask(home: Home, server: Server | None = None, **options: Any) -> LiveCheck:
    made = server or Server()
    return check_live(home.scan(), made.connect, lambda _: None, **options)


def by_id(report: Report) -> dict[str, Finding]:
    return {finding.id: finding for finding in report.findings}


def bad(report: Report) -> set[str]:
    return {f.id for f in report.findings if f.status in (Status.WARN, Status.FAIL)}


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


HOOKS = "hooks/list"


def hooks(home: Home, **changes: object) -> dict[str, object]:
    """What Codex would list, with *changes* to the first hook."""
    listed: list[dict[str, object]] = [
        {"key": h.key, "enabled": h.enabled, "trustStatus": h.trust.value}
        for h in home.scan().hooks.handlers
    ]
    if listed:
        listed[0] |= changes
    return {HOOKS: {"data": [{"cwd": str(home.cwd), "hooks": listed, "warnings": []}]}}


def codex(home: Home, **changes: object) -> dict[str, object]:
    """A whole set of answers that agrees with the files."""
    install = home.scan()
    winner = install.servers.winner
    skills = [{"pluginId": "mem0@mem0-plugins"}] * sum(s.loaded for s in install.skills.values())
    listed = [
        {"id": p.id, "installed": True, "enabled": p.enabled} for p in install.plugins if p.entry
    ]
    server = {"name": "mem0", "pluginId": winner.plugin if winner else None}
    return {
        **hooks(home),
        "skills/list": {"data": [{"skills": skills}]},
        "plugin/installed": {"marketplaces": [{"plugins": listed}], "marketplaceLoadErrors": []},
        "mcpServerStatus/list": {"data": [{**server, "tools": {"a": {}}, "toolsError": None}]},
        **changes,
    }


def trusted(home: Home) -> None:
    home.option_b()
    home.trust()


def test_agreement_raises_the_evidence(tmp_path: Path) -> None:
    home = Home(tmp_path)
    trusted(home)
    answering(home, codex(home))

    check = ask(home)

    assert check.report.overall is Status.OK
    levels = {area.name: check.report.evidence(area.name) for area in check.report.areas}
    for area in ("config", "mcp", "key", "plugin", "skills"):
        assert levels[area] is Evidence.OBSERVED
    assert levels["hooks"] is Evidence.TRUSTED
    assert check.report.area("hooks").said == "Codex would run 9 of Mem0's 9 hooks"
    assert all(row.runs for row in check.hooks)


def test_what_both_say_is_observed(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.option_b()
    answering(home, codex(home))
    report = ask(home).report
    assert by_id(report)["hooks.untrusted"].evidence is Evidence.OBSERVED


def test_the_plugins_files_are_judged_by_codex_alone(tmp_path: Path) -> None:
    home = Home(tmp_path)
    trusted(home)
    answers = codex(home)
    for hook in answers[HOOKS]["data"][0]["hooks"]:  # type: ignore[index]
        hook["trustStatus"] = "modified"
    answering(home, answers)
    assert "hooks.content-changed" not in by_id(home.report())

    check = ask(home)

    found = by_id(check.report)["hooks.content-changed"]
    assert (found.status, found.evidence) == (Status.WARN, Evidence.OBSERVED)
    assert not any(row.runs for row in check.hooks)


def _first_hook(home: Home) -> dict[str, object]:
    return codex(home) | hooks(home, trustStatus="untrusted")


def _switched_hook(home: Home) -> dict[str, object]:
    return codex(home) | hooks(home, enabled=False)


def _no_hooks(home: Home) -> dict[str, object]:
    return codex(home) | {HOOKS: {"data": [{"hooks": []}]}}


def _fewer_skills(home: Home) -> dict[str, object]:
    return codex(home) | {"skills/list": {"data": [{"skills": []}]}}


def _disabled_plugin(home: Home) -> dict[str, object]:
    listed = [{"id": "mem0@mem0-plugins", "installed": True, "enabled": False}]
    return codex(home) | {"plugin/installed": {"marketplaces": [{"plugins": listed}]}}


def _other_server(home: Home) -> dict[str, object]:
    return codex(home) | {"mcpServerStatus/list": {"data": [{"name": "mem0", "pluginId": None}]}}


def _cannot_start(home: Home) -> dict[str, object]:
    server = {"name": "mem0", "pluginId": "mem0@mem0-plugins", "tools": {}, "toolsError": "oh no"}
    return codex(home) | {"mcpServerStatus/list": {"data": [server]}}


def _marketplace(home: Home) -> dict[str, object]:
    errors = [{"path": "/x/marketplace.json", "message": "expected value at line 1 column 1"}]
    return codex(home) | {"plugin/installed": {"marketplaces": [], "marketplaceLoadErrors": errors}}


@pytest.mark.parametrize(
    ("answers", "area"),
    [
        (_first_hook, "hooks"),
        (_switched_hook, "hooks"),
        (_no_hooks, "hooks"),
        (_fewer_skills, "skills"),
        (_disabled_plugin, "plugin"),
        (_other_server, "mcp"),
        (_cannot_start, "mcp"),
        (_marketplace, "marketplace"),
    ],
)
def test_a_disagreement_is_a_finding_and_both_are_shown(
    answers: Any, area: str, tmp_path: Path
) -> None:
    home = Home(tmp_path)
    trusted(home)
    answering(home, answers(home))
    before = home.report().findings

    report = ask(home).report

    assert bad(report) == {f"live.disagrees.{area}"}
    assert {f.id for f in before} <= by_id(report).keys()
    assert report.area(area).status in (Status.WARN, Status.FAIL)


def test_a_server_that_only_codex_reaches_is_no_failure(tmp_path: Path) -> None:
    home = Home(tmp_path)
    trusted(home)
    answering(home, codex(home))
    report = ask(home, Server(error=NetworkError("timed out"))).report
    assert bad(report) == {"live.disagrees.mcp"}
    assert report.area("mcp").status is Status.WARN


def test_an_older_codex_that_knows_none_of_it_changes_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path)
    trusted(home)
    answering(home, {})
    report = ask(home).report
    assert not bad(report)
    assert "config.loaded" not in by_id(report)


def test_nonsense_is_survived(tmp_path: Path) -> None:
    home = Home(tmp_path)
    trusted(home)
    odd = {"data": [None, 3, {"hooks": [{"key": 5}], "skills": "x", "warnings": [{}]}]}
    methods = (HOOKS, "skills/list", "mcpServerStatus/list")
    answering(home, {**dict.fromkeys(methods, odd), "plugin/installed": {"marketplaces": {}}})
    report = ask(home).report
    assert "mcp.answers" in by_id(report)
