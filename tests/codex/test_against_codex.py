"""The real Codex, asked about the same homes, says what the doctor says."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from mem0_tui.codex import Install, InstallReport
from tests.codex.appserver import Codex, app_server
from tests.codex.conftest import CURRENT
from tests.codex.emptyserver import empty_server
from tests.codex.homes import Home, Scenario
from tests.codex.scenarios import ALL

pytestmark = [pytest.mark.codex, pytest.mark.slow]

REAL = [scenario for scenario in ALL if scenario.real]


def real_home(folder: Path, codex: str) -> Home:
    """A home in which the real *codex* does the installing; its server has no MCP.

    What is said to other machines goes to that server too.
    """
    home = Home(folder, codex=codex, url=f"{empty_server()}/mcp")
    home.environ["HTTPS_PROXY"] = home.environ["npm_config_registry"] = empty_server()
    node = shutil.which("node") or ""
    folders = [home.environ["PATH"], os.path.dirname(codex), os.path.dirname(node), "/usr/bin:/bin"]
    home.environ["PATH"] = os.pathsep.join(folders)
    return home


@pytest.mark.parametrize("scenario", REAL, ids=lambda scenario: scenario.name)
def test_agrees(scenario: Scenario, tmp_path: Path, codex: str) -> None:
    home = real_home(tmp_path, codex)
    scenario.build(home)
    if home.etc.exists() and not home.can_manage():
        pytest.skip("this machine lets no program have an /etc of its own")

    report = home.report()

    bad = {a.name: a.status.value for a in report.areas if a.status.value not in ("ok", "off")}
    assert bad == scenario.expected, [finding.id for finding in report.findings]
    assert report.codex == (codex, CURRENT)
    agree(home, last=True)


def agree(home: Home, *, last: bool = False) -> None:
    """Ask Codex everything that the doctor claims to know about *home*.

    *last*: nobody needs the home afterwards, so that plugins may be installed in it.
    """
    install, report = home.scan(), home.report()
    if _ends(install):
        assert switches(home) is None
        return
    with app_server(home) as server:
        params = {"cwds": [str(home.cwd)]}
        rejected = "error" in server.ask("config/read", {"cwd": str(home.cwd)})
        assert rejected == (install.config.rejected is not None)
        if rejected:
            return
        agree_on_hooks(install, server.ask("hooks/list", params)["result"]["data"][0])
        agree_on_skills(install, server.ask("skills/list", params)["result"]["data"][0])
        findings = {f.id for f in report.findings}
        thread = server.ask("thread/start", {"cwd": str(home.cwd), "ephemeral": True})
        here = {"threadId": thread["result"]["thread"]["id"]} if "result" in thread else {}
        assert bool(here) == (not _required_and_wanting(install, findings))
        status = server.ask("mcpServerStatus/list", {"detail": "toolsAndAuthOnly", **here})
        agree_on_servers(install, status["result"]["data"], findings)
        winner = install.servers.winner
        if here and winner and winner.starts and winner.command is not None:
            agree_on_command(server, here, findings)
        agree_on_plugins(home, server.ask("plugin/installed"))
        agree_on_switches(home, install)
        # With this Codex (0.171) begins to bring the cached plugins up to date, beside answering.
        offered = server.ask("plugin/list", params) if last else {}
        if last and ("result" in offered or not install.config.hidden):
            agree_on_offers(install, offered["result"])
    if last:
        agree_on_installing(home, install, report)


def _ends(install: Install) -> bool:
    """Whether app-server does not even start: with the faults of the whole machine's files."""
    fault = install.config.rejected
    system = os.path.dirname(install.homes.system_config)
    return fault is not None and os.path.dirname(fault.spot.path) == system


def _required_and_wanting(install: Install, findings: set[str]) -> bool:
    """Whether no session opens, because a server must start and cannot."""
    winner = install.servers.winner
    required = winner is not None and winner.data.get("required") is True
    return required and "mcp.will-not-start" in findings


def agree_on_switches(home: Home, install: Install) -> None:
    """The servers that Codex lists are switched on or off as ours are."""
    winner = install.servers.winner
    ours = [*install.servers.others, *([winner] if winner else [])]
    assert switches(home) == {server.name: server.starts for server in ours}


def switches(home: Home) -> dict[str, bool] | None:
    """Each server that Codex lists and whether it is on, None where it refuses everything."""
    argv = home.argv("mcp", "list", "--json")
    done = subprocess.run(
        argv, env=home.environ, cwd=home.cwd, capture_output=True, timeout=120, check=False
    )
    if done.returncode != 0:
        return None
    return {server["name"]: server["enabled"] for server in json.loads(done.stdout)}


