"""One search as plugin 0.3 makes it, and its own tool, against a real server."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from mem0_tui.codex import InstallReport, Status
from mem0_tui.codex.capture.lanes import Lanes, normalised, read_lanes
from mem0_tui.codex.facts.paths import find_homes
from mem0_tui.hooks.exchange import exchange
from mem0_tui.hooks.server import MemoryServer
from tests.codex.homes import Home
from tests.codex.liveserver import ask, bad, by_id
from tests.codex.plugin3 import Evidence
from tests.codex.test_capture import _tree
from tests.support.serving import KEY, Serving, serving


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(tmp_path_factory.mktemp("served") / "memories.db") as server:
        server.warm_up()
        yield server


@pytest.fixture
def home(tmp_path: Path, served: Serving) -> Home:
    made = Home(tmp_path)
    python = Path(made.environ["PATH"]) / "python3"
    python.unlink()
    python.symlink_to(sys.executable)
    made.environ |= {"MEM0_API_URL": served.url, "MEM0_API_KEY": KEY}
    made.option_b3()
    made.trust()
    return made


def live(home: Home) -> InstallReport:
    return ask(home).report


def test_a_search_as_the_plugin_makes_it_is_answered(home: Home, served: Serving) -> None:
    lane = read_lanes(find_homes(cwd=home.cwd, environ=home.environ), home.environ).shared[0]
    body = {
        "messages": [{"role": "user", "content": "What is known about this project: it is small"}],
        "agent_id": lane,
        "app_id": "work",
        "infer": False,
    }
    status, _ = exchange(
        MemoryServer(served.url, KEY), "POST", "/v3/memories/add/", body, monotonic() + 300
    )
    assert status == 200
    before = _tree(home.root)

    report = live(home)

    found = by_id(report)
    assert _tree(home.root) == before
    assert found["mcp.plugin-search"].title.endswith("answers the plugin's search: 1 memory")
    assert found["mcp.plugin-tool"].status is Status.OK
    assert bad(report) == set()


def test_a_refused_key_is_told_although_the_tool_reports_no_error(home: Home) -> None:
    home.environ["MEM0_API_KEY"] = "m0-of-somebody-else"
    Evidence(home.data3).search("HTTP Error 401: Unauthorized", hours=1)
    found = by_id(live(home))
    assert "401" in found["key.refused"].detail
    assert "Memory search failed." in found["mcp.plugin-tool-failed"].detail
    assert found["mcp.plugin-tool-failed"].cause == "key.refused"
    assert found["capture.key-refused"].cause == "key.refused"


def test_a_service_that_is_not_there_is_told(home: Home) -> None:
    home.environ["MEM0_API_URL"] = "http://127.0.0.1:9"
    report = live(home)
    found = by_id(report)
    assert found["mcp.unreachable"].fix is not None
    assert found["mcp.plugin-tool-failed"].cause == "mcp.unreachable"
    assert report.area("mcp").status is Status.FAIL


def test_a_key_that_only_the_hooks_have_leaves_the_tool_without_one(home: Home) -> None:
    home.environ["PLUGIN_OPTION_API_KEY"] = home.environ.pop("MEM0_API_KEY")
    found = by_id(live(home))
    assert found["mcp.plugin-search"].status is Status.OK
    assert found["mcp.plugin-tool-failed"].cause == "key.server-missing"


def test_no_key_at_all_is_one_cause(home: Home) -> None:
    del home.environ["MEM0_API_KEY"]
    report = live(home)
    assert by_id(report)["mcp.plugin-tool-failed"].cause == "key.plugin-missing"


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("raise SystemExit(3)", "ended"),
        ("print('hello')\n" * 3, "ended without an answer"),
        (
            "import sys, json\nfor line in sys.stdin:\n"
            " print(json.dumps({'id': 2, 'error': {'code': -32603}}), flush=True)",
            "-32603",
        ),
    ],
)
def test_a_server_of_the_plugin_that_is_broken_is_told(home: Home, program: str, said: str) -> None:
    (home.cached3 / "core/mcp_server.py").write_text(program)
    found = by_id(live(home))["mcp.plugin-tool-failed"]
    assert said in found.detail


@pytest.mark.parametrize(
    ("remote", "lanes"),
    [
        ("git@github.com:acme/shop.git", ("acme-shop-b1c397fde9", "acme-shop")),
        ("https://kim:secret@github.com/acme/shop.git", ("acme-shop-b1c397fde9", "acme-shop")),
        ("https://gitlab.com/acme/shop", ("acme-shop-11946c2bd3", "acme-shop")),
    ],
)
def test_lanes_are_those_that_the_plugin_writes_to(
    home: Home, remote: str, lanes: tuple[str, ...]
) -> None:
    (home.cwd / ".git").mkdir()
    (home.cwd / ".git/config").write_text(f'[remote "origin"]\n\turl = {remote}\n')
    homes = find_homes(cwd=home.cwd, environ=home.environ)
    assert read_lanes(homes, home.environ).shared == lanes


def test_a_user_of_stars_is_nobody(home: Home) -> None:
    homes = find_homes(cwd=home.cwd, environ=home.environ)
    given = {"MEM0_CODE_USER_ID": "**", "MEM0_USER_ID": "lee", "USER": "kim"}
    assert read_lanes(homes, given).user == "lee"
    assert read_lanes(homes, {"USERNAME": "pat"}).user == "pat"


def test_the_search_asks_for_both_lanes_and_the_person() -> None:
    app = {"app_id": "a"}
    assert Lanes("kim", "a", ("a-1", "a")).filters == {
        "OR": [
            {"OR": [{"AND": [{"agent_id": "a-1"}, app]}, {"AND": [{"agent_id": "a"}, app]}]},
            {"AND": [{"user_id": "kim"}, app]},
        ]
    }
    assert normalised("ssh://git@host.example:2222/x/y.git") == "ssh://host.example:2222/x/y"