def agree_on_hooks(install: Install, said: dict[str, Any]) -> None:
    """The same handlers in the same order, with the same trust; the same files refused."""
    ours = install.hooks.handlers if install.hooks.enabled else []
    trees = {source.plugin: source.contents for source in install.hooks.sources if source.plugin}
    mine = os.path.dirname(install.homes.system_config)
    keys = [(handler.key.replace(mine, "/etc/codex"), handler.enabled) for handler in ours]
    assert [(hook["key"], hook["enabled"]) for hook in said["hooks"]] == keys
    for theirs, handler in zip(said["hooks"], ours, strict=True):
        contents = trees.get(theirs["pluginId"])
        digest = [contents.tree.digest] if contents else []
        assert theirs["currentHash"].split("/") == [handler.fingerprint, *digest]
        assert theirs["timeoutSec"] == handler.timeout
        assert theirs["matcher"] == handler.matcher
        assert theirs["trustStatus"] == handler.trust.value
    refused = [warning for warning in said["warnings"] if "failed to" in warning]
    sources = install.hooks.sources if install.hooks.enabled else ()
    assert bool(refused) == any(source.problem for source in sources if not source.barred)


def agree_on_skills(install: Install, said: dict[str, Any]) -> None:
    """The same number of Mem0's skills loads."""
    theirs = [skill for skill in said["skills"] if "mem0" in (skill.get("pluginId") or "")]
    assert len(theirs) == sum(skills.loaded for skills in install.skills.values())


def agree_on_servers(install: Install, said: list[dict[str, Any]], findings: set[str]) -> None:
    """The same servers, from the same places; and those that cannot start are known."""
    winner = install.servers.winner
    ours = [*install.servers.others, *([winner] if winner else [])]
    assert {s["name"]: s["pluginId"] for s in said} == {s.name: s.plugin for s in ours}
    starts = {s["name"]: "not set" not in (s["toolsError"] or "") for s in said}
    empty = any("is empty" in (s["toolsError"] or "") for s in said)
    wanting = {"key.missing", "key.wrong-variable"} & findings
    assert all(starts.values()) == (not wanting)
    assert empty == ("key.empty" in findings)


def agree_on_command(server: Codex, thread: dict[str, str], findings: set[str]) -> None:
    """The program of the stdio server is started in a thread's folder, or cannot be.

    Codex gives the system's reason where it does not start. A program that started is asked, or
    ends before it can be.
    """
    call = {"server": "mem0", "tool": "search_memories", "arguments": {"query": "x"}}
    answer = server.ask("mcpServer/tool/call", {**thread, **call})
    said = answer.get("error", {}).get("message", "")
    cannot_start = _NOT_STARTED.fullmatch(said) is not None
    assert cannot_start != said.startswith(_STARTED), said
    assert cannot_start == ("mcp.command" in findings), said


_NOT_STARTED = re.compile(r"failed to get client: MCP startup failed: [^:]+ \(os error \d+\)")
_STARTED = (
    "tool call failed for `mem0/search_memories`: ",
    "failed to get client: MCP startup failed: handshaking with MCP server failed: ",
)


def agree_on_plugins(home: Home, answer: dict[str, Any]) -> None:
    """What Codex lists as installed and enabled is what config.toml names and a source offers.

    It tells what holds outside of any project, where the configuration may be refused.
    """
    install = home.scan(home.folder.parent)
    assert ("error" in answer) == (install.config.rejected is not None)
    if "error" in answer:
        return
    listed = {
        plugin["id"]: plugin["enabled"]
        for marketplace in answer["result"]["marketplaces"]
        for plugin in marketplace["plugins"]
        if plugin["installed"] and "mem0" in plugin["id"]
    }
    ours = {plugin.id: plugin.enabled for plugin in install.plugins if plugin.entry}
    assert listed.items() <= ours.items()


def agree_on_offers(install: Install, said: dict[str, Any]) -> None:
    """The marketplaces that Codex reads, with the entries that it does not drop."""
    if install.config.feature("plugins") is False:
        return
    theirs = {
        marketplace["path"]: {plugin["name"] for plugin in marketplace["plugins"]}
        for marketplace in said["marketplaces"]
        if marketplace["path"]
    }
    ours = {
        place.document.path: {entry.name for entry in place.entries if entry.problem is None}
        for place in install.marketplaces
        if place.document is not None and place.problem is None
    }
    assert theirs == {path: names for path, names in ours.items() if names}
    refused = {place["marketplacePath"] for place in said["marketplaceLoadErrors"]}
    problems = {m.document.path for m in install.marketplaces if m.document and m.problem}
    assert refused <= problems


def agree_on_installing(home: Home, install: Install, report: InstallReport) -> None:
    """Codex installs what it is said to install, and every repair by it is one that it takes."""
    entries = {
        f"{entry.name}@{place.name}": entry
        for place in install.marketplaces
        for entry in place.entries
        if "mem0" in entry.name.lower()
    }
    repairs = {fix.argv[3] for fix in report.fixes if fix.argv[:3] == ("codex", "plugin", "add")}
    elsewhere = {plugin for plugin, entry in entries.items() if entry.remote}
    for plugin in sorted((entries.keys() | repairs) - elsewhere):
        done = home.try_running("plugin", "add", plugin)
        assert (done.returncode == 0) == (install.refused(plugin) is None), done.stderr
